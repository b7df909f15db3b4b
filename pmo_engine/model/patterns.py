"""Regular expressions that are compiled when they are first used: a command needs few of them."""

from __future__ import annotations

import re
from typing import Any, cast


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Give an expression as ``re.compile`` does; what is wrong with it shows at its first use."""
    return cast("re.Pattern[str]", _Later(text, flags))


class _Later:
    """Takes each method of the expression that it stands for when it is asked for it."""

    def __init__(self, text: str, flags: int) -> None:
        self._wanted = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._wanted), name)
        setattr(self, name, found)
        return found
