"""Time passes: each time of the clock that came since the last sweep, in order, each once."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

from pmo_engine.model.event_names import RHYTHMS, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import place_of
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.model.working_time.occasions import last_occasion
from pmo_engine.policy.events import PLACES
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.people.places import calendar_for, calendars
from pmo_engine.work.people.subject import called
from pmo_engine.work.records.homes import OfOffice
from pmo_engine.work.rounds.opening import let_rounds_go_on
from pmo_engine.work.subjects import Locked, Office, OfPlace
from pmo_engine.work.timed.forgotten import forgotten
from pmo_engine.work.timed.last_days import follow_last_days
from pmo_engine.work.timed.looking import look, pending
from pmo_engine.work.timed.things import events_of_place
from pmo_engine.work.timed.watching import events_of, is_over, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from pmo_engine.store.tables import Project, Watch
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Context, Governance

PORTION = 50
"""So many subjects are looked at in one transaction, between which others have their turn."""
A_MOMENT = timedelta(seconds=1)
WATCHED = "watched under"
"""The setting that keeps under which version of the policy all records were found to be watched."""


class Progress(Protocol):
    """Is told how much of what is due was looked at."""

    def __call__(self, done: int, of: int) -> None:
        """Tell it."""


class Looked(Shape):
    """How many records rules on time looked at, and of how many they said something new."""

    looked: int
    said: int

    def __add__(self, other: Looked) -> Looked:
        return Looked(looked=self.looked + other.looked, said=self.said + other.said)


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """What is looked at together: subjects of one project, at one time of the clock."""

    at: datetime
    project: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfSubjects:
    """A command about several subjects of a project, by their ids."""

    project: str
    ids: tuple[str, ...]

    def lock(self, uow: UnitOfWork) -> Locked:
        uow.subjects.lock_all(self.ids)
        return Locked(chain=self.project, place=self.project)


def nothing(_moment: datetime) -> None:
    """Have no turn."""


def let_time_pass(
    governance: Governance,
    *,
    by: str = SYSTEM,
    progress: Progress | None = None,
    before: Callable[[datetime], None] = nothing,
) -> Looked:
    """Raise what the clock has to raise since it did last; another who does it does nothing twice.

    What was missed has its turn day after day, as of its day; portions are commands of their own.
    ``before`` each time of the clock somebody else has their turn.
    """
    watch_all(governance, by)
    watch_places(governance, by)
    let_rounds_go_on(governance, by)
    follow_last_days(governance, by)
    done = Looked(looked=0, said=0)
    while portions := first_due(governance):
        before(portions[0].at)
        for each in portions:
            order = Order(by, SWEEP, OfSubjects(each.project, each.subjects), Looked)
            done += carry_out(governance, order, partial(_look_at, due=each))
            if progress is not None:
                progress(done.looked, done.looked + _left(portions, each))
    return done


def _left(portions: Sequence[Due], last: Due) -> int:
    return sum(len(each.subjects) for each in portions[portions.index(last) + 1 :])


def _look_at(c: Command, due: Due) -> Looked:
    """Look at all of a portion that nobody looked at meanwhile."""
    watches = [each for each in c.uow.watches.of(due.subjects) if _is_due(c, each, due.at)]
    return Looked(looked=len(watches), said=sum(look(c, each, due.at) for each in watches))


def _is_due(c: Context, row: Watch, at: datetime) -> bool:
    if row.due_at is None:
        return False
    calendar = calendar_for(c, row.project)
    return pending(calendar, EventName(row.event), row.due_at, row.looked_at, c.now) == at


def first_due(governance: Governance) -> list[Due]:
    """Give what is to be looked at next: all of the earliest time that has come."""
    found: dict[datetime, dict[str, set[str]]] = {}
    with governance.reading() as c:
        of_project = cache(partial(calendar_for, c))
        for subject, event, project, due_at, looked_at in _all_due(c):
            at = pending(of_project(project), EventName(event), due_at, looked_at, c.now)
            if at is not None and project is not None:
                found.setdefault(at, {}).setdefault(project, set()).add(subject)
    if not found:
        return []
    at = min(found)
    return [
        Due(at, project, ids)
        for project, subjects in sorted(found[at].items())
        for ids in _portions(sorted(subjects))
    ]


def _all_due(c: Context) -> Iterator[tuple[str, str, str | None, datetime, datetime]]:
    """Give what is due by the last time of each rhythm that has come by any office's calendar."""
    for rhythm in RHYTHMS:
        last = (last_occasion(each, rhythm, c.now) for each in calendars(c))
        until = c.now if rhythm == "stage" else max(filter(None, last), default=None)
        if until is not None:
            yield from c.uow.watches.due(rhythm, until)


