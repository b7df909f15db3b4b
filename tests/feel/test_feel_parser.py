from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.feel import nodes as n
from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse, parse_unary_tests
from pmo_engine.feel.walk import walk
from pmo_engine.model.money import Money

ONE, TWO, THREE = (n.Literal(Decimal(each)) for each in "123")
A, B, C = (n.Name(each) for each in "abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.50", n.Literal(Decimal("1.50"))),
        (".5", n.Literal(Decimal("0.5"))),
        ("-3", n.Literal(Decimal(-3))),
        ('"a\\n\\u00e9\\"b"', n.Literal('a\né"b')),
        ('"\\ud83d\\udc0e"', n.Literal("\U0001f40e")),
        ('"\\d+"', n.Literal("\\d+")),
        ("null", n.Literal(None)),
        ('@"2026-03-02"', n.Literal(date(2026, 3, 2))),
        ('@"-PT36H"', n.Literal(timedelta(hours=-36))),
        ('@"50000.01 GBP"', n.Literal(Money(Decimal("50000.01"), "GBP"))),
        ("-a", n.Negation(A)),
        ("a.b", n.Path(A, "b")),
        ("a.in", n.Path(A, "in")),
        ("a.time offset", n.Path(A, "time offset")),
        ("a[b]", n.Filter(A, B)),
        ("a(b)", n.Call(A, (B,))),
        ("a(x: b)", n.Call(A, (B,), ("x",))),
        ("string length(a)", n.Call(n.Name("string length"), (A,))),
        ("date and\n  time(a)", n.Call(n.Name("date and time"), (A,))),
        ("not(a)", n.Not(A)),
        ("not(negand: a)", n.Not(A)),
        ("[]", n.ListLiteral(())),
        ('{a: b, "c d": 1}', n.ContextLiteral((("a", B), ("c d", ONE)))),
        ("function(a, b) a", n.FunctionLiteral(("a", "b"), A)),
        ("function(a: number) a", n.FunctionLiteral(("a",), A, (n.TypeName("number"),))),
        ("if a then b else c", n.Conditional(A, B, C)),
        ("a instance of date and time", n.InstanceOf(A, n.TypeName("date and time"))),
        (
            "a instance of context<b: list<number>>",
            n.InstanceOf(
                A,
                n.TypeName("context", (), (("b", n.TypeName("list", (n.TypeName("number"),))),)),
            ),
        ),
    ],
)
def test_forms(text: str, expected: n.Node) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b and c", n.Disjunction((A, n.Conjunction((B, C))))),
        ("a and b and c", n.Conjunction((A, B, C))),
        ("a and (b and c)", n.Conjunction((A, n.Conjunction((B, C))))),
        ("a between 1 and 2 and b", n.Conjunction((n.Between(A, ONE, TWO), B))),
        ("a + b * c", n.Arithmetic("+", A, n.Arithmetic("*", B, C))),
        ("a - b - c", n.Arithmetic("-", n.Arithmetic("-", A, B), C)),
        ("a ** b ** c", n.Arithmetic("**", n.Arithmetic("**", A, B), C)),
        ("-2 ** 3", n.Arithmetic("**", n.Literal(Decimal(-2)), THREE)),
        (
            "if a then b else c + 1",
            n.Conditional(A, B, n.Arithmetic("+", C, ONE)),
        ),
        (
            "a and some b in c satisfies b > 1 and a",
            n.Conjunction(
                (
                    A,
                    n.Quantified(
                        "some",
                        (n.Iterator("b", C),),
                        n.Conjunction((n.Comparison(">", B, ONE), A)),
                    ),
                )
            ),
        ),
        (
            "for a in 1..3, b in c return a",
            n.ForLoop((n.Iterator("a", ONE, THREE), n.Iterator("b", C)), A),
        ),
    ],
)
def test_precedence(text: str, expected: n.Node) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("[1..2]", True, True),
        ("(1..2)", False, False),
        ("]1..2]", False, True),
        ("[1..2[", True, False),
        ("]1..2[", False, False),
    ],
)
def test_brackets_of_ranges(text: str, *, low: bool, high: bool) -> None:
    assert parse(text) == n.RangeLiteral(ONE, TWO, low, high)


def test_a_range_may_end_in_a_filter() -> None:
    assert parse("[1..a[1]]") == n.RangeLiteral(ONE, n.Filter(A, ONE), True, True)  # noqa: FBT003
    assert parse("[1..2[.start") == n.Path(parse("[1..2["), "start")


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("a in > 1", (n.UnaryTest(">", ONE),)),
        ("a in (> 1, [1..3])", (n.UnaryTest(">", ONE), parse("[1..3]"))),
        ("a in (> 1)", (parse("(> 1)"),)),
        ("a in (1..3]", (parse("(1..3]"),)),
        ("a in b", (B,)),
        ("a in (!= 1)", (n.UnaryTest("!=", ONE),)),
    ],
)
def test_membership(text: str, tests: tuple[n.Node, ...]) -> None:
    assert parse(text) == n.Membership(A, tests)


