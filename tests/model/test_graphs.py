"""Short circles in a graph, in which all stand that are in any."""

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.graphs import circle_through, circles, short_circles

NAMES = "abcdef"
NAMED = st.sampled_from(NAMES)
GRAPHS = st.dictionaries(NAMED, st.sets(NAMED, max_size=3), max_size=6)
Graph = dict[str, set[str]]


def circles_with(edges: Graph, name: str) -> list[list[str]]:
    """Try each way round from a name, without any cleverness."""
    others = [each for each in NAMES if each != name]
    rounds = [[name, *w, name] for n in range(len(NAMES)) for w in permutations(others, n)]
    return [each for each in rounds if all(b in edges.get(a, ()) for a, b in pairwise(each))]


@given(GRAPHS)
def test_all_that_are_in_a_circle_stand_in_one_that_is_told(edges: Graph) -> None:
    told = short_circles(edges)
    in_one = {name for name in NAMES if circles_with(edges, name)}
    assert {name for each in told for name in each} == in_one
    assert all(each in circles_with(edges, min(each)) for each in told)
    assert len({tuple(each) for each in told}) == len(told)
    assert bool(told) == bool(circles(edges))


@given(GRAPHS)
def test_the_first_that_is_told_is_the_shortest_of_its_first_name(edges: Graph) -> None:
    told = short_circles(edges)
    if told:
        first = min(name for each in told for name in each)
        assert len(told[0]) == min(map(len, circles_with(edges, first)))
        assert told[0][0] == first


@given(GRAPHS, NAMED)
def test_a_circle_through_a_name_is_a_shortest_one(edges: Graph, name: str) -> None:
    told, there = circle_through(name, edges), circles_with(edges, name)
    assert bool(told) == bool(there)
    if told:
        assert told in circles_with(edges, min(told))
        assert name in told
        assert len(told) == min(map(len, there))


def test_of_circles_as_short_the_one_with_the_least_names_is_told() -> None:
    told = short_circles({"b": {"d", "c"}, "c": {"b"}, "d": {"b"}})
    assert told == [["b", "c", "b"], ["b", "d", "b"]]


def test_who_only_leads_into_a_circle_is_in_none() -> None:
    edges = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"e"}}
    assert short_circles(edges) == [["b", "c", "b"]]
    assert short_circles({"a": {"a"}}) == [["a", "a"]]
    assert short_circles({"a": {"b"}, "b": set()}) == []
