"""Figures in words: each value with its unit, or why there is none."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.model.names import words
from pmo_engine.prose.names import part_in_words, sentence
from pmo_engine.prose.values import number_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pmo_engine.policy import Policy
    from pmo_engine.policy.figures import Band, Figure, Threshold, Unit

NOT_AVAILABLE = "not available"
MOST = 3
_OF_RECORD = re.compile(
    r"(?P<plural>\w+)\[(?:(?P<project>[^\]/]+)/)?(?P<key>[^\]]+)\]\.(?P<field>\w+)"
)
_OF_KEY = re.compile(r"\b(?P<key>[\w-]*\w)\.(?P<field>[a-z]\w*)")
_AFTER = {"days": ("day", "days"), "points": ("point", "points"), "fte": ("FTE", "FTE")}


def figure_in_words(unit: Unit, value: Any) -> str:
    """Say the rounded value of a figure as people read it: ``12.5 %``, ``38 days``."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return str(value) if isinstance(value, str) else value_in_words(value)
    if unit == "share":
        return f"{value_in_words(Decimal(value) * 100)} %"
    if unit in _AFTER:
        one, several = _AFTER[unit]
        value = round(Decimal(value), 1).normalize() + 0
        return f"{value_in_words(value)} {one if value == 1 else several}"
    return number_in_words(f"{Decimal(value):f}")


def why_in_words(why: str, policy: Policy) -> str:
    """Say for a reader why there is no figure: fields by their labels, at most three of them."""
    found = list(_OF_RECORD.finditer(why))
    if not found:
        return why
    said = (_field_of_record(each, policy) for each in found[:MOST])
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    before = why[: why.index("not known: ")] if "not known: " in why else ""
    return f"{before}not known: {', '.join(said)}{more}"


def _field_of_record(each: re.Match[str], policy: Policy) -> str:
    register = next((r for r in policy.registers.values() if r.plural == each["plural"]), None)
    noun = words(each["plural"] if register is None else register.noun)
    root = each["plural"] if register is None else register.root
    where = f" in {each['project']}" if each["project"] else ""
    said = part_in_words(f"{noun} {each['key']}", root, each["field"], policy)
    return f"{said}{where}"


def lacking_in_words(lacking: Iterable[tuple[str, str]], labels: Collection[str]) -> Iterator[str]:
    """Say of figures that there are not why, those of one reason together.

    ``lacking`` gives each one's label and why. Where it is for want of another figure, one of
    ``labels``, what that one lacks is the reason.
    """
    together: dict[str, list[str]] = {}
    first = sorted(labels, key=len, reverse=True)
    for label, why in lacking:
        roots = dict.fromkeys(_root(each, first) for each in why.split("; "))
        together.setdefault("; ".join(roots), []).append(label)
    for why, of in together.items():
        between = "; " if any("," in each for each in of) else ", "
        yield f"Not available, as {why}: {between.join(of)}."


def _root(why: str, labels: Sequence[str]) -> str:
    """Leave out for want of which figures there is no other: "budget: nothing is planned"."""
    while (
        label := next((each for each in labels if why.startswith(f"{each}: ")), None)
    ) is not None:
        why = why[len(label) + 2 :]
    return why


def fields_in_words(text: str, policy: Policy, registers: Mapping[str, str]) -> str:
    """Say fields of records, as ``CR-1.in_baseline``, by their labels.

    ``registers`` gives the register of each record's key.
    """

    def said(found: re.Match[str]) -> str:
        register = policy.registers.get(registers.get(found["key"], ""))
        if register is None:
            return found[0]
        owner = f"{words(register.noun)} {found['key']}"
        return part_in_words(owner, register.root, found["field"], policy)

    return _OF_KEY.sub(said, text)


def absence_in_words(why: str) -> str:
    """Say that a figure is not available, and why."""
    return f"{NOT_AVAILABLE}: {why}"


def band_in_words(band: Band, threshold: Threshold, figure: Figure) -> str:
    """Say thresholds: "green up to 10 %, amber up to 30 %, red beyond"."""
    green, amber = (figure_in_words(figure.unit, each) for each in (band.green, band.amber))
    to, beyond = ("up", "beyond") if band.green < band.amber else ("down", "below")  # type: ignore[operator]
    way = ", whichever way" if threshold.either_way else ""
    return f"green {to} to {green}, amber {to} to {amber}, red {beyond}{way}"


def threshold_in_words(threshold: Threshold, figure: Figure) -> str:
    """Say the thresholds of a figure with all their days, one on each line."""
    lines = []
    for each in threshold.bands:
        since = f", from {value_in_words(each.start)}" if each.start else ""
        source = f" ({each.source})" if each.source else ""
        lines.append(sentence(f"{band_in_words(each, threshold, figure)}{since}{source}"))
    if threshold.optional:
        lines.append("A project without such a figure has its colour from the others.")
    return "\n".join([*lines, *([sentence(threshold.about)] if threshold.about else [])])
