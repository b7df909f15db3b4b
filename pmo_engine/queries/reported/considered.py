"""How approvals were considered: how long it took, how many were refused, who cannot have read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.reported.work import middle
from pmo_engine.store.tables import Obligation, Vote

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

    from pmo_engine.queries.reported.work import Span
    from pmo_engine.queries.view import View


@dataclass(frozen=True, slots=True)
class Considered:
    """The approvals of a role under a clause of which the time was over or that were answered.

    ``votes`` counts the answers; ``typical`` is the median time from the asking to an answer, and
    ``shortest`` the shortest. ``too_soon`` counts the answers that came sooner than somebody reads;
    ``unanswered`` the approvals that nobody answered until their time was over.
    """

    role: str
    clause: str
    approvals: int
    votes: int
    refused: int
    too_soon: int
    unanswered: int
    typical: timedelta | None
    shortest: timedelta | None


def considered(
    view: View, projects: Collection[str] | None, span: Span, too_soon: timedelta
) -> list[Considered]:
    """Tell by role and clause how the approvals that were over in a span were considered."""
    asked = _asked(view, projects, span)
    answers = _answers(view, asked)
    grouped: dict[tuple[str, str], list[str]] = {}
    for id, (role, clause, _) in asked.items():
        grouped.setdefault((role, clause), []).append(id)
    return [
        _group(role, clause, [(asked[id][2], answers.get(id, [])) for id in ids], too_soon)
        for (role, clause), ids in sorted(grouped.items())
    ]


def _asked(
    view: View, projects: Collection[str] | None, span: Span
) -> dict[str, tuple[str, str, datetime]]:
    """Give the approvals that came to an end in a span, but for those that were withdrawn."""
    columns = (Obligation.id, Obligation.target, Obligation.clause, Obligation.opened_at)
    wanted = select(*(col(each) for each in columns)).where(
        col(Obligation.kind) == "approval",
        col(Obligation.status).in_(("met", "lapsed")),
        col(Obligation.closed_at) >= span.start,
        col(Obligation.closed_at) < span.end,
    )
    if projects is not None:
        wanted = wanted.where(col(Obligation.project).in_(projects))
    return {id: (role, clause, at) for id, role, clause, at in view.uow.select(wanted)}


def _answers(view: View, asked: Collection[str]) -> dict[str, list[tuple[str, datetime]]]:
    """Give the answers that count; whoever steps aside answers nothing."""
    wanted = select(col(Vote.obligation_id), col(Vote.choice), col(Vote.at)).where(
        col(Vote.obligation_id).in_(asked),
        col(Vote.superseded_at).is_(None),
        col(Vote.choice) != "recuse",
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for id, choice, at in view.uow.select(wanted):
        found.setdefault(id, []).append((choice, at))
    return found


def _group(
    role: str,
    clause: str,
    found: list[tuple[datetime, list[tuple[str, datetime]]]],
    too_soon: timedelta,
) -> Considered:
    times = sorted(at - asked for asked, answers in found for _, at in answers)
    return Considered(
        role=role,
        clause=clause,
        approvals=len(found),
        votes=len(times),
        refused=sum(choice == "reject" for _, answers in found for choice, _ in answers),
        too_soon=sum(each < too_soon for each in times),
        unanswered=sum(not answers for _, answers in found),
        typical=middle(times),
        shortest=times[0] if times else None,
    )
