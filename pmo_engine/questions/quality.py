"""How good the data of open records are: what is missing, stale or contradicts itself."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import Field

from pmo_engine.feel.values import Missing, Record
from pmo_engine.feel.wire import WireError
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape
from pmo_engine.policy import Quality
from pmo_engine.policy.figures import is_open
from pmo_engine.policy.registers import IMPORTED
from pmo_engine.questions.lists import holds, records_with_figures
from pmo_engine.work.facts import given_value
from pmo_engine.work.records.office_functions import last_day
from pmo_engine.work.records.relations import broken_relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pmo_engine.policy import Register, Relation
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

Sort: TypeAlias = Literal["missing", "stale", "contradictory"]
NOBODY = "nobody"
PASSING = "not in the past"
"""What a field must be when it is written, and what time makes of every day."""


class Flaw(Shape):
    """What is wrong with the data of a record; ``field`` is empty where it is of several."""

    project: str
    register_name: str = Field(alias="register")
    key: str
    owner: str
    sort: Sort
    field: str
    says: str


class Held(Shape):
    """How good the data of some records are: how many are without a flaw, and what is wrong.

    ``complete``: of the fields that the records ought to have the part that is there, 0 to 100;
    None where they ought to have none.
    """

    records: int
    good: int
    missing: int
    stale: int
    contradictory: int
    complete: int | None


class QualityReport(Shape):
    """The flaws of all records that were looked at, and how many there are by what they are of."""

    records: int
    good: int
    by_project: dict[str, Held]
    by_register: dict[str, Held]
    by_owner: dict[str, Held]
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A record that was looked at: whose it is, how many fields it ought to have, its flaws."""

    project: str
    register: str
    owner: str
    expected: int
    flaws: tuple[Flaw, ...]


def quality_of(
    c: Context, places: Mapping[str, Iterable[str]], owner: str | None = None
) -> QualityReport:
    """Look at the open records of registers, each in some projects, of one owner or all."""
    looked = [
        each
        for register, projects in places.items()
        for each in _looked(c, c.policy.registers[register], projects)
        if owner in {None, each.owner}
    ]
    return QualityReport(
        records=len(looked),
        good=sum(not each.flaws for each in looked),
        by_project=_by(looked, "project"),
        by_register=_by(looked, "register"),
        by_owner=_by(looked, "owner"),
        flaws=tuple(flaw for each in looked for flaw in each.flaws),
    )


def _by(looked: list[Looked], what: str) -> dict[str, Held]:
    names = sorted({getattr(each, what) for each in looked})
    return {name: _held([e for e in looked if getattr(e, what) == name]) for name in names}


def _held(looked: list[Looked]) -> Held:
    sorts = Counter(flaw.sort for each in looked for flaw in each.flaws)
    expected = sum(each.expected for each in looked)
    return Held(
        records=len(looked),
        good=sum(not each.flaws for each in looked),
        missing=sorts["missing"],
        stale=sorts["stale"],
        contradictory=sorts["contradictory"],
        complete=100 * (expected - sorts["missing"]) // expected if expected else None,
    )


def _looked(c: Context, register: Register, projects: Iterable[str]) -> Iterator[Looked]:
    quality = c.policy.quality.get(register.id, Quality(register.id))
    required = (each.name for each in register.fields.values() if each.required)
    expected = tuple(dict.fromkeys((*required, *quality.complete)))
    changed: dict[str, dict[str, datetime]] = {}
    last = cache(partial(last_day, c))
    for entry, record in records_with_figures(c, register, projects):
        if not is_open(record, register):
            continue
        if entry.project not in changed:
            changed[entry.project] = c.uow.entries.changed_at(entry.project, register.id)
        looking = _Looking(c, register, quality, expected, entry, record, last)
        flaws = tuple(looking.flaws(changed[entry.project][entry.id]))
        owner = entry.owner or NOBODY
        yield Looked(entry.project, register.id, owner, len(expected), flaws)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks at one record; ``expected`` are the fields that it ought to have."""

    c: Context
    register: Register
    quality: Quality
    expected: tuple[str, ...]
    entry: Entry
    record: Record
    last_day: Callable[[str], date | Missing | None]

    def flaws(self, changed: datetime) -> Iterator[Flaw]:
        """Give all that is wrong: what is missing first."""
        for name in self.expected:
            if _given(self.entry, name) is None:
                yield self._flaw("missing", name, "is not given")
        yield from self._stale(changed)
        yield from self._contradictions()

    def _stale(self, changed: datetime) -> Iterator[Flaw]:
        since, days = self.quality.since, self.quality.stale_days
        if days is None:
            return
        day = self._day(since, changed)
        if day is None:
            yield self._flaw("stale", since or "", "nobody says when it was looked at last")
        elif (age := (self.c.today - day).days) > days:
            what = "the last change" if since is None else since.replace("_", " ")
            said = f"{what} is {age} days old, and may be {days}"
            yield self._flaw("stale", since or "", said)

    def _day(self, since: str | None, changed: datetime) -> date | None:
        moment = changed if since is None else self.record.get(since)
        return moment.astimezone(self.c.zone).date() if isinstance(moment, datetime) else moment

    def _contradictions(self) -> Iterator[Flaw]:
        owner = self.entry.owner
        if owner is not None and not self.c.uow.people.is_there(owner):
            yield self._flaw("contradictory", "owner", f"'{owner}' is nobody known")
        elif (left := self._left(owner)) is not None:
            yield self._flaw("contradictory", "owner", f"'{owner}' left on {left}")
        yield from self._beyond()
        for relation in self.register.relations:
            if relation.how != PASSING and (said := self._broken(relation)):
                yield self._flaw("contradictory", relation.name, said)
        for each in self.quality.contradictions:
            found = holds(self.c, self.register, each.when, self.record)
            if found is True:
                yield self._flaw("contradictory", "", each.says)
            elif isinstance(found, Missing) and found.faults:
                yield self._flaw("contradictory", "", f"{each.says}: {'; '.join(found.faults)}")

    def _left(self, owner: str | None) -> date | None:
        """Give the last day of an owner whose roles are all over; who never held one is there."""
        last = None if owner is None else self.last_day(owner)
        return last if isinstance(last, date) and last < self.c.today else None

    def _broken(self, relation: Relation) -> str | None:
        values = {name: self.record.get(name) for name in (*self.register.fields, *IMPORTED)}
        said = {**values, "key": self.entry.key}
        return broken_relation(self.c, self.register, self.entry.project, said, relation)

    def _beyond(self) -> Iterator[Flaw]:
        """Find values that the register, as it is declared now, would not take."""
        for name, value in self.entry.document.items():
            field = self.register.fields.get(name)
            if field is None or value is None:
                continue
            try:
                given_value(self.c, field.type, value, "")
            except WireError as error:
                yield self._flaw("contradictory", name, str(error))

    def _flaw(self, sort: Sort, field: str, says: str) -> Flaw:
        return Flaw(
            project=self.entry.project,
            register_name=self.register.id,
            key=self.entry.key,
            owner=self.entry.owner or NOBODY,
            sort=sort,
            field=field,
            says=says,
        )


def _given(entry: Entry, name: str) -> Any:
    return getattr(entry, name) if name in IMPORTED else entry.document.get(name)
