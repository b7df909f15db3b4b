"""What limits add up: the records of a register that are approved, or wait."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, inspect, select, text
from sqlmodel import col

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.store.base import Table
from pmo_engine.store.records.rows import Entry
from pmo_engine.store.repository import Transaction
from pmo_engine.store.subjects import SubjectRepository

T = TypeVar("T")
HELD = 1_000
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


_VERSIONS = select(col(Entry.id), col(Entry.version), col(Entry.standing))
_ALL_STANDING = _VERSIONS.where(*OF_REGISTER)
_ALL_SEEN = select(*_SEEN).where(*OF_REGISTER)
_SUMMED = (*_EVERYWHERE, col(Entry.standing).in_(_STANDING))
_STANDING_NOW = _VERSIONS.where(*_SUMMED).order_by(*_IN_ORDER)
_COUNTED = select(*_SEEN).where(*_SUMMED).order_by(*_IN_ORDER)


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
    kind = A_RECORD

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._remembered: dict[Hashable, Any] = {}
        self._shelves: dict[Hashable, Any] = {}
        self._log: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
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

    def _note(self, row: Entry) -> None:
        """This transaction wrote it: what was made of it before is not what it says now."""
        self._remembered.clear()
        self._log[row.project, row.register_name].append(row.id)

    @property
    def written_in(self) -> frozenset[str]:
        """The projects of which this transaction wrote records."""
        return frozenset(project for (project, _), ids in self._log.items() if ids)

    def log(self, project: str, register: str) -> Sequence[str]:
        """The ids of a project's register that this transaction wrote so far, once a write."""
        return self._log[project, register]

    def shelved(self, key: Hashable, make: Callable[[], T]) -> T:
        """What somebody made of records, and keeps up to date by the log, until all is forgotten.

        Others' writes are not in it: it stands as it was when it was made.
        """
        if key not in self._shelves:
            self._shelves[key] = make()
        found: T = self._shelves[key]
        return found

    def on_shelf(self, key: Hashable) -> Any:
        """What somebody made under a key; None where nobody did."""
        return self._shelves.get(key)

    def forget(self) -> None:
        """Reads anew what stands, as after a lock."""
        self._shelves.clear()

    def remembered(self, key: Hashable, read: Callable[[], T]) -> T:
        """What was read of entries before, until this transaction adds or changes one."""
        if key not in self._remembered:
            self._remembered[key] = read()
        found: T = self._remembered[key]
        return found

    def counted(self, register: str) -> Sequence[Entry]:
        """The register's entries that are approved or wait, as they are now, in order of entry.

        Those of all projects; values alone, which nothing changes.
        """
        return cast("Sequence[Entry]", self._read(_COUNTED, None, register))

    def standing(self, register: str) -> Sequence[tuple[str, int, str]]:
        """Which versions those of `counted` are and how they stand, by their ids, in its order."""
        return cast("Sequence[tuple[str, int, str]]", self._read(_STANDING_NOW, None, register))

    def all_seen(self, project: str, register: str) -> Sequence[Entry]:
        """All of a project's register, as `counted` gives them, in no order."""
        return cast("Sequence[Entry]", self._read(_ALL_SEEN, project, register))

    def all_standing(self, project: str, register: str) -> Sequence[tuple[str, int, str]]:
        """Which versions those of `all_seen` are and how they stand, by their ids."""
        return cast("Sequence[tuple[str, int, str]]", self._read(_ALL_STANDING, project, register))

    def seen(self, ids: Collection[str]) -> Sequence[Entry]:
        """Entries as `counted` gives them, in no order."""
        with self._session.no_autoflush:
            found = self._session.execute(_BY_ID, {"ids": list(ids)}).all()
        return cast("Sequence[Entry]", found)

    def own_by_id(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Those of some that this transaction added or changed, as it holds them; not all are."""
        held = ((id, self._own.get(id)) for id in ids)
        return {id: row for id, row in held if row is not None and not _is_expired(row)}

    def as_written(self, ids: Collection[str]) -> Sequence[Entry]:
        """Entries that this transaction wrote, as it left them."""
        held = [row for row in map(self._own.get, ids) if row is not None and not _is_expired(row)]
        if len(held) == len(ids):
            return held
        self._session.flush()
        return self.seen(ids)

    def waiting(self, project: str | None, register: str) -> Sequence[tuple[str, int]]:
        """The ids and places of those that wait, in order of entry; of a project, or of all."""
        here = {} if project is None else {"project": project}
        return self._session.ask(_waiting(everywhere=project is None), register=register, **here)

    def _read(self, chosen: Any, project: str | None, register: str) -> Any:
        asked = {"register": register} | ({} if project is None else {"project": project})
        with self._session.no_autoflush:
            return self._session.execute(chosen, asked).all()

    def lock_sums(self, register: str, project: str | None = None) -> None:
        """Makes whoever adds up the entries of a project's register, or of all, wait for this."""
        self._session.carry_out(_LOCK_SUMS, scope="/".join(["sums", register, project or ""]))


def _is_expired(row: Any) -> bool:
    return bool(inspect(row).expired)
