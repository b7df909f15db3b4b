"""Gaps, overlaps and rows out of reach: told exactly, as trying every value finds them."""

# ruff: noqa: E501 - what is tried stands on one line, however long

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo_engine.compiler.table_findings.grid import grid
from pmo_engine.compiler.table_findings.regions import TooMuch, Work, is_covered, uncovered
from pmo_engine.engines.tracing import evaluate_table
from pmo_engine.policy import Table
from pmo_engine.source.diagnostics import Diagnostic
from tests.small_policy import check_text

Check = Callable[[str], tuple[Diagnostic, ...]]

COLUMNS = {
    "category": "{name: category, type: [scope, time, cost]}",
    "urgent": "{name: urgent, type: boolean}",
    "cost": "{name: cost, type: money, allowed: '>= 0 GBP'}",
    "score": "{name: score, type: number}",
    "due": "{name: due, type: date}",
    "note": "{name: note, type: text}",
    "kept": "{name: kept, type: list<text>}",
}


def table(columns: str, *rows: str, policy: str = "unique", output: str = "type: number") -> str:
    """Write a table; a row is its tests and its answer, separated by ' | '."""
    written = "".join(
        f"  - {{when: [{', '.join(map(quoted, tests))}], then: [{quoted(answer)}]}}\n"
        for *tests, answer in (row.split(" | ") for row in rows)
    )
    inputs = ", ".join(COLUMNS[name] for name in columns.split())
    return (
        f"kind: table\nid: t\ntitle: T\nhit_policy: {policy}\ninputs: [{inputs}]\n"
        f"outputs: [{{name: answer, {output}}}]\nrows:\n{written}"
    )


def quoted(cell: str) -> str:
    return "'" + cell.replace("'", "''") + "'"


def said(found: tuple[Diagnostic, ...], code: str) -> list[str]:
    return [item.message for item in found if item.code == code]


@pytest.mark.parametrize(
    ("columns", "rows", "regions"),
    [
        (
            "category cost",
            (
                "scope | <= 10000 GBP | 1",
                "scope | >= 20000 GBP | 2",
                "not(scope) | - | 3",
            ),
            ["category scope and cost between 10,000 and 20,000 GBP"],
        ),
        ("cost", ("< 5 GBP | 1", "> 5 GBP | 2"), ["cost at 5 GBP exactly"]),
        # Between two pence there is nothing, and below what is allowed neither.
        ("cost", ("<= 4.99 GBP | 1", ">= 5 GBP | 2"), []),
        ("score", ("<= 4.99 | 1", ">= 5 | 2"), ["score between 4.99 and 5"]),
        ("score", ("[1..3) | 1", "(3..4) | 2"), ["score below 1, at 3 exactly or of at least 4"]),
        ("score", ("not(5, > 7) | 1",), ["score at 5 exactly or above 7"]),
        ("score", ("? between 1 and 3 or 5 < ? | 1",), ["score below 1 or above 3 up to 5"]),
        ("due", ("<= 2026-01-31 | 1", ">= 2026-02-01 | 2"), []),
        (
            "due",
            ("< 2026-01-31 | 1", '> date("2026-02-01") | 2'),
            ["due from 31 January 2026 to 1 February 2026"],
        ),
        ("urgent category", ("true | scope, time | 1", "false | - | 2"), ["urgent yes and category cost"]),
        ("urgent", ("? | 1",), ["urgent no"]),
        ("note", ('"a", "b" | 1',), ["note other than a or b"]),
        ("note", ('not("a") | 1',), ["note a"]),
        # What depends on more than the column is taken to match, so that nothing false is said.
        ("score cost", ("< 5 | - | 1", ">= 5 | ? > 1 GBP * score | 2"), []),
        ("score kept", ("< 5 | - | 1", '>= 5 | list contains(?, "a") | 2'), []),
        ("score", ("- | 1",), []),
    ],
)  # fmt: skip
def test_gaps_in_words(
    check: Check, columns: str, rows: tuple[str, ...], regions: list[str]
) -> None:
    expected = [f"table 't' has no row for {region}" for region in regions]
    assert said(check(table(columns, *rows)), "PMO050") == expected


