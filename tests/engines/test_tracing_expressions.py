from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, getcontext, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.engines.traces import Trace, explain_null
from pmo_engine.engines.tracing import EvaluationLimit, evaluate
from pmo_engine.feel.nodes import Arithmetic
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.values import Function, Missing, Range, Record
from pmo_engine.feel.walk import walk
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money


def gbp(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


X, Y = Missing(("x",)), Missing(("y",))
SCOPE: dict[str, Any] = {
    "now": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "today": date(2026, 3, 2),
    "n": None,
    "change": Record("change", {"cost": gbp("50000"), "urgent": None}),
    "risks": [
        Record("risks[1]", {"score": Decimal(20), "owner": "ana"}, ("score", "owner", "stage")),
        Record("risks[2]", {"score": Decimal(4)}, ("score", "owner", "stage")),
    ],
    "stage": "G2",
    "half_known": [Decimal(1), X, Decimal(3)],
}


def value_of(text: str, **more: Any) -> Any:
    return evaluate(parse(text), {**SCOPE, **more})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("0.1 + 0.2 = 0.3", True),
        ("-5 ** 2", Decimal(25)),
        ("10 / 0", None),
        ("10 + null", None),
        ('"a" + "b"', "ab"),
        ("9e6144 * 10", None),
        ("0 ** -2", None),
        ("0 ** -2.5", None),
        ("(-8) ** 0.5", None),
        ('change.cost + @"0.01 GBP"', gbp("50000.01")),
        ('change.cost - @"1 GBP"', gbp("49999")),
        ("change.cost * 1.1", gbp("55000.0")),
        ("2 * change.cost", gbp("100000")),
        ("change.cost / 4", gbp("12500")),
        ('change.cost / @"25000 GBP"', Decimal(2)),
        ('change.cost + @"1 EUR"', None),
        ("change.cost + 1", None),
        ("change.cost * change.cost", None),
        ("change.cost / 0", None),
        ("-change.cost", gbp("-50000")),
        ('today + @"P1D"', date(2026, 3, 3)),
        ('today + @"PT36H"', date(2026, 3, 3)),
        ('today - @"PT1H"', date(2026, 3, 1)),
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('today - @"2026-02-27"', timedelta(days=3)),
        ('now - @"PT10H"', datetime(2026, 3, 1, 23, tzinfo=UTC)),
        ('@"P1Y2M" - @"P2M"', Months(12)),
        ('@"P1Y11M" * -2.5', Months(-57)),
        ('@"PT1H" * 1.5', timedelta(minutes=90)),
        ('@"P10D" / @"P5D"', Decimal(2)),
        ('@"P10D" / 0', None),
    ],
)
def test_arithmetic(text: str, expected: Any) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = 1.0", True),
        ("null = null", True),
        ("1 = null", False),
        ("null != null", False),
        ('1 = "1"', None),
        ("1 < null", None),
        ('1 < "2"', None),
        ("true < false", None),
        ('change.cost > @"49999.99 GBP"', True),
        ('change.cost >= @"50000.00 GBP"', True),
        ('change.cost = @"50000.00 GBP"', True),
        ('change.cost > @"1 EUR"', None),
        ("[1, [2]] = [1, [2]]", True),
        ("[1, 2] = [1]", False),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("{a: 1} = {b: 1}", False),
        ('@"2026-03-02T10:00:00+01:00" = now', True),
        ('@"2026-03-02T09:00:00" < now', None),
        ('@"09:00:00" < @"10:00:00Z"', None),
        ("today < now", None),
        ('@"2026-03-02T09:00:00.9Z" = now', True),
        ('@"2026-03-02T09:00:00.9Z" > now', False),
        ('@"2026-03-02T08:59:59.9Z" = now', False),
        ('@"09:00:00.1" = @"09:00:00.2"', True),
        ('@"09:00:00@Europe/Paris" = @"09:00:00+01:00"', True),
        ('@"09:00:00@Europe/Paris" = @"09:00:00"', False),
        ('@"2026-03-02T09:00:00" = now', False),
        ('@"2026-03-02T09:00:00" != now', True),
        ('today = @"2026-03-02T00:00:00Z"', True),
        ("today = now", False),
        ('today = @"2026-03-02T00:00:00"', False),
        ('is(@"2026-03-02T09:00:00.9Z", now)', False),
        ("2 between 1 and 2", True),
        ("3 between 1 and 2", False),
        ("2 between 1 and null", None),
        ("2 in [1..2)", False),
        ("2 in (> 1, 7)", True),
        ("2 in [1, 2]", True),
        ("2 in [[5..6], [1..3]]", True),
        ("2 in []", False),
        ("null in [1..2]", None),
        ("2 in !=3", True),
        ("[1..2] = [1..2]", True),
        ("[2..1]", None),
    ],
)
def test_comparison(text: str, expected: Any) -> None:
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("false and x", False),
        ("x and false", False),
        ("true and x", X),
        ("null and x", X),
        ("x and y", Missing(("x", "y"))),
        ("null and true", None),
        ("1 and false", False),
        ('"true" and true', None),
        ("true or x", True),
        ("x or true", True),
        ("false or x", X),
        ("null or x", X),
        ("null or false", None),
        ("not(x)", X),
        ("not(null)", None),
        ("some i in [1, x, 3] satisfies i > 2", True),
        ("some i in [1, x] satisfies i > 2", X),
        ("every i in [1, x] satisfies i > 2", False),
        ("every i in [3, x] satisfies i > 2", X),
        ("some i in [null] satisfies i > 2", None),
        ("some i in [] satisfies x", False),
        ("every i in [] satisfies x", True),
        ("some i in x satisfies true", X),
        ("some i in [1, 2], j in [2, 3] satisfies i = j", True),
        ("1 in (1, x)", True),
        ("1 in (2, x)", X),
    ],
)
def test_logic_of_true_false_null_and_missing(text: str, expected: Any) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "x + 1",
        "-x",
        "x = null",
        "x > 1",
        "x in [1..2]",
        "1 between x and 2",
        "if x then 1 else 2",
        "x.y.z",
        "x[1]",
        "[1, 2][item > x]",
        "[1, 2][x]",
        "for i in x return i",
        "for i in 1..x return i",
        "x instance of number",
        "string(x)",
        "sum(half_known)",
        "max(half_known)",
        "sum([1, x])",
        "x(1)",
        "[x..3]",
        "2 in [x..3]",
        "half_known[item > 0]",
        "sort(half_known)",
        "x between 1 and 2",
        "x in [1, 2]",
        "1 in [2, x]",
        "x instance of Any",
        "[x] instance of list<number>",
        "{a: x} instance of context<a: number>",
        "if x then 1 else 1",
        "some i in [1, 2], j in x satisfies true",
        "every i in 1..x satisfies true",
        "{a: x}.a",
        "{a: x} = {a: 1}",
        "[1, x] = [1, 2]",
        "is([[x]], [[1]])",
        "string([[x]])",
        "string({a: x})",
        "(function(a) a + 1)(x)",
        "(function(a: number) a)(x)",
        "substring(start position: 1, string: x)",
        "max(x, 1)",
        "before(x, 1)",
        "during(1, [x..2])",
        "range(x)",
        "date(x)",
        "now - x",
        "x.year",
        "[1..x].start",
        "sort([1, 2], function(a, b) x)",
        "list replace([1], function(a, b) x, 2)",
        "index of([1, x], 1)",
        "list contains([x], 1)",
        "distinct values([1, x])",
        "mode([1, x])",
        'get value({a: x}, "a")',
        'get value(x, "a")',
        'context put({}, "a", x).a',
        "context merge([{a: 1}, {a: x}]).a",
        "count(x)",
        "sublist([1], x)",
        "flatten([1, [x]])[2]",
        "[1, [x]][2][1]",
    ],
)
def test_what_is_missing_goes_through(text: str) -> None:
    assert value_of(text) == X


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is_known(x)", False),
        ("is_known(null)", True),
        ("is_known(change.cost)", True),
        ("is_known(change.due)", False),
        ("is_known(risks.owner)", False),
        ("count(half_known)", Decimal(3)),
        ("all([false, x])", False),
        ("any([x, true])", True),
        ("all(x, false)", False),
        ("list contains(half_known, 3)", True),
        ("[x, 2][2]", Decimal(2)),
        ("{a: x, b: 2}.b", Decimal(2)),
        ("reverse([1, x])[2]", Decimal(1)),
        ("1 in [1, x]", True),
        ("[1, x] = [2, 3]", False),
        ("[x] = [1, 2]", False),
        ("{a: x, b: 1} = {a: x, b: 2}", False),
        ("[x] instance of number", False),
        ("[x] instance of list<Any>", True),
        ("if true then 1 else x", Decimal(1)),
        ("(function(a) 1)(x)", Decimal(1)),
        ("some i in [1, 2], j in [1, x] satisfies i = j", True),
        ("flatten([1, [x]])[1]", Decimal(1)),
        ("concatenate([1], [x])[1]", Decimal(1)),
        ("context merge([{a: x}, {a: 1}]).a", Decimal(1)),
        ("insert before([x], 1, 2)[1]", Decimal(2)),
        ("distinct values(risks.score)[1]", Decimal(20)),
        ("count(get entries(risks[2]))", Decimal(3)),
    ],
)
def test_where_the_answer_does_not_depend_on_what_is_missing(text: str, expected: Any) -> None:
    assert value_of(text) == expected


