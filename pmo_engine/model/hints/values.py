"""What somebody meant who wrote a value as a letter would have it: £50,000, 01/04/2026, 9am-5pm.

Each reader gives every value that a text may mean, in the form that is read here: one where the
text is clear, several where two readers would differ, none where it is something else. An amount
is never rounded, and no digit is left out.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from pmo_engine.model.hints.number_words import in_figures
from pmo_engine.model.patterns import pattern

Readings: TypeAlias = tuple[str, ...]
_LONGEST = 40
_SIGNS = {
    "£": "GBP",
    "€": "EUR",
    "$": "USD CAD AUD NZD SGD HKD MXN",
    "¥": "JPY CNY",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₩": "KRW",
    "₪": "ILS",
    "zł": "PLN",
    "kr": "SEK NOK DKK ISK",
    "fr": "CHF",
    "pound": "GBP",
    "euro": "EUR",
    "dollar": "USD CAD AUD NZD SGD HKD MXN",
    "yen": "JPY",
    "franc": "CHF",
}
CURRENCY_WORD = (
    r"(?:[£€$¥₹₽₺₩₪]|(?:[Zz]ł|[Kk]r|[Ff]r|[Pp]ounds?|[Ee]uros?|[Dd]ollars?|[Yy]en|[Ff]rancs?)\b\.?)"
)
"""A currency by its sign or its name."""
NUMBER = r"\d[\d.,'\u2019\u00a0\u2009\u202f ]*(?<![ ,.'])|\d"
MULTIPLE = r"(?:[kKmM]|[mM]n|[mM]io|[bB]n|thousand|million|billion|lakh|crore)\b"
_AMOUNT = pattern(rf"(-?) *({NUMBER}) ?({MULTIPLE})?")
_NO_PENCE = pattern(r"(?<=\d)([.,])-+$")
_BELOW = (
    pattern(r"([^()\d-]*)\( ?([^()-]+?) ?\)([^()\d-]*)"),  # as accountants write it
    pattern(r"([^()\d-]*)(\d[^()-]*\d|\d) ?-([^()\d-]*)"),  # as ledgers do
)
_SIDE = pattern(r"(.*\S) ?\b([Cc][Rr]|[Dd][Rr])\.?")
_UP_TO = pattern(
    r"^(?:up to(?: and including)?|at most|not exceeding|(?:no|not) more than"
    r"|max(?:imum)?\.?(?: of)?|<=|\u2264)\s*|[, ]*\(?(?:inclusive|included)\)?$",
    re.IGNORECASE,
)
_LAND = {"US": "USD", "C": "CAD", "CA": "CAD", "A": "AUD", "AU": "AUD", "NZ": "NZD", "HK": "HKD"}
_LANDS = "|".join(sorted(_LAND, key=len, reverse=True))
LAND = rf"(?<![A-Za-z])(?:{_LANDS})(?=\$)"
"""Whose dollars: ``US`` before ``$``."""
_DOLLARS = pattern(rf"(?<![A-Za-z])({_LANDS})\$")
_CODE = pattern(rf"{CURRENCY_WORD}|(?<![A-Za-z])[A-Za-z]{{3}}(?![A-Za-z])")
_GROUPED = pattern(r"\d{1,3}([.,' ])\d{3}(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")
_POINT = pattern(r"(.*\d)([.,])(\d+)")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PARTS = {"half": "1/2", "third": "1/3", "thirds": "/3", "quarter": "1/4", "quarters": "/4"}
_OF_MEMBERS = pattern(
    r"^(?:(?:at least|not less than|no fewer than|(?:a )?minimum(?: of)?) )?(.+?)"
    r"(?: (?:of )?(?:all )?(?:the |its )?(?:voting )?(?:members|membership|board|body|council))?"
    r"(?: present)?$"
)
_SPAN = pattern(
    r"(\d{1,5}|[a-z]+)[ -]?((?:working|business|work|week|office)[ -]?(?=[dh]))?([a-z]+)\.?"
)
_UNITS = {
    "minute": "minute min mins minutes",
    "hour": "h hr hrs hour hours",
    "working hour": "wh workhour workhours",
    "day": "d day days",
    "working day": "wd workday workdays",
    "week": "w wk wks week weeks",
    "month": "mo mth month months",
    "year": "y yr yrs year years",
}
_MULTIPLES = {
    "": 0,
    "k": 3,
    "thousand": 3,
    "lakh": 5,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "crore": 7,
    "bn": 9,
    "billion": 9,
}
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u00b4`", "'"),
        "½": "1/2",
        "⅓": "1/3",
        "⅔": "2/3",
        "¼": "1/4",
        "¾": "3/4",
        "\u2044": "/",
    }
)


class Misread(ValueError):
    """A text that is not a value of its kind: what is wrong, and what it may have meant.

    ``what`` is said whatever was meant, ``wanted`` where nothing is known of that.
    """

    def __init__(self, what: str, readings: Readings = (), wanted: str = "") -> None:
        self.what, self.readings, self.wanted = what, readings, wanted
        super().__init__(what + write(readings, wanted))


def write(readings: Readings, otherwise: str = "") -> str:
    """Say how it is written, if it is known what may be meant."""
    return f": write {' or '.join(readings)}" if readings else otherwise


def plain(text: str) -> str:
    """Write the figures, spaces, dashes and parts of any script as a keyboard has them."""
    figures = "".join(str(unicodedata.decimal(each, each)) for each in text.translate(_PLAIN))
    return figures.strip(" \"'\u201c\u201d\u201e\u00ab\u00bb")


def money_meant(text: str, currency: str = "") -> Readings:
    """Give ``50000 GBP`` for ``£50,000``, ``GBP 50k`` and the like, ``-5 GBP`` for ``(£5)``.

    A policy's ``currency`` stands where none is written, and tells whose dollars are meant. What is
    a credit (``CR``) is below nothing in one book and above it in the other.
    """
    if found := _SIDE.fullmatch(text.strip()):
        meant = money_meant(found[1], currency)
        below = tuple(f"-{each}" for each in meant if each[0] != "-")
        return (*below, *meant) if found[2].lower() == "cr" else (*meant, *below)
    text = _in_codes(_below(_UP_TO.sub("", in_figures(plain(text))))) if _is_short(text) else ""
    codes = _shared(named) if (named := _named(text)) else [currency] if currency else []
    codes = [currency] if currency in codes else codes
    rest = _CODE.sub(lambda each: each[0] * (each[0].lower() in _MULTIPLES), text)
    amounts = _amounts(rest.strip()) if len(codes) == 1 else ()
    return tuple(f"{each} {code}" for code in codes for each in amounts)


def currencies_named(text: str) -> Readings:
    """Give the currencies of which an amount may be, by its signs and codes: several for ``$5``."""
    return tuple(_shared(_named(_in_codes(plain(text)) if _is_short(text) else "")))


def _named(text: str) -> list[list[str]]:
    return [_codes(each) for each in _CODE.findall(text) if each.lower() not in _MULTIPLES]


def _shared(named: list[list[str]]) -> list[str]:
    first, others = named[:1], named[1:]
    return [each for codes in first for each in codes if all(each in more for more in others)]


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST


def _in_codes(text: str) -> str:
    """Give ``AUD 5`` for ``A$5``."""
    return _DOLLARS.sub(lambda found: f"{_LAND[found[1]]} ", text.replace("_", ""))


def _below(text: str) -> str:
    """Give ``- 5,000 GBP`` for ``(5,000) GBP``, ``(£5,000)``, ``5,000- GBP``."""
    found = next(filter(None, (form.fullmatch(text) for form in _BELOW)), None)
    return f"-{' '.join(each.strip() for each in found.groups())}".strip() if found else text


def _codes(word: str) -> list[str]:
    """Give the currency of a sign or a code; all those that share a sign."""
    name = word.lower().rstrip(".")
    return _SIGNS.get(name, _SIGNS.get(name.removesuffix("s"), name.upper())).split()


def number_meant(text: str) -> Readings:
    """Give ``50000`` for ``50,000`` or ``50k``, ``4.5`` for ``4,5``, ``-5`` for ``(5)``."""
    text = in_figures(plain(text).lower().replace("_", "")) if len(text) <= _LONGEST else ""
    return _amounts(_below(text))


def _amounts(text: str) -> Readings:
    found = _AMOUNT.fullmatch(_NO_PENCE.sub(r"\g<1>00", re.sub("/-$", "", text)))
    if found is None:
        return ()
    power = _MULTIPLES[(found[3] or "").lower()]
    read = _decimals(found[2].strip())
    return tuple(f"{found[1] if each else ''}{each.scaleb(power).normalize():f}" for each in read)


def _decimals(text: str) -> list[Decimal]:
    """Read a number in any country's separators.

    ``1.005`` is two numbers on two sides of a border; ``0.005`` is one, as no group begins with 0.
    ``5,000,00`` is none: what parts the thousands does not part the pence as well.
    """
    found = _POINT.fullmatch(text)
    whole, part = (found[1], found[3]) if found else (text, "")
    grouped = [text] if _GROUPED.fullmatch(text) and text[0] != "0" else []
    read = [Decimal(_joined(each)) for each in grouped]
    apart = found is not None and found[2] not in whole
    alone = found is not None and found[2] == "."
    short = alone or len(part) <= 2  # noqa: PLR2004 - a decimal comma has no more places
    if part and apart and short and (whole.isdecimal() or _GROUPED.fullmatch(whole)):
        read.append(Decimal(f"{_joined(whole)}.{part}"))
    if text.isdecimal():
        read.append(Decimal(text))
    return read


def _joined(figures: str) -> str:
    return re.sub(r"[.,' ]", "", figures)


def share_meant(text: str) -> Readings:
    """Give ``50 %`` for ``0.5``, ``1/2``, ``50 per cent`` and the like; ``50`` alone as well."""
    text = re.sub(r" ?(?:percent|per cent|pct|pc|%)\.?$", "%", plain(text).lower())
    text = re.sub(r" of (?:the |its )?(?:time|period)(?: allowed)?$", "", text)
    text = {"halfway": "half", "the end": "100%", "end": "100%"}.get(text, text)
    if text.endswith("%"):
        return tuple(f"{each} %" for each in _amounts(text[:-1]))
    if parts := part_meant(text):
        return tuple(_percent(Fraction(each)) for each in parts if "/" in each and _ends(each))
    numbers = [Fraction(each) for each in _amounts(text)]
    wholes = [each for each in numbers if 0 < each <= 1]
    hundreds = [each / 100 for each in numbers if each >= 1]
    return tuple(_percent(each) for each in (*wholes, *hundreds))


def _ends(part: str) -> bool:
    """Tell whether a part can be written in decimals: two thirds cannot."""
    return 10**6 % Fraction(part).denominator == 0


def _percent(part: Fraction) -> str:
    return f"{(Decimal(part.numerator) * 100 / Decimal(part.denominator)).normalize():f} %"


def part_meant(text: str) -> Readings:
    """Give ``1/2`` for ``50 %`` or half, ``2/3`` for two thirds, ``3`` for three."""
    text = plain(text).lower() if len(text) <= _LONGEST else ""
    if text.endswith(("%", "percent", "per cent")):
        return tuple(_part(Fraction(each) / 100) for each in _amounts(text.rstrip("percnt% ")))
    bare = _OF_MEMBERS.sub(r"\1", text)
    if bare != text:
        return (bare,) if bare.isdecimal() else part_meant(bare)
    if found := re.fullmatch(r"(\d+) ?(?:of|out of) ?\d+", text):
        return (found[1],)
    if text in {"all", "everybody", "everyone", "the whole", "unanimous"}:
        return ("1/1",)
    words = text.replace("-", " ").removeprefix("a ").split()
    if found := re.fullmatch(r"(\d+) ?/ ?(\d+)", text):
        return (f"{found[1]}/{found[2]}",) if 0 < int(found[1]) <= int(found[2]) else ()
    if words[1:] and words[0] in _NUMBERS and words[1] in _PARTS:
        part = f"{_NUMBERS.index(words[0]) + 1}/{_PARTS[words[1]][-1]}"
        return (part,)
    if len(words) == 1 and words[0] in _PARTS:
        return (_PARTS[words[0]],)
    if text in _NUMBERS:
        return (str(_NUMBERS.index(text) + 1),)
    return tuple(_part(Fraction(each)) for each in _amounts(text) if 0 < Fraction(each) < 1)


def _part(fraction: Fraction) -> str:
    return f"{fraction.numerator}/{fraction.denominator}"


def span_meant(text: str) -> Readings:
    """Give ``3 working days`` for ``three business days``, ``3 wd``; for ``3`` what it may be."""
    text = in_figures(plain(text).lower()) if len(text) <= _LONGEST else ""
    if text.isdecimal():
        return tuple(_span(int(text), each) for each in ("working day", "day", "hour"))
    found = _SPAN.fullmatch(text)
    if found is None:
        return ()
    number, working, short = found.groups()
    amount = "1" if number in {"a", "an"} else number
    unit = next((each for each, words in _UNITS.items() if short in words.split()), "")
    unit = f"working {unit}" if working else unit
    return (_span(int(amount), unit),) if amount.isdigit() and unit in _UNITS else ()


def _span(amount: int, unit: str) -> str:
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def yes_or_no(text: str) -> Readings:
    """Give ``true`` for ``yes``, ``y`` or ``on``, ``false`` for ``no``."""
    word = text.strip().lower()
    if word in {"yes", "y", "on", "true", "t"}:
        return ("true",)
    return ("false",) if word in {"no", "n", "off", "false", "f"} else ()
