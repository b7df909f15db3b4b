"""A day and a moment are held against each other by the office's day of the moment."""

from collections.abc import Iterator

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.errors import CommandError
from tests.stories.conftest import CITY

VISITS = """
---
kind: registers
registers:
  - register: visits
    noun: visit
    root: visit
    plural: visits
    key_prefix: V
    fields:
      planned: {type: date}
      began: {type: date and time}
      ended: {type: date}
    must_be:
      began: not before planned
      ended: [not before began, after planned]
"""


@pytest.fixture
def site(sqlite_url: str) -> Iterator[World]:
    world = World(policy_from(CITY.read_text(encoding="utf-8") + VISITS), sqlite_url)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    yield world
    world.close()


@pytest.mark.parametrize(
    ("planned", "began"),
    [
        ("2026-06-02", "2026-06-01T23:30:00Z"),  # half past midnight by the office's clock
        ("2026-06-01", "2026-06-01T00:00:00Z"),
        ("2026-06-01", "2026-06-09T12:00:00+09:00"),
    ],
)
def test_a_moment_is_on_its_day_at_the_office(site: World, planned: str, began: str) -> None:
    assert site.submit("P-1", "visits", by="ana", planned=planned, began=began).version == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (
            {"planned": "2026-06-02", "began": "2026-06-01T22:30:00Z"},
            "2026-06-01T22:30:00.00:00 must be not before visit.planned .2026-06-02.",
        ),
        (
            {"began": "2026-06-01T23:30:00Z", "ended": "2026-06-01"},
            "2026-06-01 must be not before visit.began",
        ),
    ],
)
def test_what_is_before_it_is_told(site: World, fields: dict[str, str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        site.submit("P-1", "visits", by="ana", **fields)
