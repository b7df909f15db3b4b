"""What is fuzzed: each target takes any bytes and raises if not all is as promised.

Promised is that only what a caller is told of comes out (diagnostics, refusals, limits), each at
a place that the input has.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from pmo_engine.analysis.limits import boundaries_of
from pmo_engine.compiler.loading import Checked, check_policy
from pmo_engine.compiler.reading import read_folder, read_text
from pmo_engine.documents import build, written
from pmo_engine.engines.compiled import Compiled
from pmo_engine.engines.engine import Engine
from pmo_engine.engines.reference import Tracing
from pmo_engine.engines.traces import Trace
from pmo_engine.engines.tracing import evaluate
from pmo_engine.exchange.dmn import DmnError, export_tables, import_tables
from pmo_engine.exchange.dmn.yaml_text import tables_in_yaml
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.checker import check, check_condition
from pmo_engine.feel.format import to_text
from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse, parse_unary_tests
from pmo_engine.feel.values import Missing
from pmo_engine.feel.walk import walk
from pmo_engine.feel.wire import to_json
from pmo_engine.model.money import Money
from pmo_engine.prose.expressions import in_words
from pmo_engine.source.diagnostics import Diagnostic
from pmo_engine.source.yaml_source import SourceError, compose, lines_of
from pmo_engine.suites.running import run_suites
from tests.engines import samples
from tests.fuzz import changes, commands, corpus, sentences

LONGEST_MESSAGE = 1_000


@dataclass(frozen=True)
class Target:
    """One part under test: what judges an input, how inputs are made, and real ones to begin with.

    Of each ``share`` inputs of a run it gets that many hundredths.
    """

    name: str
    share: int
    judge: Callable[[bytes], None]
    make: Callable[[Random], bytes]
    alter: Callable[[Random, bytes], bytes]
    seeds: Callable[[], Sequence[bytes]]


# The reader


def read(data: bytes) -> None:
    """Read a folder with one file of these bytes; its texts and findings have a place in it."""
    file = _folder() / "policy.yaml"
    file.write_bytes(data)
    found = read_folder(file.parent)
    _expect_findings(found.diagnostics, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        assert [each.code for each in found.diagnostics] == ["PMO001"]
        return
    assert [each.code for each in read_text(text, "t").diagnostics] == [
        each.code for each in found.diagnostics
    ]
    _expect_places(text)


def _expect_places(text: str) -> None:
    lines = lines_of(text)
    try:
        documents = compose(text, "t")
    except SourceError:
        return
    for document in documents:
        for each in corpus.texts_in(document.content):
            for offset in {0, len(each) // 2, len(each)}:
                mark = each.place(offset)
                assert 1 <= mark.line <= len(lines), (each, offset, mark)
                assert 1 <= mark.column <= len(lines[mark.line - 1]) + 1, (each, offset, mark)


def _expect_findings(found: Sequence[Diagnostic], data: bytes) -> None:
    lines = lines_of(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    for each in found:
        if each.file.endswith("/policy.yaml"):
            assert 1 <= each.line <= len(lines), each
            assert 1 <= each.column <= len(lines[each.line - 1]) + 1, each
        assert str(each).encode(), each
        assert len(each.message) < LONGEST_MESSAGE, each


@cache
def _folder() -> Path:
    _folder.kept = tempfile.TemporaryDirectory(prefix="pmo-fuzz-")  # type: ignore[attr-defined]
    return Path(_folder.kept.name)  # type: ignore[attr-defined]


# The parser


def parse_text(data: bytes) -> None:
    """Parse a text as an expression and as a table's cell; every node has its place in it."""
    text = data.decode("utf-8", "surrogateescape")
    for parser in (parse, parse_unary_tests):
        try:
            node = parser(text)
        except FeelSyntaxError as error:
            _expect_place(error, text)
        else:
            for each in walk(node):
                assert 0 <= each.start <= each.end <= len(text), each


