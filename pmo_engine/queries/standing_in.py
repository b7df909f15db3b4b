"""Who decides for whom, and who is away: what holds and what is to come, or all there ever was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import or_, select, tuple_
from sqlmodel import col

from pmo_engine.model.shape import Shape
from pmo_engine.queries.paging import ALL, Listing, Page, listing, the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import Absence, Delegation

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select

    from pmo_engine.queries.view import View

State: TypeAlias = Literal["holds", "to come", "over", "ended"]
"""Of a span: *ended* is what was withdrawn, or ended early."""


class DelegationRow(Shape):
    """A delegation; a list that is empty bounds nothing. `ended_on`: it holds no more that day."""

    id: str
    owner: str
    delegate: str
    acts: tuple[str, ...]
    projects: tuple[str, ...]
    up_to: str | None
    since: str
    until: str | None
    ended_on: str | None
    state: State
    reason: str


class AbsenceRow(Shape):
    """An absence; `upward`: nobody stands in. `ended_on`: the day on which they are back."""

    id: str
    person: str
    deputy: str | None
    upward: bool
    since: str
    until: str | None
    ended_on: str | None
    state: State


def delegations(
    view: View, page: Page = ALL, *, person: str | None = None, ended: bool = False
) -> Listing[DelegationRow]:
    """List delegations by their first day; those of or to one person; with ``ended`` all.

    A page goes on after an id, of which the beginning is enough.
    """
    wanted = select(*_columns(Delegation, DelegationRow))
    if person is not None:
        both = (col(Delegation.owner) == person, col(Delegation.delegate) == person)
        wanted = wanted.where(or_(*both))
    rows = _page(view, wanted, Delegation, page, "delegation", ended=ended)
    return listing((DelegationRow(**_said(view, row)) for row in rows), page, lambda each: each.id)


def absences(
    view: View, page: Page = ALL, *, person: str | None = None, ended: bool = False
) -> Listing[AbsenceRow]:
    """List absences by their first day; those in which a person has a part; with ``ended`` all."""
    wanted = select(*_columns(Absence, AbsenceRow))
    if person is not None:
        wanted = wanted.where(or_(col(Absence.person) == person, col(Absence.deputy) == person))
    rows = _page(view, wanted, Absence, page, "absence", ended=ended)
    return listing((AbsenceRow(**_said(view, row)) for row in rows), page, lambda each: each.id)


def _columns(model: Any, shown: type[Shape]) -> list[Any]:
    names = [name for name in shown.model_fields if name not in {"since", "until", "state"}]
    days: tuple[Any, Any] = (col(model.from_date).label("since"), col(model.to_date).label("until"))
    return [*(col(getattr(model, name)) for name in names), *days]


def _page(
    view: View, wanted: Select[Any], model: Any, page: Page, noun: str, *, ended: bool
) -> list[Any]:
    place = (col(model.from_date), col(model.id))
    if not ended:
        to_date, end = col(model.to_date), col(model.ended_on)
        there = (or_(to_date.is_(None), to_date >= view.today), end.is_(None))
        wanted = wanted.where(*there)
    if page.after is not None:
        mine = select(*place).where(begins(place[1], page.after))
        at = the_place(list(view.uow.select(mine.limit(2))), noun, page.after)
        wanted = wanted.where(tuple_(*place) > tuple_(*at))
    return list(view.uow.select(wanted.order_by(*place).limit(page.one_more)))


def _said(view: View, row: Any) -> dict[str, Any]:
    values = row._asdict()
    state = _state(values["since"], values["until"], values["ended_on"], view.today)
    days = {
        name: None if values[name] is None else values[name].isoformat()
        for name in ("since", "until", "ended_on")
    }
    return {**values, **days, "state": state}


def _state(since: date, until: date | None, ended: date | None, today: date) -> State:
    if ended is not None and ended <= today:
        return "ended"
    if until is not None and until < today:
        return "over"
    return "to come" if since > today else "holds"
