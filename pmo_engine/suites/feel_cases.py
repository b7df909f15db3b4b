"""The standard's own test cases for expressions, run against the engine that defines ours.

A line is a JSON object with the keys ``id``, ``expression``, ``context``, ``let``, ``expected``,
``type`` and ``types``; values are ``{"t": type, "v": value}``. The cases derive from the DMN
Technology Compatibility Kit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.format import to_text
from pmo_engine.feel.kinds import conforms, kind, type_of
from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.feel.nodes import InstanceOf, Node, TypeName
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse
from pmo_engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from pmo_engine.model.frozen import dataclass
from pmo_engine.suites.feel_written import CaseError, read_case

NAME_WITH_SPACES = "a name with spaces"
TOLERANCE = Decimal("1e-8")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_EXTERNAL = re.compile(r"\)\s*external\b")
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


Run: TypeAlias = Callable[[Mapping[str, Any]], Failure | None]


def run_cases(lines: Iterable[str], run: Run | None = None) -> CaseReport:
    """Run cases, one JSON object to a line; ``run`` is what runs one of a table, if it is given.

    Raises:
        CaseError: a line is no such case; says which.
    """
    table = run is not None
    run = run or run_case
    passed: list[bool] = []
    failures: list[tuple[bool, Failure]] = []
    skipped: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = read_case(line, table=table)
        except CaseError as error:
            raise CaseError(f"line {number}: {error}") from None
        expects_null = case["expected"] is None
        if construct := unsupported(case):
            skipped[case["id"]] = construct
        elif failure := run(case):
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
    return compared(case, case["expression"], lambda: _evaluate(case))


def compared(
    case: Mapping[str, Any], expression: str, evaluated: Callable[[], Any]
) -> Failure | None:
    """Compare what a case comes to with what it should."""
    expected = read_value(case["expected"])
    try:
        found = evaluated()
        text = to_text(found)
    except EvaluationLimit as error:
        found, text = error, str(error)
    if not isinstance(found, EvaluationLimit) and same(expected, found):
        return None
    return Failure(case["id"], expression, to_text(expected), text)


def unsupported(case: Mapping[str, Any]) -> str:
    """Name what the case uses that is declared unsupported; nothing for most."""
    if case.get("names_with_spaces"):
        return NAME_WITH_SPACES
    written = " ".join(_texts(case))
    odd = (name for name in _names(case) if not _IDENTIFIER.fullmatch(name))
    if any(name in written for name in odd):
        return NAME_WITH_SPACES
    return "an external function" if _EXTERNAL.search(written) else ""


def _texts(case: Mapping[str, Any]) -> Iterator[str]:
    """Go through what a case has evaluated."""
    yield case.get("expression") or ""
    yield from (text for _, text in case.get("let", []))
    for column in (*case.get("inputs", []), *case.get("outputs", [])):
        yield from (column.get(key) or "" for key in ("expression", "allowed", "default"))
    for row in case.get("rules", []):
        yield from (*row["when"], *row["then"])


def _names(case: Mapping[str, Any]) -> Iterator[str]:
    """Go through the names that a case gives, those inside contexts too."""
    yield from (name for name, _ in case.get("let", []))
    yield from _keys({"t": "context", "v": case.get("context", {})})


def _keys(written: Any) -> Iterator[str]:
    value = written["v"] if written else None
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _keys(item)


def _evaluate(case: Mapping[str, Any]) -> Any:
    definitions = Definitions(case.get("types", {}))
    scope = Names.of(case["context"])
    for name, text in case["let"]:
        scope[name] = _value(text, scope, definitions)
    result = _value(case["expression"], scope, definitions)
    return definitions.coerced(result, case.get("type") or case.get("typeRef"))


def _value(text: str, scope: Mapping[str, Any], definitions: Definitions) -> Any:
    try:
        node = parse(text.strip())
    except FeelSyntaxError:
        return None  # the standard's result of what is not an expression
    return evaluate(definitions.resolved(node), scope)


class Names(dict[str, Any]):
    """The names of a case: in the standard, one that nobody gave is null and not a missing fact."""

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Names:
        """Read the context of a case."""
        given = {name: read_value(value) for name, value in context.items()}
        return cls({"now": _NOW, "today": _NOW.date(), **given})

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        return BUILTINS.get(name)


class Definitions:
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
