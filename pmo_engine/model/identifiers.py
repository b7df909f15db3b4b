"""Ids of people, projects, roles and keys: written in one way, and never taken for another's.

Look-alikes are those of Unicode Technical Standard 39, kept stricter: one script for an id, and no
id all of whose letters have a twin among the plain Latin ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

LONGEST = 100  # characters
ENGINE = "pmo-engine"
"""By this name the engine itself acts in the journal."""

_SHOWN = 60
_TOGETHER = (frozenset({"HAN", "HIRAGANA", "KATAKANA"}), frozenset({"HAN", "HANGUL"}))
_LENGTHENING = frozenset("ー々")  # signs between letters that Japanese is not written without
# Letters and marks by category that show nothing: Hangul fillers, Khmer and Mongolian signs.
_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_KINDS = {
    "Cc": "a control character",
    "Cf": "a character that cannot be seen",
    "Cn": "no character of Unicode",
    "Co": "a character without a meaning of its own",
    "Cs": "half a character",
    "Lm": "a sign that looks like another",
    "Nd": "a digit other than 0 to 9",
    "Zs": "a blank other than the plain one",
    "Zl": "a line break",
    "Zp": "a line break",
}


class IdentifierError(ValueError):
    """An id that could be taken for another, or cannot be read; says why and the way out."""


def canonical(value: str, what: str) -> str:
    """Give an id back as it is; ``what`` it is of, as in ``person``, stands in the error.

    Raises:
        IdentifierError: it is not canonical.
    """
    found = problem(value)
    if found is not None:
        raise IdentifierError(f"{what} {shown(value)}: {found}")
    return value


def problem(value: str) -> str | None:
    """Say why an id is not canonical, and the way out; None where it is."""
    return next(_problems(value), None)


def shown(value: str) -> str:
    """Quote an id in plain letters only, cut where it is long."""
    cut = ascii(value[:_SHOWN])
    return f"{cut[:-1]}...{cut[-1]}" if len(value) > _SHOWN else cut


def _problems(value: str) -> Iterator[str]:
    if not value:
        yield "an id has at least one character"
    if len(value) > LONGEST:
        yield f"an id has at most {LONGEST} characters, not {len(value)}; shorten it"
    yield from (f"{_named(value, char)} is {kind}; leave it out" for char, kind in _odd(value))
    if value != value.strip() or "  " in value:
        yield "a blank at an end, or two in a row; leave them out"
    if value.casefold() == ENGINE:
        yield "this is the engine's own name; choose another"
    if not value.isascii():
        yield from _look_alikes(value)


def _odd(value: str) -> Iterator[tuple[str, str]]:
    """Give the characters that no id has, with what they are."""
    for char in value:
        if (char.isascii() and char.isprintable()) or char in _LENGTHENING:
            continue
        kind = _KINDS.get(unicodedata.category(char))
        if char in _BLANK_LETTERS:
            kind = _KINDS["Cf"]
        elif kind is None and unicodedata.category(char)[0] not in "LM":
            kind = "neither letter nor digit, nor a sign of the keyboard"
        if kind is not None:
            yield char, kind


def _look_alikes(value: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", value)
    if plain != value:
        meant = shown(plain) if problem(plain) else f"'{plain}'"
        yield f"it is another way of writing {meant}; write it so"
    # 0.9 MB of tables, wanted for ids beyond ASCII alone.
    from confusable_homoglyphs.categories import alias  # noqa: PLC0415

    letters = [char for char in value if unicodedata.category(char)[0] in "LM"]
    scripts = {char: str(alias(char)) for char in letters if char not in _LENGTHENING}
    for char, script in scripts.items():
        if script == "INHERITED":
            yield f"{_named(value, char)} changes the letter before it; leave it out"
    yield from _mixed(value, scripts)
    yield from _twins(value, scripts)


def _mixed(value: str, scripts: Mapping[str, str]) -> Iterator[str]:
    found = list(dict.fromkeys(scripts.values()))
    if len(found) > 1 and not any(both.issuperset(found) for both in _TOGETHER):
        odd = next(char for char, script in scripts.items() if script == found[1])
        among = f"{_named(value, odd)} stands among {found[0].capitalize()} letters"
        yield f"{among}; write an id in one script"


def _twins(value: str, scripts: Mapping[str, str]) -> Iterator[str]:
    """Find a Latin letter with a plain twin, or letters of another script that all have one."""
    twins = {char: _twin(char) for char in scripts if not char.isascii()}
    latin = "LATIN" in scripts.values()
    if twins and (any if latin else all)(twins.values()):
        char = next(char for char, twin in twins.items() if twin)
        yield f"{_named(value, char)} looks like a plain '{twins[char]}'; write that, or another id"


def _twin(char: str) -> str:
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - as above

    alike = (str(other["c"]) for other in confusables_data.get(char, ()))
    plain = (each for each in alike if len(each) == 1 and each.isascii() and each.isalnum())
    return next(plain, "")


def _named(value: str, char: str) -> str:
    """Name a character and its place, which counts from 1."""
    name = unicodedata.name(char, "")
    told = f"U+{ord(char):04X} ({name})" if name else f"U+{ord(char):04X}"
    return f"character {value.index(char) + 1}, {told},"
