"""The types of the names in scope while an expression is checked."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_engine.feel import types as t


class Frame:
    """Names in scope, over those around; ``open`` where a record may have more than is declared."""

    def __init__(
        self, names: Mapping[str, t.Type], around: Frame | None = None, *, is_open: bool = False
    ) -> None:
        self.names, self.around, self.open = names, around, is_open

    def find(self, name: str) -> t.Type | None:
        """Give the type of a name, ``None`` where there is none of that name."""
        frame: Frame | None = self
        unsure = False
        while frame is not None:
            if name in frame.names:
                return t.ANY if unsure else frame.names[name]
            unsure = unsure or frame.open
            frame = frame.around
        return t.ANY if unsure else None

    def known(self) -> dict[str, t.Type]:
        """Give all names in scope."""
        return {**(self.around.known() if self.around else {}), **self.names}
