"""People, and the roles that they hold when."""

from collections import Counter as Counted
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, Index, and_, bindparam, delete, false, func, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, col

from pmo_engine.model.identifiers import ENGINE
from pmo_engine.store.base import Identified, Table, always, refers_to
from pmo_engine.store.repository import AT_ONCE, Repository, Transaction
from pmo_engine.store.settings import Counter


class Person(Table, table=True):
    """Somebody who can hold roles. `address` is an Apprise URL, or empty.

    `zone` is theirs, where it is not the policy's, or empty.
    """

    __tablename__ = "people"

    id: str = Field(primary_key=True)
    name: str
    address: str = ""
    zone: str = Field(default="", sa_column_kwargs={"server_default": ""})


class RoleHolding(Identified, table=True):
    """A person holds a role, in one project or (no project) everywhere, between two dates.

    `acting`: until somebody is appointed to it for good. `unit`: the office or programme for which
    it is held, as `unit_of` writes it, and then in no project.
    """

    __tablename__ = "role_holdings"
    __table_args__ = (
        always("dates", "to_date IS NULL OR to_date >= from_date"),
        Index("ix_role_holdings_role_project", "role", "project"),
    )

    person: str = refers_to("people.id", index=True)
    role: str
    project: str | None = refers_to("projects.id", default=None)
    from_date: date
    to_date: date | None = None
    acting: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    unit: str | None = None


def _in_force(on: Any, held: Any = RoleHolding) -> tuple[Any, Any]:
    return held.from_date <= on, or_(held.to_date.is_(None), held.to_date >= on)


_HELD_BY = (
    select(RoleHolding)
    .where(col(RoleHolding.person) == bindparam("person"))
    .order_by(col(RoleHolding.role), col(RoleHolding.project), col(RoleHolding.from_date))
)


_LOCKED_HELD_BY = _HELD_BY.with_for_update(read=True)


_HELD = Table.metadata.tables["role_holdings"].c


_HOLD_ROLES = (
    select(_HELD.id)
    .where(_HELD.person == bindparam("person"))
    .order_by(_HELD.role, _HELD.project, _HELD.from_date)  # as whoever locks them to change them
    .with_for_update(read=True)
)


_HOLDERS = (
    select(_HELD.person, _HELD.unit)
    .distinct()
    .where(
        _HELD.role == bindparam("role"),
        or_(_HELD.project.is_(None), _HELD.project == bindparam("project")),
        *_in_force(bindparam("on", type_=Date), _HELD),
    )
    .order_by(_HELD.person)
)


_SPAN = (
    *(_HELD.person, _HELD.role, _HELD.project, _HELD.from_date, _HELD.to_date),
    *(_HELD.acting, _HELD.unit),
)
_IN_FORCE = select(*_SPAN).where(*_in_force(bindparam("on", type_=Date), _HELD))


_HELD_BETWEEN = select(*_SPAN).where(
    or_(_HELD.project.is_(None), _HELD.project == bindparam("project")),
    _HELD.from_date <= bindparam("until", type_=Date),
    or_(_HELD.to_date.is_(None), _HELD.to_date >= bindparam("since", type_=Date)),
)


_CALLED = select(col(Person.id), col(Person.name)).where(
    col(Person.name).in_(
        select(col(Person.name)).where(col(Person.id).in_(bindparam("ids", expanding=True)))
    )
)


CHANGED = "people"
"""The counter of the changes of what is known of people; the database moves it on itself."""

COUNTED = frozenset(
    {
        "people",
        "role_holdings",
        "delegations",
        "absences",
        "same_persons",
        "declared_interests",
        "programmes",
        "projects",
    }
)
"""The tables whose changes it counts."""

_COUNTER = Counter.metadata.tables["counters"].c
_CHANGES = select(_COUNTER.value).where(_COUNTER.scope == CHANGED)
_LOCKED_CHANGES = _CHANGES.with_for_update()


_YET_HELD = select(*_SPAN).where(
    or_(_HELD.to_date.is_(None), _HELD.to_date >= bindparam("on", type_=Date))
)


