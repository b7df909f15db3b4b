"""What the engine said, and why: what fired, what was looked at, under which policy, and votes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_
from sqlmodel import col

from pmo_engine.decisions.published import PublishedDecision
from pmo_engine.model.shape import Shape
from pmo_engine.queries.obligations import ObligationState, obligations_by
from pmo_engine.queries.paging import ALL, Listing, Page, listing, the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import Decision, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Row

    from pmo_engine.queries.view import View


class DecisionRow(Shape):
    """A decision, about which event of what."""

    id: str
    at: str
    event: str
    project: str | None
    about: str
    status: str
    fired: tuple[str, ...]
    policy: str  # name and version


class DecisionStory(Shape):
    """A decision with its why.

    ``facts``: what rules could look at, by path; ``lists``: names of the registers' records that
    they could look at, too. ``obligations``: those that it opened, as they stand, with the votes;
    what was asked before and goes on is in ``result`` alone.
    """

    id: str
    at: str
    event: str
    project: str | None
    subject: str
    about: str
    version: int
    result: PublishedDecision
    facts: dict[str, str]
    lists: tuple[str, ...]
    obligations: tuple[ObligationState, ...]


_PLACE = (col(Decision.at), col(Decision.id))


def decisions(
    view: View, page: Page = ALL, *, project: str | None = None, subject: str | None = None
) -> Listing[DecisionRow]:
    """List decisions, the newest first; a page goes on after an id."""
    columns = (Decision.id, Decision.at, Decision.event, Decision.project, Decision.result)
    chosen = select(*(col(each) for each in columns), col(Subject.title)).join(
        Subject, col(Subject.id) == col(Decision.subject_id)
    )
    if project is not None:
        chosen = chosen.where(col(Decision.project) == project)
    if subject is not None:
        chosen = chosen.where(col(Decision.subject_id) == subject)
    if page.after is not None:
        place = _place(view, page.after)
        chosen = chosen.where(_PLACE[0] <= place[0], tuple_(*_PLACE) < tuple_(*place))
    ordered = chosen.order_by(*(each.desc() for each in _PLACE)).limit(page.one_more)
    return listing(map(_row, view.uow.select(ordered)), page, lambda each: each.id)


def _row(row: Row[Any]) -> DecisionRow:
    policy = row.result.policy
    return DecisionRow(
        id=row.id,
        at=row.at.isoformat(),
        event=row.event,
        project=row.project,
        about=row.title,
        status=row.result.status,
        fired=tuple(row.result.fired),
        policy=f"{policy.name} {policy.version}",
    )


def _place(view: View, beginning: str) -> Any:
    mine = select(*_PLACE).where(begins(col(Decision.id), beginning))
    return the_place(list(view.uow.select(mine.limit(2))), "decision", beginning)


def decision(view: View, beginning: str) -> DecisionStory:
    """Tell why a decision is as it is; the beginning of its id is enough. Raises UnknownPlace."""
    _, id = _place(view, beginning)
    row = view.uow.decisions.get(id)
    return DecisionStory(
        id=id,
        at=row.at.isoformat(),
        event=row.event,
        project=row.project,
        subject=row.subject_id,
        about=view.uow.subjects.get(row.subject_id).title,
        version=row.subject_version,
        result=row.result,
        facts=dict(_paths(row.facts)),
        lists=tuple(sorted(row.listings)),
        obligations=tuple(obligations_by(view, id)),
    )


def _paths(facts: Mapping[str, Any], of: str = "") -> Iterator[tuple[str, str]]:
    """The facts by their paths, as 'change.cost'."""
    for name, value in sorted(facts.items()):
        path = f"{of}{name}"
        if isinstance(value, Mapping) and value:
            yield from _paths(value, f"{path}.")
        else:
            yield path, str(value)
