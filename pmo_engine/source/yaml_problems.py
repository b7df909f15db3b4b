"""What is wrong with a file that is not YAML, in words for those who do not know YAML's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Edit, Mark, at
from pmo_engine.source.yaml_edits import in_quotes
from pmo_engine.source.yaml_lines import is_collection, value_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

WayOut: TypeAlias = tuple[str, tuple[Edit, ...]]
_KEY = re.compile(r" *[\w-]+: ")
_NOT_PROSE = re.compile(r"[^\w\s.-]")
_NO_SPACE = re.compile(r"\s*(?:- )?(\w+):(\S.*)")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*-(\w+: .*)")
_NO_VALUE = "did not find expected node content"
_WORDS = {
    "mapping values are not allowed in this context": "a ':' where no value can follow",
    "block sequence entries are not allowed in this context": "a '-' where no list can begin",
    "could not find expected ':'": "a line that has no ': '",
    "did not find expected key": "this does not go on what was begun",
    "did not find expected '-' indicator": "this is neither a '- ' of the list nor inside an item",
    "did not find expected ',' or ']'": "the '[' that begins here does not end",
    "did not find expected ',' or '}'": "the '{' that begins here does not end",
    "found unexpected end of stream": "the quotes that begin here do not end",
    "found character that cannot start any token": "'{character}' cannot begin a value",
    _NO_VALUE: "'{character}' where a value is expected",
    "found unknown escape character": "an unknown escape in double quotes",
}
_BEGIN_EARLIER = ("did not find expected ',' or", "found unexpected end of stream")
_MISSING_COMMA = "a ',' is missing before this, or a value has to be quoted"
_OPEN = "a bracket or quotes may be open above"
_BACKSLASH = "write a backslash twice, or use single quotes"
_COLUMN = "keys that belong together begin in the same column"


def yaml_problem(error: yaml.MarkedYAMLError, lines: Sequence[str], name: str) -> Diagnostic:
    """Say where and what, with the way out where it can be seen."""
    problem = error.problem or error.context or "wrong form"
    message = _WORDS.get(problem, problem)
    place = error.problem_mark or error.context_mark
    if error.context_mark is not None and problem.startswith(_BEGIN_EARLIER):
        if place is None or place.line > error.context_mark.line:
            place = error.context_mark
        else:
            message = _MISSING_COMMA
    mark = _mark(place, lines, name)
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    character = line[mark.column - 1 : mark.column]
    if not character and message == _WORDS[_NO_VALUE]:
        return at(mark, codes.NOT_YAML, "not YAML: nothing where a value is expected", _OPEN)
    message = f"not YAML: {message.replace('{character}', character)}"
    hint, fixes = _way_out(problem, lines, mark)
    return _placed(at(mark, codes.NOT_YAML, message, hint, fixes=fixes), lines)


def _mark(place: yaml.Mark | None, lines: Sequence[str], name: str) -> Mark:
    """Give a place as people count it; what libyaml calls the end may be a line after the last."""
    if place is None:
        return Mark(name, 1, 1)
    if place.line >= len(lines):
        return Mark(name, len(lines), len(lines[-1]) + 1)
    return Mark(name, place.line + 1, place.column + 1)


def _placed(found: Diagnostic, lines: Sequence[str]) -> Diagnostic:
    """Move a finding to the line above where that is the one that lacks a space."""
    for number in (found.line, found.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        column = len(line) - len(line.lstrip()) + 1
        mark = Mark(found.file, number, column)
        if dash := _NO_SPACE_AFTER_DASH.fullmatch(line):
            hint = f"write a space after the dash: - {dash[1]}"
        elif (colon := _NO_SPACE.fullmatch(line)) and "://" not in line:
            hint = f"write a space after the colon: {colon[1]}: {colon[2]}"
        else:
            continue
        fix = Edit(mark, mark._replace(column=len(line) + 1), _spaced(line.strip()))
        return at(mark, codes.NOT_YAML, "not YAML: a space is missing", hint, fixes=[fix])
    return found


def _spaced(line: str) -> str:
    """Write a space after a dash and a key that begin a line."""
    return re.sub(r"^(-? ?)(\w+):(?! )", r"\1\2: ", re.sub(r"^-(?! )", "- ", line))


def _way_out(problem: str, lines: Sequence[str], mark: Mark) -> WayOut:
    if problem == "found unknown escape character":
        return _BACKSLASH, ()
    quoted = quoting(lines, mark)
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    begins_here = not line[: mark.column - 1].strip(" -")
    above = next((each for each in reversed(lines[: mark.line - 1]) if each.strip()), "")
    deeper = _indent(line) > _indent(above) and ": " in above
    if begins_here or (deeper and problem.startswith("mapping values")):
        return _COLUMN, _moved(line, above, mark) if _KEY.match(line) else ()
    return quoted


def _moved(line: str, above: str, mark: Mark) -> tuple[Edit, ...]:
    """Give the edit that begins a key in the column of the one above it."""
    beginning = mark._replace(column=1)
    return (Edit(beginning, mark._replace(column=_indent(line) + 1), " " * _indent(above)),)


def _indent(line: str) -> int:
    """Give the column in which the first key of a line begins."""
    return len(line) - len(line.lstrip(" -"))


def quoting(lines: Sequence[str], mark: Mark) -> WayOut:
    """Show the value that holds a place quoted, where quotes may be what it lacks."""
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    held = value_at(line, mark.column - 1)
    value = line[held.start : held.end] if held else ""
    whole = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    if held is None or whole or is_collection(line, held) or not _NOT_PROSE.search(value):
        return "", ()
    quoted = in_quotes(value)
    start = mark._replace(column=held.start + 1)
    key = f"{held.key}: " if held.key else ""
    return f"quote it: {key}{quoted}", (Edit(start, start._replace(column=held.end + 1), quoted),)
