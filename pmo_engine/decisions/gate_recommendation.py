"""What the engine recommends a body to decide at a gate: by the policy's rules, then by its own.

A must that is no asks for another attempt, or an end; what is not known yet, and evidence that is
lacking, for waiting; what is not met beside the musts, for conditions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pmo_engine.decisions.gate_rules import advised
from pmo_engine.decisions.gate_standing import PASSING
from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_engine.decisions.gate_standing import GateStanding
    from pmo_engine.model.vocabulary import Outcome
    from pmo_engine.policy import Gate
    from pmo_engine.policy.decision import Outcomes


class Found(Protocol):
    """What a functional role found."""

    @property
    def role(self) -> str: ...

    @property
    def result(self) -> str: ...


class Recommendation(Shape):
    """An outcome that is recommended to the body, and why."""

    outcome: str
    reasons: tuple[str, ...]


def recommend(
    gate: Gate,
    standing: GateStanding,
    assessments: Iterable[Found],
    overdue: Sequence[str] = (),
    found: Outcomes | None = None,
) -> Recommendation:
    """Recommend one of the outcomes that are left; ``overdue``: what earlier gates left undone."""
    untold: list[str] = []
    for outcome, why, holds in () if found is None else advised(gate, found):
        if outcome in standing.left and holds:
            return Recommendation(outcome=outcome, reasons=(why, *untold))
        if outcome in standing.left:
            untold.append(why)
    against = (*standing.against, *untold)
    if against:
        no = any(each.level == "must" and each.answer == "no" for each in standing.criteria)
        order: tuple[Outcome, ...] = ("recycle", "stop", "hold") if no else ("hold", "recycle")
        return Recommendation(outcome=_first(order, standing), reasons=against)
    short = (*_short(standing), *_unmet(assessments), *overdue)
    if not short:
        return Recommendation(outcome=_first(PASSING, standing), reasons=_NOTHING)
    return Recommendation(outcome=_first(("conditional_go", "hold", "go"), standing), reasons=short)


_NOTHING = ("every must is a yes, the evidence is there, and nothing is found against it",)


def _first(order: Sequence[str], standing: GateStanding) -> str:
    """Give the first outcome that there is; where there is none of these, the last that is left."""
    left = [each for each in order if each in standing.left]
    return next(iter((*left, *reversed(standing.left))), "none")


def _short(standing: GateStanding) -> Iterator[str]:
    for each in standing.criteria:
        if each.level != "should" or each.answer == "yes":
            continue
        text = each.text.rstrip(".")
        if each.score is None:
            why = f" ({'; '.join(each.findings)})" if each.findings else ""
            yield f"{text}: not scored{why}"
        else:
            yield f"{text}: scored {each.score} of 10, under the {each.hurdle} asked for"


def _unmet(assessments: Iterable[Found]) -> Iterator[str]:
    for each in assessments:
        if each.result != "met":
            yield f"{each.role.replace('_', ' ')}: {each.result.replace('_', ' ')}"