def test_a_default_or_a_list_of_answers_leaves_no_gap(check: Check) -> None:
    rows = ("< 5 | 1",)
    for text in (
        table("score", *rows, output="type: number, default: '7'"),
        *(table("score", *rows, policy=p) for p in ("collect", "rule_order", "count")),
    ):
        assert check(text) == ()
    assert said(check(table("score", *rows, policy="sum")), "PMO050")


def test_what_is_allowed_by_a_computed_test_is_not_judged(check: Check) -> None:
    text = table("score", "< 5 | 1").replace("number}]\nout", "number, allowed: abs(?) < 9}]\nout")
    assert "allowed" in text
    assert check(text) == ()


def test_of_many_gaps_the_first_are_told(check: Check) -> None:
    rows = [f"{place} | {2 * place} | 1" for place in range(9)]
    text = table("score note", *rows).replace("note, type: text", "more, type: number")
    found = said(check(text), "PMO050")
    assert len(found) == 6
    assert "table 't' has 5 more gaps" in found


def test_gaps_in_time_begin_where_the_policy_does(check: Check) -> None:
    text = table("score", "< 5 | 1", ">= 5 | 2", ">= 5 | 3")
    old, new, newest = "1']}", "2'], in_force_to: 2026-07-01}", "3'], in_force_from: 2026-08-01}"
    text = text.replace("2']}", new).replace("3']}", newest).replace("1']}", old)
    assert [item.message for item in check(text)] == [
        "table 't' has no row for score of at least 5 and from 1 July 2026 to before 1 August 2026"
    ]
    before = text.replace(newest, "3'], in_force_from: 2026-07-01}")
    assert check(before) == ()
    assert check(before.replace("1']}", "1'], in_force_from: 2025-01-01}")) == ()
    late = before.replace("1']}", "1'], in_force_from: 2026-02-01}")
    assert [item.message for item in check(late)] == [
        "table 't' has no row for score below 5 and before 1 February 2026"
    ]


@pytest.mark.parametrize(
    ("policy", "rows", "expected"),
    [
        ("unique", ("<= 5 | 1", ">= 5 | 2"), ["rows 1 and 2 of table 't' both match score at 5 exactly"]),
        ("unique", ("<= 5 | 1", "< 3, 9 | 1"), ["rows 1 and 2 of table 't' both match score below 3"]),
        ("unique", ("<= 5 | 1", "> 5 | 1"), []),
        ("unique", ("- | 1", "? > abs(?) | 2"), []),
        ("any", ("<= 5 | 1", ">= 5 | 1.0"), []),
        ("any", ("<= 5 | 1", ">= 5 | 2"), ["rows 1 and 2 of table 't' give different answers for score at 5 exactly"]),
        ("any", ("<= 5 | 1", ">= 5 | score"), []),
        ("first", ("<= 5 | 1", ">= 5 | 2"), []),
    ],
)  # fmt: skip
def test_overlaps(check: Check, policy: str, rows: tuple[str, ...], expected: list[str]) -> None:
    found = check(table("score", *rows, policy=policy))
    assert said(found, "PMO051") == expected
    assert all(item.severity == "error" for item in found if item.code == "PMO051")


def test_rows_that_hold_one_after_the_other_do_not_overlap(check: Check) -> None:
    text = table("score", "- | 1", "- | 2").replace("1']}", "1'], in_force_to: 2026-07-01}")
    assert said(check(text), "PMO051") == [
        "rows 1 and 2 of table 't' both match before 1 July 2026"
    ]
    assert check(text.replace("2']}", "2'], in_force_from: 2026-07-01}")) == ()


