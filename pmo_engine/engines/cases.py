"""The standard's own test cases for expressions, run against the engine that defines ours.

A line is a JSON object with the keys ``id``, ``expression``, ``context``, ``let``, ``expected``,
``type`` and ``types``; values are ``{"t": type, "v": value}``. The cases derive from the DMN
Technology Compatibility Kit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pmo_engine.engines.tracing import evaluate
from pmo_engine.policy.feel import types as t
from pmo_engine.policy.feel.builtins import BUILTINS
from pmo_engine.policy.feel.format import to_text
from pmo_engine.policy.feel.kinds import conforms, kind, type_of
from pmo_engine.policy.feel.limits import EvaluationLimit
from pmo_engine.policy.feel.nodes import InstanceOf, Node, TypeName
from pmo_engine.policy.feel.parser import FeelSyntaxError, parse
from pmo_engine.policy.feel.rewrite import rewrite
from pmo_engine.policy.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time

TOLERANCE = Decimal("1e-8")
_NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_OLD_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out otherwise than the standard says."""

    id: str
    expression: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases passed and failed, and which were skipped for what construct.

    ``passed_null`` and ``failed_null`` are those among them that expect null.
    """

    passed: int
    passed_null: int
    failed: int
    failed_null: int
    skipped: Mapping[str, str]
    failures: tuple[Failure, ...]


def run_cases(lines: Iterable[str]) -> CaseReport:
    """Run cases, one JSON object to a line."""
    passed: list[bool] = []
    failures: list[tuple[bool, Failure]] = []
    skipped: dict[str, str] = {}
    for line in lines:
        case = json.loads(line)
        expects_null = case["expected"] is None
        if case["names_with_spaces"]:
            skipped[case["id"]] = "a name with spaces"
        elif failure := run_case(case):
            failures.append((expects_null, failure))
        else:
            passed.append(expects_null)
    return CaseReport(
        passed=len(passed),
        passed_null=sum(passed),
        failed=len(failures),
        failed_null=sum(is_null for is_null, _ in failures),
        skipped=skipped,
        failures=tuple(failure for _, failure in failures),
    )


def run_case(case: Mapping[str, Any]) -> Failure | None:
    """Run one case; a failure where the result is not the one expected."""
    expected = read_value(case["expected"])
    try:
        found = _evaluate(case)
        text = to_text(found)
    except EvaluationLimit as error:
        found, text = error, str(error)
    if not isinstance(found, EvaluationLimit) and same(expected, found):
        return None
    return Failure(case["id"], case["expression"], to_text(expected), text)


def _evaluate(case: Mapping[str, Any]) -> Any:
    definitions = _Definitions(case.get("types", {}))
    given = {name: read_value(value) for name, value in case["context"].items()}
    scope = _Names({"now": _NOW, "today": _NOW.date(), **given})
    for name, text in case["let"]:
        scope[name] = _value(text, scope, definitions)
    result = _value(case["expression"], scope, definitions)
    return definitions.coerced(result, case.get("type") or case.get("typeRef"))


def _value(text: str, scope: Mapping[str, Any], definitions: _Definitions) -> Any:
    try:
        node = parse(text.strip())
    except FeelSyntaxError:
        return None  # the standard's result of what is not an expression
    return evaluate(definitions.resolved(node), scope)


class _Names(dict[str, Any]):
    """The names of a case: in the standard, one that nobody gave is null and not a missing fact."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        return BUILTINS.get(name)


class _Definitions:
    """The named types of a case."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions

    def resolved(self, node: Node) -> Node:
        """Write out the named types in an expression."""
        return rewrite(node, self._written_out) if self.definitions else node

    def coerced(self, value: Any, text: str | None) -> Any:
        """Convert a result to its declared type, or to null if it is of another."""
        written = None if text is None else _type_name(text)
        if value is None or written is None:
            return value
        expected = type_of(self._type(written)) or t.ANY
        if isinstance(value, list) and len(value) == 1 and not isinstance(expected, t.ListType):
            value = value if conforms(value, expected) else value[0]
        return value if conforms(value, expected) else None

    def _written_out(self, node: Node) -> Node:
        return self._type(node) if isinstance(node, TypeName) else node

    def _type(self, written: TypeName) -> TypeName:
        definition = self.definitions.get(written.name)
        if definition is None:
            return replace(
                written,
                name=_OLD_NAMES.get(written.name, written.name),
                arguments=tuple(map(self._type, written.arguments)),
                entries=tuple((name, self._type(each)) for name, each in written.entries),
            )
        return self._defined(definition)

    def _defined(self, definition: Mapping[str, Any]) -> TypeName:
        if components := definition.get("components"):
            entries = tuple((name, self._defined(each)) for name, each in components.items())
            plain = TypeName("context", (), entries)
        elif definition.get("typeRef"):
            plain = self._type(TypeName(definition["typeRef"]))
        else:
            plain = TypeName("Any")
        return TypeName("list", (plain,)) if definition.get("isCollection") else plain


def _type_name(text: str) -> TypeName | None:
    try:
        node = parse(f"null instance of {text}")
    except FeelSyntaxError:
        return None
    return node.type if isinstance(node, InstanceOf) else None


def read_value(written: Mapping[str, Any] | None) -> Any:
    """Read a value as the cases write it."""
    if written is None:
        return None
    value = written["v"]
    match written["t"]:
        case "list":
            return [read_value(item) for item in value]
        case "context":
            return {name: read_value(item) for name, item in value.items()}
        case "number":
            return Decimal(value)
        case "date":
            return parse_date(value)
        case "time":
            return parse_time(value)
        case "date and time":
            return parse_date_time(value)
        case "days and time duration" | "years and months duration":
            return parse_duration(value)
        case _:
            return value


def same(expected: Any, found: Any) -> bool:
    """Compare a result as the cases ask: numbers to 1e-8, Z the same as +00:00."""
    if kind(expected) != kind(found):
        return False
    match expected:
        case Decimal():
            return bool(abs(expected - found) <= TOLERANCE)
        case list():
            return len(expected) == len(found) and all(map(same, expected, found))
        case dict():
            return expected.keys() == found.keys() and all(
                same(value, found[name]) for name, value in expected.items()
            )
        case _:
            return to_text(expected) == to_text(found)
