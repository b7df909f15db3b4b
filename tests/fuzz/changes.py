"""Random changes to what is really written: to bytes, to the words of a text, to whole policies."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from tests.fuzz import corpus, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

WORD = re.compile(r'\w+|"[^"\n]*"|\s+|.', re.DOTALL)
PIECES = (
    *"{}[]:-,|>&*!%@`'\"#?.()=<~\\\n\t ", "\n---\n", ": ", "- ", "null", "true", "''", "-1", "|2\n",
    "!!int ", "&a ", "*a", "<<: ", "1e999999999", "2026-02-30", "5 EUR", "9999999999 years",
    "00:00", "1" * 5000, "\x00", "\x85", "\u2028", "\ufeff", "é", "e\u0301", "\U0001f600",
    "kind: rules\n", "for x in 1..9999999 return x", '@"5 GBP"', "authority(1, 2)", "list<list<",
    "1/0 > 0",
)  # fmt: skip
BROKEN = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xfe\xff", b"\xf4\x90\x80\x80")
DEEP = ("[", "{a: ", "- ", "? ", "(", "not(", "-", "if true then ", "[1, ", "a.", "1+", '{"a":')


class _Dumper(yaml.CSafeDumper):
    """Writes what stands in two places twice, since anchors are refused."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def words(rng: Random, text: str, others: Sequence[str]) -> str:
    """Change some words of a text: left out, repeated, moved, replaced, or another's put in."""
    found = WORD.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        here, there = rng.randint(0, len(found)), rng.randint(0, len(found))
        to = here + rng.choice((0, 1, 1, 2, 5))
        more = WORD.findall(rng.choice(others))
        begin = rng.randint(0, len(more))
        found[here:to] = rng.choice(
            (
                [],
                found[here:to] * 2,
                found[there : there + 5],
                [rng.choice(sentences.vocabulary())],
                [rng.choice(PIECES)],
                more[begin : begin + 8],
                [rng.choice(DEEP) * rng.choice((2, 30, 300))],
            )
        )
    return "".join(found)


def octets(rng: Random, data: bytes) -> bytes:
    """Change some bytes: left out, repeated, or such as no text has put in."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        here = rng.randint(0, len(found))
        to = here + rng.choice((0, 1, 2, 40))
        piece = rng.choice(PIECES).encode()
        found[here:to] = rng.choice(
            (b"", bytes(found[here:to]) * 2, rng.choice(BROKEN), piece, rng.randbytes(2))
        )
    return bytes(found)


def values(rng: Random, text: str) -> str:
    """Change values of a policy, which stays YAML: left out, repeated, replaced by any other."""
    documents = deepcopy(_documents(text))
    places = list(_places(documents))
    for within, key in rng.sample(places, min(len(places), rng.choice((1, 1, 2, 4)))):
        how = rng.randrange(5)
        if how == 0 and key in _keys(within):
            del within[key]
        elif how == 1 and isinstance(within, dict):
            within[rng.choice(_words())] = deepcopy(within.get(key))
        elif key in _keys(within):
            within[key] = _other(rng, how)
    return "---\n".join(yaml.dump(each, Dumper=_Dumper, sort_keys=False) for each in documents)


@cache
def _documents(text: str) -> list[Any]:
    try:
        return list(yaml.load_all(text, yaml.CBaseLoader))
    except yaml.YAMLError:
        return [text]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in _keys(value):
        yield value, key
        yield from _places(value[key])


def _keys(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value)
    return range(len(value)) if isinstance(value, list) else ()


def _other(rng: Random, how: int) -> Any:
    """Give another value: one of any policy, an expression, or a strange word."""
    if how == 2:
        within, key = rng.choice(_all_places())
        return deepcopy(within[key])
    return rng.choice(rng.choice((corpus.expressions(), PIECES, _words())))


@cache
def _all_places() -> list[tuple[Any, Any]]:
    return [place for text in corpus.policies() for place in _places(_documents(text))]


@cache
def _words() -> tuple[str, ...]:
    """Give every key and short value that any policy uses."""
    texts = (str(key) for within, key in _all_places() if isinstance(within, dict))
    scalars = (within[key] for within, key in _all_places())
    short = (each for each in scalars if isinstance(each, str) and len(each) < 40)
    return tuple(dict.fromkeys((*texts, *short)))
