"""Tolerances: declared with dates, checked against the level above, asked for by rules."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pmo_engine.documents.timeline import timeline
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money
from pmo_engine.policy import Policy
from pmo_engine.policy.as_of import as_of
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.tolerances import tolerance_in_words
from pmo_engine.source.diagnostics import Diagnostic

Check = Callable[[str], tuple[Diagnostic, ...]]
Make = Callable[[str], Policy]
ALL = """
kind: tolerances
tolerances:
  - {level: project, of: cost, up_to: [{from: 2026-01-01, value: 10 %, source: minute 1}, {from: 2026-07-01, value: 12.5 %, source: minute 2}], about: of its baseline}
  - {level: stage, of: cost, up_to: [{from: 2026-01-01, value: 5 %}]}
  - {level: project, of: time, up_to: [{value: 4 weeks}]}
  - {level: stage, of: time, up_to: [{value: 10 days}]}
  - {level: team, of: time, up_to: [{value: 2 working days}]}
  - {level: project, of: benefits, up_to: [{value: 50000 GBP}]}
  - {level: project, of: risk, up_to: [{value: 16}]}
  - {level: project, of: sustainability, up_to: [{value: 3 months}]}
  - {level: project, of: scope, criteria: [Nothing that users rely on is left out]}
  - level: stage
    of: quality
    criteria:
      - No defect of the first class
      - {text: Two reviewers, from: 2026-04-01, to: 2027-01-01, source: minute 3}
