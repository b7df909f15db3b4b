"""YAML files to plain values that remember where they stand.

Files are only composed: the schema alone gives a scalar its type, so nothing is read as
something else than was written. Tabs, duplicate keys, anchors, aliases and tags are refused;
size, depth and the number of values are bounded.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import yaml
from pydantic_core import PydanticCustomError, core_schema

from pmo_engine.source import codes
from pmo_engine.source.diagnostics import NOWHERE, Diagnostic, Mark, at
from pmo_engine.source.yaml_problems import line_hint, yaml_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
MAX_VALUES = 200_000
Value: TypeAlias = "Text | Sequence | Mapping"

LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # those that YAML 1.1 counts
_BLOCKS = ("|", ">")
_CHARACTERS = {
    "'": re.compile(r"''|[^\s']"),
    '"': re.compile(r'\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|.)|[^\s"\\]'),
}
_WHITE_ESCAPES = frozenset(f"\\{letter}" for letter in "tnvfr_NLP ")


class Text(str):
    """A scalar as written; ``plain`` when it was neither quoted nor a block."""

    __slots__ = ("_lines", "mark", "style")
    _lines: list[str]
    mark: Mark
    style: str

    def __new__(
        cls, value: str, mark: Mark = NOWHERE, style: str = "", lines: list[str] | None = None
    ) -> Self:
        """Make a text that stands at ``mark``; ``lines`` are those of its file."""
        text = super().__new__(cls, value)
        text.mark, text.style = mark, style
        text._lines = lines or []
        return text

    @property
    def plain(self) -> bool:
        """Say whether it was written without quotes, on its key's line."""
        return not self.style

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

    def _written(self) -> Iterator[tuple[int, int, int]]:
        """Give the line, start and end in the file of each character that is not white space."""
        first = self.mark.line if self.style in _BLOCKS else self.mark.line - 1
        skipped = 0 if self.style in _BLOCKS else self.mark.column - 1 + len(self.style)
        pattern = _CHARACTERS.get(self.style, re.compile(r"\S"))
        for number, line in enumerate(self._lines[first:], first + 1):
            for found in pattern.finditer(line, skipped):
                if not _is_white(found[0]):
                    yield number, found.start(), found.end()
            skipped = 0

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let a schema keep texts as they are."""
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
            raise PydanticCustomError("not_text", "is not a text")
        if not value and value.plain:
            raise PydanticCustomError("empty", "nothing is written here")
        return value


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
        return core_schema.no_info_plain_validator_function(
            cls._validated, json_schema_input_schema=core_schema.dict_schema()
        )

    @classmethod
    def _validated(cls, value: Any) -> Mapping:
        if isinstance(value, cls):
            return value
        raise PydanticCustomError("dict_type", "is not a mapping")


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a file, the file's lines, and what is wrong but did not stop it.

    ``size`` is the number of values in it.
    """

    content: Value
    mark: Mark
    lines: list[str]
    problems: tuple[Diagnostic, ...] = ()
    size: int = 0


class SourceError(Exception):
    """A file that cannot be composed; holds the one diagnostic that says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(str(diagnostic))


def read_file(path: Path, name: str) -> tuple[list[Document], bytes]:
    """Compose a file's documents; ``name`` is what marks call it. Raises SourceError."""
    start = Mark(name, 1, 1)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(at(start, codes.NOT_YAML, f"cannot be read: {error.strerror}")) from None
    return compose_bytes(data, name)


def compose_bytes(data: bytes, name: str) -> tuple[list[Document], bytes]:
    """Compose the documents of a file's bytes, which come beside them. Raises SourceError."""
    if len(data) > MAX_BYTES:
        limit = f"larger than {MAX_BYTES // 1024 // 1024} MiB"
        raise SourceError(
            at(Mark(name, 1, 1), codes.TOO_LARGE, limit, "split it into several files")
        )
    return compose(decode(data, name), name), data.replace(b"\r\n", b"\n")


