"""Who decides for whom, who is away, and which accounts are one person's.

A span's last day is its `to_date`; `ended_on` is the day from which it does not hold any more,
though its days go on.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, bindparam, cast, func, literal_column, null, or_, select
from sqlalchemy import String as Text
from sqlmodel import Field, col

from pmo_engine.store.base import Identified, Table, always, refers_to
from pmo_engine.store.columns import Document, Moment
from pmo_engine.store.people.roles import Person
from pmo_engine.store.repository import IdRepository, Transaction


class Delegation(Identified, table=True):
    """`owner` lets `delegate` do acts in projects; a list that is empty bounds nothing."""

    __tablename__ = "delegations"
    __table_args__ = (
        always("dates", "to_date IS NULL OR to_date >= from_date"),
        always("two", "owner <> delegate"),
    )

    owner: str = refers_to("people.id", index=True)
    delegate: str = refers_to("people.id", index=True)
    acts: list[str] = Field(default_factory=list, sa_type=Document)
    projects: list[str] = Field(default_factory=list, sa_type=Document)
    up_to: str | None = None
    from_date: date
    to_date: date | None = None
    reason: str = ""
    made_by: str
    made_at: datetime = Field(sa_type=Moment)
    ended_on: date | None = None
    ended_by: str | None = None


class Absence(Identified, table=True):
    """Somebody is away; `deputy` stands in, without one who the terms name, `upward` nobody."""

    __tablename__ = "absences"
    __table_args__ = (
        always("dates", "to_date IS NULL OR to_date >= from_date"),
        always("two", "deputy IS NULL OR deputy <> person"),
        always("one_way", "deputy IS NULL OR NOT upward"),
    )

    person: str = refers_to("people.id", index=True)
    deputy: str | None = refers_to("people.id", default=None)
    upward: bool = False
    from_date: date
    to_date: date | None = None
    reason: str = ""
    made_by: str
    made_at: datetime = Field(sa_type=Moment)
    ended_on: date | None = None
    ended_by: str | None = None


class SamePerson(Table, table=True):
    """Two accounts are one person's, as somebody said; the first by name is `account`.

    From the day on which somebody ended it they are two, but for what was asked by then.
    """

    __tablename__ = "same_persons"
    __table_args__ = (always("two", "account <> other"),)

    account: str = refers_to("people.id", primary_key=True)
    other: str = refers_to("people.id", primary_key=True)
    made_by: str
    made_at: datetime = Field(sa_type=Moment)
    ended_on: date | None = None
    ended_by: str | None = None


_GIVEN = Table.metadata.tables["delegations"].c
_AWAY = Table.metadata.tables["absences"].c
_SAME = Table.metadata.tables["same_persons"].c
_PEOPLE = Person.metadata.tables["people"].c


_DAY = bindparam("day", type_=Date)
_ADDRESS = func.lower(func.trim(_PEOPLE.address))
_SHARED = (
    select(_ADDRESS.label("address"), func.min(_PEOPLE.id).label("first"))
    .where(_ADDRESS != "")
    .group_by(_ADDRESS)
    .having(func.count() > 1)
    .subquery()
)
_NO_DAY, _NO_TEXT, _NO_LIST = cast(null(), Date), cast(null(), Text), cast(null(), Document)
_NO = cast(null(), Boolean)


def _kind(name: str) -> Any:
    return literal_column(f"'{name}'", Text)


_STANDING_IN = (
    select(
        _kind("delegation").label("kind"),
        *(_GIVEN.id, _GIVEN.owner, _GIVEN.delegate, _GIVEN.from_date, _GIVEN.to_date),
        *(_GIVEN.ended_on, _GIVEN.up_to, _GIVEN.acts, _GIVEN.projects, _NO),
    )
    .where(_GIVEN.from_date <= _DAY)
    .union_all(
        select(
            _kind("absence"),
            *(_AWAY.id, _AWAY.person, _AWAY.deputy, _AWAY.from_date, _AWAY.to_date),
            *(_AWAY.ended_on, _NO_TEXT, _NO_LIST, _NO_LIST, _AWAY.upward),
        ).where(_AWAY.from_date <= _DAY),
        select(
            _kind("same"),
            *(_NO_TEXT, _SAME.account, _SAME.other, _NO_DAY, _NO_DAY),
            *(_SAME.ended_on, _NO_TEXT, _NO_LIST, _NO_LIST, _NO),
        ),
        select(
            _kind("same"),
            *(_NO_TEXT, _SHARED.c.first, _PEOPLE.id, _NO_DAY, _NO_DAY),
            *(_NO_DAY, _NO_TEXT, _NO_LIST, _NO_LIST, _NO),
        ).join_from(_SHARED, Person.metadata.tables["people"], _SHARED.c.address == _ADDRESS),
    )
)


class StandingIn(IdRepository[Delegation]):
    """Delegations, absences and second accounts."""

    model = Delegation
    noun = "delegation"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self.absences = Absences(transaction)

    def until(self, day: date) -> list[Any]:
        """Everything of it that began by a day, whether or not it is over, in one statement.

        Each row: kind (delegation, absence, same), id, one, other, first and last day, the day of
        its end, up to, acts, projects, upward. Accounts that have an address in common are the
        same, too; those that are not any more have a day of their end.
        """
        self._session.flush()
        return self._session.ask(_STANDING_IN, day=day)

    def lock(self, id: str) -> Delegation:
        """The delegation as it is now, which nobody else ends."""
        mine = select(Delegation).where(col(Delegation.id) == id).with_for_update()
        return self._one(id, self._all(mine, fresh=True))

    def end(self, row: Delegation, on: date, by: str) -> None:
        """It holds no more from that day on."""
        row.ended_on, row.ended_by = on, by

    def to_come(self, on: date) -> list[Delegation]:
        """Every delegation that is not over before a day, as it is now, in a stable order."""
        mine = select(Delegation).where(*_not_over(Delegation, on))
        return self._all(mine.order_by(*_ordered(Delegation)), fresh=True)

    def of_owner(self, owner: str) -> list[Delegation]:
        """Every delegation that somebody ever made."""
        mine = select(Delegation).where(col(Delegation.owner) == owner)
        return self._all(mine.order_by(*_ordered(Delegation)), fresh=True)

    def link(self, made: SamePerson) -> SamePerson:
        """Two accounts are one person's from now on; raises `Duplicate` where they are already."""
        known = self._session.get(SamePerson, (made.account, made.other), populate_existing=True)
        if known is None or known.ended_on is None:
            self._session.enter(made)
            return made
        known.made_by, known.made_at = made.made_by, made.made_at
        known.ended_on = known.ended_by = None
        return known

    def links(self) -> list[SamePerson]:
        """Every two accounts that somebody said are one person's, and nobody that they are not."""
        both = (col(SamePerson.account), col(SamePerson.other))
        mine = select(SamePerson).where(col(SamePerson.ended_on).is_(None))
        return self._transaction.rows(mine.order_by(*both), fresh=True)

    def unlink(self, link: SamePerson) -> None:
        """Those were never one person's."""
        self._session.delete(link)

    def part(self, link: SamePerson, on: date, by: str) -> None:
        """Those are two people from a day on."""
        link.ended_on, link.ended_by = on, by


class Absences(IdRepository[Absence]):
    """Who is away when."""

    model = Absence
    noun = "absence"

    def of_person(self, person: str, on: date) -> list[Absence]:
        """The absences of somebody that are not over before a day, the earliest first."""
        mine = select(Absence).where(col(Absence.person) == person, *_not_over(Absence, on))
        return self._all(mine.order_by(*_ordered(Absence)), fresh=True)

    def end(self, row: Absence, on: date, by: str) -> None:
        """They are back from that day on."""
        row.ended_on, row.ended_by = on, by


def _not_over(model: Any, on: date) -> tuple[Any, Any]:
    to_date, ended_on = col(model.to_date), col(model.ended_on)
    return or_(to_date.is_(None), to_date >= on), or_(ended_on.is_(None), ended_on > on)


def _ordered(model: Any) -> tuple[Any, Any]:
    return col(model.from_date), col(model.id)
