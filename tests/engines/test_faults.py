"""A fault is never taken for no: errors planted anywhere, in every engine, against a slow model."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pmo_engine.engines.engine import BACKENDS, make_backend
from pmo_engine.model.money import Money
from tests.engines.planted import CASE, FAULT, STEPS, TURNS, WORTH, Planted, conditions, numbers
from tests.engines.samples import approval, case, policy, records, rule, select
from tests.engines.strategies import Trial, agreed

NOTHING = Money(Decimal(0), "GBP")


def found_of(rules, facts=CASE, tables=()):
    """Judge strata of rules in every engine; all must say the same."""
    bound = policy(rules, [STEPS, TURNS, WORTH, *tables])
    [found, *_] = agreed(Trial(bound, (facts,)))
    return found


def wanted(planted):
    return "fault" if planted.value is FAULT else "fired" if planted.value else "not fired"


def outcome(found, name):
    if name in found.faults:
        return "fault"
    return "fired" if name in found.fired else "not fired"


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 3).flatmap(conditions), min_size=1, max_size=5))
@example([Planted("(change.score / change.rate > 5) = true", FAULT)])
@example([Planted("not((if change.score / 0 > 5 then true else false))", FAULT)])
def test_what_an_error_touches_is_a_fault_in_every_engine(planted):
    rules = [rule(f"r{place}", each.text) for place, each in enumerate(planted)]
    found = found_of([rules])
    assert [outcome(found, f"r{place}") for place in range(len(planted))] == list(
        map(wanted, planted)
    )
    assert not found.unknown


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2).flatmap(numbers), st.sampled_from(["level > 3", "level = level"]))
def test_a_fault_in_a_derived_fact_is_reported_and_reaches_its_readers(planted, reading):
    derives = rule("derives", None, fact="level", value=planted.text)
    found = found_of([[derives], [rule("reads", reading), rule("other", "change.critical")]])
    is_fault = planted.value is FAULT
    assert ("derives" in found.faults, "reads" in found.faults) == (is_fault, is_fault)
    assert ("level" in found.derived) is not is_fault
    assert {"derives", "other"} <= set(found.fired)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 2).flatmap(conditions))
def test_a_fault_where_a_fact_is_derived_is_a_fault_where_it_is_read(planted):
    derives = rule("derives", planted.text, fact="flag", value="true")
    found = found_of([[derives], [rule("reads", "flag"), rule("contrary", "not(flag)")]])
    came = outcome(found, "derives")
    assert came == outcome(found, "reads") == wanted(planted)
    contrary = {"fired": "not fired", "not fired": "fired", "fault": "fault"}[came]
    assert outcome(found, "contrary") == contrary


@pytest.mark.parametrize(
    "choice",
    [
        'if change.score / change.rate > 1 then "head" else "manager"',
        "change.extra",
        '["head"][2]',
        '["head", change.extra]',
        "[]",
        "[1, 2]",
    ],
)
def test_a_fault_of_one_effect_leaves_the_others(choice):
    signed = approval("signed", None, choice)
    also = rule("also", None, fact="level", value="2")
    both = approval("both", "level = 2", '"head"')
    found = found_of([[signed, also], [both]])
    assert "so nobody is to approve" in found.faults["signed"]
    assert found.fired == ("signed", "also", "both")
    assert found.chosen["both"] == (("head",),)


def test_every_fault_of_a_rule_is_reported():
    first = rule("all", None, fact="level", value="1 / 0")
    second = rule("all", None, fact="flag", value="number(change.note) > 1")
    [found] = agreed(Trial(policy([[replace(first, then=(*first.then, *second.then))]]), (CASE,)))
    assert "division by zero in '1 / 0', so 'level' is not known" in found.faults["all"]
    assert "'number' has no result for text" in found.faults["all"]
    assert "so 'flag' is not known" in found.faults["all"]


# Null that is no error


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("change.extra = null", True),
        ("change.extra != null", False),
        ("if change.extra then false else true", True),
        ("change.extra = change.score", False),
        ("is defined(change.extra)", False),
        ("is_known(change.extra)", True),
        ("get or else(change.extra, 3) = 3", True),
        ("get or else(change.score / change.rate, 3) = 3", True),
        ("get or else(null, null) = null", True),
        ('get value({a: 1}, "b") = null', True),
        ("[null, 1][1] = null", True),
        ("{a: null}.a = null", True),
        ("(function(x) null)(1) = null", True),
        ('authority("head", "approve change_request") = null', True),
        ("count(changes[extra]) = 0", True),
        ("sum(for v in [change.extra] return 1) = 1", True),
    ],
)
def test_null_that_was_read_is_a_value(text, fires):
    facts = case(
        {"extra": None, "score": Decimal(3), "rate": Decimal(0)},
        changes=records({"extra": None}),
    )
    found = found_of([[rule("r", text)]], facts)
    assert not found.faults
    assert found.fired == ("r",) * fires


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("is_known(change.score / change.rate)", "division by zero"),
        ("(change.score / change.rate) = null", "division by zero"),
        ("change.extra > 3", "'>' has no result for null and number"),
        ("change.extra.year = 3", "'year' is null in 'change.extra.year'"),
        ("sum([change.extra].year) = 1", "'year' is null"),
        ("not(change.extra)", "not every part is true or false for null"),
        ("change.extra and true", "not every part is true or false for null and boolean"),
        ("change.extra[1] = 1", "nothing is at that place in 'change.extra[1]'"),
        ("(for v in change.extra return v) = null", "there is no list to go over"),
        ("string(change.extra) = null", "'string' has no result for null"),
        ("least_senior(change.extra) = null", "'least_senior' has no result for null"),
        ('(function(x: number) null)("a") = null', "the function cannot be called so"),
        (
            "max(changes.score) = null",
            "'max' has no result for an empty list in 'max(changes.score)'",
        ),
        ("changes[1] = null", "nothing is at that place in 'changes[1]'"),
        ("changes[count(changes)] = null", "nothing is at that place"),
        ("mean(changes.score) = 1 or false", "'mean' has no result for an empty list"),
        ("sum(for c in changes return c.extra) = 1", "'sum' has no result for an empty list"),
        ("[5..1] = null", "the ends of a range are of one kind and in order"),
    ],
)
def test_null_that_came_of_an_error_is_a_fault(text, why):
    facts = case({"extra": None, "score": Decimal(3), "rate": Decimal(0)}, changes=[])
    found = found_of([[rule("r", text)]], facts)
    assert (found.fired, found.not_fired) == ((), ())
    assert why in found.faults["r"]


@pytest.mark.parametrize(
    "text",
    [
        'sum(changes.cost) = @"0 GBP"',
        'sum(changes[status = "approved"].cost) + change.cost = change.cost',
        "sum(changes.score) = 0",
        'sum(changes.slack) = @"PT0S"',
        "sum([]) + 1 = 1 or true",
        "product(changes.score) = 1",
        "count(changes) = 0",
        'sum(list: changes.cost) = @"0 GBP"',
        "all(changes.critical) and not(any(changes.critical))",
    ],
)
def test_nothing_adds_up_to_nothing(text):
    found = found_of([[rule("r", text)]], case({"cost": NOTHING + NOTHING}, changes=[]))
    assert found.fired == ("r",)


def test_a_fact_that_is_missing_is_asked_for_before_an_error_counts():
    """Where an error and a missing fact both stand in the way, it is the error that is told."""
    facts = case({"score": Decimal(1), "rate": Decimal(0)})
    found = found_of([[rule("r", "change.score / change.rate > change.cost / change.cost")]], facts)
    assert list(found.faults) == ["r"]
    asked = found_of([[rule("r", "get or else(change.cost, change.saving) = change.cost")]], facts)
    assert asked.unknown == {"r": ("change.cost",)}
    assert found_of([[rule("r", "is defined(change.cost)")]], facts).unknown == {
        "r": ("change.cost",)
    }


# Facts that only a rule can give


@pytest.mark.parametrize("value", ["true", "change.score > 2"])
def test_a_fact_that_no_rule_derived_is_never_asked_for(value):
    derives = rule("derives", "change.urgent", fact="flag", value=value)
    readers = [rule("reads", "flag"), rule("contrary", "not(flag)"), rule("none", "flag = null")]
    found = found_of([[derives], readers])
    assert not found.unknown
    if value == "true":  # what is only ever set to true is false where nobody sets it
        assert (found.fired, found.faults) == (("contrary",), {})
    else:
        assert (found.fired, set(found.faults)) == (("none",), {"reads", "contrary"})


def test_what_a_derived_fact_hangs_on_is_asked_for():
    derives = rule("derives", "change.cost > change.saving", fact="flag", value="true")
    found = found_of([[derives], [rule("reads", "not(flag)")]], case({}))
    assert found.unknown["reads"] == ("change.cost", "change.saving")


@pytest.mark.parametrize("backend", BACKENDS)
def test_too_much_work_in_a_derived_fact_is_a_fault_of_its_readers(backend):
    value = "count(for a in 1..1000, b in 1..1000, c in 1..1000 return 1)"
    derives = rule("derives", None, fact="level", value=value)
    judge = make_backend(backend)
    try:
        found = judge.outcomes(select(policy([[derives], [rule("reads", "level > 1")]])), CASE)
    finally:
        judge.close()
    assert set(found.faults) == {"derives", "reads"}
    assert found.fired == ("derives",)
