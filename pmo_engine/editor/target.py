"""What a cursor points at: a key, something with a name, or a part of an expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.names import Entry
from pmo_engine.editor.completion import functions
from pmo_engine.editor.flow import unquoted
from pmo_engine.editor.index import variables
from pmo_engine.editor.meaning import EXPECTED, Meaning, meaning_of
from pmo_engine.editor.place import Place, locate
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.compiler.names import Index, What

_WORD = re.compile(r"[\w-]*")
_GOES_ON = re.compile(r"[\w-]")
_NAME = re.compile(r"\w*")
_BEFORE = re.compile(r"[\w.]*$")
_IS_KEY = re.compile(r"""["']?\s*:(\s|$)""")
_CALLED = re.compile(r"\b(?:authority|headroom)\(\s*(\"[^\"]*\"\s*,\s*)?\"?[\w ]*$")
NAMES: tuple[What, ...] = ("fact", "table")  # which expressions speak of
OWN_IDS: dict[type, What] = {
    s.RoleEntry: "role",
    s.RuleEntry: "rule",
    s.LadderEntry: "ladder",
    s.OfficeEntry: "office",
    s.GateEntry: "gate",
    s.TableEntry: "table",
    s.Calendar: "calendar",
}
"""What the ``id`` of an entry names."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is pointed at; ``what`` says of which sort a name is."""

    place: Place
    meaning: Meaning
    name: str
    entry: Entry | None = None
    what: What | None = None
    is_key: bool = False


def target_at(lines: Sequence[str], line: int, column: int, index: Index) -> Target | None:
    """Find what stands at a line and column; None where that is nothing with a meaning."""
    text = lines[line] if line < len(lines) else ""
    place = locate(lines, line, _end(_WORD, text, column))
    meaning = meaning_of(place)
    after = text[_end(_WORD, text, column) :]
    if place.key is None and _IS_KEY.match(after):
        return _key(place, meaning, index)
    if meaning.is_expression:
        end = _end(_NAME, text, column)
        return _in_expression(locate(lines, line, end), meaning, index, text[end:])
    what = _named_here(meaning)
    if what is None:
        return None
    entry = _longest(index, what, place.written, after)
    return Target(place, meaning, entry.name, entry, what) if entry is not None else None


def _end(pattern: re.Pattern[str], text: str, column: int) -> int:
    found = pattern.match(text, min(column, len(text)))
    return found.end() if found else column


def _key(place: Place, meaning: Meaning, index: Index) -> Target | None:
    name = unquoted(place.written.rpartition("\n")[2])
    if meaning.model is not None:
        return Target(place, meaning, name, is_key=True)
    match meaning.owner, meaning.key, meaning.free:
        case ((s.SuiteEntry | s.CaseEntry), "facts", ()):
            return _fact(place, meaning, name, index)
        case ((s.SuiteEntry | s.CaseEntry), "facts", (record, *_)):
            entry = index.records.get(index.plurals.get(record, record), {}).get(name)
            return Target(place, meaning, name, entry, is_key=True)
        case s.PackUse, "with", ():
            pack = unquoted(place.around.get("use", ""))
            return Target(place, meaning, name, index.parameters[pack].get(name), is_key=True)
        case _:
            return None


def _fact(place: Place, meaning: Meaning, name: str, index: Index) -> Target:
    return Target(place, meaning, name, index.named["fact"].get(name), "fact", is_key=True)


def _named_here(meaning: Meaning) -> What | None:
    if meaning.key == "id" and meaning.owner in OWN_IDS and meaning.owner is not None:
        return OWN_IDS[meaning.owner]
    if meaning.owner is s.CaseEntry and meaning.key == "expect" and meaning.free:
        return EXPECTED.get(meaning.free[0])
    return meaning.reference[0] if meaning.reference is not None else None


def _longest(index: Index, what: What, written: str, after: str) -> Entry | None:
    """Find the name that is written here; a name may have spaces, as acts have."""
    whole = (written.rpartition("\n")[2] + after).lstrip("\"' ")
    entries = [
        entry
        for name, entry in index.named[what].items()
        if whole.startswith(name) and not _GOES_ON.match(whole, len(name))
    ]
    return max(entries, key=lambda entry: len(entry.name), default=None)


def _in_expression(place: Place, meaning: Meaning, index: Index, after: str) -> Target | None:
    written = place.written
    if found := _CALLED.search(written):
        what: What = "act" if found[1] else "role"
        entry = _longest(index, what, written.rpartition('"')[2], after)
        return Target(place, meaning, entry.name, entry, what) if entry is not None else None
    before = _BEFORE.search(written)
    *path, name = (before[0] if before else "").split(".")
    if not name:
        return None
    if path:
        root = variables(index, written).get(path[0], index.plurals.get(path[0], path[0]))
        entry = index.records.get(root, {}).get(name) if len(path) == 1 else None
        return Target(place, meaning, name, entry) if entry is not None else None
    for sort in NAMES:
        if name in index.named[sort]:
            return Target(place, meaning, name, index.named[sort][name], sort)
    called = _function(written, after)
    return Target(place, meaning, called.name, called) if called is not None else None


def _function(written: str, after: str) -> Entry | None:
    """Find the function whose name, which may have spaces, is at hand."""
    tail = f"{written}{after.partition('(')[0]}"
    names = sorted(_function_entries(), key=lambda each: len(each.name), reverse=True)
    return next((each for each in names if tail.endswith(each.name)), None)


def _function_entries() -> Iterator[Entry]:
    return (Entry(each.label, each.detail, each.about) for each in functions())
