"""What is said in another form than it is written means the same."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel import nodes as n
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.plain import Known, plain, subject, worked_out
from tests.engines.strategies import Names, conditions, facts
from tests.prose.test_prose_expressions import POLICY, typed


def said_again(node: n.Node) -> n.Node:
    """Take back what is only a way to say it: a guard is a condition of its own again."""
    return rewrite(node, lambda each: _unguarded(plain(worked_out(each))))


def _unguarded(node: n.Node) -> n.Node:
    match node:
        case Known(condition):
            fact = subject(condition)
            assert fact is not None
            return n.Conjunction((n.Call(n.Name("is_known"), (fact,)), condition))
        case n.Conjunction(operands) | n.Disjunction(operands):
            return type(node)(tuple(_unguarded(each) for each in operands))
        case n.Not(operand):
            return n.Not(_unguarded(operand))
        case _:
            return node


FIELDS = st.sampled_from(["cost", "note", "critical", "score", "extra"])
TESTS = st.sampled_from(
    ["", ' > @"50000 GBP"', ' = "scope"', ' in ("scope", "time")', " != 1", " between 1 and 10"]
)
GUARDED = st.builds(
    lambda no, name, test, rest: (
        f"{no}(is_known(change.{name}) and {rest} and change.{name}{test})"
    ),
    st.sampled_from(["not", ""]),
    FIELDS,
    TESTS,
    conditions(Names(), 1),
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(conditions(Names(), 2), GUARDED), facts())
def test_what_is_said_is_true_and_false_where_what_is_written_is(
    text: str, scope: dict[str, Any]
) -> None:
    node = parse(text)
    meant, said = evaluate(node, scope), evaluate(said_again(node), scope)
    assert (said is True, said is False) == (meant is True, meant is False)


SAID = {
    'is_known(change.category) and change.category = "scope"': (
        "the change's category is known to be scope"
    ),
    'not(is_known(change.category) and change.category in ("scope", "time"))': (
        "the change's category is not known to be scope or time"
    ),
    'is_known(change.category) and change.category != "scope"': (
        "the change's category is known not to be scope"
    ),
    "is_known(change.critical) and change.critical": "the change is known to be marked as critical",
    "not(is_known(change.critical) and change.critical)": (
        "the change is not known to be marked as critical"
    ),
    "is_known(flag) and flag": "it is known that flag is true",
    "change.score > 1 and is_known(change.score)": (
        "the change's score is above 1 and the change's score is known"
    ),
    "is_known(change.score) and change.rate > change.score": (
        "the change's score is known and the change's rate is above its score"
    ),
    "is_known(change.score) and change.score > 1 and change.score < 5": (
        "the change's score is known to be above 1 and the change's score is below 5"
    ),
    "not(change.score > 1 or flag)": "the change's score is not above 1 and flag is not true",
    "flag and not(change.score > 1 and change.rate > 1)": (
        "flag is true, and either the change's score is not above 1 or the change's rate is not "
        "above 1"
    ),
    "not(flag and not(change.critical))": "flag is not true or the change is marked as critical",
    "change.score > change.rate + change.score": (
        "the change's score is above its rate plus its score"
    ),
    "change.score * 2 > change.rate and change.rate > 1": (
        "the change's score times 2 is above its rate and the change's rate is above 1"
    ),
    'change.cost > @"100 GBP" * (2 - 0.5)': "the change's cost is above 150 GBP",
    "change.score * (1 / 3) > 1": "the change's score times (1 divided by 3) is above 1",
    'change.due + duration("P1D") * 10 < today': (
        "the change's due date plus 10 days is before today"
    ),
    "count(changes) > 0": "there is at least one change",
    "count(changes) = 0": "there is no change",
    "count(changes) != 0": "there is at least one change",
    "not(count(changes) >= 1)": "there is no change",
    "count(changes) < 1": "there is no change",
    "count(changes) <= 0": "there is no change",
    "is_known(change.note) and change.note != null": (
        "the change's note is known and the change's note has a value"
    ),
    "change.due - today > change.slack": (
        "the change's due date minus today is above the change's slack"
    ),
    "count(changes[score > 3]) >= 1": "there is at least one change for which the score is above 3",
    "count(changes) > 1": "the number of changes is above 1",
    "count(changes) <= 1": "the number of changes is at most 1",
    "count(changes[key != change.key and score > 3]) > 2": (
        "the number of changes with another key (those for which the score is above 3) is above 2"
    ),
    "count(changes[key != change.note and score > 3]) > 2": (
        "the number of changes (those for which the key is not this change's note and the score is "
        "above 3) is above 2"
    ),
    "some c in changes satisfies c.key != change.key and c.score > change.score": (
        "there is a change with another key for which its score is above this change's score"
    ),
    "not(some c in changes satisfies c.critical and c.score > 1)": (
        "there is no change for which it is marked as critical and its score is above 1"
    ),
    "every c in changes satisfies c.key != change.key and c.score > 1": (
        "every change's key is not this change's key and that change's score is above 1"
    ),
    "some d in changes[critical].due satisfies d > today": (
        "for some d among the due dates of the changes (those for which it is marked as critical), "
        "that d is after today"
    ),
    '"scope" in [change.category, change.note]': (
        "one of the change's category or the change's note is scope"
    ),
    'not("scope" in [change.category, change.note])': (
        "none of the change's category and the change's note is scope"
    ),
    'not(change.category in ("scope", "time"))': (
        "the change's category is neither scope nor time"
    ),
    "list contains(change.tags, change.note)": "the change's tags include the change's note",
    "if flag then change.score > 1 else change.score > 2": (
        "either, where flag is true, the change's score is above 1, or otherwise the change's "
        "score is above 2"
    ),
    "min(change.score, change.rate) > 1": (
        "the lesser of the change's score and the change's rate is above 1"
    ),
    "count(distinct values(changes.note)) > 1": (
        "the number of changes' note, each value once is above 1"
    ),
}


@pytest.mark.parametrize(("text", "words"), SAID.items())
def test_idioms(text: str, words: str) -> None:
    assert in_words(typed(text), POLICY) == words
