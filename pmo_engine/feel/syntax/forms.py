"""Forms that are not of the language, and how each is written in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from pmo_engine.feel.syntax.writing import Writing, duration_meant
from pmo_engine.model.hints import CURRENCY_WORD, MULTIPLE, Readings, number_meant
from pmo_engine.model.money import amounts_meant
from pmo_engine.model.time_hints import DAY, day_meant


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
    return writing.literals(day_meant(found[0]))


def _duration(found: re.Match[str], writing: Writing) -> Readings:
    return writing.literals(duration_meant(found[0]))


def _number(found: re.Match[str], _: Writing) -> Readings:
    return number_meant(found[0])


def _share(found: re.Match[str], _: Writing) -> Readings:
    numbers = number_meant(found[1])
    return (*(f"{(Decimal(each) / 100).normalize():f}" for each in numbers), *numbers)


def _part_of(found: re.Match[str], _: Writing) -> Readings:
    """Write 10 % of a fact as a product."""
    return tuple(f"{each} * {found[2]}" for each in _parts(found[1]))


def _and_a_part(found: re.Match[str], _: Writing) -> Readings:
    """Write a fact and 10 % more, which are of that fact, as a product."""
    sign = -1 if found[2] == "-" else 1
    return tuple(f"{found[1]} * {1 + sign * each:f}" for each in _parts(found[3]))


def _parts(number: str) -> list[Decimal]:
    return [(Decimal(each) / 100).normalize() for each in number_meant(number)]


def _small(found: re.Match[str], _: Writing) -> Readings:
    return (found[0].lower(),)


def _listed(found: re.Match[str], _: Writing) -> Readings:
    values = [each for each in re.findall(_VALUE, found[1]) if each != "or"]
    return (f"in ({', '.join(values)})",)


def _named(found: re.Match[str], _: Writing) -> Readings:
    return f"{found[1]}.{found[2]}", f"{found[1]}_{found[2]}"


FORGOTTEN = 3  # brackets that somebody may have forgotten to close


def _closed(found: re.Match[str], _: Writing) -> Readings:
    text = found[0].rstrip()
    missing = text.count("(") - text.count(")")
    return (text + ")" * missing,) if 0 < missing <= FORGOTTEN else ()


def _words(found: re.Match[str], writing: Writing) -> Readings:
    if writing.kind != "string":
        return ()
    return (", ".join(re.split(_BETWEEN_WORDS, found[0])),)


def _range(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``[0 GBP..5000 GBP]`` for ``0–5000 GBP``, ``between £0 and £5k``."""
    low, high = writing.end(found["low"]), writing.end(found["high"])
    return (f"[{low}..{high}]",) if low and high else ()


