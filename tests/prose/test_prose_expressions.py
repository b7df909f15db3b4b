"""Conditions read as English, from the tree itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.authority.functions import functions
from pmo_engine.feel import nodes as n
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.checking.typed import with_types
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.temporal import Time
from pmo_engine.feel.values import Missing
from pmo_engine.feel.walk import walk
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money
from pmo_engine.prose.expressions import in_words, with_values
from pmo_engine.prose.values import value_in_words
from tests.engines.strategies import case, policy, records, selection

POLICY = policy([])


def typed(text: str) -> n.Node:
    """Parse an expression, with types on it as binding puts them there."""
    node = parse(text)
    return with_types(node, check(node, POLICY.facts))


SAID = {
    "(today - change.due).days > 3": (
        "there are more than 3 days from the change's due date to today"
    ),
    "(today - change.due).days != 1": (
        "there is not exactly 1 day from the change's due date to today"
    ),
    "sum(append(changes.score, change.score)) > 3": (
        "the sum of the changes' score together with the change's score is above 3"
    ),
    "count(changes[note = change.note]) > 1": (
        "the number of changes (those for which the note is this change's note) is above 1"
    ),
    "max(change.score, change.rate, 3) > 4": (
        "the greatest of the change's score, the change's rate and 3 is above 4"
    ),
    "some c in changes satisfies c.note != change.note": (
        "some change's note is not this change's note"
    ),
    'change.cost > @"50000 GBP"': "the change's cost is above 50,000 GBP",
    'change.cost <= @"50000.50 GBP"': "the change's cost is at most 50,000.50 GBP",
    "change.score != 12": "the change's score is not 12",
    "not(change.score > 12)": "the change's score is not above 12",
    "not(change.score <= 12)": "the change's score is above 12",
    "not(change.score >= 12)": "the change's score is below 12",
    "not(change.due <= today)": "the change's due date is after today",
    'change.note != "a" and change.score > 1 and change.note != "b"': (
        "the change's note is neither a nor b and the change's score is above 1"
    ),
    'change.note != "a" or change.note != "b"': (
        "the change's note is not a or the change's note is not b"
    ),
    "(if is_known(change.score) then change.score else change.rate) > 1": (
        "(the change's score, or where it is not known the change's rate) is above 1"
    ),
    "not(not(change.critical))": "it is not so that the change is not marked as critical",
    "change.critical": "the change is marked as critical",
    "not(change.critical)": "the change is not marked as critical",
    "change.critical = true": "the change is marked as critical",
    "change.critical = false": "the change is not marked as critical",
    "change.critical != true": "the change is not marked as critical",
    "not(change.critical = true)": "the change is not marked as critical",
    "is_known(change.critical)": "it is known whether the change is marked as critical",
    "not(is_known(change.critical))": "it is not known whether the change is marked as critical",
    "flag and not(flag)": "flag is true and flag is not true",
    'change.category = "in_review"': "the change's category is in review",
    'change.note = "As is."': 'the change\'s note is "As is."',
    "change.note = null": "the change's note has no value",
    "change.tags != null": "the change's tags have a value",
    "is_known(change.cost)": "the change's cost is known",
    "not(is_known(change.cost))": "the change's cost is not known",
    "change.score between 1 and 5": "the change's score is between 1 and 5",
    "change.score in [1..5]": "the change's score is at least 1 and at most 5",
    "change.score in (1..5)": "the change's score is above 1 and below 5",
    "change.score in (> 5, 2)": "the change's score is above 5 or 2",
    'change.category in ["scope", "time"]': "the change's category is scope or time",
    'not(change.category in ["scope"])': "the change's category is not scope",
    'change.due < @"2026-01-01"': "the change's due date is before 1 January 2026",
    "change.due >= today": "the change's due date is no earlier than today",
    "change.raised > now": "the change's raised is after the present moment",
    'today - change.due > duration("P30D")': "today minus the change's due date is above 30 days",
    'change.due + @"P1M" <= today': "the change's due date plus 1 month is no later than today",
    "(change.score + 3) * 2 = -change.rate": (
        "(the change's score plus 3) times 2 is minus the change's rate"
    ),
    "change.score > 1 and change.rate < 2 and flag": (
        "the change's score is above 1, the change's rate is below 2 and flag is true"
    ),
    "change.score > 1 or change.rate < 2": (
        "the change's score is above 1 or the change's rate is below 2"
    ),
    "change.critical and (change.score > 1 or flag)": (
        "the change is marked as critical, and either the change's score is above 1 or flag is true"
    ),
    "change.critical or (change.score > 1 and flag)": (
        "the change is marked as critical, or both the change's score is above 1 and flag is true"
    ),
    "not(flag and change.critical)": ("flag is not true or the change is not marked as critical"),
    "some c in changes satisfies c.score >= 12": "some change's score is at least 12",
    "not(some c in changes satisfies c.score >= 12)": "no change's score is at least 12",
    "every c in changes satisfies c.score >= 12 and c.critical": (
        "every change's score is at least 12 and that change is marked as critical"
    ),
    "some c in changes satisfies flag": "for some change, flag is true",
    "every c in changes satisfies some d in changes satisfies d.score > c.score": (
        "for every change, some change d's score is above that change's score"
    ),
    "count(changes[score >= 12 and critical]) > 0 and flag": (
        "there is at least one change for which the score is at least 12 and it is marked as "
        "critical, and flag is true"
    ),
    "count(changes) > 3": "the number of changes is above 3",
    "count(changes[score >= 12 and critical]) > 3": (
        "the number of changes (those for which the score is at least 12 and it is marked "
        "as critical) is above 3"
    ),
    "sum(changes[score > 2].rate) > 3 and sum(changes[score > 2].score) > 4": (
        "the sum of the rates of the changes (those for which the score is above 2) is above 3 and "
        "the sum of the scores of the changes (the same ones) is above 4"
    ),
    "sum(changes[score > 2].rate) > 3 and sum(changes[score > 5].score) > 4": (
        "the sum of the rates of the changes (those for which the score is above 2) is above 3 and "
        "the sum of the scores of the changes (those for which the score is above 5) is above 4"
    ),
    "sum(changes.score) > 3": "the sum of the changes' score is above 3",
    "changes[-1].score > 3": "the score of the last of the changes is above 3",
    "changes[2].score > 3": "the score of number 2 of the changes is above 3",
    'authority("manager", "approve change_request") < change.cost': (
        "the manager's authority to approve a change request is below the change's cost"
    ),
    'headroom("manager", "approve change_request") < change.cost': (
        "what is left of the manager's authority to approve a change request is below the "
        "change's cost"
    ),
    "working_days_between(change.due, today) > 5": (
        "there are more than 5 working days from the change's due date to today"
    ),
    'contains(change.note, "draft")': "the change's note contains draft",
    'not(contains(change.note, "draft"))': "it is not so that the change's note contains draft",
    "string length(change.note) > 5": "the length of the change's note is above 5",
    'round half up(change.cost, 2) > @"5 GBP"': (
        "the change's cost rounded to 2 decimal places is above 5 GBP"
    ),
    "round up(change.weeks, 0) > 5": "the change's weeks rounded up to a whole number is above 5",
    "substring(string: change.note, start position: 2)": (
        "the substring of the change's note as string and 2 as start position"
    ),
    "change.extra instance of list<number>": "the change's extra is of type list of number",
    "if flag then 1 else 2": "1 if flag is true, otherwise 2",
    "(if flag then 1 else 2) > change.score": (
        "(1 if flag is true, otherwise 2) is above the change's score"
    ),
    "sum(for c in changes return c.score * 2) > 5": (
        "the sum (over each change) of that change's score times 2 is above 5"
    ),
    "for x in 1..3 return 0": "the list (over each x from 1 to 3) of 0",
    "{big_one: 1, small: [2, 3]}": "a record (big one: 1; small: the list of 2 and 3)",
    "[1..3]": "the values at least 1 and at most 3",
    "(> 5)": "the values above 5",
    "sort(changes, function(a, b) a.score > b.score)": (
        "the changes in the order of the function of a and b that gives whether the a's score is "
        "above the b's score"
    ),
    "true": "always",
}


@pytest.mark.parametrize(("text", "words"), SAID.items())
def test_in_words(text, words):
    kind = selection(text).rules[0].when if text == "true" else typed(text)
    assert in_words(kind, POLICY) == words


def test_every_kind_of_node_can_be_said():
    samples = {type(each) for text in SAID for each in walk(parse(text))}
    kinds = {each for each in vars(n).values() if isinstance(each, type)}
    assert samples >= {each for each in kinds if issubclass(each, n.Node)} - {n.Node}
    one = n.Literal(Decimal(1))
    assert in_words(n.UnaryTest(">", one), POLICY) == "a value that is above 1"
    assert in_words(n.Iterator("x", n.Name("changes")), POLICY) == "each x among the changes"
    with pytest.raises(TypeError, match="Node is not an expression"):
        in_words(n.Node(), POLICY)


OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "**")


def test_another_operator_is_another_text():
    comparisons = [f"change.score {sign} 12" for sign in OPERATORS[:6]]
    dates = [f"change.due {sign} today" for sign in OPERATORS[:6]]
    sums = [f"change.score {sign} 2 = 12" for sign in OPERATORS[6:]]
    others = ["flag and change.critical", "flag or change.critical", "not(flag)", "flag"]
    ranges = [f"change.score in {a}1..2{b}" for a in "[(" for b in "])"]
    quantified = [f"{q} c in changes satisfies c.critical" for q in ("some", "every")]
    texts = comparisons + dates + sums + others + ranges + quantified
    assert len({in_words(typed(text), POLICY) for text in texts}) == len(texts)


FACTS = {
    **case({"cost": Money.parse("80000 GBP"), "critical": True, "score": None}),
    "changes": records({"score": Decimal(3)}),
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            'change.cost > @"50000 GBP"',
            "the change's cost (80,000 GBP) is above 50,000 GBP",
        ),
        ("change.critical", "the change is marked as critical (yes)"),
        ("flag", "flag (not known) is true"),
        ("change.rate > 1", "the change's rate (not known) is above 1"),
        ("change.score > 1", "the change's score (nothing) is above 1"),
        (
            "change.due < today",
            "the change's due date (not known) is before today (2 March 2026)",
        ),
        ("some c in changes satisfies c.score > 2", "some change's score is above 2"),
        (
            "count(changes[score > change.score]) > 2",
            (
                "the number of changes (those for which the score is above this change's score "
                "(nothing)) is above 2"
            ),
        ),
        (
            'change.cost > authority("manager", "approve change_request")',
            (
                "the change's cost (80,000 GBP) is above the manager's authority to approve a "
                "change request (50,000 GBP)"
            ),
        ),
        (
            'change.cost > authority("manager", "approve risk")',
            (
                "the change's cost (80,000 GBP) is above the manager's authority to approve a risk "
                "(no limit)"
            ),
        ),
    ],
)
def test_with_values(text, words):
    scope = {**FACTS, **functions(selection(), FACTS)}
    assert with_values(typed(text), POLICY, scope) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "yes"),
        (Missing(("a",)), "not known"),
        (Decimal("-1234567.50"), "-1,234,567.5"),
        (Decimal("1E+6"), "1,000,000"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1E+6144"), "1" + ",000" * 2048),
        (Money.parse("1234.50 GBP"), "1,234.50 GBP"),
        (date(2026, 12, 31), "31 December 2026"),
        (datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "2 March 2026 09:05 UTC"),
        (datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC), "2 March 2026 09:05:07 UTC"),
        (timedelta(days=1, hours=2, minutes=3), "1 day, 2 hours and 3 minutes"),
        (timedelta(hours=-2), "minus 2 hours"),
        (timedelta(), "0 days"),
        (Months(14), "1 year and 2 months"),
        (Months(-1), "minus 1 month"),
        (Time(9, 5, 0), "09:05:00"),
        (["a", "b", "c"], "a, b and c"),
        ([], "nothing"),
        ("must_have", "must have"),
        ("", '""'),
    ],
)
def test_values(value, words):
    assert value_in_words(value) == words


@settings(max_examples=100, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_number_in_words_is_the_number(value):
    assert Decimal(value_in_words(value).replace(",", "")) == value
