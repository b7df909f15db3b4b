"""Collection rounds: which there were, and who answered, is late, was excused, gave nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.shape import Shape, iso
from pmo_engine.model.vocabulary import ReturnState
from pmo_engine.store.obligations import RETURNED
from pmo_engine.store.tables import Obligation, Return

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.queries.view import View
    from pmo_engine.store.tables import Round

GIVEN = frozenset({"answered", "answered late"})
WAITED_FOR = frozenset({"waiting", "late"})


class Answer(Shape):
    """What a project is asked for in a round: one register, of whom, and how it stands.

    ``how``: it was ``entered``, ``confirmed`` by a word, or ``excused``. ``stuck``: nobody may
    answer. Times are ISO 8601.
    """

    id: str
    project: str
    register_name: str
    role: str
    state: ReturnState
    due: str | None
    at: str | None = None
    by: str = ""
    how: str = ""
    note: str = ""
    stuck: bool = False


class RoundShown(Shape):
    """A round that was opened, and how much of what it collects is there.

    ``missed``: the periods before it for which there was none.
    """

    round: str
    title: str
    period: str
    opened: str
    closed: str | None
    closed_by: str | None
    reason: str
    missed: list[str]
    asked: int
    answered: int
    late: int
    waiting: int
    excused: int
    missing: int


class RoundStory(Shape):
    """A round with every answer, by project and register."""

    shown: RoundShown
    answers: list[Answer]


def rounds(view: View, name: str | None = None, *, only_open: bool = False) -> list[RoundShown]:
    """List the rounds that were opened, the oldest first; or those that are open, or of one."""
    rows = view.uow.rounds.open() if only_open else view.uow.rounds.all(name)
    return [_shown(row, _answers(view, row)) for row in rows if name in {None, row.round}]


def story(view: View, row: Round) -> RoundStory:
    """Tell of a round who answered, who is late, who was excused and who gave nothing."""
    answers = _answers(view, row)
    return RoundStory(shown=_shown(row, answers), answers=answers)


def answers_now(view: View, project: str | None = None) -> list[tuple[Round, Answer]]:
    """Give what the last round of each kind asks of a project, or of all, and how it stands."""
    last = [view.uow.rounds.latest(name) for name in view.policy.rounds]
    return [(row, each) for row in last if row is not None for each in _answers(view, row, project)]


def _shown(row: Round, answers: Iterable[Answer]) -> RoundShown:
    states = Counter[str](each.state for each in answers)
    return RoundShown(
        round=row.round,
        title=row.title,
        period=row.period,
        opened=row.opened_at.isoformat(),
        closed=iso(row.closed_at),
        closed_by=row.closed_by,
        reason=row.reason,
        missed=row.missed,
        asked=states.total(),
        answered=sum(states[each] for each in GIVEN),
        late=states["late"],
        waiting=sum(states[each] for each in WAITED_FOR),
        excused=states["excused"],
        missing=states["missing"],
    )


def _answers(view: View, row: Round, project: str | None = None) -> list[Answer]:
    here = () if project is None else (col(Return.project) == project,)
    wanted = (
        select(Obligation)
        .join(Return, col(Return.id) == col(Obligation.subject_id))
        .where(col(Return.round_id) == row.id, *here)
        .order_by(*(col(getattr(Obligation, each)) for each in ("project", "target", "id")))
    )
    return [_answer(view, found) for (found,) in view.uow.select(wanted)]


def _answer(view: View, row: Obligation) -> Answer:
    said = row.details.get(RETURNED, {})
    return Answer(
        id=row.id,
        project=str(row.project),
        register_name=row.target,
        role=str(row.details["role"]),
        state=_state(view, row),
        due=iso(row.due_at),
        at=iso(row.closed_at),
        by=said.get("by", ""),
        how=said.get("how", ""),
        note=said.get("note", ""),
        stuck=row.stuck_since is not None and row.status == "open",
    )


def _state(view: View, row: Obligation) -> ReturnState:
    due = row.due_at
    match row.status:
        case "met":
            late = due is not None and row.closed_at is not None and row.closed_at > due
            return "answered late" if late else "answered"
        case "open":
            return "late" if due is not None and due < view.now else "waiting"
        case "lapsed":
            return "missing"
        case _:
            return "excused"
