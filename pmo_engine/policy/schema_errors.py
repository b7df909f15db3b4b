"""What pydantic says about a document, in the words and at the places of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin

from pmo_engine.policy.diagnostics import Diagnostic, Mark, at, nearest
from pmo_engine.policy.schema import Located
from pmo_engine.policy.source import Document, Mapping, Sequence, Text, mark_of, quoting_hint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    from pydantic_core import ErrorDetails

Path: TypeAlias = tuple[int | str, ...]
MESSAGES = {
    "list_type": "is not a list",
    "dict_type": "is not a mapping",
    "model_type": "is not a mapping",
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_type": "is not a whole number",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "too_short": "is empty",
    "literal_error": "is not {expected}",
}
HINTS = {
    "list_type": "begin each item with '- '",
    "dict_type": "write 'name: value'",
    "model_type": "write 'name: value'",
}


def translate(
    document: Document, errors: Many[ErrorDetails], model: type[Located]
) -> list[Diagnostic]:
    """Give a diagnostic for each error, one for each place."""
    found: dict[tuple[int, int, str], Diagnostic] = {}
    mistyped = _mistyped(errors)
    for error in errors:
        if error["loc"] in mistyped:
            continue
        item = _translated(document, error, model)
        found.setdefault((item.line, item.column, item.message), item)
    return list(found.values())


def _mistyped(errors: Many[ErrorDetails]) -> set[Path]:
    """Find the keys that are missing only because they are written nearly right."""
    found: set[Path] = set()
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    for error in errors:
        if error["type"] == "missing":
            *path, key = error["loc"]
            beside = [each[-1] for each in unknown if [*each[:-1]] == path]
            if any(nearest(str(each), [str(key)]) for each in beside):
                found.add(error["loc"])
    return found


def prune(content: Mapping, errors: Many[ErrorDetails]) -> None:
    """Leave out what the errors are about: the item of a list, or the key, that holds it."""
    items: dict[int, tuple[Sequence, set[int]]] = {}
    for error in errors:
        held = [(value, step) for value, step in _steps(content, error["loc"])]
        item = next(((v, s) for v, s in reversed(held) if isinstance(v, Sequence)), None)
        if item is not None and error["type"] != "extra_forbidden":
            items.setdefault(id(item[0]), (item[0], set()))[1].add(int(item[1]))
        elif held:
            value, step = held[-1]
            value.pop(step, None)
    for value, wrong in items.values():
        value[:] = [each for number, each in enumerate(value) if number not in wrong]


def _steps(content: Mapping, path: Path) -> Iterator[tuple[Any, Any]]:
    """Follow a path down, passing over the steps that are pydantic's own (a union's branch)."""
    value: Any = content
    for step in path:
        inside = isinstance(value, Mapping) and step in value
        if inside or (isinstance(value, Sequence) and isinstance(step, int) and step < len(value)):
            yield value, step
            value = value[step]


def _translated(document: Document, error: ErrorDetails, model: type[Located]) -> Diagnostic:
    content = document.content
    assert isinstance(content, Mapping)
    held = list(_steps(content, error["loc"]))
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "missing":
        mark = mark_of(held[-1][0][held[-1][1]], content.mark) if held else content.mark
        return at(mark, "PMO012", f"missing key '{last}'", f"add '{last}:'")
    value: Any = held[-1][0][held[-1][1]] if held else content
    mark = mark_of(value, content.mark)
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(error, held[-1][0], last, model)
        case "value_error":
            message = error["msg"].removeprefix("Value error, ")
            return at(mark, "PMO013", message)
        case "empty":
            hint = "give a value, or leave the key out"
            return at(mark, "PMO013", "nothing is written here", hint)
        case "not_text":
            hint = _misread(document, str(held[-1][1]) if held else last, mark)
            return at(mark, "PMO013", f"{_shown(value)} where a text is expected", hint)
        case kind:
            told = MESSAGES.get(kind, error["msg"]).format(**error.get("ctx", {}))
            return at(mark, "PMO013", f"{_shown(value)} {told}", HINTS.get(kind, ""))


def _unknown_key(
    error: ErrorDetails, holder: Mapping, key: str, model: type[Located]
) -> Diagnostic:
    known = keys_at(model, error["loc"][:-1])
    hint = nearest(key, known) or f"known here: {', '.join(known)}"
    value = holder[key]
    if isinstance(value, Text) and value.plain and not value:
        hint = _split_hint(holder, key) or hint
    return at(holder.keys_at[key], "PMO011", f"unknown key '{key[:60]}'", hint)


def _split_hint(holder: Mapping, key: str) -> str:
    """Show the value before a key without one quoted: in { } YAML ends a value at a comma."""
    names = list(holder)
    before = names[names.index(key) - 1]
    value = holder[before]
    if before == key or not isinstance(value, Text) or not value.plain:
        return ""
    return quoting_hint(before, f"{value}, {key}")


def _misread(document: Document, key: str, mark: Mark) -> str:
    """Show a value quoted that YAML took for a list or a mapping."""
    line = document.lines[mark.line - 1]
    written = line[mark.column - 1 :].strip()
    if written[:1] not in {"[", "{"}:
        return ""
    escaped = written.replace("'", "''")
    return f"if this is an expression, quote it: {key}: '{escaped}'"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value[:60]}'" if value else "nothing"
    return "a list" if isinstance(value, list) else "a mapping"


def keys_at(model: type[Located], path: Path) -> list[str]:
    """Name the keys that the schema knows at a path."""
    found: Any = model
    for step in path:
        found = _inside(found, step)
    names = getattr(_model_in(found), "model_fields", {})
    return sorted(info.alias or name for name, info in names.items())


def _inside(annotation: Any, step: int | str) -> Any:
    """Give what the schema has at one step of a path; a union's own step stays where it is."""
    if isinstance(annotation, type) and issubclass(annotation, Located):
        return next(
            (
                info.annotation
                for name, info in annotation.model_fields.items()
                if step in {name, info.alias}
            ),
            annotation,
        )
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    if get_origin(annotation) is list:
        return get_args(annotation)[0] if isinstance(step, int) else annotation
    return next((_inside(each, step) for each in get_args(annotation) if _model_in(each)), None)


def _model_in(annotation: Any) -> type[Located] | None:
    if isinstance(annotation, type) and issubclass(annotation, Located):
        return annotation
    found = (_model_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)
