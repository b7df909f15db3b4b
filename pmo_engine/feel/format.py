"""Values as text: what ``string(...)`` gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pmo_engine.feel.kinds import kind
from pmo_engine.feel.temporal import format_temporal
from pmo_engine.feel.values import EqualityTest, Range


def to_text(value: Any) -> str:
    """Write any value; text inside lists and contexts is quoted."""
    return value if isinstance(value, str) else _nested(value)


def to_literal(value: Any) -> str:
    """Write a constant as an expression: ``"text"``, ``@"50000 GBP"``, ``@"2026-01-01"``."""
    plain = kind(value) in {"null", "boolean", "number", "string"}
    return _nested(value) if plain else f'@"{_nested(value)}"'


def _nested(value: Any) -> str:
    match kind(value):
        case "null":
            return "null"
        case "boolean":
            return "true" if value else "false"
        case "number":
            return format_number(value)
        case "string":
            return _quoted(value)
        case "list":
            return f"[{', '.join(map(_nested, value))}]"
        case "context":
            return (
                f"{{{', '.join(f'{_key(name)}: {_nested(each)}' for name, each in value.items())}}}"
            )
        case "range":
            return _range(value)
        case "money":
            return str(value)
        case "function" | "missing" as other:
            return other
        case _:
            return format_temporal(value)


def format_number(value: Decimal) -> str:
    """Write a number without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _range(value: Range | EqualityTest) -> str:
    if isinstance(value, EqualityTest):
        return f"{value.operator} {_nested(value.operand)}"
    if value.low is None:
        return f"{'<=' if value.high_included else '<'} {_end(value.high)}"
    if value.high is None:
        return f"{'>=' if value.low_included else '>'} {_end(value.low)}"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{_end(value.low)}..{_end(value.high)}{closing}"


def _end(value: Any) -> str:
    plain = kind(value) in {"number", "string"}
    return _nested(value) if plain else f'@"{_nested(value)}"'


def _key(name: str) -> str:
    return name if name.isidentifier() else _quoted(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
