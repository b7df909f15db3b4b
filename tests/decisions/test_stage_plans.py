"""The days of a strategy: in order, on days on which the office is open, whatever the calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.decisions.stage_plans import lead, stage_days, stages_from
from pmo_engine.model.durations import Span
from pmo_engine.model.working_time.calendar import WorkingCalendar
from pmo_engine.policy import PlannedItem, PlannedStage, Strategy
from pmo_engine.source.diagnostics import NOWHERE
from tests.stories.test_planning import office

ENGLAND = WorkingCalendar.of(
    "england",
    "Europe/London",
    {"mon-fri": "09:00-17:30"},
    {"country": "GB", "subdivision": "ENG"},
    closures=[{"from": "2026-12-24", "to": "2026-12-31"}],
)
SUNDAYS = WorkingCalendar.of("sundays", "Pacific/Auckland", {"sun": "09:00-12:00"})


def item(id: str, at: str | None = None, after: str | None = None) -> PlannedItem:
    span = None if after is None else Span.parse(after)
    return PlannedItem(id, id, at, span, {}, NOWHERE)  # type: ignore[arg-type]  # one of two words


def strategy(*stages: tuple[str, str, tuple[PlannedItem, ...]]) -> Strategy:
    made = [PlannedStage(name, Span.parse(lasts), plan, NOWHERE) for name, lasts, plan in stages]
    return Strategy("s", "S", "", tuple(made), NOWHERE)


@pytest.mark.parametrize(
    ("lasts", "ends"),
    [
        ("1 day", "2026-04-07"),  # Good Friday, and over Easter Monday
        ("2 weeks", "2026-04-16"),
        ("1 month", "2026-05-05"),  # a Saturday, and over the bank holiday
        ("1 year", "2027-04-02"),
        ("3 working days", "2026-04-09"),
    ],
)
def test_days_and_working_days_and_months_are_counted(lasts: str, ends: str) -> None:
    (stage,) = stage_days(strategy(("a", lasts, ())), ENGLAND, date(2026, 4, 2))
    assert (stage.starts, stage.ends) == (date(2026, 4, 2), date.fromisoformat(ends))


def test_what_is_at_the_start_and_at_the_end_is_on_the_stage_s_days() -> None:
    planned = (item("a", "start"), item("b", "end"), item("c", after="1 week"))
    (stage,) = stage_days(strategy(("a", "2 weeks", planned)), ENGLAND, date(2026, 3, 1))
    found = {each.item.id: str(each.day) for each in stage.planned}
    assert found == {"a": "2026-03-02", "b": "2026-03-16", "c": "2026-03-09"}


def test_nothing_in_a_stage_is_after_its_end() -> None:
    """Twenty working days may be longer than four weeks: over Christmas they are."""
    planned = (item("a", after="20 working days"),)
    (stage,) = stage_days(strategy(("a", "4 weeks", planned)), ENGLAND, date(2026, 12, 14))
    assert stage.planned[0].day == stage.ends == date(2027, 1, 11)


def test_a_stage_that_is_named_begins_on_the_day() -> None:
    made = strategy(("a", "1 week", ()), ("b", "1 week", ()))
    (stage,) = stage_days(made, ENGLAND, date(2026, 3, 2), "b")
    assert (stage.stage, stage.ends) == ("b", date(2026, 3, 9))
    assert stages_from(made, "other") == made.stages


def test_gates_lead_from_a_stage_through_any_number_of_others() -> None:
    gates = list(office().gates.values())
    assert lead(gates, "idea", "run")
    assert not lead(gates, "run", "idea")
    assert not lead(gates, "case", "case")


SPANS = st.builds(
    Span, st.integers(1, 40), st.sampled_from(["day", "week", "month", "working_day"])
)
ITEMS = st.one_of(
    st.sampled_from([item("s", "start"), item("e", "end")]),
    SPANS.map(lambda span: PlannedItem("i", "I", None, span, {}, NOWHERE)),
)


@given(
    st.lists(st.tuples(SPANS, st.lists(ITEMS, max_size=3)), min_size=1, max_size=4),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    st.sampled_from([ENGLAND, SUNDAYS]),
)
def test_days_are_in_order_and_the_office_is_open(
    laid: list[tuple[Span, list[PlannedItem]]], begins: date, calendar: WorkingCalendar
) -> None:
    stages = [
        PlannedStage(str(number), span, tuple(plan), NOWHERE)
        for number, (span, plan) in enumerate(laid)
    ]
    found = stage_days(Strategy("s", "S", "", tuple(stages), NOWHERE), calendar, begins)
    assert begins <= found[0].starts <= begins + timedelta(days=14)
    for before, after in pairwise(found):
        assert before.ends == after.starts
    for stage in found:
        days = [each.day for each in stage.planned]
        assert all(stage.starts <= day <= stage.ends for day in days)
        assert all(map(calendar.is_working_day, [stage.starts, stage.ends, *days]))
