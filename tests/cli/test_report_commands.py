"""``pmo report make``, ``due``, ``list`` and ``write``: what a user sees."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CITY, Pmo

REPORTS = """
---
kind: reports
reports:
  - id: monthly
    title: Monthly report
    audience: [pmo_head]
    cycle: month
    sections: [{shows: decisions}, {shows: requests}]
"""


@pytest.fixture
def reporting(office: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The office, with a report in its policy; gives what is printed, where all is well or not."""
    policy = tmp_path / "city.yaml"
    policy.write_text(CITY.read_text(encoding="utf-8") + REPORTS, encoding="utf-8")
    monkeypatch.setenv("PMO_POLICY", str(policy))

    def call(*arguments: str, status: int = 0) -> str:
        done = office("report", *arguments, "--by", "petra")
        assert done.status == status, done
        return (done.out + done.err).strip()

    return call


def test_a_report_is_made_listed_and_written(reporting: Callable[..., str], tmp_path: Path) -> None:
    assert reporting("list") == "no report was made"
    assert reporting("make", "monthly", "P-1").startswith("monthly of P-1 for ")
    said = reporting("make", "monthly", "P-1", status=2)
    assert said.startswith("the report 'monthly' of P-1 for ")
    assert said.endswith("--again makes another edition")
    assert ", edition 2 is made; 1 person is told" in reporting("make", "monthly", "P-1", "--again")
    assert reporting("list").count("monthly") == 2
    for name in ("a.html", "a.md", "a.xlsx", "a.docx"):
        assert reporting("write", "monthly", "P-1", "--out", name).endswith(f"{name} is written")
    assert "Nothing waits for a decision." in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert reporting("write", "monthly", "P-1").endswith("monthly-P-1.html is written")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "montly", "P-1"), "no report is called 'montly' (did you mean 'monthly'?)"),
        (("make", "monthly", "P-9"), "no project 'P-9'"),
        (("make", "monthly", "P-1", "--period", "May"), "'May' is no month, as in '2026-03'"),
        (("write", "monthly", "P-1"), "no report 'monthly' of P-1 was made"),
        (("write", "montly", "P-1"), "no report is called 'montly' (did you mean 'monthly'?)"),
        (("write", "monthly", "P-1", "--out", "a.txt"), "not 'a.txt'"),
        (("write", "monthly", "P-1", "--format", "odt"), "'odt' is not one of"),
        (("write", "monthly", "--template", "a.dotm", "--format", "pdf"), "a template is of Word"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    reporting: Callable[..., str], arguments: tuple[str, ...], said: str
) -> None:
    shown = reporting(*arguments, status=2)
    assert said in shown
    assert "\n" not in shown


def test_that_there_is_no_such_report_is_said_before_who_reads_it_is_asked(
    reporting: Callable[..., str], office: Pmo
) -> None:
    reporting("make", "monthly", "P-1")
    known = office("report", "write", "monthly", "P-1")
    assert "Missing option '--by'" in known.out + known.err
    done = office("report", "write", "montly", "P-1")
    assert "no report is called 'montly' (did you mean 'monthly'?)" in done.out + done.err


def test_a_template_that_is_none_is_told(reporting: Callable[..., str], tmp_path: Path) -> None:
    reporting("make", "monthly", "P-1")
    (tmp_path / "a.docx").write_bytes(b"no zip")
    arguments = ("write", "monthly", "P-1", "--template", "a.docx", "--out", "b.docx")
    assert "a.docx: it is no file of Word (.docx)" in reporting(*arguments, status=2)
    assert not (tmp_path / "b.docx").exists()
    arguments = ("write", "monthly", "P-1", "--template", "none.docx")
    assert "none.docx: No such file" in reporting(*arguments, status=2)
