"""Says expressions in English: conditions as clauses, anything else as noun phrases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.temporal import Time
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import Months
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.model.names import words
from pmo_engine.prose import names
from pmo_engine.prose import vocabulary as v
from pmo_engine.prose.answers import answer_of_table, answered
from pmo_engine.prose.calls import call_in_words
from pmo_engine.prose.comparisons import (
    comparison_in_words,
    membership_in_words,
    range_in_words,
)
from pmo_engine.prose.plain import Known, plain, unequal_together, worked_out
from pmo_engine.prose.several import (
    among_in_words,
    filtered_in_words,
    loop_in_words,
    quantified_in_words,
)
from pmo_engine.prose.tolerances import conceded_in_words
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
    pronouns: dict[str, str] = field(default_factory=dict)  # records, and how they are spoken of
    roots: dict[str, str] = field(default_factory=dict)  # variables, and what a record of theirs is
    sure: bool | None = None  # whether what is said next is said to be known to be so

    def anything(self, node: n.Node, type_: t.Type) -> str:
        """Say a condition as a clause, anything else as a noun phrase."""
        known = type_ if type_ != t.ANY else v.type_of(node)
        truth = known == t.BOOLEAN or isinstance(node, v.CLAUSES) or v.is_clause(node)
        return self.clause(node) if truth else self.noun(node)

    def clause(self, node: n.Node, *, holds: bool = True) -> str:  # noqa: C901 - a case for each node
        """Say that a condition holds, or that it does not."""
        node = self._with_titles(plain(node))
        match node:
            case n.Comparison():
                return comparison_in_words(self, node, holds=holds)
            case Known(condition):
                return self._known(condition, holds=holds)
            case n.Between(value, low, high):
                said = f"{self.noun(value)} {self.verb(value, holds=holds)}"
                return f"{said}between {self.noun(low)} and {self.noun(high)}"
            case n.Membership():
                return membership_in_words(self, node, holds=holds)
            case n.Not(operand) if isinstance(operand, n.Not):
                return f"it is {v.negation(not holds)}so that {self.clause(operand)}"
            case n.Not(operand):
                return self.clause(operand, holds=not holds)
            case n.Quantified():
                return quantified_in_words(self, node, holds=holds)
            case n.InstanceOf(value, type_):
                return f"{self.noun(value)} is {v.negation(holds)}of type {v.type_name(type_)}"
            case n.Name() | n.Path():
                return self._marked(node, holds=holds)
            case n.Call(n.Name(name), (one,)) if name == "is_known":
                if isinstance(one, n.Path) and v.type_of(one) == t.BOOLEAN:
                    return f"it is {v.negation(holds)}known whether {self.clause(one)}"
                return f"{self._named(one)} {self.verb(one, holds=holds)}known"
            case n.Call(n.Name(name), (one, other)) if name in v.VERBS and holds:
                verb = v.VERBS[name][self._be(one) == "are"]
                return f"{self.noun(one)} {verb} {self.noun(other)}"
            case n.Literal(bool() as value):
                return "always" if value is holds else "never"
            case _ if not holds:
                return f"it is not so that {self.clause(node)}"
            case n.Conjunction(operands):
                return self._joined(operands, "and")
            case n.Disjunction(operands):
                return self._joined(operands, "or")
            case n.Conditional(condition, consequence, alternative):
                first, last = self.clause(consequence), self.clause(alternative)
                return f"either, where {self.clause(condition)}, {first}, or otherwise {last}"
            case _:
                return f"{self.noun(node)} is true"

    def noun(self, node: n.Node) -> str:  # noqa: C901 - a case for each node
        """Say what an expression stands for."""
        node = worked_out(node)
        match node:
            case n.Literal(bool() as value):
                return "true" if value else "false"
            case n.Literal(value):
                return value_in_words(value)
            case n.Path(n.Call() as call, name) if answered(self.policy, node):
                return answer_of_table(self, call, name)
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
                return filtered_in_words(self, base, condition)
            case n.Call():
                return call_in_words(self, node)
            case n.Conditional():
                return self._chosen(node)
            case n.ListLiteral(items):
                listed = joined([self.noun(item) for item in items])
                return f"the list of {listed}" if items else "the empty list"
            case n.ContextLiteral(entries):
                parts = [f"{words(name)}: {self.noun(value)}" for name, value in entries]
                return f"a record ({'; '.join(parts)})"
            case n.RangeLiteral():
                return f"the values {range_in_words(self, node)}"
            case n.UnaryTest(operator, operand):
                return f"a value that is {v.IS[operator]}{self.noun(operand)}"
            case n.ForLoop():
                return loop_in_words(self, node)
            case n.Iterator(name):
                return f"each {words(name)} {among_in_words(self, node)}"
            case n.FunctionLiteral(parameters, body):
                listed = joined([words(each) for each in parameters])
                return f"the function of {listed or 'nothing'} that gives {self.noun(body)}"
            case n.TypeName():
                return v.type_name(node)
            case _ if isinstance(node, v.CLAUSES):
                return f"whether {self.clause(node)}"
            case _:
                raise TypeError(f"{type(node).__name__} is not an expression")

    def _chosen(self, node: n.Conditional) -> str:
        """Say which of two it is; what stands for something that is not known is said as that."""
        first, last = self.noun(node.consequence), self.noun(node.alternative)
        match node.condition:
            case n.Call(n.Name("is_known"), (one,)) if one == node.consequence:
                return f"{first}, or where it is not known {last}"
            case condition:
                return f"{first} if {self.clause(condition)}, otherwise {last}"

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
                return replace(node, value=Spoken(role_in_words(role, self.policy)))
            case _:
                return node

    def _is_role(self, node: n.Node) -> bool:
        column = answered(self.policy, node)
        return names.is_of_roles(column.type if column else v.type_of(node), self.policy)

    def _known(self, condition: n.Node, *, holds: bool) -> str:
        """Say that something is known and so, or that it is not known to be so."""
        if isinstance(condition, n.Name) and condition.name not in self.own:
            return f"it is {v.negation(holds)}known that {self.clause(condition)}"
        self.sure = holds
        return self.clause(condition)

    def verb(self, node: n.Node, *, holds: bool) -> str:
        """Say the verb before what something is: "is ", "are not ", "is known to be "."""
        sure, self.sure = self.sure, None
        if sure is None:
            return f"{self._be(node)} {v.negation(holds)}"
        return f"{self._be(node)} {v.negation(sure)}known {v.negation(holds)}to be "

    @contextmanager
    def pronoun_for(self, root: str) -> Iterator[None]:
        """Speak of a record by its name once, and as "it" from then on."""
        if not self.this and not self.is_local(root) and not self.pronouns:
            self.pronouns[root] = names.fact_in_words(root, self.policy)
        yield
        self.pronouns.pop(root, None)

    def _marked(self, node: n.Name | n.Path, *, holds: bool) -> str:
        match node:
            case n.Path(base, name):
                value = self._value_of(node)
                said = self._predicate(name, self.root(base), holds=holds)
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
            case n.Path(n.Name("tolerated"), name):
                said = conceded_in_words(name)
            case n.Path(base, name):
                said = names.called(name, self.policy, of=self.root(base) or "?")
            case n.Name(name):
                said = names.called(name, self.policy)
            case n.Call(n.Name(name)) if name in self.policy.tables:
                return "are" if self.policy.tables[name].hit_policy in v.LISTS else "is"
            case _:
                return v.be(node)
        return "are" if v.PLURAL.search(v.head_of(said)) else "is"

    def _predicate(self, name: str, root: str, *, holds: bool) -> str:
        """Say that a record has a mark; one with a label is what the label says."""
        said = names.called(name, self.policy, of=root or "?")
        marked = names.MARKED if said == words(name) else ""
        sure, self.sure = self.sure, None
        return names.predicate(said, holds=holds, marked=marked, sure=sure)

    def root(self, node: n.Node) -> str:
        """Give the name that an expression is; nothing where it is none."""
        return self.roots.get(node.name, node.name) if isinstance(node, n.Name) else ""

    def root_of(self, listed: n.Node) -> str:
        """Give what the record in hand is called, of a list of all of its kind."""
        plural = self.root(listed)
        registers = self.policy.registers.values()
        return next((each.root for each in registers if each.plural == plural), "")

    def record_of(self, listed: n.Node) -> str:
        """Give what a record of a list is called, also of one from which some are picked out."""
        while isinstance(listed, n.Filter):
            listed = listed.base
        return self.root_of(listed)

    def _joined(self, operands: Sequence[n.Node], word: str) -> str:
        operands = [plain(each) for each in operands]
        operands = unequal_together(operands) if word == "and" else operands
        clauses = [self._inner(each, word) for each in operands]
        parted = any(isinstance(each, v.COMPOUND) for each in operands)
        if parted or any(v.has_compound(each) for each in operands[:-1]):
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

    # Nouns

    def _named(self, node: n.Node) -> str:
        match node:
            case n.Name(name) if name in self.own:
                return self.own[name]
            case n.Name(name) if name in self.pronouns:
                phrase, self.pronouns[name] = self.pronouns[name], "it"
                return phrase
            case n.Name(name) if name in self.said:
                phrase, self.said[name] = self.said[name], self.again[name]
                return phrase
            case n.Name(name) if name in self.this:
                return f"this {names.called(name, self.policy)}"
            case n.Name(name):
                return names.fact_in_words(name, self.policy)
            case n.Path(n.Name("tolerated"), name):
                return conceded_in_words(name)
            case n.Path(base, name):
                said = names.called(name, self.policy, of=self.root(base) or "?")
                is_part = isinstance(base, n.Path) and v.type_of(base) in _WITH_PARTS
                if isinstance(base, n.Name | n.Path) and not is_part:
                    return names.possessive(self._named(base), said)
                said = names.plural(said) if _is_list(base) else said
                return f"the {said} of {self._operand(base)}"
            case _:
                return self._operand(node)

    def _value_of(self, node: n.Node) -> str:
        value = self._value(node)
        if isinstance(value, str) and self._is_role(node):
            value = Spoken(role_in_words(value, self.policy))
        return f" ({value_in_words(value)})" if isinstance(value, SCALARS) else ""

    def _value(self, node: n.Node) -> Any:
        """Give the value of a fact in this case, ``NOT_SHOWN`` where there is none to show."""
        match node:
            case n.Name(name) if self.scope is not None and not self.is_local(name):
                return self.scope.get(name, Missing((name,)))
            case n.Path(base, name):
                value = self._value(base)
                return value if value is NOT_SHOWN else op.path(value, name)
            case _:
                return NOT_SHOWN

    def is_local(self, name: str) -> bool:
        """Tell whether a name is one of a variable or of a field of an item in hand."""
        return name in self.said or name in self.own

    def side(self, node: n.Node) -> str:
        """Say one side of a comparison, in brackets where it has an "otherwise"."""
        said = self.noun(node)
        return f"({said})" if isinstance(node, n.Conditional) else said

    def _operand(self, node: n.Node) -> str:
        said = self.noun(node)
        return f"({said})" if isinstance(node, n.Arithmetic | n.Conditional | n.Negation) else said


def _is_list(node: n.Node) -> bool:
    """Tell whether an expression is a list of records, not one that is picked out of it."""
    return isinstance(node, n.Filter) and v.place(node.condition) is None