def test_a_record_says_what_it_lacks_and_a_context_has_null() -> None:
    assert value_of("change.due") == Missing(("change.due",))
    assert value_of("change.urgent") is None
    assert value_of("{a: 1}.b") is None
    assert value_of("nobody") == Missing(("nobody",))


@pytest.mark.parametrize(
    "text",
    [
        "risks[2] = risks[2]",
        "is(risks[2], risks[2])",
        "string(risks)",
        "distinct values([risks[2], risks[2]])",
        "index of(risks, risks[2])",
        "risks[2] instance of context<owner: string, stage: string>",
    ],
)
def test_a_record_as_a_whole_lacks_what_it_was_not_given(text: str) -> None:
    found = value_of(text)
    assert isinstance(found, Missing)
    assert {"risks[2].owner", "risks[2].stage"} <= set(found.paths)


def test_a_record_made_into_a_context_still_lacks_it() -> None:
    assert value_of('context put(risks[2], "a", 1).owner') == Missing(("risks[2].owner",))
    assert value_of("context merge([{a: 1}, risks[2]]).owner") == Missing(("risks[2].owner",))
    assert value_of("risks[1] = risks[2]") is False
    assert value_of("risks[2] instance of context<score: number>") is True


def test_paths_go_over_lists() -> None:
    assert value_of("risks.score") == [Decimal(20), Decimal(4)]
    assert value_of("risks.owner") == ["ana", Missing(("risks[2].owner",))]


