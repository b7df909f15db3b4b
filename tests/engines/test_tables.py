"""Decision tables: the standard's cases, what each hit policy means, and what is not known."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.engines.traces import Trace
from pmo_engine.engines.tracing import EvaluationLimit, evaluate, evaluate_table
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.values import Missing
from pmo_engine.model.money import Money
from pmo_engine.policy import HitPolicy, Policy, Table
from pmo_engine.suites.feel_cases import run_cases
from pmo_engine.suites.feel_tables import run_table_case
from pmo_engine.suites.feel_written import CaseError
from tests.small_policy import check_text

UNKNOWN = Missing(("change.cost",))


def bound(text: str) -> Policy:
    checked = check_text(text)
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


STRICT = ("unique", "any")


def table(policy: str, *rows: str, outputs: str = "", default: str = "") -> Table:
    """Make a table of a number and a word; a row is 'n; word; answer'.

    A check refuses rows that overlap under a strict policy, so such a table is bound under another.
    """
    outputs = outputs or f"[{{name: points, type: number{default and f', default: {default}'}}}]"
    cells = (", ".join(f"'{cell.strip()}'" for cell in row.split(";")) for row in rows)
    written = "".join(
        f"  - {{when: [{when}], then: [{then}]}}\n"
        for when, _, then in (cell.rpartition(", ") for cell in cells)
    )
    text = (
        f"kind: table\nid: t\ntitle: T\nhit_policy: {'first' if policy in STRICT else policy}\n"
        "inputs: [{name: n, type: number}, {name: word, type: [red, green, blue]}]\n"
        f"outputs: {outputs}\nrows:\n{written}"
    )
    return replace(bound(text).tables["t"], hit_policy=cast("HitPolicy", policy))


def found(of: Table, *values: object) -> object:
    return evaluate_table(of, values, {}).value


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[str]:
    return (shared / "data/feel/tables.jsonl").read_text(encoding="utf-8").splitlines()


def test_the_standards_own_cases(lines: list[str]) -> None:
    report = run_cases(lines, run_table_case)
    assert report.failures == ()
    assert (report.passed, len(report.skipped)) == (20, 9)
    assert set(report.skipped.values()) == {"a name with spaces"}


def test_names_with_spaces_are_seen_without_being_told(lines: list[str]) -> None:
    untold = [json.dumps(json.loads(line) | {"names_with_spaces": False}) for line in lines]
    assert len(run_cases(untold, run_table_case).skipped) == 9


def test_a_table_that_comes_to_something_else_is_a_failure(lines: list[str]) -> None:
    first = json.loads(lines[0]) | {"expected": {"t": "string", "v": "Declined"}}
    (failure,) = run_cases([json.dumps(first)], run_table_case).failures
    assert (failure.expected, failure.found) == ("Declined", "Approved")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"hit_policy": "SOME"}, "there is no hit policy 'SOME'; there are unique"),
        ({"aggregation": "MEAN"}, "there is no hit policy 'MEAN'"),
        ({"rules": [{"when": [], "then": ["1"]}]}, "a row has as many cells"),
        ({"inputs": [{}]}, "inputs.0.expression: field required"),
    ],
)
def test_a_line_that_is_no_case_of_a_table(lines: list[str], change: Any, why: str) -> None:
    line = json.dumps(json.loads(lines[0]) | change)
    with pytest.raises(CaseError, match=f"line 1: {why}"):
        run_cases([line], run_table_case)


ROWS = ("< 5; red; 1", "< 10; -; 2", ">= 5; red, green; 3")


@pytest.mark.parametrize(
    ("policy", "value", "expected"),
    [
        ("unique", (4, "green"), 2),
        ("unique", (4, "red"), None),
        ("unique", (20, "blue"), None),
        ("any", (4, "green"), 2),
        ("any", (4, "red"), None),
        ("first", (4, "red"), 1),
        ("first", (7, "red"), 2),
        ("rule_order", (4, "red"), [1, 2]),
        ("collect", (7, "red"), [2, 3]),
        ("collect", (20, "blue"), []),
        ("sum", (7, "red"), 5),
        ("sum", (20, "blue"), None),
        ("min", (7, "red"), 2),
        ("max", (7, "red"), 3),
        ("count", (7, "red"), 2),
        ("count", (20, "blue"), 0),
    ],
)
def test_hit_policies(policy: str, value: tuple[int, str], expected: object) -> None:
    assert found(table(policy, *ROWS), Decimal(value[0]), value[1]) == expected


def test_any_takes_rows_that_say_the_same() -> None:
    same = table("any", "< 5; -; 1", "< 10; -; 1.0")
    assert found(same, Decimal(3), "red") == 1


RANKED = "[{name: role, type: [head, lead], allowed: [lead, head]}, {name: days, type: number, allowed: ['3', '< 3', '-']}]"  # noqa: E501 - one table


def test_priority_goes_by_the_allowed_values_column_by_column() -> None:
    rows = ("< 9; -; head", "< 7; -; lead", "< 5; -; lead")
    answers = ("3", "8", "2")
    text = "\n".join(
        f"  - {{when: ['{n}', '{w}'], then: [{role}, '{days}']}}"
        for (n, w, role), days in zip((r.split("; ") for r in rows), answers, strict=True)
    )
    for policy, expected in (
        ("priority", {"role": "lead", "days": 2}),
        (
            "output_order",
            [
                {"role": "lead", "days": 2},
                {"role": "lead", "days": 8},
                {"role": "head", "days": 3},
            ],
        ),
    ):
        ranked = bound(
            f"kind: table\nid: t\ntitle: T\nhit_policy: {'first' if policy in STRICT else policy}\n"
            "inputs: [{name: n, type: number}, {name: word, type: [red, green, blue]}]\n"
            f"outputs: {RANKED}\nrows:\n{text}\n"
        ).tables["t"]
        assert found(ranked, Decimal(1), "red") == expected


def test_no_row_gives_the_default() -> None:
    assert found(table("unique", "< 5; -; 1", default="'7'"), Decimal(9), "red") == 7
    assert found(table("collect", "< 5; -; 1", default="'7'"), Decimal(9), "red") == [7]
    assert found(table("sum", "< 5; -; 1", default="'7'"), Decimal(9), "red") == 7
    assert found(table("count", "< 5; -; 1", default="'7'"), Decimal(9), "red") == 0


@pytest.mark.parametrize(
    ("type_", "one", "other", "total"),
    [
        ("duration", "P1D", "PT12H", timedelta(hours=36)),
        ("money", "5.50 GBP", "1 GBP", Money.parse("6.50 GBP")),
    ],
)
def test_a_sum_may_be_of_durations_or_money(
    type_: str, one: str, other: str, total: object
) -> None:
    outputs = f"[{{name: it, type: {type_}}}]"
    for policy, expected in (("sum", total), ("count", 2)):
        summed = table(policy, f"-; -; {one}", f"-; -; {other}", outputs=outputs)
        assert found(summed, Decimal(1), "red") == expected


def test_why_a_table_comes_to_nothing() -> None:
    def why(of: Table, *values: object) -> str:
        return evaluate_table(of, values, {}).why

    three = table("unique", "-; -; 1", "< 5; -; 2", "-; red; 3")
    assert why(three, Decimal(9), "red") == "rows 1 and 3 both match"
    assert why(three, Decimal(1), "red") == "rows 1, 2 and 3 match"
    assert why(table("any", "-; -; 1", "-; -; 2"), Decimal(1), "red") == (
        "rows 1 and 2 both match and give different answers"
    )
    assert why(table("first", "< 5; -; 1"), Decimal(9), "red") == "no row matches"
    assert why(table("first", "< 5; -; 1"), Decimal(1), "pink") == (
        "'word' is pink, not one of red, green, blue"
    )


def test_what_is_not_allowed_has_no_answer() -> None:
    policy = bound(
        "kind: table\nid: t\ntitle: T\n"
        "inputs: [{name: cost, type: money, allowed: '>= 0 GBP'}]\n"
        "outputs: [{name: word, type: text, allowed: ['\"a\"', '\"b\"']}]\n"
        "rows: [{when: '< 5 GBP', then: '\"a\"'}, {when: '>= 5 GBP', then: 'string(cost)'}]\n"
    )
    of = policy.tables["t"]
    assert found(of, Money.parse("1 GBP")) == "a"
    refused = evaluate_table(of, [Money.parse("-1 GBP")], {})
    assert (refused.value, refused.why) == (None, "'cost' is -1 GBP, not >= @\"0 GBP\"")
    strange = evaluate_table(of, [Money.parse("7 GBP")], {})
    assert (strange.value, strange.rows) == (None, (2,))
    assert strange.why == "row 2 gives 7 GBP for 'word', which is not allowed"


@pytest.mark.parametrize(
    ("policy", "rows", "word", "expected"),
    [
        # A row that the known value rules out does not wait for the other.
        ("unique", ("< 5; red; 1", ">= 5; red; 2", "-; green; 3"), "green", 3),
        ("unique", ("< 5; red; 1", ">= 5; red; 2", "-; green; 3"), "red", UNKNOWN),
        # A row may not match after all, so that there would be no answer.
        ("unique", ("< 5; red; 1",), "red", UNKNOWN),
        ("first", ("-; red; 1", "< 5; -; 2"), "red", 1),
        ("first", ("< 5; -; 2", "-; red; 1"), "red", UNKNOWN),
        ("first", ("< 5; -; 1", "-; red; 1"), "red", 1),
        ("any", ("< 5; -; 1", "-; red; 1"), "red", 1),
        ("any", ("< 5; -; 2", "-; red; 1"), "red", UNKNOWN),
        ("collect", ("< 5; -; 1", "-; red; 1"), "red", UNKNOWN),
        ("count", ("< 5; -; 1", "-; green; 1"), "red", UNKNOWN),
        ("count", ("-; red; 1", "< 5; green; 1"), "red", 1),
        ("sum", ("< 5; green; 1", "-; red; 1"), "red", 1),
    ],
)
def test_what_is_missing_matters_only_where_the_answer_depends_on_it(
    policy: str, rows: tuple[str, ...], word: str, expected: object
) -> None:
    assert found(table(policy, *rows), UNKNOWN, word) == expected


def test_a_default_that_says_the_same_needs_no_more_facts() -> None:
    same = table("unique", "< 5; red; 7", default="'7'")
    assert found(same, UNKNOWN, "red") == 7


def test_an_open_row_that_comes_first_by_priority_is_waited_for() -> None:
    outputs = "[{name: role, type: [head, lead]}]"
    open_first = table("priority", "-; red; lead", "< 5; red; head", outputs=outputs)
    open_last = table("priority", "-; red; head", "< 5; red; lead", outputs=outputs)
    assert found(open_first, UNKNOWN, "red") == UNKNOWN
    assert found(open_last, UNKNOWN, "red") == "head"


CALLS = """
kind: table
id: size
title: How large
inputs: [{name: cost, type: money}]
outputs: [{name: it, type: [small, large]}]
rows: [{when: < 50000 GBP, then: small}, {when: '>= 50000 GBP', then: large}]
---
kind: table
id: signer
title: Who signs
inputs: [{name: category, type: [scope, time, cost]}, {name: cost, type: money}]
outputs: [{name: role, type: [pmo_head, board]}, {name: days, type: number}]
rows:
  - {when: {category: scope, cost: 'size(?) = "small"'}, then: [pmo_head, '3']}
  - {when: {category: scope, cost: 'size(?) = "large"'}, then: [board, '5']}
