"""Forms that are not of the language, and how each is written in it."""

from __future__ import annotations

import re
from decimal import Decimal

from pmo_engine.feel.syntax.clocks import TIMES
from pmo_engine.feel.syntax.phrases import PERIODS, PHRASES
from pmo_engine.feel.syntax.pieces import (
    A_DAY,
    AMOUNT,
    BOUND,
    BRACKETED,
    CONSTANT,
    DASH,
    END,
    IN_WORDS,
    INNER,
    MANY,
    NUMBER,
    OPENING,
    PERCENT,
    SINGLE,
    SUBJECT,
    VALUE,
    WORDS,
    Form,
)
from pmo_engine.feel.syntax.ranges import DAYS, ENDS
from pmo_engine.feel.syntax.sentences import DIFFERENCES, PARTS, SENTENCES, values_of
from pmo_engine.feel.syntax.shares import EXTREMES, SHARES
from pmo_engine.feel.syntax.writing import Writing, duration_meant
from pmo_engine.model.hints.number_words import NUMBER_IN_WORDS
from pmo_engine.model.hints.times import MONTHS, day_among, day_meant
from pmo_engine.model.hints.values import Readings, number_meant
from pmo_engine.model.money import amounts_meant


def _amount(found: re.Match[str], writing: Writing) -> Readings:
    return writing.literals(amounts_meant(found[0], writing.currency))


def _below(found: re.Match[str], writing: Writing) -> Readings:
    """Give an amount below zero for one in brackets, which may as well be brackets alone."""
    meant = amounts_meant(found[0], writing.currency)
    inner = found[0].removeprefix("(").removesuffix(")")
    plain = amounts_meant(inner, writing.currency) if inner == found[0][1:-1] else ()
    return writing.literals((*meant, *plain))


def _literal(found: re.Match[str], writing: Writing) -> Readings:
    text = found[1]
    meant = amounts_meant(text, writing.currency) if not text.isdecimal() else ()
    return writing.literals(meant or day_meant(text) or duration_meant(text))


def _day(found: re.Match[str], writing: Writing) -> Readings:
    return writing.literals(day_among(found.string, found[0]))


def _duration(found: re.Match[str], writing: Writing) -> Readings:
    if writing.kind == "number":
        return ()  # whether the column counts days or hours, nobody but its writer knows
    return writing.literals(duration_meant(found[0]))


def _number(found: re.Match[str], _: Writing) -> Readings:
    return number_meant(found[0])


def _share(found: re.Match[str], _: Writing) -> Readings:
    numbers = number_meant(found[1])
    return (*(f"{(Decimal(each) / 100).normalize():f}" for each in numbers), *numbers)


def _small(found: re.Match[str], _: Writing) -> Readings:
    return (found[0].lower(),)


def _listed(found: re.Match[str], _: Writing) -> Readings:
    return (f"in ({values_of(found[1])})",)


def _named(found: re.Match[str], _: Writing) -> Readings:
    return f"{found[1]}.{found[2]}", f"{found[1]}_{found[2]}"


def _like(found: re.Match[str], _: Writing) -> Readings:
    """Give ``starts with(x, "a")`` for ``x like "a%"``; nothing for a pattern of another form."""
    subject, pattern = found[1], found[2]
    text = pattern.strip("%")
    if not text or "%" in text or "_" in text:
        return ()
    calls = {(True, False): "starts with", (False, True): "ends with", (True, True): "contains"}
    name = calls.get((pattern.endswith("%"), pattern.startswith("%")))
    return (f'{name}({subject}, "{text}")',) if name else (f'{subject} = "{text}"',)


FORGOTTEN = 3  # brackets that somebody may have forgotten to close


def _closed(found: re.Match[str], _: Writing) -> Readings:
    text = found[0].rstrip()
    missing = text.count("(") - text.count(")")
    return (text + ")" * missing,) if 0 < missing <= FORGOTTEN else ()


_DURATION = 'a duration is written @"P3D" for 3 days, @"P2M" for 2 months, @"PT4H" for 4 hours'
_TEXT = 'text is written in double quotes, as in "text"'
_COMPARISONS = tuple(
    Form(rf"\b(?:(?:is|are|was) )?(?:{words})(?!\s*\(|\w)", sign, f"write '{sign}'")
    for sign, words in WORDS.items()
)
_SIGNS = {
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2026": "..",
    r"=\s*>": ">=",
    r"=\s*<": "<=",
    r"<\s*>|=!|/=": "!=",
    r"&&?": "and",
    r"\|\|?": "or",
    "\u2227": "and",
    "\u2228": "or",
    r"\^": "**",
    "->|::": ".",
}

