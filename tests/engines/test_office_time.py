"""Time is the office's: moments as its clocks show them, in every engine, also when they change."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.feel.format import to_text
from tests.small_policy import HEADER, check_text

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe")
FORWARD = {
    "Europe/London": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "America/New_York": datetime(2026, 3, 8, 7, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
}
BACK = {
    "Europe/London": datetime(2026, 10, 25, 1, tzinfo=UTC),
    "America/New_York": datetime(2026, 11, 1, 6, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),
}
TURNS = st.sampled_from([(zone, turns[zone]) for turns in (FORWARD, BACK) for zone in ZONES])
DERIVED = {
    "same_day": "date(now) = today",
    "hour": "now.hour",
    "weekday": "day of week(now)",
    "asked": "date(change.asked_at)",
    "asked_hour": "change.asked_at.hour",
    "earlier": "date(history[1].at)",
    "later": 'now + @"PT12H"',
    "passed": '(now + @"PT30H") - now',
    "tomorrow": 'now + @"P1D"',
    "whole": "date and time(date(now), time(now)) = now",
    "evening": 'time(now) >= @"17:00:00@ZONE"',
    "offset": "time(now).time offset = now.time offset",
    "since": "now >= change.asked_at",
}


def engines(zone, rules=DERIVED):
    text = HEADER.replace("Europe/London", zone) + "kind: rules\nrules:\n"
    for name, value in rules.items():
        written = value.replace("ZONE", zone)
        text += (
            f"  - {{id: r-{name.replace('_', '-')}, title: x, on: change.submitted, binding: may,"
            f" then: [{{derive: {{fact: {name}, value: '{written}'}}}}]}}\n"
        )
    checked = bind(read_text(text, "policy.yaml"), Path("policy.yaml"))
    assert checked.policy is not None, checked.diagnostics
    return [Engine(checked.policy, name) for name in BACKENDS]


ENGINES = {zone: engines(zone) for zone in ZONES}


def derived(zone, now, asked):
    event = {
        "event": "change.submitted",
        "at": now.isoformat(),
        "facts": {
            "change": {"key": "C1", "asked_at": asked.isoformat()},
            "history": [{"event": "change.submitted", "at": asked.isoformat()}],
        },
    }
    found = [engine.decide(event).outcomes for engine in ENGINES[zone]]
    assert not found[0].faults
    assert found[0] == found[1] == found[2]
    return found[0].derived


@given(
    TURNS,
    st.integers(min_value=-48 * 60, max_value=48 * 60),
    st.integers(min_value=-48 * 60, max_value=48 * 60),
    st.sampled_from([UTC, ZoneInfo("Asia/Tokyo")]),
)
def test_all_moments_are_read_by_the_office_s_clocks(turn, minutes, others, written_in):
    name, moment = turn
    zone = ZoneInfo(name)
    now, asked = moment + timedelta(minutes=minutes), moment + timedelta(minutes=others)
    local, asked_local = now.astimezone(zone), asked.astimezone(zone)

    found = derived(name, now.astimezone(written_in), asked.astimezone(written_in))

    assert found["same_day"] is True
    assert found["hour"] == local.hour
    assert found["weekday"] == f"{local:%A}"
    assert found["asked"] == found["earlier"] == asked_local.date()
    assert found["asked_hour"] == asked_local.hour
    assert found["later"].astimezone(UTC) == now + timedelta(hours=12)
    assert found["passed"] == timedelta(hours=30)
    assert found["whole"] is True
    assert found["evening"] is (local.hour >= 17)
    assert found["offset"] is True
    assert found["since"] is (now >= asked)
    shown = local.replace(tzinfo=None, fold=0) + timedelta(days=1)
    tomorrow = found["tomorrow"].replace(tzinfo=None)
    assert timedelta() <= tomorrow - shown <= timedelta(hours=1)
    if shown.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == shown:
        assert tomorrow == shown


@pytest.mark.parametrize(
    ("condition", "at", "holds"),
    [
        ("now.hour >= 17", "2026-07-01T16:30:00Z", True),
        ("now.hour >= 17", "2026-01-05T16:30:00Z", False),
        ('day of week(now) = "Wednesday"', "2026-06-30T23:30:00Z", True),
        # Half past one is shown twice; the second time comes later.
        ('now > @"2026-10-25T00:45:00Z"', "2026-10-25T01:30:00Z", True),
        ('now in [@"2026-10-25T01:15:00Z"..@"2026-10-25T02:00:00Z"]', "2026-10-25T01:30:00Z", True),
        (
            'now in [@"2026-10-25T01:15:00Z"..@"2026-10-25T02:00:00Z"]',
            "2026-10-25T00:30:00Z",
            False,
        ),
        ("change.asked_at < now", "2026-10-25T01:30:00Z", True),  # asked at 00:45Z, shown 01:45
        ('now - change.asked_at = @"PT45M"', "2026-10-25T01:30:00Z", True),
        ("max([change.asked_at, now]) = now", "2026-10-25T01:30:00Z", True),
        (
            'now > date and time(@"2026-10-24", @"17:00:00@Europe/London") + @"PT12H"',
            "2026-10-25T04:30:00Z",
            True,
        ),
        (
            'now > date and time(@"2026-10-24", @"17:00:00@Europe/London") + @"P1D"',
            "2026-10-25T16:30:00Z",
            False,
        ),
        ('now > @"2026-03-28T17:00:00@Europe/London" + @"P1D"', "2026-03-29T16:30:00Z", True),
        ('now > @"2026-03-28T17:00:00@Europe/London" + @"PT24H"', "2026-03-29T16:30:00Z", False),
        # An expression that names another zone is read in that one.
        ('time(now) >= @"12:00:00@America/New_York"', "2026-07-01T16:30:00Z", True),
        ('time(now) >= @"12:00:00@America/New_York"', "2026-07-01T15:30:00Z", False),
        ('@"2026-06-30T23:30:00Z".day = 30 and now.day = 1', "2026-06-30T23:30:00Z", True),
    ],
)
def test_comparisons_over_a_change_of_clocks(condition, at, holds):
    text = (
        "kind: rules\nrules:\n  - {id: r, title: x, on: change.submitted, binding: may,"
        f" when: '{condition}', then: [{{notify: {{to: board, message: x}}}}]}}\n"
    )
    checked = check_text(text)
    assert checked.policy is not None, checked.diagnostics
    facts = {"change": {"key": "C", "asked_at": "2026-10-25T00:45:00Z"}}
    for name in BACKENDS:
        event = {"event": "change.submitted", "at": at, "facts": facts}
        outcomes = Engine(checked.policy, name).decide(event).outcomes
        assert not outcomes.faults
        assert bool(outcomes.fired) is holds, name


def test_the_window_of_a_cumulative_limit_is_on_the_stopwatch():
    text = """