def _portions(ids: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(ids[at : at + PORTION]) for at in range(0, len(ids), PORTION))


def watch_all(governance: Governance, by: str) -> None:
    """Look at every open record from now on, once for each version of the policy that binds.

    Records that were entered before a version had rules on time are watched from when it binds.
    """
    with governance.reading() as c:
        if c.uow.settings.get(WATCHED) == c.rules.digest:
            return
        digest = c.rules.digest
        places = c.uow.projects.places()
    for place in places:
        order = Order(by, SWEEP, OfPlace(place), Looked)
        carry_out(governance, order, _watch_project)
    carry_out(governance, Order(by, SWEEP, Office(), Looked), partial(_watched, digest=digest))


def _watch_project(c: Command) -> Looked:
    """Watch each record of a project that nobody watches; those that are watched are due again."""
    project = c.on.row.id
    _take_back_unknown(c, c.on.row)
    _watch_place(c)
    known = c.uow.watches.watched(project)
    since = _binds_since(c, project)
    rows = []
    for entry in c.uow.entries.of_project(project):
        if not is_over(entry):
            begins = max(since, entry.submitted_at or since)
            events = events_of(c.under(entry), entry)
            rows += [watch(entry.id, each, project, begins) for each in events]
    new = [each for each in rows if (each.subject_id, each.event) not in known]
    c.uow.watches.add_new(new)
    c.uow.watches.project_changed(project, stage=False)
    return Looked(looked=0, said=0)


def _take_back_unknown(c: Command, place: Project) -> None:
    """Take back what rules asked of a place that the policy has no more."""
    gone = forgotten(c.uow.obligations.open_for(place.id), c.policy)
    take_back(c, gone, "No rule asks for it any more.", ())


def watch_places(governance: Governance, by: str) -> None:
    """Look from now on at projects and offices that are new, where rules on time are about such."""
    with governance.reading() as c:
        if not any(map(c.rules.timed_events, PLACES)) and not c.rules.opened_by_time("project"):
            return
        offices = [] if not c.rules.timed_events("office") else [*c.policy.offices] or [OFFICE]
        there = set(c.uow.projects.places())
        offices = [each for each in offices if place_of(each) not in there and _is_open(c, each)]
        new = c.uow.watches.unwatched_places()
    for office in offices:
        carry_out(governance, Order(by, SWEEP, OfOffice(governance, office), Looked), _watch_place)
    for place in new:
        carry_out(governance, Order(by, SWEEP, OfPlace(place), Looked), _watch_place)


def _is_open(c: Context, office: str) -> bool:
    declared = c.policy.offices.get(office)
    return declared is None or declared.under is None or declared.is_open(c.today)


def _watch_place(c: Command) -> Looked:
    """Watch a project, or the place of an office, from the last working morning on."""
    place: Project = c.on.row
    events = events_of_place(c, place)
    if events:
        since = last_occasion(calendar_for(c, place.id), "day", c.now) or c.now
        c.uow.subjects.add_place(place.id, called(place))
        rows = [watch(place.id, each, place.id, since - A_MOMENT) for each in events]
        c.uow.watches.add_new(rows)
    return Looked(looked=0, said=0)


def _binds_since(c: Context, project: str) -> datetime:
    """Give since when what binds now does, as far as that is known: else for the day in hand."""
    term = c.governance.in_force(c.now)
    if term is not None:
        return term.binds_from
    return last_occasion(calendar_for(c, project), "day", c.now) or c.now


def _watched(c: Command, *, digest: str) -> Looked:
    c.uow.settings.put(WATCHED, digest)
    return Looked(looked=0, said=0)
