"""Cells as the standard has them: texts with parts replaced, amounts as numbers and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.format import to_literal
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.money import Money

Edit: TypeAlias = tuple[int, int, str]
CLOCK = frozenset({"today", "now"})


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Give a text with parts of it replaced."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def standard(text: str, node: n.Node, own: Collection[str] = ()) -> str:
    """Write a cell as the standard has it: amounts as numbers, today as a function.

    ``own`` are the names of the table's columns, which mean those.
    """
    return edited(text, _foreign(node, CLOCK.difference(own)))


def _foreign(node: n.Node, clock: Collection[str]) -> Iterator[Edit]:
    called = {id(each.function) for each in walk(node) if isinstance(each, n.Call)}
    for each in walk(node):
        match each:
            case n.Literal(Money() as money):
                yield each.start, each.end, to_literal(money.amount)
            case n.Name(name) if name in clock and id(each) not in called:
                yield each.start, each.end, f"{name}()"


def with_money(text: str, node: n.Node, type_: t.Type, names: Mapping[str, t.Type]) -> str:
    """Write the numbers of a cell that are amounts as money.

    Those are amounts that are compared with money, added to it, or given where it is expected.
    """
    found = _Amounts(names).of(node, type_)
    return edited(text, ((each.start, each.end, _money(each, kind)) for each, kind in found))


def _money(literal: n.Literal, kind: t.MoneyType) -> str:
    return f'@"{to_literal(literal.value)} {kind.currency}"'


class _Amounts:
    """Finds the numbers that are amounts, by the types of what is beside them."""

    def __init__(self, names: Mapping[str, t.Type]) -> None:
        self.names = names

    def of(self, node: n.Node, wanted: t.Type) -> Iterator[tuple[n.Literal, t.MoneyType]]:
        match node:
            case n.Literal(Decimal()):
                if isinstance(wanted, t.MoneyType):
                    yield node, wanted
            case n.Negation() | n.UnaryTest() | n.RangeLiteral() | n.ListLiteral():
                inner = wanted.item if isinstance(wanted, t.ListType) else wanted
                for part in children(node):
                    yield from self.of(part, inner)
            case n.Conditional(condition, consequence, alternative):
                yield from self.of(condition, t.ANY)
                yield from self.of(consequence, wanted)
                yield from self.of(alternative, wanted)
            case n.Arithmetic("+" | "-", left, right):
                kind = self._money_among(left, right) or wanted
                yield from (*self.of(left, kind), *self.of(right, kind))
            case n.Comparison() | n.Between() | n.Membership():
                kind = self._money_among(*children(node)) or t.ANY
                for part in children(node):
                    yield from self.of(part, kind)
            case n.Call(n.Name(name), arguments):
                for place, argument in enumerate(arguments):
                    yield from self.of(argument, self._parameter(name, place, arguments))
            case n.Quantified(_, iterators) | n.ForLoop(iterators):
                within = _Amounts({**self.names, **self._items(iterators)})
                for part in children(node):
                    yield from within.of(part, t.ANY)
            case n.Filter(base, condition):
                yield from self.of(base, wanted)
                yield from _Amounts({**self.names, "item": self._item(base)}).of(condition, t.ANY)
            case _:
                for part in children(node):
                    yield from self.of(part, t.ANY)

    def _parameter(self, name: str, place: int, arguments: Sequence[n.Node]) -> t.Type:
        """Give the type that an argument has to be of, as far as money goes."""
        function = self.names.get(name)
        if isinstance(function, t.FunctionType):
            return dict(enumerate(function.parameters)).get(place, t.ANY)
        ways = [way.parameters for way in SIGNATURES.get(name, ()) if way.parameters]
        types = {way[min(place, len(way) - 1)].type for way in ways}
        is_free = any(each == t.ANY or isinstance(each, t.MoneyType) for each in types)
        return (self._money_among(*arguments) if is_free else None) or t.ANY

    def _items(self, iterators: Iterable[n.Iterator]) -> dict[str, t.Type]:
        return {each.name: self._item(each.domain) for each in iterators}

    def _item(self, node: n.Node) -> t.Type:
        found = check(node, self.names).type
        return found.item if isinstance(found, t.ListType) else found

    def _money_among(self, *nodes: n.Node) -> t.Type | None:
        types = (self._item(node) for node in nodes)
        return next((type_ for type_ in types if isinstance(type_, t.MoneyType)), None)
