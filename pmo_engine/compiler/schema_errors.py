"""What pydantic says about a document, in the words and at the places of the file."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin

from pydantic import Tag

from pmo_engine.compiler.binding.limit_words import limit_meant
from pmo_engine.compiler.other_words import OTHER_KEYS, OTHER_VALUES
from pmo_engine.compiler.schema import Located
from pmo_engine.compiler.schema.located import NO_WORDS
from pmo_engine.model.hints.times import day_meant, hours_meant, period_meant
from pmo_engine.model.hints.values import money_meant, number_meant, part_meant, yes_or_no
from pmo_engine.model.working_time.readings import holidays_meant, week_meant
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Edit, Mark, at, closest, nearest
from pmo_engine.source.yaml_edits import in_quotes
from pmo_engine.source.yaml_source import (
    Document,
    Mapping,
    Sequence,
    Text,
    mark_of,
    rewritings,
)

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
    "too_few": "has fewer than {min_length} items",
    "literal_error": "is not {expected}",
}
_FROM = frozenset({"from", "in_force_from", "applies_from", "since"})


def _first_of(error: ErrorDetails, text: str) -> tuple[str, ...]:
    """Give the first day of a month from which something holds."""
    key = next((each for each in reversed(error["loc"]) if isinstance(each, str)), "")
    return period_meant(text)[:1] if key in _FROM else ()


EXPRESSIONS = frozenset({"when", "value"})
_CHOICES = re.compile(r"'([^']*)'")
_WORDS = {
    "block": "say why the record may not go on: whoever entered it reads that",
    "finding": "say what is found, as in 'ordered before it was approved'",
    "evidence": "say what has to be there, as in business_case",
    "message": "say what they are told",
    "reason": "say why it is raised",
    "label": "say what people call it",
    "source": "say who decided so, and when",
}
_NO_LIMIT = frozenset({"no limit", "without limit", "unrestricted", "any", "any amount", "all"})
_WayOut: TypeAlias = tuple[str, tuple[Edit, ...]]


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
            hint, fixes = _nothing(document, mark)
            return at(mark, codes.WRONG_VALUE, "nothing is written here", hint, fixes=fixes)
        case "not_text":
            key = str(held[-1][1]) if held else last
            hint, fixes = _misread(document, key, value, mark)
            return at(
                mark,
                codes.WRONG_VALUE,
                f"{_shown(value)} where a text is expected",
                hint,
                fixes=fixes,
            )
        case _:
            told = MESSAGES.get(_sort(error), error["msg"]).format(**error.get("ctx", {}))
            hint, fixes = _way_out(document, error, value, model)
            return at(mark, codes.WRONG_VALUE, f"{_shown(value)} {told}", hint, fixes=fixes)


def _sort(error: ErrorDetails) -> str:
    some = error["type"] == "too_short" and error["ctx"]["actual_length"]
    return "too_few" if some else error["type"]


def _unknown_key(
    error: ErrorDetails, holder: Mapping, key: str, model: type[Located]
) -> Diagnostic:
    known = keys_at(model, error["loc"][:-1])
    other = OTHER_KEYS.get(key.casefold(), "")
    near = closest(key, known) or ((other,) if other in known and other not in holder else ())
    mark = holder.keys_at[key]
    fixes = [Edit(mark, mark._replace(column=mark.column + len(key)), each) for each in near]
    hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}"
    value = holder[key]
    if isinstance(value, Text) and value.plain and not value and (whole := _split(holder, key)):
        hint, fixes = whole
    return at(mark, codes.UNKNOWN_KEY, f"unknown key '{key[:60]}'", hint, fixes=fixes)


def _split(holder: Mapping, key: str) -> tuple[str, list[Edit]] | None:
    """Show the value before a key without one quoted: in { } YAML ends a value at a comma."""
    names = list(holder)
    before, value = names[names.index(key) - 1], holder[names[names.index(key) - 1]]
    end = holder.keys_at[key]
    if (
        before == key
        or not isinstance(value, Text)
        or not value.plain
        or value.mark.line != end.line
    ):
        return None
    [edit] = value.up_to(end._replace(column=end.column + len(key))).quoted()
    return f"quote it: {before}: {edit.text}", [edit]


def _misread(document: Document, key: str, value: Any, mark: Mark) -> _WayOut:
    """Say what to do where YAML, or the writer, made a list or a mapping of a value."""
    written = _in_brackets(document.lines[mark.line - 1][mark.column - 1 :])
    if key == "when" and (joined := _joined(value, mark, written)):
        return f"write one expression: {joined.text}", (joined,)
    if key in EXPRESSIONS and written:
        quoted = in_quotes(written)
        return f"quote it: {key}: {quoted}", (_over(mark, written, quoted),)
    if key in EXPRESSIONS:
        return "write one expression; conditions are joined with 'and' and 'or'", ()
    one = "write one value here" if isinstance(value, list) else ""
    return _WORDS.get(key, one), ()


def _joined(value: Any, mark: Mark, written: str) -> Edit | None:
    """Give the edit that makes one condition of several on one line, or of a list's items."""
    parts = value if isinstance(value, list) else value.values()
    if not parts or not all(isinstance(each, Text) and each for each in parts):
        return None
    if isinstance(value, Mapping) and not all("." in key for key in value):
        return None  # a context, which is quoted
    conditions = value if isinstance(value, list) else [f"{k} = {v}" for k, v in value.items()]
    end = mark._replace(column=mark.column + len(written)) if written else [*parts][-1].end
    return Edit(mark, end, " and ".join(conditions))


