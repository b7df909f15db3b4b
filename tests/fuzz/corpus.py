"""What is really written: policy files, and the expressions in them, found when a run begins."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pmo_engine.feel.syntax.parser import FeelSyntaxError, _lark, parse
from pmo_engine.resources import policies_dir, rules_dir
from pmo_engine.source.yaml_source import SourceError, Text, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/compile"
STANDARD = ROOT.parent / "shared/data/feel/feel.jsonl"
LONGEST = 2_000


@cache
def policies() -> tuple[str, ...]:
    """Give policies and packs of the checkout and all compile cases, each as one file."""
    roots = (policies_dir(), rules_dir())
    folders = {file.parent for root in roots for file in root.rglob("*.yaml")}
    texts = [_joined(_files(folder).values()) for folder in sorted(folders)]
    return (*texts, *(_compile_case(file) for file in sorted(CASES.glob("*.yaml"))))


def _compile_case(file: Path) -> str:
    """Give the base with a case's files in the place of those of the same name."""
    changed = yaml.safe_load(file.read_text(encoding="utf-8"))["files"]
    return _joined(text for text in (_files(CASES / "base") | changed).values() if text)


def _files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}


def _joined(texts: Iterable[str]) -> str:
    return "\n---\n".join(texts)


@cache
def expressions() -> tuple[str, ...]:
    """Give the expressions of the policies and, where they are at hand, the standard's."""
    written = [str(text) for policy in policies() for text in _scalars(policy)]
    if STANDARD.is_file():
        lines = STANDARD.read_text(encoding="utf-8").splitlines()
        written += [json.loads(line)["expression"] for line in lines]
    return tuple(filter(_is_expression, dict.fromkeys(written)))


def _scalars(text: str) -> Iterator[str]:
    try:
        documents = compose(text, "")
    except SourceError:
        return
    for document in documents:
        yield from texts_in(document.content)


def texts_in(value: Any) -> Iterator[str]:
    """Give every text in a composed value."""
    if isinstance(value, Text):
        yield value
    items = value.values() if isinstance(value, dict) else value
    for each in items if isinstance(value, dict | list) else ():
        yield from texts_in(each)


def _is_expression(text: str) -> bool:
    """Tell whether a text is an expression, and more than a word."""
    if text.isidentifier() or len(text) > LONGEST:
        return False
    try:
        parse(text)
    except FeelSyntaxError:
        return False
    return True


@cache
def tokens() -> dict[str, Sequence[str]]:
    """Give what the expressions write for each terminal of the grammar."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for text in expressions():
        for token in _lark().lex(text):
            found[token.type][str(token)] = None
    return {name: tuple(texts) for name, texts in found.items()}
