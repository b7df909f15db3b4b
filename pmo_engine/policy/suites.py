"""Tests of a policy: facts in, the decision expected, differences in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.policy.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

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
EXPECTATIONS = (*BY_ROLE, *BY_TARGET, "blocked", "status", "fired", "unknown", "facts")
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


def run_suites(policy: Policy, decide: Decide) -> Iterator[CaseResult]:
    """Run every case of every suite in order; an error of a case is its failure."""
    for suite in policy.suites:
        for case in suite.cases:
            yield CaseResult(suite.id, case.name, _run(policy, suite, case, decide), case.mark)


def _run(policy: Policy, suite: Suite, case: Case, decide: Decide) -> tuple[str, ...]:
    try:
        decision = decide(event_of(policy, case))
    except ValueError as error:
        return (str(error),)
    found = Findings(decision, suite.about)
    return tuple(_differences(case.expect, found))


def event_of(policy: Policy, case: Case) -> dict[str, Any]:
    """Give the event that a case stands for; without a time, noon of the policy's first day."""
    moment = DEFAULT_DAY
    if policy.in_force_from is not None:
        zone = ZoneInfo(policy.calendar.zone)
        moment = datetime.combine(policy.in_force_from, time(12), zone)
    return {"event": case.event, "at": case.at or moment, "facts": dict(case.facts)}


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
        if key == "facts":
            return {name: to_json(value) for name, value in outcomes.derived.items()}
        return self._decision.status

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
        came = found.of(key)
        if key == "facts" and isinstance(wanted, dict):
            came = {name: came.get(name) for name in wanted}
        if _comparable(wanted) != _comparable(came):
            yield f"{key}: expected {_shown(wanted)}, got {_shown(came)}"


def _comparable(value: Any) -> Any:
    """Bring text from a file and JSON from a decision to one form."""
    if isinstance(value, dict):
        return {str(name): _comparable(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted(str(_comparable(item)) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_shown(item)}" for name, item in value.items()) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
