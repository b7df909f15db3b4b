"""The records of all registers, with every version of each."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, text
from sqlmodel import col

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.store.base import Table
from pmo_engine.store.columns import Moment
from pmo_engine.store.decisions import Version
from pmo_engine.store.errors import NotFound
from pmo_engine.store.obligations import Obligation
from pmo_engine.store.prepared import execute
from pmo_engine.store.records.counted import OF_REGISTER, CountedEntries
from pmo_engine.store.records.rows import Entry, EntryVersion
from pmo_engine.store.repository import Transaction
from pmo_engine.store.timed.watches import Watches

Place = tuple[str, str]
"""A project, and the key of a record in a register of it."""

ASKED_BY_NAME = 500
"""Fewer records than this are asked for by their keys."""

_UNDECIDED = col(Entry.standing).in_(UNDECIDED)


_LAST_ENTERED = select(func.coalesce(func.max(col(Entry.entered)), 0))


_DOCUMENT = Table.metadata.tables["entries"].c.document.type


_REFUSED = (
    select(Table.metadata.tables["entries"].c.id)
    .where(
        *OF_REGISTER,
        col(Entry.standing) == "rejected",
        or_(
            col(Entry.submitted_by).in_(bindparam("persons", expanding=True)),
            col(Entry.document) == bindparam("document", type_=_DOCUMENT),
        ),
        col(Entry.decided_at) >= bindparam("since", type_=Moment),
    )
    .order_by(col(Entry.decided_at).desc(), col(Entry.id))
    .limit(bindparam("most"))
)


_ANY_REFUSED = (
    select(col(Entry.project))
    .where(
        col(Entry.register_name) == bindparam("register"),
        col(Entry.standing) == "rejected",
        col(Entry.project).in_(bindparam("of", expanding=True)),
    )
    .distinct()
)


_KEYED = select(Entry).where(
    col(Entry.register_name) == bindparam("register"),
    col(Entry.project).in_(bindparam("projects", expanding=True)),
    col(Entry.key).in_(bindparam("keys", expanding=True)),
)


_COUNT = select(func.count()).select_from(Entry).where(*OF_REGISTER)


_VERSIONS = (
    select(EntryVersion)
    .where(col(EntryVersion.entry_id) == bindparam("of"))
    .order_by(col(EntryVersion.version))
)


_AUTHORS = (
    select(
        *(col(EntryVersion.entry_id), col(EntryVersion.version)),
        *(col(EntryVersion.by), col(EntryVersion.owner)),
    )
    .where(
        col(EntryVersion.entry_id).in_(bindparam("ids", expanding=True)),
        col(EntryVersion.standing).in_(UNDECIDED),
    )
    .order_by(col(EntryVersion.entry_id), col(EntryVersion.version))
)


_HAS_KEY = select(col(Entry.id)).where(*OF_REGISTER, col(Entry.key) == bindparam("key"))
_LOWER_KEY = func.lower(col(Entry.key))
_KEY_BUT_FOR_CASE = select(col(Entry.key)).where(*OF_REGISTER, bindparam("key") == _LOWER_KEY)
_KEYS_BUT_FOR_CASE = select(col(Entry.project), _LOWER_KEY, col(Entry.key)).where(
    col(Entry.register_name) == bindparam("register"),
    col(Entry.project).in_(bindparam("projects", expanding=True)),
    _LOWER_KEY.in_(bindparam("keys", expanding=True)),
)


# As text, which both databases understand: what SQLAlchemy makes of it is compiled each time.
_NEXT_KEY = text(
    "INSERT INTO counters (scope, value) VALUES (:scope, 1)"
    " ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1"
    " RETURNING value, (SELECT COALESCE(MAX(entered), 0) FROM entries),"
    " EXISTS (SELECT 1 FROM entries AS taken WHERE taken.project = :project"
    " AND taken.register_name = :register"
    " AND taken.key = :beginning || CAST(counters.value AS VARCHAR))"
)


_KEPT = ("version", "status", "standing", "owner", "due", "document")
_MATTER = ("document", "owner", "due")  # what an entry says; the rest is what becomes of it


class Entries(CountedEntries):
    """The records of all registers, with every version of each."""

    def __init__(self, transaction: Transaction, watches: Watches) -> None:
        super().__init__(transaction)
        self._watches = watches
        self._entered: int | None = None  # the last place that is known to be taken
        self._new_keys: set[tuple[str, str, str]] = set()  # of what this transaction entered
        self._free_keys: set[tuple[str, str, str]] = set()  # that nobody had when it was asked
        self._in_lower: dict[tuple[str, str, str], str] = {}  # keys, by them in small letters
        self._found: dict[tuple[str, str, str], Entry] = {}  # that somebody looked up
        self._unrefused: set[tuple[str, str]] = set()  # where nothing was refused when it was asked
        self._unwatched: set[str] = set()  # ids of what it entered, and nothing watches yet

    def change(self, row: Entry, expected: int | None = None, **values: Any) -> Entry:
        self._hold(row)
        changed = super().change(row, expected, **values)
        self._note(changed)
        self._watches.written(changed.id, changed.project)
        return changed

    def add(self, row: Entry, title: str = "", requester: str = "") -> Entry:
        """The entry, as version 1. The key being taken raises `Duplicate` at the commit."""
        row.key_length = len(row.key)
        row.entered = self._entered = self._last_entered() + 1
        entry = super().add(row, title, requester)
        self._new_keys.add((entry.project, entry.register_name, entry.key))
        self._in_lower[entry.project, entry.register_name, entry.key.lower()] = entry.key
        self._unwatched.add(entry.id)
        self._watches.written(entry.project)
        self._hold(entry)
        self._note(entry)
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
        by: str | None = None,
        stands: bool = False,
        **values: Any,
    ) -> Entry:
        """As `change`, and the new version is kept, with the reason for it, and who it is `by`.

        What was given to what the entry says `stands` only where nothing was decided on the change.
        """
        changed = any(name in values and values[name] != getattr(entry, name) for name in _MATTER)
        if changed and not stands:
            values["matter_version"] = (entry.version if expected is None else expected) + 1
        self.change(entry, expected, **values)
        self._keep(entry, reason, by)
        return entry

    def set_blocked(self, entry: Entry, *, blocked: bool) -> None:
        """Sets whether a rule blocks an entry that is undecided, which is no change of it."""
        standing = "blocked" if blocked else "waiting"
        if entry.standing in UNDECIDED and entry.standing != standing:
            self._transaction.set_quietly(entry, standing=standing)
            self._note(entry)

    def put_under(self, entry: Entry, policy_digest: str) -> None:
        """The version of the policy it is under changes; what the entry says does not."""
        self._transaction.put_under(entry, policy_digest)
        self._watches.written(entry.id, entry.project)

    def open(self) -> list[Entry]:
        """The entries of all projects that nobody has decided yet."""
        order = (col(Entry.project), col(Entry.register_name), col(Entry.key))
        return self._all(select(Entry).where(_UNDECIDED).order_by(*order))

    def unasked(self, recorded: Collection[str] = ()) -> list[Entry]:
        """The entries that nobody has decided and about which nothing is open.

        Of the registers `recorded` those alone of which an approval was asked, and lapsed.
        """
        about = select(col(Obligation.id)).where(
            col(Obligation.subject_id) == col(Entry.id), col(Obligation.status) == "open"
        )
        order = (col(Entry.project), col(Entry.register_name), col(Entry.key))
        lapsed = select(col(Obligation.id)).where(
            col(Obligation.subject_id) == col(Entry.id),
            col(Obligation.kind) == "approval",
            col(Obligation.status) == "lapsed",
        )
        decided = or_(col(Entry.register_name).not_in(recorded), lapsed.exists())
        wanted = select(Entry).where(_UNDECIDED, ~about.exists(), decided)
        return self._all(wanted.order_by(*order))

    def undecided_in(self, project: str) -> list[str]:
        """The ids of the entries of a project that nobody has decided, or that have ended so."""
        open_ones = or_(_UNDECIDED, col(Entry.standing) == "ended")
        mine = select(col(Entry.id)).where(col(Entry.project) == project, open_ones)
        return list(self._session.scalars(mine))

    def by_key(self, project: str, register: str, key: str) -> Entry:
        """Raises `NotFound`."""
        if found := self._found.get((project, register, key)):
            return found
        wanted = select(Entry).where(
            col(Entry.project) == project,
            col(Entry.register_name) == register,
            col(Entry.key) == key,
        )
        return self._one(f"{project}/{register}/{key}", self._all(wanted))

    def key_but_for_case(self, project: str, register: str, key: str) -> str | None:
        """The key of an entry of the project's register that differs in capitals alone."""
        lower = key.lower()
        if (project, register, key) in self._free_keys:
            return self._in_lower.get((project, register, lower))
        asked = {"project": project, "register": register, "key": lower}
        return next(iter(self._session.scalars(_KEY_BUT_FOR_CASE, asked)), None)

    def has_key(self, project: str, register: str, key: str) -> bool:
        """Whether the project's register has an entry with this key."""
        asked = project, register, key
        if asked in self._new_keys or asked in self._free_keys:
            return asked in self._new_keys
        if asked in self._found:
            return True
        with self._session.no_autoflush:  # what is not written yet is known
            there = self._transaction.rows(_HAS_KEY, project=project, register=register, key=key)
        return bool(there)

    def keyed(self, register: str, places: Collection[Place]) -> dict[Place, Entry]:
        """The register's entries in these places, so far as there are any; read together."""
        projects, keys = {project for project, _ in places}, {key for _, key in places}
        found = self._all(_KEYED, register=register, projects=projects, keys=keys)
        there = {(row.project, row.key): row for row in found}
        return {place: there[place] for place in places if place in there}

    def look_up_places(self, register: str, places: Collection[Place]) -> dict[Place, Entry]:
        """As `keyed`, for who is about to enter or change them; nobody has the other keys."""
        found = self.keyed(register, places)
        asked = {(project, register, key) for project, key in places}
        self._found |= {(row.project, register, row.key): row for row in found.values()}
        self._free_keys |= asked - self._found.keys()
        projects = {project for project, _ in places}
        lower = {"projects": projects, "keys": sorted({key.lower() for _, key in places})}
        alike = self._session.execute(_KEYS_BUT_FOR_CASE, {"register": register, **lower})
        self._in_lower |= {(project, register, short): key for project, short, key in alike}
        refused = set(self._session.scalars(_ANY_REFUSED, {"register": register, "of": projects}))
        self._unrefused |= {(project, register) for project in projects - refused}
        return found

    def forget(self) -> None:
        super().forget()
        for looked_up in (self._found, self._free_keys, self._in_lower, self._unrefused):
            looked_up.clear()

    def take_unwatched(self, id: str) -> bool:
        """Whether this transaction entered it, and nothing watches it; whoever asks sees to it."""
        is_new = id in self._unwatched
        self._unwatched.discard(id)
        return is_new

    def next_key(self, project: str, register: str, prefix: str) -> str:
        """The next key of the project's register, as CR-3; one that somebody gave is passed over.

        Who asks next waits until this transaction ends.
        """
        asked = {"scope": f"{project}/{register}", "beginning": f"{prefix}-"}
        asked |= {"project": project, "register": register}
        self._session.flush()  # keys that this transaction gave are taken, too
        connection, taken = self._session.connection(), True
        while taken:
            [(number, self._entered, taken)] = execute(connection, _NEXT_KEY, asked)
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

    def documents_of_open(
        self, register: str, refused: Collection[str]
    ) -> Sequence[tuple[str, dict[str, Any]]]:
        """Give the projects and documents of the records that are not closed, nor ``refused``."""
        wanted = select(col(Entry.project), col(Entry.document)).where(
            col(Entry.register_name) == register,
            col(Entry.closed_at).is_(None),
            col(Entry.standing).not_in(refused),
        )
        return [(project, document) for project, document in self._session.execute(wanted)]

    def following(self, id: str) -> Entry | None:
        """The entry that follows another one, if one does."""
        return self._session.scalars(select(Entry).where(col(Entry.follows) == id)).first()

    def refused_to(
        self, entry: Entry, persons: Collection[str], since: datetime, most: int
    ) -> list[Entry]:
        """What of a register was refused since then, to some or that says the same: latest first.

        What this transaction itself refuses is not among it.
        """
        if (entry.project, entry.register_name) in self._unrefused:
            return []
        of = {"project": entry.project, "register": entry.register_name, "since": since}
        asked = {**of, "persons": list(persons), "document": entry.document}
        with self._session.no_autoflush:
            found = self._session.execute(_REFUSED, {**asked, "most": most}).scalars().all()
            return [self.get(id) for id in found]

    def count(self, project: str, register: str) -> int:
        """How many entries the project's register has."""
        return self._session.scalars(_COUNT, {"project": project, "register": register}).one()

    def versions(self, entry_id: str) -> list[EntryVersion]:
        """From the first to the current one."""
        return self._transaction.read(_VERSIONS, of=entry_id)

    def changed_at(self, project: str, register: str) -> dict[str, datetime]:
        """When what each record of a project's register says was changed last, by its id."""
        rows = (
            select(col(EntryVersion.entry_id), col(EntryVersion.at))
            .join(Entry, col(Entry.id) == col(EntryVersion.entry_id))
            .where(
                col(Entry.project) == project,
                col(Entry.register_name) == register,
                col(EntryVersion.version) == col(Entry.matter_version),
            )
        )
        return dict(map(tuple, self._session.execute(rows)))

    def authors(self, ids: Collection[str]) -> dict[str, list[tuple[int, str, str | None]]]:
        """Who wrote which version of what is asked, and who owned it then, in order.

        Whoever decided wrote its later ones.
        """
        self._session.flush()
        found: dict[str, list[tuple[int, str, str | None]]] = {}
        for entry, version, by, owner in self._session.ask(_AUTHORS, ids=list(ids)):
            found.setdefault(entry, []).append((version, by, owner))
        return found

    def as_of(self, project: str, register: str, versions: Collection[Version]) -> list[Entry]:
        """The records as they stood at these versions, in this order; they are copies.

        That a rule blocked one is no version of it, and said by the list.

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
        found = {(entry.key, kept.version): (entry, kept) for entry, kept in rows}
        for key, version in versions:
            if (key, abs(version)) not in found:
                raise NotFound("version", f"{project}/{register}/{key}/{abs(version)}")
        return [
            _standing(*found[key, abs(version)], blocked=version < 0) for key, version in versions
        ]

    def _keep(self, entry: Entry, reason: str = "", by: str | None = None) -> None:
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
                by=by or stamp.actor,
            )
        )


def _standing(entry: Entry, kept: EntryVersion, *, blocked: bool) -> Entry:
    """The entry as it was in one of its versions, which a rule may have blocked at the time."""
    own = {name: getattr(kept, name) for name in _KEPT}
    if kept.standing in UNDECIDED:
        own["standing"] = "blocked" if blocked else "waiting"
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