@pytest.mark.parametrize(
    ("policy", "output", "rows", "expected"),
    [
        ("first", "type: number", ("< 5 | 1", ">= 5 | 2", "7 | 3"), "row 3 of table 't' never counts: row 2 matches whatever it does"),
        ("first", "type: number", ("< 5 | 1", ">= 4 | 2", "[1..9] | 3"), "row 3 of table 't' never counts: rows 1 and 2 match whatever it does"),
        ("first", "type: number", ("< 5 | 1", "- | 2"), ""),
        ("first", "type: number", ("? < abs(?) | 1", "? < abs(?) | 2", "- | 3"), ""),
        ("priority", "type: [low, high]", ("< 5 | high", "- | low"), "row 1 of table 't' never counts: row 2 matches whatever it does"),
        ("priority", "type: [low, high]", ("< 5 | low", "- | high"), ""),
        ("any", "type: number", ("- | 1", "5 | 1"), "row 2 of table 't' never counts: row 1 matches whatever it does"),
        ("first", "type: number", ("< 5 | 1", ">= 5 | 2", "- | 3"), ""),
        ("first", "type: number", ("< 5 | 1", ">= 5 | 2", "null | 3"), ""),
        ("first", "type: number", ("< 5 | 1", "not(< 5) | 2", "null | 3", "- | 4"), "row 4 of table 't' never counts: rows 1, 2 and 3 match whatever it does"),
        ("first", "type: number", ("not(5) | 1", "null | 2"), "row 2 of table 't' never counts: row 1 matches whatever it does"),
        ("collect", "type: number", ("- | 1", "5 | 1"), ""),
        ("collect", "type: number", ("? > 5 and ? < 3 | 1",), "row 1 of table 't' never matches"),
    ],
)  # fmt: skip
def test_rows_out_of_reach(
    check: Check, policy: str, output: str, rows: tuple[str, ...], expected: str
) -> None:
    found = check(table("score", *rows, policy=policy, output=output))
    assert said(found, "PMO052") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("policy", "output", "answer", "expected"),
    [
        ("priority", "type: number", "1", "hit policy 'priority' goes by the order of the allowed answers: there are none"),
        ("output_order", "type: number, allowed: ['1', '> 1']", "1", ""),
        ("sum", "type: text", '"a"', "there is no sum of text"),
        ("sum", "type: duration", "P1D", ""),
        ("sum", "type: date", "2026-01-01", "there is no sum of a date"),
        ("max", "type: date", "2026-01-01", ""),
        ("min", "type: boolean", "true", "there is no min of true or false"),
        ("sum", "type: number}, {name: other, type: number, default: '1'", "1", "hit policy 'sum' takes one output, and there are 2"),
        ("first", "type: number, allowed: ['1', '> 5']", "3", "row 1 answers 3, which 'answer' does not allow"),
        ("first", "type: number, allowed: ['1', '> 5'], default: '2'", "6", "the default is 2, which 'answer' does not allow"),
        ("first", "type: number, allowed: ['1', '> 5'], default: score", "score", ""),
    ],
)  # fmt: skip
def test_answers_go_with_the_hit_policy(
    check: Check, policy: str, output: str, answer: str, expected: str
) -> None:
    answers = f"- | {answer}" if "other" not in output else f"- | {answer}', '2"
    text = table("score", answers, policy=policy, output=output).replace("''", "'")
    assert said(check(text), "PMO053") == ([expected] if expected else [])


CELLS = {
    "category": ("scope", "time, cost", "not(scope)", "null", "not(null)", "-", "-"),
    "urgent": ("true", "false", "not(true)", "null", "-"),
    "score": (
        "< 2",
        "<= 2",
        "[2..4)",
        "(2..4]",
        "> 4",
        "not(3)",
        "2, 4",
        "? = 4 or ? < 1",
        "not(< 2)",
        "null, > 4",
        "-",
    ),
}
VALUES: dict[str, tuple[Any, ...]] = {
    "category": ("scope", "time", "cost"),
    "urgent": (True, False),
    "score": tuple(Decimal(each) / 2 for each in (*range(12), 154)),
}
WITH_NULL = tuple((*values, None) for values in VALUES.values())
ROWS = st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), max_size=6)


def drawn(policy: str, rows: list[tuple[str, ...]]) -> tuple[Table, tuple[Diagnostic, ...]]:
    written = [" | ".join((*row, str(place))) for place, row in enumerate(rows)]
    text = table("category urgent score", *written, policy=policy)
    whole = text.replace("rows:\n", "rows:\n  - {when: [scope, 'true', '77'], then: ['77']}\n")
    # A warning does not keep it from being read, and an overlap is looked for by the caller.
    found = check_text(whole.replace(f"hit_policy: {policy}", "hit_policy: first")).policy
    assert found is not None
    return found.tables["t"], check_text(whole).diagnostics


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(ROWS)
def test_gaps_are_exactly_what_no_row_matches(rows: list[tuple[str, ...]]) -> None:
    of, _ = drawn("first", rows)
    laid_out = grid(of, None)
    holes = uncovered(laid_out.domain, [sketch.box for sketch in laid_out.rows])
    for values in product(*VALUES.values()):
        missed = evaluate_table(of, values, {}).why == "no row matches"
        box = [_mask(axis, value) for axis, value in zip(laid_out.axes, values, strict=False)]
        told = any(all(a & b for a, b in zip(hole, box, strict=False)) for hole in holes)
        assert missed == told, values


