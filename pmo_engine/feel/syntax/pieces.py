"""What forms that are not of the language are made of: a form, and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.model.hints.number_words import NUMBER_IN_WORDS
from pmo_engine.model.hints.times import DAY, PERIOD
from pmo_engine.model.hints.values import CURRENCY_WORD, LAND, MULTIPLE, Readings


class Form(NamedTuple):
    """A form: where it stands, what is written for it, and why (``{}`` is what is written).

    What is written is a template of the pattern's groups, or what a function reads in them; None
    where only its writer can put it into other words. What is ``final`` is right as it is written,
    or not meant.
    """

    pattern: str
    write: str | Callable[[re.Match[str], Writing], Readings] | None
    why: str = "write {}"
    final: bool = False

    def texts(self, found: re.Match[str], writing: Writing) -> Readings:
        """Give what is written for what was found; nothing where it is something else."""
        if callable(self.write):
            return self.write(found, writing)
        return () if self.write is None else (found.expand(self.write),)

    def reason(self, texts: Readings) -> str:
        """Say what to write."""
        return self.why.replace("{}", " or ".join(texts))


CODE = r"(?:[A-Z]{3}|(?!and|for|not|but|per|the|yet|inc|net)[a-z]{3})\b"
FIGURES = r"\d+(?:[_.,'\u2019\u00a0\u2009\u202f ]\d+)*"
NUMBER = rf"(?<![\w.]){FIGURES}"
MANY = rf"(?:\s?{MULTIPLE})?"
NO_PENCE = r"(?:(?<=\d)[.,/][-\u2010-\u2015\u2212]+)?"
_SIDE = r"(?:\s?\b(?:CR|DR|Cr|Dr)\b\.?)?"
AMOUNT = (
    rf"-?(?:(?:{LAND})?{CURRENCY_WORD}|\b[A-Z]{{3}})\s?-?{FIGURES}{NO_PENCE}{MANY}(?:\s?{CODE})?{_SIDE}"
    rf"|-?{NUMBER}{NO_PENCE}{MANY}\s?(?:{CODE}|{CURRENCY_WORD}){_SIDE}"
)
IN_WORDS = rf"{CURRENCY_WORD}\s?{NUMBER_IN_WORDS}|{NUMBER_IN_WORDS}\s?{CURRENCY_WORD}"
UNIT = rf"(?:{CODE}|{CURRENCY_WORD})"
BRACKETED = (
    rf"(?:{UNIT}\s?)?(?<![\w.])\(\s?(?:{UNIT}\s?)?{FIGURES}{MANY}(?:\s?{UNIT})?\s?\)(?:\s?{UNIT})?"
    rf"|{NUMBER}\s?-\s?{UNIT}"
)
PERCENT = r"(?:%|(?:percent|per cent|pct)\b)"
INNER = r"(?:[^()]|\([^()]*\))*?"
SUBJECT = r"(?<![\w.])[^\W\d][\w.]*(?:\([^()]*\))?"
VALUE = rf"(?:@?\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?|{SUBJECT})"
CONSTANT = r"@?\"[^\"]*\"|-?\d[\d.]*"
BETWEEN_WORDS = r"\s*(?:/|\||;|\bor\b|\band\b|,)\s*"
OPENING = "\u201c-\u201f\u00ab\u00bb\u2033"
SINGLE = "'`\u00b4\u2018\u2019"
DASH = "\u2010-\u2015\u2212"


def unnamed(pattern: str) -> str:
    """Give a pattern whose groups have no names, so that it may stand in another one twice."""
    return re.sub(r"\?P<\w+>", "?:", pattern.replace("(?P=sep)", "[./ -]"))


A_DAY = f"(?i:{unnamed(DAY.pattern)})"
A_PERIOD = f"(?i:{unnamed(PERIOD.pattern)})"
END = rf"(?:{A_DAY}|{AMOUNT}|{FIGURES}{MANY})".replace(r"(?<![\w.])", "")
"""One end of a range: a day, an amount or a number."""

INCLUDED_TOO = r"\s*,?\s*\(?(?:both\s+)?(?:inclusive|incl\.?|included)(?:\b|(?<=\.))\)?"
INCLUDED = rf"(?:{INCLUDED_TOO})?"
"""What says of a range that its ends are in it, which they are."""

WORDS = {
    ">=": r"(?:(?:greater|more|larger|higher|later) than|above|over|after) or equal(?: to)?"
    r"|at least|since|(?:on|at) or (?:after|above|over)"
    r"|equal to or (?:(?:greater|more|larger|higher|later) than|above|over|after)"
    r"|minimum(?: of)?|(?:no|not) (?:less|fewer|lower|smaller|earlier|sooner) than"
    r"|not (?:below|under|before)",
    "<=": r"(?:(?:less|fewer|smaller|lower|earlier) than|below|under|before) or equal(?: to)?"
    r"|at most|until|(?:on|at) or (?:before|below|under)"
    r"|equal to or (?:(?:less|fewer|smaller|lower|earlier) than|below|under|before)"
    r"|maximum(?: of)?|up to(?: and including)?"
    r"|(?:no|not) (?:more|greater|larger|higher|bigger|later) than"
    r"|not (?:above|over|exceeding|after)|(?:do(?:es)? )?not exceed",
    ">": r"(?:greater|more|larger|higher|bigger|later) than|above|over|exceed(?:s|ing)?|after",
    "<": r"(?:less|fewer|smaller|lower|earlier) than|below|under|before",
    "!=": r"(?:is|are) not(?: equal to| exactly)?|isn't|not equal(?: to)?|does not equal"
    r"|other than",
    "=": r"(?:is|are)(?: equal to| exactly)?|equals?(?: to)?",
}
"""What is said for a sign of comparison."""
BOUND = rf"[<>]=?|[\u2264\u2265]|from|{'|'.join(WORDS[each] for each in ('>=', '<=', '>', '<'))}"
"""What stands before one end of a range, in signs or words."""


def sign_of(words: str) -> str:
    """Give the sign for what is said for one; anything else as it is."""
    words = {"\u2264": "<=", "\u2265": ">=", "from": ">=", "by": "<="}.get(words, words)
    return next((sign for sign, form in WORDS.items() if re.fullmatch(form, words)), words)


COMPARED = (
    r"(?:less|fewer|smaller|lower|earlier|greater|more|larger|higher|bigger|later) than\b"
    r"|(?:above|over|exceed(?:s|ing)?|below|under|before|after|at least|at most|up to)\b"
)
