"""Circles in who is above, behind or before whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
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


def short_circles(edges: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Give short circles in which all stand that are in any, each once, from its least name on."""
    ahead = _leading_to_circles(edges)
    behind = _turned(ahead)
    found: list[list[str]] = []
    told: set[str] = set()
    for name in sorted(ahead):
        circle = [] if name in told else _shortest(name, ahead, behind)
        if circle:
            told.update(circle)
            found.append(_from_least(circle))
    return found


def circle_through(name: str, edges: Mapping[str, Collection[str]]) -> list[str]:
    """Give a shortest circle that a name is in, from its least name on; nothing if in none."""
    circle = _shortest(name, edges, _turned(edges))
    return _from_least(circle) if circle else []


def _from_least(around: list[str]) -> list[str]:
    start = around.index(min(around))
    return [*around[start:], *around[:start], around[start]]


def _turned(edges: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    behind: dict[str, set[str]] = {}
    for name, others in edges.items():
        for other in others:
            behind.setdefault(other, set()).add(name)
    return behind


def _shortest(
    name: str, ahead: Mapping[str, Collection[str]], behind: Mapping[str, Collection[str]]
) -> list[str]:
    """Give a shortest circle that a name is in, always the same one; nothing if it is in none.

    Both ways are gone at once, level by level, until they meet: each is a fraction of one way.
    """
    forth, back = [{name}], [{name}]
    while True:
        levels, edges = (forth, ahead) if len(forth[-1]) <= len(back[-1]) else (back, behind)
        following = {other for each in levels[-1] for other in edges.get(each, ())}
        following.difference_update(*levels[1:])
        if not following:
            return []
        levels.append(following)
        if meeting := forth[-1] & back[-1]:
            break
    circle = [min(meeting)]
    for level in forth[-2:0:-1]:
        circle.insert(0, min(each for each in level if each in behind[circle[0]]))
    for level in back[-2:0:-1]:
        circle.append(min(each for each in level if each in ahead[circle[-1]]))
    return circle if name in circle else [name, *circle]


def _leading_to_circles(edges: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    """Leave out those from which no way leads into a circle: of a graph without any, all."""
    sorter = TopologicalSorter(edges)
    with suppress(CycleError):  # as many as possible are sorted all the same
        sorter.prepare()
    alone: set[str] = set()
    while ready := sorter.get_ready():
        alone.update(ready)
        sorter.done(*ready)
    return {name: others for name, others in edges.items() if name not in alone}
