"""The records that limits count, as rules see them: each of its versions is typed once.

What a version of a record says on a day never changes, so a process keeps it from one command to
the next, and asks the store only which versions stand. What a transaction wrote itself may still
be taken back: that is known once all of it is kept. What a subject is never changes at all.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Hashable
from dataclasses import field
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.events import by_the_clocks_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pmo_engine.feel.values import Record
    from pmo_engine.policy import Register
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

MOST = 150_000
"""So many records are kept; beyond them all are read anew."""

SUMS = 64
"""As many sums are kept of a register, by the limit and what it counts together."""

BY_NAME = 200
"""As many that are not kept are asked for by their ids; where more are missing, all are read."""


REJECTED = "rejected"

COUNTED = frozenset({"approved", "waiting"})
"""What a record has to be to count towards a limit."""


class Seen(NamedTuple):
    """A record at one of its versions, with its place among those that were entered."""

    id: str
    project: str
    key: str
    version: int
    standing: str
    place: tuple[int, str]
    record: Record


Under = tuple[str, date]
"""The digest of the policy, and the day, whose rates count for what is not decided yet."""


class SeenRecords(dict[tuple[Under, str, int, str], Seen]):
    """By what they are seen under, the record's id, its version and its standing.

    Whether a rule blocks a record is no change of what it says, and has no version of its own.
    """

    def keep(self, under: Under, found: Iterable[Seen]) -> None:
        """Keep records; where they become too many, those from before are forgotten."""
        new = {(under, each.id, each.version, each.standing): each for each in found}
        if len(self) + len(new) > MOST:
            self.clear()
        if len(new) <= MOST:
            self.update(new)


class SeenParts(set[str]):
    """The parts of lists of records that the store is known to keep, by their digests."""

    def keep(self, digests: Collection[str]) -> None:
        """Keep some; where they become too many, those from before are forgotten."""
        if len(self) + len(digests) > MOST:
            self.clear()
        self.update(digests)


class SeenSubjects(dict[str, tuple[str, datetime]]):
    """By its id, of which kind a subject is, and when it came to be: neither ever changes."""

    def of(self, c: Context, ids: Collection[str]) -> dict[str, tuple[str, datetime]]:
        """Give what some are; only those that are not known yet are asked for."""
        unknown = set(ids) - self.keys()
        if len(self) + len(unknown) > MOST:
            self.clear()
            unknown = set(ids)
        rows = c.uow.subjects.many(unknown) if unknown else ()
        self.update((row.id, (row.kind, row.created_at)) for row in rows)
        return {id: self[id] for id in sorted(ids)}


@dataclass(slots=True)
class Shelf:
    """The records of a project's register as a transaction knows them, in the order of their keys.

    What it wrote since is typed when they are asked for, and nothing else is typed twice.
    """

    by_id: dict[str, Seen]
    order: list[tuple[str, str]]  # key and id
    noted: int = 0  # so much of the log of what was written is in it
    last: tuple[int, str] = (0, "")  # the place of what was entered last
    head: str | None = None  # the last line of the project's journal as it was made
    running: dict[Hashable, Any] = field(default_factory=dict)
    rejected: int = 0  # so many of them were rejected
    _standing: list[Seen] | None = None

    def put(self, seen: Seen) -> None:
        """Put in what a record says by now; where it said something else, sums begin anew."""
        there = self.by_id.get(seen.id)
        if there is None:
            insort(self.order, (seen.key, seen.id))
        elif (there.version, there.standing) == (seen.version, seen.standing):
            return
        else:
            self.rejected -= there.standing == REJECTED
        if there is not None or seen.place < self.last:
            self.running, self._standing = {}, None
        elif self._standing is not None and seen.standing in COUNTED:
            self._standing.append(seen)
        self.rejected += seen.standing == REJECTED
        self.by_id[seen.id] = seen
        self.last = max(self.last, seen.place)

    @property
    def standing(self) -> list[Seen]:
        """Those that are approved or wait, in the order of their entry."""
        if self._standing is None:
            found = (each for each in self.by_id.values() if each.standing in COUNTED)
            self._standing = sorted(found, key=attrgetter("place"))
        return self._standing

    def listed(self) -> list[Seen]:
        """Give all of them by key."""
        return [self.by_id[id] for _, id in self.order]


Place = tuple[str, date, str, str]
"""Where a shelf stands: under the policy of this digest, on a day, of a project and register."""


class KnownShelves(dict[Place, Shelf]):
    """Shelves as they stood at a line of their project's journal, which every change moves on.

    A command takes one away, and puts it back once all that it wrote is kept.
    """

    held = 0  # so many records are on them

    def take(self, place: Place, head: str) -> Shelf | None:
        """Take one away; None where there is none, or something was written since."""
        found = self._gone(place)
        return found if found is not None and found.head == head else None

    def put_back(self, place: Place, shelf: Shelf) -> None:
        """Put one back; where they hold too many records, those that were put first are gone."""
        self._gone(place)
        while self and self.held + len(shelf.by_id) > MOST:
            self._gone(next(iter(self)))
        if len(shelf.by_id) <= MOST:
            shelf.noted = 0
            if len(shelf.running) > SUMS:
                shelf.running = {}
            self.held += len(shelf.by_id)
            self[place] = shelf

    def clear(self) -> None:
        """Forget all."""
        super().clear()
        self.held = 0

    def _gone(self, place: Place) -> Shelf | None:
        found = self.pop(place, None)
        self.held -= 0 if found is None else len(found.by_id)
        return found


Typed = Callable[["Entry"], "Record"]
"""Gives an entry as rules see it."""


def all_seen(
    c: Context, project: str, register: Register, typed: Typed, own: Entry | None = None
) -> list[Seen]:
    """Give the records of a project's register by their keys; their moments are the office's.

    ``own``: one of them that is at hand, and need not be read again.
    """
    return _shelf(c, project, register, typed, own).listed()


def counted(
    c: Context, project: str | None, register: Register, entry: Entry, typed: Typed
) -> list[Seen]:
    """Give what cumulative limits count beside a record: what is approved, and waits before it.

    Those of a project, or of all, in the order of their entry; their moments are the office's.
    """
    place, there = (entry.entered, entry.id), _standing(c, project, register, typed, entry)
    if there and there[-1].id == entry.id:  # all that are before it count
        return there[:-1]
    return [
        each
        for each in there
        if each.id != entry.id and (each.standing == "approved" or each.place < place)
    ]


def running(
    c: Context, project: str, register: Register, entry: Entry, typed: Typed
) -> dict[Hashable, Any] | None:
    """Give what was added up of what ``counted`` gives, where nothing was entered after it."""
    shelf = _shelf(c, project, register, typed, entry)
    return shelf.running if shelf.last == (entry.entered, entry.id) else None


def _standing(
    c: Context, project: str | None, register: Register, typed: Typed, own: Entry
) -> list[Seen]:
    if project is None:
        under = c.policy.digest, c.today
        c.uow.once_kept((under, register.id), lambda: _keep_own(c, register, typed))
        now = c.uow.entries.standing(register.id)
        return _known(c, typed, now, partial(c.uow.entries.counted, register.id))
    return _shelf(c, project, register, typed, own).standing


def _shelf(c: Context, project: str, register: Register, typed: Typed, own: Entry | None) -> Shelf:
    """Give what a transaction knows of a register, with all that it wrote itself until now."""
    entries, place = c.uow.entries, _place(c, project, register.id)
    shelf = entries.shelved(place, lambda: _opened(c, place, register, typed))
    log = entries.log(project, register.id)
    new, shelf.noted = dict.fromkeys(log[shelf.noted :]), len(log)
    if own is not None and own.id in new:
        del new[own.id]
        shelf.put(_one_seen(c, own, typed))
    if new:
        for each in _typed(c, entries.as_written(list(new)), typed):
            shelf.put(each)
    return shelf


def _place(c: Context, project: str, register: str) -> Place:
    return c.policy.digest, c.today, project, register


def _opened(c: Context, place: Place, register: Register, typed: Typed) -> Shelf:
    """Give a shelf as the process knows it, or as the store does."""
    head = c.uow.journal.head(place[2])  # first: what comes meanwhile is no earlier
    shelf = None if head is None else c.governance.shelves.take(place, head)
    if shelf is None:
        shelf = _filled(c, place[2], register, typed)
    shelf.head = head
    c.uow.once_kept(place, lambda: _put_back(c, place, shelf, typed))
    return shelf


def _put_back(c: Context, place: Place, shelf: Shelf, typed: Typed) -> None:
    """Keep a shelf as the transaction left it, unless others wrote in the project meanwhile."""
    digest, today, project, register = place
    log, moved = c.uow.entries.log(project, register), c.uow.journal.moved(project)
    new = dict.fromkeys(log[shelf.noted :])
    held = c.uow.entries.own_by_id(new)
    for id in new:
        if id not in held:
            return
        shelf.put(_one_seen(c, held[id], typed))
    c.governance.seen.keep((digest, today), (shelf.by_id[id] for id in dict.fromkeys(log)))
    before, after = moved or (shelf.head, None if log else shelf.head)
    if after is not None and before == shelf.head:
        shelf.head = after
        c.governance.shelves.put_back(place, shelf)


def none_refused(c: Context, entry: Entry) -> bool:
    """Tell whether it is known already that nothing of an entry's register was rejected."""
    shelf = c.uow.entries.on_shelf(_place(c, entry.project, entry.register_name))
    return isinstance(shelf, Shelf) and not shelf.rejected


