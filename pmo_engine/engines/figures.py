"""Works out declared figures from the records of registers, by the walk that defines the language.

A figure whose condition says so, or whose records lack what it needs, is not available, with the
reason; never 0, and never an error of whoever asked for it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.functions import working_days_between
from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel.values import Function, Missing, Record
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.figures import COUNTING, Figure, looked_at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from pmo_engine.feel.nodes import Node
    from pmo_engine.policy import Expression, Policy, Register

    Everywhere = Callable[[str], Sequence[Record]]

NO_VALUE = "it comes to nothing"


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure as it comes out: its exact value, or why it is not available."""

    figure: Figure
    value: Any
    why: str = ""

    @property
    def available(self) -> bool:
        """Tell whether there is a value."""
        return not self.why

    @property
    def shown(self) -> Any:
        """Give the value as people see it; ``None`` where it is not available."""
        return None if self.why else self.figure.rounded(self.value)


def of_record(
    policy: Policy,
    register: Register,
    record: Record,
    facts: Mapping[str, Any],
    day: date,
    everywhere: Everywhere | None = None,
) -> dict[str, Worked]:
    """Work out the figures of a record, by id; ``facts`` are what there is beside it.

    ``everywhere`` gives the records of all projects by their plural; else those of ``facts`` are.
    """
    mine = [each for each in policy.figures if each.of == register.id]
    return _of_record(register, mine, record, Scopes(policy, facts, day, everywhere))


def of_project(
    policy: Policy,
    facts: Mapping[str, Any],
    day: date,
    wanted: Collection[str] | None = None,
    everywhere: Everywhere | None = None,
) -> dict[str, Worked]:
    """Work out the figures of a project, or of several together, by id.

    ``facts`` have the records of registers by their plurals; ``wanted`` names the figures, and
    ``everywhere`` gives the records of all projects.
    """
    scopes = Scopes(policy, facts, day, everywhere)
    chosen = needed(policy, wanted)
    found: dict[str, Worked] = {}
    for figure in chosen:
        scope = {**scopes.of(figure), **{id: given(each) for id, each in found.items()}}
        found[figure.id] = work_out(figure, scope)
    return found if wanted is None else {id: each for id, each in found.items() if id in wanted}


def needed(policy: Policy, wanted: Collection[str] | None) -> list[Figure]:
    """Give the figures of projects that are wanted, and those that they name, in their order."""
    every = [each for each in policy.figures if each.of is None]
    found = {each.id for each in every} if wanted is None else set(wanted)
    for figure in reversed(every):
        if figure.id in found:
            found |= figure.names
    return [each for each in every if each.id in found]


class Scopes:
    """What the formulas of figures see: records of registers with their own figures, and terms."""

    def __init__(
        self, policy: Policy, facts: Mapping[str, Any], day: date, everywhere: Everywhere | None
    ) -> None:
        self.policy, self.facts, self.day, self.everywhere = policy, facts, day, everywhere
        between = partial(working_days_between, policy.calendar)
        self.functions = {COUNTING: Function(("from", "to"), between)}
        self._listed: dict[tuple[str, str, str, bool], list[Record]] = {}
        self._registers = {each.plural: each for each in policy.registers.values()}

    def of(self, figure: Figure, *, deep: bool = True) -> dict[str, Any]:
        """Give what one figure sees; ``deep``: of other records their figures as well."""
        named = figure.names & self._registers.keys()
        records = {name: self._records(name, figure, deep=deep) for name in named}
        terms = {} if figure.pack is None else self.policy.parameters_on(figure.pack, self.day)
        given = {**self.policy.tables, **self.functions, **self.facts, "today": self.day}
        return {**given, **terms, **records}

    def _records(self, plural: str, figure: Figure, *, deep: bool) -> list[Record]:
        key = (plural, figure.over, figure.across, deep)
        if key not in self._listed:
            register = self._registers[plural]
            chosen = looked_at(self._given(plural, figure), register, figure.over)
            own = [each for each in self.policy.figures if each.of == register.id]
            seen = [self._with_figures(register, own, each) for each in chosen] if deep else chosen
            self._listed[key] = seen
        return self._listed[key]

    def _given(self, plural: str, figure: Figure) -> Sequence[Record]:
        if figure.across == "office" and self.everywhere is not None:
            return self.everywhere(plural)
        records: Sequence[Record] = self.facts.get(plural, ())
        return records

    def _with_figures(self, register: Register, own: Sequence[Figure], record: Record) -> Record:
        if not own:
            return record
        worked = _of_record(register, own, record, self)
        return _seen(record, worked.values())


def _of_record(
    register: Register,
    figures: Iterable[Figure],
    record: Record,
    scopes: Scopes,
) -> dict[str, Worked]:
    found: dict[str, Worked] = {}
    for figure in figures:
        seen = _seen(record, found.values())
        found[figure.id] = work_out(figure, {**scopes.of(figure, deep=False), register.root: seen})
    return found


def _seen(record: Record, worked: Iterable[Worked]) -> Record:
    """Give a record with its figures, as formulas see it."""
    figures = {each.figure.id: given(each) for each in worked}
    return Record(record.path, {**record, **figures}, {*record.fields, *figures})


def given(worked: Worked) -> Any:
    """Give a figure to those that are worked out from it; what it lacks they lack, too."""
    return worked.value if worked.available else _lacking(worked)


def _lacking(worked: Worked) -> Missing:
    if isinstance(worked.value, Missing) and worked.value.paths:
        return worked.value
    return Missing((), (f"{worked.figure.label}: {worked.why}",))


def work_out(figure: Figure, scope: Mapping[str, Any]) -> Worked:
    """Work out one figure over what it sees."""
    if figure.unavailable is not None:
        none = _value(figure.unavailable, scope)
        if none is not False:
            return Worked(figure, none, figure.because if none is True else why_not(none))
    value = _value(figure.formula, scope)
    if value is None or isinstance(value, Missing):
        return Worked(figure, value, why_not(value))
    return Worked(figure, value)


def _value(expression: Expression, scope: Mapping[str, Any]) -> Any:
    return value_of(expression.node, scope, str(expression.text))


def value_of(node: Node, scope: Mapping[str, Any], text: str) -> Any:
    """Work out a part of a formula, which ``text`` is the whole of; too much work is a fault."""
    try:
        return evaluate_in_rule(node, scope, text)
    except EvaluationLimit as limit:
        return Missing.fault(str(limit))


def why_not(value: Any) -> str:
    """Say why there is no value: what is not known, or else what went wrong."""
    if not isinstance(value, Missing):
        return NO_VALUE
    if value.paths:
        return f"not known: {', '.join(value.paths)}"
    return "; ".join(value.faults) or NO_VALUE