def _expect_place(error: FeelSyntaxError, text: str) -> None:
    lines = text.split("\n")
    assert 0 <= error.start <= len(text), error
    assert 1 <= error.line <= len(lines), error
    assert 1 <= error.column <= len(lines[error.line - 1]) + 1, error
    assert 0 < len(error.message) < LONGEST_MESSAGE, error


def _parsed(data: bytes) -> tuple[str, n.Node] | None:
    text = data.decode("utf-8", "replace")
    try:
        return text, parse(text)
    except FeelSyntaxError:
        return None


# The checker


def check_text(data: bytes) -> None:
    """Check an expression over facts of known types; say it in words."""
    if parsed := _parsed(data):
        text, node = parsed
        for found in (check(node, samples.FACTS), check_condition(node, samples.FACTS)):
            assert t.describe(found.type)
            for each in found.problems:
                assert 0 <= each.start <= each.end <= len(text), each
                assert 0 < len(each.message) < LONGEST_MESSAGE, each
        assert in_words(node, samples.policy([]))


# The evaluator


def evaluate_text(data: bytes) -> None:
    """Evaluate an expression over some facts: traced or not, and compiled, it is the same."""
    if parsed := _parsed(data):
        text, node = parsed
        for facts in _cases():
            found = _value(node, facts, None)
            assert found == _value(node, facts, Trace(text)), facts
        if not check_condition(node, samples.FACTS).problems:
            _expect_agreement(text)


def _value(node: n.Node, facts: dict[str, Any], trace: Trace | None) -> str:
    """Give what an expression comes to, as it would be shown."""
    try:
        found = evaluate(node, facts, trace)
        return f"{to_text(found)} {to_json(found)}"
    except EvaluationLimit as limit:
        return f"limit: {limit}"


def _expect_agreement(text: str) -> None:
    chosen = samples.selection(text)
    for facts in _cases():
        assert Compiled().outcomes(chosen, facts) == Tracing().outcomes(chosen, facts), facts


@cache
def _cases() -> tuple[dict[str, Any], ...]:
    """Give facts: none, some missing or null, and all of them."""
    pounds, day = Money.parse("50000 GBP"), samples.TODAY
    full = {"cost": pounds, "saving": pounds * 2, "category": "scope", "note": "a b", "due": day}
    more = {
        "critical": True,
        "urgent": False,
        "raised": samples.NOW,
        "tags": ["x", "y"],
        "extra": Decimal(1),
    }
    known = {"limit": pounds, "level": samples.parse("3").value, "flag": True}
    return (
        samples.case(),
        samples.case({"cost": None, "note": "", "extra": Missing(("change.extra",))}),
        samples.case(full | more, changes=samples.records(full, {"cost": pounds}, more), **known),
    )


# Whole policies


def check_document(data: bytes) -> None:
    """Check a folder with one file of these bytes: findings come out, each at its place.

    What is a policy after all can be put on paper, tested, and searched for limits.
    """
    checked = _checked(data)
    _expect_findings(checked.diagnostics, data)
    assert (checked.policy is None) == bool(checked.errors)
    if checked.policy is not None:
        assert written(build(checked.policy), "md")
        boundaries_of(checked.policy, checked.policy.rules)
        decide = Engine(checked.policy, "compiled").decide
        assert all(each.mark.line for each in run_suites(checked.policy, decide))


# Tables from elsewhere


def import_model(data: bytes) -> None:
    """Take over the tables of a DMN model: refused, or YAML that a folder can hold."""
    try:
        found = import_tables(data)
    except DmnError:
        return
    reading = read_text(tables_in_yaml(found.tables), "t")
    assert len(reading.documents) == len(found.tables), reading.diagnostics


# How inputs are made


def _expression(rng: Random) -> bytes:
    how = rng.random()
    if how < 0.4:
        return _encoded(sentences.sentence(rng, rng.randint(1, 60)))
    if how < 0.5:
        return _encoded(sentences.sentence(rng, rng.randint(1, 20), "unary_tests"))
    return _altered_expression(rng, rng.choice(_expressions()))