def test_filters_see_the_item_before_the_scope_around() -> None:
    assert [each.path for each in value_of("risks[score > 10]")] == ["risks[1]"]
    assert value_of("risks[item.score > 10]") == value_of("risks[score > 10]")
    assert value_of("risks[1].score") == Decimal(20)
    assert value_of("risks[-1].score") == Decimal(4)
    assert value_of("risks[3]") is None
    assert value_of("[1, 2, 3][item > n]") == []


def test_a_declared_field_is_never_taken_from_the_scope_around() -> None:
    stages = Missing(("risks[1].stage", "risks[2].stage"))
    assert value_of('risks[stage = "G2"]') == stages
    assert value_of('[1, 2][stage = "G2"]') == [Decimal(1), Decimal(2)]


def test_contexts_see_earlier_entries_and_functions_what_is_around_them() -> None:
    assert value_of("{a: 1, b: a + 1}.b") == Decimal(2)
    assert value_of("{k: 10, f: function(i) i * k, r: f(i: 2)}.r") == Decimal(20)
    assert value_of('(function(a: number) a)("1")') is None
    assert value_of('(function(a: number) a)(["1"])') is None
    assert value_of("(function(a: number) a)([1])") == Decimal(1)
    assert value_of("(function(a: list<number>) a)(1)") == [Decimal(1)]
    assert value_of("(function(a: list<number>) a)(x)") == X
    assert value_of("(function(a) a)(1, 2)") is None


