"""Generated code says exactly what the reference says, and takes the fast way where it can."""

import re
from datetime import datetime, timedelta
from decimal import Context, Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.authority.functions import functions
from pmo_engine.engines.compiled import Compiled
from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.engines.compiled.generator import Generator
from pmo_engine.engines.compiled.program import RULES_PER_FUNCTION
from pmo_engine.engines.compiled.tables import call_of
from pmo_engine.engines.reference import Tracing
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Record
from pmo_engine.model.money import Money
from tests.engines.samples import expression
from tests.engines.strategies import (
    FACTS,
    case,
    policy,
    record,
    records,
    rule,
    select,
    selection,
)

FULL = {
    "cost": Money.parse("80000 GBP"),
    "saving": Money.parse("10 GBP"),
    "score": Decimal(12),
    "rate": Decimal("0.5"),
    "category": "scope",
    "note": "a note",
    "critical": True,
    "urgent": False,
    "due": datetime.fromisoformat("2026-03-01").date(),
    "raised": datetime.fromisoformat("2026-03-02T10:00:00+01:00"),
    "slack": timedelta(days=2),
}
LONDON = ZoneInfo("Europe/London")

ORDINARY = {
    'change.cost > @"50000 GBP"': True,
    'change.cost - change.saving <= @"79990 GBP"': True,
    'change.cost * change.rate = @"40000 GBP"': True,
    "change.cost / change.saving = 8000": True,
    'change.cost / 3 > @"26666.66 GBP"': True,
    "change.score between 1 and 12": True,
    "change.score between change.rate and change.score": True,
    "change.score in [1..12)": False,
    "change.score in (> 20, 12)": True,
    'change.category in ["time", "scope"]': True,
    'change.category in ("time", "cost")': False,
    'change.category != "time"': True,
    'change.note < "b"': True,
    "change.critical and not(change.urgent)": True,
    "change.critical = change.urgent": False,
    "change.urgent or change.score >= 12": True,
    "change.score * 2 + 1 = 25": True,
    "change.score ** 2 = 144": True,
    "-change.score < 0": True,
    '-change.saving < @"0 GBP"': True,
    "-change.slack < change.slack": True,
    "change.due < today": True,
    'today - change.due = @"P1D"': True,
    'change.due + @"P1M" > today': True,
    "change.raised = now": True,
    'now - change.raised < @"PT1S"': True,
    "if change.critical then change.score > 20 else change.score > 5": False,
    "some c in changes satisfies c.score > 4 and change.critical": True,
    "every c in changes satisfies c.score > 4": False,
    "count(changes) = 2": True,
    "count(changes[score > 4]) = 1": True,
    "count(changes[item.score > change.score]) = 0": True,
    "change.note = null": False,
    "change.note != null": True,
    'change.cost > authority("manager", "approve change_request")': True,
}


def generator() -> Generator:
    return Generator(FACTS, functions(selection(), {}), call_of)


def agreed(chosen, facts):
    """Give the outcomes, which must be those of the reference."""
    found = Compiled().outcomes(chosen, facts)
    assert found == Tracing().outcomes(chosen, facts)
    return found


def full(**changed):
    found = case({**FULL, **changed})
    found["changes"] = records({"score": Decimal(5)}, {"score": Decimal(3)})
    return found


@pytest.mark.parametrize(("condition", "expected"), ORDINARY.items())
def test_the_ordinary_case(condition, expected):
    assert agreed(selection(condition), full()).fired == (("r1",) if expected else ())


@pytest.mark.parametrize("condition", ORDINARY)
def test_the_ordinary_case_needs_no_reference(condition):
    assert generator().condition(expression(condition).node)


@pytest.mark.parametrize("condition", ORDINARY)
@pytest.mark.parametrize("name", FULL)
def test_any_fact_may_be_missing_null_or_of_another_type(condition, name):
    others = {key: value for key, value in FULL.items() if key != name}
    for change in (others, {**others, name: None}, {**others, name: Money.parse("1 EUR")}):
        facts = {**full(), "change": record("change", **change)}
        agreed(selection(condition), facts)


@pytest.mark.parametrize("condition", ORDINARY)
@pytest.mark.parametrize("change", [None, {}, "text", [record("change", **FULL)]])
def test_a_record_may_be_anything(condition, change):
    agreed(selection(condition), {**full(), "change": change})
    agreed(selection(condition), {"changes": change})
    agreed(selection(condition), {**full(), "changes": change})


