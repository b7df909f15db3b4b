"""What an engine finds of an event, as data: obligations, outcomes of rules, which policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.model.durations import Span
    from pmo_engine.model.fact_paths import FactPath
    from pmo_engine.model.signatures import Signatures
    from pmo_engine.model.vocabulary import Binding, ObligationKind, TimeUp
    from pmo_engine.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class WhenTimeIsUp:
    """What running out of time means; that it counts as given has a ``source``."""

    means: TimeUp
    source: str = ""


STRICTEST: tuple[TimeUp, ...] = ("counts as refused", "lapses", "goes up")
"""What prevails where two rules ask for one approval; silence gives it only where both say so."""


def strictest(said: Iterable[WhenTimeIsUp | None]) -> WhenTimeIsUp | None:
    """Give what holds where several rules ask for one approval; ``None`` is to wait on."""
    found = list(said)
    means = {each.means: each for each in reversed(found) if each is not None}
    for each in STRICTEST:
        if each in means:
            return means[each]
    return found[0] if all(found) else None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that follows for somebody; the same for every case, so made once.

    ``target`` tells obligations of one rule and kind apart: the role, evidence or fact. An approval
    has ``signatures`` where more than one person of ``role`` signs; its ``act`` is empty where it
    is *approve* of the record itself. ``also`` names further rules that ask for the same.
    """

    kind: ObligationKind
    rule: str
    target: str
    binding: Binding
    role: str | None = None
    within: Span | None = None
    ladder: str | None = None
    facts: tuple[FactPath, ...] = ()
    clause: str = ""
    also: tuple[str, ...] = ()
    text: str = ""
    act: str = ""
    signatures: Signatures | None = None
    when_time_is_up: WhenTimeIsUp | None = None
    max_age: Span | None = None  # of evidence

    @property
    def id(self) -> str:
        """Name it by rule, kind, target and act, by which decisions are reconciled."""
        return "/".join(filter(None, (self.rule, self.kind, self.target, self.act)))

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
    # Derived facts in which something is missing or went wrong: other rules see them as they are.
    open: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def of_rules(self, rules: Collection[str]) -> Outcomes:
        """Give what was found of some of them."""
        return replace(
            self,
            rules=tuple(rule for rule in self.rules if rule in rules),
            fired=tuple(rule for rule in self.fired if rule in rules),
            unknown={rule: paths for rule, paths in self.unknown.items() if rule in rules},
            faults={rule: text for rule, text in self.faults.items() if rule in rules},
        )

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

    @classmethod
    def of(cls, policy: Policy, on: date) -> PolicyReference:
        """Name a policy, with the day for which it was asked."""
        return cls(policy.name, policy.version, policy.digest, on.isoformat())