_LITTLE = (
    r"(?i:like|within|inclusive|exclusive|the|of|on|in|by|at|to|from|than|ago|and|or|not|is|are"
    r"|more|less|as|so|per|net|excl|excluding|incl|including|plus|minus|about|around|approx|unless"
    r"|except|when|where|if|else|then|either|both|neither|nor|any|each|all|some|no|has|have|exists"
    r"|includes?|falls|dated|only|with|without|for|between|because|but|while|until|after|before)\b"
)
"""Words that stand between others, and in no name."""

_RECKONED = (
    r"(?i:net|gross|excl|excluding|incl|including|plus|before|after)\b[ .]*(?:of )?(?i:vat|tax)\b"
    r"|\((?:net|gross)\)|p\.\s?[am]\b|(?:per|a|each) (?:annum|year|month|day|week|head|item)\b"
)
ADVICE: tuple[Form, ...] = (
    Form(
        rf"(?:{AMOUNT})\s*\(?(?:{_RECKONED})",
        None,
        "an amount stands alone: what it is reckoned by is another field, or said in words",
    ),
    Form(
        rf"(?:~|\b(?:approx(?:imately)?|about|around|roughly|circa|c)\b\.?)\s*(?:{AMOUNT}|{NUMBER})"
        rf"|(?:{AMOUNT}|{NUMBER}) or so\b",
        None,
        "a limit is exact: say from where to where, as in between ... and ...",
    ),
    Form(
        rf"(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of )?(?i:{'|'.join(MONTHS)})[a-z]*"
        r"(?!\w|\.?,?[ -]?\d)",
        None,
        'a day has a year, as in @"2026-04-01"; of every year: x.month = 4 and x.day >= 1',
    ),
)
"""What only its writer can put into other words."""

