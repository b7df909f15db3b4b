"""A pack of forty pages: whole in every form, with the heads of its tables on every page."""

import re
from io import BytesIO
from time import process_time

import docx
import pytest
from docx.oxml.ns import qn

from pmo_engine.decisions.gate_recommendation import Recommendation
from pmo_engine.decisions.gate_standing import CriterionStanding, EvidenceStanding, GateStanding
from pmo_engine.documents import written
from pmo_engine.documents.boards.gate_pack import (
    GatePack,
    PackAssessment,
    PackFigure,
    PackRecord,
    pack_document,
)
from pmo_engine.documents.model import Document
from tests.documents.pdf_text import pages

LEAST, SECONDS = 40, 10
RISKS, ROLES, CONDITIONS, CRITERIA, FIGURES = 900, 15, 120, 40, 60
LONG = "The ground is softer than the survey said, and the piles have to go deeper than planned."
RISK = re.compile(r"RK-(\d+)\b")


@pytest.fixture(scope="module")
def document() -> Document:
    criteria = tuple(
        CriterionStanding(
            id=f"c-{number}",
            text=f"{LONG} ({number})",
            level="should",
            answer="yes",
            score="7",
            hurdle="5",
            weight=1,
            findings=(LONG,),
            by="ana",
            name="Ana Sousa",
            at="2026-03-02",
            evidence=("case",),
        )
        for number in range(CRITERIA)
    )
    case = EvidenceStanding(id="case", text="The case", state="missing")
    standing = GateStanding(
        criteria=criteria,
        evidence=(case,),
        score="7.00",
        hurdle="5.00",
        against=(),
        left=("go", "stop"),
    )
    records = tuple(
        PackRecord(
            register_name="risks",
            key=f"RK-{number}",
            title=f"{LONG} ({number})",
            status="open",
            note="5 x 5",
        )
        for number in range(RISKS)
    )
    return pack_document(
        GatePack(
            project="P-1",
            name="Bridge",
            gate="G2",
            title="Ready to build",
            question="May P-1 Bridge pass gate G2?",
            body="portfolio board",
            made_on="2026-03-02",
            due="2026-03-09",
            recommendation=Recommendation(outcome="go", reasons=(LONG,)),
            standing=standing,
            figures=tuple(
                PackFigure(label=f"Figure {number}", now="1.00", before="1.01")
                for number in range(FIGURES)
            ),
            assessments=tuple(
                PackAssessment(
                    role=f"role {number}",
                    result="met",
                    by="tom",
                    name="Tom Ek",
                    findings=(LONG,) * 4,
                )
                for number in range(ROLES)
            ),
            put=("A decision to pass gives 50,000 GBP.",),
            carried=tuple(f"Gate G1: {LONG} ({number})" for number in range(CONDITIONS)),
            risks=records,
            changes=records[:60],
            since="2026-01-05",
            policy="demo",
            digest="ab" * 32,
        )
    )


def risks_in(text: str) -> set[int]:
    return {int(number) for number in RISK.findall(text)}


def test_forty_pages_are_set_whole_with_their_numbers_and_the_heads_of_tables(
    document: Document,
) -> None:
    begun = process_time()
    made = written(document, "pdf")
    assert process_time() - begun < SECONDS
    found = pages(made)
    assert len(found) >= LEAST
    for number, text in enumerate(found, 1):
        assert f"\n{number} / {len(found)}\n" in text
    assert risks_in("".join(found)) == set(range(RISKS))
    listing = [text for text in found if len(risks_in(text)) > 1]
    assert len(listing) > LEAST // 2
    for text in listing:
        assert "Record\n" in text.split("RK-")[0]


def test_forty_pages_are_whole_in_word_with_heads_that_repeat(document: Document) -> None:
    begun = process_time()
    made = docx.Document(BytesIO(written(document, "docx")))
    assert process_time() - begun < SECONDS
    seen: set[int] = set()
    for table in made.tables:
        seen |= {n for cell in table.columns[0].cells for n in risks_in(cell.text)}
        if len(table.rows) > ROLES:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert seen == set(range(RISKS))
    footers = "".join(section.footer._element.xml for section in made.sections)
    assert "PAGE" in footers
    assert "NUMPAGES" in footers


def test_forty_pages_are_whole_on_one_page_that_prints(document: Document) -> None:
    begun = process_time()
    page = written(document, "html").decode()
    assert process_time() - begun < SECONDS
    assert risks_in(page) == set(range(RISKS))
    assert page.count("<thead>") == page.count("<table>")
    assert "thead { display: table-header-group; break-inside: avoid; }" in page
    assert "counter(page)" in page
