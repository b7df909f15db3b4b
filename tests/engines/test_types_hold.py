"""What the checker says of types holds when expressions are evaluated, and the other way round."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pmo_engine.engines.traces import Trace
from pmo_engine.engines.tracing import EvaluationLimit, evaluate
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.checking.problems import Problem
from pmo_engine.feel.format import to_text
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.values import Missing, Record
from pmo_engine.feel.walk import walk
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money
from pmo_engine.source import codes as p

FIELDS: dict[str, t.Type] = {
    "cost": t.MoneyType("GBP"),
    "fee": t.MoneyType("EUR"),
    "score": t.NUMBER,
    "category": t.EnumType(("scope", "time", "cost")),
    "reason": t.STRING,
    "due": t.DATE,
    "raised": t.DATE_TIME,
    "slack": t.DAYS_TIME_DURATION,
    "term": t.YEARS_MONTHS_DURATION,
    "critical": t.BOOLEAN,
}
CHANGE = t.ContextType(tuple(FIELDS.items()), "change")
NAMES: dict[str, t.Type] = {
    "change": CHANGE,
    "changes": t.ListType(CHANGE),
    "scores": t.ListType(t.NUMBER),
    "tags": t.ListType(t.STRING),
    "stage": t.EnumType(("cost", "gate")),
    "today": t.DATE,
    "now": t.DATE_TIME,
}

# Facts

_numbers = st.sampled_from([Decimal(each) for each in ("0", "1", "-2", "2.5", "40")])
_moneys = st.sampled_from([Decimal(0), Decimal(5), Decimal("5.01")])
_texts = st.sampled_from(["", "a", "scope", "b c"])
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "cost": st.builds(Money, _moneys, st.just("GBP")),
    "fee": st.builds(Money, _moneys, st.just("EUR")),
    "score": _numbers,
    "category": st.sampled_from(["scope", "time", "cost"]),
    "reason": _texts,
    "due": st.sampled_from([date(2026, 1, 31), date(2026, 3, 2)]),
    "raised": st.sampled_from(
        [datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, 0, 5000, tzinfo=UTC)]
    ),
    "slack": st.sampled_from([timedelta(), timedelta(days=-1, hours=2)]),
    "term": st.sampled_from([Months(0), Months(14)]),
    "critical": st.booleans(),
}
_changes = st.fixed_dictionaries(_VALUES)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw facts that are all given, none null, each of its type."""
    first = draw(_changes)
    others = st.lists(st.one_of(st.just(first), _changes), max_size=2)
    rows = enumerate([first, *draw(others)][: draw(st.integers(0, 3))], 1)
    return {
        "change": Record("change", draw(_changes), tuple(FIELDS)),
        "changes": [Record(f"changes[{i}]", row, tuple(FIELDS)) for i, row in rows],
        "scores": draw(st.lists(_numbers, max_size=3)),
        "tags": draw(st.lists(_texts, max_size=3)),
        "stage": draw(st.sampled_from(["cost", "gate"])),
        "today": date(2026, 3, 2),
        "now": datetime(2026, 3, 2, 9, tzinfo=UTC),
    }


# Expressions of a type

_LEAVES = {
    "number": ["change.score", "1", "-2.5", "change.due.month", "count(changes)", "scores[1]"],
    "money": ["change.cost", '@"5 GBP"', "sum(changes.cost)", "changes[1].cost"],
    "text": ["change.reason", '"a"', "tags[-1]"],
    "enum": ["change.category", "changes[critical].category[1]"],
    "date": ["change.due", "today", '@"2026-01-31"', "date(now)"],
    "moment": ["change.raised", "now", '@"2026-01-31T00:00:00Z"'],
    "days": ["change.slack", '@"PT36H"', "now.time offset"],
    "months": ["change.term", '@"-P1Y2M"'],
    "truth": ["change.critical", "true", "is_known(change)", "list contains(tags, change.reason)"],
    "numbers": ["scores", "changes.score", "[1, change.score]", "[]"],
}
_ORDERED = ("number", "money", "text", "date", "moment", "days", "months")


def _formed(pattern: str, *kinds: str, depth: int) -> st.SearchStrategy[str]:
    return st.tuples(*(typed(each, depth) for each in kinds)).map(
        lambda found: pattern.format(*found)
    )


@cache
def typed(kind: str, depth: int = 3) -> st.SearchStrategy[str]:
    """Draw a well-typed expression of a kind."""
    leaves = st.sampled_from(_LEAVES[kind])
    if depth <= 0:
        return leaves
    made = [
        _formed(pattern, *kinds, depth=depth - 1) for pattern, *kinds in _PATTERNS.get(kind, ())
    ]
    choice = _formed("(if {} then {} else {})", "truth", kind, kind, depth=depth - 1)
    return st.one_of(leaves, choice, *made)


