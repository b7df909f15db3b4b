"""What a board signs: who may do what on one page, a cover, a line for each who signs."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.enum.section import WD_ORIENT

from pmo_engine.compiler.loading import load_policy
from pmo_engine.documents import Document, build, only, written
from pmo_engine.documents.model import Part, Row, Run, Table, Words
from pmo_engine.documents.sections.matrix import NOTHING
from pmo_engine.documents.sections.signing import signatures_of
from pmo_engine.documents.widths import widths
from pmo_engine.policy import Policy
from tests.documents.conftest import ROOT
from tests.documents.pdf_text import pages

CODE = r"<code>.*?</code>|```.*?```|`[^`\n]*`|<style>.*?</style>|<svg.*?</svg>"
ACTS = """
kind: terms_of_reference
for: pmo_head
authority:
  - id: changes
    may: approve change
    up_to:
      - {value: 200 GBP, source: minute 1}
      - {from: 2026-06-01, value: 300 GBP, source: minute 2}
---
kind: terms_of_reference
for: board
reserved: [{act: adopt policy}]
authority:
  - {id: adoption, may: adopt policy, up_to: unlimited}
---
kind: rules
rules:
  - id: asks
    title: The manager approves what costs nothing
    on: change.submitted
    binding: shall
    when: change.cost = @"0 GBP"
    then: [{require_approval: {from: project_manager}}]
  - id: tried
    title: The manager would approve all
    on: change.submitted
    binding: trial
    then: [{require_approval: {from: project_manager}}]
  - id: later
    title: The manager approves from May on
    on: change.submitted
    binding: shall
    in_force_from: 2026-05-01
    then: [{require_approval: {from: project_manager}}]