---
kind: rules
rules:
  - id: board-sees
    title: The board sees it
    on: change.submitted
    binding: shall
    when: signer(change.category, change.cost).role = "board"
    then: [{require_approval: {from: board}}]
  - id: by-name
    title: By name
    on: change.submitted
    binding: shall
    when: 'signer(cost: change.cost, category: change.category).days > 4'
    then: [{block: Stop}]
---
kind: suite
event: change.submitted
cases: [{name: a, expect: {}}]
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_rules_call_tables_and_tables_call_tables(backend: str) -> None:
    engine = Engine(bound(CALLS), backend)

    def decide(**change: str) -> dict[str, object]:
        event = {"event": "change.submitted", "at": "2026-03-02T09:00:00Z"}
        return dict(engine.decide({**event, "facts": {"change": change}}))

    try:
        large = decide(category="scope", cost="50000 GBP")
        assert large["fired"] == ["board-sees", "by-name"]
        assert decide(category="scope", cost="49999.99 GBP")["fired"] == []
        assert decide(category="scope")["unknown"] == {
            "board-sees": ["change.cost"],
            "by-name": ["change.cost"],
        }
        faults = decide(category="time", cost="1 GBP")["faults"]
        assert set(faults) == {"board-sees", "by-name"}
        assert "table 'signer': no row matches" in str(faults)
    finally:
        engine.close()


