"""What would alter an obligation: one fact, the values that would, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.feel.values import Range
from pmo_engine.feel.wire import to_json

if TYPE_CHECKING:
    from pmo_engine.policy.decision import Obligation


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of an obligation: gone (``changed`` is None) or on other terms; what is new.

    ``also_gone`` are other obligations that no longer follow either.
    """

    changed: Obligation | None
    instead: tuple[Obligation, ...]
    also_gone: tuple[Obligation, ...] = ()


@dataclass(frozen=True, slots=True)
class AllBut:
    """Any value but these."""

    values: tuple[Any, ...]


Claim: TypeAlias = "Range | AllBut | tuple[Any, ...] | None"


@dataclass(frozen=True, slots=True)
class Alteration:
    """One fact that would alter an obligation: the nearest value ``to``, and all that would.

    ``claim`` is a stretch of values, a few of them, or all but a few; ``None`` claims ``to`` alone.
    What is asked ``instead`` at ``to`` may be something else at others, unless it is ``uniform``.
    """

    obligation: Obligation
    fact: str
    was: Any
    to: Any
    claim: Claim
    effect: Effect
    uniform: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that ``pmo policy explain --json`` prints, the words apart."""
        return {
            "fact": self.fact,
            "from": to_json(self.was),
            "to": to_json(self.to),
            "values": _claimed(self.claim),
            "effect": "gone" if self.effect.changed is None else "changed",
            "instead": [item.id for item in self.effect.instead],
            "instead_everywhere": self.uniform,
            "also_gone": [item.id for item in self.effect.also_gone],
        }


def _claimed(claim: Claim) -> dict[str, Any] | None:
    match claim:
        case Range(low, high, low_included, high_included):
            return {
                "low": to_json(low),
                "low_included": low_included,
                "high": to_json(high),
                "high_included": high_included,
            }
        case AllBut(values):
            return {"all_but": to_json(values)}
        case tuple():
            return {"any_of": to_json(claim)}
        case None:
            return None
