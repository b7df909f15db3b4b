"""The pack of a gate in every form: the question first, and no text is taken for markup."""

from io import BytesIO
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH

from pmo_engine.decisions.gate_recommendation import Recommendation
from pmo_engine.decisions.gate_standing import (
    CriterionStanding,
    EvidenceStanding,
    GateStanding,
    obstacles,
)
from pmo_engine.documents import written
from pmo_engine.documents.boards.gate_pack import (
    GatePack,
    PackAssessment,
    PackFigure,
    PackRecord,
    pack_document,
)
from tests.documents.pdf_text import pages

NASTY = 'Mud <script>alert(1)</script> #panic("x") *bold* | $x$ ]] "'


@pytest.fixture(scope="module")
def pack() -> GatePack:
    criterion = CriterionStanding(
        id="calm",
        text=NASTY,
        level="must",
        answer="no",
        score=None,
        hurdle=None,
        weight=1,
        findings=("R-3 is severe",),
        by="pmo-engine",
        at=None,
        evidence=("case",),
    )
    shown: dict[str, Any] = {"reference": "documents/DO-1", "version": 3, "by": "ana"}
    shown |= {"dated": "2026-01-01", "valid_until": "2026-02-01"}
    case = EvidenceStanding(id="case", text="The case", state="out of date", **shown)
    standing = GateStanding(
        criteria=(criterion,),
        evidence=(case,),
        score="6.00",
        hurdle="5.00",
        against=("must 'calm' is no",),
        left=("stop",),
    )
    record = PackRecord(register_name="risks", key="R-3", title=NASTY, status="open", note="5 x 5")
    return GatePack(
        project="P-1",
        name="Bridge",
        gate="G2",
        title="Ready to build",
        question="May P-1 Bridge pass gate G2?",
        body="portfolio board",
        made_on="2026-03-02",
        due="2026-03-09",
        recommendation=Recommendation(outcome="stop", reasons=("must 'calm' is no",)),
        standing=standing,
        figures=(
            PackFigure(label="Cost performance", now="0.95", before="1.02", of="Finance"),
            PackFigure(label="Slip", now="not available", before="", why="there is no milestone"),
            PackFigure(label="Pace", now="not available", before="", why="there is no milestone"),
            PackFigure(label="Age", now="not available", before="3 days", why="none is open"),
        ),
        assessments=(PackAssessment(role="risk", result="not met", by="tom", findings=(NASTY,)),),
        put=("A decision to pass gives 50,000 GBP.",),
        carried=("Gate G1: the lease.",),
        risks=(record,),
        changes=(record,),
        since="2026-01-05",
        policy="demo",
        digest="ab" * 32,
    )


def test_the_question_comes_first_and_then_what_it_is_answered_on(pack: GatePack) -> None:
    text = written(pack_document(pack), "md").decode().replace("\N{NO-BREAK SPACE}", " ")
    said = [
        "| Decision due | 9 March 2026 |",
        "**May P-1 Bridge pass gate G2?**",
        "Recommended: **stop**.",
        "It may not be passed as things stand. The outcomes left: stop.",
        "What is scored comes to 6 of 10 together; 5 is asked for.",
        "| documents/DO-1 at version 3 | 1 January 2026 | 1 February 2026 | ana |",
        "A decision to pass gives 50,000 GBP.",
        "Gate G1: the lease.",
        "Since 5 January 2026.",
        "**Finance**",
        "| Cost performance | 0.95 | 1.02 |",
        "| Age | not available | 3 days |",
        "Not available, as there is no milestone: Slip, Pace.",
        pack.digest,
    ]
    places = [text.find(each) for each in said]
    assert -1 not in places
    assert places == sorted(places)
    assert "| must | no | worked out | The case | R-3 is severe |" in text
    assert "| Risk | not met | " in text