FORMS: tuple[Form, ...] = (
    *ADVICE,
    *SENTENCES,
    *PHRASES,
    *TIMES,
    *EXTREMES,
    *SHARES,
    *ENDS,
    Form(rf'[{OPENING}]([^{OPENING}"]*)[{OPENING}"]', r'"\1"', f"the quotes are curly; {_TEXT}"),
    Form(r'\\"([^"\\]*)\\"', r'"\1"', _TEXT),
    Form(rf'[{SINGLE}]([^{SINGLE}"]*)[{SINGLE}]', r'"\1"', _TEXT),
    Form("[\u200b\u2060\ufeff]+", "", "an invisible character stands here"),
    Form(r"={2,3}|:=", "=", "write '=' to compare"),
    *(Form(pattern, sign, f"write '{sign}'") for pattern, sign in _SIGNS.items()),
    Form(rf"!\s*({SUBJECT}|\([^()]*\))", r"not(\1)", "write not(...)"),
    Form(r'@\s*"([^"]*)"', _literal),
    Form(
        rf"({SUBJECT})\s+(?:is\s+)?({END})\s+or\s+(?:more|over|above|later)\b",
        r"\1 >= \2",
    ),
    Form(
        rf"({SUBJECT})\s+(?:is\s+)?({END})\s+or\s+(?:less|under|below|fewer)\b",
        r"\1 <= \2",
    ),
    Form(BRACKETED, _below, "money is written {}"),
    Form(AMOUNT, _amount, "money is written {}"),
    Form(A_DAY, _day, "a day is written {}"),
    Form(IN_WORDS, _amount, "money is written {}"),
    Form(NUMBER_IN_WORDS, _number),
    Form(
        rf"{NUMBER}\s*(?:day|week|month|year|hour|minute)s?\b",
        _duration,
        _DURATION,
    ),
    Form(rf"({NUMBER})\s?{PERCENT}", _share, final=True),
    Form(rf"{NUMBER}{MANY}", _number, "a number has figures and a point alone: write {}"),
    Form(f"[{DASH}]", "-", "write '-'"),
    Form(
        r"\b(?:AND|OR|IN|IF|THEN|ELSE|BETWEEN|SOME|EVERY|FOR|RETURN|SATISFIES)\b",
        _small,
        "write '{}' in small letters",
    ),
    Form(r"\$?\{\{?\s*([\w.]+)\s*\}?\}", r"\1", "a name stands alone: write {}"),
    Form(rf"\bbetween\b({INNER})\s*(?:\bto\b|-)", r"between\1 and", "write between ... and ..."),
    Form(
        rf"(?:\b(?:is|are)\s+(?:one of|any of|either)|\bin)\s*[(\[{{]?\s*"
        rf"({VALUE}(?:\s*(?:,|\bor\b)\s*{VALUE})+)\s*[)\]}}]?",
        _listed,
        'put brackets around the values, as in ("a", "b")',
    ),
    Form(
        rf"({SUBJECT})(\s*(?:[<>]=?|!?=)\s*{VALUE}\s+(?:and|or)\s+)(?=[<>=!])",
        r"\1\2\1 ",
        "say on both sides what is compared",
    ),
    Form(
        rf"({VALUE}\s*[<>]=?\s*)({SUBJECT})(\s+(?:and|or)\s+)(?=[<>=!])",
        r"\1\2\3\2 ",
        "say on both sides what is compared",
    ),
    Form(r"\b(?:is|are)\s+not (?:null|nil|empty|blank|missing|unknown)\b", "!= null", "write '!='"),
    Form(r"\b(?:is|are)\s+(?:null|nil|empty|blank|missing|unknown)\b", "= null", "write '='"),
    Form(
        rf"({SUBJECT})\s+(?:is\s+)?not\s+between\s+({VALUE})\s+and\s+({VALUE})",
        r"not(\1 between \2 and \3)",
    ),
    Form(rf"\bbut\b(?=\s+(?:{BOUND})(?:\b|(?=\W)))", "and", "write 'and'"),
    Form(
        rf"\bfrom\b({INNER})\s+(?:to|until|up to)\b", r"between\1 and", "write between ... and ..."
    ),
    Form(
        rf"(?<!\w)((?:{BOUND})\s+{END})\s+(?=(?:{BOUND})\s+{END})",
        r"\1 and ",
        "join with 'and'",
    ),
    *_COMPARISONS,
    Form(
        rf"\b(?:not|NOT)\s+(?!\()({INNER})\s*(?=\s(?:and|or)\b|\)|$)",
        r"not(\1)",
        "put brackets after it: not(...)",
    ),
    Form(rf"({SUBJECT})\s+(?:does not|doesn't) contain\s+({VALUE})", r"not(contains(\1, \2))"),
    Form(rf"({SUBJECT})\s+contains\s+({VALUE})", r"contains(\1, \2)"),
    Form(rf"({SUBJECT})\s+(?:starts|begins)(?: with)?\s+({VALUE})", r"starts with(\1, \2)"),
    Form(rf"({SUBJECT})\s+ends(?: with)?\s+({VALUE})", r"ends with(\1, \2)"),
    Form(rf'({SUBJECT})\s+(?i:like)\s+["\']([^"\']*)["\']', _like),
    Form(rf"({SUBJECT})\s+matches\s+({VALUE})", r"matches(\1, \2)"),
    Form(rf"({SUBJECT})\s*%\s*({SUBJECT}|\d+)", r"modulo(\1, \2)"),
    Form(r"^(.+?)\s*\?\s*(.+?)\s*:\s*(.+)$", r"if \1 then \2 else \3"),
    Form(r"\s*;\s*$", "", "an expression has no ';'"),
    Form(r"\b([^\W\d]\w*)['\u2019]s\s+([^\W\d]\w*)", r"\1.\2"),
    Form(
        rf"\b(?!{_LITTLE})([^\W\d]\w*)\s+(?!{_LITTLE})([^\W\d]\w*)",
        _named,
        "a name has no spaces: write {}",
        final=True,
    ),
    Form(r"\)", "", "no '(' is open here"),
    Form(r"(?s)(/\*.*)$", r"\1 */", "end the comment with */"),
    Form(r'^([^"]*(?:"[^"]*"[^"]*)*)"([\w ]*)$', r'\1"\2"', 'end it with "'),
    Form(r"^(?!.*\band\b.*\bor\b)(?!.*\bor\b.*\band\b).*\(.*$", _closed),
    Form(r"\b(if\b.+\bthen\b(?!.*\belse\b).+)$", r"\1 else false"),
)
"""Forms inside of an expression, the narrower before the wider."""

