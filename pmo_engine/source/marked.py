"""Values of YAML that remember where they stand: what a policy is made from, and some of it keeps.

A text can say where in its file each of its characters stands, for which it knows the file's lines.
"""

from __future__ import annotations

from collections import deque
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, LiteralString, Self

from pmo_engine.model.patterns import pattern
from pmo_engine.source.diagnostics import NOWHERE, Edit, Mark
from pmo_engine.source.yaml_edits import ESCAPED, as_scalar, differing, in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import core_schema

MAX_BYTES = 4 * 1024 * 1024
"""The most that one file may hold."""

LINE_BREAK = pattern("\r\n|[\r\n\x85\u2028\u2029]")  # those that YAML 1.1 counts
_BLOCKS = ("|", ">")
_CHARACTERS = {
    "'": pattern(r"''|[^\s']"),
    '"': pattern(r'\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|.)|[^\s"\\]'),
}
_BARE = pattern(r"\S")
_WHITE_ESCAPES = frozenset(f"\\{letter}" for letter in "tnvfr_NLP ")


class FileLines:
    """The lines of a file that is at hand as bytes, taken apart when somebody asks."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __getitem__(self, part: slice) -> list[str]:
        return self._all[part]

    @cached_property
    def _all(self) -> list[str]:
        return lines_of(self._data.decode("utf-8-sig"))


class Text(str):
    """A scalar as written; ``plain`` when it was neither quoted nor a block.

    It stands from ``mark`` up to ``end``, in brackets of YAML where it is in ``flow``.
    """

    __slots__ = ("_lines", "end", "flow", "mark", "style")
    _lines: list[str] | FileLines
    mark: Mark
    end: Mark
    style: str
    flow: bool

    def __new__(
        cls,
        value: str,
        mark: Mark = NOWHERE,
        style: str = "",
        lines: list[str] | FileLines | None = None,
        end: Mark = NOWHERE,
        *,
        flow: bool = False,
    ) -> Self:
        """Make a text that stands at ``mark``; ``lines`` are those of its file."""
        text = super().__new__(cls, value)
        text.mark, text.style, text.end, text.flow = mark, style, end, flow
        text._lines = lines or []
        return text

    @property
    def plain(self) -> bool:
        """Say whether it was written without quotes, on its key's line."""
        return not self.style

    @property
    def knows_its_file(self) -> bool:
        """Say whether it can tell the place of its characters."""
        return bool(self._lines)

    def place(self, offset: int) -> Mark:
        """Find the place in the file of the character at ``offset``.

        Folding, quotes and indentation change only white space, so the n-th other character of
        the text is the n-th one in the file.
        """
        before = len("".join(self[:offset].split()))
        inside = not self[offset : offset + 1].isspace() and offset < len(self)
        at_start = inside or not before
        last = deque(islice(self._written(), before + at_start), maxlen=1)
        if not last:
            return self.mark
        [(line, start, end)] = last
        return Mark(self.mark.file, line, (start if at_start else end) + 1)

    def up_to(self, end: Mark) -> Text:
        """Give what is written from here up to a mark on its line, whatever YAML made of it."""
        written = self._line(end.line)[self.mark.column - 1 : end.column - 1]
        return Text(written, self.mark, "", self._lines, end, flow=self.flow)

    def _line(self, number: int) -> str:
        return self._lines[number - 1 : number][0]

    def before_comment(self) -> Text | None:
        """Give the text with what YAML took for a comment behind it; None where nothing is."""
        if not self.plain or self.end == NOWHERE:
            return None
        line = self._line(self.end.line)
        behind = line[self.end.column - 1 :]
        alone = self.mark.line == self.end.line and behind.lstrip().startswith("#")
        return self.up_to(self.end._replace(column=len(line.rstrip()) + 1)) if alone else None

    def instead(self, value: str) -> tuple[Edit, ...]:
        """Give the edit that writes another value here; none where no file holds the text."""
        if self.end == NOWHERE:
            return ()
        if self.style not in _BLOCKS and self.mark.line == self.end.line:
            return (Edit(self.mark, self.end, as_scalar(value, self.style, flow=self.flow)),)
        start, last = differing(self, value)
        written = value[start : len(value) - last]
        place = self.place(start), self.place(len(self) - last)
        return (Edit(*place, ESCAPED.get(self.style, str)(written)),)

    def as_list(self, items: Iterable[str]) -> tuple[Edit, ...]:
        """Give the edit that writes a list of plain texts here; none where that is not one line."""
        if self.end == NOWHERE or self.style in _BLOCKS or self.mark.line != self.end.line:
            return ()
        return (Edit(self.mark, self.end, f"[{', '.join(items)}]"),)

    def quoted(self) -> tuple[Edit, ...]:
        """Give the edit that puts it in quotes."""
        return (Edit(self.mark, self.end, in_quotes(self)),)

    def _written(self) -> Iterator[tuple[int, int, int]]:
        """Give the line, start and end in the file of each character that is not white space."""
        first = self.mark.line if self.style in _BLOCKS else self.mark.line - 1
        skipped = 0 if self.style in _BLOCKS else self.mark.column - 1 + len(self.style)
        characters = _CHARACTERS.get(self.style, _BARE)
        for number, line in enumerate(self._lines[first:], first + 1):
            for found in characters.finditer(line, skipped):
                if not _is_white(found[0]):
                    yield number, found.start(), found.end()
            skipped = 0

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let a schema keep texts as they are."""
        from pydantic_core import core_schema  # noqa: PLC0415 - a schema's business

        return core_schema.no_info_plain_validator_function(cls._validated)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, written: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors that ``1`` and ``true`` are texts too: only the schema types a scalar."""
        return {"type": ["string", "number", "boolean"]}

    @classmethod
    def _validated(cls, value: Any) -> Text:
        if not isinstance(value, cls):
            raise _refused("not_text", "is not a text")
        if not value and value.plain:
            raise _refused("empty", "nothing is written here")
        return value


