"""The public door for functional roles: a review goes in, an assessment comes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import Field, PlainSerializer

from pmo_engine.feel.wire import to_json
from pmo_engine.model.durations import Span
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Allowed, Shape
from pmo_engine.model.vocabulary import Result

if TYPE_CHECKING:
    from pmo_engine.engines.figures import Worked

Entry: TypeAlias = Mapping[str, Any]
Figures: TypeAlias = Mapping[str, Any]

NOTHING: Mapping[str, Any] = MappingProxyType({})


def _exact(figures: Figures) -> Any:
    return to_json(dict(figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A gate review as a functional role sees it.

    ``registers`` gives the project's entries by register. Their values are typed (``Money``,
    ``Decimal``, ``date``, ``bool``, ``str``); what was not given is absent. ``parameters`` are
    those of the role's pack as the policy set them, ``facts`` what is known of the project.
    ``figures`` are those that the pack declares, worked out for the project.
    """

    project: str
    gate: str
    stage: str
    today: date
    now: datetime
    currency: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    registers: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    figures: Mapping[str, Worked] = field(default_factory=dict)

    def figure(self, name: str) -> Any:
        """Give a declared figure, exact, or None where it is not available.

        LookupError where no pack in use declares it.
        """
        if name not in self.figures:
            raise LookupError(f"no figure '{name}': the policy does not use this role's pack")
        worked = self.figures[name]
        return worked.value if worked.available else None

    def shown_of(self, name: str) -> Any:
        """Give a declared figure as it is shown, or None where it is not available."""
        return None if self.figure(name) is None else self.figures[name].shown

    def shown(self) -> dict[str, Any]:
        """Give all declared figures as they are shown; what is not available says why."""
        return {
            name: worked.shown if worked.available else {"not_available": worked.why}
            for name, worked in self.figures.items()
        }

    def register(self, name: str) -> Sequence[Entry]:
        """Give the entries of a register, none where the project has none."""
        return self.registers.get(name, ())

    def parameter(self, name: str) -> Any:
        """Give a parameter of the role's pack; LookupError where no policy set or declared it."""
        if name not in self.parameters:
            raise LookupError(f"no parameter '{name}': the policy does not use this role's pack")
        return self.parameters[name]


class Assessment(Shape):
    """What a functional role says at a gate.

    ``findings`` name the entries that stand against it, and what else is to be heard with it;
    ``missing`` says what would have to be known (``R-2.impact``, or a register that is empty).
    ``figures`` are those that the pack declares, and what a role adds to them; one that is None is
    not available. An assessment that is *asked* waits for a person: ``of`` whom, ``within`` which
    working time.
    """

    result: Result
    reason: str = ""
    findings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    figures: Annotated[Figures, PlainSerializer(_exact)] = Field(default_factory=dict)
    of: str | None = None
    within: Allowed | None = None

    @classmethod
    def met(cls, figures: Figures = NOTHING, told: Iterable[str] = ()) -> Self:
        """Say that what the gate asks is there, and what those who decide should hear with it."""
        return cls(result="met", findings=tuple(told), figures=figures)

    @classmethod
    def not_met(
        cls,
        reason: str,
        entries: Iterable[Entry] = (),
        figures: Figures = NOTHING,
        told: Iterable[str] = (),
    ) -> Self:
        """Say why not, which entries show it, and what else should be heard with it."""
        findings = (*(name_of(entry) for entry in entries), *told)
        return cls(result="not_met", reason=reason, findings=findings, figures=figures)

    @classmethod
    def contradicts(cls, said: Iterable[str]) -> Self:
        """Say that what the registers give cannot all be so; nothing can be worked out of it."""
        reason = "what the register gives cannot all be so"
        return cls(result="cannot_tell", reason=reason, findings=tuple(said))

    @classmethod
    def cannot_tell(cls, missing: Iterable[str], reason: str = "") -> Self:
        """Say what would have to be known first."""
        paths = tuple(missing)
        return cls(
            result="cannot_tell", reason=reason or f"not known: {', '.join(paths)}", missing=paths
        )

    @classmethod
    def asked(cls, of: str, within: str) -> Self:
        """Leave it to a person, to answer within a working time (``3 working days``).

        Raises DurationError for what is no length of time.
        """
        allowed = Span.parse(within)
        return cls(result="asked", reason=f"{of} is asked", of=of, within=allowed)


class FunctionalRole(ABC):
    """A functional role: its id, its title, the folder of its pack, and how it assesses a gate.

    A distribution registers its class under the role's id in the entry-point group
    ``pmo_engine.roles``, and carries the pack (register, rules and suite in YAML) beside it.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    pack: ClassVar[Path]

    @abstractmethod
    def assess(self, review: Review) -> Assessment:
        """Assess a gate from the registers; depends on the review alone."""


def name_of(entry: Entry) -> str:
    """Call an entry by its key and title."""
    words = [str(entry[name]) for name in ("key", "title") if entry.get(name) is not None]
    return " ".join(words) or "an entry without a key"


def absent(entries: Iterable[Entry], *fields: str) -> tuple[str, ...]:
    """Name the fields that entries lack, as ``R-2.impact``."""
    return tuple(
        f"{entry.get('key', 'entry')}.{name}"
        for entry in entries
        for name in fields
        if entry.get(name) is None
    )