@pytest.mark.parametrize(
    ("condition", "unknown"),
    [
        ("change.critical and change.score > 1", None),
        ("change.score > 1 and change.critical", None),
        ("change.critical or change.score > 1", ("change.score",)),
        ("change.score between 1 and change.rate", ("change.score",)),
        ("10 between 20 and change.score", ("change.score",)),
        ("if change.critical then change.score > 1 else true", None),
    ],
)
def test_what_is_missing_matters_only_where_the_answer_depends_on_it(condition, unknown):
    facts = case({"critical": False, "rate": Decimal(1)})
    found = agreed(selection(condition), facts)
    assert found.unknown == ({} if unknown is None else {"r1": unknown})


def test_null_is_a_fault_and_division_by_zero_too():
    chosen = selection(
        "change.score > 1", "1 / change.rate > 1", "change.critical", "change.rate ** -2.5 > 1"
    )
    found = agreed(chosen, case({"score": None, "rate": Decimal(0), "critical": True}))
    assert set(found.faults) == {"r1", "r2", "r4"}
    assert found.fired == ("r3",)


def test_arithmetic_is_exact_to_34_digits_whatever_the_context_around():
    chosen = selection("change.score + 1 > change.score", "-change.score < 0")
    with localcontext(Context(prec=3)):
        found = agreed(chosen, case({"score": Decimal("9" * 33)}))
    assert found.fired == ("r1", "r2")


def test_moments_of_one_zone_are_told_apart_when_clocks_go_back():
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    second = first.replace(fold=1)
    chosen = selection("change.raised < now", "change.raised = now", "now > change.raised")
    found = agreed(chosen, {**case({"raised": first}), "now": second})
    assert found.fired == ("r1", "r3")


def test_a_local_time_is_never_equal_to_a_moment():
    chosen = selection("change.raised = now", "change.raised < now")
    found = agreed(chosen, case({"raised": datetime(2026, 3, 2, 9)}))
    assert (found.fired, set(found.faults)) == ((), {"r2"})


@pytest.mark.parametrize(
    "condition",
    [
        "some c in changes satisfies c.score > 4",
        "every c in changes satisfies c.score > 4",
        "count(changes[score > 4]) > 1",
        "count(changes[critical]) > 1",
        "some c in changes satisfies c.critical",
        'some c in changes satisfies c.note = "x"',
        "some c in changes satisfies (some d in changes satisfies d.score > c.score)",
    ],
)
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"score": Decimal(9)}, {}],
        [{}, {"score": Decimal(9)}],
        [{"score": None}, {"score": Decimal(1)}],
        [{"critical": None, "note": None}],
    ],
)
def test_lists_of_records(condition, rows):
    agreed(selection(condition), {**case({}), "changes": records(*rows)})


def test_a_field_hides_a_fact_of_the_same_name_inside_a_filter():
    facts = {**case({}), "changes": records({"score": Decimal(1), "note": "today"})}
    agreed(selection("count(changes[score > 0 and today = today]) = 1"), facts)
    assert agreed(selection('count(changes[note = "today"]) = 1'), facts).fired == ("r1",)


def test_a_record_that_declares_no_fields_lets_the_names_around_through():
    facts = {**case({}), "changes": [Record("changes[1]", {})], "score": Decimal(9)}
    assert agreed(selection("count(changes[score > 4]) = 1"), facts).fired == ("r1",)


def test_long_lists_are_the_references():
    rows = records(*({"score": Decimal(i)} for i in range(1001)))
    chosen = selection("some c in changes satisfies c.score > 999")
    assert agreed(chosen, {**case({}), "changes": rows}).fired == ("r1",)


def test_derived_facts_reach_the_strata_after_them():
    strata = [
        [rule("a", "change.score > 1", fact="level", value="change.score * 2"), rule("z", None)],
        [rule("b", "level > 20", fact="flag", value="level > 23"), rule("y", "level > 100")],
        [rule("c", "flag"), rule("d", "not(flag)")],
    ]
    chosen = select(policy(strata))
    found = agreed(chosen, full())
    assert found.fired == ("a", "z", "b", "c")
    assert found.derived == {"flag": True, "level": Decimal(24)}
    assert agreed(chosen, case({})).unknown["c"] == ("change.score",)
    nothing_derived = agreed(chosen, case({"score": Decimal(1)}))
    assert nothing_derived.faults["b"].endswith(
        "'>' has no result for null and number in 'level > 20'"
    )
    assert not nothing_derived.unknown


