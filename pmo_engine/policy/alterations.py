"""What would alter an obligation: one fact, the values that would, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.feel.values import Range
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.model.fact_paths import FactPath
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
    fact: FactPath
    was: Any
    to: Any
    claim: Claim
    effect: Effect
    uniform: bool = True
