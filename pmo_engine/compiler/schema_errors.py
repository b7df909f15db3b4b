"""What pydantic says about a document, in the words and at the places of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin

from pydantic import Tag

from pmo_engine.compiler.schema import Located
from pmo_engine.model.hints import day_meant
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Mark, at, nearest
from pmo_engine.source.yaml_problems import quoting_hint
from pmo_engine.source.yaml_source import Document, Mapping, Sequence, Text, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    from pydantic.fields import FieldInfo
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
OTHER_KEYS = {
    "if": "when",
    "condition": "when",
    "event": "on",
    "trigger": "on",
    "actions": "then",
    "effects": "then",
    "severity": "binding",
    "name": "title",
    "description": "about",
    "limit": "up_to",
}
"""What other tools call the keys that are meant."""
OTHER_VALUES = {
    "must": "shall",
    "mandatory": "shall",
    "recommended": "should",
    "optional": "may",
    "can": "may",
    "pilot": "trial",
}
EXPRESSIONS = frozenset({"when", "value"})
_CHOICES = re.compile(r"'([^']*)'")
_REST_OF_AMOUNT = re.compile(r"\d{3}(?: [A-Za-z]{3})?")


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
        return at(mark, codes.MISSING_KEY, f"missing key '{last}'", f"add '{last}:'")
    value: Any = held[-1][0][held[-1][1]] if held else content
    mark = mark_of(value, content.mark)
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(error, held[-1][0], last, model)
        case "value_error":
            message = error["msg"].removeprefix("Value error, ")
            return at(mark, codes.WRONG_VALUE, message)
        case "empty":
            return at(
                mark, codes.WRONG_VALUE, "nothing is written here", _nothing_hint(document, mark)
            )
        case "not_text":
            hint = _misread(document, str(held[-1][1]) if held else last, value, mark)
            return at(mark, codes.WRONG_VALUE, f"{_shown(value)} where a text is expected", hint)
        case kind:
            told = MESSAGES.get(kind, error["msg"]).format(**error.get("ctx", {}))
            return at(
                mark, codes.WRONG_VALUE, f"{_shown(value)} {told}", _way_out(error, value, model)
            )


def _unknown_key(
    error: ErrorDetails, holder: Mapping, key: str, model: type[Located]
) -> Diagnostic:
    known = keys_at(model, error["loc"][:-1])
    other = OTHER_KEYS.get(key.casefold(), "")
    meant = f"did you mean '{other}'?" if other in known and other not in holder else ""
    hint = nearest(key, known) or meant or f"known here: {', '.join(known)}"
    value = holder[key]
    if isinstance(value, Text) and value.plain and not value:
        hint = _split_hint(holder, key) or hint
    return at(holder.keys_at[key], codes.UNKNOWN_KEY, f"unknown key '{key[:60]}'", hint)


def _split_hint(holder: Mapping, key: str) -> str:
    """Show the value before a key without one quoted: in { } YAML ends a value at a comma."""
    names = list(holder)
    before = names[names.index(key) - 1]
    value = holder[before]
    if before == key or not isinstance(value, Text) or not value.plain:
        return ""
    if value[-1:].isdigit() and _REST_OF_AMOUNT.fullmatch(key):
        return f"a number has no commas: {before}: {value}{key}"
    return quoting_hint(before, f"{value}, {key}")


def _misread(document: Document, key: str, value: Any, mark: Mark) -> str:
    """Say what to do where YAML, or the writer, made a list or a mapping of a value."""
    written = _in_brackets(document.lines[mark.line - 1][mark.column - 1 :])
    if key in EXPRESSIONS and written:
        escaped = written.replace("'", "''")
        return f"quote it: {key}: '{escaped}'"
    if key in EXPRESSIONS:
        return "write one expression; conditions are joined with 'and' and 'or'"
    return "write one value here" if isinstance(value, list) else ""


def _in_brackets(text: str) -> str:
    """Give what stands from an opening bracket to the one that closes it, on one line."""
    depth = 0
    for number, character in enumerate(text, 1):
        depth += (character in "[{") - (character in "]}")
        if not depth:
            return text[:number] if number > 1 else ""
    return ""


def _nothing_hint(document: Document, mark: Mark) -> str:
    """Say why nothing is there, where a # begins a comment."""
    key, _, comment = document.lines[mark.line - 1].partition(": #")
    if comment:
        return f"# begins a comment; quote it: {key.strip().removeprefix('- ')}: '#{comment}'"
    return "give a value, or leave the key out"


def _way_out(error: ErrorDetails, value: Any, model: type[Located]) -> str:
    match error["type"]:
        case "list_type":
            return f"write [{value}]" if isinstance(value, Text) and value else _LIST
        case "model_type":
            return _keys_hint(value, model, error["loc"])
        case "dict_type":
            return "write 'name: value'"
        case "literal_error" if isinstance(value, str):
            choices = _CHOICES.findall(error["ctx"]["expected"])
            other = OTHER_VALUES.get(value.casefold())
            return f"did you mean '{other}'?" if other in choices else nearest(value, choices)
        case "day":
            return f"write {meant}" if (meant := day_meant(str(value))) else ""
        case "up_to":
            amount = value if isinstance(value, str) and value[:1].isdigit() else "50000 GBP"
            return f"write unlimited, or a list as in [{{value: {amount}}}]"
        case _:
            return ""


_LIST = "put '- ' before each item, or [ ] around them"


def _keys_hint(value: Any, model: type[Located], path: Path) -> str:
    """Show a text as the value of the one key that is needed, or name the keys."""
    fields = fields_at(model, path)
    needed = [name for name, info in fields.items() if info.is_required()]
    if isinstance(value, Text) and len(needed) == 1:
        return f"write {{{needed[0]}: {value}}}"
    return f"write it with its keys: {', '.join(fields)}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value[:60]}'" if value else "nothing"
    return "a list" if isinstance(value, list) else "a mapping"


def keys_at(model: type[Located], path: Path) -> list[str]:
    """Name the keys that the schema knows at a path."""
    return sorted(fields_at(model, path))


def fields_at(model: type[Located], path: Path) -> dict[str, FieldInfo]:
    """Give the fields that the schema knows at a path, by their keys."""
    found: Any = model
    for step in path:
        found = _inside(found, step)
    inner = model_in(found)
    fields = inner.model_fields.items() if inner is not None else ()
    return {info.alias or name: info for name, info in fields}


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
    branches = [each for each in get_args(annotation) if model_in(each)]
    chosen = (each for each in branches if Tag(str(step)) in getattr(each, "__metadata__", ()))
    return next(chosen, None) or next((_inside(each, step) for each in branches), None)


def model_in(annotation: Any) -> type[Located] | None:
    """Find the model that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Located):
        return annotation
    found = (model_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)