def test_columns_in_which_nothing_stands_are_left_out(pack: GatePack) -> None:
    new = tuple(each.model_copy(update={"before": ""}) for each in pack.figures[:3])
    made = pack.model_copy(update={"figures": new, "changes": (), "entered": "Entered: 20 risks."})
    text = written(pack_document(made), "md").decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "| Cost performance | 0.95 |\n" in text
    assert "At the gate before" not in text
    assert "Entered: 20 risks." in text
    assert "None." not in text.partition("Entered: 20 risks.")[2]
    page = written(pack_document(made), "html").decode()
    assert '<th scope="col">Figure</th><th scope="col" class="n">Now</th></tr>' in page


def test_figures_that_no_role_looks_at_stand_last_under_a_heading_of_their_own(
    pack: GatePack,
) -> None:
    figures = [PackFigure(label="Stray", now="1", before=""), *pack.figures[:1]]
    made = written(pack_document(pack.model_copy(update={"figures": tuple(figures)})), "md")
    text = made.decode()
    places = [
        text.find(each) for each in ("**Finance**", "Cost performance", "**Others**", "Stray")
    ]
    assert -1 not in places
    assert places == sorted(places)


def test_a_heading_of_figures_stands_on_the_page_of_its_table(pack: GatePack) -> None:
    for many in range(30, 36):
        figures = [PackFigure(label=f"F{n}", now="1", before="", of="A") for n in range(many)]
        figures.append(PackFigure(label="Slip", now="2", before="", of="Planning"))
        made = written(pack_document(pack.model_copy(update={"figures": tuple(figures)})), "pdf")
        [page] = [each for each in pages(made) if "Slip" in each]
        assert "Planning" in page
    word = docx.Document(BytesIO(written(pack_document(pack), "docx")))
    [head] = [each for each in word.paragraphs if each.text == "Finance"]
    assert head.paragraph_format.keep_with_next


def test_figures_stand_on_the_right_of_their_columns(pack: GatePack) -> None:
    document = pack_document(pack)
    made = docx.Document(BytesIO(written(document, "docx")))
    figures = [each for each in made.tables if each.rows[0].cells[0].text == "Figure"]
    ways = {tuple(c.paragraphs[0].alignment for c in row.cells) for t in figures for row in t.rows}
    assert ways == {(None, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.RIGHT)}
    text = written(document, "md").decode()
    assert "| Figure | Now | At the gate before |\n| --- | --: | --: |" in text


def test_a_text_is_no_markup_in_html_nor_in_word(pack: GatePack) -> None:
    page = written(pack_document(pack), "html").decode()
    assert "<script>alert" not in page
    assert "version </title>" not in page
    assert "&lt;script&gt;alert(1)" in page
    made = docx.Document(BytesIO(written(pack_document(pack), "docx")))
    cells = {c.text for table in made.tables for row in table.rows for c in row.cells}
    assert NASTY in cells


def test_pdf_is_set_from_data_and_is_the_same_each_time(pack: GatePack) -> None:
    made = written(pack_document(pack), "pdf")
    assert made.startswith(b"%PDF-")
    assert made == written(pack_document(pack), "pdf")


def test_a_criterion_that_faults_names_no_place_in_the_policy(pack: GatePack) -> None:
    (criterion,) = pack.standing.criteria
    why = "gates.yaml:12:7: 4 cannot be divided by 0; policies/gates.yaml:3:1: no number"
    faulty = criterion.model_copy(update={"answer": "cannot_tell", "findings": (why,)})
    (against,) = obstacles([faulty], ())
    assert against.endswith(" (4 cannot be divided by 0; no number)")
    standing = pack.standing.model_copy(update={"criteria": (faulty,)})
    made = pack_document(pack.model_copy(update={"standing": standing}))
    text = written(made, "md").decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "4 cannot be divided by 0; no number" in text
    assert ".yaml" not in text


def test_what_is_not_there_is_said(pack: GatePack) -> None:
    gone: dict[str, Any] = {"figures": (), "put": (), "risks": (), "since": None, "due": None}
    text = written(pack_document(pack.model_copy(update=gone)), "md").decode()
    assert "Figures" not in text
    assert "None." in text
    assert "## 7 Risks and issues\n\nNone.\n" in text.replace("###", "##")
    assert "Decision due" not in text