_ARGUMENTS = r"((?:[^()]|\([^()]*\))*)"
_OTHER_NAMES = {
    r"(?i:avg|average)": "mean",
    r"(?i:lower|tolower|lowercase)": "lower case",
    r"(?i:upper|toupper|uppercase)": "upper case",
    r"(?i:round)": "round half up",
    r"(?i:roundup)": "round up",
    r"(?i:rounddown)": "round down",
    r"(?i:ceil)": "ceiling",
    r"(?i:substr|mid)": "substring",
    r"(?i:size|counta)": "count",
    r"(?i:startswith)": "starts with",
    r"(?i:endswith)": "ends with",
    "(?:SUM|MIN|MAX|COUNT|ABS|NOT|MEAN|FLOOR)": "",
}


def _joined(found: re.Match[str], _: Writing) -> Readings:
    """Give ``a and b`` for ``AND(a, b)``."""
    word = f" {found[1].lower()} "
    return (f"({word.join(each.strip() for each in _split(found[2]))})",)


def _conditional(found: re.Match[str], _: Writing) -> Readings:
    """Give ``if a then b else c`` for ``IF(a, b, c)``."""
    parts = [each.strip() for each in _split(found[1])]
    return ("(if {} then {} else {})".format(*parts),) if len(parts) == len("abc") else ()


def _split(arguments: str) -> list[str]:
    """Split at the commas that stand in no brackets."""
    return re.split(r"[,;](?![^(]*\))", arguments)


def _field(found: re.Match[str], _: Writing) -> Readings:
    return (f"{found[1]}.{found[0].partition('(')[0].lower()}",)


def _function(found: re.Match[str], _: Writing) -> Readings:
    named = next(name for form, name in _OTHER_NAMES.items() if re.fullmatch(form, found[1]))
    return (f"{named or found[1].lower()}(",)


def _among(found: re.Match[str], _: Writing) -> Readings:
    values = re.findall(rf"(?:=|\bor\b)\s*({CONSTANT})", found[0])
    return (f"{found[1]} in ({', '.join(values)})",)


NAMES: tuple[Form, ...] = (
    *PERIODS,
    Form(rf"\b(AND|OR|And|Or)\({_ARGUMENTS}\)", _joined),
    Form(rf"\b(?:IF|If|IIF)\({_ARGUMENTS}\)", _conditional),
    Form(rf"\b(?i:isblank|isnull|is_null|isempty|is_empty)\({_ARGUMENTS}\)", r"\1 = null"),
    Form(
        r"\b(?i:len|length)\(",
        lambda _, __: ("string length(", "count("),
        "write string length(...) of a text, count(...) of a list",
    ),
    Form(rf"\b({'|'.join(_OTHER_NAMES)})\(", _function, "write {}...)"),
    Form(rf"\b(?:YEAR|Year|MONTH|Month|DAY|Day)\(({SUBJECT})\)", _field),
    Form(r"\b(?:yes|Yes|YES|True|TRUE)\b(?!\()", "true"),
    Form(r"\b(?:no|No|NO|False|FALSE)\b(?!\()", "false"),
    Form(rf"{NUMBER_IN_WORDS}(?!\()", _number),
    Form(r"\byesterday\b", 'today - @"P1D"'),
    Form(r"\btomorrow\b", 'today + @"P1D"'),
    *DIFFERENCES,
    Form(r"\btotal\(", "sum("),
    Form(r"\b[Zz]ero\b(?!\()", "0"),
    Form(r"\b(?:none|None|NONE|nil|NULL|Null|NaN)\b(?!\()", "null"),
)
"""Words of other tools, which are nobody's names here."""

CONDITIONS: tuple[Form, ...] = (
    *DAYS,
    *PERIODS,
    *PARTS["list"],
    Form(
        rf"({VALUE})\s*([<>]=?)\s*({SUBJECT})\s*([<>]=?)\s*({VALUE})",
        r"\1 \2 \3 and \3 \4 \5",
        "compare two values at a time, and join with 'and'",
    ),
    Form(rf"({SUBJECT})\s*=\s*(?:{CONSTANT})(?:\s+or\s+(?:{CONSTANT})(?!\s*[<>=]))+", _among),
    Form(rf"({SUBJECT})\[\"(\w+)\"\]", r"\1.\2"),
)
"""Conditions that can be read and do not mean what they seem to."""

RANGES: tuple[Form, ...] = (Form(rf"\[\s*({VALUE})\s*-\s*({VALUE})\s*\]", r"[\1..\2]"),)
"""Lists of one number that are meant as ranges."""
