"""What somebody meant who wrote a limit as a resolution has it: under $250,000, the greater of."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.model.hints.values import share_meant
from pmo_engine.model.money import amounts_meant, minor_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pmo_engine.model.hints.values import Readings

_GREATER = r"greater|greatest|higher|highest|larger|largest"
_WHICH = rf"(?:the\s+)?(?P<which>{_GREATER}|lesser|less|least|lower|lowest|smaller|smallest)"
_TWO = r"(?P<one>.+?)\s+(?:and|or)\s+(?P<other>.+?)"
_EXTREMES = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?:up to\s+)?{_WHICH}\s+of\s*:?\s*{_TWO}",
        rf"(?:up to\s+)?{_TWO},?\s+whichever\s+(?:is|be)\s+{_WHICH}",
    )
)
_SHARE = re.compile(
    r"(?P<share>.+?(?:%|per\s?cent|pct))\s+of\s+(?:the\s+)?(?P<of>.+)", re.IGNORECASE
)
_BELOW = re.compile(
    r"(?:under|below|less than|lower than|smaller than|<|up to,? but (?:not including|excluding),?)"
    r"\s*(?P<amount>[^<>]+?)|(?P<before>[^<>]+?),?\s*\(?(?:exclusive|excluded|not included)\)?",
    re.IGNORECASE,
)


def limit_meant(
    text: str, currency: str, paths: Collection[str], labels: Mapping[str, tuple[str, ...]]
) -> Readings:
    """Give ``249999.99 USD`` for ``under $250,000``, as a limit has its own amount in it.

    ``the greater of $10,000 and 10% of the contract price`` is written with the ``paths`` that are
    amounts of money, or what they are called by ``labels``. Nothing for what is said otherwise.
    """

    def part(written: str) -> str:
        return _part(written.strip(), currency, paths, labels)

    text = " ".join(text.split())
    if below := _BELOW.fullmatch(text):
        return _just_below(below["amount"] or below["before"], currency)
    if found := _extreme_in(text):
        return _extreme(found, part)
    share = part(text) if _SHARE.fullmatch(text) else ""
    return (share,) if share else ()


def told_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """Give ``greater`` and ``£5,000``, ``10 %`` for the greater of those; nothing elsewhere."""
    found = _extreme_in(" ".join(text.split()))
    if found is None:
        return "", ()
    parts = (found["one"], *found["other"].split(" and "))
    return _called(found), tuple(each.strip() for each in parts)


def _extreme_in(text: str) -> re.Match[str] | None:
    return next((found for form in _EXTREMES if (found := form.fullmatch(text))), None)


def _just_below(written: str, currency: str) -> Readings:
    amounts = (each.split(" ") for each in amounts_meant(written, currency))
    return tuple(
        f"{Decimal(number) - Decimal(1).scaleb(-minor_digits(code)):f} {code}"
        for number, code in amounts
    )


def _extreme(found: re.Match[str], part: Callable[[str], str]) -> Readings:
    one, other = part(found["one"]), part(found["other"])
    return (f"{_called(found)} of {one} and {other}",) if one and other else ()


def _called(found: re.Match[str]) -> str:
    return "greater" if re.fullmatch(_GREATER, found["which"].lower()) else "lesser"


def _part(
    written: str, currency: str, paths: Collection[str], labels: Mapping[str, tuple[str, ...]]
) -> str:
    """Write an amount, or a share of one; nothing where it can be read in no way or in several."""
    found = _SHARE.fullmatch(written)
    if found is None:
        amounts = amounts_meant(written, currency)
        return amounts[0] if len(amounts) == 1 else ""
    shares = share_meant(found["share"])
    called = found["of"].casefold()
    named = [each for each in labels.get(called, (found["of"],)) if each in paths]
    return f"{shares[0]} of {named[0]}" if len(shares) == len(named) == 1 else ""