def test_loops() -> None:
    assert value_of("for i in 3..1 return i") == [Decimal(3), Decimal(2), Decimal(1)]
    assert value_of("for i in [1..3) return i") == [Decimal(1), Decimal(2)]
    assert value_of("for i in 1..4 return if i = 1 then 1 else partial[-1] * i")[-1] == Decimal(24)
    assert len(value_of("for i in 1..3, j in 1..i return j")) == 6
    assert value_of('for d in today..today + @"P1D" return d.day') == [Decimal(2), Decimal(3)]
    assert value_of('for i in "a".."b" return i') is None


def test_ranges_and_comparisons_as_values() -> None:
    assert value_of("(> 5)") == Range(Decimal(5), None, low_included=False, high_included=False)
    assert value_of("7 in (> 5)") is True
    assert value_of("(= 10) = [10..10]") is False
    assert value_of("[1..3[.end included") is False


def test_sorting_by_a_function() -> None:
    assert value_of("sort(risks, function(a, b) a.score < b.score).score") == [
        Decimal(4),
        Decimal(20),
    ]


def test_governance_functions_get_what_their_signature_asks_for() -> None:
    between = Function(("from", "to"), lambda a, b: Decimal((b - a).days))
    assert value_of("working_days_between(today, x)", working_days_between=between) == X
    named = 'working_days_between(to: today, from: @"2026-03-01")'
    assert value_of(named, working_days_between=between) == Decimal(1)
    assert value_of("working_days_between(null, today)", working_days_between=between) is None
    assert value_of('headroom("a", "b")') == Missing(("headroom",))


def test_now_and_today_are_facts_and_calls() -> None:
    assert value_of("now() = now and today() = today") is True


def test_arithmetic_ignores_the_threads_decimal_context() -> None:
    before = getcontext().copy()
    with localcontext() as context:
        context.prec = 3
        assert value_of("1.23456789 * 1 = 1.23456789") is True
    assert getcontext().prec == before.prec


def test_a_trace_keeps_every_sub_result() -> None:
    node, trace = parse("1 + 2 * 3 > 6"), Trace()
    assert evaluate(node, {}, trace) is True
    found = {trace.of(each) for each in walk(node) if isinstance(each, Arithmetic)}
    assert found == {Decimal(7), Decimal(6)}


def test_a_trace_knows_what_was_not_reached() -> None:
    node, trace = parse("false and 1 / 0 > 1"), Trace()
    evaluate(node, {}, trace)
    assert [trace.reached(each) for each in node.operands] == [True, False]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / 0 > 3", "division by zero in '1 / 0'"),
        ('change.cost / @"0 GBP" > 3', "division by zero in 'change.cost / @\"0 GBP\"'"),
        ('change.cost > @"1 EUR"', "'>' has no result for money and money"),
        ("change.urgent and true", "'urgent' is null in 'change.urgent'"),
        ("n > 1", "'n' is null"),
        ("string length(n) > 1", "'n' is null"),
        ('date("nonsense") > today', "'date' has no result for text in 'date(\"nonsense\")'"),
        ("sqrt(-1) > 0", "'sqrt' has no result for number in 'sqrt(-1)'"),
        ("now() > 1", "'>' has no result for date and time and number"),
        ("(function(a) a)(1, 2)", "the function cannot be called so"),
        ("today in [2..1]", "the ends of a range are of one kind and in order"),
        ("1 and true", "not every part is true or false for number and boolean in '1 and true'"),
        ("1 between 0 and stage", "there is no result for number and number and text in '1 betw"),
        ("some x in 5 satisfies x > 1", "there is no list to go over in 'some x in 5"),
        ('-"a" > 1', "there is no result for text in '-\"a\"'"),
        ("-[] > 1", "there is no result for an empty list in '-[]'"),
        ("null", ""),
        ("if n = null then n else true", "'n' is null"),
        ("some i in [1, 0, 2] satisfies 1 / i > 9", "division by zero in '1 / i'"),
        ("risks[9].score > 1", "nothing is at that place in 'risks[9]'"),
    ],
)
def test_faults_are_explained_by_the_innermost_part(text: str, reason: str) -> None:
    node, trace = parse(text), Trace(text)
    assert evaluate(node, SCOPE, trace) is None
    assert explain_null(node, trace).startswith(reason)


