"""Circles in who is above, behind or before whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter


def circles(edges: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Give circles of a graph, each once, from its least name on: ``[a, b, a]``.

    Of circles that share a step one is given: without it the others are gone too.
    """
    left = {name: sorted(others) for name, others in edges.items()}
    found = []
    while circle := _circle(left):
        found.append(circle)
        left[circle[0]].remove(circle[1])
    return found


def _circle(edges: Mapping[str, Collection[str]]) -> list[str] | None:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return beginning_at(min(error.args[1]), error.args[1])
    return None


def beginning_at(first: str, circle: list[str]) -> list[str]:
    """Write a circle as it goes along its edges, from ``first`` on: ``[a, b, a]``.

    ``circle`` is as ``graphlib`` has it, each before what needs it, the first again at its end.
    """
    around = circle[:0:-1]
    start = around.index(first)
    return [*around[start:], *around[:start], first]
