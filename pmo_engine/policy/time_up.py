"""What becomes of an approval that nobody gives in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import TimeUp

if TYPE_CHECKING:
    from collections.abc import Iterable


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