def _over(mark: Mark, written: str, text: str) -> Edit:
    """Give the edit that writes a text over another one on its line."""
    return Edit(mark, mark._replace(column=mark.column + len(written)), text)


def _in_brackets(text: str) -> str:
    """Give what stands from an opening bracket to the one that closes it, on one line."""
    depth = 0
    for number, character in enumerate(text, 1):
        depth += (character in "[{") - (character in "]}")
        if not depth:
            return text[:number] if number > 1 else ""
    return ""


def _nothing(document: Document, mark: Mark) -> _WayOut:
    """Say why nothing is there, where a # begins a comment."""
    line = document.lines[mark.line - 1]
    key, _, comment = line.partition(": #")
    if comment:
        quoted, start = in_quotes(f"#{comment}".rstrip()), mark._replace(column=len(key) + 3)
        hint = f"# begins a comment; quote it: {key.strip().removeprefix('- ')}: {quoted}"
        return hint, (_over(start, f"#{comment}", quoted),)
    return "give a value, or leave the key out", ()


def _way_out(document: Document, error: ErrorDetails, value: Any, model: type[Located]) -> _WayOut:
    match error["type"]:
        case "list_type":
            return _listed(document, value, str(error["loc"][-1]))
        case "model_type":
            return _with_keys(document, value, model, error["loc"])
        case "dict_type":
            return _mapped(document, error, value)
        case "literal_error" if isinstance(value, str):
            choices = _CHOICES.findall(error["ctx"]["expected"])
            other = OTHER_VALUES.get(value.casefold(), "")
            near = (other,) if other in choices else closest(value, choices)
            return "".join(f"did you mean '{each}'?" for each in near), rewritings(value, near)
        case "day":
            days = day_meant(str(value)) or _first_of(error, str(value))
            return f"write {' or '.join(days)}" if days else "", rewritings(value, days)
        case "int_parsing" | "int_from_float":
            whole = tuple(each for each in number_meant(str(value)) if each.isdecimal())
            return f"write {' or '.join(whole)}" if whole else "", rewritings(value, whole)
        case "up_to":
            return _limits(value)
        case "too_short":
            if "up_to" in error["loc"]:
                return "write unlimited or a limit, or leave the whole entry out", ()
            return f"write at least {error['ctx']['min_length']}", ()
        case "no_words":
            return _WORDS[str(error["loc"][-1])], ()
        case _:
            return "", ()


def _limits(value: Any) -> _WayOut:
    """Show an amount as the one limit that it is."""
    text = str(value) if isinstance(value, Text) else ""
    if text.casefold() in _NO_LIMIT:
        return "write unlimited", rewritings(value, ("unlimited",))
    amounts = money_meant(text) or number_meant(text) or limit_meant(text, "", (), {})
    written = [f"[{{value: {each}}}]" for each in amounts]
    fixes = tuple(Edit(value.mark, value.end, each) for each in written)
    return f"write unlimited, or a list as in {(written or ['[{value: an amount}]'])[0]}", fixes


