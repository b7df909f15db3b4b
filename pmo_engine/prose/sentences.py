"""Says expressions in English: conditions as clauses, anything else as noun phrases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.temporal import Time
from pmo_engine.feel.values import Missing
from pmo_engine.feel.walk import walk
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money
from pmo_engine.model.names import words
from pmo_engine.prose import names
from pmo_engine.prose import vocabulary as v
from pmo_engine.prose.calls import call_in_words, giving
from pmo_engine.prose.values import Spoken, joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import Policy

NOT_SHOWN = object()
_WITH_PARTS = (
    *(t.DATE, t.TIME, t.DATE_TIME),
    *(t.DAYS_TIME_DURATION, t.YEARS_MONTHS_DURATION),
)
_TWO = 2
SCALARS = (bool, str, Decimal, Money, date, timedelta, Months, Time, Missing, type(None))


@dataclass(slots=True)
class Speaker:
    """Says conditions as clauses and other expressions as noun phrases."""

    policy: Policy
    scope: Mapping[str, Any] | None = None
    said: dict[str, str] = field(default_factory=dict)  # variables, and how they are spoken of next
    again: dict[str, str] = field(default_factory=dict)  # ... and from then on
    own: dict[str, str] = field(default_factory=dict)  # fields of a filter's item
    this: set[str] = field(default_factory=set)  # records in hand, among others of their kind

    def anything(self, node: n.Node, type_: t.Type) -> str:
        """Say a condition as a clause, anything else as a noun phrase."""
        known = type_ if type_ != t.ANY else v.type_of(node)
        truth = known == t.BOOLEAN or isinstance(node, v.CLAUSES) or v.is_clause(node)
        return self.clause(node) if truth else self.noun(node)

    def clause(self, node: n.Node, *, holds: bool = True) -> str:  # noqa: C901 - a case for each node
        """Say that a condition holds, or that it does not."""
        node = self._with_titles(node)
        match node:
            case n.Comparison(operator, left, right):
                return self._comparison(operator, left, right, holds=holds)
            case n.Between(value, low, high):
                ends = f"between {self.noun(low)} and {self.noun(high)}"
                return f"{self.noun(value)} {self._be(value)} {v.negation(holds)}{ends}"
            case n.Membership(value, (test,)):
                said = f"{self.noun(value)} {self._be(value)}"
                return f"{said} {v.negation(holds)}{self._test(test, value)}"
            case n.Membership(value, tests) if not holds and v.are_constants(tests):
                said = joined([self.noun(test) for test in tests], "nor")
                return f"{self.noun(value)} {self._be(value)} neither {said}"
            case n.Not(operand) if isinstance(operand, n.Not):
                return f"it is {v.negation(not holds)}so that {self.clause(operand)}"
            case n.Not(operand):
                return self.clause(operand, holds=not holds)
            case n.Quantified():
                return self._quantified(node, holds=holds)
            case n.InstanceOf(value, type_):
                return f"{self.noun(value)} is {v.negation(holds)}of type {v.type_name(type_)}"
            case n.Name() | n.Path():
                return self._marked(node, holds=holds)
            case n.Call(n.Name(name), (one,)) if name == "is_known":
                return f"{self._named(one)} {self._be(one)} {v.negation(holds)}known"
            case n.Call(n.Name(name), (one, other)) if name in v.VERBS and holds:
                return f"{self.noun(one)} {v.VERBS[name]} {self.noun(other)}"
            case n.Literal(bool() as value):
                return "always" if value is holds else "never"
            case _ if not holds:
                return f"it is not so that {self.clause(node)}"
            case n.Membership(value, tests):
                said = joined([self._test(test, value) for test in tests], "or")
                return f"{self.noun(value)} {self._be(value)} {said}"
            case n.Conjunction(operands):
                return self._joined(operands, "and")
            case n.Disjunction(operands):
                return self._joined(operands, "or")
            case n.Conditional(condition, consequence, alternative):
                first, last = self.clause(consequence), self.clause(alternative)
                return f"if {self.clause(condition)}, {first}, and otherwise {last}"
            case _:
                return f"{self.noun(node)} is true"

    def noun(self, node: n.Node) -> str:  # noqa: C901 - a case for each node
        """Say what an expression stands for."""
        match node:
            case n.Literal(bool() as value):
                return "true" if value else "false"
            case n.Literal(value):
                return value_in_words(value)
            case n.Path(n.Arithmetic("-", end, start), "days"):
                return f"the days from {self.noun(start)} to {self.noun(end)}"
            case n.Name() | n.Path():
                return f"{self._named(node)}{self._value_of(node)}"
            case n.Arithmetic(operator, left, right):
                one, other = self._operand(left), self._operand(right)
                return f"{one} {v.ARITHMETIC[operator]} {other}"
            case n.Negation(operand):
                return f"minus {self._operand(operand)}"
            case n.Filter(base, condition):
                return self._filtered(base, condition)
            case n.Call():
                return call_in_words(self, node)
            case n.Conditional(condition, consequence, alternative):
                first, last = self.noun(consequence), self.noun(alternative)
                return f"{first} if {self.clause(condition)}, otherwise {last}"
            case n.ListLiteral(items):
                listed = joined([self.noun(item) for item in items])
                return f"the list of {listed}" if items else "the empty list"
            case n.ContextLiteral(entries):
                parts = [f"{words(name)}: {self.noun(value)}" for name, value in entries]
                return f"a record ({'; '.join(parts)})"
            case n.RangeLiteral():
                return f"the values {self._range(node)}"
            case n.UnaryTest(operator, operand):
                return f"a value that is {v.IS[operator]}{self.noun(operand)}"
            case n.ForLoop(iterators, body):
                return self._listed(iterators, body)
            case n.Iterator(name, domain, until):
                return f"each {words(name)} of {self._domain(domain, until)}"
            case n.FunctionLiteral(parameters, body):
                listed = joined([words(each) for each in parameters])
                return f"the function of {listed or 'nothing'} that gives {self.noun(body)}"
            case n.TypeName():
                return v.type_name(node)
            case _ if isinstance(node, v.CLAUSES):
                return f"whether {self.clause(node)}"
            case _:
                raise TypeError(f"{type(node).__name__} is not an expression")

    # Clauses

    def _with_titles(self, node: n.Node) -> n.Node:
        """Put the titles of roles in the place of their ids beside what is of the type of roles."""
        match node:
            case n.Comparison(_, left, right) if self._is_role(left) or self._is_role(right):
                return rewrite(node, self._title)
            case n.Membership(value) if self._is_role(value):
                return rewrite(node, self._title)
            case _:
                return node

    def _title(self, node: n.Node) -> n.Node:
        match node:
            case n.Literal(str(role)) if role in self.policy.roles:
                return replace(node, value=Spoken(names.role_in_words(role, self.policy)))
            case _:
                return node

    def _is_role(self, node: n.Node) -> bool:
        return names.is_of_roles(v.type_of(node), self.policy)

    def _comparison(
        self, operator: n.ComparisonOperator, left: n.Node, right: n.Node, *, holds: bool
    ) -> str:
        if right == n.Literal(None) and operator in {"=", "!="}:
            a_value = "a value" if (operator == "!=") is holds else "no value"
            return f"{self.noun(left)} {'has' if self._be(left) == 'is' else 'have'} {a_value}"
        if operator == "!=":
            operator, holds = "=", not holds
        verbs = v.IS_WHEN if v.is_moment(left) or v.is_moment(right) else v.IS
        one = self._side(left)
        return f"{one} {self._be(left)} {v.negation(holds)}{verbs[operator]}{self._side(right)}"

    def _marked(self, node: n.Name | n.Path, *, holds: bool) -> str:
        match node:
            case n.Path(base, name):
                value = self._value_of(node)
                said = self._predicate(name, self._root(base), holds=holds)
                return f"{self.noun(base)} {said}{value}"
            case n.Name(name) if name in self.own:
                return f"it {self._predicate(name, '', holds=holds)}"
            case n.Name(name) if name in self.said:
                return f"{self._named(node)}{self._value_of(node)} is {v.negation(holds)}true"
            case n.Name(name):
                said = names.called(name, self.policy)
                return names.claim(said, self._value_of(node), holds=holds)

    def _be(self, node: n.Node) -> str:
        """Choose the verb for what something is called: "last days" are, a "last day" is."""
        match node:
            case n.Path(base, name):
                said = names.called(name, self.policy, of=self._root(base) or "?")
            case n.Name(name):
                said = names.called(name, self.policy)
            case _:
                return v.be(node)
        return "are" if v.PLURAL.search(v.head_of(said)) else "is"

    def _predicate(self, name: str, root: str, *, holds: bool) -> str:
        """Say that a record has a mark; one with a label is what the label says."""
        said = names.called(name, self.policy, of=root or "?")
        marked = "marked " if said == words(name) else ""
        return names.predicate(said, holds=holds, marked=marked)

    def _root(self, node: n.Node) -> str:
        return node.name if isinstance(node, n.Name) else ""

    def _root_of(self, listed: n.Node) -> str:
        """Give what the record in hand is called, of a list of all of its kind."""
        plural = self._root(listed)
        registers = self.policy.registers.values()
        return next((each.root for each in registers if each.plural == plural), "")

    def _joined(self, operands: Sequence[n.Node], word: str) -> str:
        clauses = [self._inner(each, word) for each in operands]
        if any(isinstance(each, v.COMPOUND) for each in operands):
            return f", {word} ".join(clauses)
        return joined(clauses, word)

    def _inner(self, node: n.Node, word: str) -> str:
        match node:
            case n.Disjunction(operands) if word == "and":
                return f"{'either' if len(operands) == _TWO else 'any of:'} {self.clause(node)}"
            case n.Conjunction(operands) if word == "or":
                return f"{'both' if len(operands) == _TWO else 'all of:'} {self.clause(node)}"
            case _:
                return self.clause(node)

    def _test(self, test: n.Node, value: n.Node) -> str:
        match test:
            case n.UnaryTest(operator, operand):
                verbs = v.IS_WHEN if v.is_moment(value) or v.is_moment(operand) else v.IS
                return f"{verbs[operator]}{self.noun(operand)}"
            case n.RangeLiteral():
                return self._range(test)
            case n.ListLiteral(items) if items:
                return f"one of {joined([self._one(item) for item in items], 'or')}"
            case n.Literal():
                return self.noun(test)
            case _:
                return f"in {self.noun(test)}"

    def _one(self, item: n.Node) -> str:
        return self._range(item) if isinstance(item, n.RangeLiteral) else self.noun(item)

    def _range(self, node: n.RangeLiteral) -> str:
        ends = []
        if node.low is not None:
            ends.append(f"{v.IS['>=' if node.low_included else '>']}{self.noun(node.low)}")
        if node.high is not None:
            ends.append(f"{v.IS['<=' if node.high_included else '<']}{self.noun(node.high)}")
        return " and ".join(ends)

    def _quantified(self, node: n.Quantified, *, holds: bool) -> str:
        some = node.quantifier == "some"
        word = ("some" if some else "every") if holds else ("no" if some else "not every")
        nested = any(isinstance(each, n.Quantified | n.ForLoop) for each in walk(node.condition))
        with self._introduced(node.iterators, word) as first:
            if nested:  # whose variable comes first in the sentence would turn the meaning around
                self.said |= {name: self.again[name] for name in first}
            clause = self.clause(node.condition)
            unsaid = list(first.values()) if nested else self._unsaid(first)
        return f"for {joined(unsaid)}, {clause}" if unsaid else clause

    @contextmanager
    def _introduced(self, iterators: Sequence[n.Iterator], word: str) -> Iterator[dict[str, str]]:
        """Speak of "some risk" where a variable comes first, and of "that risk" from then on."""
        around, first = (dict(self.said), dict(self.again)), {}
        among = self.this
        self.this = among | {self._root_of(each.domain) for each in iterators}
        for each in iterators:
            item = self._item(each)
            one = item.partition(" of ")[0]
            if f"that {one}" in self.again.values():
                item, one = f"{item} {each.name}", f"{one} {each.name}"
            self.said[each.name] = first[each.name] = f"{word} {item}"
            self.again[each.name] = f"that {one}"
        yield first
        self.this = among
        for names_now, names_before in zip((self.said, self.again), around, strict=True):
            for name in first:
                del names_now[name]
            names_now.update({k: v for k, v in names_before.items() if k in first})

    def _unsaid(self, first: Mapping[str, str]) -> list[str]:
        """List the variables that the clause inside never spoke of."""
        return [phrase for name, phrase in first.items() if self.said[name] == phrase]

    def _item(self, iterator: n.Iterator) -> str:
        if isinstance(iterator.domain, n.Name) and iterator.until is None:
            name = iterator.domain.name
            if name not in self.said and name not in self.own:
                return names.singular(name, self.policy)
        return f"{words(iterator.name)} of {self._domain(iterator.domain, iterator.until)}"

    def _domain(self, domain: n.Node, until: n.Node | None) -> str:
        start = self.noun(domain)
        return start if until is None else f"{start} to {self.noun(until)}"

    # Nouns

    def _named(self, node: n.Node) -> str:
        match node:
            case n.Name(name) if name in self.own:
                return self.own[name]
            case n.Name(name) if name in self.said:
                phrase, self.said[name] = self.said[name], self.again[name]
                return phrase
            case n.Name(name) if name in self.this:
                return f"this {names.called(name, self.policy)}"
            case n.Name(name):
                return names.fact_in_words(name, self.policy)
            case n.Path(base, name):
                said = names.called(name, self.policy, of=self._root(base) or "?")
                is_part = isinstance(base, n.Path) and v.type_of(base) in _WITH_PARTS
                if isinstance(base, n.Name | n.Path) and not is_part:
                    return names.possessive(self._named(base), said)
                return f"the {said} of {self._operand(base)}"
            case _:
                return self._operand(node)

    def _value_of(self, node: n.Node) -> str:
        value = self._value(node)
        if isinstance(value, str) and self._is_role(node):
            value = Spoken(names.role_in_words(value, self.policy))
        return f" ({value_in_words(value)})" if isinstance(value, SCALARS) else ""

    def _value(self, node: n.Node) -> Any:
        """Give the value of a fact in this case, ``NOT_SHOWN`` where there is none to show."""
        match node:
            case n.Name(name) if self.scope is not None and not self._is_local(name):
                return self.scope.get(name, Missing((name,)))
            case n.Path(base, name):
                value = self._value(base)
                return value if value is NOT_SHOWN else op.path(value, name)
            case _:
                return NOT_SHOWN

    def _is_local(self, name: str) -> bool:
        return name in self.said or name in self.own

    def _side(self, node: n.Node) -> str:
        said = self.noun(node)
        return f"({said})" if isinstance(node, n.Conditional) else said

    def _operand(self, node: n.Node) -> str:
        said = self.noun(node)
        return f"({said})" if isinstance(node, n.Arithmetic | n.Conditional | n.Negation) else said

    def _listed(self, iterators: Sequence[n.Iterator], body: n.Node) -> str:
        with self._introduced(iterators, "each") as first:
            said = self.anything(body, t.ANY)
            unsaid = self._unsaid(first)
        return f"the list of {said}{f' for {joined(unsaid)}' if unsaid else ''}"

    def _filtered(self, base: n.Node, condition: n.Node) -> str:
        said = self.noun(base)
        place = v.place(condition)
        if place is not None:
            return f"{place} of {said}"
        around, among = self.own, self.this
        self.own = {**around, "item": "the item", **self._fields(base, condition)}
        self.this = among | {self._root_of(base)}
        clause = self.anything(condition, t.BOOLEAN)
        self.own, self.this = around, among
        return f"{said} (those for which {clause})"

    def _fields(self, base: n.Node, condition: n.Node) -> dict[str, str]:
        """Name the fields of a list's items: those declared, or those that are no known names."""
        items = v.type_of(base)
        if isinstance(items, t.ListType) and isinstance(items.item, t.ContextType):
            fields = [name for name, _ in items.item.entries]
        else:
            mentioned = [each.name for each in walk(condition) if isinstance(each, n.Name)]
            known = self.policy.facts
            fields = [name for name in mentioned if name not in known and name not in self.said]
        root = self._root(base) or "?"
        return {name: f"the {names.called(name, self.policy, of=root)}" for name in fields}

    def giving(self, node: n.Node) -> str:
        """Say what a table gives: "table 'Who signs' gives for the change's cost"."""
        return giving(self, node)
