"""Rules and what follows from them."""

from __future__ import annotations

from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.expressions import Dated, InForce

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.model.durations import Span
    from pmo_engine.model.event_names import EventName
    from pmo_engine.model.fact_paths import FactPath
    from pmo_engine.model.quorum import Part
    from pmo_engine.model.vocabulary import Binding, ObligationKind
    from pmo_engine.policy.decision import WhenTimeIsUp
    from pmo_engine.policy.expressions import Expression
    from pmo_engine.source.diagnostics import Mark

LEAST_SENIOR = "least_senior_with_authority"
CHOSEN = "chosen_by"
NOBODY = "nobody"
"""What an expression gives, and a table says, where nobody has to sign."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One of those who sign: a role, LEAST_SENIOR, or CHOSEN by an expression.

    ``count`` of the role's holders sign, or the part of a body's members; one where it is None.
    """

    role: str
    count: Part | None = None
    chosen_by: Expression | None = None


@dataclass(frozen=True, slots=True)
class RequireApproval:
    """Some must sign: ``needs`` of those asked, or the part of them; all where it is None."""

    of: tuple[Asked, ...]
    within: Span | None
    ladder: str | None
    act: str | None
    needs: Part | None = None
    in_sequence: bool = False
    distinct: bool = True
    when_time_is_up: WhenTimeIsUp | None = None

    @property
    def role(self) -> str:
        """Name the role where there is one alone; LEAST_SENIOR or CHOSEN are as it is."""
        return self.of[0].role if len(self.of) == 1 else ""

    @property
    def seeks(self) -> bool:
        """Tell whether it asks the least senior who may."""
        return any(each.role == LEAST_SENIOR for each in self.of)

    @property
    def choices(self) -> tuple[Expression, ...]:
        """Give the expressions that say who signs."""
        return tuple(each.chosen_by for each in self.of if each.chosen_by is not None)

    @property
    def named(self) -> tuple[str, ...]:
        """Name the roles that it names itself."""
        return tuple(each.role for each in self.of if each.role not in {LEAST_SENIOR, CHOSEN})


@dataclass(frozen=True, slots=True)
class RequireAssessment:
    """A functional role must assess."""

    role: str
    within: Span | None
    ladder: str | None


@dataclass(frozen=True, slots=True)
class RequireInformation:
    """Named facts must be given."""

    facts: tuple[FactPath, ...]
    role: str | None
    within: Span | None
    ladder: str | None


@dataclass(frozen=True, slots=True)
class RequireEvidence:
    """A document or record must be there, no older than ``max_age``."""

    evidence: str
    role: str | None
    max_age: Span | None
    within: Span | None
    ladder: str | None = None


@dataclass(frozen=True, slots=True)
class RaiseException:
    """An exception report goes to ``role``."""

    role: str
    reason: str
    within: Span | None
    ladder: str | None


@dataclass(frozen=True, slots=True)
class Notify:
    """A role is told."""

    role: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """The record may not go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class AutoApprove:
    """The record passes by itself, as ``source`` says it may."""

    source: str


@dataclass(frozen=True, slots=True)
class Derive:
    """A fact that other rules may look at."""

    fact: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Finding:
    """The case is counted when a recorded history is replayed."""

    text: str


Effect: TypeAlias = (
    RequireApproval
    | RequireAssessment
    | RequireInformation
    | RequireEvidence
    | RaiseException
    | Notify
    | Block
    | AutoApprove
    | Derive
    | Finding
)


KINDS: Mapping[type[Effect], ObligationKind] = MappingProxyType(
    {
        RequireApproval: "approval",
        RequireAssessment: "assessment",
        RequireEvidence: "evidence",
        RaiseException: "exception",
        Block: "block",
    }
)
"""The kinds of obligations that somebody has to meet before a record goes on, facts apart."""


@dataclass(frozen=True, slots=True)
class Rule(Dated):
    """On an event, when a condition holds, what follows; and how strongly it binds."""

    id: str
    title: str
    on: tuple[EventName, ...]
    binding: Binding
    when: Expression | None  # None: always
    then: tuple[Effect, ...]
    in_force: InForce
    clause: str
    source: str
    pack: str | None
    mark: Mark = field(compare=False)
    states: tuple[str, ...] = ()  # in which a record is judged, which `when` says, too
    written: Expression | None = None  # the condition beside those states

    @property
    def condition(self) -> Expression | None:
        """Give the condition as it was written: the states of the record apart."""
        return self.written if self.states else self.when

    @property
    def asks_for(self) -> tuple[str, ...]:
        """Name the kinds of what it asks for, or has stand in the way, besides facts."""
        return tuple(dict.fromkeys(KINDS[type(e)] for e in self.then if type(e) in KINDS))

    @property
    def decides(self) -> bool:
        """Tell whether it has a part in what is decided about a record."""
        return any(isinstance(e, RequireApproval | AutoApprove | Block) for e in self.then)

    def as_of(self, day: date) -> Self | None:
        """Give the rule as always in force, if it is on ``day``."""
        return replace(self, in_force=InForce()) if day in self.in_force else None

    def turns(self) -> Iterator[date | None]:
        """Give its first day, and the first on which it no longer holds."""
        yield from (self.in_force.start, self.in_force.end)

    @property
    def choices(self) -> Iterator[Expression]:
        """Go through the expressions that say who must approve."""
        for effect in self.then:
            if isinstance(effect, RequireApproval):
                yield from effect.choices

    @property
    def derivations(self) -> Iterator[Derive]:
        """Go through the facts that this rule derives."""
        return (effect for effect in self.then if isinstance(effect, Derive))

    @property
    def expressions(self) -> Iterator[Expression]:
        """Go through its condition, what it derives, and what says who approves."""
        if self.when is not None:
            yield self.when
        yield from (effect.value for effect in self.derivations)
        yield from self.choices