def _altered_expression(rng: Random, data: bytes) -> bytes:
    return _encoded(changes.words(rng, data.decode("utf-8", "replace"), corpus.expressions()))


def _file(rng: Random) -> bytes:
    return _altered_file(rng, rng.choice(_policies()))


def _altered_file(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.5:
        return changes.octets(rng, data)
    return _altered_words(rng, data)


def _altered_words(rng: Random, data: bytes) -> bytes:
    return _encoded(changes.words(rng, data.decode("utf-8", "replace"), corpus.policies()))


def _document(rng: Random) -> bytes:
    return _altered_document(rng, rng.choice(_policies() if rng.random() < 0.3 else _bearable()))


def _altered_document(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.7:
        return _encoded(changes.values(rng, data.decode("utf-8", "replace")))
    return _altered_words(rng, data)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@cache
def _expressions() -> tuple[bytes, ...]:
    return tuple(map(_encoded, corpus.expressions()))


@cache
def _policies() -> tuple[bytes, ...]:
    return tuple(map(_encoded, corpus.policies()))


@cache
def _bearable() -> tuple[bytes, ...]:
    """Give the policies that have no errors: a small change may leave that so."""
    return tuple(data for data in _policies() if not _checked(data).errors)


def _checked(data: bytes) -> Checked:
    file = _folder() / "policy.yaml"
    file.write_bytes(data)
    return check_policy(file.parent)


@cache
def _models() -> tuple[bytes, ...]:
    """Give the tables of the policies as models, of ours and as if of others."""
    policies = (_checked(data).policy for data in _bearable())
    ours = [
        export_tables(list(each.tables.values()), each.tables, each.name)
        for each in policies
        if each is not None and each.tables
    ]
    return (*ours, *(each.replace(b"exporter=", b"made_by=") for each in ours))


def _model(rng: Random) -> bytes:
    return _altered_model(rng, rng.choice(_models()))


def _altered_model(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.2:
        return changes.octets(rng, data)
    others = [each.decode() for each in _models()]
    change = changes.contents if rng.random() < 0.7 else changes.words
    return _encoded(change(rng, data.decode("utf-8", "replace"), others))


def _kind(rng: Random) -> bytes:
    return _altered_kind(rng, rng.choice(_policies()))


def _altered_kind(rng: Random, data: bytes) -> bytes:
    """Change one document of a kind that is short, and would be met seldom among the others."""
    kind = rng.choice(changes.SHORT_KINDS)
    return _encoded(changes.values(rng, data.decode("utf-8", "replace"), kind))


def _reading(
    name: str, share: int, judge: Callable[[bytes], None], seeds: Callable[[], Sequence[bytes]]
) -> Target:
    """Give the target of a command that reads a file."""

    def make(rng: Random) -> bytes:
        return commands.alter_file(rng, rng.choice(seeds()))

    return Target(name, share, judge, make, commands.alter_file, seeds)


_ARGUMENTS = (commands.make_arguments, commands.alter_arguments, commands.examples)
TARGETS = {
    each.name: each
    for each in (
        Target("reader", 12, read, _file, _altered_file, _policies),
        Target("parser", 25, parse_text, _expression, _altered_expression, _expressions),
        Target("checker", 16, check_text, _expression, _altered_expression, _expressions),
        Target("evaluator", 16, evaluate_text, _expression, _altered_expression, _expressions),
        Target("documents", 8, check_document, _document, _altered_document, _policies),
        Target("kinds", 8, check_document, _kind, _altered_kind, _policies),
        Target("models", 4, import_model, _model, _altered_model, _models),
        Target("arguments", 4, commands.command, *_ARGUMENTS),
        _reading("tables", 3, commands.rows, commands.tables),
        _reading("events", 3, commands.event, commands.events),
        _reading("logs", 1, commands.log, commands.logs),
    )
}
