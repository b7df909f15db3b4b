"""What each part of an expression came to, and why one came to nothing, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

from pmo_engine.engines.tables import Found
from pmo_engine.feel import nodes as n
from pmo_engine.feel.kinds import kind
from pmo_engine.feel.walk import children
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money


@dataclass(slots=True)
class Trace:
    """What each node came to; inside a loop or a filter, what it came to last.

    ``text`` is the expression's text, for messages that quote it; ``nulls`` holds what the parts of
    a node were when it first came to null; ``tables`` holds what each call of a decision table
    came to, by the table's name: its ``rows`` are those that the answer is from.
    """

    text: str = ""
    results: dict[int, Any] = field(default_factory=dict)
    nulls: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    tables: dict[str, list[Found]] = field(default_factory=dict)

    def keep(self, node: n.Node, value: Any) -> None:
        """Record what a node came to."""
        self.results[id(node)] = value
        if value is None:
            reached = [each for each in children(node) if self.reached(each)]
            self.nulls.setdefault(id(node), tuple(self.of(each) for each in reached))

    def of(self, node: n.Node) -> Any:
        """Give what a node came to; KeyError where it was not reached."""
        return self.results[id(node)]

    def reached(self, node: n.Node) -> bool:
        """Tell whether a node was evaluated at all."""
        return id(node) in self.results


def explain_null(node: n.Node, trace: Trace) -> str:
    """Say in a sentence which innermost part made null of operands that were not null.

    Empty where it is null as it is written.
    """
    culprit = _culprit(node, trace)
    return no_result(culprit, trace.nulls.get(id(culprit), ()), trace.text)


def no_result(node: n.Node, values: Sequence[Any], text: str) -> str:
    """Say why a part comes to nothing, its own parts being ``values``; quotes it from ``text``."""
    quoted = f" in '{text[node.start : node.end]}'" if text else ""
    match node:
        case n.Arithmetic("/") if len(values) > 1 and not _amount(values[1]):
            return f"division by zero{quoted}"
        case n.Arithmetic(operator) | n.Comparison(operator):
            kinds = " and ".join(_kind(value) for value in values)
            return f"'{operator}' has no result for {kinds}{quoted}"
        case n.Call(n.Name(name)):
            return f"'{name}' has no result{_for(values[1:])}{quoted}"
        case n.Call() | n.FunctionLiteral():
            return f"the function cannot be called so{quoted}"
        case n.Path(_, name):
            return f"'{name}' is null{quoted}"
        case n.Name(name):
            return f"'{name}' is null"
        case n.Literal():
            return ""
        case n.Filter():
            return f"nothing is at that place{quoted}"
        case n.RangeLiteral():
            return f"the ends of a range are of one kind and in order, not so{quoted}"
        case n.Conjunction() | n.Disjunction() | n.Not():
            return f"not every part is true or false{_for(values)}{quoted}"
        case n.Between() | n.Membership() | n.Negation() | n.InstanceOf():
            return f"there is no result{_for(values)}{quoted}"
        case n.ForLoop() | n.Quantified():
            return f"there is no list to go over{quoted}"
        case _:
            return f"null comes{quoted or ' of it'}"


def _for(values: Sequence[Any]) -> str:
    return f" for {' and '.join(map(_kind, values))}" if values else ""


def _culprit(node: n.Node, trace: Trace) -> n.Node:
    if isinstance(node, n.Conditional):
        parts: Iterable[n.Node] = (node.consequence, node.alternative)
    else:
        parts = children(node)
    for part in parts:
        if id(part) in trace.nulls:
            return _culprit(part, trace)
    return node


def _amount(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    return "an empty list" if value == [] else kind(value)