class People(Repository[Person]):
    """Who there is, and who holds which role when.

    `as_found`: how often what is known of people had changed when the unit of work began.
    """

    model = Person
    noun = "person"
    as_found: int | None = None
    _as_asked: int | None = None

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._names = {ENGINE: ENGINE}

    def changes(self) -> int:
        """How often what is `COUNTED` has changed by now.

        Asked once after the locks of a transaction, and again where it changed any of that itself.
        """
        if not self._session.written.isdisjoint(COUNTED):
            return self.changes_now()
        if self._as_asked is None:
            known = self.as_found if self._transaction.alone else None
            self._as_asked = self.changes_now() if known is None else known
        return self._as_asked

    def changes_now(self) -> int:
        """As `changes`, with those that others made since it was asked."""
        self._session.flush()
        return next((value for (value,) in self._session.ask(_CHANGES)), 0)

    def lock_changes(self) -> None:
        """Nobody else changes what is `COUNTED` until this transaction ends.

        Taken after every other lock, as by whoever writes such a change.
        """
        self._session.execute(_LOCKED_CHANGES)
        self.forget()

    def forget(self) -> None:
        """Has the changes counted and names read anew, as after a lock."""
        self._as_asked = None
        self._names = {ENGINE: ENGINE}

    def add(self, person: Person) -> Person:
        self._session.enter(person)
        self._names = {ENGINE: ENGINE}
        return person

    def get(self, id: str) -> Person:
        """Raises `NotFound`."""
        return self._got(id)

    def lock(self, id: str) -> Person:
        """The person as they are now; their name and roles are nobody else's to change meanwhile.

        Raises `NotFound`.
        """
        mine = select(Person).where(col(Person.id) == id).with_for_update(key_share=True)
        return self._one(id, self._all(mine, fresh=True))

    def change(self, person: Person, **values: Any) -> Person:
        """Sets columns of a person who is locked."""
        self._names = {ENGINE: ENGINE}
        self._transaction.update(update(Person).where(col(Person.id) == person.id).values(values))
        for name, value in values.items():
            set_committed_value(person, name, value)
        return person

    def is_empty(self) -> bool:
        """Whether nobody was added yet."""
        return self._session.scalars(select(col(Person.id)).limit(1)).first() is None

    def is_there(self, id: str) -> bool:
        """Whether somebody is called so."""
        there = select(col(Person.id)).where(col(Person.id) == id)
        return self._session.scalars(there).first() is not None

    def all(self) -> list[Person]:
        return self._all(select(Person).order_by(col(Person.id)))

    def names(self) -> list[tuple[str, str]]:
        """Every account with the full name of whose it is."""
        chosen = select(col(Person.id), col(Person.name)).order_by(col(Person.id))
        return [(id, name) for id, name in self._session.execute(chosen)]

    def names_of(self, ids: Iterable[str]) -> Mapping[str, str]:
        """How people call those whose accounts these are, in one question at most.

        Whoever has a namesake is told with the account; an account that is nobody's, as it is.
        """
        asked = sorted(set(ids) - self._names.keys())
        for some in (asked[i : i + AT_ONCE] for i in range(0, len(asked), AT_ONCE)):
            found = self._session.ask(_CALLED, ids=some)
            alike = Counted(name for _, name in found)
            said = {id: name if alike[name] == 1 else f"{name} ({id})" for id, name in found}
            self._names |= {id: said.get(id, id) for id in some}
        return self._names

    def name_of(self, id: str) -> str:
        """As `names_of`, of one."""
        return self.names_of((id,))[id] if id else ""

    def hold(self, holding: RoleHolding) -> RoleHolding:
        """The person of this holding has its role from now on."""
        holding.id = holding.id or self._transaction.ids()
        self._session.enter(holding)
        return holding

    def end(self, holding: RoleHolding, on: date) -> bool:
        """The role is held until that day, its last; False if it ends no later already."""
        to_date = col(RoleHolding.to_date)
        ends = (
            update(RoleHolding)
            .where(col(RoleHolding.id) == holding.id, or_(to_date.is_(None), to_date > on))
            .values(to_date=on)
        )
        if not self._transaction.update(ends):
            return False
        set_committed_value(holding, "to_date", on)
        return True

    def take_back(self, holding: RoleHolding) -> None:
        """The role was never held in this span."""
        gone = delete(RoleHolding).where(col(RoleHolding.id) == holding.id)
        self._session.execute(gone, execution_options={"synchronize_session": False})
        self._session.expunge(holding)

    def all_holdings(self, person: str) -> list[RoleHolding]:
        """Every span of every role that the person ever had or will have."""
        return self._transaction.read(_HELD_BY, fresh=True, person=person)

    def hold_roles(self, person: str) -> None:
        """See to it that nobody ends a role of the person's until this transaction ends."""
        self.forget()
        if not self._transaction.alone:
            self._session.ask(_HOLD_ROLES, person=person)

    def lock_holdings(self, person: str) -> list[RoleHolding]:
        """As `all_holdings`; nobody ends one of them until this transaction ends."""
        self.forget()
        return self._transaction.read(_LOCKED_HELD_BY, fresh=True, person=person)

    def holders(self, role: str, project: str | None, on: date) -> list[tuple[str, str | None]]:
        """Who holds the role that day, in that project, everywhere or for a unit: ids, in order.

        Each with the unit for which it is, whether or not that has to do with the project. Whoever
        this transaction appoints is not among them before it is written.
        """
        found = self._session.ask(_HOLDERS, role=role, project=project, on=on)
        return [(person, unit) for person, unit in found]

    def last_day(self, role: str, project: str, unit: str, before: date) -> date | None:
        """The last day on which somebody held a role for a project, a unit or all, up to a day."""
        wide = and_(_HELD.project.is_(None), _HELD.unit.is_(None))
        here = or_(_HELD.project == project, _HELD.unit == unit, wide)
        ended = select(func.max(_HELD.to_date)).where(_HELD.role == role, here)
        found: date | None = self._session.execute(ended.where(_HELD.to_date < before)).scalar()
        return found

    def of_unit(self, unit: str, role: str) -> list[RoleHolding]:
        """Every span of a role for an office or a programme, the earliest first."""
        mine = select(RoleHolding).where(col(RoleHolding.unit) == unit)
        mine = mine.where(col(RoleHolding.role) == role)
        order = (col(RoleHolding.from_date), col(RoleHolding.person))
        return self._transaction.rows(mine.order_by(*order), fresh=True)

    def in_force(self, on: date) -> list[Any]:
        """Every role that is held that day.

        Each row: person, role, project, first and last day, acting, unit.
        """
        self._session.flush()
        return self._session.ask(_IN_FORCE, on=on)

    def held_from(self, on: date) -> list[Any]:
        """Every role that is held that day or will be after it, as ``in_force``."""
        self._session.flush()
        return self._session.ask(_YET_HELD, on=on)

    def held_between(self, project: str, since: date, until: date) -> list[Any]:
        """Every role held for a project or everywhere on any of some days, as ``in_force``."""
        self._session.flush()
        return self._session.ask(_HELD_BETWEEN, project=project, since=since, until=until)

    def with_roles(self, roles: Collection[str], on: date) -> list[str]:
        """Who holds one of the roles that day, in whatever project, by id."""
        wanted = select(col(RoleHolding.person)).where(
            col(RoleHolding.role).in_(roles), *_in_force(on)
        )
        return list(self._session.scalars(wanted.distinct().order_by(col(RoleHolding.person))))

    def holdings(self, person: str, on: date) -> list[RoleHolding]:
        """The roles that the person has that day."""
        mine = select(RoleHolding).where(col(RoleHolding.person) == person, *_in_force(on))
        order = (col(RoleHolding.role), col(RoleHolding.project), col(RoleHolding.from_date))
        return self._transaction.rows(mine.order_by(*order))
