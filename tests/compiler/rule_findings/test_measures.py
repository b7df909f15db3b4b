"""Rules held against each other over what is worked out of facts: what is told, in words."""

from pathlib import Path

import pytest

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.source.codes import (
    ALWAYS_BLOCKED,
    NOT_FOLLOWED,
    NOTHING_ASKS,
    PASSES_AND_ASKED,
    TWO_ROLES,
)
from tests.compiler.rule_findings.test_following import SUITE, rule, with_fields

BOARD, HEAD = "require_approval: {from: board}", "require_approval: {from: pmo_head}"
BLOCK, PASS = "block: x", "auto_approve: {source: x}"
APPROVED = 'count(changes[status = "approved"])'
DEAR = 'some c in changes satisfies c.cost > @"5 GBP"'


def told(*rules: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Give what is told between rules, each a condition and an effect."""
    text = "".join(rule(f"r{n}", when, then) for n, (when, then) in enumerate(rules))
    text = with_fields(f"kind: rules\nrules:\n{text}{SUITE}")
    found = bind(read_text(text, "policy.yaml"), Path("policy.yaml"))
    between = (NOTHING_ASKS, NOT_FOLLOWED, ALWAYS_BLOCKED, TWO_ROLES, PASSES_AND_ASKED)
    return [(d.code, d.message, d.hint) for d in found.diagnostics if d.code in between]


def gaps(*conditions: str) -> list[tuple[str, str]]:
    """Give what nobody is asked about, and examples: without what is said each time."""
    found = told(*((each, (BOARD, HEAD)[n % 2]) for n, each in enumerate(conditions)))
    before, after = "nothing asks about a change ", ", and nothing lets it pass"
    ways = "let a rule ask somebody, or let it pass with 'auto_approve'"
    return [
        (message.removeprefix(before).removesuffix(after), hint.removesuffix(ways))
        for code, message, hint in found
        if code == NOTHING_ASKS
    ]


def notes(*conditions: str) -> list[str]:
    """Give what the check says that it cannot tell."""
    return [
        message
        for code, message, _ in told(*((each, BOARD) for each in conditions))
        if code == NOT_FOLLOWED
    ]


@pytest.mark.parametrize(
    ("one", "other", "what", "example"),
    [
        (
            "change.cost > change.budget",
            "change.cost < change.budget",
            "with budget equal to its cost",
            "as with change.budget 0 GBP and change.cost 0 GBP; ",
        ),
        (
            "change.cost > change.budget",
            "change.budget < change.cost",
            "with budget of at least its cost",
            "as with change.budget 0 GBP and change.cost 0 GBP; ",
        ),
        (
            "change.weeks > change.most",
            "change.weeks > change.most + 2",
            "with most less its weeks of at least 0",
            "as with change.most 0 and change.weeks 0; ",
        ),
        (
            'change.cost > change.budget + @"100 GBP"',
            "change.cost <= change.budget",
            "with budget less its cost from -100 to below 0 GBP",
            "as with change.budget 0 GBP and change.cost 100 GBP; ",
        ),
        (
            'change.cost - change.budget > @"100 GBP"',
            'change.budget - change.cost > @"100 GBP"',
            "with budget less its cost from -100 to 100 GBP",
            "as with change.budget 0 GBP and change.cost 100 GBP; ",
        ),
        (
            "change.cost > change.budget * 1.1",
            "change.budget * 1.1 > change.cost",
            "with cost equal to the change's budget times 1.1",
            "",
        ),
        (
            "change.due < today",
            "change.due > date(now)",
            "with due date equal to today",
            "as with change.due 1 January 2026 and today 1 January 2026; ",
        ),
        (
            'change.due < today + @"P5D"',
            'change.due > today + @"P7D"',
            "with the days from today to due date from 5 to 7",
            "as with change.due 6 January 2026 and today 1 January 2026; ",
        ),
        (
            'change.due < today + @"P1M"',
            'change.due > today + @"P1M"',
            "with due date equal to today plus 1 month",
            "",
        ),
        (
            "change.cost != change.budget",
            "some c in changes satisfies c.cost > change.cost",
            "with budget equal to its cost for which no change's cost is above this change's cost",
            "as with change.budget 0 GBP and change.cost 0 GBP; ",
        ),
        (
            DEAR,
            'some c in changes satisfies c.cost < @"2 GBP"',
            "for which no change's cost is above 5 GBP and no change's cost is below 2 GBP",
            "",
        ),
        (
            "10 - change.weeks > 3",
            "10 - change.weeks > 4",
            "with weeks of at least 7",
            "as with change.weeks 7; ",
        ),
        (
            'change.due < today + @"PT36H"',
            'change.due > today + @"PT36H"',
            "with due date equal to today plus 1 day and 12 hours",
            "",
        ),
        (
            "change.asked_on < change.due",
            "change.asked_on > change.due",
            "with asked on equal to its due date",
            "as with change.asked_on 1 January 2026 and change.due 1 January 2026; ",
        ),
        (
            'today < @"2026-06-01"',
            'today > @"2026-06-01"',
            "with the day of the event on 1 June 2026",
            "as with today 1 June 2026; ",
        ),
        (
            f"{APPROVED} > 3",
            f"{APPROVED} < 3",
            "with the number of changes (those for which the status is approved) at 3 exactly",
            "as with the number of changes (those for which the status is approved) at 3; ",
        ),
        (
            'sum(changes.cost) > @"5 GBP"',
            'sum(changes.cost) < @"5 GBP"',
            "with the sum of the changes' cost at 5 GBP exactly",
            "as with the sum of the changes' cost at 5 GBP; ",
        ),
        (
            DEAR,
            f"change.urgent and not({DEAR})",
            "with urgent no for which no change's cost is above 5 GBP",
            "as with change.urgent no; ",
        ),
        (
            'contains(change.reason, "x")',
            'contains(change.reason, "x")',
            "for which it is not so that the change's reason contains x",
            "",
        ),
        (
            "change.due.month < 7",
            "change.due.month > 7",
            "with the month of the change's due date at 7 exactly",
            "as with the month of the change's due date at 7; ",
        ),
        (
            "change.due.month > 2",
            "change.due.month = 1",
            "with the month of the change's due date at 2 exactly",
            "as with the month of the change's due date at 2; ",
        ),
        (
            'change.submitted_at < @"2026-01-01T00:00:00Z"',
            'change.submitted_at > @"2026-01-01T00:00:00Z"',
            "with submitted at on 1 January 2026 00:00 UTC",
            "as with the moment the change was submitted 1 January 2026 00:00 UTC; ",
        ),
        (
            'day of week(change.due) in ["Saturday", "Sunday"]',
            'day of week(change.due) != "Monday" and change.urgent',
            'with the day of the week of the change\'s due date "Monday"',
            'as with the day of the week of the change\'s due date "Monday"; ',
        ),
        (
            "working_days_between(change.due, today) > 5",
            "working_days_between(change.due, today) < 5",
            "with the working days from the change's due date to today at 5 exactly",
            "as with the working days from the change's due date to today at 5; ",
        ),
        (
            'upper case(change.category) = "SCOPE"',
            'upper case(change.category) = "TIME"',
            'with the change\'s category in capitals "COST"',
            'as with the change\'s category in capitals "COST"; ',
        ),
        (
            "modulo(change.weeks, 2) = 0",
            "modulo(change.weeks, 2) > 1",
            "with what remains of the change's weeks divided by 2 at 1 exactly",
            "as with what remains of the change's weeks divided by 2 at 1; ",
        ),
        (
            "max(change.weeks, change.most) > 4",
            "max(change.weeks, change.most) < 4",
            "with the greater of the change's weeks and the change's most at 4 exactly",
            "as with the greater of the change's weeks and the change's most at 4; ",
        ),
        (
            "change.weeks in [change.most..10]",
            "change.weeks < change.most",
            "with most up to 10, most up to its weeks and weeks above 10",
            "as with change.most 0 and change.weeks 11; ",
        ),
        (
            "is_known(change.budget) and change.cost > change.budget",
            "is_known(change.budget) and change.cost <= change.budget",
            "with budget not given",
            "",
        ),
        (
            "change.cost between change.budget and change.budget * 2",
            "change.cost > change.budget * 2 and change.cost >= change.budget",
            "with budget above its cost",
            "as with change.budget 1 GBP and change.cost 0 GBP; ",
        ),
    ],
)
def test_a_gap_is_told_with_an_example(one: str, other: str, what: str, example: str) -> None:
    assert (what, example) in gaps(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("change.cost > change.budget", "change.budget >= change.cost"),
        ("change.weeks in (> change.most)", "change.weeks <= change.most"),
        ('change.cost > change.budget - @"1 GBP"', 'change.cost + @"1 GBP" <= change.budget'),
        ("change.cost > change.budget * 1.1", "change.cost <= change.budget"),  # they hang together
        ("change.weeks >= 5 or change.most <= 5", "change.weeks <= change.most"),  # no other case
        ("change.cost > change.cost * 2", "change.cost < change.cost * 2"),  # of one fact
        ("change.due < today", "change.due >= date(now)"),
        ("change.due < today", 'change.due > today - @"P1D"'),  # no day lies between
        ("change.submitted_at < now", "change.submitted_at < now"),  # which nothing else comes to
        ('today >= @"2026-01-01"', 'today >= @"2026-01-01"'),  # the policy begins then
        (f"{APPROVED} > 2", f"{APPROVED} <= 2"),
        (f"{APPROVED} >= 3", f"{APPROVED} <= 2"),  # counts are whole
        (f"{APPROVED} >= 0", f"{APPROVED} >= 0"),  # and none is below nothing
        (f"{APPROVED} > 3", "count(changes) <= 3"),  # both look at the changes
        (DEAR, f"not({DEAR})"),
        (DEAR, 'every other in changes satisfies other.cost <= @"5 GBP"'),
        (DEAR, 'every c in changes satisfies not(c.cost > @"5 GBP")'),
        ("not(some c in changes satisfies c.cost > change.cost)", "change.cost > change.budget"),
        ("change.due.month > 6", "change.due.month < 7"),
        ("change.due.month in [1..6]", "change.due.month in [7..12]"),
        ("today.month < 7", "today.month >= 7"),
        ("today.month in [1..6]", "today.month in [7..12]"),
        ("change.submitted_at.hour < 12", "change.submitted_at.hour in [12..23]"),
        ("day of year(change.due) < 366", "day of year(change.due) = 366"),
        ("modulo(change.weeks, 2) = 0", "modulo(change.weeks, 2) = 1"),
        ("modulo(change.weeks, 3) < 2", "modulo(change.weeks, 3) = 2"),
        ("abs(change.weeks) > 0", "abs(change.weeks) <= 0"),
        ("floor(change.weeks) < 3", "floor(change.weeks) > 2"),
        ('round half up(change.cost, 0) < @"3 GBP"', 'round half up(change.cost, 0) > @"2 GBP"'),
        ("change.due.month < 7", "change.due.day > 1 and change.due.month >= 7"),  # one fact
        ("change.weeks * change.weeks > 4", "change.weeks * change.weeks < 4"),
        (
            'day of week(change.due) in ["Saturday", "Sunday"]',
            'not(day of week(change.due) in ["Saturday", "Sunday"])',
        ),
        ('contains(change.reason, "x")', 'not(contains(change.reason, "x"))'),
        ("change.category = change.reason", "change.reason != change.category"),
    ],
)
def test_no_gap_is_told_where_there_is_none_or_none_is_known(one: str, other: str) -> None:
    assert not gaps(one, other)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            "change.weeks ** 2 > 4",
            "change.weeks ** 2 < 4",
            "whether there is a change with the change's weeks to the power of 2 at 4 exactly",
        ),
        (
            "change.due.month < 7",
            "change.due.day > 1 and change.due.month >= 7",
            "whether there is a change with the month of the change's due date of at least 7 and",
        ),
        (
            "change.reason in changes.reason and change.weeks > 2",
            "change.weeks <= 2",
            "what rule 'r0' looks at is not followed",
        ),
    ],
)
def test_what_the_check_cannot_tell_it_says(one: str, other: str, why: str) -> None:
    message = f"it cannot be told whether something asks about every change: {why}"
    assert any(each.startswith(message) for each in notes(one, other))
    assert not notes(one, "true")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("change.weeks > 4", "change.weeks <= 4"),
        ("change.weeks > 4", "change.weeks < 4"),  # a gap is told
        ("change.cost > change.budget * 1.1", "change.cost <= change.budget * 1.1"),
    ],
)
def test_where_it_can_tell_it_says_nothing_of_itself(one: str, other: str) -> None:
    assert not notes(one, other)


@pytest.mark.parametrize(
    ("wide", "narrow", "what"),
    [
        (
            "change.cost >= change.budget",
            "change.budget < change.cost",
            "a change with budget below its cost",
        ),
        (
            "change.due <= today",
            'change.due < today - @"P3D"',
            "a change with the days from today to due date below -3",
        ),
        (
            "count(changes) > 3",
            "change.urgent and count(changes) >= 5",
            "a change with urgent yes and the number of changes of at least 5",
        ),
        (
            DEAR,
            'some d in changes satisfies d.cost > @"5 GBP"',
            "a change for which some change's cost is above 5 GBP",
        ),
    ],
)
def test_contradictions_are_told_with_an_example(wide: str, narrow: str, what: str) -> None:
    blocked = told((narrow, BOARD), (wide, BLOCK))
    message = "rule 'r0' asks for an approval of what rule 'r1' blocks each time"
    assert (ALWAYS_BLOCKED, message, f"for example {what}") in blocked
    passed = told((narrow, PASS), (wide, BOARD))
    message = "rule 'r0' lets pass what rule 'r1' asks about each time"
    assert (PASSES_AND_ASKED, message, f"it waits all the same, as {what} does") in passed


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (
            "change.cost > change.budget",
            'change.cost <= change.budget or change.cost = change.budget + @"1 GBP"',
            "a change with budget less its cost at -1 GBP exactly",
        ),
        (
            "count(changes) > 3",
            "count(changes) < 5",
            "a change with the number of changes between 3 and 5",
        ),
    ],
)
def test_two_roles_for_one_case_are_told(one: str, other: str, what: str) -> None:
    found = [message for code, message, _ in told((one, BOARD), (other, HEAD)) if code == TWO_ROLES]
    assert found == [f"rules 'r0' and 'r1' ask board and pmo_head about {what}"]


def test_of_very_many_axes_the_facts_are_followed() -> None:
    sums = (f'change.cost * {n} + change.budget > @"{n} GBP"' for n in range(2, 60))
    rules = [(f"change.urgent and {each}", BOARD) for each in sums]
    assert ("with urgent no", "as with change.urgent no; ") in [
        (what, example) for what, example in gaps(*(when for when, _ in rules))
    ]
