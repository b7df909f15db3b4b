"""What can be written where a cursor is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.schema_errors import fields_at
from pmo_engine.editor.flow import unquoted
from pmo_engine.editor.index import variables
from pmo_engine.editor.meaning import EXPECTED, Meaning, meaning_of
from pmo_engine.feel.help import MEANINGS, calls_of
from pmo_engine.model.event_names import EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.suites.expectations import EXPECTATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.compiler.names import Entry, Index
    from pmo_engine.editor.place import Place

Sort: TypeAlias = Literal["key", "value", "name", "field", "function", "word"]
WORDS = ("and", "or", "not(", "in", "between", "if", "some", "every", "true", "false", "null")
_WORD = re.compile(r"[\w.]*$")
_LAST = re.compile(r"\w*$")
_COMPARED = re.compile(r"""([\w.]+)\s*(?:!?=|in\s*[(\[]?(?:\s*"[^"]*"\s*,)*)\s*("?)[\w ]*$""")
_IN_CALL = re.compile(r"""\b(?:authority|headroom)\(\s*("[^"]*"\s*,\s*)?"([\w ]*)$""")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that can be written: its label, what takes the place of the word at hand."""

    label: str
    sort: Sort
    text: str
    detail: str = ""
    about: str = ""


def complete(place: Place, index: Index) -> list[Suggestion]:
    """Give what can be written at a place, in a useful order."""
    meaning = meaning_of(place)
    if not place.keys and place.key == "kind":
        return [_value(kind, detail=_about(model)) for kind, model in MODELS.items()]
    if place.key is None and not place.keys and not place.kind:
        return [Suggestion("kind", "key", "kind: ", about="What this document is about.")]
    if meaning.model is not None:
        names = () if place.beside else _values(meaning, index)  # where a name may stand instead
        return [*names, *_keys(meaning.model, place)]
    if meaning.is_expression:
        found = expression(place.written, index, root_of(place, index))
        return [each for each in found if not meaning.is_path or each.sort in {"name", "field"}]
    if meaning.free:
        return [*_free(place, meaning, index)]
    return [*_open(place, meaning, index), *_values(meaning, index)]


def taken(place: Place) -> str:
    """Give the part of what is written that a suggestion takes the place of."""
    if meaning_of(place).is_expression:
        found = _LAST.search(place.written)
        return found[0] if found else ""
    return place.written.rpartition("\n")[2].lstrip("\"'")


def _about(model: type[s.Located]) -> str:
    return (model.__doc__ or "").partition("\n")[0]


def _value(name: str, detail: str = "", about: str = "") -> Suggestion:
    return Suggestion(name, "value", name, detail, about)


def _keys(model: type[s.Located], place: Place) -> Iterator[Suggestion]:
    for key, info in fields_at(model, ()).items():
        if key not in place.beside:
            needed = "needed" if info.is_required() else ""
            yield Suggestion(key, "key", f"{key}: ", needed, info.description or "")


def _values(meaning: Meaning, index: Index) -> Iterator[Suggestion]:
    what, words = meaning.reference or (None, ())
    yield from (_value(word) for word in (*meaning.choices, *words))
    if what is not None:
        for entry in index.named[what].values():
            yield Suggestion(entry.name, "name", entry.name, entry.detail, entry.about)


def _free(place: Place, meaning: Meaning, index: Index) -> Iterator[Suggestion]:
    """Suggest below a mapping that the schema leaves open: facts, expectations, parameters."""
    match meaning.owner, meaning.key:
        case ((s.SuiteEntry | s.CaseEntry), "facts"):
            yield from _facts(place, meaning.free, index)
        case s.CaseEntry, "expect":
            yield from _expected(meaning.free[0], index)
        case _:
            return


def _facts(place: Place, free: tuple[str, ...], index: Index) -> Iterator[Suggestion]:
    fields = index.records.get(index.plurals.get(free[0], free[0]), {})
    if place.key is None:
        yield from _named_keys(fields.values(), place)
    elif place.key in fields:
        yield from (_value(choice) for choice in fields[place.key].choices)


def _named_keys(entries: Iterable[Entry], place: Place) -> Iterator[Suggestion]:
    for entry in entries:
        if entry.name not in place.beside:
            yield Suggestion(entry.name, "key", f"{entry.name}: ", entry.detail, entry.about)


def _expected(key: str, index: Index) -> Iterator[Suggestion]:
    what = EXPECTED.get(key)
    if what is not None:
        yield from (Suggestion(n, "name", n, e.detail) for n, e in index.named[what].items())
    elif key == "blocked":
        yield from (_value("true"), _value("false"))


def _open(place: Place, meaning: Meaning, index: Index) -> Iterator[Suggestion]:
    """Suggest the first keys of a mapping that the schema leaves open."""
    match meaning.owner, meaning.key:
        case _ if place.key is not None:
            return
        case ((s.SuiteEntry | s.CaseEntry), "facts"):
            yield from _named_keys(index.named["fact"].values(), place)
        case s.CaseEntry, "expect":
            for key, shape in EXPECTATIONS.items():
                if key not in place.beside:
                    yield Suggestion(key, "key", f"{key}: ", shape.about)
        case s.PackUse, "with":
            pack = unquoted(place.around.get("use", ""))
            yield from _named_keys(index.parameters.get(pack, {}).values(), place)
        case _:
            return


def root_of(place: Place, index: Index) -> str | None:
    """Give the record in hand of the rule or case that is being written."""
    known = {**place.around, **place.beside}
    event = known.get("on") or known.get("event") or ""
    return index.nouns.get(EventName(unquoted(event).strip("[] ")).noun)


def expression(written: str, index: Index, root: str | None = None) -> Iterator[Suggestion]:
    """Suggest how an expression goes on; ``root`` is the record in hand where that is known."""
    if found := _IN_CALL.search(written):
        yield from _named(index.named["act" if found[1] else "role"].values())
        return
    compared = _COMPARED.search(written)
    if compared is not None and (choices := _choices(compared[1], written, index)):
        quote = "" if compared[2] else '"'
        yield from (Suggestion(each, "value", f"{quote}{each}{quote}") for each in choices)
        if compared[2]:
            return
    word = _WORD.search(written)
    path = word[0].split(".") if word else [""]
    if len(path) > 1:
        record = _record(path[:-1], written, index)
        yield from _named(record.values(), "field")
    elif not _in_text(written):
        yield from _names(written, index, root)


def _in_text(written: str) -> bool:
    return written.count('"') % 2 == 1


def _named(entries: Iterable[Entry], sort: Sort = "name") -> Iterator[Suggestion]:
    return (Suggestion(e.name, sort, e.name, e.detail, e.about) for e in entries)


def _names(written: str, index: Index, root: str | None) -> Iterator[Suggestion]:
    for name in variables(index, written):
        yield Suggestion(name, "name", name, "each in turn")
    roots = set(index.nouns.values()) - {root, "project"}
    hidden = roots if root is not None else set()
    yield from _named(e for name, e in index.named["fact"].items() if name not in hidden)
    yield from _named(index.named["table"].values(), "function")
    yield from functions()
    yield from (Suggestion(word, "word", word) for word in WORDS)


def functions() -> Iterator[Suggestion]:
    """Give all functions with how they are called, and what for."""
    for name, meaning in MEANINGS.items():
        detail = "; ".join(calls_of(name))
        yield Suggestion(name, "function", f"{name}(", detail, meaning.about)


def _record(path: list[str], written: str, index: Index) -> dict[str, Entry]:
    """Find the fields of what a path stands for."""
    name = variables(index, written).get(path[0], index.plurals.get(path[0], path[0]))
    return index.records.get(name, {}) if len(path) == 1 else {}


def _choices(path: str, written: str, index: Index) -> tuple[str, ...]:
    *before, name = path.split(".")
    entry = _record(before, written, index).get(name) if before else None
    return entry.choices if entry is not None else ()
