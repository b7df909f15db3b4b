"""What somebody may have meant whose names or types do not go together."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import kind_of

_OTHER_WORDS = {
    "yes": "write true",
    "true": "write true",
    "no": "write false",
    "false": "write false",
    "none": "write null",
    "nil": "write null",
    "null": "write null",
    "and": "write a and b",
    "or": "write a or b",
    "if": "write if ... then ... else ...",
    "len": "write string length(...) of a text, count(...) of a list",
    "length": "write string length(...) of a text, count(...) of a list",
    "isblank": "write not(is_known(...))",
    "average": "write mean(...)",
    "avg": "write mean(...)",
    "lower": "write lower case(...)",
    "upper": "write upper case(...)",
    "round": "write round half up(..., digits)",
}


def name_hint(name: str, types: Mapping[str, t.Type]) -> str:
    """Say what an unknown name may be: a text without its quotes, or a word of other tools."""
    records = [kind for kind in types.values() if isinstance(kind, t.ContextType)]
    for record in records:
        for _, kind in record.entries:
            if isinstance(kind, t.EnumType) and name in kind.values:
                return f'text is written in double quotes: "{name}"'
    return _OTHER_WORDS.get(name.lower(), "")


def _of_roles(role: str) -> str:
    return (
        "a condition knows people by their ids: what hangs on roles is said by terms of reference"
        f" ('may', 'may_not', 'of: {{requester: [{role}]}}' of a limit), by 'set_by' of a field or"
        " 'by' of a move"
    )


def role_hint(role: str) -> str:
    """Say where a role counts, which stands in a condition as if it were somebody."""
    return f"'{role}' is a role, and {_of_roles(role)}"


FEW = 3
"""Of a record with no more fields a hint names them all."""


def field_hint(record: t.ContextType, name: str) -> str:
    """Say what there is where a record has no such field: a role of whoever acts, or its few."""
    if record.name == "actor" and name in {"role", "roles", "title", "position", "grade", "rank"}:
        return _of_roles("...")
    known = [entry for entry, _ in record.entries]
    return f"it has {', '.join(known)}" if record.name and len(known) <= FEW else ""


def quoted(name: str, types: Mapping[str, t.Type]) -> tuple[str, ...]:
    """Give a word in quotes where it is a value of a field that is known."""
    return (f'"{name}"',) if name_hint(name, types).endswith(f'"{name}"') else ()


def summand(other: t.Type) -> t.Type:
    """Give the type of what can be added to another value."""
    return t.DAYS_TIME_DURATION if kind_of(other) in {"date", "date and time"} else other


ZONE_HINT = 'give both a zone, as in @"17:00:00@Europe/London" or @"2026-03-31T17:00:00Z"'
"""The way out where a time with a zone meets one without."""


def zone_message(type_: t.Type) -> str:
    """Say that of two times only one has a zone."""
    return f"{t.describe(type_)} with a zone is neither before nor after one without"


def comparison_hint(left: t.Type, right: t.Type) -> str:
    """Say how two values that do not go together could."""
    kinds = {kind_of(left), kind_of(right)}
    if kinds == {"context", "string"}:
        record = left if isinstance(left, t.ContextType) else right
        return f"compare a field of it, as in {getattr(record, 'name', '') or 'x'}.id"
    if kinds == {"date", "date and time"}:
        return "take the day of the moment: date(...)"
    if "list" in kinds:
        return "say which of the list: some x in list satisfies ..., or count(...), sum(...)"
    if kinds in ({"date", "string"}, {"date", "number"}):
        return 'a day is written @"2026-03-31"'
    if kinds == {"date and time", "string"}:
        return 'a moment is written @"2026-03-31T09:00:00Z"'
    if kinds == {"boolean", "string"}:
        return "write true or false, without quotes"
    if kinds == {"days and time duration", "number"}:
        return 'a duration in days is written @"P30D"; the days of one are a number: (...).days'
    if kinds == {"boolean", "number"}:
        return "compare two values at a time, and join with 'and'"
    return money_hint(left, right)


ONE_CURRENCY = "amounts are of the policy's currency: write both in it"


def money_hint(left: t.Type, right: t.Type) -> str:
    """Say how money is written where a number or a text stands in its place."""
    kinds = {kind_of(left), kind_of(right)}
    if "money" not in kinds or not kinds & {"number", "string"}:
        return ""
    currency = next((c for each in (left, right) if (c := getattr(each, "currency", None))), "GBP")
    return f'money is written @"50000 {currency}"'


def sum_hint(left: t.Type, right: t.Type) -> str:
    """Say how two values that cannot be added or the like could."""
    kinds = {kind_of(left), kind_of(right)}
    if kinds & {"date", "date and time"} and kinds & {"string", "number"}:
        return 'a duration is written @"P3D" for 3 days, @"P2M" for 2 months'
    return money_hint(left, right)
