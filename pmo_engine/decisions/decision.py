"""What an engine says about an event: obligations, which rules fired, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.feel.wire import to_json

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

    __slots__ = ("_consequences", "_day", "_event", "_obligations", "outcomes")

    def __init__(
        self, outcomes: Outcomes, consequences: Consequences, event: Event, day: date | None = None
    ) -> None:
        self.outcomes = outcomes
        self._consequences = consequences
        self._event = event
        self._day = day
        self._obligations: tuple[Obligation, ...] | None = None

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

    def keys(self) -> Iterable[str]:
        """Name the parts of the published shape, so that ``dict(decision)`` gives it."""
        return self.as_dict().keys()

    def __getitem__(self, key: str) -> Any:
        """Give one part of the published shape."""
        return self.as_dict()[key]

    def reasons(self, obligation: Obligation) -> tuple[str, ...]:
        """Say in words, with this case's values, why ``obligation`` follows."""
        known = {**self._event.facts, **self.outcomes.derived}
        return self._consequences.reasons(obligation, known)

    def as_dict(self) -> dict[str, Any]:
        """Give the published shape."""
        return {
            "status": self.status,
            "obligations": [self._published(item) for item in self.obligations],
            "fired": list(self.outcomes.fired),
            "not_fired": list(self.outcomes.not_fired),
            "unknown": {rule: list(paths) for rule, paths in self.outcomes.unknown.items()},
            "faults": dict(self.outcomes.faults),
            "derived": {name: to_json(value) for name, value in self.outcomes.derived.items()},
            "policy": self.policy.as_dict(),
            **self._tried(),
        }

    def _tried(self) -> dict[str, Any]:
        """Give what is published of rules on trial, where any fired."""
        trial = {rule: list(asked) for rule, asked in self.trial.items()}
        return {"trial": trial} if trial else {}

    def _published(self, item: Obligation) -> dict[str, Any]:
        return {
            "id": item.id,
            "kind": item.kind,
            "rule": item.rule,
            "binding": item.binding,
            "from": item.role,
            "within": item.within,
            "ladder": item.ladder,
            "facts": list(item.facts),
            "clause": item.clause,
            "reasons": list(self.reasons(item)),
        }

    def __eq__(self, other: object) -> bool:
        """Compare everything that is published."""
        return isinstance(other, Decision) and self.as_dict() == other.as_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by content, so never a key
