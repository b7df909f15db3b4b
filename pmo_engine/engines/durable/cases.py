"""The facts of one case as the library sees them: rows of attributes, and what gives each.

A frame is a kind of row. The outermost has one, the case itself; each ``some`` and ``every`` has
a frame with a row for each item, within the row of what is around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.engines.durable.encoding import operands, standing_for
from pmo_engine.engines.tracing import evaluate
from pmo_engine.policy.feel import operations as op
from pmo_engine.policy.feel.values import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.engines.durable.conditions import Pair
    from pmo_engine.engines.durable.encoding import Code, Kind
    from pmo_engine.policy.feel.nodes import Comparison, Membership, Node, Quantified


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
        if self.domain is None:
            return None
        start = row.value(self.domain)
        listed = op.domain(start) if self.until is None else op.span(start, row.value(self.until))
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
        row = self
        while row.frame is not term.frame and row.around is not None:
            row = row.around
        if term not in row._cache:
            row._cache[term] = row._read(term)
        return row._cache[term]

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

    def mark(self, judgement: Judgement, *, holds: bool) -> None:
        """Record that the library found a condition true, or false."""
        if self.results.setdefault(judgement, holds) is not holds:
            raise EngineDisagreement("durable_rules found a condition both true and false")

    def _read(self, term: Term) -> Any:
        judged = self.results.get(term.judgement) if term.judgement is not None else None
        if judged is not None:
            return judged
        value = evaluate(term.node, self.scope)
        if term.judgement is not None and isinstance(value, bool):
            raise EngineDisagreement(
                f"durable_rules does not know what the tracing engine finds {value}: {term.node}"
            )
        return value


class Attribute(Protocol):
    """What one attribute of a fact says of its row."""

    @property
    def level(self) -> int:
        """Say in which pass it is known."""

    def read(self, row: Row) -> Code | None:
        """Give its code; ``None`` leaves it out."""


@dataclass(frozen=True, slots=True)
class Of:
    """An attribute of one term."""

    term: Term

    @property
    def level(self) -> int:
        """Be known when the term is."""
        return self.term.level


@dataclass(frozen=True, slots=True)
class Ordered(Of):
    """A term's value, where it is of the kind of the constant that it is compared with."""

    kind: Kind

    def read(self, row: Row) -> Code | None:
        """Encode by the declared kind; any other kind is left out."""
        return self.kind.encode(row.value(self.term))


@dataclass(frozen=True, slots=True)
class Equal(Of):
    """A term's value for equality with a constant, to which null is unequal but not unknown."""

    kind: Kind
    constant: Any = field(compare=False)

    def read(self, row: Row) -> Code | None:
        """Encode by the kind, or as unlike all constants."""
        value = row.value(self.term)
        code = self.kind.encode(value)
        if code is None and op.equal(value, self.constant) is False:
            return self.kind.unlike
        return code


@dataclass(frozen=True, slots=True)
class Listed(Of):
    """A term's value for membership of one list of constants."""

    kind: Kind
    constants: tuple[Any, ...]

    def read(self, row: Row) -> Code | None:
        """Encode by the kind; whatever else is given is in the list or not."""
        value = row.value(self.term)
        code = self.kind.encode(value)
        if code is not None:
            return code
        member = op.member(value, list(self.constants))
        return {True: self.kind.held, False: self.kind.unlike}.get(member)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Truth(Of):
    """What a condition comes to."""

    def read(self, row: Row) -> Code | None:
        """Give 1 for true, 0 for false; left out where it is neither."""
        value = row.value(self.term)
        return int(value) if isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class IsNull(Of):
    """Whether a term is null; left out where it is missing."""

    def read(self, row: Row) -> Code | None:
        """Give 1 for null, 0 for a value."""
        value = row.value(self.term)
        return None if isinstance(value, Missing) else int(value is None)


@dataclass(frozen=True, slots=True)
class Holds(Of):
    """Whether ``if`` takes its first branch; left out where its condition is missing."""

    def read(self, row: Row) -> Code | None:
        """Give 1 for true, 0 for whatever else is given."""
        value = row.value(self.term)
        return None if isinstance(value, Missing) else int(value is True)


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """Two terms compared with one another."""

    operator: str
    left: Term
    right: Term
    node: Comparison | Membership

    def codes(self, row: Row) -> tuple[Code, Code] | None:
        """Encode both alike; what the library cannot compare is stood for by its outcome."""
        left, right = row.value(self.left), row.value(self.right)
        if isinstance(left, Missing) or isinstance(right, Missing):
            return None
        codes = operands(left, right)
        if codes is not None:
            return codes
        outcome = evaluate(self.node, row.scope)
        return standing_for(self.operator, outcome=outcome) if isinstance(outcome, bool) else None


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison between terms."""

    compared: Compared
    side: int

    @property
    def level(self) -> int:
        """Be known when both sides are."""
        return max(self.compared.left.level, self.compared.right.level)

    def read(self, row: Row) -> Code | None:
        """Give this side's code."""
        codes = row.codes(self.compared)
        return None if codes is None else codes[self.side]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What ``some`` or ``every`` comes to over its items, by Kleene's logic."""

    node: Quantified
    frame: Frame
    judgement: Judgement

    @property
    def level(self) -> int:
        """Be known after the items are judged."""
        return self.judgement.level + 1

    def read(self, row: Row) -> Code | None:
        """Give 1 for true, 0 for false; left out where that is not known."""
        rows = row.within(self.frame)
        if rows is None:
            return None
        found = [each.results.get(self.judgement) for each in rows]
        decisive = self.node.quantifier == "some"
        if decisive in found:
            return int(decisive)
        return None if None in found else int(not decisive)
