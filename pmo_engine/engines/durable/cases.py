"""The facts of one case as rows, each of which becomes one fact of the library.

A frame is a kind of row. The outermost has one, the case itself; each ``some`` and ``every`` has
a frame with a row for each item, within the row of what is around it.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import operations as op
from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.feel.nodes import Name, Path
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.engines.durable.attributes import Attribute, Compared
    from pmo_engine.engines.durable.conditions import Pair
    from pmo_engine.engines.durable.encoding import Code
    from pmo_engine.feel.nodes import Node


class EngineDisagreement(RuntimeError):
    """The library and the tracing walk came to different answers: neither may be trusted."""


@dataclass(eq=False, slots=True)
class Frame:
    """What the rows of one ``some`` or ``every`` share; the outermost has no ``around``."""

    around: Frame | None = None
    name: str = ""  # of the item
    domain: Term | None = None
    until: Term | None = None
    terms: dict[str, Term] = field(default_factory=dict)

    def items(self, row: Row) -> list[Any] | None:
        """List what the quantifier goes through; ``None`` where there is no list."""
        ends = [row.value(end) for end in (self.domain, self.until) if end is not None]
        try:
            listed = op.domain(*ends) if self.until is None else op.span(*ends)
        except EvaluationLimit:
            return None
        return listed if isinstance(listed, list) else None


@dataclass(frozen=True, eq=False, slots=True)
class Judgement:
    """A condition that the library judges in a pass of its own, after all lower levels."""

    frame: Frame
    pair: Pair
    level: int


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """Something with a value: computed by the tracing walk, unless the library judges it."""

    node: Node
    frame: Frame
    judgement: Judgement | None = None

    @property
    def level(self) -> int:
        """Say in which pass the value is known."""
        return 0 if self.judgement is None else self.judgement.level + 1


class Row:
    """One fact: a scope, the values and codes read from it, and what the library found of it."""

    __slots__ = ("_cache", "around", "frame", "inner", "results", "scope")

    def __init__(self, frame: Frame, scope: Mapping[str, Any], around: Row | None = None) -> None:
        self.frame, self.scope, self.around = frame, scope, around
        self.inner: dict[Frame, list[Row] | None] = {}
        self.results: dict[Judgement, bool] = {}
        self._cache: dict[Any, Any] = {}

    def value(self, term: Term) -> Any:
        """Give a term's value, as the row that it belongs to sees it."""
        if self.frame is not term.frame and self.around is not None:
            return self.around.value(term)
        if term not in self._cache:
            self._cache[term] = self._read(term)
        return self._cache[term]

    def code(self, name: str, attribute: Attribute) -> Code | None:
        """Give an attribute's code; ``None`` leaves it out of the fact."""
        if name not in self._cache:
            self._cache[name] = attribute.read(self)
        code: Code | None = self._cache[name]
        return code

    def codes(self, comparison: Compared) -> tuple[Code, Code] | None:
        """Give the two codes of a comparison between terms."""
        if comparison not in self._cache:
            self._cache[comparison] = comparison.codes(self)
        codes: tuple[Code, Code] | None = self._cache[comparison]
        return codes

    def rows(self, frame: Frame) -> list[Row]:
        """List all rows of a frame within this outermost one."""
        if frame.around is None:
            return [self]
        return [each for row in self.rows(frame.around) for each in row.within(frame) or ()]

    def within(self, frame: Frame) -> list[Row] | None:
        """List the rows of a frame directly within this one; ``None`` where there is no list."""
        if frame not in self.inner:
            items = frame.items(self)
            self.inner[frame] = items and [
                Row(frame, {**self.scope, frame.name: item}, self) for item in items
            ]
        return self.inner[frame]

    def _read(self, term: Term) -> Any:
        if term.judgement is None:
            return self._given(term.node)
        judged = self.results.get(term.judgement)
        if judged is not None:
            return judged
        value = walked(term.node, self.scope)
        if isinstance(value, bool):
            raise EngineDisagreement(
                f"durable_rules does not know what the tracing engine finds {value}: {term.node}"
            )
        return value

    def _given(self, node: Node) -> Any:
        if isinstance(node, Path) and isinstance(node.base, Name):  # by far the most frequent
            record = self.scope.get(node.base.name)
            if isinstance(record, dict) and node.name in record:
                return record[node.name]
        return given(node, self.scope)


def walked(node: Node, scope: Mapping[str, Any]) -> Any:
    """Evaluate by the tracing walk, which is loaded for that: most facts are simply there."""
    from pmo_engine.engines.tracing import evaluate_in_rule  # noqa: PLC0415 - as said

    return evaluate_in_rule(node, scope)


def given(node: Node, scope: Mapping[str, Any]) -> Any:
    """Work out what the library cannot; what takes too much work is not known to it."""
    try:
        return walked(node, scope)
    except EvaluationLimit:
        return Missing(())
