"""What somebody may have meant who writes an expression as other tools, or a pen, would have it.

A respelling is looked for around the place at which an expression went wrong: the first of the
known forms that stands there, and what is written in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from pmo_engine.feel.syntax.cells import CELLS
from pmo_engine.feel.syntax.forms import CONDITIONS, FORMS, NAMES, RANGES
from pmo_engine.feel.syntax.pieces import AMOUNT, IN_WORDS, Form
from pmo_engine.feel.syntax.sentences import PARTS
from pmo_engine.feel.syntax.writing import IN_AN_EXPRESSION, Writing
from pmo_engine.model.hints.values import Readings
from pmo_engine.model.money import other_currency
from pmo_engine.source.codes import (
    NOT_A_CONDITION,
    NOT_AN_EXPRESSION,
    UNKNOWN_FIELD,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Code,
)

SEEN = 200  # characters that are looked at on either side
_MEANINGS = {
    UNKNOWN_NAME: NAMES,
    NOT_A_CONDITION: CONDITIONS,
    WRONG_TYPE: CONDITIONS,
    NOT_AN_EXPRESSION: RANGES,
}


class Respelling(NamedTuple):
    """What to write from ``start`` up to ``end``, one text or several that are meant; and why.

    With no text it is only said why; of what is ``final`` nothing is respelt once more.
    """

    start: int
    end: int
    texts: Readings
    why: str
    final: bool = False

    def applied(self, text: str) -> Iterator[str]:
        """Give the text with each of them."""
        for each in self.texts:
            yield text[: self.start] + each + text[self.end :]


def respelt(text: str, at: int, writing: Writing = IN_AN_EXPRESSION) -> Respelling | None:
    """Find what stands at an offset, written as it is not here; None where that is not known."""
    whole = _whole(text, writing) if writing.tests else None
    called = [label for label, paths in writing.labels.items() if not _is_name(label, paths)]
    whole = whole or _labelled(text, at, writing, called) or _foreign(text, at, writing)
    return whole or next(_around(FORMS, text, at, writing), None)


def meant(text: str, at: int, writing: Writing, code: Code, of: str = "") -> Respelling | None:
    """Find what stands at an offset and can be read, though it does not mean what it seems to.

    ``of``: the kind of what has no such field, where that is what is wrong.
    """
    whole = _whole(text, writing) if writing.tests else None
    if not whole and code is UNKNOWN_NAME:
        whole = _labelled(text, at, writing, writing.labels)
    forms = PARTS.get(of, ()) if code is UNKNOWN_FIELD else _MEANINGS.get(code, ())
    near = _around(forms, text, at, writing)
    return whole or next((each for each in near if code is not UNKNOWN_NAME or at < each.end), None)


def syntax_hint(text: str, at: int) -> str:
    """Say how what stands at an offset is written here; nothing where that is not known."""
    found = respelt(text, at)
    return found.why if found else ""


def _whole(text: str, writing: Writing) -> Respelling | None:
    """Find what a cell as a whole says."""
    inner = text.strip()
    start = text.find(inner)
    for form in CELLS:
        found = _compiled(form.pattern).fullmatch(inner)
        if found and (texts := form.texts(found, writing)):
            return Respelling(start, start + len(inner), texts, form.reason(texts), form.final)
    return None


def _is_name(label: str, paths: Iterable[str]) -> bool:
    """Tell whether a fact is called by its own name alone, which is a word like any other."""
    return any(each.endswith(f".{label}") for each in paths)


def _labelled(text: str, at: int, writing: Writing, labels: Iterable[str]) -> Respelling | None:
    """Find what people call a fact: 'the contract price', 'the order is not marked urgent'."""
    first = max(at - SEEN, 0)
    window = text[first : at + SEEN]
    for label in sorted(labels, key=len, reverse=True):
        paths = writing.labels[label]
        for found in _compiled(_called(label, paths)).finditer(window):
            if _holds(found, at - first) and found[0] not in paths:
                start, end = first + found.start(), first + found.end()
                texts = tuple(f"not({each})" for each in paths) if found["no"] else paths
                return Respelling(start, end, texts, f"write {' or '.join(texts)}")
    return None


def _called(label: str, paths: Iterable[str]) -> str:
    """Give the pattern of what people call a fact, with the record that it is of or without."""
    whose = "|".join(sorted({re.escape(each.partition(".")[0]) for each in paths}))
    words = r"\s+".join(map(re.escape, label.split()))
    is_ = r"\s+(?:(?:is|was|has)\s+(?P<no>not\s+)?)?"
    of = rf"(?:(?:{whose})(?:\.|['\u2019]s\s+|{is_}))?"
    return rf"(?<![\w.\"])(?i:the\s+)?{of}(?i:{words})(?!\w|\()"


def _foreign(text: str, at: int, writing: Writing) -> Respelling | None:
    """Find an amount of another currency than the policy's: what it comes to nobody knows here."""
    first = max(at - SEEN, 0)
    for found in _compiled(rf'@?\s*"?(?:{AMOUNT}|{IN_WORDS})').finditer(text[first : at + SEEN]):
        why = other_currency(found[0], writing.currency)
        if why and _holds(found, at - first):
            return Respelling(first + found.start(), first + found.end(), (), why, final=True)
    return None


def _around(forms: tuple[Form, ...], text: str, at: int, writing: Writing) -> Iterator[Respelling]:
    first = max(at - SEEN, 0)
    window = text[first : at + SEEN]
    for form in forms:
        for found in _compiled(form.pattern).finditer(window):
            if not _holds(found, at - first):
                continue
            texts = form.texts(found, writing)
            if (texts or form.write is None) and texts != (found[0],):
                start, end = first + found.start(), first + found.end()
                yield Respelling(start, end, texts, form.reason(texts), form.final)


def _holds(found: re.Match[str], place: int) -> bool:
    """Tell whether a place lies in what was found, or after nothing but spaces behind it."""
    between = found.string[found.end() : place]
    return found.start() <= place and not between.strip()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