kind: terms_of_reference
for: pmo_head
authority:
  - {id: daily, may: approve change, cumulative: {by: project, over: 1 day},
     up_to: [{value: 500 GBP}]}
---
kind: rules
rules:
  - id: r
    title: x
    on: change.submitted
    binding: may
    then: [{derive: {fact: left, value: 'headroom("pmo_head", "approve change")'}}]
"""
    policy = check_text(text).policy
    approved = {"key": "C1", "status": "approved", "cost": "100 GBP"}
    for decided, left in (("00:45", "500 GBP"), ("01:30", "400 GBP")):
        facts = {
            "change": {"key": "C2", "cost": "1 GBP"},
            "changes": [{**approved, "decided_at": f"2026-10-25T{decided}:00Z"}],
        }
        event = {"event": "change.submitted", "at": "2026-10-26T01:30:00Z", "facts": facts}
        found = [Engine(policy, name).decide(event).outcomes.derived["left"] for name in BACKENDS]
        assert [str(each) for each in found] == [left] * len(BACKENDS)


def told_in_the_guide():
    page = Path(__file__).parents[2] / "docs/guide/conditions.md"
    rows = page.read_text().partition("| expression | comes to | why |")[2].partition("\n\n")[0]
    for row in rows.strip().splitlines()[1:]:
        expressions, value = (cell.strip() for cell in row.split("|")[1:3])
        for expression in expressions.partition(", given")[0].split("`, `"):
            yield expression.strip("`"), value.strip("`")


@pytest.mark.parametrize(("expression", "value"), list(told_in_the_guide()))
def test_the_table_of_the_guide_is_true(expression, value):
    text = (
        "kind: rules\nrules:\n  - {id: r, title: x, on: change.submitted, binding: may,"
        f" then: [{{derive: {{fact: found, value: '{expression}'}}}}]}}\n"
    )
    policy = check_text(text).policy
    if value.startswith("an error"):
        assert policy is None
        return
    event = {
        "event": "change.submitted",
        "at": "2026-06-30T23:30:00Z",
        "facts": {"change": {"asked_at": "2026-06-30T16:30:00-07:00"}},
    }
    for name in BACKENDS:
        assert to_text(Engine(policy, name).decide(event).outcomes.derived["found"]) == value.strip(
            chr(34)
        )
