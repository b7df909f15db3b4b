"""Colours in reports: words on a ground in each form, and only where a column is of colours."""

from io import BytesIO

import docx
import pytest

from pmo_engine.documents import written
from pmo_engine.documents.boards.report_pages import (
    Cell,
    Grid,
    PageSection,
    ReportPages,
    report_document,
)
from pmo_engine.documents.model import Document


@pytest.fixture(scope="module")
def report() -> Document:
    rows = (("P-1", "red", "amber", "red"), ("P-2", "not known", "green", "bricks"))
    grid = Grid(
        columns=("Of", "Colour", "Money", "Title"),
        rows=tuple(tuple(Cell(text=text) for text in row) for row in rows),
    )
    section = PageSection(title="The portfolio", grids=(grid,))
    pages = ReportPages(
        report="board_pack",
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
    return report_document(pages)


def test_a_colour_stands_on_its_ground_and_is_said(report: Document) -> None:
    page = written(report, "html").decode()
    assert page.count('<span class="ground red">red</span>') == 1
    assert '<span class="ground amber">amber</span>' in page
    assert '<span class="ground green">green</span>' in page
    assert ">not known</td>" in page
    assert ">bricks</td>" in page
    assert ">red</td>" in page  # what is called so is no colour


def test_word_and_pdf_and_markdown_say_it_too(report: Document) -> None:
    made = docx.Document(BytesIO(written(report, "docx")))
    table = made.tables[-1]
    grounds = {
        run.text: run._r.rPr.find(".//{*}shd")
        for row in table.rows
        for cell in row.cells[1:3]
        for run in cell.paragraphs[0].runs
    }
    fills = {text: None if found is None else found.values()[-1] for text, found in grounds.items()}
    wanted = {"red": "A3260F", "amber": "F2B233", "green": "1D7A4C", "not known": None}
    assert {text: fills[text] for text in wanted} == wanted
    assert written(report, "pdf").startswith(b"%PDF-")
    assert "| P-1 | red | amber | red |" in written(report, "md").decode()