def decode(data: bytes, name: str) -> str:
    """Read bytes as UTF-8, with or without a mark of byte order. Raises SourceError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mark = _mark_after(error.object[: error.start].decode("utf-8", "replace"), name)
        raise SourceError(at(mark, codes.NOT_YAML, "not UTF-8 text", "save it as UTF-8")) from None


def _mark_after(text: str, name: str) -> Mark:
    lines = lines_of(text)
    return Mark(name, len(lines), len(lines[-1]) + 1)


def compose(text: str, name: str) -> list[Document]:
    """Compose the documents of a text; empty ones are left out. Raises SourceError."""
    lines = lines_of(text)
    if "\t" in text:
        mark = _mark_after(text[: text.index("\t")], name)
        raise SourceError(at(mark, codes.TAB, "a tab", "use spaces instead of tabs"))
    try:
        events = iter(yaml.CSafeLoader(text).get_event, None)
        return list(_Composer(name, lines).documents(events))
    except yaml.MarkedYAMLError as error:
        raise SourceError(yaml_problem(error, lines, name)) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode("utf-8", "replace")
        message = f"not YAML: {error.reason}"
        raise SourceError(at(_mark_after(before, name), codes.NOT_YAML, message)) from None


class _Composer:
    """Builds values from parse events, so that an alias is refused before it is followed."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self._name = name
        self._lines = lines
        self._left = MAX_VALUES
        self._problems: list[Diagnostic] = []

    def documents(self, events: Iterator[Any]) -> Iterator[Document]:
        for event in events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            first, self._problems, before = next(events), [], self._left
            content, mark = self._value(first, events, 1), self._mark(first)
            if content or not isinstance(content, Text):
                size = before - self._left
                yield Document(content, mark, self._lines, tuple(self._problems), size)

    def _mark(self, event: Any) -> Mark:
        start = event.start_mark
        return Mark(self._name, start.line + 1, start.column + 1)

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> Value:
        mark = self._mark(event)
        kind = type(event)
        if kind is yaml.AliasEvent or event.anchor or event.tag or depth > MAX_DEPTH:
            raise SourceError(self._refusal(event, mark))
        self._left -= 1
        if self._left < 0:
            message = f"more than {MAX_VALUES:,} values"
            raise SourceError(at(mark, codes.TOO_LARGE, message, "split it into several files"))
        if kind is yaml.ScalarEvent:
            return Text(event.value, mark, event.style or "", self._lines)
        if kind is yaml.SequenceStartEvent:
            return self._sequence(mark, events, depth)
        return self._mapping(mark, events, depth)

    def _refusal(self, event: Any, mark: Mark) -> Diagnostic:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            hint = "write the value out where it is needed"
            return at(mark, codes.ALIAS_OR_TAG, "an anchor or alias", hint)
        if event.tag:
            quoted = line_hint(self._lines, mark.line)
            hint = f"leave it out; {quoted}" if quoted else "leave it out"
            return at(mark, codes.ALIAS_OR_TAG, f"a tag: {event.tag[:40]}", hint)
        return at(mark, codes.TOO_LARGE, f"nested deeper than {MAX_DEPTH} levels")

    def _sequence(self, mark: Mark, events: Iterator[Any], depth: int) -> Sequence:
        found = Sequence()
        found.mark = mark
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._value(event, events, depth + 1))
        return found

    def _mapping(self, mark: Mark, events: Iterator[Any], depth: int) -> Mapping:
        found = Mapping(mark)
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            written = self._value(event, events, depth + 1)
            value = self._value(next(events), events, depth + 1)
            key = self._key(written, found)
            if key is not None:
                found.keys_at[key] = written.mark
                found[key] = value
        return found

    def _key(self, written: Value, among: Mapping) -> str | None:
        if not isinstance(written, Text):
            hint = "quote it if it is an expression"
            self._problems.append(at(written.mark, codes.NOT_YAML, "a key must be text", hint))
        elif written in among:
            first = among.keys_at[written].line
            message = f"duplicate key '{written[:60]}' (first on line {first})"
            hint = "write --- between two documents" if written == "kind" else "remove one of them"
            self._problems.append(at(written.mark, codes.DUPLICATE_KEY, message, hint))
        else:
            return str(written)
        return None


def lines_of(text: str) -> list[str]:
    """Split a text into the lines that marks count."""
    return LINE_BREAK.split(text)


def mark_of(value: Any, fallback: Mark) -> Mark:
    """Give the place of a composed value."""
    mark = getattr(value, "mark", None)
    return mark if isinstance(mark, Mark) else fallback
