"""A page at the width of a phone: tables of many columns are read downwards, not across."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pmo_engine.documents import written
from pmo_engine.documents.boards.report_pages import (
    Cell,
    Grid,
    PageSection,
    ReportPages,
    report_document,
)

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("Project", "Matter", "Asked for", "Decided by", "Until")
ROW = (
    "LIGHTS Street lighting renewal",
    "Contract CT-1 of LIGHTS: Lamps and columns",
    "Approval",
    "Portfolio board",
    "15 April 2026, overdue",
)
WIDE = """<script>document.title = [...document.querySelectorAll("table")].filter(
  each => each.getBoundingClientRect().right > innerWidth).length</script>"""


def page(*columns: str) -> str:
    """Give a report whose table has these columns."""
    cells = dict(zip(COLUMNS, ROW, strict=True))
    row = tuple(Cell(text=cells[each]) for each in columns)
    section = PageSection(title="To be decided", grids=(Grid(columns=columns, rows=(row,)),))
    pages = ReportPages(
        report="pack",
        title="Board pack",
        about="",
        period="March 2026",
        audience=("board",),
        as_of="2026-03-31",
        edition=1,
        sections=(section,),
        figures={},
        policy="demo",
    )
    return written(report_document(pages), "html").decode()


def test_each_cell_says_of_which_column_it_is() -> None:
    made = page(*COLUMNS)
    assert f'<td data-of="Decided by">{ROW[3]}</td>' in made.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
@pytest.mark.parametrize("many", [2, 5])
def test_no_table_is_wider_than_a_phone(tmp_path: Path, many: int) -> None:
    file = tmp_path / "pack.html"
    file.write_text(page(*COLUMNS[:many]) + WIDE, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=390,900"]
    options += [f"--user-data-dir={tmp_path / 'chromium'}", "--dump-dom", file.as_uri()]
    done = subprocess.run(
        ["chromium", *options], capture_output=True, text=True, check=True, timeout=120
    )
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found is not None
    assert found[1] == "0"
