"""Values as one line of YAML that a policy file can hold."""

from __future__ import annotations

import re
from typing import Any

_PLAIN = re.compile(r"[\w-][\w .+:%/-]*")
_NOT_TEXT = re.compile(r"~|null|-+|-\W.*|.*(: .*|[: ]|\w:)", re.IGNORECASE)


def in_yaml(value: Any) -> str:
    """Write a value of JSON in flow style; what would be read as something else is quoted."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_text(k)}: {in_yaml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(in_yaml, value)) + "]"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text):
        return text
    if '"' in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_character, text)) + '"'


def _character(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    return one if one.isprintable() else f"\\U{ord(one):08x}"
