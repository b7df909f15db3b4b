"""A pack of forty pages: whole in every form, with the heads of its tables on every page."""

import json
import re
from io import BytesIO
from time import process_time

import docx
import pytest
import typst
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

LEAST, SECONDS = 40, 10
RISKS, ROLES, CONDITIONS, CRITERIA, FIGURES = 700, 15, 120, 40, 60
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
                    role=f"role {number}", result="met", by="tom", name="Tom Ek", findings=(LONG,) * 4
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
