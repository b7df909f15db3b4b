"""Facts as they are written in a file: laid over one another, one of them set or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.source.yaml_source import Mapping, Sequence, mark_of

if TYPE_CHECKING:
    from pmo_engine.model.fact_paths import FactPath, Steps
    from pmo_engine.source.diagnostics import Mark


def merged(below: Mapping, above: Mapping) -> Mapping:
    """Lay facts over others, field by field and record by record; lists are laid as a whole."""
    if not below or not above:
        return above or below
    found = _laid(below, above)
    for name in below.keys() & above.keys():
        earlier, value = below[name], above[name]
        if isinstance(earlier, Mapping) and isinstance(value, Mapping):
            found[name] = merged(earlier, value)
    return found


def _laid(below: Mapping, above: Mapping) -> Mapping:
    found = Mapping(above.mark)
    found.update({**below, **above})
    found.keys_at = {**below.keys_at, **above.keys_at}
    return found


def placed(facts: Mapping, steps: Steps, value: Any) -> Mapping:
    """Give the facts with one set, as if it had been written in its place."""
    return _placed(facts, steps, value, mark_of(value, facts.mark))  # type: ignore[no-any-return]


def _placed(facts: Any, steps: Steps, value: Any, mark: Mark) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, int):
        items = Sequence(facts) if isinstance(facts, list) else Sequence()
        items.mark = mark_of(facts, mark)
        if step <= len(items):
            items[step - 1] = _placed(items[step - 1], tuple(rest), value, mark)
        return items
    around = facts if isinstance(facts, Mapping) else Mapping(mark)
    own = Mapping(mark)
    own[step] = _placed(around.get(step), tuple(rest), value, mark)
    own.keys_at = {step: mark}
    return _laid(around, own)


def taken_away(facts: Mapping, steps: Steps) -> Mapping:
    """Give the facts without one of them; themselves where it is not among them."""
    return _taken_away(facts, steps) if steps else facts


def _taken_away(facts: Any, steps: Steps) -> Any:
    step, rest = steps[0], steps[1:]
    if isinstance(facts, list) and isinstance(step, int) and step <= len(facts):
        return _without_item(facts, step - 1, rest)
    if isinstance(facts, Mapping) and isinstance(step, str) and step in facts:
        return _without_entry(facts, step, rest)
    return facts


def _without_item(facts: list[Any], index: int, rest: Steps) -> Any:
    left = [_taken_away(facts[index], rest)] if rest else []
    if rest and left[0] is facts[index]:
        return facts
    items = Sequence([*facts[:index], *left, *facts[index + 1 :]])
    items.mark = mark_of(facts, NOWHERE)
    return items


def _without_entry(facts: Mapping, name: str, rest: Steps) -> Mapping:
    inner = _taken_away(facts[name], rest) if rest else None
    if rest and inner is facts[name]:
        return facts
    found = Mapping(facts.mark)
    found.update(facts)
    found.keys_at = dict(facts.keys_at)
    if rest:
        found[name] = inner
    else:
        del found[name]
        del found.keys_at[name]
    return found


def place_of(facts: Mapping, path: FactPath, fallback: Mark) -> Mark:
    """Find the place of a fact by its path, ``changes[2].cost``."""
    value: Any = facts
    mark = fallback
    for step in path.steps:
        if isinstance(value, dict) and step in value:
            mark = getattr(value, "keys_at", {}).get(step, mark)
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and step <= len(value):
            value = value[step - 1]
        mark = mark_of(value, mark)
    return mark
