"""Whatever an expression says, it ends soon, within bounds, and with an error that names them."""

import pytest

from pmo_engine.engines.tracing import EvaluationLimit, evaluate
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.format import to_text
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse

pytestmark = pytest.mark.timeout(60)  # seconds: what does not end is a failure

LONG = 'string join(for i in 1..9999 return "aaaaaaaaaa")'
MANY = "(for i in 1..90000 return i)"


def come_to(text):
    """Parse, check, evaluate and write; gives the text, or the error's."""
    try:
        node = parse(text)
        check(node, {})
        found = to_text(evaluate(node, {}))
    except (FeelSyntaxError, EvaluationLimit) as error:
        found = str(error)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "[" * 101 + "1" + "]" * 101,
        "not(" * 12_000 + "true" + ")" * 12_000,
        "1" + "+1" * 30_000,
        "if a then 1 else " * 3_000 + "2",
        "a" + ".b" * 30_000,
        "f" + "()" * 30_000,
        "a" + "[1]" * 20_000,
        "null instance of " + "list<" * 9_000 + "number" + ">" * 9_000,
        "function(a) " * 5_000 + "a",
        "2" + "**2" * 20_000,
        "{a: " * 10_000 + "1" + "}" * 10_000,
    ],
    ids=lambda text: text[:16],
)
def test_nesting_of_the_text(text):
    assert come_to(text).startswith("the expression is nested more than 100 levels deep")


def test_length_of_the_text():
    assert come_to("1 +" * 30_000).startswith("the expression is longer than 65,536 characters")
    assert come_to("(" * 65_000) == "expected an expression after '('"
    assert come_to("(" * 30_000 + "1" + ")" * 30_000) == "1"
    assert come_to("-" * 60_000 + "1") == "1"
    assert come_to("true" + " and true" * 6_000) == "true"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.0000001 ** 1e9", "26881037"),
        ("10 ** 10 ** 10", "1" + "0" * 100),
        ("1e6144 ** 2", "null"),
        ("9e6144 * 10", "null"),
        ("exp(1e9)", "null"),
        ("exp(-1e9)", "0"),
        ("9.99999999999999999999999999999999999999e6144", "the number is too large or too small"),
        ("1e99999999999999999999", "the number is too large or too small"),
        ("1e-7000", "the number is too large or too small"),
        ("decimal(1, 6177)", "null"),
        ("modulo(1e6144, 7e-6144)", "0.000000"),
        ('number("' + "9" * 20_000 + '")', "null"),
        ('duration("P999999999999Y")', "null"),
        ('duration("P999999999999999999D")', "null"),
        ('@"P1Y" * 1e5000', "null"),
        ('@"P1999999998Y" + @"P1M"', "null"),
        ('@"P1D" * 1e5000', "null"),
        ('@"2026-01-01" + duration("P999999999Y")', "null"),
        ("date(999999999, 12, 31).year", "999999999"),
        ("0.12345678901234567890123456789012345678", "0.1234567890123456789012345678901235"),
    ],
)
def test_numbers_and_durations(text, found):
    assert come_to(text).startswith(found)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("for i in 1..1e30 return i", "100,000 items"),
        ("for i in [1..1e30] return i", "100,000 items"),
        ("for d in date(1, 1, 1)..date(9999, 1, 1) return d", "100,000 items"),
        ("for i in 1..300, j in 1..300, k in 1..300 return 1", "100,000 items"),
        ("some i in 1..99999, j in 1..99999 satisfies false", "1,000,000 steps"),
        (f"concatenate({MANY}, {MANY})", "100,000 items"),
        (f"union({MANY}, {MANY})", "1,000,000 steps"),
        (f"distinct values({MANY})", "1,000,000 steps"),
        (f"mode({MANY})", "1,000,000 steps"),
        ("for i in 1..9999 return insert before(partial, 1, i)", "250,000 parts"),
        ("for i in 1..5000 return context put({}, string(i), partial)", "250,000 parts"),
        ("for i in 1..1300 return [partial[-1]]", "nested more than 200 levels"),
        ("for i in 1..1300 return {a: partial[-1]}", "nested more than 200 levels"),
        ("for i in 1..10000 return string(1e6144)", "1,000,000 steps"),
        (f"string join(for i in 1..100 return {LONG})", "1,000,000"),
        (f'replace({LONG}, "a", string join(for i in 1..1000 return "bbbbbbbbbb"))', "1,000,000"),
        (f'replace({LONG}, "a", "$0$0$0$0$0$0$0$0$0$0$0")', "1,000,000 characters"),
        ("(function(f) f(f))(function(f) f(f))", "150 levels deep"),
        ("{f: function(n) f(n + 1) + f(n + 1), r: f(1)}.r", "150 levels deep"),
        (f"count(sort({MANY}, function(a, b) a < b))", "1,000,000 steps"),
        ('matches("a", "(((a{100}){100}){100}){100}")', "a pattern is too large"),
        ('matches("a", "' + "(" * 60 + ")" * 60 + '")', "a pattern is nested too deeply"),
        (f'matches({LONG}, "(a?){{300}}b")', "1,000,000 steps"),
        (f'matches({LONG}, "(a*)(a*)(a*)\\\\1\\\\2\\\\3b")', "1,000,000 steps"),
    ],
)
def test_work_and_space(text, limit):
    assert limit in come_to(text)


def test_no_pattern_backtracks_without_end():
    assert come_to('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")') == "false"
    assert come_to('matches("' + "a" * 9_000 + '", "^(a|aa)+$")') == "true"


def test_a_comparator_that_contradicts_itself_still_ends():
    assert come_to("count(sort(for i in 1..5000 return i, function(a, b) true))") == "5000"
    assert come_to("count(sort(for i in 1..5000 return i, function(a, b) null))") == "null"
