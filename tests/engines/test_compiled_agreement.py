"""Random conditions and facts: generated code and the reference find the same."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo_engine.engines.compiled import Compiled
from pmo_engine.engines.reference import Tracing
from tests.engines.strategies import facts, policies, select, selection

NUMBERS = st.sampled_from(["change.score", "change.rate", "1", "2.5", "10", "count(changes)"])
MONEYS = st.sampled_from(["change.cost", "change.saving", '@"50000 GBP"', '@"50000.01 GBP"'])
DATES = st.sampled_from(["change.due", "today", '@"2026-03-02"', '(today + @"P1D")'])
SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def compared(values):
    return st.builds("{} {} {}".format, values, SIGNS, values) | st.builds(
        "{} between {} and {}".format, values, values, values
    )


def joined(inner):
    return st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not({})".format, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
    )


LEAVES = st.one_of(
    compared(NUMBERS | st.builds("({} {} {})".format, NUMBERS, st.sampled_from("+-*/"), NUMBERS)),
    compared(MONEYS | st.builds("({} {} {})".format, MONEYS, st.sampled_from("+-"), MONEYS)),
    compared(DATES),
    st.sampled_from(
        [
            "change.critical",
            "change.urgent",
            "change.note = null",
            'change.category in ("scope", "time")',
            "change.score in (1..10]",
            'some c in changes satisfies c.cost > @"50000 GBP" or c.critical',
            'every c in changes satisfies c.status = "approved"',
            "count(changes[critical and score > change.score]) > 0",
        ]
    ),
)
CONDITIONS = st.recursive(LEAVES, joined, max_leaves=5)


@settings(max_examples=150, deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=6), st.lists(facts(), min_size=1, max_size=4))
def test_conditions_that_code_is_generated_for(conditions, cases):
    chosen, compiled, tracing = selection(*conditions), Compiled(), Tracing()
    for each in cases:
        assert compiled.outcomes(chosen, each) == tracing.outcomes(chosen, each)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.lists(facts(), min_size=1, max_size=3))
def test_policies_with_strata(bound, cases):
    chosen, compiled, tracing = select(bound), Compiled(), Tracing()
    for each in cases:
        assert compiled.outcomes(chosen, each) == tracing.outcomes(chosen, each)
