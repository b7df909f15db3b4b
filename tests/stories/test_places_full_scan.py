"""What follows the projects and offices that are due comes to the same as looking at each."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pmo_engine.compiler.loading import load_policy
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.work.timed import looking
from tests.stories.test_time_full_scan import each_day, same_in_both

POLICY = load_policy(Path(__file__).parent / "tolerances.yaml")
START = datetime(2026, 3, 2, 10, tzinfo=UTC)
AMOUNTS = st.sampled_from(["100 GBP", "104 GBP", "106 GBP", "112 GBP"])
DAYS = st.dates(date(2026, 2, 20), date(2026, 3, 20)).map(str)
STEPS = st.one_of(
    st.tuples(st.just("line"), AMOUNTS),
    st.tuples(st.just("milestone"), DAYS),
    st.tuples(st.just("forecast"), st.integers(1, 2), AMOUNTS),
    st.tuples(st.just("pass"), st.integers(1, 200)),
    st.tuples(st.just("sweep")),
)


class Office:
    """A world in a file, in which steps are taken."""

    def __init__(self, folder: str) -> None:
        self.world = World(POLICY, f"sqlite:///{folder}/pmo.db", start=START)
        self.world.project("P-1")
        self.world.person("ana", "project_manager", project="P-1")
        self.world.person("sue", "sponsor", project="P-1")
        self.world.person("bo", "portfolio_board")
        self.lines = 0

    def take(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("line", amount):
                self.world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast=amount)
                self.lines += 1
            case ("milestone", day):
                self.world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast=day)
            case ("forecast", number, amount) if number <= self.lines:
                self.world.update("P-1", "budget_lines", f"BL-{number}", "ana", forecast=amount)
            case ("pass", hours):
                self.world.clock.set(self.world.clock.now() + timedelta(hours=hours))
            case ("sweep",):
                self.world.sweep()

    def state(self) -> list[list[str]]:
        """Give all that was decided, asked and told."""
        d, o, m = tables.Decision, tables.Obligation, tables.Message
        wanted = (
            select(d.event, d.at, d.subject_version),
            select(o.rule, o.kind, o.status, o.opened_at, o.closed_at),
            select(m.recipient, m.subject, m.body),
        )
        with self.world.database.read() as uow:
            return [sorted(map(same_in_both, uow.select(each))) for each in wanted]


@settings(max_examples=5, deadline=None)
@given(st.lists(STEPS, min_size=4, max_size=10))
def test_all_that_follows_is_the_same(steps: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        due, scan = Office(one), Office(other)
        for step in [*steps, ("pass", 400), ("sweep",)]:
            due.take(step)
            with patch.object(looking, "next_change", each_day):
                scan.take(step)
        assert due.state() == scan.state()
        due.world.close()
        scan.world.close()
