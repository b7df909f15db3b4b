"""What the attributes of a fact say: codes of terms, of comparisons, of what was judged before."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.engines.durable.cases import given
from pmo_engine.engines.durable.encoding import operands, standing_for
from pmo_engine.feel import operations as op
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.engines.durable.cases import Frame, Judgement, Row, Term
    from pmo_engine.engines.durable.encoding import Code, Kind
    from pmo_engine.feel.nodes import Comparison, Membership, Quantified


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
        codes = operands(self.operator, left, right)
        if codes is not None:
            return codes
        outcome = given(self.node, row.scope)
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
