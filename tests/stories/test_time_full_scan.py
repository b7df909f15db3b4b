"""What follows what is due comes to the same as looking at every record at each time."""

import re
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.work.people.projects import change_project, move_project
from pmo_engine.work.timed import looking
from tests.policies import kept
from tests.stories.test_time import TIME

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
POLICY = kept(TIME)
DAYS = st.dates(date(2026, 1, 20), date(2026, 4, 20)).map(str)
FIELDS = st.fixed_dictionaries(
    {}, optional={"reviewed_on": DAYS, "due": DAYS, "score": st.integers(5, 25).map(str)}
)
STEPS = st.one_of(
    st.tuples(st.just("submit"), FIELDS),
    st.tuples(st.just("update"), st.integers(0, 3), FIELDS),
    st.tuples(st.just("pass"), st.integers(1, 400)),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("move"), st.sampled_from(["delivery", "handover"])),
    st.tuples(st.just("project"), st.sampled_from(["active", "closed"])),
)


def same_in_both(row: object) -> str:
    """Give a row without the ids that its words name: each store gives its own."""
    return re.sub(r"\b[0-9a-f]{8}\b", "ID", repr(row))


def each_day(_selection: Any, _facts: Any, day: date) -> date:
    return day + timedelta(days=1)


class Office:
    """A world in a file, in which steps are taken."""

    def __init__(self, folder: str) -> None:
        self.world = World(POLICY, f"sqlite:///{folder}/pmo.db", start=START)
        self.world.project("P-1")
        self.world.person("ana", "project_manager", project="P-1")
        self.world.person("petra", "pmo_head")
        self.keys: list[str] = []
        self.open = True

    def take(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("submit", fields) if self.open:
                self.keys.append(self.world.submit("P-1", "risks", "ana", **fields).key)
            case ("update", number, fields) if fields and number < len(self.keys):
                self.world.update("P-1", "risks", self.keys[number], "ana", **fields)
            case ("pass", hours):
                self.world.clock.set(self.world.clock.now() + timedelta(hours=hours))
            case ("sweep",):
                self.world.sweep()
            case ("move", stage):
                move_project(self.world.governance, project="P-1", stage=stage, by="petra")
            case ("project", status):
                self.open = status == "active"
                change_project(self.world.governance, project="P-1", status=status, by="petra")

    def state(self) -> list[list[str]]:
        """Give all that was decided, asked and told."""
        d, o, m, e = tables.Decision, tables.Obligation, tables.Message, tables.Entry
        wanted = (
            select(e.key, d.event, d.at, d.result).join(e, e.id == d.subject_id),
            select(e.key, o.rule, o.kind, o.status, o.opened_at, o.closed_at).join(
                e, e.id == o.subject_id
            ),
            select(m.recipient, m.subject, m.body),
        )
        with self.world.database.read() as uow:
            return [sorted(map(same_in_both, uow.select(each))) for each in wanted]


@settings(max_examples=6, deadline=None)
@given(st.lists(STEPS, min_size=4, max_size=12))
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
