"""What the engine said, and from which versions of which records."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import Index, UniqueConstraint, bindparam, func, select
from sqlmodel import Field, col

from pmo_engine.decisions.published import PublishedDecision
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.event_names import EventName
from pmo_engine.store.base import Identified, Table, refers_to
from pmo_engine.store.columns import Document, Modelled, Moment, Shaped
from pmo_engine.store.errors import NotFound
from pmo_engine.store.repository import IdRepository, Repository, Transaction

Version = tuple[str, int]
"""A record's key, and its version; below zero where a rule blocked it as it was looked at."""

Part = tuple[Version | str, ...]
"""What a part of a listing holds: versions, or the digests of further parts."""

FEW = 16
"""As many parts are written without asking first which of them are there."""

LEAST, USUAL, MOST = 4, 32, 128  # items of a part of a listing


class Decision(Identified, table=True):
    """What the engine said about an event, under which policy, from which facts.

    `number`: which it was of all about its subject, from 1; the repository counts, since clocks of
    several machines differ. One that is about no project, as of a version of the policy, is the
    office's. `facts`: all but the lists of a register's records, of which `listings` has the digest
    by the fact's name.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_at", "at"),
        Index("ix_decisions_project_at", "project", "at"),
        UniqueConstraint("subject_id", "number"),
    )

    project: str | None = refers_to("projects.id", default=None)
    subject_id: str = refers_to("subjects.id")
    number: int = Field(default=None, nullable=False)
    subject_version: int
    event: str
    at: datetime = Field(sa_type=Moment)
    policy_name: str
    policy_version: str
    policy_digest: str
    facts: dict[str, Any] = Field(sa_type=Shaped("decision"))
    listings: dict[str, str] = Field(default_factory=dict, sa_type=Shaped("decision"))
    result: PublishedDecision = Field(sa_type=Modelled("decision", PublishedDecision))


class Planted(NamedTuple):
    """A list that is kept: the digest by which it is read, and those of all its parts."""

    digest: str
    parts: frozenset[str]


class ListingPart(Table, table=True):
    """A part of a list of versions, by the digest of its items: versions, or further parts."""

    __tablename__ = "listing_parts"

    digest: str = Field(primary_key=True)
    items: list[Any] = Field(sa_type=Document)


class Decisions(IdRepository[Decision]):
    """What the engine said."""

    model = Decision
    noun = "decision"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._last: dict[str, int] = {}

    def add(self, row: Decision) -> Decision:
        """The decision about a subject that is locked, with its id; nothing changes it any more."""
        row.id = row.id or self._transaction.ids()
        last = self._last.get(row.subject_id)
        if last is None and row.subject_id not in self._transaction.begun:
            self._session.flush()
            [(last,)] = self._session.ask(_LAST, of=row.subject_id)
        row.number = self._last[row.subject_id] = (last or 0) + 1
        self._session.put(row)
        return row

    def of_subject(self, id: str) -> list[Decision]:
        """The decisions about a subject, in the order in which they were taken."""
        return self._transaction.read(_OF_SUBJECT, of=id)

    def untimed(self, id: str) -> list[Decision]:
        """The decisions about a subject that no clock brought about, in their order."""
        return [row for row in self.of_subject(id) if EventName(row.event).rhythm is None]

    def results(self, id: str) -> list[PublishedDecision]:
        """What those of `untimed` came to, without what they looked at."""
        self._session.flush()
        found = self._session.ask(_RESULTS, of=id)
        return [result for event, result in found if EventName(event).rhythm is None]

    def of_project(self, project: str) -> list[Decision]:
        """All decisions in a project, oldest first."""
        mine = select(Decision).where(col(Decision.project) == project)
        order = (Decision.at, Decision.subject_id, Decision.number)
        return self._all(mine.order_by(*(col(each) for each in order)))


_MINE = col(Decision.subject_id) == bindparam("of")
_OF_SUBJECT = select(Decision).where(_MINE).order_by(col(Decision.number))
_RESULTS = (
    select(col(Decision.event), col(Decision.result)).where(_MINE).order_by(col(Decision.number))
)
_LAST = select(func.max(col(Decision.number))).where(_MINE)


_DIGEST = Table.metadata.tables["listing_parts"].c.digest


_KEPT = select(_DIGEST).where(_DIGEST.in_(bindparam("digests", expanding=True)))


class Listings(Repository[ListingPart]):
    """Lists of versions, kept as trees of parts that they share.

    Where a list ends a part hangs on its items alone, so that two lists that differ in one item
    differ in one part of each level: what a decision adds does not grow with the register.
    """

    model = ListingPart
    noun = "listing"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._unwritten: dict[str, Part] = {}
        self._written: set[str] = set()

    def keep(self, versions: Iterable[Version], there: Collection[str] = ()) -> Planted:
        """Keeps a list, of which the order counts; ``there``: digests that are known to be kept."""
        parts: dict[str, Part] = {}
        root = _planted(tuple(versions), parts)
        new = parts.keys() - there - self._written
        if len(new) > FEW:
            new -= self._there(new)
        self._unwritten |= {digest: parts[digest] for digest in new}
        self._written |= parts.keys()
        return Planted(root, frozenset(parts))

    def write(self) -> None:
        """Writes what was kept so far, of many lists in one statement."""
        parts, self._unwritten = self._unwritten, {}
        rows = [{"digest": digest, "items": list(parts[digest])} for digest in sorted(parts)]
        if rows:
            self._transaction.insert_what_is_new(ListingPart, rows)

    def read(self, digest: str) -> list[Version]:
        """The list. Raises `NotFound`."""
        self.write()
        items = self._items([digest])
        while items and isinstance(items[0], str):
            items = self._items(items)
        return [(key, version) for key, version in items]

    def _items(self, digests: Sequence[str]) -> list[Any]:
        wanted = select(ListingPart).where(col(ListingPart.digest).in_(set(digests)))
        found = {part.digest: part.items for part in self._all(wanted)}
        for digest in digests:
            if digest not in found:
                raise NotFound(self.noun, digest)
        return [item for digest in digests for item in found[digest]]

    def _there(self, digests: Iterable[str]) -> set[str]:
        """Which of these are kept."""
        return set(self._transaction.rows(_KEPT, digests=list(digests)))


def _planted(items: Sequence[Version | str], parts: dict[str, Part]) -> str:
    """Adds the parts of a tree over these items; gives the digest of its root."""
    split = list(_split(items)) or [()]
    digests = [_digest_of(part) for part in split]
    parts.update(zip(digests, split, strict=True))
    return digests[0] if len(digests) == 1 else _planted(digests, parts)


@lru_cache(maxsize=4096)
def _digest_of(part: Part) -> str:
    """What most lists share with those before them is hashed once."""
    return sha256(canonical(part)).hexdigest()[:40]


def _split(items: Sequence[Version | str]) -> Iterator[Part]:
    start = 0
    for end, item in enumerate(items, 1):
        length = end - start
        if length == MOST or (length >= LEAST and _ends_a_part(item)):
            yield tuple(items[start:end])
            start = end
    if start < len(items):
        yield tuple(items[start:])


def _ends_a_part(item: Version | str) -> bool:
    """By the key, whatever its version, or the digest: about every thirty-second does."""
    name = item if isinstance(item, str) else item[0]
    return crc32(name.encode()) % USUAL == 0
