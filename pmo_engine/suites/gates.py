"""Cases about gates: how the expressions of one judge a project, held against what is expected."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.decisions.gate_rules import advised, answers, judged_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.decisions.gate_rules import Answer
    from pmo_engine.policy import Gate, GateCase


def gate_differences(
    gate: Gate,
    case: GateCase,
    moment: datetime | str,
    judge: Callable[[Mapping[str, Any]], Decision],
) -> Iterator[str]:
    """Say how a gate judges otherwise than a case expects; nothing where it does not."""
    facts = {"gate": {"id": gate.id}, **case.facts}
    event = {"event": str(judged_at(gate.id)), "at": moment, "facts": facts}
    try:
        found = judge(event).outcomes
    except ValueError as error:
        yield str(error)
        return
    judged = answers(gate, found)
    for name, wanted in case.criteria.items():
        if not _is(wanted, judged[name]):
            yield f"criteria.{name}: expected {wanted}, got {_shown(judged[name])}"
    outcome, _, so = next(advised(gate, found), ("none", "", True))
    came = outcome if so else "cannot_tell"
    if case.recommended not in {"", came}:
        yield f"recommended: expected {case.recommended}, got {came}"


def _is(wanted: str, answer: Answer) -> bool:
    if wanted in {"yes", "no", "cannot_tell"}:
        return answer.answer == wanted
    return answer.score == Decimal(wanted)


def _shown(answer: Answer) -> str:
    score = "" if answer.score is None else f" with a score of {answer.score}"
    why = f" ({'; '.join(answer.why)})" if answer.why else ""
    return f"{answer.answer}{score}{why}"
