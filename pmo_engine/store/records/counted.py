"""What limits add up: the records of a register that are approved, or wait."""

from collections.abc import Callable, Collection, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, inspect, select, text
from sqlmodel import col

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.store.base import Table
from pmo_engine.store.records.rows import Entry
from pmo_engine.store.repository import Transaction
from pmo_engine.store.subjects import SubjectRepository

T = TypeVar("T")
HELD = 100
"""So many records that a transaction wrote are held in memory."""


OF_REGISTER = (
    col(Entry.project) == bindparam("project"),
    col(Entry.register_name) == bindparam("register"),
)


_STANDING = ("approved", "waiting")
"""What a cumulative limit counts: what was approved, and what waits."""


_SEEN = tuple(
    Table.metadata.tables["entries"].c[name]
    for name in (
        *("id", "project", "register_name", "key", "version", "status", "standing"),
        *("owner", "due", "document", "entered"),
        *("submitted_by", "submitted_at", "decided_at", "closed_at"),
    )
)
"""What rules see of a record, and its place."""


_IN_ORDER = (col(Entry.entered), col(Entry.id))
_EVERYWHERE = (col(Entry.register_name) == bindparam("register"),)


@cache
def _counted(*, everywhere: bool) -> Any:
    here = _EVERYWHERE if everywhere else OF_REGISTER
    chosen = select(*_SEEN).where(*here, col(Entry.standing).in_(_STANDING))
    return chosen.order_by(*_IN_ORDER)


@cache
def _standing_now(*, everywhere: bool) -> Any:
    here = _EVERYWHERE if everywhere else OF_REGISTER
    seen = select(col(Entry.id), col(Entry.version), col(Entry.standing))
    chosen = seen.where(*here, col(Entry.standing).in_(_STANDING))
    return chosen.order_by(*_IN_ORDER)


_BY_ID = select(*_SEEN).where(col(Entry.id).in_(bindparam("ids", expanding=True)))


@cache
def _waiting(*, everywhere: bool) -> Any:
    here = _EVERYWHERE if everywhere else OF_REGISTER
    chosen = select(*_IN_ORDER[::-1]).where(*here, col(Entry.standing).in_(UNDECIDED))
    return chosen.order_by(*_IN_ORDER)


_LOCK_SUMS = text(
    "INSERT INTO counters (scope, value) VALUES (:scope, 0)"
    " ON CONFLICT (scope) DO UPDATE SET value = counters.value"
)


class CountedEntries(SubjectRepository[Entry]):
    """The records that limits add up, and what of them a transaction wrote itself."""

    model = Entry
    noun = "entry"
    kind = "entry"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._remembered: dict[Hashable, Any] = {}
        self._own: dict[str, Entry | None] = {}

    def is_own(self, id: str) -> bool:
        """Whether this transaction added or changed it: what it says may still be taken back."""
        return id in self._own

    def own(self, register: str) -> list[Entry]:
        """Those of a register that this transaction added or changed, as it holds them; some."""
        held = (each for each in self._own.values() if each is not None and not _is_expired(each))
        return [each for each in held if each.register_name == register]

    def _hold(self, row: Entry) -> None:
        """Of many, as an import adds, only the ids are held."""
        self._own[row.id] = row if len(self._own) < HELD else None

    def remembered(self, key: Hashable, read: Callable[[], T]) -> T:
        """What was read of entries before, until this transaction adds or changes one."""
        if key not in self._remembered:
            self._remembered[key] = read()
        found: T = self._remembered[key]
        return found

    def counted(self, project: str | None, register: str) -> Sequence[Entry]:
        """The register's entries that are approved or wait, as they are now, in order of entry.

        Those of a project, or of all; values alone, which nothing changes.
        """
        found = self._read(_counted(everywhere=project is None), project, register)
        return cast("Sequence[Entry]", found)

    def standing(self, project: str | None, register: str) -> Sequence[tuple[str, int, str]]:
        """Which versions those of `counted` are and how they stand, by their ids, in its order."""
        found = self._read(_standing_now(everywhere=project is None), project, register)
        return cast("Sequence[tuple[str, int, str]]", found)

    def seen(self, ids: Collection[str]) -> Sequence[Entry]:
        """Entries as `counted` gives them, in no order."""
        with self._session.no_autoflush:
            found = self._session.execute(_BY_ID, {"ids": list(ids)}).all()
        return cast("Sequence[Entry]", found)

    def waiting(self, project: str | None, register: str) -> Sequence[tuple[str, int]]:
        """The ids and places of those that wait, in order of entry; of a project, or of all."""
        found = self._read(_waiting(everywhere=project is None), project, register)
        return cast("Sequence[tuple[str, int]]", found)

    def _read(self, chosen: Any, project: str | None, register: str) -> Any:
        asked = {"register": register} | ({} if project is None else {"project": project})
        with self._session.no_autoflush:
            return self._session.execute(chosen, asked).all()

    def lock_sums(self, register: str, project: str | None = None) -> None:
        """Makes whoever adds up the entries of a project's register, or of all, wait for this."""
        self._session.execute(_LOCK_SUMS, {"scope": "/".join(["sums", register, project or ""])})


def _is_expired(row: Any) -> bool:
    return bool(inspect(row).expired)
