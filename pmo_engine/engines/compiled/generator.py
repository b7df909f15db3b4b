"""From a condition to a Python expression, where every operand is there and of its type.

No name and no text of a policy enters the generated source: values are constants in a table,
facts are numbered locals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from pmo_engine.engines.compiled.arithmetic import NUMERIC, SHIFTS, of_amounts
from pmo_engine.engines.compiled.code import Code, Made, Names, TableCall, Unspecialised, plain
from pmo_engine.engines.compiled.guards import Detour, guard_of, leave, shifted, whole_second
from pmo_engine.engines.compiled.leaves import Where, declared, steps_of
from pmo_engine.engines.compiled.openness import Open, conjunction
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.counting import those_counted
from pmo_engine.feel.kinds import KINDS
from pmo_engine.feel.values import Function, Missing
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.policy import Table

CONSTANT = frozenset({"authority", "tolerance"})  # for as long as a selection holds
MOST_LEVELS = 40  # Python's parser counts parentheses

_ORDERED = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WRITTEN = (str, bool, Decimal, date, timedelta)  # equal where they are written alike
_QUANTIFIERS = {"some": "any", "every": "all"}


@dataclass(slots=True)
class Generator:
    """Writes expressions that share one table of constants and one set of leaf facts.

    ``absent`` are the facts that are not given wherever the code is run; what hangs on them is
    ``open`` in the code that comes of it.
    """

    facts: Collection[str]
    governance: Mapping[str, Function]
    call_table: TableCall
    tables: Mapping[str, Table] = field(default_factory=dict)
    absent: frozenset[Where] = frozenset()
    constants: dict[str, Any] = field(default_factory=dict)
    leaves: dict[tuple[Where, t.Type], str] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)  # lines that define those made of tables
    made: dict[tuple[str, str], Made | None] = field(default_factory=dict)
    _known: dict[tuple[type, str], str] = field(default_factory=dict)
    _levels: int = 0
    _loops: int = 0
    table_work: int = 0  # what the calls of tables in a condition come to at most

    @property
    def in_loop(self) -> bool:
        """Tell whether what is being written is run for each item of a list."""
        return self._loops > 0

    def condition(self, node: n.Node) -> Code:
        """Write a condition, which may be open; Unspecialised where it needs the reference."""
        self._levels = self._loops = self.table_work = 0
        return self._condition(node, {})

    def constant(self, value: Any) -> str:
        """Put a value into the table, where it stays, and give its name."""
        key = repr(value) if isinstance(value, _WRITTEN) else str(id(value))
        name = self._known.setdefault((type(value), key), f"K{len(self._known)}")
        self.constants.setdefault(name, value)
        return name

    def operand(self, node: n.Node, names: Names) -> Code:
        """Write an operand over names that code has values for; Unspecialised as above."""
        code = self._part(node, names)
        if code.open is not None:
            raise Unspecialised
        return code

    def _part(self, node: n.Node, names: Names) -> Code:
        """Write a part that may be open."""
        self._levels += 1
        if self._levels > MOST_LEVELS:
            raise Unspecialised
        try:
            return self._written(node, names)
        finally:
            self._levels -= 1

    def _written(self, node: n.Node, names: Names) -> Code:  # noqa: C901 - a case for each node
        match node:
            case n.Literal(value):
                return self._literal(value)
            case n.Path(n.Call(n.Name(table)) as call, output) if table in self.tables:
                return self.call_table(self, call, table, output, names)
            case n.Name() | n.Path():
                return self._fact(node, names)
            case n.Comparison(operator, left, right):
                return self._comparison(operator, left, right, names)
            case n.Between(value, low, high):
                return self._between(value, low, high, names)
            case n.Membership(value, tests):
                return self._membership(value, tests, names)
            case n.Conjunction(operands):
                return self._joined(" and ", operands, names)
            case n.Disjunction(operands):
                return self._joined(" or ", operands, names)
            case n.Not(operand):
                return self._negated(self._condition(operand, names))
            case n.Negation(operand):
                return self._negation(operand, names)
            case n.Arithmetic(operator, left, right):
                return self._arithmetic(operator, left, right, names)
            case n.Conditional():
                return self._conditional(node, names)
            case n.Quantified(_, (n.Iterator(_, domain, None),)) if open_ := self._absent_list(
                domain, names
            ):
                return Code("", t.BOOLEAN, open=open_)
            case n.Quantified(quantifier, (n.Iterator(name, domain, None),), condition):
                loop = self._loop(domain, lambda item: {**names, name: item}, condition, names)
                return Code(f"{_QUANTIFIERS[quantifier]}({loop})", t.BOOLEAN)
            case n.Call(n.Name(table)) if table in self.tables:
                return self.call_table(self, node, table, "", names)
            case n.Call(n.Name(function), arguments, ()) if function not in names:
                return self._call(function, arguments, names)
            case _:
                raise Unspecialised

    def truth(self, node: n.Node, names: Names) -> str:
        """Write a condition over names that code has values for; Unspecialised as above."""
        code = self._condition(node, names)
        if code.open is not None:
            raise Unspecialised
        return code.source

    def _condition(self, node: n.Node, names: Names) -> Code:
        code = self._part(node, names)
        if code.type != t.BOOLEAN:
            raise Unspecialised
        return code

    def _joined(self, word: str, operands: Iterable[n.Node], names: Names) -> Code:
        """Join operands; one that has no code of its own detours only when it is reached."""
        parts = [self._condition_or_detour(each, names) for each in operands]
        if not any(parts):
            raise Unspecialised
        detour = f"{self.constant(leave)}()"
        open_ = [part.open for part in parts if part is not None and part.open is not None]
        known = [part.source if part else detour for part in parts if not (part and part.open)]
        if not open_:
            return Code(f"({word.join(known)})", t.BOOLEAN)
        if word == " and ":
            return Code("", t.BOOLEAN, open=conjunction(known, open_))
        contrary = [f"(not {each})" for each in known]
        negated = conjunction(contrary, [each.negated() for each in open_])
        return Code("", t.BOOLEAN, open=negated.negated())

    def _condition_or_detour(self, node: n.Node, names: Names) -> Code | None:
        try:
            return self._condition(node, names)
        except Unspecialised:
            return None

    def _negated(self, code: Code) -> Code:
        if code.open is not None:
            return Code("", t.BOOLEAN, open=code.open.negated())
        return Code(f"(not {code.source})", t.BOOLEAN)

    def _literal(self, value: Any) -> Code:
        if isinstance(value, Money):
            return Code(self.constant(value.amount), t.MoneyType(value.currency))
        type_ = t.Simple(KINDS.get(type(value), ""))
        guard = guard_of(type_)
        if guard is None or type_ == t.NULL:
            raise Unspecialised
        try:
            return Code(self.constant(guard(value)), type_)
        except Detour:  # a date beyond Python's, a time without a fixed offset
            raise Unspecialised from None

    def _fact(self, node: n.Name | n.Path, names: Names, wanted: t.Type | None = None) -> Code:
        """Read a leaf, as ``wanted`` where that is given (``t.NULL``: is it null?)."""
        base, where = steps_of(node)
        if base in names and names[base].is_ready:
            if where or wanted:
                raise Unspecialised
            return names[base]
        if base in names:
            return self._of_item(names[base], node, wanted)
        if base not in self.facts or base in self.governance:
            raise Unspecialised
        type_ = wanted or plain(declared(node))
        if guard_of(type_) is None:
            raise Unspecialised
        if gone := self._absent_at((base, *where)):
            return Code("", type_, open=Open((".".join(gone),)))
        return Code(self.leaves.setdefault(((base, *where), type_), f"v{len(self.leaves)}"), type_)

    def _absent_at(self, where: Where) -> Where:
        """Give which fact on the way to a leaf is not given; nothing where all are."""
        ways = (where[:length] for length in range(1, len(where) + 1))
        return next((way for way in ways if way in self.absent), ())

    def _absent_list(self, node: n.Node, names: Names) -> Open | None:
        return self._fact(node, names).open if isinstance(node, n.Name | n.Path) else None

    def _of_item(self, item: Code, node: n.Name | n.Path, wanted: t.Type | None) -> Code:
        """Read from the item of a loop, each time anew."""
        _, where = steps_of(node)
        type_ = wanted or plain(declared(node))
        guard = guard_of(type_)
        if guard is None or isinstance(type_, t.ListType):
            raise Unspecialised
        steps = "".join(f"[{self.constant(name)}]" for name in where)
        return Code(f"{self.constant(guard)}({item.source}{steps})", type_)

    def _comparison(
        self, operator: n.ComparisonOperator, left: n.Node, right: n.Node, names: Names
    ) -> Code:
        if right == n.Literal(None):
            return self._null_test(operator, left, names)
        one, other = self._part(left, names), self._part(right, names)
        if one.type != other.type or not _comparable(one.type, operator):
            raise Unspecialised
        if open_ := Open.of(one, other):
            return Code("", t.BOOLEAN, open=open_)
        left_source, right_source = self._compared(one), self._compared(other)
        return Code(f"({left_source} {_ORDERED[operator]} {right_source})", t.BOOLEAN)

    def _compared(self, code: Code) -> str:
        """Write a value as it is compared: a moment in whole seconds."""
        if code.type != t.DATE_TIME:
            return code.source
        return f"{self.constant(whole_second)}({code.source})"

    def _null_test(self, operator: n.ComparisonOperator, value: n.Node, names: Names) -> Code:
        if operator not in {"=", "!="} or not isinstance(value, n.Name | n.Path):
            raise Unspecialised
        code = self._fact(value, names, t.NULL)
        if code.open is not None:
            return Code("", t.BOOLEAN, open=code.open)
        return Code(code.source if operator == "=" else f"(not {code.source})", t.BOOLEAN)

    def _between(self, value: n.Node, low: n.Node, high: n.Node, names: Names) -> Code:
        one, first, last = (self._part(each, names) for each in (value, low, high))
        if not one.type == first.type == last.type or not _comparable(one.type, "<="):
            raise Unspecialised
        if open_ := Open.of(one, first, last):
            return Code("", t.BOOLEAN, open=open_)
        middle, lower, upper = (self._compared(each) for each in (one, first, last))
        if isinstance(high, n.Literal):
            return Code(f"({lower} <= {middle} <= {upper})", t.BOOLEAN)
        # Both ends are always looked at: whatever is missing leaves `between` open.
        return Code(f"(({lower} <= {middle}) & ({middle} <= {upper}))", t.BOOLEAN)

    def _membership(self, value: n.Node, tests: tuple[n.Node, ...], names: Names) -> Code:
        code = self._part(value, names)
        known = Code(self._compared(code), code.type)
        written = " or ".join(self._test(known, each) for each in tests)
        return Code(f"({written})", t.BOOLEAN, open=Open.of(code))

    def _test(self, code: Code, test: n.Node) -> str:
        match test:
            case n.UnaryTest(operator, n.Literal(value)) if _comparable(code.type, operator):
                return f"{code.source} {_ORDERED[operator]} {self._alike(code, value)}"
            case n.RangeLiteral() if _comparable(code.type, "<="):
                return self._in_range(code, test)
            case n.ListLiteral(items) if items:
                wanted = [self._alike(code, _value(item)) for item in items]
                return f"{code.source} in ({', '.join(wanted)},)"
            case n.Literal(value):
                return f"{code.source} == {self._alike(code, value)}"
            case _:
                raise Unspecialised

    def _in_range(self, code: Code, test: n.RangeLiteral) -> str:
        ends = [end if end is None else _value(end) for end in (test.low, test.high)]
        if n.Literal(None) in (test.low, test.high):  # which is no open end
            raise Unspecialised
        low, high = ends
        if low is not None is not high and op.make_range(low, high, True, True) is None:  # noqa: FBT003
            raise Unspecialised
        first = "" if low is None else f"{self._alike(code, low)} <{'=' * test.low_included} "
        last = "" if high is None else f" <{'=' * test.high_included} {self._alike(code, high)}"
        return f"{first}{code.source}{last}"

    def _alike(self, code: Code, value: Any) -> str:
        constant = self._literal(value)
        if constant.type != code.type:
            raise Unspecialised
        return self._compared(constant)

    def _negation(self, operand: n.Node, names: Names) -> Code:
        code = self._part(operand, names)
        match code.type:
            case t.NUMBER | t.MoneyType():
                return Code(f"{code.source}.copy_negate()", code.type, open=Open.of(code))
            case t.DAYS_TIME_DURATION | t.YEARS_MONTHS_DURATION:
                return Code(f"(-{code.source})", code.type, open=Open.of(code))
            case _:
                raise Unspecialised

    def _arithmetic(
        self, operator: n.ArithmeticOperator, left: n.Node, right: n.Node, names: Names
    ) -> Code:
        one, other = self._part(left, names), self._part(right, names)
        operands, open_ = f"{one.source}, {other.source}", Open.of(one, other)
        number = of_amounts(one.type, operator, other.type)
        if number is not None:
            return Code(f"{self.constant(NUMERIC[operator])}({operands})", number, open=open_)
        moved = SHIFTS.get((one.type, operator, other.type))
        if moved is None:
            raise Unspecialised
        guard, sign = self.constant(guard_of(moved)), self.constant(operator)
        return Code(f"{self.constant(shifted)}({guard}, {sign}, {operands})", moved, open=open_)

    def _conditional(self, node: n.Conditional, names: Names) -> Code:
        condition = self.truth(node.condition, names)
        one, other = (self.operand(each, names) for each in (node.consequence, node.alternative))
        if one.type != other.type:
            raise Unspecialised
        return Code(f"({one.source} if {condition} else {other.source})", one.type)

    def _call(self, function: str, arguments: tuple[n.Node, ...], names: Names) -> Code:
        if function in CONSTANT and function in self.governance:
            found = self.governance[function].call(*map(_value, arguments))
            if isinstance(found, Missing):  # it hangs on facts
                raise Unspecialised
            return self._literal(found)
        if function != "count" or function in self.facts or len(arguments) != 1:
            raise Unspecialised
        (counted,) = arguments
        listed = counted.base if isinstance(counted, n.Filter) else counted
        if open_ := self._absent_list(listed, names):
            return Code("", t.NUMBER, open=open_)
        return Code(f"{self.constant(Decimal)}({self._number_of(counted, names)})", t.NUMBER)

    def _number_of(self, counted: n.Node, names: Names) -> str:
        if not isinstance(counted, n.Filter):
            return f"len({self._list(counted, names)[0]})"
        _only_of_item(counted.condition, self._list(counted.base, names)[1])
        inside = partial(self._inside, names=names)
        return f"sum({self._loop(counted.base, inside, counted.condition, names)})"

    def _loop(
        self, domain: n.Node, inside: Callable[[Code], Names], condition: n.Node, names: Names
    ) -> str:
        """Write a generator of truths, one for each item of a list fact; no loop in a loop."""
        if self._loops:
            raise Unspecialised
        listed, item = self._list(domain, names)
        self._loops += 1
        try:
            truth = self.truth(condition, inside(Code("each", item)))
        finally:
            self._loops -= 1
        return f"{truth} for each in {listed}"

    def _list(self, node: n.Node, names: Names) -> tuple[str, t.Type]:
        if not isinstance(node, n.Name | n.Path):
            raise Unspecialised
        code = self._fact(node, names)
        if not isinstance(code.type, t.ListType):
            raise Unspecialised
        if isinstance(node, n.Name) and node.counted:
            return f"{self.constant(those_counted)}({code.source})", code.type.item
        return code.source, code.type.item

    def _inside(self, item: Code, names: Names) -> Names:
        """Give the names inside a filter: the item's fields come before those around it."""
        entries = item.type.entries if isinstance(item.type, t.ContextType) else ()
        own = {name: Code(f"each[{self.constant(name)}]", type_) for name, type_ in entries}
        return {**names, "item": item, **own}


def _value(node: n.Node) -> Any:
    if not isinstance(node, n.Literal):
        raise Unspecialised
    return node.value


def _only_of_item(condition: n.Node, item: t.Type) -> None:
    """Refuse names that an item of an open type may or may not have."""
    if isinstance(item, t.ContextType) and item.open:
        mentioned = {each.name for each in walk(condition) if isinstance(each, n.Name)}
        if not mentioned <= {name for name, _ in item.entries}:
            raise Unspecialised


def _comparable(type_: t.Type, operator: str) -> bool:
    unordered = type_ == t.BOOLEAN and operator not in {"=", "!="}
    return not unordered and not isinstance(type_, t.ListType)