def test_rows_hold_from_and_to_a_day() -> None:
    policy = bound(
        "kind: table\nid: limit\ntitle: L\ninputs: [{name: n, type: number}]\n"
        "outputs: [{name: it, type: number}]\nrows:\n"
        "  - {then: '1', in_force_to: 2026-07-01}\n"
        "  - {then: '2', in_force_from: 2026-07-01}\n"
        "---\nkind: rules\nrules: [{id: r, title: R, on: change.submitted, binding: shall,"
        " when: limit(change.weeks) = 2, then: [{block: Stop}]}]\n"
        "---\nkind: suite\nevent: change.submitted\ncases: [{name: a, expect: {}}]\n"
    )
    engine = Engine(policy)
    event = {
        "event": "change.submitted",
        "at": "2026-03-02T09:00:00Z",
        "facts": {"change": {"weeks": 1}},
    }
    assert engine.decide(event).fired == ()
    assert engine.decide(event, on=date(2026, 6, 30)).fired == ()
    assert engine.decide(event, on=date(2026, 7, 1)).fired == ("r",)


def test_a_trace_says_which_rows_answered() -> None:
    policy = bound(CALLS)
    scope = {**policy.tables, "cost": Money.parse("60000 GBP")}
    trace = Trace()
    evaluate(parse('signer("scope", cost)'), scope, trace)
    assert [each.rows for each in trace.tables["signer"]] == [(2,)]
    assert [each.value for each in trace.tables["size"]] == ["large", "large"]


def test_the_work_of_a_table_counts_as_that_of_its_caller() -> None:
    rows = [f"{n}; -; {n}" for n in range(200)]
    scope = {"t": table("collect", *rows)}
    with pytest.raises(EvaluationLimit, match="1,000,000 steps"):
        evaluate(parse('for i in 1..10000 return t(i, "red")'), scope)
