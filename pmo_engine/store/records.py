"""Projects, people, register entries and what was decided about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, func, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from pmo_engine.store.repository import (
    IdRepository,
    Repository,
    SubjectRepository,
    VersionRepository,
)
from pmo_engine.store.tables import (
    Decision,
    Entry,
    EntryVersion,
    Person,
    Project,
    RoleHolding,
)


class Projects(VersionRepository[Project]):
    """The portfolio."""

    model = Project
    noun = "project"

    def all(self) -> list[Project]:
        return self._all(select(Project).order_by(col(Project.id)))


class People(Repository[Person]):
    """Who there is, and who holds which role when."""

    model = Person
    noun = "person"

    def add(self, person: Person) -> Person:
        self._session.add(person)
        return person

    def get(self, id: str) -> Person:
        """Raises `NotFound`."""
        return self._got(id)

    def is_empty(self) -> bool:
        """Whether nobody was added yet."""
        return self._session.scalars(select(col(Person.id)).limit(1)).first() is None

    def is_there(self, id: str) -> bool:
        """Whether somebody is called so."""
        there = select(col(Person.id)).where(col(Person.id) == id)
        return self._session.scalars(there).first() is not None

    def all(self) -> list[Person]:
        return self._all(select(Person).order_by(col(Person.id)))

    def hold(self, holding: RoleHolding) -> RoleHolding:
        """The person of this holding has its role from now on."""
        holding.id = holding.id or self._transaction.ids()
        self._session.add(holding)
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

    def all_holdings(self, person: str) -> list[RoleHolding]:
        """Every span of every role that the person ever had or will have."""
        return self._transaction.rows(_HELD_BY.params(person=person), fresh=True)

    def lock_holdings(self, person: str) -> list[RoleHolding]:
        """As `all_holdings`; nobody ends one of them until this transaction ends."""
        locked = _HELD_BY.with_for_update(read=True)
        return self._transaction.rows(locked.params(person=person), fresh=True)

    def holders(self, role: str, project: str | None, on: date) -> list[Person]:
        """Who holds the role that day, in that project or everywhere, by id."""
        wanted = {"role": role, "project": project, "on": on}
        with self._session.no_autoflush:  # no command adds people and asks for them
            return list(self._session.scalars(_HOLDERS, wanted))

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


def _in_force(on: Any) -> tuple[Any, Any]:
    to_date = col(RoleHolding.to_date)
    return col(RoleHolding.from_date) <= on, or_(to_date.is_(None), to_date >= on)


_HELD_BY = (
    select(RoleHolding)
    .where(col(RoleHolding.person) == bindparam("person"))
    .order_by(col(RoleHolding.role), col(RoleHolding.project), col(RoleHolding.from_date))
)
_HOLDERS = (
    select(Person)
    .where(
        col(Person.id).in_(
            select(col(RoleHolding.person)).where(
                col(RoleHolding.role) == bindparam("role"),
                or_(
                    col(RoleHolding.project).is_(None),
                    col(RoleHolding.project) == bindparam("project"),
                ),
                *_in_force(bindparam("on", type_=Date)),
            )
        )
    )
    .order_by(col(Person.id))
)
_OF_REGISTER = (
    col(Entry.project) == bindparam("project"),
    col(Entry.register_name) == bindparam("register"),
)
_APPROVED = (
    select(Entry).where(*_OF_REGISTER, col(Entry.status) == "approved").order_by(col(Entry.key))
)
_COUNT = select(func.count()).select_from(Entry).where(*_OF_REGISTER)


_MATTER = ("document", "owner", "due")  # what an entry says; the rest is what becomes of it


class Entries(SubjectRepository[Entry]):
    """The records of all registers, with every version of each."""

    model = Entry
    noun = "entry"
    kind = "entry"

    def add(self, row: Entry, title: str = "", requester: str = "") -> Entry:
        """The entry, as version 1. The key being taken raises `Duplicate` at the commit."""
        entry = super().add(row, title, requester)
        self._keep(entry)
        return entry

    def revise(self, entry: Entry, expected: int | None = None, **values: Any) -> Entry:
        """As `change`, and the new version is kept."""
        if any(name in values and values[name] != getattr(entry, name) for name in _MATTER):
            values["matter_version"] = (entry.version if expected is None else expected) + 1
        self.change(entry, expected, **values)
        self._keep(entry)
        return entry

    def put_under(self, entry: Entry, policy_digest: str) -> None:
        """The version of the policy it is under changes; what the entry says does not."""
        self._transaction.put_under(entry, policy_digest)

    def open(self) -> list[Entry]:
        """The entries of all projects that nobody has decided yet."""
        order = (col(Entry.project), col(Entry.register_name), col(Entry.key))
        return self._all(select(Entry).where(col(Entry.status) == "submitted").order_by(*order))

    def by_key(self, project: str, register: str, key: str) -> Entry:
        """Raises `NotFound`."""
        wanted = select(Entry).where(
            col(Entry.project) == project,
            col(Entry.register_name) == register,
            col(Entry.key) == key,
        )
        return self._one(f"{project}/{register}/{key}", wanted)

    def has_key(self, project: str, register: str, key: str) -> bool:
        """Whether the project's register has an entry with this key."""
        there = select(col(Entry.id)).where(
            col(Entry.project) == project,
            col(Entry.register_name) == register,
            col(Entry.key) == key,
        )
        return self._session.scalars(there).first() is not None

    def of_project(self, project: str, register: str | None = None) -> list[Entry]:
        """The project's entries of one register, or of all."""
        entries = select(Entry).where(col(Entry.project) == project)
        if register is not None:
            entries = entries.where(col(Entry.register_name) == register)
        return self._all(entries.order_by(col(Entry.register_name), col(Entry.key)))

    def approved(self, project: str, register: str) -> list[Entry]:
        """The register's entries that were approved in earlier transactions."""
        with self._session.no_autoflush:
            return list(
                self._session.scalars(_APPROVED, {"project": project, "register": register})
            )

    def count(self, project: str, register: str) -> int:
        """How many entries the project's register has."""
        return self._session.scalars(_COUNT, {"project": project, "register": register}).one()

    def versions(self, entry_id: str) -> list[EntryVersion]:
        """From the first to the current one."""
        mine = select(EntryVersion).where(col(EntryVersion.entry_id) == entry_id)
        return self._transaction.rows(mine.order_by(col(EntryVersion.version)))

    def _keep(self, entry: Entry) -> None:
        stamp = self._transaction.stamp
        self._session.add(
            EntryVersion(
                entry_id=entry.id,
                version=entry.version,
                status=entry.status,
                owner=entry.owner,
                due=entry.due,
                document=entry.document,
                policy_digest=entry.policy_digest,
                decided_at=entry.decided_at,
                at=stamp.at,
                by=stamp.actor,
            )
        )


class Decisions(IdRepository[Decision]):
    """What the engine said."""

    model = Decision
    noun = "decision"

    def add(self, row: Decision) -> Decision:
        row.subject_kind = self._transaction.kind_of(row.subject_id)
        return super().add(row)

    def of_subject(self, id: str) -> list[Decision]:
        """The decisions about a subject, oldest first."""
        mine = select(Decision).where(col(Decision.subject_id) == id)
        return self._all(mine.order_by(*_oldest_first()))

    def of_project(self, project: str) -> list[Decision]:
        """All decisions in a project, oldest first."""
        mine = select(Decision).where(col(Decision.project) == project)
        return self._all(mine.order_by(*_oldest_first()))


def _oldest_first() -> tuple[Any, ...]:
    return col(Decision.at), col(Decision.subject_version), col(Decision.event), col(Decision.id)
