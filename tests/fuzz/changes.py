"""Random changes to what is really written: to bytes, to the words of a text, to whole policies."""

from __future__ import annotations

import re
from collections import defaultdict
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import yaml

from tests.fuzz import corpus, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

WORD = re.compile(r'\w+|"[^"\n]*"|\s+|.', re.DOTALL)
CONTENT = re.compile(r'(?<=>)[^<>\n]+(?=<)|(?<==")[^"]*(?=")')
PIECES = (
    *"{}[]:-,|>&*!%@`'\"#?.()=<~\\\n\t ", "\n---\n", ": ", "- ", "null", "true", "''", "-1", "|2\n",
    "!!int ", "&a ", "*a", "<<: ", "1e999999999", "2026-02-30", "5 EUR", "9999999999 years",
    "00:00", "1" * 5000, "\x00", "\x85", "\u2028", "\ufeff", "é", "e\u0301", "\U0001f600",
    "kind: rules\n", "for x in 1..9999999 return x", '@"5 GBP"', "authority(1, 2)", "list<list<",
    "1/0 > 0", "\u202e", "\u200f", "p\u0435tra", "\u0663", "1" * 1_000_000, '"\\ud800"',
    '"\\u202e"', "\u2264 5k", "\u201c0 GBP\u201d", "10\xa0000 GBP", "\u00a310,000",
    "09:00\u201317:30", "1/2", "22:00-06:00",
)  # fmt: skip
SHORT_KINDS = ("calendar", "suite", "table", "roles", "terms_of_reference", "event_log", "gates")
SHORT = 40
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


def values(rng: Random, text: str, kind: str = "") -> str:
    """Change values of a policy, which stays YAML; of one kind of document alone if it has any.

    They are left out, repeated, or replaced: mostly by what stands under the same key elsewhere, so
    that much of it still is a policy, and some by anything.
    """
    documents = deepcopy(_documents(text))
    places = list(_places(_of_kind(documents, kind) or documents))
    for within, key, name in rng.sample(places, min(len(places), rng.choice((1, 1, 2, 4)))):
        if key not in _keys(within):  # it went with another one
            continue
        how = rng.random()
        if how < 0.1:
            del within[key]
        elif how < 0.2 and isinstance(within, dict):
            within[rng.choice(_words())] = deepcopy(within[key])
        elif how < 0.3 and isinstance(within, list):
            within.append(deepcopy(within[key]))
        elif how < 0.8:
            within[key] = deepcopy(rng.choice(_under().get(name) or _words()))
        else:
            within[key] = rng.choice(rng.choice((corpus.expressions(), PIECES, _words())))
    return "---\n".join(yaml.dump(each, Dumper=_Dumper, sort_keys=False) for each in documents)


def contents(rng: Random, text: str, others: Sequence[str]) -> str:
    """Change texts and attributes of XML, which stays XML: another one's, or any expression."""
    found = list(CONTENT.finditer(text))
    chosen = rng.sample(found, min(len(found), rng.choice((1, 1, 2, 5))))
    for each in sorted(chosen, key=lambda match: -match.start()):
        more = CONTENT.findall(rng.choice(others))
        written = rng.choice(more) if rng.random() < 0.5 else rng.choice(corpus.expressions())
        text = text[: each.start()] + escape(written, {'"': "&quot;"}) + text[each.end() :]
    return text


def _of_kind(documents: list[Any], kind: str) -> list[Any]:
    return [each for each in documents if isinstance(each, dict) and each.get("kind") == kind]


@cache
def _documents(text: str) -> list[Any]:
    try:
        return list(yaml.load_all(text, yaml.CBaseLoader))
    except yaml.YAMLError:
        return [text]


def _places(value: Any, name: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Give where each value stands, and the nearest key: ``role``, or ``roles`` for an item."""
    for key in _keys(value):
        nearest = key if isinstance(key, str) else name
        yield value, key, nearest
        yield from _places(value[key], nearest)


def _keys(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value)
    return range(len(value)) if isinstance(value, list) else ()


@cache
def _under() -> dict[str, list[Any]]:
    """Give all values of any policy by their nearest key."""
    found: dict[str, list[Any]] = defaultdict(list)
    for text in corpus.policies():
        for within, key, name in _places(_documents(text)):
            found[name].append(within[key])
    return dict(found)


@cache
def _words() -> tuple[str, ...]:
    """Give every key and short value that any policy uses."""
    scalars = (each for values in _under().values() for each in values if isinstance(each, str))
    short = (each for each in scalars if len(each) < SHORT)
    return tuple(dict.fromkeys((*_under(), *short)))