def _ends(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``(5..9]`` for ``over 5 but not over 9``, ``< 5, > 9`` for ``under 5 or over 9``."""
    signs = [_sign(found[each]) for each in ("first", "second")]
    one, other = writing.end(found["one"]), writing.end(found["other"])
    if not one or not other:
        return ()
    match signs[0][0], signs[1][0], found["join"] or "":
        case ">", "<", join if join != "or":
            opening, closing = "(["[len(signs[0]) - 1], ")]"[len(signs[1]) - 1]
            return (f"{opening}{one}..{other}{closing}",)
        case "<", ">", "or" | ",":
            return (f"{signs[0]} {one}, {signs[1]} {other}",)
        case _:
            return ()


def _around(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``(5..9]`` for ``5 < n <= 9``."""
    low, high = writing.end(found["low"]), writing.end(found["high"])
    opening, closing = "(["[len(found["above"]) - 1], ")]"[len(found["below"]) - 1]
    return (f"{opening}{low}..{high}{closing}",) if low and high else ()


def _sign(words: str) -> str:
    """Give the sign for what stands before one end of a range."""
    words = {"\u2264": "<=", "\u2265": ">=", "from": ">="}.get(words, words)
    return next((sign for sign, form in _WORDS.items() if re.fullmatch(form, words)), words)


def _with_unit(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``[0 GBP..5000 GBP]`` for ``[0..5000] GBP``."""
    low, high = (writing.end(f"{found[each]} {found['unit']}") for each in ("low", "high"))
    return (f"{found['open']}{low}..{high}{found['close']}",) if low and high else ()


_DURATION = 'a duration is written @"P3D" for 3 days, @"P2M" for 2 months, @"PT4H" for 4 hours'
_TEXT = 'text is written in double quotes, as in "text"'
_CODE = r"(?:[A-Z]{3}|(?!and|for|not|but|per|the|yet|inc|net)[a-z]{3})\b"
_FIGURES = r"\d+(?:[_.,'\u2019\u00a0\u2009\u202f ]\d+)*"
_NUMBER = rf"(?<![\w.]){_FIGURES}"
_MANY = rf"(?:\s?{MULTIPLE})?"
_NO_PENCE = r"(?:(?<=\d)[.,][-\u2010-\u2015\u2212]+)?"
_AMOUNT = (
    rf"-?(?:{CURRENCY_WORD}|\b[A-Z]{{3}})\s?-?{_FIGURES}{_NO_PENCE}{_MANY}(?:\s?{_CODE})?"
    rf"|-?{_NUMBER}{_NO_PENCE}{_MANY}\s?(?:{_CODE}|{CURRENCY_WORD})"
)
_UNIT = rf"(?:{_CODE}|{CURRENCY_WORD})"
_BRACKETED = (
    rf"(?:{_UNIT}\s?)?(?<![\w.])\(\s?(?:{_UNIT}\s?)?{_FIGURES}{_MANY}(?:\s?{_UNIT})?\s?\)(?:\s?{_UNIT})?"
    rf"|{_NUMBER}\s?-\s?{_UNIT}"
)
_PERCENT = r"(?:%|(?:percent|per cent|pct)\b)"
_INNER = r"(?:[^()]|\([^()]*\))*?"
_SUBJECT = r"(?<![\w.])[^\W\d][\w.]*(?:\([^()]*\))?"
_VALUE = rf"(?:@?\"[^\"]*\"|'[^']*'|-?[\d.]+|{_SUBJECT})"
_CONSTANT = r"@?\"[^\"]*\"|-?\d[\d.]*"
_BETWEEN_WORDS = r"\s*(?:/|\||;|\bor\b|\band\b|,)\s*"
_OPENING = "\u201c-\u201f\u00ab\u00bb\u2033"
_SINGLE = "'`\u00b4\u2018\u2019"
_DASH = "\u2010-\u2015\u2212"
_DAY = f"(?i:{DAY.pattern})"
_END = rf"(?:{_DAY}|{_AMOUNT}|{_FIGURES}{_MANY})"
_UNNAMED_END = re.sub(r"\?P<\w+>", "", _END.replace("(?P=sep)", "[./ -]")).replace(
    r"(?<![\w.])", ""
)

_WORDS = {
    ">=": r"(?:greater|more|larger|higher|later) than or equal(?: to)?|at least|since"
    r"|minimum(?: of)?|(?:no|not) (?:less|fewer|lower|smaller|earlier) than"
    r"|not (?:below|under|before)",
    "<=": r"(?:less|fewer|smaller|lower|earlier) than or equal(?: to)?|at most|until"
    r"|maximum(?: of)?|up to(?: and including)?"
    r"|(?:no|not) (?:more|greater|larger|higher|bigger|later) than"
    r"|not (?:above|over|exceeding|after)|(?:do(?:es)? )?not exceed",
    ">": r"(?:greater|more|larger|higher|bigger|later) than|above|over|exceed(?:s|ing)?|after",
    "<": r"(?:less|fewer|smaller|lower|earlier) than|below|under|before",
    "!=": r"(?:is|are) not(?: equal to)?|isn't|not equal(?: to)?|does not equal|other than",
    "=": r"(?:is|are)(?: equal to| exactly)?|equals?(?: to)?",
}
_COMPARISONS = tuple(
    Form(rf"\b(?:(?:is|are|was) )?(?:{words})(?!\s*\(|\w)", sign, f"write '{sign}'")
    for sign, words in _WORDS.items()
)
_BOUND = rf"[<>]=?|[\u2264\u2265]|from|{'|'.join(_WORDS[each] for each in ('>=', '<=', '>', '<'))}"
"""What stands before one end of a range, in signs or words."""
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
    r"\^": "**",
    "->|::": ".",
}

_COMPARED = (
    r"(?:less|fewer|smaller|lower|earlier|greater|more|larger|higher|bigger|later) than\b"
    r"|(?:above|over|exceed(?:s|ing)?|below|under|before|after|at least|at most|up to)\b"
)

ANYTHING = (
    rf"(?i:otherwise|else|any(?:thing)?(?: \w+)?|(?:in )?all(?: \w+){{0,2}}"
    rf"|every(?:thing)?(?: \w+)?|others?|(?:the )?rest|(?:the )?remaining(?: \w+)?"
    rf"|\*|n/a|always|default|[{_DASH}])"
)
"""Words for whatever there is."""

CELLS: tuple[Form, ...] = (
    Form(ANYTHING, "-", "a cell that everything passes is written -"),
    Form(
        rf"(?:from\s+|between\s+)?(?P<low>{_UNNAMED_END})\s*(?:-|[{_DASH}]|\bto\b|\band\b|\.\.\.?|\u2026)"
        rf"\s*(?P<high>{_UNNAMED_END})",
        _range,
    ),
    Form(
        r"(?P<open>[\[(\]])(?P<low>[^\[\]]+?)\.\.(?P<high>[^\[\]]+?)(?P<close>[\])\[])"
        rf"\s*(?P<unit>{_CODE}|{CURRENCY_WORD}|)",
        _with_unit,
    ),
    Form(
        rf"(?:is )?(?P<first>{_BOUND})\s*(?P<one>{_UNNAMED_END})\s*(?P<join>,|and|but|to|or|)\s*"
        rf"(?P<second>{_BOUND})\s*(?P<other>{_UNNAMED_END})",
        _ends,
    ),
    Form(
        rf"(?P<low>{_UNNAMED_END})\s*(?P<above><=?)\s*[^\W\d][\w.]*\s*(?P<below><=?)"
        rf"\s*(?P<high>{_UNNAMED_END})",
        _around,
    ),
    Form(rf"({_UNNAMED_END})\s*(?:\+|(?:or|and) (?:more|over|above|later|upwards?))", r">= \1"),
    Form(rf"({_UNNAMED_END})\s*(?:or|and) (?:less|under|below|fewer|earlier)", r"<= \1"),
    Form(r"from\s+(.+)", r">= \1"),
    Form(r"by\s+(.+)", r"<= \1"),
    Form(rf"(?:not|except|<>|!=|\u2260)\s*(?!{_COMPARED})([^()\s].*)", r"not(\1)"),
    Form(rf"(?:exactly|equals?(?: to)?|is)\s+(?!{_COMPARED}|not\b)(.+)", r"\1"),
    Form(rf'"?[^\W\d]\w*"?(?:{_BETWEEN_WORDS}"?[^\W\d]\w*"?)+', _words),
)
"""Forms of a whole cell."""

FORMS: tuple[Form, ...] = (
    Form(rf'[{_OPENING}]([^{_OPENING}"]*)[{_OPENING}"]', r'"\1"', f"the quotes are curly; {_TEXT}"),
    Form(r'\\"([^"\\]*)\\"', r'"\1"', _TEXT),
    Form(rf'[{_SINGLE}]([^{_SINGLE}"]*)[{_SINGLE}]', r'"\1"', _TEXT),
    Form("[\u200b\u2060\ufeff]+", "", "an invisible character stands here"),
    Form(r"={2,3}|:=", "=", "write '=' to compare"),
    *(Form(pattern, sign, f"write '{sign}'") for pattern, sign in _SIGNS.items()),
    Form(rf"!\s*({_SUBJECT}|\([^()]*\))", r"not(\1)", "write not(...)"),
    Form(r'@\s*"([^"]*)"', _literal),
    Form(_BRACKETED, _below, "money is written {}"),
    Form(_AMOUNT, _amount, "money is written {}"),
    Form(_DAY, _day, "a day is written {}"),
    Form(
        rf"{_NUMBER}\s*(?:day|week|month|year|hour|minute)s?\b",
        _duration,
        _DURATION,
    ),
    Form(rf"({_NUMBER})\s?{_PERCENT}\s+of\s+({_SUBJECT})", _part_of),
    Form(rf"({_SUBJECT})\s*([+-])\s*({_NUMBER})\s?{_PERCENT}", _and_a_part),
    Form(rf"({_NUMBER})\s?{_PERCENT}", _share),
    Form(rf"{_NUMBER}{_MANY}", _number, "a number has figures and a point alone: write {}"),
    Form(f"[{_DASH}]", "-", "write '-'"),
    Form(
        r"\b(?:AND|OR|IN|IF|THEN|ELSE|BETWEEN|SOME|EVERY|FOR|RETURN|SATISFIES)\b",
        _small,
        "write '{}' in small letters",
    ),
    Form(r"\$?\{\{?\s*([\w.]+)\s*\}?\}", r"\1", "a name stands alone: write {}"),
    Form(rf"\bbetween\b({_INNER})\s*(?:\bto\b|-)", r"between\1 and", "write between ... and ..."),
    Form(
        rf"(?:\b(?:is|are)\s+(?:one of|any of|either)|\bin)\s*[(\[{{]?\s*"
        rf"({_VALUE}(?:\s*(?:,|\bor\b)\s*{_VALUE})+)\s*[)\]}}]?",
        _listed,
        'put brackets around the values, as in ("a", "b")',
    ),
    Form(
        rf"({_SUBJECT})(\s*(?:[<>]=?|!?=)\s*{_VALUE}\s+(?:and|or)\s+)(?=[<>=!])",
        r"\1\2\1 ",
        "say on both sides what is compared",
    ),
    Form(r"\b(?:is|are)\s+not (?:null|nil|empty|blank|missing|unknown)\b", "!= null", "write '!='"),
    Form(r"\b(?:is|are)\s+(?:null|nil|empty|blank|missing|unknown)\b", "= null", "write '='"),
    Form(rf"\bbut\b(?=\s+(?:{_BOUND})(?:\b|(?=\W)))", "and", "write 'and'"),
    Form(
        rf"\bfrom\b({_INNER})\s+(?:to|until|up to)\b", r"between\1 and", "write between ... and ..."
    ),
    Form(
        rf"(?<!\w)((?:{_BOUND})\s+{_UNNAMED_END})\s+(?=(?:{_BOUND})\s+{_UNNAMED_END})",
        r"\1 and ",
        "join with 'and'",
    ),
    *_COMPARISONS,
    Form(
        rf"\b(?:not|NOT)\s+(?!\()({_INNER})\s*(?=\s(?:and|or)\b|\)|$)",
        r"not(\1)",
        "put brackets after it: not(...)",
    ),
    Form(rf"({_SUBJECT})\s+(?:does not|doesn't) contain\s+({_VALUE})", r"not(contains(\1, \2))"),
    Form(rf"({_SUBJECT})\s+contains\s+({_VALUE})", r"contains(\1, \2)"),
    Form(rf"({_SUBJECT})\s+(?:starts|begins)(?: with)?\s+({_VALUE})", r"starts with(\1, \2)"),
    Form(rf"({_SUBJECT})\s+ends(?: with)?\s+({_VALUE})", r"ends with(\1, \2)"),
    Form(rf"({_SUBJECT})\s+(?:matches|like)\s+({_VALUE})", r"matches(\1, \2)"),
    Form(rf"({_SUBJECT})\s*%\s*({_SUBJECT}|\d+)", r"modulo(\1, \2)"),
    Form(r"^(.+?)\s*\?\s*(.+?)\s*:\s*(.+)$", r"if \1 then \2 else \3"),
    Form(r"\s*;\s*$", "", "an expression has no ';'"),
    Form(r"\b([^\W\d]\w*)['\u2019]s\s+([^\W\d]\w*)", r"\1.\2"),
    Form(r"\b([^\W\d]\w*)\s+([^\W\d]\w*)", _named, "a name has no spaces: write {}"),
    Form(r"\)", "", "no '(' is open here"),
    Form(r"(?s)(/\*.*)$", r"\1 */", "end the comment with */"),
    Form(r'"([\w ]*)$', r'"\1"', 'end it with "'),
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
    values = re.findall(rf"(?:=|\bor\b)\s*({_CONSTANT})", found[0])
    return (f"{found[1]} in ({', '.join(values)})",)


NAMES: tuple[Form, ...] = (
    Form(rf"\b(AND|OR|And|Or)\({_ARGUMENTS}\)", _joined),
    Form(rf"\b(?:IF|If|IIF)\({_ARGUMENTS}\)", _conditional),
    Form(rf"\b(?i:isblank|isnull|is_null|isempty|is_empty)\({_ARGUMENTS}\)", r"\1 = null"),
    Form(
        r"\b(?i:len|length)\(",
        lambda _, __: ("string length(", "count("),
        "write string length(...) of a text, count(...) of a list",
    ),
    Form(rf"\b({'|'.join(_OTHER_NAMES)})\(", _function),
    Form(rf"\b(?:YEAR|Year|MONTH|Month|DAY|Day)\(({_SUBJECT})\)", _field),
    Form(r"\b(?:yes|Yes|YES|True|TRUE)\b(?!\()", "true"),
    Form(r"\b(?:no|No|NO|False|FALSE)\b(?!\()", "false"),
    Form(r"\b(?:none|None|NONE|nil|NULL|Null|NaN)\b(?!\()", "null"),
)
"""Words of other tools, which are nobody's names here."""

CONDITIONS: tuple[Form, ...] = (
    Form(
        rf"({_VALUE})\s*([<>]=?)\s*({_SUBJECT})\s*([<>]=?)\s*({_VALUE})",
        r"\1 \2 \3 and \3 \4 \5",
        "compare two values at a time, and join with 'and'",
    ),
    Form(rf"({_SUBJECT})\s*=\s*(?:{_CONSTANT})(?:\s+or\s+(?:{_CONSTANT})(?!\s*[<>=]))+", _among),
    Form(rf"({_SUBJECT})\[\"(\w+)\"\]", r"\1.\2"),
)
"""Conditions that can be read and do not mean what they seem to."""
