"""What functional roles found, in sentences for those who decide."""

import pytest

from pmo_engine.documents.boards.gate_pack import summary
from pmo_engine.store.tables import Assessment


def found(result: str, findings: list[str] = (), missing: list[str] = ()) -> Assessment:
    return Assessment(
        review_id="g",
        revision=1,
        role="finance",
        result=result,
        findings=list(findings),
        missing=list(missing),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (found("met"), ()),
        (found("met", ["the forecast is low"]), ("Finance: the forecast is low.",)),
        (found("not_met", ["too dear", "L-1"]), ("Finance: too dear; L-1.",)),
        (
            found("cannot_tell", ["not known: L-1.funds"], ["L-1.funds"]),
            ("Finance cannot tell without L-1.funds.",),
        ),
        (
            found("cannot_tell", ["what it gives cannot all be so", "L-1: 2 of 1"]),
            ("Finance cannot tell: what it gives cannot all be so; L-1: 2 of 1.",),
        ),
    ],
)
def test_each_finding_is_said(row: Assessment, said: tuple[str, ...]) -> None:
    assert summary([row])[1:] == said


def test_how_many_are_met_is_said_first() -> None:
    assert summary([found("met"), found("not_met", ["x"])])[0] == "1 of 2 assessments are met."
    assert summary([]) == ("No functional role is asked for an assessment.",)


def test_fields_are_said_by_their_labels() -> None:
    row = found("cannot_tell", missing=["L-1.funds"])
    row.role = "change_control"
    other = found("not_met", ["L-2 is late"])
    assert summary([row, other], lambda text: text.replace("L-1.funds", "funds of line L-1"))[
        1
    ] == ("Change control cannot tell without funds of line L-1.")
    assert summary([other], str.upper)[1] == "Finance: L-2 IS LATE."
