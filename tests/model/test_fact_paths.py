"""Where a fact lies: taken apart and put together in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.fact_paths import FactPath

PATHS = [
    ("change.cost", ("change", "cost")),
    ("changes[2].cost", ("changes", 2, "cost")),
    ("today", ("today",)),
    ("a.b[12].c", ("a", "b", 12, "c")),
    ("größe.läuft", ("größe", "läuft")),
    ("changes[CR-1].cost", ("changes", "CR-1", "cost")),
    ('changes["17"].cost', ("changes", "17", "cost")),
    ('changes["a\\"]b"].cost', ("changes", 'a"]b', "cost")),
]


@pytest.mark.parametrize(("text", "steps"), PATHS)
def test_a_path_is_taken_apart_and_put_together(text: str, steps: tuple[str | int, ...]) -> None:
    assert FactPath(text).steps == steps
    assert FactPath.of(steps) == text
    assert FactPath(text).root == steps[0]


KEYS = st.from_regex(r"[0-9]{1,3}", fullmatch=True) | st.text(min_size=1, max_size=6)


@given(KEYS)
def test_a_record_is_found_by_its_key_whatever_that_is(key: str) -> None:
    path = FactPath("changes").record(key).field("cost")
    assert path.steps == ("changes", key, "cost")
    assert FactPath.of(path.steps).steps == path.steps


@given(st.integers(1, 999))
def test_a_key_of_figures_is_no_place_in_a_list(number: int) -> None:
    keyed, placed = FactPath("changes").record(str(number)), FactPath.of(("changes", number))
    assert keyed.steps[1] == str(number)
    assert placed.steps[1] == number
    assert not keyed.overlaps(placed)


@given(st.lists(st.from_regex(r"[a-z_]\w{0,4}", fullmatch=True) | st.integers(1, 99), min_size=1))
def test_what_is_put_together_comes_apart_again(steps: list[str | int]) -> None:
    assert FactPath.of(steps).steps == tuple(steps)


def test_what_is_no_path_has_no_steps() -> None:
    assert FactPath("").steps == FactPath("12 + 3").steps == ()
    assert FactPath("").root == ""


def test_it_is_equal_to_and_found_by_its_text() -> None:
    path = FactPath("change").field("cost")
    assert path == "change.cost"
    assert type(path) is FactPath
    assert {"change.cost": 1}[path] == 1


OVERLAPS = [
    ("change", "change.cost", True),
    ("change.cost", "change", True),
    ("change.cost", "change.cost", True),
    ("change.cost", "change.costs", False),
    ("change.cost", "change.weeks", False),
    ("changes[1].cost", "changes[2].cost", False),
    ("changes", "changes[2].cost", True),
]


@pytest.mark.parametrize(("one", "other", "overlap"), OVERLAPS)
def test_one_lies_in_another(one: str, other: str, *, overlap: bool) -> None:
    assert FactPath(one).overlaps(FactPath(other)) is overlap