def _mapped(document: Document, error: ErrorDetails, value: Any) -> _WayOut:
    """Show hours that are written as a text, or a list of such, as what days they are for."""
    if error["loc"][-1] != "hours":
        return "write 'name: value'", ()
    texts = value if isinstance(value, list) else [value]
    known = all(isinstance(each, Text) for each in texts)
    if known and (spans := week_meant("; ".join(texts))):
        mark, end = mark_of(value, document.mark), texts[-1].end
        written = _in_brackets(document.lines[mark.line - 1][mark.column - 1 :])
        edit = _over(mark, written, spans[0]) if written else Edit(mark, end, spans[0])
        return f"write {spans[0]}", (edit,)
    hours = next(iter(hours_meant(str(value))), "09:00-17:30") if known else "09:00-17:30"
    return f'say on which days, as in {{mon-fri: "{hours}"}}', ()


def _listed(document: Document, value: Any, key: str) -> _WayOut:
    """Show one item as a list of it."""
    if key == "facts" and not _PATH.fullmatch(str(value)):
        return "say which facts, as in [change.cost]", ()
    if isinstance(value, Text):
        written = f"[{value}]"
        return (
            (f"write {written}", (Edit(value.mark, value.end, written),)) if value else (_LIST, ())
        )
    if not value:
        return _LIST, ()
    mark = mark_of(value, document.mark)
    rest = document.lines[mark.line - 1][mark.column - 1 :]
    written = _in_brackets(rest)
    if written:
        return _LIST, (_over(mark, written, f"[{written}]"),)
    return _LIST, (_as_item(document.lines, mark),)


def _as_item(lines: Many[str], mark: Mark) -> Edit:
    """Give the edit that puts a dash before a mapping and moves it under that."""
    indent = mark.column - 1
    after = lines[mark.line :]
    inside = takewhile(lambda line: not line.strip() or _indent(line) >= indent, after)
    moved = [
        lines[mark.line - 1][indent:],
        *(f"  {line}" if line.strip() else line for line in inside),
    ]
    last = mark.line + len(moved) - 1
    end = Mark(mark.file, last, len(lines[last - 1]) + 1)
    return Edit(mark, end, "- " + "\n".join(moved))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


_LIST = "put '- ' before each item, or [ ] around them"


def _with_keys(document: Document, value: Any, model: type[Located], path: Path) -> _WayOut:
    """Show a text as the value of the one key that is needed, or name the keys.

    Of whom something is asked is needed too where it may be said in several ways.
    """
    fields = fields_at(model, path)
    needed = [name for name, info in fields.items() if info.is_required()]
    needed = needed or [name for name in fields if name == "from"]
    if needed == ["facts"]:
        return _of_facts(document, value)
    if isinstance(value, Text) and len(needed) == 1 and _may_be(value, needed[0]):
        meant = holidays_meant(value) if needed == ["country"] else ()
        part = part_meant(value) if needed == ["meet"] else ()
        key = "of" if "of" in fields and _SO_MANY.match(value) else needed[0]
        written = next(iter(meant), f"{{{key}: {next(iter(part), value)}}}")
        return f"write {written}", (Edit(value.mark, value.end, written),)
    return f"write it with its keys: {', '.join(fields)}", ()


def _may_be(value: Text, key: str) -> bool:
    """Tell whether a text may be what a key wants: yes, a number or a day names nobody.

    Nor does a fact, or a sentence where a role is wanted.
    """
    word = value.strip()
    if not word or word.casefold() in NO_WORDS or _PATH.fullmatch(word):
        return False
    is_sentence = key in {"from", "to"} and len(word.split()) > _TITLE
    return not (is_sentence or yes_or_no(word) or number_meant(word) or day_meant(word))


_TITLE = 4  # words of a role's title

_SO_MANY = re.compile(r"\d+(?:/\d+)? of ")


def _of_facts(document: Document, value: Any) -> _WayOut:
    """Show the paths of facts as the list that is asked for; a role, or words, are none."""
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(each, Text) and _PATH.fullmatch(each) for each in texts):
        return "say which facts: {facts: [change.cost]}, and of whom: 'from' and a role", ()
    written = f"{{facts: [{', '.join(texts)}]}}"
    mark = mark_of(value, document.mark)
    brackets = _in_brackets(document.lines[mark.line - 1][mark.column - 1 :])
    edit = _over(mark, brackets, written) if brackets else Edit(mark, texts[-1].end, written)
    return f"write {written}", (edit,)


_PATH = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)+")


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
