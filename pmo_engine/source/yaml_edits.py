"""How a value is written in YAML: quoted where it has to be, as it was where it can be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

ESCAPED: dict[str, Callable[[str], str]] = {
    "'": lambda text: text.replace("'", "''"),
    '"': lambda text: text.replace("\\", "\\\\").replace('"', '\\"'),
}
"""How characters are written in each kind of quotes."""


def in_quotes(value: str) -> str:
    """Write a value in single quotes."""
    return "'" + value.replace("'", "''") + "'"


def as_scalar(value: str, style: str, *, flow: bool) -> str:
    """Write a value in a style of scalars, or quoted where that does not hold it."""
    if not style and reads_plain(value, flow=flow):
        return value
    if style == '"' and not {'"', "\\"} & set(value):
        return f'"{value}"'
    return in_quotes(value)


def reads_plain(value: str, *, flow: bool) -> bool:
    """Tell whether YAML reads a value back as it is, without quotes."""
    import yaml  # noqa: PLC0415 - only where a value is written anew

    try:
        read = yaml.compose(f"[{value}]" if flow else f"k: {value}", yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    assert isinstance(read, yaml.SequenceNode | yaml.MappingNode)
    items = read.value if isinstance(read, yaml.SequenceNode) else read.value[0][1:]
    return len(items) == 1 and items[0].value == value


def differing(one: str, other: str) -> tuple[int, int]:
    """Count the characters that two texts share at their beginnings, and at their ends."""
    start = _alike(one, other)
    return start, _alike(one[start:][::-1], other[start:][::-1])


def _alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