_PATTERNS: dict[str, list[tuple[str, ...]]] = {
    "number": [
        *[(f"({{}} {sign} {{}})", "number", "number") for sign in ("+", "-", "*", "/", "**")],
        ("({} / {})", "money", "money"),
        ("({} / {})", "days", "days"),
        ("(-{})", "number"),
        ("modulo({}, {})", "number", "number"),
        ("string length({})", "text"),
        ("sum({})", "numbers"),
        ("max({}, {})", "number", "number"),
        ("({})[{}]", "numbers", "number"),
        ("{}.days", "days"),
        ("{}.year", "date"),
        ("(function(a, b: number) a + b)({}, {})", "number", "number"),
        ("{{a: {}, b: a + {}}}.b", "number", "number"),
        ("get value({{a: {}}}, {})", "number", "text"),
        ("working_days_between({}, to: {})".replace("to: ", ""), "date", "date"),
    ],
    "money": [
        ("({} + {})", "money", "money"),
        ("({} - {})", "money", "money"),
        ("({} * {})", "money", "number"),
        ("({} / {})", "money", "number"),
        ("abs({})", "money"),
        ("min([{}, {}])", "money", "money"),
    ],
    "text": [
        ("({} + {})", "text", "text"),
        ("upper case({})", "text"),
        ("substring(start position: {}, string: {})", "number", "text"),
        ("string({})", "date"),
        ('string join([{}, {}], ", ")', "text", "text"),
        ('replace({}, "a", {})', "text", "text"),
    ],
    "date": [
        ("({} + {})", "date", "days"),
        ("({} - {})", "date", "months"),
        ("date({})", "moment"),
        ("max({}, {})", "date", "date"),
    ],
    "moment": [("({} + {})", "moment", "days"), ("({} + {})", "months", "moment")],
    "days": [
        ("({} - {})", "date", "date"),
        ("({} - {})", "moment", "moment"),
        ("({} * {})", "days", "number"),
    ],
    "months": [
        ("({} + {})", "months", "months"),
        ("years and months duration({}, {})", "date", "date"),
    ],
    "truth": [
        *[
            (f"({{}} {sign} {{}})", kind, kind)
            for kind in _ORDERED
            for sign in ("=", "!=", "<", ">=")
        ],
        *[("({} between {} and {})", kind, kind, kind) for kind in _ORDERED],
        *[("({} in [{}..{}])", kind, kind, kind) for kind in _ORDERED],
        *[("({} in (< {}, {}))", kind, kind, kind) for kind in _ORDERED],
        ("({} = {})", "enum", "enum"),
        ("({} in {})", "number", "numbers"),
        ("({} = null)", "number"),
        ("({} and {})", "truth", "truth"),
        ("({} or {})", "truth", "truth"),
        ("not({})", "truth"),
        ("(some x in {} satisfies x > {})", "numbers", "number"),
        ("(every c in changes satisfies c.score > {} or {})", "number", "truth"),
        ("(count(changes[cost > {} and critical]) > {})", "money", "number"),
        ("(({}) instance of number)", "number"),
        ("before({}, {})", "date", "date"),
        ("includes([{}..{}], {})", "number", "number", "number"),
        ('matches({}, "a+")', "text"),
        ("({} = {})", "date", "moment"),
    ],
    "numbers": [
        ("(for x in {} return x + {})", "numbers", "number"),
        ("(for x in 1..{}, y in {} return x * y)", "number", "numbers"),
        ("({})[item > {}]", "numbers", "number"),
        ("append({}, {})", "numbers", "number"),
        ("sort({}, function(a, b) a > b + {})", "numbers", "number"),
        ("concatenate({}, {})", "numbers", "numbers"),
        ("(sort(changes, function(a, b) a.due < b.due)).score",),
        ("distinct values({})", "numbers"),
        ("insert before(newItem: {}, list: {}, position: 1)", "number", "numbers"),
    ],
}


WELL_TYPED = st.sampled_from(sorted(_LEAVES)).flatmap(typed)


@given(WELL_TYPED)
def test_nothing_is_wrong_with_what_is_well_typed(text: str) -> None:
    found = check(parse(text), NAMES).problems
    assert [problem for problem in found if problem.severity == "error"] == []


# Any expressions

