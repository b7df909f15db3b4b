"""Events: something happened to a record, and what a rule may look at."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from reprlib import repr as brief
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import WireError, aware, from_wire, printable
from pmo_engine.model.event_names import RHYTHMS, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.working_time.calendar import YEARS
from pmo_engine.policy.rates import in_own_currency
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

    from pmo_engine.policy import Policy

KEYS = frozenset({"event", "at", "project", "facts"})
SHOWN = 160
OWN_EVENTS = tuple(
    map(
        EventName,
        ("case.closed", "gate.opened", "gate.assessed", "gate.closed", "project.updated"),
    )
)
"""Events that need no register: the engine brings them about."""


PLACES = ("project", "office")
"""What the clock raises events for beside records, unless a register has the noun."""


class EventError(ValueError):
    """An event that the policy cannot judge as it stands; one line for each problem."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(map(printable, problems))
        super().__init__("; ".join(self.problems))


Row = tuple[str, int]
"""A record's key, and its version; below zero where a rule blocked it as it was looked at."""


class FromRegister(list[Record]):
    """The records of a register, and which version each of them is.

    ``clocks``: the zone in which their moments are read already, if they are. ``running``: what
    limits added up of the first so many of them, with how many those were; where it was given, it
    is that of a list to which these were only added, and which the record in hand is not in.
    """

    def __init__(
        self,
        records: Iterable[Record],
        rows: Iterable[Row],
        clocks: tzinfo | None = None,
        running: dict[Hashable, Any] | None = None,
    ) -> None:
        super().__init__(records)
        self.rows = tuple(rows)
        self.clocks = clocks
        self.grows = running is not None
        self.running: dict[Hashable, Any] = {} if running is None else running


@dataclass(frozen=True, slots=True)
class Event:
    """What happened (``change_request.submitted``), when (UTC), and the typed facts."""

    name: EventName
    at: datetime
    project: str | None
    facts: Mapping[str, Any]
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)  # of the lists from registers

    def day(self, zone: ZoneInfo) -> date:
        """Give the day of the event in the office's zone."""
        return self.at.astimezone(zone).date()


def read_event(policy: Policy, raw: Mapping[str, Any]) -> Event:
    """Type an event given as a mapping (see the published shape); raises EventError."""
    problems = [f"'{key}' is not part of an event" for key in sorted(set(raw) - KEYS)]
    name = raw.get("event")
    if not isinstance(name, str):
        raise EventError([*problems, "an event needs its name, as in 'event: risk.raised'"])
    problems += _unknown_event(policy, name)
    moment = _moment(raw.get("at"), problems)
    project = raw.get("project")
    if project is not None and (not isinstance(project, str) or printable(project) != project):
        problems.append(f"'project' must be a text, not {_shown(project)}")
    on = None if moment is None else moment.astimezone(policy.calendar.clocks).date()
    facts, wrong = read_facts(policy, raw.get("facts", {}), on)
    problems += [f"facts.{error}" if error.path else str(error) for error in wrong]
    if problems or moment is None:
        raise EventError(problems)
    return make_event(policy, name, moment, facts, None if project is None else str(project))


def make_event(
    policy: Policy, name: str, at: datetime, facts: Mapping[str, Any], project: str | None = None
) -> Event:
    """Put an event together from facts that are typed already; their moments are the office's."""
    moment, zone = at.astimezone(UTC), policy.calendar.clocks
    scope = {name: by_the_clocks_of(zone, value) for name, value in facts.items()}
    scope.setdefault("now", moment.astimezone(zone))
    scope.setdefault("today", moment.astimezone(zone).date())
    if project is not None:
        scope.setdefault("project", Record("project", {"id": project}))
    rows = {name: v.rows for name, v in facts.items() if isinstance(v, FromRegister)}
    return Event(EventName(name), moment, project, scope, rows)


def by_the_clocks_of(zone: tzinfo, value: Any) -> Any:
    """Read the moments in a fact as the clocks of a zone show them; nothing else is altered."""
    match value:
        case datetime(tzinfo=tzinfo()):
            return value if value.tzinfo is zone else _read_in(zone, value)
        case Record():
            moved = _moved(zone, value)
            return Record(value.path, {**value, **moved}, value.fields) if moved else value
        case dict():
            return {**value, **_moved(zone, value)}
        case FromRegister() if value.clocks is zone:
            return value
        case list():
            return [by_the_clocks_of(zone, item) for item in value]
        case _:
            return value


def _read_in(zone: tzinfo, moment: datetime) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:  # the first or last day that there is
        return moment


def _moved(zone: tzinfo, record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: read
        for name, value in record.items()
        if (read := by_the_clocks_of(zone, value)) is not value
    }


