"""What functional roles found, in sentences for those who decide."""

import pytest

from pmo_engine.store.tables import Assessment
from pmo_engine.work.gates.course import summary


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
        (found("met", ["the forecast is low"]), ("finance: the forecast is low.",)),
        (found("not_met", ["too dear", "L-1"]), ("finance: too dear; L-1.",)),
        (
            found("cannot_tell", ["not known: L-1.funds"], ["L-1.funds"]),
            ("finance cannot tell without L-1.funds.",),
        ),
        (
            found("cannot_tell", ["what it gives cannot all be so", "L-1: 2 of 1"]),
            ("finance cannot tell: what it gives cannot all be so; L-1: 2 of 1.",),
        ),
    ],
)
def test_each_finding_is_said(row: Assessment, said: tuple[str, ...]) -> None:
    assert summary([row])[1:] == said


def test_how_many_are_met_is_said_first() -> None:
    assert summary([found("met"), found("not_met", ["x"])])[0] == "1 of 2 assessments are met."
    assert summary([]) == ("No functional role is asked for an assessment.",)