def _mask(axis: Any, value: Any) -> int:
    for place, segment in enumerate(axis.segments):
        low, high = segment.low, segment.high
        if segment.is_point:
            if low == value:
                return 1 << place
        elif (low is None or low < value) and (high is None or value < high):
            return 1 << place
    raise AssertionError(value)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(ROWS)
def test_overlaps_and_rows_out_of_reach_are_as_trying_finds_them(
    rows: list[tuple[str, ...]],
) -> None:
    of, diagnostics = drawn("first", rows)
    reached = {n for values in product(*WITH_NULL) for n in evaluate_table(of, values, {}).rows}
    plain = {n for values in product(*VALUES.values()) for n in evaluate_table(of, values, {}).rows}
    others = {row.number for row in of.rows if row.number != 1}
    told = {int(m.split()[1]) for m in said(diagnostics, "PMO052")}
    assert others - reached <= told <= others - plain
    _, unique = drawn("unique", rows)
    clash = any(_clashes(of, values) for values in product(*WITH_NULL))
    assert bool([item for item in unique if item.code == "PMO051"]) == clash


def _clashes(of: Table, values: tuple[Any, ...]) -> bool:
    """Say whether two rows match; of null, whether one of them is there for null alone."""
    met = [row for row in of.rows if evaluate_table(_alone(of, row), values, {}).rows]
    empty = [place for place, value in enumerate(values) if value is None]
    return any(
        all("null" in {one.when[place].text, other.when[place].text} for place in empty)
        for one, other in combinations(met, 2)
    )


def _alone(of: Table, row: Any) -> Table:
    return replace(of, rows=(row,))


def test_work_is_bounded() -> None:
    chance = Random(7)
    whole = ((1 << 60) - 1,) * 6
    with pytest.raises(TooMuch):
        uncovered(whole, [tuple(chance.getrandbits(60) for _ in whole) for _ in range(200)])
    # A gap for every value of a column is still told, as it was found.
    diagonal = [(1 << place, 1 << place) for place in range(500)]
    assert len(uncovered(((1 << 500) - 1,) * 2, diagonal)) == 500


BOXES = st.tuples(*[st.integers(1, 15)] * 3)


@given(BOXES, st.lists(BOXES, max_size=8))
def test_rows_cover_what_leaves_nothing_uncovered(domain, rows) -> None:
    assert is_covered(domain, rows, Work()) is (not uncovered(domain, rows))


def test_rows_out_of_reach_of_a_wide_table_are_looked_for_within_bounds(check: Check) -> None:
    chance = Random(1)
    letters = "abcdefgh"
    inputs = ", ".join(f"{{name: {letter}, type: number}}" for letter in letters)
    rows = "".join(
        f"  - {{when: [{', '.join(_random_range(chance) for _ in letters)}], then: {answer}}}\n"
        for answer in chance.choices(("low", "high"), k=150)
    )
    text = (
        f"kind: table\nid: t\ntitle: T\nhit_policy: priority\ninputs: [{inputs}]\n"
        f"outputs: [{{name: answer, type: [low, high], allowed: [high, low]}}]\nrows:\n{rows}"
    )
    started = time.process_time()
    found = said(check(text), "PMO050")
    assert found == ["table 't' has too many columns and rows to look for gaps"]
    assert time.process_time() - started < 10


def _random_range(chance: Random) -> str:
    low = chance.randint(0, 1000)
    return chance.choice((f"'[{low}..{low + 200})'", f"'< {low}'", f"'> {low}'", "'-'"))