@pytest.mark.parametrize("condition", ["level = null", "level != null", "null = level"])
def test_a_derived_fact_that_is_missing_is_not_null(condition):
    derived = rule("a", None, fact="level", value="change.score")
    chosen = select(policy([[derived], [rule("b", condition)]]))
    assert agreed(chosen, case({})).unknown == {"b": ("change.score",)}
    assert agreed(chosen, case({"score": None})).fired == ("a",) + ("b",) * ("!" not in condition)


def test_findings_are_in_the_policys_order_whatever_the_strata():
    rules = [rule("late", "level > 1"), rule("early", None, fact="level", value="2")]
    late, early = rules
    bound = policy([[early], [late]])
    object.__setattr__(bound, "rules", (late, early))
    assert agreed(select(bound), case({})).fired == ("late", "early")


@pytest.mark.parametrize("count", [1, RULES_PER_FUNCTION, RULES_PER_FUNCTION + 1, 701])
def test_many_rules(count):
    conditions = [f"change.score > {number % 24}" for number in range(count)]
    found = agreed(selection(*conditions), full())
    assert len(found.fired) + len(found.not_fired) == count
    assert agreed(selection(*conditions), case({})).fired == ()


def test_the_same_rules_give_the_same_outcomes_again():
    backend, chosen = Compiled(), selection("change.score > 1")
    first = backend.outcomes(chosen, full())
    assert backend.outcomes(chosen, full(score=Decimal(2))) is first
    assert backend.outcomes(chosen, full(score=Decimal(0))) != first
    backend.close()
    assert backend.outcomes(chosen, full()) == first


def test_no_rules_no_findings():
    assert agreed(selection(), full()).not_fired == ()


HOSTILE = (
    'change.note = "\\"); import os; os.abort() #"',
    'change.note in ["__class__", "fired |= 1", "\\n detours"]',
    "some fired in changes satisfies fired.score > 1",
    "some each in changes satisfies each.score > change.score",
    "count(changes[score > 1]) = 1",
    'change.cost > @"1 GBP"',
)


@pytest.mark.parametrize("condition", HOSTILE)
def test_no_text_of_a_policy_enters_the_source(condition):
    source = generator().condition(expression(condition).node).source
    words = set(re.findall(r"[^\W\d]\w*", re.sub(r"\b[Kv]\d+\b", "", source)))
    assert words <= {"and", "or", "not", "in", "if", "else", "for", "each", "any", "all"} | {
        "sum",
        "len",
    }
    assert not set("\"'#\\;=:") & set(source.replace("==", "").replace("<=", ""))
    agreed(selection(condition), full())


def test_names_may_be_pythons_own():
    names = ("class", "__import__", "facts", "detours", "fired", "each", "K0", "v0", "None")
    record_type = t.ContextType(tuple((name, t.NUMBER) for name in names), "lambda")
    bound = policy([[rule(f"r{i}", f"lambda.{name} > {i}") for i, name in enumerate(names)]])
    object.__setattr__(bound, "facts", {**bound.facts, "lambda": record_type})
    facts = {"lambda": Record("lambda", {name: Decimal(4) for name in names})}
    assert agreed(select(bound), facts).fired == ("r0", "r1", "r2", "r3")


@pytest.mark.parametrize(
    "condition",
    [
        "change.extra > 1",
        "change.nothing > 1",
        'change.cost > @"1 EUR"',
        "change.cost > 1",
        "change.critical > change.urgent",
        "changes = changes",
        "changes.score = 1",
        "upper case(change.note) = change.note",
        'headroom("manager", "approve change_request") > change.cost',
        "nobody > 1",
        "change.score in [12..1]",
        "change.score in [1..null]",
        "change.score in [null..null]",
        'change.raised > @"2026-03-02T09:00:00"',
        "+".join(["1"] * 60) + " = change.score",
    ],
)
def test_what_generated_code_leaves_to_the_reference(condition):
    with pytest.raises(Unspecialised):
        generator().condition(expression(condition).node)
    agreed(selection(condition), full())


@pytest.mark.parametrize("joined", ["and", "or"])
@pytest.mark.parametrize("written", ["true", "false", "change.critical"])
@pytest.mark.parametrize("left", ["change.score", "upper case(change.note) = change.note"])
def test_operands_without_code_of_their_own_are_left_only_when_they_are_reached(
    joined, written, left
):
    agreed(selection(f"{written} {joined} {left}"), full())
    agreed(selection(f"{left} {joined} {written}"), full())
