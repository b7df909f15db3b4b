"""For whom open obligations wait."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Select, bindparam, select, tuple_, union, union_all, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, col

from pmo_engine.store.base import Identified, Table, always, only_one, partial, refers_to
from pmo_engine.store.columns import Moment
from pmo_engine.store.repository import Repository


class Addressee(Identified, table=True):
    """For whom an open obligation waits: the holders of a role there, or one person.

    `by_rung`: of the ladder, where it was escalated to them. `informed`: they are told of it and
    may not act on it. `until`: it waits no longer.
    """

    __tablename__ = "obligation_addressees"
    __table_args__ = (
        always("one", "(role IS NULL) <> (person IS NULL)"),
        only_one(
            "uq_obligation_addressees_role", "obligation_id", "role", where="role IS NOT NULL"
        ),
        only_one(
            "uq_obligation_addressees_person", "obligation_id", "person", where="person IS NOT NULL"
        ),
        partial("ix_obligation_addressees_role", "role", "project", where="until IS NULL"),
        partial("ix_obligation_addressees_person", "person", where="until IS NULL"),
    )

    obligation_id: str = refers_to("obligations.id")
    role: str | None = None
    person: str | None = refers_to("people.id", default=None)
    project: str | None = refers_to("projects.id", default=None)
    since: datetime = Field(default=None, sa_type=Moment, nullable=False)
    by_rung: int | None = None
    informed: bool = False
    until: datetime | None = Field(default=None, sa_type=Moment)


def addressed(
    roles_by_project: Mapping[str, Collection[str]], office_roles: Collection[str], person: str
) -> Select[Any]:
    """The obligations that wait for one of these; each part is a look into one index."""
    role, project = col(Addressee.role), col(Addressee.project)
    pairs = [(each, role) for each, roles in roles_by_project.items() for role in sorted(roles)]
    parts = [col(Addressee.person) == person]
    if office_roles:
        parts.append(role.in_(sorted(office_roles)))
    if pairs:
        parts.append(tuple_(project, role).in_(pairs))
    ids = (
        select(col(Addressee.obligation_id)).where(part, col(Addressee.until).is_(None))
        for part in parts
    )
    found = union(*ids).subquery()
    return select(found.c.obligation_id)


_COLUMNS = Table.metadata.tables["obligation_addressees"].c
_NAMES = tuple(each.key for each in _COLUMNS)


def _of_all(waiting: Any) -> Any:
    mine = col(Addressee.obligation_id).in_(bindparam("obligations", expanding=True))
    return select(*_COLUMNS).where(mine, waiting.is_not(None))


_OF_ALL = union_all(  # roles and persons have an index each
    _of_all(col(Addressee.role)), _of_all(col(Addressee.person))
)


class Addressees(Repository[Addressee]):
    """For whom something waits."""

    model = Addressee
    noun = "addressee"

    def add(
        self,
        obligation_id: str,
        *,
        role: str | None = None,
        person: str | None = None,
        project: str | None = None,
        since: datetime | None = None,
        by_rung: int | None = None,
        informed: bool = False,
    ) -> Addressee | None:
        """It waits for a role, or a person, from now on; None if it does already."""
        addressee = Addressee(
            id=self._transaction.ids(),
            obligation_id=obligation_id,
            role=role,
            person=person,
            project=project,
            since=since or self._transaction.stamp.at,
            by_rung=by_rung,
            informed=informed,
        )
        added = self._transaction.insert_unless_there([addressee], "id")
        return addressee if added else None

    def add_new(self, addressees: Iterable[Addressee]) -> None:
        """Those for whom new obligations wait, from now on unless `since` is given; each once.

        They are written with the rest of the transaction.
        """
        for addressee in addressees:
            addressee.id = addressee.id or self._transaction.ids()
            addressee.since = addressee.since or self._transaction.stamp.at
            self._session.put(addressee)

    def turn_over(self, obligation_id: str, roles: Collection[str]) -> None:
        """It waits for these roles no longer, from now on."""
        self._set_until(obligation_id, roles, self._transaction.stamp.at)

    def turn_over_person(self, obligation_id: str, person: str) -> None:
        """It waits for somebody no longer, from now on."""
        mine = (col(Addressee.obligation_id) == obligation_id, col(Addressee.person) == person)
        self._session.flush()
        at = self._transaction.stamp.at
        self._transaction.update(update(Addressee).where(*mine).values(until=at))

    def turn_again(self, obligation_id: str, roles: Collection[str]) -> None:
        """It waits again for these roles, of those for which it did."""
        self._set_until(obligation_id, roles, None)

    def _set_until(self, obligation_id: str, roles: Collection[str], at: datetime | None) -> None:
        mine = (col(Addressee.obligation_id) == obligation_id, col(Addressee.role).in_(roles))
        self._session.flush()
        self._transaction.update(update(Addressee).where(*mine).values(until=at))

    def of_all(self, obligations: Collection[str]) -> dict[str, list[Addressee]]:
        """As `of`, for several; values alone, which nothing changes."""
        found: dict[str, list[Addressee]] = {}
        self._session.flush()
        for values in self._session.ask(_OF_ALL, obligations=list(obligations)):
            each = cast("Addressee", SimpleNamespace(**dict(zip(_NAMES, values, strict=True))))
            found.setdefault(each.obligation_id, []).append(each)
        return {id: sorted(each, key=_place) for id, each in found.items()}

    def let_decide(self, addressee: Addressee) -> None:
        """Whoever was only told of it may act on it from now on."""
        mine = update(Addressee).where(col(Addressee.id) == addressee.id)
        self._transaction.update(mine.values(informed=False))
        held = self._transaction.known(Addressee, addressee.id)
        if held is not None:
            set_committed_value(held, "informed", value=False)

    def of(self, obligation_id: str) -> list[Addressee]:
        """For whom it waits, or waited until it was closed, in the order in which they came."""
        mine = select(Addressee).where(col(Addressee.obligation_id) == obligation_id)
        return self._all(mine.order_by(*_IN_ORDER))


def _place(each: Addressee) -> tuple[Any, ...]:
    rung = each.by_rung
    return each.since, rung is not None, rung or 0, each.role or "", each.person or ""


_IN_ORDER = (
    col(Addressee.since),
    col(Addressee.by_rung).is_not(None),
    col(Addressee.by_rung),
    col(Addressee.role),
    col(Addressee.person),
)