"""


def rule(when: str, tail: str = "") -> str:
    return (
        "---\nkind: rules\nrules:\n"
        f"  - {{id: asks, title: It asks, on: change.submitted, binding: shall, when: '{when}', then: [{{block: x}}]{tail}}}\n"
        "---\nkind: suite\nevent: change.submitted\ncases: [{name: a, expect: {}}]\n"
    )


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (("project", "cost"), Decimal("0.1")),
        (("project", "time"), timedelta(weeks=4)),
        (("team", "time"), Decimal(2)),
        (("project", "benefits"), Money(Decimal(50000), "GBP")),
        (("project", "risk"), Decimal(16)),
        (("project", "sustainability"), Months(3)),
    ],
)
def test_values_are_of_the_type_that_is_declared(make_policy: Make, asked: Any, value: Any) -> None:
    found = make_policy(ALL).tolerances[asked].on(date(2026, 3, 2))
    assert found is not None
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("when", "cost", "at", "fires"),
    [
        ('change.cost > @"1000 GBP" * (1 + tolerance("project", "cost"))', "1100", "2026-06-30", False),
        ('change.cost > @"1000 GBP" * (1 + tolerance("project", "cost"))', "1100.01", "2026-06-30", True),
        ('change.cost > @"1000 GBP" * (1 + tolerance("project", "cost"))', "1125", "2026-07-01", False),
        ('change.cost > @"1000 GBP" * (1 + tolerance("project", "cost"))', "1125.01", "2026-07-01", True),
        ('change.cost > tolerance("project", "benefits")', "50000", "2026-06-30", False),
        ('change.cost > tolerance(of: "benefits", level: "project")', "50000.01", "2026-06-30", True),
        ('(today - change.asked_on) > tolerance("project", "time")', "1", "2026-03-29", False),
        ('(today - change.asked_on) > tolerance("project", "time")', "1", "2026-03-30", True),
        ('working_days_between(change.asked_on, today) > tolerance("team", "time")', "1", "2026-03-03", False),
        ('working_days_between(change.asked_on, today) > tolerance("team", "time")', "1", "2026-03-04", True),
    ],
)  # fmt: skip
def test_every_engine_decides_by_the_value_of_the_day(
    make_policy: Make, backend: str, when: str, cost: str, at: str, fires: Any
) -> None:
    engine = Engine(make_policy(ALL + rule(when)), backend)
    change = {"cost": f"{cost} GBP", "asked_on": "2026-03-01"}
    event = {"event": "change.submitted", "at": f"{at}T12:00:00Z", "facts": {"change": change}}
    decision = engine.decide(event)
    engine.close()
    assert (decision.outcomes.faults, bool(decision.fired)) == ({}, fires)


def test_a_day_can_be_pinned(make_policy: Make) -> None:
    engine = Engine(make_policy(ALL + rule('change.weeks > 100 * tolerance("project", "cost")')))
    event = {
        "event": "change.submitted",
        "at": "2026-03-02T12:00:00Z",
        "facts": {"change": {"weeks": 11}},
    }
    assert engine.decide(event).fired == ("asks",)
    assert engine.decide(event, on=date(2026, 7, 1)).fired == ()


@pytest.mark.parametrize(
    ("when", "code", "said"),
    [
        ('change.weeks > tolerance("projct", "cost")', "PMO018", "unknown level 'projct' (did you mean 'project'?)"),
        ('change.weeks > tolerance("project", "costs")', "PMO018", "unknown tolerance 'costs' (did you mean 'cost'?)"),
        ('change.weeks > tolerance("team", "cost")', "PMO018", "no tolerance of cost is declared for a team (declared: cost of a project, cost of a stage, time of a project"),
        ('change.weeks > tolerance("stage", "quality")', "PMO018", "the stage's tolerance of quality is given as criteria (only one given in numbers has a value)"),
        ('change.weeks > tolerance(change.reason, "cost")', "PMO029", "'tolerance' takes a level and a kind as texts"),
        ('change.weeks > tolerance("project", "time")', "PMO023", "compares a number and a duration in days and time"),
        ('change.cost > tolerance("project", "cost")', "PMO023", "compares money in GBP and a number"),
        ('change.weeks > tolerance("project")', "PMO027", "'tolerance' cannot take text"),
    ],
)  # fmt: skip
def test_what_rules_ask_for_is_checked(check: Check, when: str, code: str, said: str) -> None:
    found = [item for item in check(ALL + rule(when)) if item.severity == "error"]
    assert [item.code for item in found] == [code]
    assert f"{found[0].message} ({found[0].hint})".startswith(said)


def test_a_rule_may_not_ask_before_there_is_a_value(check: Check) -> None:
    later = ALL.replace("from: 2026-01-01, value: 5 %", "from: 2026-02-01, value: 5 %")
    asks = 'change.weeks > tolerance("stage", "cost")'
    (found,) = [item for item in check(later + rule(asks)) if item.severity == "error"]
    assert found.code == "PMO073"
    assert found.message == "the stage's tolerance of cost has no value before 2026-02-01"
    begun = check(later + rule(asks, ", in_force_from: 2026-02-01"))
    assert [item for item in begun if item.severity == "error"] == []


def one(level: str, of: str, *values: str) -> str:
    return f"  - {{level: {level}, of: {of}, up_to: [{', '.join(f'{{{each}}}' for each in values)}]}}\n"


HEAD = "kind: tolerances\ntolerances:\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (one("project", "cost", "value: 10 %") + one("stage", "cost", "value: 10 %"), []),
        (
            one("project", "cost", "value: 10 %") + one("stage", "cost", "value: 10.1 %"),
            ["PMO077 the stage's tolerance of cost (10.1 %) is more than the project's (10 %)"],
        ),
        (  # a level in between is not there
            one("project", "time", "value: 2 weeks") + one("team", "time", "value: 15 days"),
            ["PMO077 the team's tolerance of time (15 days) is more than the project's (2 weeks)"],
        ),
        (  # each fits in the next, though not in one further up: that one is told of the next
            one("project", "risk", "value: 5") + one("stage", "risk", "value: 6") + one("team", "risk", "value: 6"),
            ["PMO077 the stage's tolerance of risk (6) is more than the project's (5)"],
        ),
        (
            one("project", "cost", "value: 10 %", "from: 2026-07-01, value: 4 %") + one("stage", "cost", "value: 5 %"),
            ["PMO077 the stage's tolerance of cost (5 %) is more than the project's (4 %) from 2026-07-01"],
        ),
        (
            one("project", "cost", "value: 10 %") + one("stage", "cost", "value: 5000 GBP"),
            ["PMO077 the stage's tolerance of cost (5000 GBP) is not measured like the project's (10 %)"],
        ),
        (one("stage", "cost", "value: 10 %"), []),
        (one("project", "cost", "value: 1 %") * 2, ["PMO016 the project's tolerance of cost is declared twice"]),
        (one("project", "cost", "value: ten"), ["PMO013 'ten' is not a length of time"]),
        (one("project", "cost", "value: 10 EUR"), ["PMO015 '10 EUR' is not in the policy's currency GBP"]),
        (one("project", "time", "value: 3 hours"), ["PMO013 '3 hours' is too fine for a tolerance; write days or more"]),
        (one("project", "cost", "value: 10 %", "value: 20 %"), ["PMO031 this value does not begin after the one before it (always)"]),
        (one("project", "cost", "value: 10 %", "from: 2026-02-01, value: 20 GBP"), ["PMO013 '20 GBP' and '10 %' are not measured alike"]),
        ("  - {level: project, of: cost, criteria: [cheap]}\n", ["PMO013 a tolerance of cost is given in numbers, under 'up_to'"]),
        ("  - {level: project, of: scope, up_to: [{value: 1}]}\n", ["PMO013 a tolerance of scope is given as 'criteria'"]),
        ("  - {level: project, of: risk}\n", ["PMO013 a tolerance is given either in numbers, 'up_to', or as 'criteria'"]),
        ("  - {level: programme, of: risk, up_to: [{value: 1}]}\n", ["PMO013 'programme' is not 'project', 'stage' or 'team'"]),
        ("  - {level: stage, of: scope, criteria: [{text: a, from: 2026-02-01, to: 2026-02-01}]}\n", ["PMO013 this never holds: from 2026-02-01 to 2026-02-01"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_tolerances(check: Check, text: str, said: list[str]) -> None:
    found = [f"{item.code} {item.message}" for item in check(HEAD + text)]
    assert len(found) == len(said)
    assert all(one.startswith(other) for one, other in zip(found, said, strict=True)), found


def test_they_are_said_in_words(make_policy: Make) -> None:
    policy = make_policy(ALL + rule('change.weeks > tolerance("project", "cost")'))
    assert tolerance_in_words(policy.tolerances["project", "cost"]).splitlines() == [
        "Up to 10 %, from 1 January 2026 (minute 1).",
        "Up to 12.5 %, from 1 July 2026 (minute 2).",
        "Of its baseline.",
    ]
    assert tolerance_in_words(policy.tolerances["stage", "quality"]).splitlines() == [
        "No defect of the first class.",
        "Two reviewers, from 1 April 2026, until 1 January 2027 (minute 3).",
    ]
    assert tolerance_in_words(policy.tolerances["project", "benefits"]) == "Up to 50,000 GBP."
    when = policy.rules[0].when
    assert when is not None
    assert in_words(when, policy) == "the change's weeks are above the project's cost tolerance"


def test_they_are_part_of_the_day_and_of_the_timeline(make_policy: Make) -> None:
    policy = make_policy(ALL)
    then = as_of(policy, date(2026, 8, 1))
    assert [each.written for each in then.tolerances["project", "cost"].values] == ["12.5 %"]
    before = as_of(policy, date(2026, 3, 1)).tolerances["stage", "quality"].criteria
    assert [each.text for each in before] == ["No defect of the first class"]
    told = [(str(each.day), each.text) for each in timeline(policy) if each.kind == "tolerance"]
    assert told == [
        ("2026-01-01", "The project's tolerance of cost is 10 %."),
        ("2026-01-01", "The stage's tolerance of cost is 5 %."),
        ("2026-04-01", '"Two reviewers" begins to hold for the stage\'s tolerance of quality.'),
        ("2026-07-01", "The project's tolerance of cost is 12.5 % (before: 10 %)."),
        ("2027-01-01", '"Two reviewers" no longer holds for the stage\'s tolerance of quality.'),
    ]
