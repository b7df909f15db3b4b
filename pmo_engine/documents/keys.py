"""What a policy's files say, key by key: what no clause of its documents says has its line by this.

Files are read as values, so that comments, layout and the order of keys are nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.documents.model import Clause
from pmo_engine.model.money import Money, MoneyError
from pmo_engine.prose.values import value_in_words
from pmo_engine.source.marked import Mapping, Sequence, Text, mark_of
from pmo_engine.source.yaml_source import compose_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as Sequence_

    from pmo_engine.policy import Policy

Path: TypeAlias = tuple[str, ...]
NAMES = (
    *("id", "for", "register", "extends", "use", "name", "role", "seat", "act", "from", "event"),
    "stage",
)
"""The keys by which one item of a list is told from another, the first that it has."""
WHOLE = frozenset({"cases", "rows"})
"""Lists whose items are told as they are, and not key by key."""
ORDERED = frozenset({"inputs", "outputs", "rungs", "gates", "stages", "deputies"})
"""Lists of items with names whose order has a meaning."""


TOLD = ("policy", "version")
"""What everybody who shows two versions calls them by."""
EXPRESSIONS = frozenset({"when", "value"})
"""Keys whose values clauses say in other words."""
_ORDER = "order"


def is_order(id: str) -> bool:
    """Tell whether a clause says in which order a list's items stand."""
    *_, around, last = id.split("/")
    return last == _ORDER and around in ORDERED


def keys(policy: Policy) -> dict[str, Clause]:
    """Give each key of a policy's files as a clause, by an id that stays the same."""
    found: dict[str, Clause] = {}
    names: Counter[Path] = Counter()
    for file, data in policy.contents.items():
        for document in compose_bytes(data, file)[0]:
            content = document.content
            if isinstance(content, Mapping) and not (":" in file and content["kind"] == "suite"):
                own = _own(content)
                names[own] += 1
                if len(own) > 1 and names[own] > 1:
                    own = (own[0], f"{own[1]} ({names[own]})")
                found |= {each.id: each for each in _clauses(content, own)}
    return found


def _own(content: Mapping) -> Path:
    """Name a document: a suite by its event and the rule that it is about, which others share."""
    kind, name = str(content["kind"]), _name(content)
    about = content.get("about")
    if kind == "suite" and "id" not in content and isinstance(about, list) and about:
        name = f"{name} of {about[0]}"
    return (kind, name) if name and kind != "policy" else (kind,)


def _clauses(content: Mapping, own: Path) -> Iterator[Clause]:
    for path, value in _leaves(content, own):
        if path == TOLD:
            continue
        mark = mark_of(value, content.mark)
        yield Clause(f"key/{'/'.join(path)}", "", _heading(path), _said(value), mark)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key not in {"kind", *NAMES[:1]}:
                yield from _leaves(each, (*path, key))
        if not value:
            yield path, value
    elif isinstance(value, Sequence) and any(isinstance(each, Mapping) for each in value):
        yield from _items(value, path)
    else:
        yield path, value


def _items(items: Sequence, path: Path) -> Iterator[tuple[Path, Any]]:
    """Go through a list's items by their names, or by their places where they have none."""
    named = [_name(each) or str(number) for number, each in enumerate(items, 1)]
    for number, (name, each) in enumerate(zip(named, items, strict=True)):
        again = named[:number].count(name)
        inner = (*path, f"{name} ({again + 1})" if again else name)
        yield from [(inner, each)] if path[-1] in WHOLE else _leaves(each, inner)
    if path[-1] in ORDERED:
        order = Sequence(Text(name) for name in named)
        order.mark = items.mark
        yield (*path, _ORDER), order


def _name(item: Any) -> str:
    if not isinstance(item, Mapping):
        return ""
    value = next((item[key] for key in NAMES if key in item), "")
    return str(value) if isinstance(value, Text) else ""


def _heading(path: Path) -> str:
    return ", ".join(step.replace("_", " ") for step in path).capitalize()


def _said(value: Any) -> str:
    """Say a value as it is written, days and amounts as in the documents."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key.replace('_', ' ')}: {_said(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "none"
    return _in_words(str(value))


def _in_words(text: str) -> str:
    if text in {"true", "false"}:
        return value_in_words(text == "true")
    try:
        return value_in_words(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return value_in_words(Money.parse(text))
    except MoneyError:
        return text or "nothing"


_CASES = "cases"
_OF_SUITES = ("about", "event", _CASES)
"""What of a suite is said where there is none of it any more, or not before."""
_NAMED = 5
"""As many cases are named of a suite."""


def around(path: str, others: Iterable[str]) -> str:
    """Give the widest part of a file around a key of which the ``others`` have nothing.

    It is a document, or an item of one that is a list; the key itself where it stands alone.
    """
    kind, *steps = path.split("/")[1:]
    first = 2 if steps[:1] == [kind] else 1
    there = set(others)
    for length in range(first, len(steps)):
        whole = "/".join(("key", kind, *steps[:length]))
        if not any(other.startswith(f"{whole}/") for other in there):
            return whole
    return path


def as_one(whole: str, clauses: Sequence_[Clause]) -> Clause:
    """Say in one clause what a part of a file says, which is gone or new as a whole."""
    steps = tuple(whole.split("/")[1:])
    inside = {each.id.removeprefix(f"{whole}/"): each for each in clauses}
    cases = [id.partition("/")[2] for id in inside if id.startswith(f"{_CASES}/")]
    said = [
        f"{_heading(tuple(id.split('/'))).lower()}: {each.text}"
        for id, each in inside.items()
        if steps[0] != "suite" or id in _OF_SUITES
    ]
    if cases:
        more = f" and {len(cases) - _NAMED} more" if len(cases) > _NAMED else ""
        number = f"{len(cases)} case{'s' * (len(cases) > 1)}"
        said.append(f"{number}: {', '.join(cases[:_NAMED])}{more}")
    heading = _heading(steps[steps[:1] == steps[1:2] :])
    return Clause(whole, "", heading, "; ".join(said), clauses[0].mark)