def _shown(value: Any) -> str:
    """Quote what was given, of lists and mappings the beginning."""
    return repr(value) if isinstance(value, str) else brief(value)


def _unknown_event(policy: Policy, name: str) -> list[str]:
    known = known_events(policy)
    if name in known:
        return []
    hint = event_hint(name, known)
    return [f"no register or rule knows the event '{name}'" + (f" ({hint})" if hint else "")]


_OTHER_WORDS = {
    "submitted": "created raised entered logged requested received new lodged",
    "updated": "changed amended modified edited revised",
    "approved": "accepted agreed authorised authorized",
    "rejected": "declined refused denied",
    "withdrawn": "cancelled canceled",
    "closed": "completed finished done",
    "rescinded": "revoked",
}
_LITTLE = frozenset({"a", "an", "the", "is", "was", "when", "on", "has", "been"})


def event_meant(event: str, known: Collection[str]) -> tuple[str, ...]:
    """Give the event that was meant by ``change created``, ``changes.submitted``, ``change``."""
    nouns = {EventName(each).noun for each in known}
    words = [each for each in re.findall(r"\w+", event.casefold()) if each not in _LITTLE]
    for split in (len(words), len(words) - 1):
        said = "_".join(words[:split])
        noun = next((each for each in (said, said.removesuffix("s")) if each in nouns), "")
        what = "_".join(words[split:]) or "submitted"
        what = next((each for each, others in _OTHER_WORDS.items() if what in others.split()), what)
        if f"{noun}.{what}" in known:
            return (f"{noun}.{what}",)
    return ()


def event_hint(event: str, known: Collection[str]) -> str:
    """Suggest the event that was meant: of the same record, if there is one."""
    if meant := event_meant(event, known):
        return f"did you mean '{meant[0]}'?"
    noun, what = EventName(event).noun, EventName(event).what
    same = {each.what for each in map(EventName, known) if each.noun == noun and each.what} - {what}
    if same:
        near = nearest(what, same)
        known_ones = f"events of '{noun}': {', '.join(sorted(same))}"
        return near.replace("mean '", f"mean '{noun}.") if near else known_ones
    return nearest(event.replace(" ", "."), known)


@lru_cache(maxsize=16)
def known_events(policy: Policy) -> frozenset[EventName]:
    """Name every event that a register declares or a rule waits for."""
    declared = {event for register in policy.registers.values() for event in register.events}
    awaited = {event for rule in policy.rules for event in rule.on}
    return frozenset({*declared, *awaited, *OWN_EVENTS, *timed_events(policy)})


def timed_events(policy: Policy) -> frozenset[EventName]:
    """Name every event that the clock can raise for a record, a project or an office."""
    nouns = {*PLACES, *(register.noun for register in policy.registers.values())}
    return frozenset(EventName.timed(noun, rhythm) for noun in nouns for rhythm in RHYTHMS)


def _moment(value: Any, problems: list[str]) -> datetime | None:
    try:
        moment = aware(value)
    except (ValueError, TypeError):
        wanted = "must be a time with its zone, as in 2026-03-02T09:00:00Z"
        problems.append(f"'at' {wanted}, not {_shown(value)}"[:SHOWN])
        return None
    if moment.year not in YEARS:
        problems.append(f"'at' lies between {YEARS[0]} and {YEARS[-1]}, not in {moment.year}")
        return None
    return moment


def read_facts(
    policy: Policy, given: Any, on: date | None = None, *, kept: bool = False
) -> tuple[dict[str, Any], list[WireError]]:
    """Type facts given by name; what is wrong comes beside them, a problem for each name.

    ``on``: the day by whose rates amounts of other currencies are read; without, none is. What is
    ``kept`` was in its range when it was written, and is read as it is.
    """
    if not isinstance(given, dict):
        return {}, [WireError("", "'facts' must be a mapping from name to value")]
    facts: dict[str, Any] = {}
    problems: list[WireError] = []
    for name, value in given.items():
        try:
            facts[name] = _fact(policy, name, value, on, kept=kept)
        except WireError as error:
            problems.append(error)
    return facts, problems


def _fact(policy: Policy, name: str, value: Any, on: date | None, *, kept: bool) -> Any:
    kind = policy.facts.get(name)
    if kind is None:
        hint = nearest(name, policy.facts) or _field_hint(policy, name)
        raise WireError(name, "is no fact of this policy" + (f" ({hint})" if hint else ""))
    given = value if on is None else in_own_currency(policy, kind, value, name, on)
    return from_wire(unbounded(kind) if kept else kind, given, name)


def _field_hint(policy: Policy, name: str) -> str:
    """Say which record a field belongs to that was given by itself."""
    roots = [each.root for each in policy.registers.values() if name in each.fields]
    return f"a field of '{roots[0]}': write {roots[0]}: {{{name}: ...}}" if roots else ""
