"""Links: anchors within a document, and places in the policy's files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pmo_engine.documents.model import Run
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.source.diagnostics import Mark

_ODD = re.compile(r"[^A-Za-z0-9._/-]")


def anchor(id: str) -> str:
    """Give the id of a clause as an anchor: letters, digits and ``._/-`` stay as they are."""
    return _ODD.sub(lambda found: f"~{ord(found[0]):x}~", id)


@dataclass(frozen=True, slots=True)
class Places:
    """How places in files are shown and linked: as seen from a folder.

    ``policy`` is the path that the policy was read from, ``seen_from`` the folder of the document.
    Files of packs have no place beside the policy's own and are only named.
    """

    policy: Path | None = None
    seen_from: Path | None = None

    def run(self, mark: Mark) -> Run:
        """Name a place, with a link where the file is the policy's own."""
        inside = self._inside(mark)
        shown = f"{mark.file if inside is None else inside}:{mark.line}"
        return Run(shown, "code", href="" if inside is None else self._href(mark))

    def _inside(self, mark: Mark) -> str | None:
        if self.policy is None or not Path(mark.file).is_relative_to(self.policy):
            return None
        inside = Path(mark.file).relative_to(self.policy).as_posix()
        return Path(mark.file).name if inside == "." else inside

    def _href(self, mark: Mark) -> str:
        if self.seen_from is None:
            return ""
        path = Path(os.path.relpath(mark.file, self.seen_from)).as_posix()
        return f"{quote(path)}#L{mark.line}"


NO_FILES = Places()
"""Places are named, and nothing is linked."""