DOUBLING = "{a0: [1], " + ", ".join(f"a{i + 1}: [a{i}, a{i}]" for i in range(60)) + "}"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("for i in 1..2000, j in 1..2000 return i", "more than 100,000 items"),
        ("every i in 1..99999 satisfies every j in 1..99999 satisfies true", "1,000,000 steps"),
        ("for i in 1..60 return concatenate(flatten(partial), flatten(partial), [1])", "items"),
        ('for i in 1..40 return if i = 1 then "a" else partial[-1] + partial[-1]', "characters"),
        (f"string({DOUBLING})", "more than 250,000 parts"),
        (f"{DOUBLING} = {DOUBLING}", "more than 250,000 parts"),
        ('string join(for i in 1..9000 return "' + "a" * 900 + '")', "more than"),
        ("distinct values(for i in 1..9000 return i)", "1,000,000 steps"),
        ("{f: function(i) f(i + 1), r: f(1)}.r", "150 levels deep"),
        ("{s: function(f) sort([1, 2], function(a, b) f(f)), r: s(s)}.r", "deep"),
    ],
)
def test_work_is_bounded(text: str, limit: str) -> None:
    with pytest.raises(EvaluationLimit, match=limit):
        value_of(text)


_TEXTS = st.recursive(
    st.sampled_from(
        [
            "n",
            "x",
            "y",
            "1",
            "0",
            "-2",
            "0.5",
            "true",
            "false",
            "null",
            '"a"',
            "today",
            "now",
            "stage",
            "change.cost",
            "risks",
            "half_known",
            "[]",
            '@"P1D"',
            '@"P1M"',
            '@"10:00:00"',
            "[1..3]",
            "risks.score",
            "{a:1}",
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(
            inner,
            st.sampled_from(
                ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"]
            ),
            inner,
        ).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda a: f"not({a})"),
        inner.map(lambda a: f"-({a})"),
        inner.map(lambda a: f"({a}).score"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]}, {p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]}..{p[1]}]"),
        st.tuples(inner, inner, inner).map(lambda p: f"(if {p[0]} then {p[1]} else {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"(for i in {p[0]} return {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"(some i in {p[0]} satisfies i = {p[1]})"),
        st.tuples(
            st.sampled_from(
                [
                    "sum",
                    "max",
                    "count",
                    "mean",
                    "string",
                    "flatten",
                    "sort",
                    "date",
                    "duration",
                    "number",
                    "abs",
                    "is_known",
                ]
            ),
            inner,
        ).map(lambda p: f"{p[0]}({p[1]})"),
    ),
    max_leaves=8,
)


@given(_TEXTS)
def test_whatever_is_well_formed_has_a_value(text: str) -> None:
    try:
        first = value_of(text)
    except EvaluationLimit:
        return
    assert repr(value_of(text)) == repr(first)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[][1]", None),
        ("[][-1]", None),
        ("[][true]", []),
        ("[][item > 1]", []),
        ("[4, 5][2]", Decimal(5)),
        ("[4, 5][-2]", Decimal(4)),
        ("[4, 5][3]", None),
        ("[4, 5][0]", None),
        ("[4, 5][-3]", None),
        ("[4, 5][1.5]", None),
        ("4[1]", Decimal(4)),
        ("null[1]", None),
        ("[null, 5][1]", None),
    ],
)
def test_a_place_in_a_list_by_the_standard(text, value):
    assert evaluate(parse(text), {}) == value
