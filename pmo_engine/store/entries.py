"""The records of all registers, with every version of each."""

from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import Index, UniqueConstraint, bindparam, func, inspect, or_, select, text
from sqlmodel import Field, col

from pmo_engine.model.life_cycle import RECORD, UNDECIDED, LifeCycle
from pmo_engine.model.vocabulary import Standing
from pmo_engine.store.base import Table, Versioned, always, one_of, refers_to
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.decisions import Version
from pmo_engine.store.errors import NotFound
from pmo_engine.store.obligations import Obligation
from pmo_engine.store.repository import Transaction
from pmo_engine.store.subjects import SubjectRepository
from pmo_engine.store.timed.watches import Watches

T = TypeVar("T")
ASKED_BY_NAME = 500
"""Fewer records than this are asked for by their keys."""

HELD = 100
"""So many records that a transaction wrote are held in memory."""


class Entry(Versioned, table=True):
    """The record of a register as it stands now; `policy_digest`: of the version it is under.

    `status`: the state of its life, of those that its register declares; `standing`: how it stands
    to its decision, which is the same for all registers;
    `matter_version`: the version at which what it says was changed last; `document`: the fields
    that its register declares; `follows`: an earlier entry, refused and asked for again;
    `entered`: its place in the order in which all records of the store were entered, of those that
    were at once the `id` tells the order.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("project", "register_name", "key"),
        one_of("standing", Standing),
        always("version", "version >= 1"),
        always("matter_version", "matter_version BETWEEN 1 AND version"),
        Index("ix_entries_listed", "project", "register_name", "key_length", "key"),
        Index(
            "ix_entries_listed_by_status",
            *("project", "register_name", "status", "key_length", "key"),
        ),
        Index("ix_entries_counted", "register_name", "standing", "project", "entered"),
        Index("ix_entries_entered", "entered"),
    )

    life_cycle: ClassVar[LifeCycle] = RECORD
    state_in: ClassVar[str] = "standing"
    id: str = refers_to("subjects.id", default="", primary_key=True)
    project: str = refers_to("projects.id")
    register_name: str
    key: str
    status: str
    standing: str = "waiting"
    owner: str | None = Field(default=None, index=True)
    due: date | None = Field(default=None, index=True)
    document: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("record"))
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)
    matter_version: int = 1
    follows: str | None = refers_to("entries.id", default=None)
    key_length: int = 0  # shorter keys come first: CR-10 after CR-9
    entered: int = 0
    submitted_by: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class EntryVersion(Table, table=True):
    """An entry as it stood from `at` on; every version is kept. `reason`: why it came to this."""

    __tablename__ = "entry_versions"

    entry_id: str = refers_to("entries.id", primary_key=True)
    version: int = Field(primary_key=True)
    status: str
    standing: str = "waiting"
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    owner: str | None = None
    due: date | None = None
    document: dict[str, Any] = Field(sa_type=Shaped("record"))
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    at: datetime = Field(sa_type=Moment)
    by: str


_OF_REGISTER = (
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
    here = _EVERYWHERE if everywhere else _OF_REGISTER
    chosen = select(*_SEEN).where(*here, col(Entry.standing).in_(_STANDING))
    return chosen.order_by(*_IN_ORDER)


@cache
def _standing_now(*, everywhere: bool) -> Any:
    here = _EVERYWHERE if everywhere else _OF_REGISTER
    seen = select(col(Entry.id), col(Entry.version), col(Entry.standing))
    chosen = seen.where(*here, col(Entry.standing).in_(_STANDING))
    return chosen.order_by(*_IN_ORDER)


_BY_ID = select(*_SEEN).where(col(Entry.id).in_(bindparam("ids", expanding=True)))


@cache
def _waiting(*, everywhere: bool) -> Any:
    here = _EVERYWHERE if everywhere else _OF_REGISTER
    chosen = select(*_IN_ORDER[::-1]).where(*here, col(Entry.standing).in_(UNDECIDED))
    return chosen.order_by(*_IN_ORDER)


_UNDECIDED = col(Entry.standing).in_(UNDECIDED)


_LAST_ENTERED = select(func.coalesce(func.max(col(Entry.entered)), 0))


_REFUSED = (
    select(Table.metadata.tables["entries"].c.id)
    .where(
        *_OF_REGISTER,
        col(Entry.standing) == "rejected",
        col(Entry.submitted_by) == bindparam("person"),
        col(Entry.decided_at) >= bindparam("since", type_=Moment),
    )
    .order_by(col(Entry.decided_at).desc(), col(Entry.id))
    .limit(bindparam("most"))
)


_COUNT = select(func.count()).select_from(Entry).where(*_OF_REGISTER)


_HAS_KEY = select(col(Entry.id)).where(*_OF_REGISTER, col(Entry.key) == bindparam("key"))


# As text, which both databases understand: what SQLAlchemy makes of it is compiled each time.
_NEXT_KEY = text(
    "INSERT INTO counters (scope, value) VALUES (:scope, 1)"
    " ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1"
    " RETURNING value, (SELECT COALESCE(MAX(entered), 0) FROM entries),"
    " EXISTS (SELECT 1 FROM entries AS taken WHERE taken.project = :project"
    " AND taken.register_name = :register"
    " AND taken.key = :beginning || CAST(counters.value AS VARCHAR))"
)


_LOCK_SUMS = text(
    "INSERT INTO counters (scope, value) VALUES (:scope, 0)"
    " ON CONFLICT (scope) DO UPDATE SET value = counters.value"
)


_KEPT = ("version", "status", "standing", "owner", "due", "document")
_MATTER = ("document", "owner", "due")  # what an entry says; the rest is what becomes of it


class Entries(SubjectRepository[Entry]):
    """The records of all registers, with every version of each."""

    model = Entry
    noun = "entry"
    kind = "entry"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._watches = Watches(transaction)
        self._entered: int | None = None  # the last place that is known to be taken
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

    def change(self, row: Entry, expected: int | None = None, **values: Any) -> Entry:
        self._remembered.clear()
        self._hold(row)
        changed = super().change(row, expected, **values)
        self._watches.written(changed.id)
        return changed

    def add(self, row: Entry, title: str = "", requester: str = "") -> Entry:
        """The entry, as version 1. The key being taken raises `Duplicate` at the commit."""
        self._remembered.clear()
        row.key_length = len(row.key)
        row.entered = self._entered = self._last_entered() + 1
        entry = super().add(row, title, requester)
        self._hold(entry)
        self._keep(entry)
        return entry

    def _last_entered(self) -> int:
        if self._entered is None:
            self._entered = self._session.scalars(_LAST_ENTERED).one()
        return self._entered

    def revise(
        self,
        entry: Entry,
        expected: int | None = None,
        *,
        reason: str = "",
        stands: bool = False,
        **values: Any,
    ) -> Entry:
        """As `change`, and the new version is kept, with the reason for it.

        What was given to what the entry says `stands` only where nothing was decided on the change.
        """
        changed = any(name in values and values[name] != getattr(entry, name) for name in _MATTER)
        if changed and not stands:
            values["matter_version"] = (entry.version if expected is None else expected) + 1
        self.change(entry, expected, **values)
        self._keep(entry, reason)
        return entry

    def set_blocked(self, entry: Entry, *, blocked: bool) -> None:
        """Sets whether a rule blocks an entry that is undecided, which is no change of it."""
        standing = "blocked" if blocked else "waiting"
        if entry.standing in UNDECIDED and entry.standing != standing:
            self._remembered.clear()
            self._transaction.set_quietly(entry, standing=standing)

    def put_under(self, entry: Entry, policy_digest: str) -> None:
        """The version of the policy it is under changes; what the entry says does not."""
        self._transaction.put_under(entry, policy_digest)
        self._watches.written(entry.id)

    def open(self) -> list[Entry]:
        """The entries of all projects that nobody has decided yet."""
        order = (col(Entry.project), col(Entry.register_name), col(Entry.key))
        return self._all(select(Entry).where(_UNDECIDED).order_by(*order))

    def unasked(self) -> list[Entry]:
        """The entries that nobody has decided and about which nothing is open."""
        about = select(col(Obligation.id)).where(
            col(Obligation.subject_id) == col(Entry.id), col(Obligation.status) == "open"
        )
        order = (col(Entry.project), col(Entry.register_name), col(Entry.key))
        wanted = select(Entry).where(_UNDECIDED, ~about.exists())
        return self._all(wanted.order_by(*order))

    def undecided_in(self, project: str) -> list[str]:
        """The ids of the entries of a project that nobody has decided, or that have ended so."""
        open_ones = or_(_UNDECIDED, col(Entry.standing) == "ended")
        mine = select(col(Entry.id)).where(col(Entry.project) == project, open_ones)
        return list(self._session.scalars(mine))

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
        return bool(self._transaction.rows(_HAS_KEY, project=project, register=register, key=key))

    def next_key(self, project: str, register: str, prefix: str) -> str:
        """The next key of the project's register, as CR-3; one that somebody gave is passed over.

        Who asks next waits until this transaction ends.
        """
        asked = {"scope": f"{project}/{register}", "beginning": f"{prefix}-"}
        asked |= {"project": project, "register": register}
        self._session.flush()  # keys that this transaction gave are taken, too
        taken = True
        while taken:
            number, self._entered, taken = self._session.execute(_NEXT_KEY, asked).one()
        return f"{prefix}-{number}"

    def of_project(self, project: str, register: str | None = None) -> list[Entry]:
        """The project's entries of one register, or of all."""
        entries = select(Entry).where(col(Entry.project) == project)
        if register is not None:
            entries = entries.where(col(Entry.register_name) == register)
        return self._all(entries.order_by(col(Entry.register_name), col(Entry.key)))

    def listed(
        self,
        project: str,
        register: str,
        *,
        status: str | None = None,
        owner: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """A page of the project's entries of one register, CR-10 after CR-9.

        `after` is the key where an earlier page ended.
        """
        key, length = col(Entry.key), col(Entry.key_length)
        wanted = select(Entry).where(
            col(Entry.project) == project, col(Entry.register_name) == register
        )
        if status is not None:
            wanted = wanted.where(col(Entry.status) == status)
        if owner is not None:
            wanted = wanted.where(col(Entry.owner) == owner)
        if after is not None:
            end = len(after)
            wanted = wanted.where(length >= end, or_(length > end, key > after))
        return self._all(wanted.order_by(length, key).limit(limit))

    def following(self, id: str) -> Entry | None:
        """The entry that follows another one, if one does."""
        return self._session.scalars(select(Entry).where(col(Entry.follows) == id)).first()

    def refused_to(
        self, project: str, register: str, person: str, since: datetime, most: int
    ) -> list[Entry]:
        """What of a register somebody asked for and was refused since then: the latest first.

        What this transaction itself refuses is not among it.
        """
        asked = {"project": project, "register": register, "person": person, "since": since}
        with self._session.no_autoflush:
            found = self._session.execute(_REFUSED, {**asked, "most": most}).scalars().all()
            return [self.get(id) for id in found]

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

    def count(self, project: str, register: str) -> int:
        """How many entries the project's register has."""
        return self._session.scalars(_COUNT, {"project": project, "register": register}).one()

    def versions(self, entry_id: str) -> list[EntryVersion]:
        """From the first to the current one."""
        mine = select(EntryVersion).where(col(EntryVersion.entry_id) == entry_id)
        return self._transaction.rows(mine.order_by(col(EntryVersion.version)))

    def authors(self, ids: Collection[str]) -> dict[str, list[tuple[int, str, str | None]]]:
        """Who wrote which version of what is asked, and who owned it then, in order.

        Whoever decided wrote its later ones.
        """
        id = col(EntryVersion.entry_id)
        parts = (col(EntryVersion.version), col(EntryVersion.by), col(EntryVersion.owner))
        wanted = select(id, *parts).where(id.in_(ids), col(EntryVersion.standing).in_(UNDECIDED))
        found: dict[str, list[tuple[int, str, str | None]]] = {}
        for entry, version, by, owner in self._session.execute(
            wanted.order_by(id, col(EntryVersion.version))
        ):
            found.setdefault(entry, []).append((version, by, owner))
        return found

    def as_of(self, project: str, register: str, versions: Collection[Version]) -> list[Entry]:
        """The records as they stood at these versions, in this order; they are copies.

        Raises:
            NotFound: a version was never kept.
        """
        wanted = (
            select(Entry, EntryVersion)
            .join(EntryVersion, col(EntryVersion.entry_id) == col(Entry.id))
            .where(col(Entry.project) == project, col(Entry.register_name) == register)
        )
        if len(versions) < ASKED_BY_NAME:
            wanted = wanted.where(col(Entry.key).in_([key for key, _ in versions]))
        rows = self._session.execute(wanted)
        found = {(entry.key, kept.version): _standing(entry, kept) for entry, kept in rows}
        for key, version in versions:
            if (key, version) not in found:
                raise NotFound("version", f"{project}/{register}/{key}/{version}")
        return [found[version] for version in versions]

    def _keep(self, entry: Entry, reason: str = "") -> None:
        stamp = self._transaction.stamp
        self._session.put(
            EntryVersion(
                entry_id=entry.id,
                version=entry.version,
                status=entry.status,
                standing=entry.standing,
                reason=reason,
                owner=entry.owner,
                due=entry.due,
                document=entry.document,
                policy_digest=entry.policy_digest,
                decided_at=entry.decided_at,
                closed_at=entry.closed_at,
                at=stamp.at,
                by=stamp.actor,
            )
        )


def _is_expired(row: Any) -> bool:
    return bool(inspect(row).expired)


def _standing(entry: Entry, kept: EntryVersion) -> Entry:
    """The entry as it was in one of its versions."""
    own = {name: getattr(kept, name) for name in _KEPT}
    return Entry(
        id=entry.id,
        project=entry.project,
        register_name=entry.register_name,
        key=entry.key,
        policy_digest=kept.policy_digest,
        entered=entry.entered,
        submitted_by=entry.submitted_by,
        submitted_at=entry.submitted_at,
        decided_at=kept.decided_at,
        closed_at=kept.closed_at,
        **own,
    )