"""


def said(table: Table) -> dict[str, dict[str, str]]:
    def cells(row: Row) -> list[str]:
        return ["".join(run.text for run in cell) for cell in row.cells]

    return {
        cells(row)[0]: dict(zip(table.columns[1:], cells(row)[1:], strict=True))
        for row in table.rows
    }


@pytest.fixture(scope="module")
def small(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy(ACTS)


def test_the_matrix_says_who_may_do_what_on_the_day(small: Policy) -> None:
    document = build(small, date(2026, 3, 1))
    assert document.matrix is not None
    found = said(document.matrix)
    number = next(c.number for c in document.clauses() if c.id == "rule/asks")
    assert list(found) == ["Board", "PMO head", "Project manager"]
    assert found["PMO head"] == {
        "Approve a change": (
            "up to 200 GBP in each case; from 1 June 2026 up to 300 GBP in each case"
        ),
        "Adopt a policy": NOTHING,
    }
    assert found["Board"]["Approve a change"] == NOTHING
    assert found["Board"]["Adopt a policy"] == "may; nobody else may"
    assert found["Project manager"]["Approve a change"] == f"where asked by {number}"


def test_the_matrix_of_a_later_day_has_what_is_in_force_by_then(small: Policy) -> None:
    document = build(small, date(2026, 6, 1))
    assert document.matrix is not None
    found = said(document.matrix)
    numbers = {c.id: c.number for c in document.clauses()}
    assert found["PMO head"]["Approve a change"] == "up to 300 GBP in each case"
    asked = f"where asked by {numbers['rule/asks']} and {numbers['rule/later']}"
    assert found["Project manager"]["Approve a change"] == asked


def test_terms_alone_name_clauses_of_the_framework_as_such(small: Policy) -> None:
    whole = build(small, date(2026, 3, 1))
    number = next(c.number for c in whole.clauses() if c.id == "rule/asks")
    terms = only(whole, "terms")
    assert terms.matrix is not None
    found = said(terms.matrix)["Project manager"]["Approve a change"]
    assert found == f"where asked by {number} of the framework"
    later = only(build(small, date(2026, 6, 1)), "terms")
    assert later.matrix is not None
    found = said(later.matrix)["Project manager"]["Approve a change"]
    assert re.fullmatch(r"where asked by \d+\.\d+ and \d+\.\d+ of the framework", found)


@pytest.mark.parametrize("part", ["terms", "framework"])
@pytest.mark.parametrize("name", ["pmo-single", "p3o", "examples/west-haven", "examples/npdc"])
def test_no_link_in_one_part_leads_nowhere(name: str, part: Part) -> None:
    policy = load_policy(ROOT / "policies" / name)
    page = written(only(build(policy), part), "html").decode()
    to, there = set(re.findall('href="#([^"]+)"', page)), set(re.findall('id="([^"]+)"', page))
    assert to - there == set()


def test_chapters_are_numbered_without_a_gap(small: Policy) -> None:
    assert small.figures == ()
    numbers = [int(each.number) for each in build(small).sections]
    assert numbers == list(range(1, len(numbers) + 1))


def test_gates_are_decided_by_whom_the_matrix_says(demo_document: Document) -> None:
    assert demo_document.matrix is not None
    assert said(demo_document.matrix)["Portfolio board"]["Decide at gates"] == "G1, G2, G3 and G4"


def test_those_sign_whose_terms_it_holds(small: Policy, demo: Policy) -> None:
    found = signatures_of(small)
    assert found is not None
    assert list(said(found)) == ["Adopted for the board", "Accepted by the PMO head"]
    named = signatures_of(demo)
    assert named is not None
    assert list(said(named))[:2] == [
        "Adopted for the portfolio board",
        "Accepted by the project sponsor",
    ]


def test_what_has_no_authority_has_no_matrix(make_policy: Callable[[str], Policy]) -> None:
    document = build(make_policy(""))
    assert document.matrix is None
    assert "Roles, acts and limits" not in written(document, "md").decode()


def test_parts_have_what_belongs_to_them(demo_document: Document) -> None:
    assert only(demo_document, "terms").matrix is not None
    framework = only(demo_document, "framework")
    assert framework.matrix is None
    assert framework.signatures is not None


def test_html_and_markdown_have_matrix_and_signatures(demo_document: Document) -> None:
    page, text = (written(demo_document, form).decode() for form in ("html", "md"))
    assert page.index('id="matrix"') < page.index('id="terms"') < page.index('id="signatures"')
    assert text.index("## Roles, acts") < text.index("## Terms of") < text.index("## Signatures")
    assert "| Accepted by the PMO head |  |  |  |" in text


def test_word_has_a_cover_and_the_matrix_on_its_side(small: Policy) -> None:
    document = build(small)
    made = docx.Document(BytesIO(written(document, "docx")))
    ways = [each.orientation for each in made.sections]
    assert ways == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    first, *others = made.sections
    assert first.different_first_page_header_footer
    assert not any(each.different_first_page_header_footer for each in others)
    assert document.digest in first.first_page_footer.paragraphs[0].text
    assert document.digest[:12] in first.footer.paragraphs[0].text
    (alone,) = docx.Document(BytesIO(written(only(build(small), "framework"), "docx"))).sections
    assert alone.different_first_page_header_footer


def test_pdf_is_set_with_all_of_it(small: Policy) -> None:
    document = build(small)
    assert written(document, "pdf") == written(document, "pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", written(document, "pdf"))) > 3


@pytest.mark.parametrize("form", ["md", "html"])
def test_amounts_do_not_break(demo_document: Document, form: str) -> None:
    text = written(demo_document, form).decode()
    body = re.sub(CODE, "", text, flags=re.DOTALL)
    assert re.findall(r"\d (?:GBP\b|%)", body) == []
    assert "200,000\N{NO-BREAK SPACE}GBP" in body


def test_a_column_to_write_in_has_room() -> None:
    def row(*texts: str) -> tuple[Words, ...]:
        return tuple((Run(text),) for text in texts)

    shares = widths(("", "Name", "On"), [row("Accepted by the board", "", "")])
    assert sum(shares) <= 9600
    assert shares[1] > shares[0] / 2
    assert (
        widths(("A", "B"), [row("a", "b" * 200)])[1]
        > 4 * widths(("A", "B"), [row("a", "b" * 200)])[0]
    )


@pytest.mark.parametrize("name", ["pmo-single", "p3o", "demo", "examples/university"])
def test_the_matrix_stands_on_one_page(name: str) -> None:
    found = pages(written(build(load_policy(ROOT / "policies" / name)), "pdf"))
    [*_, matrix] = [place for place, text in enumerate(found) if "Roles, acts and limits" in text]
    assert "Terms of reference\n" in found[matrix + 1]