def _filled(c: Context, project: str, register: Register, typed: Typed) -> Shelf:
    entries = c.uow.entries
    now = entries.all_standing(project, register.id)
    found = _known(c, typed, now, partial(entries.all_seen, project, register.id))
    order = sorted((each.key, each.id) for each in found)
    last = max((each.place for each in found), default=(0, ""))
    rejected = sum(each.standing == REJECTED for each in found)
    return Shelf({each.id: each for each in found}, order, last=last, rejected=rejected)


def _known(
    c: Context,
    typed: Typed,
    now: Iterable[tuple[str, int, str]],
    read_all: Callable[[], Iterable[Entry]],
) -> list[Seen]:
    """Give what some versions say, as it was typed before; what is lacking is read."""
    kept, under, entries = c.governance.seen, (c.policy.digest, c.today), c.uow.entries
    keys = [(under, *row) for row in now]
    lacking = [key[1] for key in keys if key not in kept]
    if not lacking:
        return [kept[key] for key in keys]
    read = entries.seen(lacking) if len(lacking) <= BY_NAME else read_all()
    found = {each.id: each for each in _typed(c, read, typed)}
    kept.keep(under, (each for each in found.values() if not entries.is_own(each.id)))
    known = (found.get(key[1]) or kept.get(key) for key in keys)
    return [each for each in known if each is not None]


def _keep_own(c: Context, register: Register, typed: Typed) -> None:
    """Keep what a transaction wrote, as it left it: who comes next need not read it."""
    own = c.uow.entries.own(register.id)
    c.governance.seen.keep((c.policy.digest, c.today), _typed(c, own, typed))


def _typed(c: Context, entries: Iterable[Entry], typed: Typed) -> Iterator[Seen]:
    return (_one_seen(c, each, typed) for each in entries)


def _one_seen(c: Context, entry: Entry, typed: Typed) -> Seen:
    record = by_the_clocks_of(c.policy.calendar.clocks, typed(entry))
    place = (entry.entered, entry.id)
    return Seen(entry.id, entry.project, entry.key, entry.version, entry.standing, place, record)
