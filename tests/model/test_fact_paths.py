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
]


@pytest.mark.parametrize(("text", "steps"), PATHS)
def test_a_path_is_taken_apart_and_put_together(text: str, steps: tuple[str | int, ...]) -> None:
    assert FactPath(text).steps == steps
    assert FactPath.of(steps) == text
    assert FactPath(text).root == steps[0]


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
