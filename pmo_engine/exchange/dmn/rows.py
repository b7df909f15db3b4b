"""The rows of a table of a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.dmn.definitions import child, children, text_of
from pmo_engine.exchange.dmn.vocabulary import ANNOTATIONS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from pmo_engine.exchange.dmn.columns import Columns

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def row_of(columns: Columns, rule: Element) -> dict[str, Any]:
    """Read a rule: the tests that it makes by column, its answers, what is said beside it."""
    tests = [text_of(each) for each in children(rule, "inputEntry")]
    answers = [text_of(each) for each in children(rule, "outputEntry")]
    columns.count_cells(len(tests), len(answers))
    when = {
        column["name"]: cell
        for column, text in zip(columns.tested, tests, strict=False)
        if (cell := columns.test(text, column)) is not None
    }
    then = {
        column["name"]: columns.answer(text, column)
        for column, text in zip(columns.outputs, answers, strict=False)
    }
    return {**({"when": when} if when else {}), "then": then, **_notes(columns, rule)}


def _notes(columns: Columns, rule: Element) -> dict[str, str]:
    """Give what stands beside a rule; a column that is none of ours goes into ``about``."""
    about = [text_of(child(rule, "description"))]
    said_by_us = {key: columns.definitions.own(rule, key) for key in ANNOTATIONS.values()}
    found = {key: text for key, text in said_by_us.items() if text}
    for name, entry in zip(columns.annotations, children(rule, "annotationEntry"), strict=False):
        text, key = text_of(entry), ANNOTATIONS.get(name.lower())
        if not text:
            continue
        if key is None or (key.startswith("in_force") and not _DAY.fullmatch(text)):
            about.append(f"{name}: {text}" if name else text)
        else:
            found[key] = text
    said = "; ".join(filter(None, about))
    return {**found, "about": said} if said else found
