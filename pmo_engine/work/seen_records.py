"""The records that limits count, as rules see them: each of its versions is typed once.

What a version of a record says on a day never changes, so a process keeps it from one command to
the next, and asks the store only which versions stand. What a transaction wrote itself may still
be taken back: that is known once all of it is kept. What a subject is never changes at all.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from pmo_engine.policy.events import by_the_clocks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pmo_engine.feel.values import Record
    from pmo_engine.policy import Register
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

MOST = 50_000
"""So many records are kept; beyond them all are read anew."""

BY_NAME = 200
"""As many that are not kept are asked for by their ids; where more are missing, all are read."""


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


def counted(
    c: Context,
    project: str | None,
    register: Register,
    entry: Entry,
    typed: Callable[[Entry], Record],
) -> list[Seen]:
    """Give what cumulative limits count beside a record: what is approved, and waits before it.

    Those of a project, or of all, in the order of their entry; their moments are the office's.
    ``typed`` gives one as rules see it.
    """
    place = (entry.entered, entry.id)
    return [
        each
        for each in _standing(c, project, register, typed)
        if each.id != entry.id and (each.standing == "approved" or each.place < place)
    ]


def _standing(
    c: Context, project: str | None, register: Register, typed: Callable[[Entry], Record]
) -> list[Seen]:
    kept, under, entries = c.governance.seen, (c.policy.digest, c.today), c.uow.entries
    c.uow.once_kept((under, register.id), lambda: _keep_own(c, register, typed))
    keys = [(under, *row) for row in entries.standing(project, register.id)]
    lacking = [key[1] for key in keys if key not in kept]
    if not lacking:
        return [kept[key] for key in keys]
    read = (
        entries.seen(lacking) if len(lacking) <= BY_NAME else entries.counted(project, register.id)
    )
    found = {each.id: each for each in _typed(c, read, typed)}
    kept.keep(under, (each for each in found.values() if not entries.is_own(each.id)))
    known = (found.get(key[1]) or kept.get(key) for key in keys)
    return [each for each in known if each is not None]


def _keep_own(c: Context, register: Register, typed: Callable[[Entry], Record]) -> None:
    """Keep what a transaction wrote, as it left it: who comes next need not read it."""
    own = c.uow.entries.own(register.id)
    c.governance.seen.keep((c.policy.digest, c.today), _typed(c, own, typed))


def _typed(
    c: Context, entries: Iterable[Entry], typed: Callable[[Entry], Record]
) -> Iterator[Seen]:
    clocks = c.policy.calendar.clocks
    for each in entries:
        record = by_the_clocks_of(clocks, typed(each))
        place = (each.entered, each.id)
        yield Seen(each.id, each.project, each.key, each.version, each.standing, place, record)