_ANY_LEAVES = [
    *(f"change.{field}" for field in FIELDS),
    *NAMES,
    *("1", "0", "-2.5", '"scope"', '"a"', "true", '@"5 GBP"', '@"5 EUR"', '@"2026-01-31"'),
    *('@"2026-01-31T00:00:00Z"', '@"P1D"', '@"P1M"', '@"10:00:00"', "[1, 2]", '["a"]', "[1..3]"),
    *(
        "changes[1]",
        "changes[2]",
        "[change]",
        "(> 2)",
        "change.nothing",
        "nobody",
        "{a: 1}",
        "(function(a) a)",
        "changes.score",
        "null",
    ),
]
_FUNCTIONS = ("sum", "max", "count", "abs", "string", "sort", "date", "number", "flatten", "all")
_MORE = ("distinct values", "get entries", "context merge", "mode", "reverse", "any", "is")
_OF_TWO = (
    "max",
    "append",
    "before",
    "modulo",
    "union",
    "index of",
    "list contains",
    "is",
    "get value",
)


def _joined(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: pattern.format(*found))


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(SIGNS)
    return st.one_of(
        _joined("({} {} {})", inner, signs, inner),
        _joined("({} {} {})", inner, signs, inner),
        _joined("(-{})", inner),
        _joined("not({})", inner),
        _joined("({} between {} and {})", inner, inner, inner),
        _joined("({} in ({}, > {}))", inner, inner, inner),
        _joined("(if {} then {} else {})", inner, inner, inner),
        _joined("[{}..{}]", inner, inner),
        _joined("[{}, {}]", inner, inner),
        _joined("({})[{}]", inner, inner),
        _joined("{{a: {}}}.a", inner),
        _joined("({}).{}", inner, st.sampled_from(["score", "year", "days", "start", "nothing"])),
        _joined("(some x in {} satisfies x = {})", inner, inner),
        _joined("(for x in {} return {})", inner, inner),
        _joined("{}({})", st.sampled_from(_FUNCTIONS + _MORE), inner),
        _joined("{}({}, {})", st.sampled_from(_OF_TWO), inner, inner),
        _joined("(function(a: number) a)({})", inner),
        _joined("({} instance of {})", inner, st.sampled_from(_WRITTEN)),
        _joined('context put({}, "{}", {})', inner, st.sampled_from(["score", "z"]), inner),
        _joined(
            "{}({}, function(a, b) {})", st.sampled_from(["sort", "list replace"]), inner, inner
        ),
    )


_WRITTEN = ("number", "list<number>", "context<score: number>", "list<context<due: date>>")
SIGNS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
ANYTHING = st.recursive(st.sampled_from(_ANY_LEAVES), _larger, max_leaves=6)
_ELUDES = (t.ANY, t.NULL)


def _eludes(type_: t.Type) -> bool:
    """Tell whether a type leaves something open."""
    match type_:
        case t.ListType(item) | t.RangeType(item):
            return _eludes(item)
        case t.ContextType(entries):
            return any(_eludes(each) for _, each in entries)
        case t.FunctionType(parameters, result):
            return any(_eludes(each) for each in (*parameters, result))
        case _:
            return type_ in _ELUDES


def _traced(node: n.Node, scope: dict[str, Any]) -> Trace:
    trace = Trace()
    try:
        evaluate(node, scope, trace)
    except EvaluationLimit:
        assume(False)  # noqa: FBT003
    return trace


def _plain(value: Any) -> bool:
    return value is not None and not isinstance(value, Missing | list | dict)


def _typing_alone_decides(node: n.Node, parts: tuple[Any, ...]) -> bool:
    """Tell whether null of such parts can only come of their types."""
    match node:
        case n.Arithmetic("/" | "**"):
            return False
        case n.Arithmetic() | n.Comparison() | n.Negation() | n.Between():
            return all(map(_plain, parts))
        case n.Conjunction() | n.Disjunction() | n.Not():
            return all(map(_plain, parts))
        case _:
            return False


@given(st.one_of(WELL_TYPED, WELL_TYPED, ANYTHING), facts())
def test_no_type_makes_null_of_what_the_checker_accepts(text: str, scope: dict[str, Any]) -> None:
    node = parse(text)
    checked = check(node, NAMES)
    assume(all(problem.severity == "warning" for problem in checked.problems))
    assume(not any(map(_eludes, checked.types.values())))
    trace = _traced(node, scope)
    by_id = {id(each): each for each in walk(node)}
    caused = [
        text[by_id[key].start : by_id[key].end]
        for key, parts in trace.nulls.items()
        if _typing_alone_decides(by_id[key], parts)
    ]
    assert caused == []


