"""Where a cursor is in a policy file: worked out from the text, which may be half written.

Lines and columns count from 0. Nothing here needs the file to be YAML, nor fails if it is not.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.editor.flow import open_frames, unquoted
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FARTHEST = 5_000  # lines that are looked at on either side of the cursor
LONGEST_FLOW = 40  # lines of a list or mapping in brackets
_LINE = re.compile(
    r"""(\s*)((?:-\s+|-$)*)(?:("[^"]*"|'[^']*'|[^\s"'{}\[\],#&*!|>%@`-][^:"'{}\[\]]*?)\s*:(?:\s+|$))?(.*)"""
)
_KIND = re.compile(r"""kind:\s*["']?([\w-]+)""")
_BLOCK = re.compile(r"[|>][+-]?\d?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Place:
    """What a cursor stands in.

    ``keys`` lead to the mapping or list at hand; ``key`` is the one whose value is being written,
    none where a key, or an item of a list, is. ``written`` is what stands before the cursor;
    ``beside`` are the keys of the same mapping with their values as written, ``around`` those of
    the mappings that it is in.
    """

    kind: str
    keys: tuple[str, ...]
    key: str | None
    written: str
    beside: Mapping[str, str] = field(default_factory=dict)
    around: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> tuple[str, ...]:
        """Give the keys with that of the value."""
        return self.keys if self.key is None else (*self.keys, self.key)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the column of its content after dashes, its key if it has one, and its value."""

    indent: int
    column: int
    key: str | None
    value: str

    @property
    def is_item(self) -> bool:
        """Say whether it begins an item of a list."""
        return self.column > self.indent

    @property
    def begins_block(self) -> bool:
        """Say whether its value is written on the lines below."""
        return self.key is not None and _BLOCK.match(self.value) is not None


def parsed(text: str) -> Line:
    """Take a line apart."""
    found = _LINE.fullmatch(text)
    assert found is not None  # since every part of it may be empty
    indent, dashes, key, value = found.groups()
    name = None if key is None else unquoted(key)
    return Line(len(indent), len(indent) + len(dashes), name, value)


def locate(lines: Sequence[str], line: int, column: int) -> Place:
    """Find what the cursor at a line and column stands in."""
    text = lines[line][:column] if line < len(lines) else ""
    first = _document_start(lines, line)
    kind = _kind_of(lines, first)
    above = [parsed(each) for each in lines[first:line]]
    own = parsed(text)
    for place in (_in_flow(kind, lines, line, column, above), _continued(kind, above, own, text)):
        if place is not None:
            return place
    keys, beside, around = _around(above, own)
    beside.update(_below(lines[line + 1 : line + FARTHEST], own))
    return Place(kind, keys, own.key, own.value, beside, around)


def _document_start(lines: Sequence[str], line: int) -> int:
    for number in range(min(line, len(lines)) - 1, max(line - FARTHEST, 0) - 1, -1):
        if lines[number].startswith("---"):
            return number + 1
    return max(line - FARTHEST, 0)


def _kind_of(lines: Sequence[str], first: int) -> str:
    for text in lines[first:]:
        if text.startswith("---"):
            break
        if found := _KIND.match(text):
            return found[1]
    return ""


def _in_flow(
    kind: str, lines: Sequence[str], line: int, column: int, above: Sequence[Line]
) -> Place | None:
    """Find the place in brackets, which may have been opened on a line above."""
    text = ""
    for number in range(line, max(line - LONGEST_FLOW, line - len(above), -1) - 1, -1):
        whole = lines[number] if number < len(lines) else ""
        mine = parsed(whole[:column] if number == line else whole)
        if mine.value[:1] in {"{", "["}:
            frames = open_frames(mine.value + text)
            if not frames:
                return None
            keys, beside, around = _around(above[: len(above) - (line - number)], mine)
            for each in frames[:-1]:
                beside |= each.beside
            start = keys if mine.key is None else (*keys, mine.key)
            inner = tuple(each.key for each in frames[:-1] if each.key is not None)
            last = frames[-1]
            written = (mine.value + text)[last.start :].lstrip()
            return Place(kind, (*start, *inner), last.key, written, last.beside, around | beside)
        text = f"\n{whole[:column] if number == line else whole}{text}"
    return None


def _continued(kind: str, above: Sequence[Line], own: Line, text: str) -> Place | None:
    """Find the key above whose value goes on here: a block, or a text over several lines."""
    if own.is_item:
        return None
    said = [text.strip()]
    for number, line in reversed(list(enumerate(above))):
        if line.key is not None and line.column < own.indent:
            if not line.begins_block and (own.key is not None or not line.value):
                return None
            begun = "" if line.begins_block else line.value
            keys, beside, around = _around(above[:number], line)
            written = "\n".join([begun, *reversed(said)]).lstrip("\n")
            return Place(kind, keys, line.key, written, beside, around)
        if line.indent < own.indent and (line.key is not None or line.is_item or line.value):
            return None
        said.append(line.value if line.key is None else f"{line.key}: {line.value}")
    return None


def _around(
    above: Sequence[Line], own: Line
) -> tuple[tuple[str, ...], dict[str, str], dict[str, str]]:
    """Give the keys that lead to a line's mapping, those of it above, and of the ones around it."""
    level, keys = own.column, []
    seen: list[dict[str, str]] = [{}]
    goes_on = not own.is_item
    for line in reversed(above):
        if line.key is None:
            continue
        if line.column < level:
            keys.append(line.key)
            seen.append({})
            level, goes_on = line.column, not line.is_item
        elif line.column == level and goes_on:
            seen[-1][line.key] = line.value
            goes_on = not line.is_item
    beside, *outer = seen
    around = {key: value for each in reversed(outer) for key, value in each.items()}
    return tuple(reversed(keys)), dict(reversed(beside.items())), around


def _below(lines: Sequence[str], own: Line) -> Iterator[tuple[str, str]]:
    """Give the keys of the same mapping below a line."""
    for text in lines:
        line = parsed(text)
        if text.startswith("---"):
            return
        if not text.strip() or line.column > own.column:
            continue
        if line.column < own.column or line.is_item:
            return
        if line.key is not None:
            yield line.key, line.value
