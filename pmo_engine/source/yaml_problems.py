"""What is wrong with a file that is not YAML, in words for those who do not know YAML's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Mark, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

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
    return _placed(at(mark, codes.NOT_YAML, message, _hint(problem, lines, mark)), lines)


def _mark(place: yaml.Mark | None, lines: Sequence[str], name: str) -> Mark:
    """Give a place as people count it; what libyaml calls the end may be a line after the last."""
    if place is None:
        return Mark(name, 1, 1)
    if place.line >= len(lines):
        return Mark(name, len(lines), len(lines[-1]) + 1)
    return Mark(name, place.line + 1, place.column + 1)


def _placed(found: Diagnostic, lines: Sequence[str]) -> Diagnostic:
    """Move a finding to the line above where that is the one that lacks a space."""
    missing = _space_missing(lines, found.line)
    if missing is None:
        return found
    number, hint = missing
    column = len(lines[number - 1]) - len(lines[number - 1].lstrip()) + 1
    mark = Mark(found.file, number, column)
    return at(mark, codes.NOT_YAML, "not YAML: a space is missing", hint)


def _space_missing(lines: Sequence[str], number: int) -> tuple[int, str] | None:
    """Look for a colon or dash without a space after it, on a line or the one above it."""
    for each in (number, number - 1):
        line = lines[each - 1] if 0 < each <= len(lines) else ""
        if found := _NO_SPACE_AFTER_DASH.fullmatch(line):
            return each, f"write a space after the dash: - {found[1]}"
        if (found := _NO_SPACE.fullmatch(line)) and "://" not in line:
            return each, f"write a space after the colon: {found[1]}: {found[2]}"
    return None


def _hint(problem: str, lines: Sequence[str], mark: Mark) -> str:
    if problem == "found unknown escape character":
        return _BACKSLASH
    quoted = line_hint(lines, mark.line)
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    begins_here = not line[: mark.column - 1].strip(" -")
    above = next((each for each in reversed(lines[: mark.line - 1]) if each.strip()), "")
    deeper = _indent(line) > _indent(above) and ": " in above
    if begins_here or (deeper and problem.startswith("mapping values")):
        return _COLUMN
    return quoted


def _indent(line: str) -> int:
    """Give the column in which the first key of a line begins."""
    return len(line) - len(line.lstrip(" -"))


def line_hint(lines: Sequence[str], number: int) -> str:
    """Show the value of a line quoted, where quotes may be what it lacks."""
    line = lines[number - 1] if number <= len(lines) else ""
    key, colon, value = line.partition(": ")
    if "{" in key:
        return "an expression inside { } is written in quotes"
    return quoting_hint(key.strip().removeprefix("- "), value) if colon else ""


def quoting_hint(key: str, value: str) -> str:
    """Show how a value is quoted, unless it is already, or is not like an expression."""
    value = value.strip()
    whole = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    if whole or value[:1] == "{" or not _NOT_PROSE.search(value):
        return ""
    escaped = value.replace("'", "''")
    return f"quote it: {key}: '{escaped}'"
