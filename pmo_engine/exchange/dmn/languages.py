"""In which language the cells of a table are written: the standard's own, or another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.exchange.dmn.definitions import local, text_of
from pmo_engine.exchange.dmn.vocabulary import DmnError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_WRITTEN = {
    "inputExpression": "a column",
    "inputEntry": "a cell",
    "outputEntry": "a cell",
    "inputValues": "what a column allows",
    "outputValues": "what a column allows",
    "defaultOutputEntry": "a default",
}
# Values, and the name of a variable, are written alike in every usual language.
_PLAIN = re.compile(r'-?|-?\d+(\.\d+)?|"[^"\\$]*"|true|false')
_NAME = re.compile(r"[A-Za-z_]\w*")
_TEMPLATE = re.compile(r"[$#]\{")
_SHOWN = 40


def check_language(root: Element, table: Element) -> str:
    """Say by a note that a table is in another language; DmnError where that makes a difference."""
    told = ""
    for element in table.iter():
        text = text_of(element)
        if local(element) not in _WRITTEN or not text:
            continue
        language = _language(element, text) or _language(root, "")
        if not language:
            continue
        told = f"it is written in {language[:_SHOWN]}: plain values, which are read as FEEL"
        if not _is_plain(element, text):
            what = f"{_WRITTEN[local(element)]}, {text[:_SHOWN]}"
            raise DmnError(f"it is written in {language[:_SHOWN]}, not in FEEL ({what})")
    return told


def _language(element: Element, text: str) -> str:
    """Name the language that an element declares, or that its text shows; none if it is FEEL."""
    if _TEMPLATE.search(text):
        return "JUEL"
    declared = (element.get("expressionLanguage") or "").strip()
    return "" if "feel" in declared.lower() else declared


def _is_plain(element: Element, text: str) -> bool:
    if local(element) == "inputExpression" and _NAME.fullmatch(text):
        return True
    return all(_PLAIN.fullmatch(part.strip()) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Go through what stands between commas, those in quotes apart."""
    start = 0
    for comma in re.finditer(r'"[^"]*"|,', text):
        if comma[0] == ",":
            yield text[start : comma.start()]
            start = comma.end()
    yield text[start:]
