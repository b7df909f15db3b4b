"""Random expressions that the grammar allows, from the grammar itself."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lark.grammar import NonTerminal
from lark.lexer import PatternStr

from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.syntax.parser import _lark
from pmo_engine.feel.types import BY_NAME
from tests.fuzz import corpus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from lark.grammar import Symbol

    Expansion = tuple[Symbol, ...]

RARE = {"EXTERNAL", "SPACED_NAME"}  # always refused, or refused without the call that follows
FOREVER = 10_000
PASS_ON = 0.5  # how often a rule with shorter ways of being written takes one
STRANGE = 0.05  # how often a number, text or literal is an extreme one
FAMILIAR = 0.7  # how often a name is one that the facts or the functions have
FACTS = ("change", "changes", "limit", "level", "flag", "now", "today", "item", "partial", "?")
FIELDS = ("cost", "saving", "score", "category", "note", "critical", "due", "raised", "tags")
FUNCTIONS = {
    **{name: max(len(each.parameters) for each in ways) for name, ways in SIGNATURES.items()},
    **{name: len(each.parameters) for name, each in GOVERNANCE.items()},
}
EXTREMES = {
    "NUMBER": ("1e6144", "1e-6176", "9" * 40, "0." + "0" * 40 + "1", "1e999999999", "100000"),
    "STRING": ('""', '"\\uD83D\\uDE00"', '"\\ud800"', f'"{"(a+)+" * 5}$"', '"\x00\u2028"'),
    "AT_LITERAL": (
        '@"50000 GBP"', '@"50000.001 GBP"', '@"-0 JPY"', '@"1 ZZZ"', '@"PT0S"', '@"-P999999999Y"',
        '@"2026-02-30"', '@"-999999999-12-31"', '@"24:00:00"', '@"2026-03-29T02:30:00@Europe/Rome"',
        '@"12:00:00@Nowhere/City"', '@"P1Y1D"', '@"PT9999999999999H"', '@""',
    ),
}  # fmt: skip


def sentence(rng: Random, size: int = 30, start: str = "start") -> str:
    """Write an expression (or unary tests) of somewhat more than so many words."""
    written: list[str] = []
    _write(rng, NonTerminal(start), size, written)
    return (" " if rng.random() < FAMILIAR else "\n").join(written)


def _write(rng: Random, symbol: Symbol, size: int, written: list[str]) -> None:
    if not isinstance(symbol, NonTerminal):
        written.append(_terminal(rng, symbol.name))
        return
    chosen = rng.choice(_choices(symbol.name, len(written) >= size, rng.random() < PASS_ON))
    if _is_call(chosen) and rng.random() < FAMILIAR:
        _call(rng, size, written)
        return
    for part in chosen:
        _write(rng, part, size, written)


def _is_call(chosen: Expansion) -> bool:
    return len(chosen) > 1 and chosen[0].name == "postfix" and chosen[1].name == "LPAR"


def _call(rng: Random, size: int, written: list[str]) -> None:
    """Write a call of a function that there is, mostly with as many arguments as it takes."""
    name = rng.choice(sorted(FUNCTIONS))
    written += [name, "("]
    for place in range(max(1, FUNCTIONS[name] - rng.choice((0, 0, 0, 1)))):
        written += [","] * bool(place)
        _write(rng, NonTerminal("expression"), size, written)
    written.append(")")


@cache
def _choices(name: str, shortest: bool, single: bool) -> list[Expansion]:  # noqa: FBT001 - cached
    """Give what a rule may be written as: all, the shortest in the end, or one part only."""
    choices = _rules()[name]
    if shortest:
        least = min(map(_length, choices))
        return [each for each in choices if _length(each) == least]
    return [each for each in choices if single and len(each) == 1] or choices


@cache
def _rules() -> dict[str, list[Expansion]]:
    found: dict[str, list[Expansion]] = {}
    for rule in _lark().rules:
        if RARE.isdisjoint(each.name for each in rule.expansion):
            found.setdefault(rule.origin.name, []).append(tuple(rule.expansion))
    return found


def _length(expansion: Expansion) -> int:
    """Count the fewest words that an expansion can be written in."""
    return sum(_lengths().get(each.name, 1) for each in expansion)


@cache
def _lengths() -> dict[str, int]:
    lengths = dict.fromkeys(_rules(), FOREVER)
    for _ in lengths:
        for name, choices in _rules().items():
            sizes = [sum(lengths.get(each.name, 1) for each in choice) for choice in choices]
            lengths[name] = min(lengths[name], *sizes)
    return lengths


def _terminal(rng: Random, name: str) -> str:
    usual = {"NAME": FACTS, "FIELD": FIELDS}.get(name)
    if usual and rng.random() < FAMILIAR:
        return rng.choice(usual)
    strange = EXTREMES.get(name)
    return rng.choice(strange if strange and rng.random() < STRANGE else _samples()[name])


@cache
def _samples() -> dict[str, Sequence[str]]:
    """Give texts of each terminal: what is written somewhere, or its fixed words."""
    written = corpus.tokens()
    written |= {"FIELD": written["NAME"], "TYPE_NAME": tuple(BY_NAME)}
    return {
        each.name: written.get(each.name)
        or _fixed(each.pattern.value, plain=isinstance(each.pattern, PatternStr))
        for each in _lark().terminals
    }


def _fixed(pattern: str, *, plain: bool) -> Sequence[str]:
    if plain:
        return (pattern,)
    words = re.sub(r"\(\?[=!].*\)|\\b", "", pattern).replace(r"\s+", " ").replace(r"\s*", "")
    return [re.sub(r"[\\()]", "", word) or word for word in words.split("|")]


@cache
def vocabulary() -> tuple[str, ...]:
    """Give every text that the terminals may be, and every function, once each."""
    samples = (*_samples().values(), *EXTREMES.values())
    texts = (text for texts in samples for text in texts)
    return tuple(dict.fromkeys((*FUNCTIONS, *FACTS, *FIELDS, *texts)))
