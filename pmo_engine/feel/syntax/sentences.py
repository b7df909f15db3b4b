"""Conditions as sentences: unless, neither ... nor, the number of, is given."""

from __future__ import annotations

import re

from pmo_engine.feel.syntax.pieces import SUBJECT, VALUE, Form
from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.model.hints.values import Readings

_LIST = rf"{VALUE}(?:\s*(?:,\s*or\b|,|\bor\b|\bnor\b)\s*{VALUE})+"
_PUT = r"(?:one of|any of|either|in|among)"
_UNIT = r"(day|week|month|year|hour)"
_GIVEN = r"(?:known|given|provided|set|filled in|entered|stated|specified|present)"
_CALLS = {"number": "count", "count": "count", "sum": "sum", "total": "sum", "average": "mean"}


def values_of(text: str) -> str:
    """Give the values of a list as people write one, with commas between them."""
    return ", ".join(each for each in re.findall(VALUE, text) if each not in {"or", "nor"})


def _none_of(found: re.Match[str], _: Writing) -> Readings:
    return (f"not({found['subject']} in ({values_of(found['values'])}))",)


def _one_of(found: re.Match[str], _: Writing) -> Readings:
    return (f"in ({values_of(found['values'])})",)


def _given(found: re.Match[str], _: Writing) -> Readings:
    """Give both that something was said, and that there is a value."""
    calls = f"is_known({found['subject']})", f"is defined({found['subject']})"
    return tuple(f"not({each})" for each in calls) if found["no"] else calls


def _called(found: re.Match[str], _: Writing) -> Readings:
    return (f"{_CALLS[found['what']]}({found['of']})",)


DIFFERENCES: tuple[Form, ...] = (
    Form(rf"DATEDIFF\(\s*({VALUE})\s*,\s*({VALUE})\s*\)", r"(\2 - \1).days"),
    Form(
        rf"(?:\bthe\s+)?(?:\bnumber of\s+)?\bdays\s+between\s+({VALUE})\s+and\s+({VALUE})",
        r"(\2 - \1).days",
    ),
)
"""Days between two, as spreadsheets have them."""

SENTENCES: tuple[Form, ...] = (
    *(
        Form(
            rf"({SUBJECT})\s+{said}\s+(?:any of\s+|either\s+)?({VALUE})\s+or\s+(\"[^\"]*\"|'[^']*')"
            r"(?!\s*[<>=])",
            rf"({call}(\1, \2) or {call}(\1, \3))",
        )
        for said, call in (
            ("contains", "contains"),
            ("(?:starts|begins)(?: with)?", "starts with"),
            ("ends(?: with)?", "ends with"),
        )
    ),
    Form(r"^\s*(?:when|where|if)\s+(?!.*\bthen\b)", "", "the condition stands alone"),
    Form(r"\b(?:and\s*/\s*or|or\s+else)\b", "or", "write 'or'"),
    Form(r"^\s*(?:unless|except (?:when|if|where))\s+(.+)$", r"not(\1)"),
    Form(r"^(.+?),?\s+(?:unless|except (?:when|if|where))\s+(.+)$", r"(\1) and not(\2)"),
    Form(r"\b(?:both|either)\s+(?=\S+.*\s(?:and|or)\s)", "", "leave it out"),
    Form(
        rf"({SUBJECT})\s+(?:is\s+|are\s+)?not\s+in\s*([\[(][^\[\]()]*\.\.[^\[\]()]*[\])])",
        r"not(\1 in \2)",
    ),
    Form(rf"(?P<subject>{SUBJECT})\s+(?:is\s+|are\s+)?neither\s+(?P<values>{_LIST})", _none_of),
    Form(
        rf"(?P<subject>{SUBJECT})\s+(?:is\s+|are\s+)?(?:not|NOT)\s+{_PUT}\s*[(\[{{]?"
        rf"(?P<values>{VALUE}(?:\s*(?:,|\bor\b)\s*{VALUE})*)(?!\s*\.)\s*[)\]}}]?",
        _none_of,
    ),
    Form(rf"(?:\b(?:is|are)\b|=)\s*(?P<values>{VALUE}\s*,\s*{_LIST})", _one_of),
    Form(
        rf"(?P<subject>{SUBJECT})\s+(?:(?:is|are|was|were|has been)\s+)(?P<no>not\s+)?{_GIVEN}\b",
        _given,
    ),
    Form(
        rf"(?:\bthe\s+)?\b(?P<what>number|count|sum|total|average)\s+of\s+(?:the\s+)?(?P<of>{SUBJECT})",
        _called,
    ),
    Form(
        rf"([^\W\d][\w.]*?(?<![a-z]){_UNIT}s?)\s*([<>]=?|!?=)\s*(\d[\d.]*)\s*\2s?\b",
        r"\1 \3 \4",
    ),
    *DIFFERENCES,
)
"""Sentences, the wider before what stands in them."""

_METHODS = {
    "contains(": r"contains|includes",
    "starts with(": r"startswith|startsWith|starts_with",
    "ends with(": r"endswith|endsWith|ends_with",
}
PARTS: dict[str, tuple[Form, ...]] = {
    "list": (
        Form(rf"({SUBJECT})\.(?:count|length|size|len)\b(?:\(\))?", r"count(\1)"),
        Form(rf"({SUBJECT})\.(sum|min|max)\b(?:\(\))?", r"\2(\1)"),
    ),
    "string": (
        Form(rf"({SUBJECT})\.(?:length|size|len)\b(?:\(\))?", r"string length(\1)"),
        Form(rf"({SUBJECT})\.(?:upper|toUpperCase)\b(?:\(\))?", r"upper case(\1)"),
        Form(rf"({SUBJECT})\.(?:lower|toLowerCase)\b(?:\(\))?", r"lower case(\1)"),
        *(
            Form(
                rf"({SUBJECT})\.(?:{names})\(\s*(?!\))",
                rf"{function}\1, ",
                f"write {function}text, ...)",
            )
            for function, names in _METHODS.items()
        ),
    ),
}
"""What other languages have as parts of a list or of a text, and are functions here."""
