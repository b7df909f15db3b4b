"""What becomes of an approval whose time is up, as English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_engine.policy import WhenTimeIsUp


def time_up_in_words(up: WhenTimeIsUp | None) -> str:
    """Say what becomes of it when time is up: "; when the time is up it lapses"."""
    if up is None:
        return ""
    return f"; when the time is up it {up_in_words(up.means, up.source)}"


def up_in_words(means: str, source: str) -> str:
    """Say what time means: "counts as given (minute 2)"."""
    return f"{means} ({source})" if source else means
