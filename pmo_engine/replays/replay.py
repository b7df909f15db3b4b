"""Replays a recorded history against a policy: which cases would it have found fault with?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import Field

from pmo_engine.engines.engine import make_backend
from pmo_engine.exchange.event_logs import Columns, RecordedCase, RecordedLog, open_log
from pmo_engine.model.shape import Shape, iso
from pmo_engine.policy import Finding
from pmo_engine.policy.selection import Selection, Selector
from pmo_engine.replays.mapping import Teller
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from datetime import date, datetime

    from pmo_engine.engines.backend import Backend
    from pmo_engine.policy import EventLog, Policy
    from pmo_engine.policy.decision import Outcomes

Progress: TypeAlias = Callable[[int, int], None]  # cases and events so far

EXAMPLES = 10
CASES_PER_STEP = 500


class ReplayedPolicy(Shape):
    """Which policy judged; ``on`` is null where each event had its own day."""

    name: str
    version: str
    digest: str
    on: str | None


class Report(Shape):
    """What a replay found, rules in the policy's order; what is published comes first.

    ``findings`` counts the cases in which a rule was true at least once, ``examples`` names the
    first ten of them, ``unmapped`` counts events by activity. ``unknown`` and ``faults`` count
    the cases in which a rule, of whatever effect, could not be judged; ``reasons`` says why in
    the first of each. ``reordered`` counts cases whose events were not recorded by time.
    """

    cases: int
    events: int
    findings: Mapping[str, int]
    examples: Mapping[str, tuple[str, ...]]
    unmapped: Mapping[str, int]
    policy: ReplayedPolicy
    unknown: Mapping[str, int] = Field(exclude=True)
    faults: Mapping[str, int] = Field(exclude=True)
    reasons: Mapping[str, str] = Field(exclude=True)
    reordered: int = Field(exclude=True)


def replay(
    policy: Policy,
    log_path: Path | str,
    *,
    on: date | None = None,
    backend: str = "compiled",
    mapping: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge every event of a recorded history, as it happened, by the rules in force that day.

    ``on`` pins the dated values to a day, ``mapping`` names the policy's ``event_log`` where it
    has several. The log is read once, case by case. Raises HistoryError where it is wrong, and
    CommandError for a policy that maps no log.
    """
    chosen = _mapping(policy, mapping)
    path = Path(log_path)
    log = _opened(chosen, path)
    with closing(make_backend(backend)) as judge:
        counted = _Replay(policy, Teller(policy, chosen, path), judge, on)
        for case in log:
            counted.add(case)
            if progress is not None and counted.cases % CASES_PER_STEP == 0:
                progress(counted.cases, counted.events)
    return counted.report(log.reordered)


def _mapping(policy: Policy, wanted: str | None) -> EventLog:
    found = [log for log in policy.event_logs if wanted in {None, log.id}]
    if len(found) == 1:
        return found[0]
    known = ", ".join(log.id for log in policy.event_logs)
    if not known:
        message = f"policy '{policy.name}' maps no recorded history"
        raise CommandError(f"{message}; add a file of 'kind: event_log'")
    if wanted is None:
        raise CommandError(f"policy '{policy.name}' maps several histories; choose of {known}")
    raise CommandError(f"policy '{policy.name}' has no event log '{wanted}'; it has {known}")


def _opened(mapping: EventLog, path: Path) -> RecordedLog:
    return open_log(
        path,
        wanted=frozenset(attribute for attribute, _ in mapping.attributes),
        columns=Columns(mapping.case, mapping.activity, mapping.timestamp),
        zone=None if mapping.zone is None else ZoneInfo(str(mapping.zone)),
    )


class _Replay:
    """Judges one case after another and counts."""

    def __init__(self, policy: Policy, teller: Teller, backend: Backend, on: date | None) -> None:
        self.cases = 0
        self.events = 0
        self._policy = policy
        self._teller = teller
        self._backend = backend
        self._on = on
        self._zone = ZoneInfo(policy.calendar.zone)
        self._selector = Selector(policy, self._zone)
        self._unmapped: Counter[str] = Counter()
        self._fired: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}
        self._reasons: dict[str, str] = {}

    def add(self, case: RecordedCase) -> None:
        """Judge every event of a case, and its end."""
        self.cases += 1
        self.events += len(case.events)
        self._count_unmapped(case)
        fired: set[str] = set()
        unknown: set[str] = set()
        faults: set[str] = set()
        for event, at, facts in self._teller.told(case):
            selection = self._selection(event, at)
            if not selection.rules:
                continue
            facts["now"], facts["today"] = at, at.date()
            outcomes = self._backend.outcomes(selection, facts)
            fired.update(outcomes.fired)
            if outcomes.unknown or outcomes.faults:
                unknown.update(outcomes.unknown)
                faults.update(outcomes.faults)
                self._explain(case.id, outcomes)
        self._count(case.id, fired)
        if unknown or faults:
            self._unknown.update(unknown)
            self._faults.update(faults)

    def report(self, reordered: int) -> Report:
        """Give what was found."""
        order = [rule.id for rule in self._policy.rules]
        sought = [rule.id for rule in self._policy.rules if _finds(rule.then)]
        return Report(
            cases=self.cases,
            events=self.events,
            findings={rule: self._fired[rule] for rule in sought},
            examples={rule: tuple(self._examples.get(rule, ())) for rule in sought},
            unmapped=dict(sorted(self._unmapped.items())),
            policy=ReplayedPolicy(
                name=self._policy.name,
                version=self._policy.version,
                digest=self._policy.digest,
                on=iso(self._on),
            ),
            unknown={rule: self._unknown[rule] for rule in order if rule in self._unknown},
            faults={rule: self._faults[rule] for rule in order if rule in self._faults},
            reasons={rule: self._reasons[rule] for rule in order if rule in self._reasons},
            reordered=reordered,
        )

    def _selection(self, event: str, at: datetime) -> Selection:
        if self._on is None:
            return self._selector.at(event, at)
        return self._selector.select(event, self._on)

    def _count_unmapped(self, case: RecordedCase) -> None:
        mapped = self._teller.mapped
        for event in case.events:
            if event.activity not in mapped:
                self._unmapped[event.activity] += 1

    def _count(self, case: str, fired: set[str]) -> None:
        for rule in fired:
            self._fired[rule] += 1
            if self._fired[rule] <= EXAMPLES:
                self._examples.setdefault(rule, []).append(case)

    def _explain(self, case: str, outcomes: Outcomes) -> None:
        for rule, text in outcomes.faults.items():
            self._reasons.setdefault(rule, f"{case}: {text}")
        for rule, paths in outcomes.unknown.items():
            self._reasons.setdefault(rule, f"{case}: not known: {', '.join(paths)}")


def _finds(effects: tuple[object, ...]) -> bool:
    return any(isinstance(effect, Finding) for effect in effects)
