"""What forms that are not of the language are made of: a form, and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.model.hints import CURRENCY_WORD, MULTIPLE, Readings
from pmo_engine.model.time_hints import DAY


class Form(NamedTuple):
    """A form: where it stands, what is written for it, and why (``{}`` is what is written).

    What is written is a template of the pattern's groups, or what a function reads in them.
    """

    pattern: str
    write: str | Callable[[re.Match[str], Writing], Readings]
    why: str = "write {}"

    def texts(self, found: re.Match[str], writing: Writing) -> Readings:
        """Give what is written for what was found; nothing where it is something else."""
        if callable(self.write):
            return self.write(found, writing)
        return (found.expand(self.write),)

    def reason(self, texts: Readings) -> str:
        """Say what to write."""
        return self.why.replace("{}", " or ".join(texts))


CODE = r"(?:[A-Z]{3}|(?!and|for|not|but|per|the|yet|inc|net)[a-z]{3})\b"
FIGURES = r"\d+(?:[_.,'\u2019\u00a0\u2009\u202f ]\d+)*"
NUMBER = rf"(?<![\w.]){FIGURES}"
MANY = rf"(?:\s?{MULTIPLE})?"
NO_PENCE = r"(?:(?<=\d)[.,][-\u2010-\u2015\u2212]+)?"
AMOUNT = (
    rf"-?(?:{CURRENCY_WORD}|\b[A-Z]{{3}})\s?-?{FIGURES}{NO_PENCE}{MANY}(?:\s?{CODE})?"
    rf"|-?{NUMBER}{NO_PENCE}{MANY}\s?(?:{CODE}|{CURRENCY_WORD})"
)
UNIT = rf"(?:{CODE}|{CURRENCY_WORD})"
BRACKETED = (
    rf"(?:{UNIT}\s?)?(?<![\w.])\(\s?(?:{UNIT}\s?)?{FIGURES}{MANY}(?:\s?{UNIT})?\s?\)(?:\s?{UNIT})?"
    rf"|{NUMBER}\s?-\s?{UNIT}"
)
PERCENT = r"(?:%|(?:percent|per cent|pct)\b)"
INNER = r"(?:[^()]|\([^()]*\))*?"
SUBJECT = r"(?<![\w.])[^\W\d][\w.]*(?:\([^()]*\))?"
VALUE = rf"(?:@?\"[^\"]*\"|'[^']*'|-?[\d.]+|{SUBJECT})"
CONSTANT = r"@?\"[^\"]*\"|-?\d[\d.]*"
BETWEEN_WORDS = r"\s*(?:/|\||;|\bor\b|\band\b|,)\s*"
OPENING = "\u201c-\u201f\u00ab\u00bb\u2033"
SINGLE = "'`\u00b4\u2018\u2019"
DASH = "\u2010-\u2015\u2212"
A_DAY = f"(?i:{DAY.pattern})"
_NAMED_END = rf"(?:{A_DAY}|{AMOUNT}|{FIGURES}{MANY})"
END = re.sub(r"\?P<\w+>", "", _NAMED_END.replace("(?P=sep)", "[./ -]")).replace(r"(?<![\w.])", "")
"""One end of a range: a day, an amount or a number, by no name of a group."""

WORDS = {
    ">=": r"(?:(?:greater|more|larger|higher|later) than|above|over|after) or equal(?: to)?"
    r"|at least|since"
    r"|equal to or (?:(?:greater|more|larger|higher|later) than|above|over|after)"
    r"|minimum(?: of)?|(?:no|not) (?:less|fewer|lower|smaller|earlier) than"
    r"|not (?:below|under|before)",
    "<=": r"(?:(?:less|fewer|smaller|lower|earlier) than|below|under|before) or equal(?: to)?"
    r"|at most|until"
    r"|equal to or (?:(?:less|fewer|smaller|lower|earlier) than|below|under|before)"
    r"|maximum(?: of)?|up to(?: and including)?"
    r"|(?:no|not) (?:more|greater|larger|higher|bigger|later) than"
    r"|not (?:above|over|exceeding|after)|(?:do(?:es)? )?not exceed",
    ">": r"(?:greater|more|larger|higher|bigger|later) than|above|over|exceed(?:s|ing)?|after",
    "<": r"(?:less|fewer|smaller|lower|earlier) than|below|under|before",
    "!=": r"(?:is|are) not(?: equal to)?|isn't|not equal(?: to)?|does not equal|other than",
    "=": r"(?:is|are)(?: equal to| exactly)?|equals?(?: to)?",
}
"""What is said for a sign of comparison."""
BOUND = rf"[<>]=?|[\u2264\u2265]|from|{'|'.join(WORDS[each] for each in ('>=', '<=', '>', '<'))}"
"""What stands before one end of a range, in signs or words."""
COMPARED = (
    r"(?:less|fewer|smaller|lower|earlier|greater|more|larger|higher|bigger|later) than\b"
    r"|(?:above|over|exceed(?:s|ing)?|below|under|before|after|at least|at most|up to)\b"
)
