"""What there is to know of figures before any record is read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmo_engine.engines.bulk.aggregates import Aggregate, Splitter
from pmo_engine.engines.bulk.plain import Leave, Plain, plain
from pmo_engine.engines.figures import Scopes, needed
from pmo_engine.feel.nodes import Name, Path
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.registers import record_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from pmo_engine.feel.nodes import Node
    from pmo_engine.policy import Figure, Policy

WHOLE = frozenset({"get value", "get entries", "context merge", "context put"})
"""Functions that look at more of a record than a formula names."""


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula of a figure, or its condition, with names in the place of its aggregates.

    ``made``: a function for the ordinary case, where there is one.
    """

    node: Node
    text: str
    made: Plain | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A figure of projects; ``whole``: the registers, by plural, that it looks at record by record.

    ``across``: it looks at other projects, and is left to the reference altogether.
    """

    figure: Figure
    formula: Formula
    unavailable: Formula | None
    rest: Mapping[str, Any]
    whole: frozenset[str]
    across: bool


class Plan:
    """How some figures of a policy are worked out on one day.

    ``facts`` are what is the same for all projects besides.
    """

    def __init__(
        self, policy: Policy, wanted: Iterable[str], day: date, facts: Mapping[str, Any]
    ) -> None:
        self.policy, self.day = policy, day
        self.registers = {each.plural: each for each in policy.registers.values()}
        self.chosen = needed(policy, list(wanted))
        named = {name for each in self.chosen for name in mentioned(each)}
        self.own = {plural: self._figures_of(plural, named) for plural in self.registers}
        functions = Scopes(policy, {}, day, None).functions
        self._beside = {**policy.tables, **functions, **facts, "today": day}
        self._seen: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[Any, ...], Aggregate] = {}
        self.figures = [self._prepare(each) for each in self.chosen]
        self.aggregates = tuple(self._found.values())

    def _figures_of(self, plural: str, named: set[str]) -> list[Figure]:
        """Give the figures of a register's records that are ``named``, or others of it look at."""
        id = self.registers[plural].id
        every = [each for each in self.policy.figures if each.of == id]
        for figure in reversed(every):
            if figure.id in named:
                named = named | mentioned(figure)
        return [each for each in every if each.id in named]

    @cached_property
    def whole(self) -> frozenset[str]:
        """Name the registers whose records have to be kept, by plural."""
        return frozenset(name for each in self.figures for name in each.whole)

    @cached_property
    def plurals(self) -> frozenset[str]:
        """Name the registers whose records are wanted, by plural."""
        named = {name for own in self.own.values() for each in own for name in each.names}
        added = {each.plural for each in self.aggregates}
        return frozenset(added | self.whole | (named & self.registers.keys()))

    @cached_property
    def volatile(self) -> bool:
        """Tell whether a figure may be otherwise though its project's records are as they were."""
        named = {name for each in self._every() for name in mentioned(each)}
        return "now" in named or any(each.across for each in self.figures)

    def _every(self) -> list[Figure]:
        return [*self.chosen, *(each for own in self.own.values() for each in own)]

    def fields(self, plural: str) -> frozenset[str]:
        """Name the fields of a register that formulas look at."""
        named = {name for each in self._every() for name in mentioned(each)}
        kinds = frozenset(dict(record_type(self.registers[plural]).entries))
        return kinds if named & WHOLE else kinds & named

    def rest(self, figure: Figure) -> dict[str, Any]:
        """Give what a figure sees beside records: the terms of its pack, tables, the day."""
        terms = {} if figure.pack is None else self.policy.parameters_on(figure.pack, self.day)
        return {**self._beside, **terms}

    def seen(self, plural: str) -> frozenset[str]:
        """Name what a record of a register has, its figures too."""
        if plural not in self._seen:
            kinds = dict(record_type(self.registers[plural]).entries)
            self._seen[plural] = frozenset(kinds) | {each.id for each in self.own[plural]}
        return self._seen[plural]

    def _prepare(self, figure: Figure) -> Prepared:
        rest, across = self.rest(figure), self._is_across(figure)
        seen = {plural: self.seen(plural) for plural in self.registers}
        split = Splitter(seen, rest, figure.over, figure.formula.text, rest, self._found)
        nodes = [each.node if across else split.split(each.node) for each in figure.expressions]
        whole = frozenset(name for node in nodes for name in _names(node)) & self.registers.keys()
        if across:
            whole = frozenset(name for each in self.chosen for name in each.names)
            whole &= self.registers.keys()
        formulas = [
            Formula(node, str(each.text), None if whole else _made(node, rest))
            for node, each in zip(nodes, figure.expressions, strict=True)
        ]
        condition = formulas[0] if figure.unavailable is not None else None
        return Prepared(figure, formulas[-1], condition, rest, whole, across)

    def _is_across(self, figure: Figure) -> bool:
        own = (each for plural in figure.names & self.own.keys() for each in self.own[plural])
        return figure.across == "office" or any(each.across == "office" for each in own)


def mentioned(figure: Figure) -> set[str]:
    """Give every name in a figure, of a fact or of what is taken of one."""
    nodes = (each for expression in figure.expressions for each in walk(expression.node))
    return {each.name for each in nodes if isinstance(each, Name | Path)}


def _names(node: Node) -> set[str]:
    return {each.name for each in walk(node) if isinstance(each, Name)}


def _made(node: Node, rest: Mapping[str, Any]) -> Plain | None:
    """Make a function over aggregates and other figures by their names; None where it cannot be."""
    try:
        return plain(node, rest, frozenset(_names(node) - rest.keys()))
    except Leave:
        return None
