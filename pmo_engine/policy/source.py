"""YAML files to plain values that remember where they stand.

Files are only composed: every scalar stays text until the schema types it, so a value is
exactly what was written. Tabs, duplicate keys, anchors and aliases are refused; size and
depth are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from pydantic_core import core_schema

from pmo_engine.policy.diagnostics import Diagnostic, Mark, at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import GetCoreSchemaHandler

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
Value: TypeAlias = "Text | Sequence | Mapping"


class Text(str):
    """A scalar as written; ``plain`` when it was neither quoted nor a block."""

    __slots__ = ("_lines", "mark", "plain", "style")
    _lines: list[str]
    mark: Mark
    plain: bool
    style: str

    @classmethod
    def at(cls, value: str, mark: Mark, style: str = "", lines: list[str] | None = None) -> Text:
        """Make a text that stands at ``mark``; ``lines`` are those of its file."""
        text = cls(value)
        text.mark, text.style, text.plain = mark, style, not style
        text._lines = lines or []
        return text

    def place(self, offset: int) -> Mark:
        """Find the place in the file of the character at ``offset``."""
        file, line, column = self.mark
        before = self[:offset]
        if self.style in {"|", ">"}:
            first = self._lines[line : line + 1] or [""]
            indent = len(first[0]) - len(first[0].lstrip(" "))
            row = before.count("\n") if self.style == "|" else 0
            inner = offset - (before.rfind("\n") + 1) if self.style == "|" else offset
            return Mark(file, line + 1 + row, indent + inner + 1)
        return Mark(file, line, column + offset + (1 if self.style else 0))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let a schema keep texts as they are; JSON Schema calls them strings."""
        return core_schema.no_info_plain_validator_function(
            cls._validated, json_schema_input_schema=core_schema.str_schema()
        )

    @classmethod
    def _validated(cls, value: Any) -> Text:
        if isinstance(value, cls):
            return value
        raise ValueError("expected text")


class Sequence(list[Any]):
    """A list that remembers where it stands."""

    mark: Mark


class Mapping(dict[str, Any]):
    """A mapping that remembers where it and its keys stand."""

    mark: Mark
    keys_at: dict[str, Mark]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a file."""

    content: Value
    mark: Mark


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
        raise SourceError(at(start, "PMO001", f"cannot be read: {error.strerror}")) from None
    if len(data) > MAX_BYTES:
        limit = f"larger than {MAX_BYTES // 1024 // 1024} MiB"
        raise SourceError(at(start, "PMO005", limit, "split it into several files"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        mark = Mark(name, line, 1)
        raise SourceError(at(mark, "PMO001", "not UTF-8 text", "save it as UTF-8")) from None
    return compose(text, name), data.replace(b"\r\n", b"\n")


def compose(text: str, name: str) -> list[Document]:
    """Compose the documents of a text. Raises SourceError."""
    lines = text.splitlines()
    _refuse_tabs(lines, name)
    composer = _Composer(name, lines)
    try:
        return list(composer.documents(yaml.parse(text, Loader=yaml.CSafeLoader)))
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        mark = Mark(name, place.line + 1, place.column + 1) if place else Mark(name, 1, 1)
        raise SourceError(_syntax(mark, error, lines)) from None
    except yaml.YAMLError as error:
        message = f"not YAML: {str(error).splitlines()[0]}"
        raise SourceError(at(Mark(name, 1, 1), "PMO001", message)) from None


def _syntax(mark: Mark, error: yaml.MarkedYAMLError, lines: list[str]) -> Diagnostic:
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    key, colon, value = line.partition(": ")
    hint = ""
    if colon and value.strip() and value.strip()[0] not in "'\"|>{[":
        escaped = value.strip().replace("'", "''")
        hint = f"if this is an expression, quote it: {key.strip()}: '{escaped}'"
    problem = error.problem or error.context or "wrong form"
    return at(mark, "PMO001", f"not YAML: {problem}", hint)


def _refuse_tabs(lines: list[str], name: str) -> None:
    for number, line in enumerate(lines, 1):
        column = line.find("\t")
        if column >= 0:
            mark = Mark(name, number, column + 1)
            raise SourceError(at(mark, "PMO002", "a tab", "use spaces instead of tabs"))


class _Composer:
    """Builds values from parse events, so that an alias is refused before it is followed."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self._name = name
        self._lines = lines

    def documents(self, events: Iterator[Any]) -> Iterator[Document]:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                first = next(events)
                yield Document(self._value(first, events, 1), self._mark(first))

    def _mark(self, event: Any) -> Mark:
        return Mark(self._name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> Value:
        mark = self._mark(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            hint = "write the value out where it is needed"
            raise SourceError(at(mark, "PMO004", "an anchor or alias", hint))
        if depth > MAX_DEPTH:
            raise SourceError(at(mark, "PMO005", f"nested deeper than {MAX_DEPTH} levels"))
        if isinstance(event, yaml.ScalarEvent):
            return Text.at(event.value, mark, event.style or "", self._lines)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(mark, events, depth)
        return self._mapping(mark, events, depth)

    def _sequence(self, mark: Mark, events: Iterator[Any], depth: int) -> Sequence:
        found = Sequence()
        found.mark = mark
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._value(event, events, depth + 1))
        return found

    def _mapping(self, mark: Mark, events: Iterator[Any], depth: int) -> Mapping:
        found = Mapping()
        found.mark, found.keys_at = mark, {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key_mark = self._mark(event)
            key = self._value(event, events, depth + 1)
            if not isinstance(key, Text):
                raise SourceError(at(key_mark, "PMO001", "a key must be text"))
            if key in found:
                first = found.keys_at[key].line
                message = f"duplicate key '{key}' (first on line {first})"
                raise SourceError(at(key_mark, "PMO003", message, "remove one of them"))
            found.keys_at[str(key)] = key_mark
            found[str(key)] = self._value(next(events), events, depth + 1)
        return found


def mark_of(value: Any, fallback: Mark) -> Mark:
    """Give the place of a composed value."""
    mark = getattr(value, "mark", None)
    return mark if isinstance(mark, Mark) else fallback