AMOUNTS = """kind: table
id: signer
title: Who signs
inputs: [{{name: a, type: money}}, {{name: b, type: money}}]
outputs: [{{name: o, type: [pmo_head, board]}}, {{name: fee, type: money}}]
rows:
  - {{when: ['<= 10000 GBP', '-'], then: [pmo_head, '{fee}']}}
  - {{when: ['>= 10000.01 GBP', '-'], then: [board, '{fee}']}}
---
kind: table
id: outer
title: Asks the other
inputs: [{{name: x, type: money}}]
outputs: [{{name: o, type: text}}]
rows:
  - {{when: ['-'], then: ['{inner}']}}
---
kind: rules
rules:
  - {{id: r, title: R, on: change.submitted, binding: may,
     then: [{{derive: {{fact: who, value: '{called}'}}}}]}}
  - {{id: d, title: D, on: change.submitted, binding: may,
     then: [{{derive: {{fact: gross, value: '{gross}'}}}}]}}
"""


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ("signer(change.cost, change.cost).o", False),
        ("signer(change.cost * 1.2, change.cost).o", True),
        ("signer(change.cost, change.cost * 1.2).o", False),
        ("signer(a: change.cost / 3, b: change.cost).o", True),
        ("signer(b: change.cost / 3, a: change.cost).o", False),
        ('signer(change.cost * 2 + @"0.5 GBP" - max(change.cost, @"7 GBP"), change.cost).o', False),
        ("signer(2 * sum(changes.cost), change.cost).o", False),
        ("signer(sum(changes.cost) / count(changes), change.cost).o", True),
        ("signer(mean(changes.cost), change.cost).o", True),
        ("signer(change.cost + change.cost / 3, change.cost).o", True),
        ("signer(change.cost / 3 - change.cost, change.cost).o", True),
        ("signer(change.cost * 3 * 2, change.cost).o", False),
        ("signer(round half up(change.cost * 1.2, 2), change.cost).o", False),
        ("signer(round half up(change.cost * 1.2, 3), change.cost).o", True),
        ("signer(round up(change.cost * 1.2, change.weeks), change.cost).o", True),
        ("signer(floor(change.cost * 1.2), change.cost).o", False),
        ("signer(if change.urgent then change.cost else -change.cost, change.cost).o", False),
        ("signer(if change.urgent then change.cost * 0.5 else change.cost, change.cost).o", True),
        ("signer(gross, change.cost).o", True),
        ("signer(signer(change.cost, change.cost).fee, change.cost).o", False),
        ("outer(change.cost)", False),
        ("outer(change.cost * 1.2)", True),
    ],
)
def test_parts_of_a_penny_are_told_where_an_amount_is_computed(check, called, told):
    text = AMOUNTS.format(
        called=called, fee='@"5 GBP"', gross="change.cost * 1.2", inner="signer(x, x).o"
    )
    gap = ["table 'signer' has no row for a between 10,000 and 10,000.01 GBP"]
    assert said(check(text), "PMO050") == (gap if told else [])


def test_what_is_derived_of_whole_amounts_and_what_a_table_answers_is_followed(check):
    text = AMOUNTS.format(
        called="signer(gross, signer(change.cost, change.cost).fee).o",
        fee="a * 0.1",
        gross="change.cost + change.cost",
        inner='"x"',
    )
    assert said(check(text), "PMO050") == []
    again = text.replace("signer(gross,", "signer(signer(change.cost, change.cost).fee,")
    assert len(said(check(again), "PMO050")) == 1


def test_rows_that_overlap_or_match_between_two_pence_alone(check):
    rows = "  - {when: ['< 10000.01 GBP'], then: [1]}\n  - {when: ['> 10000 GBP'], then: [2]}"
    text = AMOUNTS.format(
        called="alike(change.cost * 1.2)", fee='@"5 GBP"', gross="change.cost", inner='"x"'
    ) + (
        "---\nkind: table\nid: alike\ntitle: T\nhit_policy: unique\n"
        f"inputs: [{{name: m, type: money}}]\noutputs: [{{name: o, type: number}}]\nrows:\n{rows}\n"
    )
    message = "rows 1 and 2 of table 'alike' both match m between 10,000 and 10,000.01 GBP"
    assert said(check(text), "PMO051") == [message]
    assert said(check(text.replace("change.cost * 1.2)", "change.cost)")), "PMO051") == []
