"""Single facts of a case: which there are, what one is, and the same facts with one changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Missing, Record
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.fact_paths import FactPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.model.fact_paths import Steps
    from pmo_engine.policy.registers import Register

OF_THE_MOMENT = frozenset({"now", "today"})
"""Facts that follow from when the event happened."""


def leaves(facts: Mapping[str, Any]) -> Iterator[FactPath]:
    """Name every single fact that is given; an empty record or list has none."""
    for name, value in facts.items():
        yield from map(FactPath.of, _below((name,), value))


def _below(steps: Steps, value: Any) -> Iterator[Steps]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _below((*steps, name), item)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value, 1):
            yield from _below((*steps, number), item)
    else:
        yield steps


def fact(facts: Mapping[str, Any], path: FactPath) -> Any:
    """Give a fact; ``Missing`` where it was not given."""
    value: Any = facts
    for step in path.steps:
        match value, step:
            case dict(), str() if step in value:
                value = value[step]
            case list(), int() if step <= len(value):
                value = value[step - 1]
            case _:
                return Missing((path,))
    return value


def with_fact(facts: Mapping[str, Any], path: FactPath, value: Any, kind: t.Type = t.ANY) -> Any:
    """Give the facts with one of them set; records that lack on the way are made.

    ``kind`` is the type of all the facts together, which says what fields a new record has.
    """
    return _with(facts, path.steps, value, kind, "")


def _with(facts: Any, steps: Steps, value: Any, kind: t.Type, path: str) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, int):
        items = list(facts)
        inner = kind.item if isinstance(kind, t.ListType) else t.ANY
        items[step - 1] = _with(items[step - 1], tuple(rest), value, inner, f"{path}[{step}]")
        return items
    place = f"{path}.{step}" if path else step
    entry = (kind.entry(step) if isinstance(kind, t.ContextType) else None) or t.ANY
    around = facts if isinstance(facts, dict) else {}
    changed = {**around, step: _with(around.get(step), tuple(rest), value, entry, place)}
    if isinstance(facts, Record):
        return Record(facts.path, changed, facts.fields)
    if not path:
        return changed
    fields = dict(kind.entries) if isinstance(kind, t.ContextType) else {}
    return Record(path, changed, fields.keys())


def type_at(facts: Mapping[str, t.Type], path: FactPath) -> t.Type:
    """Give the declared type of a fact; ``ANY`` where nothing says."""
    kind: t.Type = t.ContextType(tuple(facts.items()))
    for step in path.steps:
        match kind, step:
            case t.ListType(item), int():
                kind = item
            case t.ContextType(), str():
                kind = kind.entry(step) or t.ANY
            case _:
                return t.ANY
    return kind


def path_of(node: n.Node) -> FactPath | None:
    """Give the path that an expression is, where it is nothing but one."""
    match node:
        case n.Name(name):
            return FactPath(name)
        case n.Path(base, name):
            above = path_of(base)
            return None if above is None else above.field(name)
        case _:
            return None


def fields_in(node: n.Node, register: Register) -> frozenset[str]:
    """Name the fields of a record in hand that an expression may look at.

    All, where it takes the record as a whole; in an expression about the project's records, among
    which the one in hand is, every field that it names.
    """
    paths = list(paths_in(node))
    if any(path.steps == (register.root,) for path in paths):
        return frozenset(register.fields)
    found = {str(path.steps[1]) for path in paths if path.root == register.root}
    if any(path.root == register.plural for path in paths):
        found |= {each.name for each in walk(node) if isinstance(each, n.Name | n.Path)}
    return frozenset(found & register.fields.keys())


def paths_in(node: n.Node) -> Iterator[FactPath]:
    """Name the longest paths that an expression mentions, in order; variables are among them."""
    found = path_of(node)
    if found is not None:
        yield found
        return
    parts = children(node)
    if isinstance(node, n.Call) and isinstance(node.function, n.Name):
        parts = list(node.arguments)
    for part in parts:
        yield from paths_in(part)
