"""Options of commands: one that takes one value is said once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Pmo


@pytest.mark.parametrize(
    "twice",
    [
        ("project", "change", "P-1", "--name", "One", "--by", "petra", "--name", "Two"),
        ("submit", "P-1", "change_requests", "cost=5 GBP", "--by", "petra", "--by", "ana"),
        ("report", "--out", "a.html", "--out", "b.html"),
        ("portfolio", "--limit", "1", "--limit", "2"),
    ],
)
def test_an_option_with_two_values_is_refused(office: Pmo, twice: tuple[str, ...]) -> None:
    done = office(*twice)
    assert (done.status, done.out) == (2, "")
    option = max(set(twice), key=twice.count)
    assert f"Invalid value for '{option}': is given twice; say one value" in done.err


def test_what_takes_several_values_or_none_may_be_said_again(office: Pmo) -> None:
    assert office("project", "list", "--json", "--json").status == 0