def _refused(kind: Literal["not_text", "empty", "dict_type"], message: LiteralString) -> Exception:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - the same

    return PydanticCustomError(kind, message)


def _is_white(written: str) -> bool:
    if len(written) > 2 and written[0] == "\\":  # noqa: PLR2004 - a character by its number
        return chr(int("0x" + written[2:], 0)).isspace()
    return written in _WHITE_ESCAPES


class Sequence(list[Any]):
    """A list that remembers where it stands."""

    mark: Mark


class Mapping(dict[str, Any]):
    """A mapping that remembers where it and its keys stand."""

    __slots__ = ("keys_at", "mark")

    def __init__(self, mark: Mark = NOWHERE) -> None:
        super().__init__()
        self.mark = mark
        self.keys_at: dict[str, Mark] = {}

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let a schema keep mappings of anything as they are."""
        from pydantic_core import core_schema  # noqa: PLC0415 - the same

        return core_schema.no_info_plain_validator_function(
            cls._validated, json_schema_input_schema=core_schema.dict_schema()
        )

    @classmethod
    def _validated(cls, value: Any) -> Mapping:
        if isinstance(value, cls):
            return value
        raise _refused("dict_type", "is not a mapping")


def lines_of(text: str) -> list[str]:
    """Split a text into the lines that marks count."""
    return LINE_BREAK.split(text)


def mark_of(value: Any, fallback: Mark) -> Mark:
    """Give the place of a composed value."""
    mark = getattr(value, "mark", None)
    return mark if isinstance(mark, Mark) else fallback


def key_of(mapping: Any, name: str) -> Text:
    """Give a key of a mapping as it is written, where that is known."""
    mark = mapping.keys_at.get(name, NOWHERE) if isinstance(mapping, Mapping) else NOWHERE
    end = mark._replace(column=mark.column + len(name)) if mark != NOWHERE else NOWHERE
    return Text(name, mark, end=end)


def as_list(value: Any) -> tuple[Edit, ...]:
    """Give the edit that writes a value as a list of it."""
    if not isinstance(value, Text) or value.end == NOWHERE:
        return ()
    return (Edit(value.mark, value.end, f"[{value}]"),)


def rewritings(value: Any, readings: Iterable[str]) -> tuple[Edit, ...]:
    """Give the edits that write each of what a text may have meant in its place."""
    if not isinstance(value, Text):
        return ()
    return tuple(edit for each in readings for edit in value.instead(each))
