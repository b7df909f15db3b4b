"""What the standard calls things, and what we call them.

There is no money in the standard: an amount is a number of a type of its own, ``money_GBP``, so
that a modeller can draw the table and an import knows the currency again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.feel import types as t

if TYPE_CHECKING:
    from pmo_engine.policy import HitPolicy

Version: TypeAlias = Literal["1.3", "1.5"]
NAMESPACES: dict[Version, str] = {
    "1.3": "https://www.omg.org/spec/DMN/20191111/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/",
}
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
OWN = "urn:pmo-engine:dmn"
EXPORTER = "pmo-engine"

HIT_POLICIES: dict[HitPolicy, tuple[str, str]] = {
    "unique": ("UNIQUE", ""),
    "any": ("ANY", ""),
    "priority": ("PRIORITY", ""),
    "first": ("FIRST", ""),
    "rule_order": ("RULE ORDER", ""),
    "output_order": ("OUTPUT ORDER", ""),
    "collect": ("COLLECT", ""),
    "sum": ("COLLECT", "SUM"),
    "min": ("COLLECT", "MIN"),
    "max": ("COLLECT", "MAX"),
    "count": ("COLLECT", "COUNT"),
}
TYPES: dict[t.Type, str] = {
    t.ANY: "Any",
    t.STRING: "string",
    t.NUMBER: "number",
    t.BOOLEAN: "boolean",
    t.DATE: "date",
    t.TIME: "time",
    t.DATE_TIME: "date and time",
    t.DAYS_TIME_DURATION: "days and time duration",
    t.YEARS_MONTHS_DURATION: "years and months duration",
}
OUR_NAMES = {
    "Any": "any",
    "string": "text",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "duration",
    "dayTimeDuration": "duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
}
"""Types by the names of this and earlier versions, and those of usual modellers."""

IDENTIFIED = frozenset(
    {
        "itemComponent",
        "inputExpression",
        "inputValues",
        "outputValues",
        "defaultOutputEntry",
        "inputEntry",
        "outputEntry",
        "allowedValues",
    }
)
"""Elements that are of use to others by an id only, beside those that we refer to."""

MONEY = re.compile(r"money_([A-Z]{3})")
ANNOTATIONS = {
    "clause": "clause",
    "source": "source",
    "in force from": "in_force_from",
    "in force to": "in_force_to",
}
"""Columns beside a table that hold what a row says of itself."""


class DmnError(ValueError):
    """A file that is no DMN model with a table, or a table that DMN cannot hold."""
