"""How the standard's test cases are written: the shape of a line, checked before it is run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, Field, ValidationError

from pmo_engine.policy import HitPolicy

Values: TypeAlias = dict[str, dict[str, Any] | None]


class CaseError(ValueError):
    """A line that is no test case; says why."""


class _Case(BaseModel):
    id: str
    context: Values
    expected: dict[str, Any] | None
    types: Values = {}
    type: str | None = None
    type_ref: str | None = Field(None, alias="typeRef")


class _OfExpression(_Case):
    expression: str
    let: list[tuple[str, str]]


class _Input(BaseModel):
    expression: str
    type_ref: str | None = Field(None, alias="typeRef")
    allowed: str | None = None


class _Output(BaseModel):
    name: str | None = None
    allowed: str | None = None
    default: str | None = None


class _Row(BaseModel):
    when: list[str]
    then: list[str]


class _OfTable(_Case):
    hit_policy: str
    aggregation: str | None = None
    inputs: list[_Input]
    outputs: list[_Output]
    rules: list[_Row]


def read_case(line: str, *, table: bool) -> Mapping[str, Any]:
    """Read one case; raises CaseError where the line is none, of an expression or of a table."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"not JSON: {error}") from None
    try:
        (_OfTable if table else _OfExpression).model_validate(case)
    except ValidationError as error:
        raise CaseError(_first(error)) from None
    for value in (case["expected"], *case["context"].values()):
        _check_value(value)
    if table:
        _check_table(case)
    return case  # type: ignore[no-any-return]  # it has the shape


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, found["loc"])) or "the line"
    return f"{where}: {found['msg'].lower()}"


def _check_value(written: Any) -> None:
    """Check a value, and those inside it: ``{"t": type, "v": value}``, or null."""
    if written is None:
        return
    if not isinstance(written, dict) or not {"t", "v"} <= written.keys():
        raise CaseError('a value is written {"t": type, "v": value}')
    of, value = written["t"], written["v"]
    wanted: type = {"list": list, "context": dict, "boolean": bool}.get(of, str)
    if not isinstance(value, wanted):
        raise CaseError(f"the value of a {of} is no {wanted.__name__}")
    if of == "number":
        _check_number(str(value))
    for each in _inside(value):
        _check_value(each)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield from value.values() if isinstance(value, dict) else value


def _check_number(text: str) -> None:
    try:
        Decimal(text)
    except InvalidOperation:
        raise CaseError(f"'{text[:40]}' is no number") from None


def _check_table(case: Mapping[str, Any]) -> None:
    policy = case.get("aggregation") or case["hit_policy"]
    known = get_args(HitPolicy)
    if policy.lower().replace(" ", "_") not in known:
        raise CaseError(f"there is no hit policy '{policy[:40]}'; there are {', '.join(known)}")
    widths = [len(case["inputs"]), len(case["outputs"])]
    if any([len(row["when"]), len(row["then"])] != widths for row in case["rules"]):
        raise CaseError("a row has as many cells as there are inputs and outputs")
