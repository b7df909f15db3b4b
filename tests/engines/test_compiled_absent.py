"""Code for facts that are not given: it says what the reference says, and leaves little to it."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo_engine.authority.functions import functions
from pmo_engine.engines.compiled import Compiled
from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.engines.compiled.generator import Generator
from pmo_engine.engines.compiled.tables import call_of
from pmo_engine.engines.reference import Tracing
from pmo_engine.policy.selection import Selection
from tests.engines.samples import (
    EVENT,
    FACTS,
    TODAY,
    case,
    expression,
    policy,
    records,
    rule,
    select,
    selection,
)
from tests.engines.test_compiled import FULL, ORDINARY, full
from tests.engines.test_compiled_agreement import CONDITIONS

PROGRAM = import_module("pmo_engine.engines.compiled.program")
TIMES = 3  # the first time that facts are missing there is no code for it yet


def agreed(chosen, facts):
    """Judge often enough for code to be written; every time as the reference does."""
    compiled, expected = Compiled(), Tracing().outcomes(chosen, facts)
    for _ in range(TIMES):
        assert compiled.outcomes(chosen, facts) == expected
    return expected


def without(*names):
    change = {name: value for name, value in FULL.items() if name not in names}
    return {**full(), "change": case(change)["change"]}


def open_of(condition, *absent):
    made = Generator(
        FACTS, functions(selection(), {}), call_of, absent=frozenset(("change", n) for n in absent)
    )
    return made.condition(expression(condition).node).open


@pytest.mark.parametrize("name", FULL)
def test_every_ordinary_condition_without_one_fact(name):
    agreed(selection(*ORDINARY), without(name))


@pytest.mark.parametrize("gone", ["change", "changes", "today", "now"])
def test_every_ordinary_condition_without_a_whole_record(gone):
    facts = {key: value for key, value in full().items() if key != gone}
    agreed(selection(*ORDINARY), facts)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(CONDITIONS, min_size=1, max_size=6),
    st.sets(st.sampled_from(sorted(FULL)), min_size=1, max_size=3),
    st.sampled_from([None, "text", Decimal(0)]),
)
def test_random_conditions_without_some_facts(conditions, names, odd):
    chosen, gone = selection(*conditions), without(*names)
    agreed(chosen, gone)
    left = next((name for name in FULL if name not in names), None)
    if left is not None:  # another fact is not ordinary either
        change = case({**gone["change"], left: odd})["change"]
        agreed(chosen, {**gone, "change": change})


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ('change.cost > @"1 GBP"', False, False),
        ('change.cost > @"1 GBP" and change.critical', False, True),
        ('change.cost > @"1 GBP" or change.critical', True, False),
        ('not(change.cost > @"1 GBP" or change.critical)', False, True),
        ('(change.cost > @"1 GBP" or change.critical) and change.urgent', True, True),
        ("change.cost + change.saving < change.saving", False, False),
        ("change.cost between change.saving and change.saving", False, False),
        ('change.cost in (@"1 GBP", > @"5 GBP")', False, False),
        ("change.cost = null", False, False),
        ("-change.cost > change.saving", False, False),
    ],
)
def test_what_decides_without_a_fact(condition, true, false):
    found = open_of(condition, "cost")
    assert found.paths == ("change.cost",)
    assert (found.true is not None, found.false is not None) == (true, false)


@pytest.mark.parametrize(
    "condition",
    [
        '(change.cost > @"1 GBP" or change.critical) and (change.cost > @"2 GBP" or change.urgent)',
        '(change.cost > @"1 GBP" and change.critical) = change.urgent',
        'if change.cost > @"1 GBP" then change.critical else change.urgent',
        "some c in changes satisfies c.cost > change.cost",
    ],
)
def test_what_is_left_to_the_reference_without_a_fact(condition):
    with pytest.raises(Unspecialised):
        open_of(condition, "cost")
    agreed(selection(condition), without("cost"))


def test_an_error_beside_a_missing_fact_is_a_fault():
    condition = "change.rate > change.score / 0"
    found = agreed(selection(condition, "change.rate > change.score / 2"), without("rate"))
    assert list(found.faults) == ["r1"]
    assert found.unknown == {"r2": ("change.rate",)}


def test_rules_that_derive_say_what_their_fact_wants():
    strata = [
        [rule("a", "change.rate > 1", fact="level", value="3"), rule("b", "change.rate > 2")],
        [rule("c", "level > 1"), rule("d", 'level > 1 or change.note = "x"')],
    ]
    found = agreed(select(policy(strata)), without("rate", "note"))
    assert found.unknown == {
        "a": ("change.rate",),
        "b": ("change.rate",),
        "c": ("change.rate",),
        "d": ("change.note", "change.rate"),
    }


def test_a_fact_that_only_rules_give_is_not_one_that_is_missing():
    strata = [[rule("a", "change.score < 0", fact="flag", value="true")], [rule("b", "not(flag)")]]
    assert agreed(select(policy(strata)), without("rate")).fired == ("b",)


def test_a_fact_that_rules_give_on_other_events_is_not_asked_for_either():
    derives = rule("a", None, fact="flag", value="true")
    reads = rule("b", "not(flag) and change.score > 1")
    here = Selection(policy([[derives], [reads]]), EVENT, TODAY, (reads,))
    assert agreed(here, without("rate")).fired == ("b",)


def test_one_missing_fact_leaves_nothing_to_the_reference(monkeypatch):
    chosen = selection(*['change.cost > @"1 GBP"', "change.critical", "change.rate > 2"] * 200)
    compiled, facts = Compiled(), without("rate")
    compiled.outcomes(chosen, facts)
    monkeypatch.setattr(PROGRAM, "judge", lambda *_: pytest.fail("the reference was asked"))
    for _ in range(TIMES):
        assert len(compiled.outcomes(chosen, facts).unknown) == 200


def test_code_is_kept_for_so_many_sets_of_facts_and_no_more(monkeypatch):
    monkeypatch.setattr(PROGRAM, "MOST_WITHOUT", 2)
    chosen, compiled = selection(*ORDINARY), Compiled()
    for name in [*FULL, *FULL]:
        expected = Tracing().outcomes(chosen, without(name))
        assert compiled.outcomes(chosen, without(name)) == expected


def test_a_record_of_another_place_is_asked_for_by_its_own():
    facts = {**full(), "change": records({})[0]}
    assert agreed(selection("change.score > 1"), facts).unknown == {"r1": ("changes[1].score",)}
