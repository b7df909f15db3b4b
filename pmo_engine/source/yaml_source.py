"""YAML files to plain values that remember where they stand.

Files are only composed: the schema alone gives a scalar its type, so nothing is read as
something else than was written. Tabs, duplicate keys, anchors, aliases and tags are refused;
size, depth and the number of values are bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pmo_engine.model.frozen import dataclass
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Edit, Mark, at
from pmo_engine.source.marked import (
    LINE_BREAK,
    MAX_BYTES,
    Mapping,
    Sequence,
    Text,
    as_list,
    key_of,
    lines_of,
    mark_of,
    rewritings,
)
from pmo_engine.source.yaml_cuts import CUT, is_cut_off, is_remainder
from pmo_engine.source.yaml_edits import in_quotes
from pmo_engine.source.yaml_problems import quoting, yaml_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "LINE_BREAK",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_VALUES",
    "Document",
    "Mapping",
    "Sequence",
    "SourceError",
    "Text",
    "Value",
    "as_list",
    "compose",
    "compose_bytes",
    "decode",
    "key_of",
    "lines_of",
    "mark_of",
    "read_file",
    "rewritings",
]

MAX_DEPTH = 40
MAX_VALUES = 200_000
Value: TypeAlias = "Text | Sequence | Mapping"


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
            if not isinstance(event, DocumentStartEvent):
                continue
            first, self._problems, before = next(events), [], self._left
            content, mark = self._value(first, events, 1), self._mark(first)
            if content or not isinstance(content, Text):
                size = before - self._left
                yield Document(content, mark, self._lines, tuple(self._problems), size)

    @property
    def _end(self) -> Mark:
        return Mark(self._name, len(self._lines), len(self._lines[-1]) + 1)

    def _mark(self, event: Any) -> Mark:
        start = event.start_mark
        return Mark(self._name, start.line + 1, start.column + 1)

    def _value(self, event: Any, events: Iterator[Any], depth: int, *, flow: bool = False) -> Value:
        start, kind = event.start_mark, type(event)
        mark = Mark(self._name, start.line + 1, start.column + 1)
        if kind is AliasEvent or event.anchor or event.tag or depth > MAX_DEPTH:
            raise SourceError(self._refusal(event, mark))
        self._left -= 1
        if self._left < 0:
            message = f"more than {MAX_VALUES:,} values"
            raise SourceError(at(mark, codes.TOO_LARGE, message, "split it into several files"))
        if kind is ScalarEvent:
            last = event.end_mark
            end = Mark(self._name, last.line + 1, last.column + 1)
            if end.line > len(self._lines):  # nothing, after a file that ends without a line's end
                end = self._end
                mark = min(mark, end)
            return Text(event.value, mark, event.style or "", self._lines, end, flow=flow)
        if kind is SequenceStartEvent:
            return self._sequence(mark, events, depth, flow=bool(event.flow_style))
        return self._mapping(mark, events, depth, flow=bool(event.flow_style))

    def _refusal(self, event: Any, mark: Mark) -> Diagnostic:
        if isinstance(event, AliasEvent) or event.anchor:
            hint = "write the value out where it is needed"
            return at(mark, codes.ALIAS_OR_TAG, "an anchor or alias", hint)
        if event.tag:
            hint, fixes = quoting(self._lines, mark)
            hint = f"leave it out; {hint}" if hint else "leave it out"
            return at(mark, codes.ALIAS_OR_TAG, f"a tag: {event.tag[:40]}", hint, fixes=fixes)
        return at(mark, codes.TOO_LARGE, f"nested deeper than {MAX_DEPTH} levels")

    def _sequence(self, mark: Mark, events: Iterator[Any], depth: int, *, flow: bool) -> Sequence:
        found = Sequence()
        found.mark = mark
        while type(event := next(events)) is not SequenceEndEvent:
            item = self._value(event, events, depth + 1, flow=flow)
            before = found[-1] if flow and found else None
            if isinstance(before, Text) and isinstance(item, Text) and is_cut_off(before, item):
                found[-1] = before.up_to(item.end)
                self._cut(found[-1], "")
            else:
                found.append(item)
        return found

    def _mapping(self, mark: Mark, events: Iterator[Any], depth: int, *, flow: bool) -> Mapping:
        found, last = Mapping(mark), None
        while type(event := next(events)) is not MappingEndEvent:
            written = self._value(event, events, depth + 1, flow=flow)
            value = self._value(next(events), events, depth + 1, flow=flow)
            before = found[last] if flow and last is not None else None
            if isinstance(before, Text) and is_remainder(before, written, value):
                found[last] = before.up_to(written.end)
                self._cut(found[last], f"{last}: ")
                continue
            last = self._key(written, found)
            if last is not None:
                found.keys_at[last] = written.mark
                found[last] = value
        return found

    def _cut(self, whole: Text, key: str) -> None:
        """Tell of a value that YAML ended too early, once for all of it."""
        before = self._problems[-1:]
        if before and (before[0].line, before[0].column) == whole.mark[1:]:
            self._problems.pop()
        hint = f"quote it: {key}{in_quotes(whole)}"
        self._problems.append(at(whole.mark, codes.NOT_YAML, CUT, hint, fixes=whole.quoted()))

    def _key(self, written: Value, among: Mapping) -> str | None:
        if not isinstance(written, Text):
            hint = "quote it if it is an expression"
            self._problems.append(at(written.mark, codes.NOT_YAML, "a key must be text", hint))
        elif written in among:
            first = among.keys_at[written].line
            message = f"duplicate key '{written[:60]}' (first on line {first})"
            begins = written == "kind" and written.mark.column == 1
            hint = "write --- between two documents" if begins else "remove one of them"
            fixes = [Edit(written.mark, written.mark, "---\n")] if begins else []
            self._problems.append(at(written.mark, codes.DUPLICATE_KEY, message, hint, fixes=fixes))
        else:
            return str(written)
        return None
