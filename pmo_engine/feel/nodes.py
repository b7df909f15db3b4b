"""The syntax tree of FEEL: one frozen class for each construct, no behaviour.

Every back-end is a pass over these nodes (``match node: case Comparison(): ...``).
``start`` and ``end`` are offsets into the expression's text, and ``static_type`` is the type that
the checker found, put there once, when a policy is bound; they take no part in equality.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias
from typing import Literal as OneOf

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.feel.types import Type

ArithmeticOperator: TypeAlias = OneOf["+", "-", "*", "/", "**"]
ComparisonOperator: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all nodes share: where in the text they stand, and of which type they are if known."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)
    static_type: Type | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: ``None``, bool, Decimal, str, Money, or a temporal value (see ``values``)."""

    value: object


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """``{name: expression}``; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """``[low..high]``; a missing end (``None``) is unbounded, as in ``> 5`` used as a value."""

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """``function(a, b: number) body``; ``types`` is empty where no parameter has one."""

    parameters: tuple[str, ...]
    body: Node
    types: tuple[TypeName | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name looked up in the scope; of a register's records those alone that are ``counted``."""

    name: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``base.name``."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``base[condition]``: an index when the condition is a number, a filter otherwise."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Not(Node):
    """``not(operand)``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``left operator right``."""

    operator: ArithmeticOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``left operator right``."""

    operator: ComparisonOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class UnaryTest(Node):
    """``> operand`` inside ``in``: a comparison whose left side is the tested value."""

    operator: ComparisonOperator
    operand: Node


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """``value in tests``; each test is a UnaryTest or an expression (range, list, value)."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """``a and b and c``: two operands or more, flattened."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """``a or b or c``: two operands or more, flattened."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """``if condition then consequence else alternative``."""

    condition: Node
    consequence: Node
    alternative: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in domain`` of a ``for``, ``some`` or ``every``; ``until`` closes ``a..b``."""

    name: str
    domain: Node
    until: Node | None = None


@dataclass(frozen=True, slots=True)
class ForLoop(Node):
    """``for iterators return body``; ``partial`` is in scope of the body."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some|every iterators satisfies condition``."""

    quantifier: OneOf["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A type as written: ``number``, ``list<string>``, ``context<a: date>``, ``range<..>``.

    The arguments of ``function<a, b> -> c`` are its parameters' types and its result's.
    """

    name: str
    arguments: tuple[TypeName, ...] = ()
    entries: tuple[tuple[str, TypeName], ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function(arguments)``; ``names`` are given when the arguments are named.

    A built-in or governance function is called through ``Name(its standard name)``.
    """

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()
