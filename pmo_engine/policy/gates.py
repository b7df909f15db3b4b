"""Stage gates."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from pmo_engine.model.confidence import SCALES
from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from pmo_engine.model.confidence import Points
    from pmo_engine.model.durations import Span
    from pmo_engine.model.event_names import EventName
    from pmo_engine.model.vocabulary import Outcome
    from pmo_engine.policy.decision import WhenTimeIsUp
    from pmo_engine.policy.expressions import Expression
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a gate asks: a must is yes or no, a should is scored 0 to 10 against a hurdle.

    It is judged by an expression, ``when`` or ``score``, or else by whoever holds ``judge``; empty,
    by the head of the office.
    ``evidence`` names what of the gate's evidence it rests on.
    """

    id: str
    text: str
    level: Literal["must", "should"]
    judge: str = ""
    when: Expression | None = None
    hurdle: int | None = None
    score: Expression | None = None
    weight: int = 1
    evidence: tuple[str, ...] = ()
    mark: Mark = field(compare=False, default=NOWHERE)

    @property
    def by_expression(self) -> bool:
        """Tell whether the engine judges it, and nobody is asked."""
        return self.when is not None or self.score is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a gate wants to see, from whom, and how old it may be on the day of the decision.

    ``role`` is empty for the project manager; ``register`` names that of which it has to be an
    entry, where it has to.
    """

    id: str
    text: str
    max_age: Span | None
    role: str = ""
    register: str | None = None
    within: Span | None = None
    ladder: str | None = None


@dataclass(frozen=True, slots=True)
class Assessing:
    """How a functional role assesses at a gate: ``in_person``, or computed from the registers.

    ``independent``: by nobody who has a role in the project.
    """

    role: str
    in_person: bool = False
    within: Span | None = None
    ladder: str | None = None
    independent: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """When a review begins by itself: on an event, ``when`` something holds, or ``before`` a day.

    ``of`` comes to that day.
    """

    on: EventName | None = None
    when: Expression | None = None
    before: Span | None = None
    of: Expression | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """When an outcome is recommended to the body, and why."""

    outcome: Outcome
    when: Expression | None
    because: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """The scale on which confidence is rated from a day on."""

    points: Points
    since: date | None

    @property
    def steps(self) -> tuple[str, ...]:
        """Give its steps, from sure to not at all."""
        return SCALES[self.points]


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage gate: who assesses, who decides, what may come of it."""

    id: str
    title: str
    from_stage: str
    to_stage: str
    assessments: tuple[str, ...]
    decided_by: str
    within: Span | None
    ladder: str | None
    outcomes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    evidence: tuple[Evidence, ...]
    mark: Mark = field(compare=False)
    when_time_is_up: WhenTimeIsUp | None = None
    assessing: tuple[Assessing, ...] = ()
    opened_by: tuple[str, ...] = ()  # the roles that open it by hand; none: any in the project
    opens: tuple[Opening, ...] = ()
    recommend: tuple[Advice, ...] = ()  # the first that holds, before the engine's own
    resources: bool = False  # a decision to pass says which resources it gives
    repeats: bool = False  # it is held in every later stage, too, and moves none of them
    behind: tuple[str, ...] = ()  # the stages declared after the one that it leads out of

    def criterion(self, id: str) -> Criterion | None:
        """Find a criterion by its id."""
        return next((each for each in self.criteria if each.id == id), None)

    def evidence_called(self, id: str) -> Evidence | None:
        """Find what the gate wants to see by its id."""
        return next((each for each in self.evidence if each.id == id), None)

    @property
    def scheduled(self) -> bool:
        """Tell whether it is opened when its time comes."""
        return any(each.before is not None for each in self.opens)

    def how(self, role: str) -> Assessing:
        """Say how a functional role assesses here."""
        return next((each for each in self.assessing if each.role == role), Assessing(role))


def entries(gates: Sequence[Gate]) -> dict[str, Gate]:
    """Give the stages in which a project may begin, each with the gate that it meets first.

    They are those that no gate leads to; where every stage is led to, that before the first gate.
    """
    reached = {each.to_stage for each in gates if each.to_stage != each.from_stage}
    found = {each.from_stage: each for each in reversed(gates) if each.from_stage not in reached}
    return found or {each.from_stage: each for each in gates[:1]}


def later(gates: Collection[Gate], stage: str) -> set[str]:
    """Name the stages that lie behind one, whichever gates lead there."""
    found: set[str] = set()
    ahead = [stage]
    for here in ahead:
        new = {each.to_stage for each in gates if each.from_stage == here} - found
        found |= new
        ahead += sorted(new)
    return found
