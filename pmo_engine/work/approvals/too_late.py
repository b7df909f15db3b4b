"""Whose vote comes too late: its time is up, and what follows is done with whatever comes next.

Any command about the subject, and the sweep, lets that happen first; until then who reads is told.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import A_GATE, MOTION, ON_HOLD
from pmo_engine.queries.obligations import time_up_of
from pmo_engine.work.approvals.bodies import bodies_of
from pmo_engine.work.approvals.windows import OF_THE_APPROVAL
from pmo_engine.work.notices.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.store.tables import Obligation, Rung
    from pmo_engine.work.governance import Context


@dataclass(frozen=True, slots=True)
class Ended:
    """Why it is too late to act on an approval: for anybody, or for the members of some bodies."""

    for_all: str = ""
    by_role: Mapping[str, str] = field(default_factory=dict)

    def why(self, role: str) -> str:
        """Say why it is too late for a role; empty where it is not."""
        return self.for_all or self.by_role.get(role, "")

    def of(self, found: Iterable[Standing]) -> list[Standing]:
        """Judge those again who might have acted."""
        return [
            replace(each, may=False, why_not=f"is too late: {why}")
            if each.may and (why := self.why(each.role))
            else each
            for each in found
        ]


NOT_OVER = Ended()


def ended(c: Context, rows: Sequence[Obligation]) -> dict[str, Ended]:
    """Say of approvals whose time, or whose vote of a body, is over that it is; the rest is out."""
    approvals = {row.id: row for row in rows if row.kind == "approval" and row.id}
    over = c.uow.rungs.over(list(approvals), c.now) if approvals else []
    timers: dict[str, list[Rung]] = {}
    for timer in over:
        timers.setdefault(timer.obligation_id, []).append(timer)
    going = {id: those for id, those in timers.items() if not _rests(c, approvals[id])}
    return {id: _ended(c, approvals[id], those) for id, those in going.items()}


def _rests(c: Context, row: Obligation) -> bool:
    """Tell whether its time stands still, as its project is on hold."""
    if row.project is None or row.rule == MOTION:
        return False
    on_hold = c.uow.projects.get(row.project).status == ON_HOLD
    return on_hold and c.uow.subjects.get(row.subject_id).kind != A_GATE


def _ended(c: Context, row: Obligation, timers: Sequence[Rung]) -> Ended:
    found: dict[str, str] = {}
    for timer in timers:
        when = shown(c, timer.due_at)
        if timer.rung != OF_THE_APPROVAL:
            found[timer.role] = f"the vote was over {when}, and its votes are counted now"
            continue
        why = f"its time was up {when}, and it {time_up_of(row.details)} now"
        if not _goes_up(row):
            return Ended(why)
        found |= dict.fromkeys(bodies_of(row), why)
    return Ended(by_role=found)


def _goes_up(row: Obligation) -> bool:
    """Tell whether those of whom it was asked may still decide it then, but for its bodies."""
    return bool(row.details["when_time_is_up"]["means"] == "goes up")
