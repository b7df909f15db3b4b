"""Going over a tree without a case for each kind of node."""

from __future__ import annotations

from collections.abc import Iterator

from pmo_engine.feel.nodes import Node


def children(node: Node) -> list[Node]:
    """Give a node's direct parts in the order in which they are written."""
    found: list[Node] = []
    for name in type(node).__slots__:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(_among(value))
    return found


def walk(node: Node) -> Iterator[Node]:
    """Give a node and everything below it, each before its parts."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(children(each)))


def depth(node: Node) -> int:
    """Count the levels of a tree; a literal has one."""
    levels, row = 0, [node]
    while row:
        levels += 1
        row = [child for each in row for child in children(each)]
    return levels


def _among(values: tuple[object, ...]) -> Iterator[Node]:
    for value in values:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _among(value)
