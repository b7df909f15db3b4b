"""The standard's own test cases for decision tables, run against the engine that defines ours.

A line is a JSON object with the keys ``id``, ``hit_policy``, ``aggregation``, ``inputs``,
``outputs``, ``rules``, ``context``, ``expected``, ``type`` and ``types``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pmo_engine.engines.tracing import evaluate, evaluate_table
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse, parse_unary_tests
from pmo_engine.feel.values import Missing
from pmo_engine.policy import (
    Expression,
    HitPolicy,
    InForce,
    Table,
    TableInput,
    TableOutput,
    TableRow,
)
from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.suites.feel_cases import Definitions, Failure, Names, compared

_NEVER = n.Literal(False)  # noqa: FBT003 - a constant of the language


def run_table_case(case: Mapping[str, Any]) -> Failure | None:
    """Run one case; a failure where the result is not the one expected."""
    return compared(case, f"{case['hit_policy'].lower()} table", lambda: _decided(case))


def _decided(case: Mapping[str, Any]) -> Any:
    definitions = Definitions(case.get("types", {}))
    scope = Names.of(case["context"])
    table = _Reader(definitions).table(case)
    values = [
        definitions.coerced(_value(each["expression"], scope, definitions), each.get("typeRef"))
        for each in case["inputs"]
    ]
    found = evaluate_table(table, values, scope).value
    return definitions.coerced(found, case.get("type") or case.get("typeRef"))


def _value(text: str, scope: Mapping[str, Any], definitions: Definitions) -> Any:
    try:
        value = evaluate(definitions.resolved(parse(text.strip())), scope)
    except FeelSyntaxError:
        return None
    return None if isinstance(value, Missing) else value


class _Reader:
    """Reads tables as the cases write them."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions

    def table(self, case: Mapping[str, Any]) -> Table:
        policy = (case.get("aggregation") or case["hit_policy"]).lower().replace(" ", "_")
        return Table(
            id="table",
            title="",
            inputs=tuple(self._input(each) for each in case["inputs"]),
            outputs=tuple(self._output(each) for each in case["outputs"]),
            hit_policy=cast("HitPolicy", policy),
            rows=tuple(self._row(number, each) for number, each in enumerate(case["rules"], 1)),
            clause="",
            source="",
            about="",
            mark=NOWHERE,
        )

    def _input(self, written: Mapping[str, Any]) -> TableInput:
        allowed = written.get("allowed")
        test = None if allowed is None else self._test(allowed)
        return TableInput(written["expression"], t.ANY, test, "", NOWHERE)

    def _output(self, written: Mapping[str, Any]) -> TableOutput:
        allowed, default = written.get("allowed"), written.get("default")
        return TableOutput(
            name=written.get("name") or "",
            type=t.ANY,
            allowed=() if allowed is None else tuple(_apart(self._test(allowed))),
            default=None if default is None else self._answer(default),
            about="",
            mark=NOWHERE,
        )

    def _row(self, number: int, written: Mapping[str, Any]) -> TableRow:
        when = tuple(self._test(cell) for cell in written["when"])
        then = tuple(self._answer(cell) for cell in written["then"])
        return TableRow(number, when, then, InForce(), "", "", "", NOWHERE)

    def _test(self, text: str) -> Expression:
        try:
            node = parse_unary_tests(text.strip() or "-")
        except FeelSyntaxError:
            node = _NEVER  # what is not a test is not met
        return Expression(text, self.definitions.resolved(node), t.BOOLEAN, NOWHERE)

    def _answer(self, text: str) -> Expression:
        try:
            node = parse(text.strip() or "null")
        except FeelSyntaxError:
            node = n.Literal(None)
        return Expression(text, self.definitions.resolved(node), t.ANY, NOWHERE)


def _apart(allowed: Expression) -> list[Expression]:
    """Take a list of allowed values apart, so that their order can be told."""
    match allowed.node:
        case n.Membership(value, tests):
            parts: list[n.Node] = [n.Membership(value, (test,)) for test in tests]
        case n.Disjunction(tests):
            parts = list(tests)
        case node:
            parts = [node]
    return [Expression(allowed.text, part, t.BOOLEAN, NOWHERE) for part in parts]
