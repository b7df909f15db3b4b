"""How a project stands before a gate: criteria, evidence, what stands against letting it pass."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from pmo_engine.authority.titles import with_the
from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_engine.model.vocabulary import Outcome
    from pmo_engine.policy import Gate

PASSING: tuple[Outcome, ...] = ("go", "conditional_go")
"""The outcomes after which a project is in the stage behind the gate."""
OUT_OF_DATE: Final = "out of date"
"""How evidence stands that was shown, and is too old by now."""
VOID: Final = "void"
"""How evidence stands that was a record which was refused, taken back or undone since."""


_PLACE = re.compile(r"[^\s;(]+\.ya?ml:\d+:\d+: ")


class CriterionStanding(Shape):
    """A criterion, how it was judged and by whom, or who is asked; ``score`` is that of a should.

    ``evidence`` names what of the gate's evidence it rests on.
    """

    id: str
    text: str
    level: Literal["must", "should"]
    answer: Literal["yes", "no", "cannot_tell", "asked"]
    score: str | None
    hurdle: int | None
    weight: int
    findings: tuple[str, ...]
    by: str
    at: str | None
    name: str = ""  # of the person, or of the role that is asked
    evidence: tuple[str, ...]


class EvidenceStanding(Shape):
    """What a gate wants to see, and what was shown: an entry's version, a file or a document.

    ``dated``: the day from which its age counts; ``valid_until``: the last day on which it counts.
    """

    id: str
    text: str
    state: Literal["there", "missing", "out of date", "void"]
    became: str = ""  # of the entry that makes it void
    kind: str | None = None
    reference: str | None = None
    version: int | None = None
    digest: str | None = None
    dated: str | None = None
    valid_until: str | None = None
    note: str = ""
    by: str | None = None
    name: str = ""  # of the person
    at: str | None = None


class GateStanding(Shape):
    """All of it. ``against``: what keeps it from passing; ``left``: the outcomes that there are.

    ``score``: of all shoulds by their weights, to two places; ``hurdle``: what it is held against.
    """

    criteria: tuple[CriterionStanding, ...]
    evidence: tuple[EvidenceStanding, ...]
    score: str | None
    hurdle: str | None
    against: tuple[str, ...]
    left: tuple[str, ...]


def standing(
    gate: Gate,
    criteria: Sequence[CriterionStanding],
    evidence: Sequence[EvidenceStanding],
    besides: Iterable[str] = (),
) -> GateStanding:
    """Say what judgements and evidence of a gate come to; ``besides`` stands against it, too."""
    against = (*obstacles(criteria, evidence), *besides)
    score, hurdle = _weighed(criteria)
    return GateStanding(
        criteria=tuple(criteria),
        evidence=tuple(evidence),
        score=score,
        hurdle=hurdle,
        against=against,
        left=tuple(each for each in gate.outcomes if not against or each not in PASSING),
    )


def obstacles(
    criteria: Iterable[CriterionStanding], evidence: Iterable[EvidenceStanding]
) -> Iterator[str]:
    """Say each thing that keeps a project from passing: a must that is not a yes, evidence."""
    for each in criteria:
        if each.level == "must" and each.answer != "yes":
            why = f" ({'; '.join(map(without_place, each.findings))})" if each.findings else ""
            yield f"must '{each.id}' {_said(each)}: {each.text.rstrip('.')}{why}"
    for shown in evidence:
        if shown.state == "missing":
            yield f"evidence '{shown.id}' is missing: {shown.text.rstrip('.')}"
        elif shown.state == OUT_OF_DATE:
            yield f"evidence '{shown.id}' of {shown.dated} counted until {shown.valid_until}"
        elif shown.state == VOID:
            yield f"evidence '{shown.id}' counts no more: {shown.reference} is {shown.became}"


def without_place(finding: str) -> str:
    """Say of a criterion that faults why, without the place in the policy, for who decides."""
    return _PLACE.sub("", finding)


def _said(criterion: CriterionStanding) -> str:
    match criterion.answer:
        case "no":
            return "is no"
        case "asked":
            return f"is not judged yet by {with_the(criterion.name or criterion.by)}"
        case _:
            return "cannot be told"


def _weighed(criteria: Iterable[CriterionStanding]) -> tuple[str | None, str | None]:
    """Weigh the shoulds; None while one of them has no score."""
    shoulds = [each for each in criteria if each.level == "should"]
    scores = [each.score for each in shoulds]
    if not shoulds or None in scores:
        return None, None
    total = sum(each.weight for each in shoulds)
    reached = sum((Decimal(str(each.score)) * each.weight for each in shoulds), Decimal(0))
    asked = sum((Decimal(each.hurdle or 0) * each.weight for each in shoulds), Decimal(0))
    return _places(reached / total), _places(asked / total)


def _places(number: Decimal) -> str:
    return str(number.quantize(Decimal("0.01")))
