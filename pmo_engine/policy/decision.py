"""What an engine says about an event: obligations, which rules fired, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pmo_engine.policy.wire import to_json

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy.assembly import Assembler
    from pmo_engine.policy.events import Event
    from pmo_engine.policy.tree import Binding

Kind: TypeAlias = Literal[
    "approval", "assessment", "information", "evidence", "exception", "notice", "block"
]
Status: TypeAlias = Literal["clear", "waiting", "blocked"]


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that follows for somebody; the same for every case, so made once.

    ``target`` tells obligations of one rule and kind apart: the role, evidence or fact.
    ``also`` names further rules that ask for the same.
    """

    kind: Kind
    rule: str
    target: str
    binding: Binding
    role: str | None = None
    within: str | None = None
    ladder: str | None = None
    facts: tuple[str, ...] = ()
    clause: str = ""
    also: tuple[str, ...] = ()
    text: str = ""

    @property
    def id(self) -> str:
        """Name it by rule, kind and target, by which decisions are reconciled."""
        return f"{self.rule}/{self.kind}/{self.target}"

    @property
    def rules(self) -> tuple[str, ...]:
        """Name all rules that ask for it, the leading one first."""
        return (self.rule, *self.also)


NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a back-end found of each rule in force for an event, in the policy's order."""

    rules: tuple[str, ...]  # all that are in force
    fired: tuple[str, ...]
    unknown: Mapping[str, tuple[str, ...]]
    faults: Mapping[str, str]
    derived: Mapping[str, Any]
    # By rule, who must approve as its expressions say, or what is missing to say so.
    chosen: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: NOTHING)

    @property
    def not_fired(self) -> tuple[str, ...]:
        """Name the rules whose condition is false."""
        others = {*self.fired, *self.unknown, *self.faults}
        return tuple(rule for rule in self.rules if rule not in others)


@dataclass(frozen=True, slots=True)
class PolicyReference:
    """Which policy decided: ``on`` is the day whose dated values were used (ISO)."""

    name: str
    version: str
    digest: str
    on: str

    def as_dict(self) -> dict[str, str]:
        """Give the published shape."""
        return {
            "name": self.name,
            "version": self.version,
            "digest": self.digest,
            "on": self.on,
        }


class Decision:
    """The engine's answer; what nobody asks for (obligations, words) is not worked out."""

    __slots__ = ("_assembler", "_day", "_event", "_obligations", "outcomes")

    def __init__(
        self, outcomes: Outcomes, assembler: Assembler, event: Event, day: date | None = None
    ) -> None:
        self.outcomes = outcomes
        self._assembler = assembler
        self._event = event
        self._day = day
        self._obligations: tuple[Obligation, ...] | None = None

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """Give what follows, merged and in stable order."""
        if self._obligations is None:
            self._obligations = self._assembler.obligations(self.outcomes, self._event.facts)
        return self._obligations

    @property
    def trial(self) -> Mapping[str, tuple[str, ...]]:
        """Say in words what rules on trial would have asked for; it binds nobody."""
        return self._assembler.on_trial(self.outcomes, self._event.facts)

    @property
    def policy(self) -> PolicyReference:
        """Say which policy decided, with the dated values of which day."""
        return self._assembler.reference(self._day, self._event)

    @property
    def status(self) -> Status:
        """Say whether something blocks, waits, or nothing stands in the way.

        A fault in a binding rule waits too: it is never taken for no.
        """
        binding = [item for item in self.obligations if item.binding == "shall"]
        if any(item.kind == "block" for item in binding):
            return "blocked"
        faulty = any(self._assembler.binds(rule) for rule in self.outcomes.faults)
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
        return self._assembler.reasons(obligation, known)

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
