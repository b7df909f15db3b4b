"""Tests of a policy: facts in, the decision expected, differences in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.model.money import Money
from pmo_engine.policy.feel import types as t
from pmo_engine.policy.wire import WireError, from_wire, to_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pmo_engine.policy.decision import Decision, Kind, Obligation
    from pmo_engine.policy.diagnostics import Mark
    from pmo_engine.policy.tree import Case, Policy, Suite

    Decide = Callable[[Mapping[str, Any]], Decision]

BY_ROLE: Mapping[str, Kind] = {
    "approvals": "approval",
    "assessments": "assessment",
    "exceptions": "exception",
    "notices": "notice",
}
BY_TARGET: Mapping[str, Kind] = {"information": "information", "evidence": "evidence"}
STATUSES = ("clear", "waiting", "blocked")


@dataclass(frozen=True, slots=True)
class Shape:
    """What may be written under a key of ``expect``, and how to say so."""

    holds: Callable[[Any], bool]
    about: str


_LIST = Shape(lambda value: isinstance(value, list), "a list, as in [pmo_head], or []")
EXPECTATIONS: Mapping[str, Shape] = {
    **dict.fromkeys((*BY_ROLE, *BY_TARGET, "fired", "unknown"), _LIST),
    "blocked": Shape(lambda value: str(value) in {"true", "false"}, "true or false"),
    "status": Shape(lambda value: value in STATUSES, f"one of {', '.join(STATUSES)}"),
    "facts": Shape(lambda value: isinstance(value, dict), "a mapping from name to value"),
}
DEFAULT_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case of a suite went; no failures means that it passed."""

    suite: str
    case: str
    failures: tuple[str, ...]
    mark: Mark

    @property
    def passed(self) -> bool:
        """Say whether everything expected came out."""
        return not self.failures


def run_suites(policy: Policy, decide: Decide, on: date | None = None) -> Iterator[CaseResult]:
    """Run every case of every suite in order; an error of a case is its failure.

    Cases without a time of their own happen ``on`` this day.
    """
    for suite in policy.suites:
        for case in suite.cases:
            failures = _run(suite, case, decide, event_of(policy, case, on))
            yield CaseResult(suite.id, case.name, failures, case.mark)


def _run(suite: Suite, case: Case, decide: Decide, event: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        decision = decide(event)
    except ValueError as error:
        return (str(error),)
    found = Findings(decision, suite.about)
    return tuple(_differences(case.expect, found))


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


class Findings:
    """What a decision says, as far as a suite judges it."""

    def __init__(self, decision: Decision, about: Collection[str]) -> None:
        self._decision = decision
        self._about = frozenset(about)

    def of(self, key: str) -> Any:
        """Give what came out under a key of ``expect``, as JSON."""
        outcomes = self._decision.outcomes
        if key in BY_ROLE:
            return sorted(str(item.role) for item in self._obligations(BY_ROLE[key]))
        if key in BY_TARGET:
            return sorted(item.target for item in self._obligations(BY_TARGET[key]))
        if key == "blocked":
            return bool(self._obligations("block"))
        if key == "fired":
            return sorted(self._judged(outcomes.fired))
        if key == "unknown":
            return sorted(self._judged(outcomes.unknown))
        return self._decision.status

    @property
    def derived(self) -> Mapping[str, Any]:
        """Give the facts that rules derived."""
        return self._decision.outcomes.derived

    def _judged(self, rules: Iterable[str]) -> list[str]:
        return [rule for rule in rules if not self._about or rule in self._about]

    def _obligations(self, kind: Kind) -> list[Obligation]:
        return [
            item
            for item in self._decision.obligations
            if item.kind == kind and self._judged(item.rules)
        ]


def _differences(expect: Mapping[str, Any], found: Findings) -> Iterator[str]:
    for key, wanted in expect.items():
        if key == "facts":
            yield from _other_facts(wanted, found.derived)
        elif _ordered(wanted) != _ordered(came := found.of(key)):
            yield f"{key}: expected {_shown(wanted)}, got {_shown(came)}"


def _other_facts(wanted: Mapping[str, Any], derived: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        if name not in derived:
            yield f"facts.{name}: expected {_shown(value)}, and no rule derived it"
        elif not _same(value, derived[name]):
            yield f"facts.{name}: expected {_shown(value)}, got {_shown(to_json(derived[name]))}"


def _same(wanted: Any, value: Any) -> bool:
    """Compare what a file says with a value: numbers and money by value, not by how written."""
    match value:
        case dict():
            alike = isinstance(wanted, dict) and wanted.keys() == value.keys()
            return alike and all(_same(wanted[name], item) for name, item in value.items())
        case list() | tuple():
            alike = isinstance(wanted, list) and len(wanted) == len(value)
            return alike and all(map(_same, wanted, value))
        case Decimal() | Money():
            kind = t.MoneyType() if isinstance(value, Money) else t.NUMBER
            try:
                return bool(from_wire(kind, wanted, "") == value)
            except WireError:
                return False
        case _:
            return str(wanted) == _shown(to_json(value))


def _ordered(value: Any) -> Any:
    return sorted(str(item) for item in value) if isinstance(value, list) else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_shown(item)}" for name, item in value.items()) or "none"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
