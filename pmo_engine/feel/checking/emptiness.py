"""What has no result where a list is empty, and does not say what holds then.

In a rule that is a fault at the first record of a project. A way out is ``get or else`` around it,
or to ask about the list first: ``count(changes) > 0 and max(changes.cost) > ...``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.problems import Problem
from pmo_engine.feel.quantities import nothing_of
from pmo_engine.feel.walk import children, walk
from pmo_engine.source.codes import OF_NOTHING

Lists: TypeAlias = tuple[n.Node, ...]

PARTIAL = frozenset({"min", "max", "mean", "median", "stddev", "sum"})
_WAYS_OUT = frozenset({"get or else", "is defined"})
_OF_ALL = frozenset({"sort", "reverse", "distinct values", "flatten", "union", "concatenate"})
_NEVER_EMPTY = frozenset({"append", "split", "insert before"})


def of_nothing(
    root: n.Node, partial: Collection[n.Node], types: Mapping[int, t.Type]
) -> Iterator[Problem]:
    """Warn of each of the ``partial`` calls and places whose list may be empty."""
    if partial:
        yield from _Search({id(each) for each in partial}, types).among(root, ())


class _Search:
    """Goes down a tree with the lists that were asked about on the way."""

    def __init__(self, partial: Collection[int], types: Mapping[int, t.Type]) -> None:
        self.partial, self.types = partial, types

    def among(self, node: n.Node, asked: Lists) -> Iterator[Problem]:
        """Go through a node and what is below it."""
        if id(node) in self.partial and self._may_be_empty(_list_of(node), asked):
            yield from self._problem(node)
        match node:
            case n.Call(n.Name(name), (_, *others)) if name in _WAYS_OUT:
                yield from self._all(others, asked)
            case n.Conjunction(operands) | n.Disjunction(operands):
                for each in operands:
                    rest = [other for other in operands if other is not each]
                    yield from self.among(each, (*asked, *_asked_about(rest)))
            case n.Conditional(condition, consequence, alternative):
                yield from self.among(condition, asked)
                known = (*asked, *_asked_about([condition]))
                yield from self._all([consequence, alternative], known)
            case _:
                yield from self._all(children(node), asked)

    def _all(self, nodes: Iterable[n.Node], asked: Lists) -> Iterator[Problem]:
        for each in nodes:
            yield from self.among(each, asked)

    def _problem(self, node: n.Node) -> Iterator[Problem]:
        if isinstance(node, n.Filter):
            message = "nothing may be at that place, which is a fault"
            hint = f"write get or else(...[{_place(node)}], ...), or ask count(...) first"
        elif isinstance(node, n.Call) and isinstance(node.function, n.Name):
            name = node.function.name
            if name == "sum" and nothing_of(self.types.get(id(node))) is not None:
                return
            message = f"'{name}' has no result for an empty list, which is a fault"
            hint = f"write get or else({name}(...), ...), or ask count(...) first"
        yield Problem(node.start, node.end, OF_NOTHING, message, hint, "warning")

    def _may_be_empty(self, listed: n.Node | None, asked: Lists) -> bool:
        while isinstance(listed, n.Path):
            listed = listed.base
        match listed:
            case None | n.Literal():
                return False
            case n.ListLiteral(items):
                return not items
            case n.Call(n.Name(name), _) if name in _NEVER_EMPTY:
                return False
            case n.Call(n.Name(name), arguments) if name in _OF_ALL:
                return all(self._may_be_empty(each, asked) for each in arguments)
            case n.Conditional(_, consequence, alternative):
                return any(self._may_be_empty(each, asked) for each in (consequence, alternative))
            case n.ForLoop(iterators):
                domains = [each.domain for each in iterators if each.until is None]
                return any(self._may_be_empty(each, asked) for each in domains)
            case _:
                is_list = isinstance(self.types.get(id(listed), t.ANY), t.ListType)
                return is_list and not any(_is_of(each, listed) for each in asked)


def _is_of(asked: n.Node, listed: n.Node | None) -> bool:
    """Tell whether a question was about a list; ``some`` is about those of its items that fit."""
    if not isinstance(asked, n.Quantified):
        return asked == listed
    while isinstance(listed, n.Filter):
        listed = listed.base
    return any(each.domain == listed for each in asked.iterators)


def _list_of(node: n.Node) -> n.Node | None:
    """Give the list that a call or a place looks into; ``None`` where that is not empty."""
    match node:
        case n.Filter(n.ListLiteral(items), n.Literal(Decimal() as place)):
            return None if 1 <= place <= len(items) else n.ListLiteral(())
        case n.Filter(base):
            return base
        case n.Call(_, (only,)):
            return only
        case _:
            return None


def _asked_about(conditions: Collection[n.Node]) -> Iterator[n.Node]:
    """Go through the lists of which conditions ask how long they are, or whether they are empty."""
    for each in (each for condition in conditions for each in walk(condition)):
        match each:
            case n.Call(n.Name("count"), (listed,)):
                yield listed
            case n.Comparison(_, listed, n.ListLiteral(())):
                yield listed
            case n.Quantified("some"):
                yield each


def _place(node: n.Filter) -> str:
    """Give the place of a list that is asked for, as it is written."""
    match node.condition:
        case n.Literal(Decimal() as place):
            return str(place)
        case n.Negation(n.Literal(Decimal() as place)):
            return f"-{place}"
        case _:
            return "..."
