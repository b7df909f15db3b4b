"""Policy files as they stand in an editor: what is not saved lies over what is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.policy_files import SUFFIXES, is_hidden
from pmo_engine.compiler.reading import Files, Part, examined
from pmo_engine.source.yaml_source import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_engine.compiler.schema import Located


class Buffers(Files):
    """Reads files from an editor's buffers or from disk, and remembers what it has read."""

    def __init__(self) -> None:
        self._texts: dict[Path, str] = {}
        self._read: dict[tuple[Path, str], tuple[bytes, Part]] = {}
        self._good: dict[Path, tuple[Located, ...]] = {}
        self._whole: set[Path] = set()

    def put(self, path: Path, text: str) -> None:
        """Take a file's text from an editor."""
        self._texts[path] = text

    def drop(self, path: Path) -> None:
        """Go back to what is on disk."""
        self._texts.pop(path, None)

    def text(self, path: Path) -> str:
        """Give a file's text, nothing where there is none."""
        if path in self._texts:
            return self._texts[path]
        try:
            with path.open("rb") as stream:
                return stream.read(MAX_BYTES).decode("utf-8-sig", "replace")
        except OSError:
            return ""

    def below(self, path: Path) -> list[Path]:
        """List the policy files of a folder, those among them that are not on disk yet."""
        if path in self._texts:
            return [path]
        new = [
            each
            for each in list(self._texts)  # which an editor may change meanwhile
            if each.is_relative_to(path) and each.suffix in SUFFIXES and not is_hidden(each, path)
        ]
        return [*dict.fromkeys([*super().below(path), *new])]

    def read(self, file: Path, name: str) -> Part:
        """Read a file; what has not changed is not read again."""
        if file not in self._texts and not file.is_file():
            return super().read(file, name)
        data = self._data(file)
        before = self._read.get((file, name))
        if before is not None and before[0] == data:
            return before[1]
        part = examined(data, name)
        self._read[file, name] = (data, part)
        self._whole.discard(file)
        if part.content is not None:
            self._whole.add(file)
            self._good[file] = part.documents
        return part

    def remembered(self, file: Path) -> tuple[Located, ...]:
        """Give what a file held when it last could be read; nothing where it can be now."""
        return () if file in self._whole else self._good.get(file, ())

    def _data(self, file: Path) -> bytes:
        if file in self._texts:
            return self._texts[file].encode("utf-8", "replace")
        try:
            with file.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        except OSError:
            return b""
