"""Events as they come in: typed, or refused with everything that is wrong."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.feel.values import Record
from pmo_engine.model.money import Money
from pmo_engine.policy import Policy
from pmo_engine.policy.events import EventError, known_events, make_event, read_event

AT = "2026-03-02T09:00:00Z"


@pytest.fixture(scope="module")
def policy(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy("")


def problems(policy: Policy, **raw: Any) -> tuple[str, ...]:
    with pytest.raises(EventError) as caught:
        read_event(policy, {"event": "change.submitted", "at": AT, **raw})
    return caught.value.problems


def test_facts_are_typed_by_their_register(policy: Policy) -> None:
    change = {
        "cost": "50000.01 GBP",
        "weeks": "4.50",
        "asked_on": "2026-03-01",
        "asked_at": "2026-03-01T10:00:00+01:00",
        "spent": "PT1H30M",
        "category": "scope",
        "urgent": True,
        "tags": ["a", "b"],
        "more": {"deep": [1]},
        "reason": None,
    }
    event = read_event(policy, {"event": "change.submitted", "at": AT, "facts": {"change": change}})
    assert event.facts["change"] == {
        "cost": Money(Decimal("50000.01"), "GBP"),
        "weeks": Decimal("4.5"),
        "asked_on": date(2026, 3, 1),
        "asked_at": datetime(2026, 3, 1, 9, tzinfo=UTC),
        "spent": timedelta(hours=1, minutes=30),
        "category": "scope",
        "urgent": True,
        "tags": ["a", "b"],
        "more": {"deep": [Decimal(1)]},
        "reason": None,
    }
    assert event.facts["change"]["more"].path == "change.more"


@pytest.mark.parametrize("written", [Decimal("0.1"), "0.1", "0.10"])
def test_numbers_are_exact(policy: Policy, written: Any) -> None:
    raw = {"event": "change.submitted", "at": AT, "facts": {"change": {"weeks": written}}}
    assert read_event(policy, raw).facts["change"]["weeks"] == Decimal("0.1")


def test_the_day_is_that_of_the_office(policy: Policy) -> None:
    event = read_event(policy, {"event": "change.submitted", "at": "2026-07-01T23:30:00Z"})
    assert event.at == event.facts["now"] == datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert event.facts["today"] == date(2026, 7, 2)
    assert event.day(ZoneInfo("Europe/London")) == date(2026, 7, 2)


def test_moments_become_utc(policy: Policy) -> None:
    there = datetime(2026, 3, 2, 18, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert read_event(policy, {"event": "change.closed", "at": there}).at.tzinfo is UTC
    assert make_event(policy, "change.closed", there, {}).at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_project_named_is_the_project_of_the_facts_unless_they_have_one(policy: Policy) -> None:
    raw = {"event": "change.submitted", "at": AT, "project": "P-1"}
    event = read_event(policy, raw)
    assert (event.project, event.facts["project"]) == ("P-1", {"id": "P-1"})
    given = read_event(policy, {**raw, "facts": {"project": {"id": "P-1", "name": "Roof"}}})
    assert given.facts["project"] == {"id": "P-1", "name": "Roof"}
    assert isinstance(given.facts["project"], Record)


def test_events_are_those_of_registers_and_rules_and_the_engine_s_own(
    make_policy: Callable[[str], Policy],
) -> None:
    text = (
        "kind: rules\nrules: [{id: a, title: a, on: roof.fell, binding: may, then: [{block: x}]}]"
    )
    known = known_events(make_policy(text))
    assert {"change.submitted", "change.closed", "roof.fell", "case.closed", "gate.opened"} <= known


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"event": "change.submited"}, "no register or rule knows the event 'change.submited' (did you mean 'change.submitted'?)"),
        ({"event": "zoo"}, "no register or rule knows the event 'zoo'"),
        ({"event": None}, "an event needs its name, as in 'event: risk.raised'"),
        ({"when": AT}, "'when' is not part of an event"),
        ({"project": 1}, "'project' must be a text, not 1"),
        ({"at": None}, "'at' must be a time with its zone, as in 2026-03-02T09:00:00Z, not None"),
        ({"at": "2026-03-02T09:00:00"}, "'at' must be a time with its zone, as in 2026-03-02T09:00:00Z, not '2026-03-02T09:00:00'"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "'at' lies between 1900 and 2199, not in 1"),
        ({"facts": [1]}, "'facts' must be a mapping from name to value"),
        ({"facts": {"chnage": {}}}, "facts.chnage: is no fact of this policy (did you mean 'change'?)"),
        ({"facts": {"change": {"cots": "5 GBP"}}}, "facts.change.cots: is not a field of 'change' (did you mean 'cost'?)"),
        ({"facts": {"change": "5 GBP"}}, "facts.change: '5 GBP' has no fields; give them as 'name: value'"),
        ({"facts": {"change": {"cost": 5}}}, "facts.change.cost: '5' is not money; write it as '50000 GBP'"),
        ({"facts": {"change": {"cost": "5 EUR"}}}, "facts.change.cost: '5 EUR' is not in GBP"),
        ({"facts": {"change": {"cost": "5.001 GBP"}}}, "facts.change.cost: '5.001 GBP' has 3 decimal places, GBP has 2"),
        ({"facts": {"change": {"weeks": 0.1}}}, "facts.change.weeks: 0.1 is a binary fraction; give an exact number, as text or Decimal"),
        ({"facts": {"change": {"more": [{"a": 0.1}]}}}, "facts.change.more[1].a: 0.1 is a binary fraction; give an exact number, as text or Decimal"),
        ({"facts": {"project": {"size": 0.1}}}, "facts.project.size: 0.1 is a binary fraction; give an exact number, as text or Decimal"),
        ({"facts": {"change": {"weeks": "many"}}}, "facts.change.weeks: 'many' is not a number"),
        ({"facts": {"change": {"weeks": True}}}, "facts.change.weeks: 'True' is not a number"),
        ({"facts": {"change": {"weeks": "NaN"}}}, "facts.change.weeks: 'NaN' is not a number"),
        ({"facts": {"change": {"asked_on": "2026-02-30"}}}, "facts.change.asked_on: '2026-02-30' is not a date, as in 2026-03-31"),
        ({"facts": {"change": {"asked_at": "2026-02-28T09:00:00"}}}, "facts.change.asked_at: '2026-02-28T09:00:00' has no zone; write it as in 2026-03-02T09:00:00Z"),
        ({"facts": {"change": {"spent": "1 hour"}}}, "facts.change.spent: '1 hour' is not a duration in days and time"),
        ({"facts": {"change": {"category": "scop"}}}, "facts.change.category: 'scop' is none of scope, time, cost (did you mean 'scope'?)"),
        ({"facts": {"change": {"urgent": "yes"}}}, "facts.change.urgent: 'yes' is not true or false: write true"),
        ({"facts": {"change": {"reason": 5}}}, "facts.change.reason: '5' is not text"),
        ({"facts": {"change": {"tags": "a"}}}, "facts.change.tags: 'a' is not a list: write [\"a\"]"),
        ({"facts": {"change": {"tags": "[a, b]"}}}, "facts.change.tags: '[a, b]' is not a list: write [\"a\", \"b\"]"),
        ({"facts": {"change": {"tags": "['a']"}}}, "facts.change.tags: '['a']' is not a list: write [\"a\"]"),
        ({"facts": {"change": {"asked_at": "20260228T090000Z"}}}, "facts.change.asked_at: '20260228T090000Z' is not a date and time"),
        ({"facts": {"changes": [{}, {"weeks": "x"}]}}, "facts.changes[2].weeks: 'x' is not a number"),
        ({"facts": {"change": {"reason": "x" * 10_000, "weeks": "x" * 10_000}}}, f"facts.change.weeks: '{'x' * 60}'... is not a number"),
    ],
)  # fmt: skip
def test_one_line_says_what_is_wrong(policy: Policy, raw: dict[str, Any], problem: str) -> None:
    assert problems(policy, **raw) == (problem,)


def test_everything_is_said_at_once(policy: Policy) -> None:
    found = problems(policy, when=1, at="soon", facts={"change": {"weeks": "x"}, "zoo": 1})
    assert len(found) == 4


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"at": "DEEP"}, "'at' must be a time with its zone"),
        ({"project": "DEEP"}, "'project' must be a text, not"),
        ({"facts": {"change": "DEEP"}}, "facts.change: is nested deeper than 50 levels"),
        ({"facts": {"project": "DEEP"}}, "facts.project: is nested deeper than 50 levels"),
        ({"facts": "DEEP"}, "'facts' must be a mapping"),
    ],
)
def test_an_event_that_is_nested_too_deeply_is_refused_in_one_line(policy, raw, said):
    deep = []
    for _ in range(5000):
        deep = [deep]

    def filled(value):
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        return deep if value == "DEEP" else value

    with pytest.raises(EventError, match=said) as error:
        read_event(policy, {"event": "change.submitted", "at": AT, "facts": {}, **filled(raw)})
    assert len(str(error.value)) < 250


def test_moments_that_no_other_zone_can_show_stay_as_they_are(policy):
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        facts = {"change": {"asked_at": moment}}
        raw = {"event": "change.submitted", "at": AT, "facts": facts}
        assert read_event(policy, raw).facts["change"]["asked_at"] == datetime.fromisoformat(moment)