def _nothing(value: Any) -> bool:
    """Tell whether a value is null or missing, or a list of nothing else."""
    if isinstance(value, list):
        return all(map(_nothing, value))
    return value is None or isinstance(value, Missing)


def _came(to: Any, trace: Trace, *parts: n.Node) -> bool:
    """Tell whether one of some parts came to null, or to an empty list."""
    values = (trace.of(each) for each in parts if trace.reached(each))
    return any(type(value) is type(to) and value == to for value in values)


def _sensible(node: n.Node, problem: Problem, trace: Trace) -> bool:
    """Tell whether a problem's part came to a value that its kind of problem rules out."""
    for each in walk(node):
        if (each.start, each.end) != (problem.start, problem.end) or not trace.reached(each):
            continue
        value = trace.of(each)
        match each, problem.code:
            case _, p.NOT_A_CONDITION:
                return isinstance(value, bool)
            case _, p.NOT_A_LIST:
                return isinstance(value, list)
            case n.Between(), _:
                return value is True
            case n.Comparison("=" | "!=", left, right), _ if _came(None, trace, left, right):
                return False  # whatever it is, it may be compared with null
            case n.Call(_, arguments), _ if _came([], trace, *arguments):
                return False  # a list of nothing is one of anything
            case _:
                return not _nothing(value)
    return False


def _inside(problem: Problem, other: Problem) -> bool:
    """Tell whether a problem's part is a part of another's, which may make sense of its null."""
    places = (problem.start, problem.end) != (other.start, other.end)
    return places and other.start <= problem.start and problem.end <= other.end


def _tests(node: n.Node) -> set[tuple[int, int]]:
    """Give the places of the tests of memberships, and of loops, which are not values alone."""
    places: set[tuple[int, int]] = set()
    for each in walk(node):
        if isinstance(each, n.Membership):
            places |= {(test.start, test.end) for test in each.tests}
        if isinstance(each, n.Call):
            places |= {(argument.start, argument.end) for argument in each.arguments}
    return places


@given(ANYTHING, facts())
def test_what_the_checker_rejects_has_no_sensible_result(text: str, scope: dict[str, Any]) -> None:
    node = parse(text)
    errors = [each for each in check(node, NAMES).problems if each.severity == "error"]
    # A text that an enumeration lacks is unlike all of its values, which is an answer.
    errors = [each for each in errors if each.code != p.NOT_IN_ENUMERATION]
    errors = [each for each in errors if not any(_inside(other, each) for other in errors)]
    assume(errors)
    trace, apart = _traced(node, scope), _tests(node)
    told = [
        (text[each.start : each.end], each.message)
        for each in errors
        if (each.start, each.end) not in apart and _sensible(node, each, trace)
    ]
    assert told == []


@pytest.mark.parametrize("text", ["change.cost = changes[1]", "context merge(scores)"])
def test_of_nothing_there_is_a_result_whatever_it_would_be(text: str) -> None:
    node = parse(text)
    [error] = [each for each in check(node, NAMES).problems if each.severity == "error"]
    empty = {"change": {"cost": Money.parse("5 GBP")}, "changes": [], "scores": []}
    assert not _sensible(node, error, _traced(node, empty))


# What is missing


def _without(scope: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """Leave out facts by name, and fields of the record in hand and of the first in the list."""

    def less(record: Record) -> Record:
        kept = {name: value for name, value in record.items() if name not in gone}
        return Record(record.path, kept, tuple(FIELDS))

    left = {name: value for name, value in scope.items() if name not in gone}
    changes = left.get("changes", [])
    return (
        left
        | {"change": less(scope["change"])}
        | ({"changes": [*map(less, changes[:1]), *changes[1:]]} if "changes" in left else {})
    )


def _open(value: Any) -> bool:
    if isinstance(value, Record) and len(value) < len(value.fields):
        return True
    if isinstance(value, list | dict):
        return any(map(_open, value if isinstance(value, list) else value.values()))
    return isinstance(value, Missing)


@given(
    st.one_of(WELL_TYPED, ANYTHING),
    facts(),
    st.sets(
        st.sampled_from([*FIELDS, "changes", "scores", "tags", "stage"]), min_size=1, max_size=6
    ),
)
def test_an_answer_without_a_fact_is_the_answer_whatever_it_is(
    text: str, scope: dict[str, Any], gone: set[str]
) -> None:
    assume("is_known" not in text and "(function(a) a)" not in text)
    node = parse(text)
    try:
        without, given_all = evaluate(node, _without(scope, gone)), evaluate(node, scope)
    except EvaluationLimit:
        return
    assume(not _open(without))
    assert to_text(without) == to_text(given_all)
