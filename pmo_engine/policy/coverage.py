"""Which rules, and which of their outcomes, the cases of the suites reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy.decision import Decision
    from pmo_engine.policy.suites import Decide
    from pmo_engine.policy.tree import Policy, Rule

OUTCOMES = ("true", "false", "unknown")


def own_rules(policy: Policy) -> tuple[Rule, ...]:
    """Give the rules that the policy's own suites have to test.

    Rules of packs in use are tested in their packs, except those that a suite here is about.
    """
    named = {rule for suite in policy.suites for rule in suite.about}
    return tuple(
        rule
        for rule in policy.rules
        if rule.pack is None or rule.pack == policy.name or rule.id in named
    )


@dataclass(slots=True)
class Coverage:
    """Decides as ``decide`` does, and remembers what came of each rule."""

    policy: Policy
    decide: Decide
    reached: set[tuple[str, str]] = field(default_factory=set)

    def __call__(self, event: Mapping[str, Any]) -> Decision:
        """Decide an event; raises what ``decide`` raises."""
        decision = self.decide(event)
        outcomes = decision.outcomes
        self.reached |= {(rule, "true") for rule in outcomes.fired}
        self.reached |= {(rule, "false") for rule in outcomes.not_fired}
        self.reached |= {(rule, "unknown") for rule in outcomes.unknown}
        return decision

    def gaps(self) -> list[tuple[str, tuple[str, ...]]]:
        """Give each rule with the outcomes that no case reached; a rule without condition is true.

        Faults count for no outcome.
        """
        found = {}
        for rule in own_rules(self.policy):
            wanted = OUTCOMES if rule.when is not None else OUTCOMES[:1]
            missed = tuple(item for item in wanted if (rule.id, item) not in self.reached)
            if missed:
                found[rule.id] = missed
        return list(found.items())
