"""What an engine says about an event: obligations, which rules fired, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.decisions.published import PublishedDecision

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.model.vocabulary import DecisionStatus
    from pmo_engine.policy.decision import Obligation, Outcomes, PolicyReference
    from pmo_engine.policy.events import Event


class Consequences(Protocol):
    """What follows from outcomes under one policy; worked out only where somebody asks."""

    def obligations(
        self, outcomes: Outcomes, facts: Mapping[str, Any]
    ) -> tuple[Obligation, ...]: ...

    def on_trial(
        self, outcomes: Outcomes, facts: Mapping[str, Any]
    ) -> Mapping[str, tuple[str, ...]]: ...

    def reasons(self, obligation: Obligation, facts: Mapping[str, Any]) -> tuple[str, ...]: ...

    def binds(self, rule: str) -> bool: ...

    def reference(self, day: date | None, event: Event) -> PolicyReference: ...


class Decision:
    """The engine's answer; what nobody asks for (obligations, words) is not worked out."""

    __slots__ = ("_consequences", "_day", "_event", "_obligations", "_published", "outcomes")

    def __init__(
        self, outcomes: Outcomes, consequences: Consequences, event: Event, day: date | None = None
    ) -> None:
        self.outcomes = outcomes
        self._consequences = consequences
        self._event = event
        self._day = day
        self._obligations: tuple[Obligation, ...] | None = None
        self._published: PublishedDecision | None = None

    @property
    def event(self) -> Event:
        """Give the event that was judged."""
        return self._event

    def of_rules(self, rules: Collection[str]) -> Decision:
        """Give the same answer of some rules alone."""
        outcomes = self.outcomes.of_rules(rules)
        return Decision(outcomes, self._consequences, self._event, self._day)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """Give what follows, merged and in stable order."""
        if self._obligations is None:
            self._obligations = self._consequences.obligations(self.outcomes, self._event.facts)
        return self._obligations

    @property
    def trial(self) -> Mapping[str, tuple[str, ...]]:
        """Say in words what rules on trial would have asked for; it binds nobody."""
        return self._consequences.on_trial(self.outcomes, self._event.facts)

    @property
    def policy(self) -> PolicyReference:
        """Say which policy decided, with the dated values of which day."""
        return self._consequences.reference(self._day, self._event)

    @property
    def status(self) -> DecisionStatus:
        """Say whether something blocks, waits, or nothing stands in the way.

        A fault in a binding rule waits too: it is never taken for no.
        """
        binding = [item for item in self.obligations if item.binding == "shall"]
        if any(item.kind == "block" for item in binding):
            return "blocked"
        faulty = any(self._consequences.binds(rule) for rule in self.outcomes.faults)
        if faulty or any(item.kind != "notice" for item in binding):
            return "waiting"
        return "clear"

    @property
    def noun(self) -> str:
        """Give the noun of the record that it is about."""
        return self._event.name.noun

    @property
    def fired(self) -> tuple[str, ...]:
        """Name the rules that are true."""
        return self.outcomes.fired

    @property
    def not_fired(self) -> tuple[str, ...]:
        """Name the rules that are false."""
        return self.outcomes.not_fired

    @property
    def unknown(self) -> Mapping[str, tuple[str, ...]]:
        """Give the rules that cannot be judged, with the paths that are missing."""
        return self.outcomes.unknown

    @property
    def faults(self) -> Mapping[str, str]:
        """Give the rules whose condition failed, with the reason."""
        return self.outcomes.faults

    @property
    def derived(self) -> Mapping[str, Any]:
        """Give the facts that rules derived."""
        return self.outcomes.derived

    def published(self) -> PublishedDecision:
        """Give the shape that users rely on, as the store keeps it."""
        if self._published is None:
            self._published = PublishedDecision.of(self)
        return self._published

    def keys(self) -> Iterable[str]:
        """Name the parts of the published shape, so that ``dict(decision)`` gives it."""
        return self.published().model_dump(mode="json").keys()

    def __getitem__(self, key: str) -> Any:
        """Give one part of the published shape."""
        return self.published().model_dump(mode="json", include={key})[key]

    def reasons(self, obligation: Obligation) -> tuple[str, ...]:
        """Say in words, with this case's values, why ``obligation`` follows."""
        known = {**self._event.facts, **self.outcomes.derived}
        return self._consequences.reasons(obligation, known)

    def __eq__(self, other: object) -> bool:
        """Compare everything that is published."""
        return isinstance(other, Decision) and self.published() == other.published()

    __hash__ = None  # type: ignore[assignment]  # compared by content, so never a key
