"""What somebody may have meant who writes an expression as other tools, or a pen, would have it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from pmo_engine.model.hints import SIGNS, day_meant, money_meant

SEEN = 200  # characters that are looked at on either side
_Say: TypeAlias = "str | Callable[[re.Match[str], re.Match[str]], str]"

_DURATION = 'a duration is written @"P3D" for 3 days, @"P2M" for 2 months, @"PT4H" for 4 hours'
_TEXT = 'text is written in double quotes, as in "text"'


def _money(number: str, currency: str) -> str:
    return f'money is written @"{number.replace(",", "").rstrip(".")} {currency}"'


# What stands before the place, what stands there, and what to say.
_SYNTAX: tuple[tuple[str, str, _Say], ...] = (
    (r"=\s*", r"=", "write '=' to compare"),
    (r"=\s*", r">", "write '>='"),
    (r"=\s*", r"<", "write '<='"),
    (r"<\s*", r">", "write '!='"),
    (r"", r":=", "write '=' to compare"),
    (r"", r"&", "write 'and'"),
    (r"", r"\|", "write 'or'"),
    (r"", r"!", "write not(...)"),
    (r"", r"['`\u00b4\u2018\u2019]", _TEXT),
    (r"", r"[\u201c-\u201f\u00ab\u00bb]", f"the quotes are curly; {_TEXT}"),
    (r"", r"%", "write modulo(a, b), or a number such as 0.5 for 50 %"),
    (r"", r"\?", "write if ... then ... else ..."),
    (r"", r";", "an expression has no ';'"),
    (r"", r"/\*", "end the comment with */"),
    (r"", r"\$?\{\{?", "a name stands alone, as in change.cost"),
    (r"", r"([£€])\s*([\d.,]+)", lambda _, at: _money(at[2], SIGNS[at[1]])),
    (r"", r"\$\s*([\d.,]+)", lambda _, at: _money(at[1], "USD")),
    (r"\b([A-Z]{3})\s+", r"\d[\d.,]*", lambda before, at: _money(at[0], before[1])),
    (
        r"",
        r"(?:AND|OR|NOT|IN|IF|THEN|ELSE|BETWEEN|SOME|EVERY|FOR|RETURN|SATISFIES)\b",
        lambda _, at: f"write '{at[0].lower()}' in small letters",
    ),
    (r"([\d.]+)\s*", r"[A-Z]{3}\b", lambda before, at: _money(before[1], at[0])),
    (
        r"(\d{1,3})",
        r"((?:,\d{3})+)(?!\d)",
        lambda before, at: f"a number has no commas: write {before[1]}{at[1].replace(',', '')}",
    ),
    (r"(\d+)", r",(\d+)", lambda before, at: f"a decimal has a point: write {before[1]}.{at[1]}"),
    (r"\d\s*", r"(?:working\s+)?(?:day|week|month|year|hour|minute)s?\b", _DURATION),
    (r"\bbetween\b[^()]*", r"to\b", "write between ... and ..."),
    (r"\bin\s+[^()\[\]]*", r",", 'put brackets around the values, as in ("a", "b")'),
    (r"\bnot\s+", r"\w", "put brackets after it: not(...)"),
    (r"[\w\"\])]\s*", r"is\s+not\b", "write '!='"),
    (r"[\w\"\])]\s*", r"(?:is\s+)?(?:greater|more|larger|above|over|exceeds)\b", "write '>'"),
    (r"[\w\"\])]\s*", r"(?:is\s+)?(?:less|fewer|smaller|below|under)\b", "write '<'"),
    (r"[\w\"\])]\s*", r"(?:is|equals?)\b", "write '='"),
    (
        r"([\w.]+)\s+",
        r"contains\b",
        lambda before, _: f"write contains({before[1]}, ...)",
    ),
    (
        r"([\w.]+)\s+",
        r"(starts|ends)\b(?: with\b)?",
        lambda before, at: f"write {at[1]} with({before[1]}, ...)",
    ),
    (r"([\w.]+)\s+", r"(?:matches|like)\b", lambda before, _: f"write matches({before[1]}, ...)"),
    (r"", r"\)", "no '(' is open here"),
    (
        r"\b([^\W\d]\w*)\s+",
        r"[^\W\d]\w*",
        lambda before, at: (
            f"a name has no spaces: write {before[1]}.{at[0]} for a field, "
            f"{before[1]}_{at[0]} for one name"
        ),
    ),
)
_COMPILED = tuple(
    (re.compile(f"(?:{before})$"), re.compile(at), say) for before, at, say in _SYNTAX
)


def syntax_hint(text: str, at: int) -> str:
    """Say how what stands at an offset is written here; nothing where that is not known."""
    before, here = text[max(at - SEEN, 0) : at], text[at : at + SEEN]
    for earlier, pattern, say in _COMPILED:
        found = pattern.match(here)
        if found and (reached := earlier.search(before)):
            return say if isinstance(say, str) else say(reached, found)
    return ""


def literal_hint(text: str) -> str:
    """Say how a value after ``@`` is written: money, a day, or a duration."""
    meant = money_meant(text) or day_meant(text)
    if meant:
        return f'write @"{meant}"'
    if re.match(r"\d+ (?:working )?(?:day|week|month|year|hour|minute)s?$", text):
        return _DURATION
    return ""
