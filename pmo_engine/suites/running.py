"""Suites: facts in, the decision expected; each case run, with its differences in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.decisions.gate_rules import judging
from pmo_engine.engines.engine import Engine
from pmo_engine.feel.wire import aware
from pmo_engine.model.ballots import counted
from pmo_engine.model.durations import Span
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.ladders import Due, timetable
from pmo_engine.suites.expectations import Findings, differences
from pmo_engine.suites.gates import gate_differences
from pmo_engine.suites.worked import failures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import BallotCase, Case, GateCase, Policy, Suite
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.source.diagnostics import Mark

    Decide = Callable[[Mapping[str, Any]], Decision]

WORKED = "figures"
"""What the worked examples of figures are called together."""
DEFAULT_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case of a suite went; no failures means that it passed."""

    suite: str
    case: str
    failures: tuple[str, ...]
    mark: Mark
    event: Mapping[str, Any]  # of a ballot, empty
    about: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Say whether everything expected came out."""
        return not self.failures


def chosen(policy: Policy, pattern: str) -> Policy:
    """Keep to the cases whose suite or name is like a pattern, or has it in it."""
    suites = (
        replace(
            suite,
            cases=tuple(case for case in suite.cases if _like(suite, case, pattern)),
            ballots=tuple(case for case in suite.ballots if _like(suite, case, pattern)),
            gates=tuple(case for case in suite.gates if _like(suite, case, pattern)),
        )
        for suite in policy.suites
    )
    return replace(
        policy,
        suites=tuple(each for each in suites if each.size),
        worked=tuple(each for each in policy.worked if _is_like(f"{WORKED}: {each.name}", pattern)),
    )


def _like(suite: Suite, case: Case | BallotCase | GateCase, pattern: str) -> bool:
    return _is_like(f"{suite.id}: {case.name}", pattern)


def _is_like(name: str, pattern: str) -> bool:
    wanted, name = pattern.casefold(), name.casefold()
    return wanted in name or fnmatchcase(name, wanted)


def run_suites(
    policy: Policy, decide: Decide, on: date | None = None, backend: str = "tracing"
) -> Iterator[CaseResult]:
    """Run every case of every suite in order, then every worked example of figures.

    An error of a case is its failure. What gates ask is judged by the engine that ``backend``
    names.

    Cases without a time of their own happen ``on`` this day.
    """
    judging_engine = cache(lambda: Engine(judging(policy), backend))
    for suite in policy.suites:
        for case in suite.cases:
            event = event_of(policy, case, on)
            start = perf_counter()
            failures = _run(policy, suite, case, event, decide)
            yield CaseResult(
                suite=suite.id,
                case=case.name,
                failures=failures,
                mark=case.mark,
                event=event,
                about=suite.about,
                seconds=perf_counter() - start,
            )
        for ballot in suite.ballots:
            yield _counted(policy, suite, ballot)
        for gate in suite.gates:
            yield _at_gate(policy, suite, gate, on, judging_engine().decide)
    for example in policy.worked:
        start = perf_counter()
        wrong = failures_of(policy, example, first_moment(policy, on))
        seconds = perf_counter() - start
        yield CaseResult(WORKED, example.name, wrong, example.mark, {}, (), seconds)


def _counted(policy: Policy, suite: Suite, case: BallotCase) -> CaseResult:
    """Count a ballot by the terms of its body, and hold it against what is expected."""
    start = perf_counter()
    rules = policy.terms[case.body].rules(in_writing=case.in_writing)
    result = counted(rules, case.tally, closed=case.closed)
    said = f"outcome: {case.outcome} was expected, and it is {result.state}: {result.why}"
    failures = () if result.state == case.outcome else (f"{said} ({result.tally})",)
    seconds = perf_counter() - start
    return CaseResult(suite.id, case.name, failures, case.mark, {}, (), seconds)


def _at_gate(
    policy: Policy, suite: Suite, case: GateCase, on: date | None, judge: Decide
) -> CaseResult:
    """Judge a project by the expressions of a gate, and hold it against what is expected."""
    start = perf_counter()
    moment = case.at or first_moment(policy, on)
    failures = tuple(gate_differences(policy.gates[case.gate], case, moment, judge))
    seconds = perf_counter() - start
    return CaseResult(suite.id, case.name, failures, case.mark, {}, (), seconds)


def _run(
    policy: Policy, suite: Suite, case: Case, event: Mapping[str, Any], decide: Decide
) -> tuple[str, ...]:
    try:
        decision = decide(event)
    except ValueError as error:
        return (str(error),)
    rungs = [due for _, due in fired_rungs(policy, suite, case, event["at"], decision)]
    found = Findings(decision, suite.about, rungs)
    return tuple(differences(case.expect, found))


def event_of(policy: Policy, case: Case, on: date | None = None) -> dict[str, Any]:
    """Give the event that a case stands for; without a time, noon ``on`` a day or of the first."""
    moment = case.at or first_moment(policy, on)
    return {"event": case.event, "at": moment, "facts": dict(case.facts)}


def first_moment(policy: Policy, on: date | None = None) -> datetime:
    """Give noon ``on`` a day or of the policy's first: when a case without a time happens."""
    day = on or policy.in_force_from
    if day is None:
        return DEFAULT_DAY
    return datetime.combine(day, time(12), ZoneInfo(policy.calendar.zone))


def fired_rungs(
    policy: Policy, suite: Suite, case: Case, at: datetime | str, decision: Decision
) -> Iterator[tuple[str, Due]]:
    """Give the rungs that are due when the time ``after`` the event has passed, with their ladders.

    Nobody has done anything meanwhile. A case that names no such time has none.
    """
    if case.after is None:
        return
    opened = aware(at)
    until = policy.calendar.deadline(opened, Span.parse(case.after))
    for item in decision.obligations:
        if suite.about and not set(suite.about) & set(item.rules):
            continue
        for due in _rungs_of(policy, item, opened):
            if due.moment <= until:
                yield str(item.ladder), due


def _rungs_of(policy: Policy, item: Obligation, opened: datetime) -> Iterable[Due]:
    if item.ladder is None or item.within is None or item.role is None:
        return ()
    due = policy.calendar.deadline(opened, item.within)
    return timetable(policy, policy.ladders[item.ladder], item.role, opened, due)
