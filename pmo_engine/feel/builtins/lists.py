"""Functions on lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any, Unpack

from pmo_engine.feel import operations as op
from pmo_engine.feel.arithmetic import arithmetic
from pmo_engine.feel.builtins.register import Manner, Table
from pmo_engine.feel.compatibility import join
from pmo_engine.feel.kinds import ORDERED, QUANTITIES, kind
from pmo_engine.feel.limits import bounded
from pmo_engine.feel.numbers import CONTEXT
from pmo_engine.feel.types import ANY, BOOLEAN, NUMBER, FunctionType, ListType, Type
from pmo_engine.feel.values import Builtin, Function, Missing

FUNCTIONS = Table()

_NUMBERS, _TRUTHS = frozenset({"number"}), frozenset({"boolean"})
_LIST: dict[str, Type] = {"list": ListType(ANY)}
_function = FUNCTIONS.enter


def _item(*arguments: Type) -> Type:
    """Give the type of one of the items: of a list, or of so many arguments."""
    only = arguments[0]
    return only.item if len(arguments) == 1 and isinstance(only, ListType) else join(*arguments)


def _list(*arguments: Type) -> Type:
    """Give the type of the list itself, or of the list of so many arguments."""
    return ListType(_item(*arguments))


def _first(argument: Type, *_: Type) -> Type:
    return _list(argument)


def _with_item(argument: Type, *others: Type) -> Type:
    """Give the type of a list to which an item is added, the last argument."""
    return ListType(join(_item(argument), others[-1]))


def _with_items(argument: Type, *others: Type) -> Type:
    return ListType(join(_item(argument), *others))


def _joined(*arguments: Type) -> Type:
    return ListType(join(*map(_item, arguments)))


def _flat(argument: Type, *_: Type) -> Type:
    while isinstance(argument, ListType):
        argument = argument.item
    return ListType(argument)


def _of_list_or_items(name: str, result: Any, **manner: Unpack[Manner]) -> Callable[..., Any]:
    """Enter a function that takes one list, or its items as so many arguments."""
    alike, sees_missing = manner.get("alike", frozenset()), manner.get("structural", False)

    def enter(implementation: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
        _function(name, _LIST, result, **manner)(implementation)
        spread = lambda *items: implementation(list(items))  # noqa: E731
        _function(
            name, {"item": ANY}, result, variadic=True, sees_missing=sees_missing, alike=alike
        )(spread)
        return implementation

    return enter


@_function("count", _LIST, NUMBER, structural=True)
def _count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


@_of_list_or_items("min", _item, alike=ORDERED)
def _min(items: list[Any]) -> Any:
    return _extreme(items, -1)


@_of_list_or_items("max", _item, alike=ORDERED)
def _max(items: list[Any]) -> Any:
    return _extreme(items, 1)


def _extreme(items: list[Any], sign: int) -> Any:
    best = items[0] if items else None
    for item in items:
        order = op.order(item, best)
        if order is None:
            return None
        best = item if order == sign else best
    return best


@_of_list_or_items("sum", _item, alike=QUANTITIES)
def _sum(items: list[Any]) -> Any:
    """Add up numbers, money of one currency or durations; the sum of nothing is null."""
    total = items[0] if items and _is_quantity(items[0]) else None
    for item in items[1:]:
        total = arithmetic("+", total, item)
    return total


@_of_list_or_items("product", NUMBER, alike=_NUMBERS)
def _product(items: list[Any]) -> Any:
    total = items[0] if items and isinstance(items[0], Decimal) else None
    for item in items[1:]:
        total = arithmetic("*", total, item)
    return total


@_of_list_or_items("mean", _item, alike=QUANTITIES)
def _mean(items: list[Any]) -> Any:
    return arithmetic("/", _sum(items), Decimal(len(items)))


@_of_list_or_items("median", _item, alike=QUANTITIES)
def _median(items: list[Any]) -> Any:
    ordered = _ordered(items)
    if not ordered or not _is_quantity(ordered[0]):
        return None
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return _mean(middle) if len(middle) > 1 else middle[0]


@_of_list_or_items("stddev", NUMBER, alike=_NUMBERS)
def _stddev(items: list[Any]) -> Decimal | None:
    """Give the standard deviation of a sample (divisor n - 1); null for fewer than two numbers."""
    if len(items) < 2 or not all(isinstance(item, Decimal) for item in items):  # noqa: PLR2004
        return None
    mean = _mean(items)
    squares = [arithmetic("**", arithmetic("-", item, mean), Decimal(2)) for item in items]
    variance = arithmetic("/", _sum(squares), Decimal(len(items) - 1))
    return None if variance is None else CONTEXT.sqrt(variance)


@_of_list_or_items("mode", _list, alike=ORDERED, of_nothing=True)
def _mode(items: list[Any]) -> list[Any] | None:
    if not items:
        return []
    ordered = _ordered(items)
    if ordered is None:
        return None
    counts = [(sum(op.equal(item, other) is True for other in items), item) for item in ordered]
    most = max(count for count, _ in counts)
    distinct: list[Any] = _distinct([item for count, item in counts if count == most])
    return distinct


@_of_list_or_items("all", BOOLEAN, alike=_TRUTHS, structural=True, of_nothing=True)
def _all(items: list[Any]) -> op.Truth:
    return _truth(items, op.conjunction)


@_of_list_or_items("any", BOOLEAN, alike=_TRUTHS, structural=True, of_nothing=True)
def _any(items: list[Any]) -> op.Truth:
    return _truth(items, op.disjunction)


def _truth(items: list[Any], decide: Callable[[list[Any]], op.Truth]) -> op.Truth:
    known = all(isinstance(item, bool | Missing) or item is None for item in items)
    return decide(items) if known else None


@_function("list contains", {**_LIST, "element": ANY}, BOOLEAN, structural=True)
def _contains(items: list[Any], element: Any) -> op.Truth:
    return op.disjunction(op.equal(item, element) or _open(item) for item in items)


def _open(item: Any) -> op.Truth:
    return item if isinstance(item, Missing) else False


@_function("append", {**_LIST, "item": ANY}, _with_items, variadic=True, structural=True)
def _append(items: Any, *more: Any) -> list[Any]:
    return bounded([*op.as_list(items), *more])


@_function("concatenate", _LIST, _joined, variadic=True, structural=True)
def _concatenate(*lists: list[Any]) -> list[Any]:
    return bounded([item for each in lists for item in each])


@_function("union", _LIST, _joined, variadic=True)
def _union(*lists: list[Any]) -> Any:
    return _distinct(_concatenate(*lists))


@_function("distinct values", _LIST, _first)
def _distinct(items: list[Any]) -> Any:
    kept: list[Any] = []
    unsure: list[Any] = []
    for item in items:
        truth = op.disjunction(op.equal(item, each) or _open(item) for each in kept)
        if truth is not True:
            kept.append(item)
            unsure.append(truth)
    missing = [each for each in unsure if isinstance(each, Missing)]
    return Missing.of(*missing) if missing else kept


@_function(
    "insert before",
    {**_LIST, "position": NUMBER, "newItem": ANY},
    _with_item,
    structural=True,
)
def _insert(items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    place = _place(items, position)
    return None if place is None else bounded([*items[:place], item, *items[place:]])


@_function("remove", {**_LIST, "position": NUMBER}, _first, structural=True)
def _remove(items: list[Any], position: Decimal) -> list[Any] | None:
    place = _place(items, position)
    return None if place is None else items[:place] + items[place + 1 :]


@_function(
    "list replace",
    {**_LIST, "position": NUMBER, "newItem": ANY},
    _with_item,
    structural=True,
)
def _replace(items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


@_function(
    "list replace",
    {**_LIST, "match": FunctionType((ANY, ANY), BOOLEAN), "newItem": ANY},
    _with_item,
)
def _replace_matching(items: list[Any], match: Function, item: Any) -> Any:
    truths = [op.apply(match, (each, item)) for each in items]
    missing = [truth for truth in truths if isinstance(truth, Missing)]
    if missing:
        return Missing.of(*missing)
    if not all(isinstance(truth, bool) for truth in truths):
        return None
    return [item if truth else each for each, truth in zip(items, truths, strict=True)]


@_function("as_entered", _LIST, _first, structural=True)
def _as_entered(items: list[Any]) -> list[Any]:
    """Give all records, those too that are in no sum: see ``counting``."""
    return items


@_function("reverse", _LIST, _first, structural=True)
def _reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


@_function("index of", {**_LIST, "match": ANY}, ListType(NUMBER))
def _index_of(items: list[Any], match: Any) -> Any:
    return op.filtered(
        [Decimal(index) for index in range(1, len(items) + 1)],
        (op.equal(item, match) for item in items),
    )


@_function(
    "sublist", {**_LIST, "start position": NUMBER, "length?": NUMBER}, _first, structural=True
)
def _sublist(items: list[Any], position: Decimal, length: Decimal | None = None) -> Any:
    place = _place(items, position)
    if place is None or (length is not None and not 0 <= length <= len(items) - place):
        return None
    return items[place:] if length is None else items[place : place + int(length)]


@_function("flatten", _LIST, _flat, structural=True)
def _flatten(items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = items[::-1]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item[::-1])
        else:
            flat.append(item)
            bounded(flat)
    return flat


@_function("sort", _LIST, _first, alike=ORDERED, of_nothing=True)
def _sort(items: list[Any]) -> list[Any] | None:
    return _ordered(items)


@_function("sort", {**_LIST, "precedes": FunctionType((ANY, ANY), BOOLEAN)}, _first)
def _sort_by(items: list[Any], precedes: Function | Builtin) -> Any:
    """Sort by a function that tells whether one item comes before another; null where it fails."""
    strange: list[Any] = []

    def before(left: Any, right: Any) -> bool:
        first = _call(precedes, left, right)
        if not isinstance(first, bool):
            strange.append(first)
        return first is True

    def compare(left: Any, right: Any) -> int:
        return -1 if before(left, right) else int(before(right, left))

    ordered = sorted(items, key=cmp_to_key(compare))
    if not strange:
        return ordered
    missing = [each for each in strange if isinstance(each, Missing)]
    return Missing.of(*missing) if missing else None


def _call(function: Function | Builtin, *values: Any) -> Any:
    if isinstance(function, Builtin):
        return function.call(values, ())
    return op.apply(function, values)


def _ordered(items: list[Any]) -> list[Any] | None:
    if any(op.order(item, items[0]) is None for item in items):
        return None
    return sorted(items, key=cmp_to_key(lambda left, right: op.order(left, right) or 0))


def _place(items: list[Any], position: Decimal) -> int | None:
    place = int(position)
    if not 1 <= abs(place) <= len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


def _is_quantity(value: Any) -> bool:
    return kind(value) in QUANTITIES