def test_comments_and_line_breaks_are_spaces() -> None:
    assert parse("a // first\n + /* second\n */ b") == n.Arithmetic("+", A, B)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("a and", 6, "expected an expression after 'and'"),
        ("a >", 4, "expected an expression after '>'"),
        ("if a then b", 12, "expected 'else' after 'b'"),
        ("a b", 3, "a name has no spaces: write a.b or a_b"),
        ("50000 GBP", 7, 'money is written @"50000 GBP"'),
        ("a == 1", 4, "write '=' to compare"),
        ("a && b", 3, "write 'and'"),
        ("'a'", 1, "double quotes"),
        ("a % 2", 3, "modulo"),
        ("(a + b", 7, "expected ')' after 'b'"),
        ('a = "b', 5, "the text that begins here does not end"),
        ("a.", 3, "expected a name after '.'"),
        ("function(a) external {}", 13, "external"),
        ("function(a) external", 13, "external functions are not supported"),
        ('@"2026-02-30"', 1, "2026-02-30 is not a date"),
        ('@"5.001 GBP"', 1, "GBP has 2"),
        ('@"5 GPB"', 1, "unknown currency"),
        ("{a: 1, a: 2}", 1, "the entry 'a' is written twice"),
        ("f(a: 1, a: 2)", 6, "the argument 'a' is written twice"),
        ("+1", 1, "no plus sign"),
        ("1e9999", 1, "too large"),
        ("/* a", 1, "end the comment"),
        ("", 1, "expected an expression"),
        ("a " + "b" * 5000, 3, f"unexpected '{'b' * 200}...' after 'a'"),
    ],
)
def test_errors_say_where_and_what(text: str, column: int, message: str) -> None:
    with pytest.raises(FeelSyntaxError, match=".") as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (1, column)
    assert message in str(caught.value)


def test_an_error_on_a_later_line_has_that_line() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse("a and\n  b c")
    assert (caught.value.line, caught.value.column, caught.value.start) == (2, 5, 10)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" + " + 1" * 150, "nested more than 100 levels"),
        ("[" * 150 + "]" * 150, "nested more than 100 levels"),
        ("-" * 70_000 + "1", "longer than 65,536 characters"),
    ],
)
def test_bounds(text: str, message: str) -> None:
    with pytest.raises(FeelSyntaxError, match=message):
        parse(text)


def test_parentheses_and_long_conjunctions_are_not_deep() -> None:
    assert parse("(" * 1000 + "a" + ")" * 1000) == A
    assert len(parse(" and ".join(["a"] * 2000)).operands) == 2000


def test_nodes_know_where_they_stand() -> None:
    text = 'a.cost > 1 and (f(b) or c in [1..2]) // "x"'
    quoted = {text[each.start : each.end] for each in walk(parse(text))}
    assert {"a.cost", "a", "1", "f(b)", "(f(b) or c in [1..2])", "[1..2]"} <= quoted


def test_every_name_with_spaces_can_be_called() -> None:
    for name in SIGNATURES:
        assert parse(f"{name}(a)") == n.Call(n.Name(name), (A,))


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        ("-", "true"),
        ("> 1", "? in > 1"),
        ('"a", "b"', '? in ("a", "b")'),
        ("not(> 1, 3)", "not(? in (> 1, 3))"),
        ("? > 1", "? > 1"),
        ("2, ? > 3", "? in 2 or ? > 3"),
        ("not(? > 3) and ? < 9", "not(? > 3) and ? < 9"),
    ],
)
def test_cells_of_tables_are_conditions_on_a_value(cell: str, condition: str) -> None:
    assert parse_unary_tests(cell) == parse(condition)


@pytest.mark.parametrize("cell", ["not(1) and 2", "not(1", "not(1), 2", "notx > 1 2"])
def test_what_only_begins_like_negated_tests_is_no_cell(cell: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse_unary_tests(cell)


def _error(text: str) -> FeelSyntaxError | None:
    try:
        parse(text)
    except FeelSyntaxError as error:
        return error
    return None


@given(
    st.text(alphabet=st.sampled_from('ab1. ()[]{}<>=!,:+-*/"@\n') | st.characters(), max_size=40)
)
def test_any_text_is_an_expression_or_an_error_with_a_place(text: str) -> None:
    error = _error(text)
    assert error is None or (error.message and 0 <= error.start <= len(text))


@given(
    st.lists(
        st.sampled_from(
            [
                "if",
                "then",
                "else",
                "for",
                "in",
                "return",
                "some",
                "every",
                "satisfies",
                "and",
                "or",
                "not",
                "between",
                "instance",
                "of",
                "function",
                "(",
                ")",
                "[",
                "]",
                "{",
                "}",
                ",",
                ":",
                "..",
                ".",
                "+",
                "-",
                "*",
                "/",
                "**",
                "<",
                "<=",
                "=",
                "!=",
                "a",
                "b",
                "1",
                '"x"',
                "null",
                "true",
                "item",
            ]
        ),
        max_size=25,
    )
)
def test_any_words_are_an_expression_or_an_error_with_a_place(words: list[str]) -> None:
    text = " ".join(words)
    error = _error(text)
    if error is None:
        assert all(0 <= each.start <= each.end <= len(text) for each in walk(parse(text)))
    else:
        assert 0 <= error.start <= len(text)
