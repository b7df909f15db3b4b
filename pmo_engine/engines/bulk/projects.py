"""Works out the figures of projects one by one, and those of several from their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines import figures as reference
from pmo_engine.engines.bulk.aggregates import NOTHING, Chosen
from pmo_engine.engines.bulk.plain import Leave, Plain, leave, plain
from pmo_engine.engines.bulk.prepared import Formula, Plan, Prepared
from pmo_engine.engines.figures import Scopes, Worked, given, value_of, why_not, work_out
from pmo_engine.feel.values import Missing, Record
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.figures import looked_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pmo_engine.engines.bulk.aggregates import Aggregate
    from pmo_engine.policy import Figure, Register

    Everywhere = Callable[[str], Sequence[Record]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the figures of a project, or of several together, are worked out of.

    ``states`` are those of the aggregates, in their order; ``lists`` the records of registers that
    some figure looks at one by one, by plural.
    """

    states: tuple[Any, ...]
    lists: Mapping[str, list[Record]]


def _walked(records: list[Record], aggregate: Aggregate) -> Any:
    """Work an aggregate out by the walk that defines the language."""
    scope = {**aggregate.rest, aggregate.plural: records}
    return value_of(aggregate.node, scope, aggregate.text)


def _state(records: list[Record], aggregate: Aggregate) -> Any:
    """Give what an aggregate comes to; of no record that adds nothing to others."""
    found = _walked(records, aggregate)
    return found if records or aggregate.function == "count" else NOTHING


class Projects:
    """Works out the figures of a plan; ``everywhere`` gives the records of all projects."""

    def __init__(self, plan: Plan, everywhere: Everywhere) -> None:
        self.plan, self.everywhere = plan, everywhere
        self._own = {p: [self._of_record(p, f) for f in plan.own[p]] for p in plan.plurals}
        self._empty = [_walked([], each) for each in plan.aggregates]

    def _of_record(self, plural: str, figure: Figure) -> tuple[str, Figure, Plain]:
        """Give a figure of records with a function for the ordinary case."""
        root, rest = self.plan.registers[plural].root, self.plan.rest(figure)
        if figure.unavailable is not None or figure.across == "office":
            return figure.id, figure, leave
        try:
            return figure.id, figure, plain(figure.formula.node, rest, self.plan.seen(plural), root)
        except Leave:
            return figure.id, figure, leave

    def parts(self, lists: Mapping[str, list[Record]], facts: Mapping[str, Any]) -> Parts:
        """Look at the records of one project, by plural; ``facts`` are what it has besides."""
        seen = {plural: self._seen(plural, lists, facts) for plural in self.plan.plurals}
        chosen = Chosen(seen, self.plan.registers, _state)
        states = tuple(each.of(chosen) for each in self.plan.aggregates)
        return Parts(states, {plural: seen[plural] for plural in self.plan.whole})

    def _seen(
        self, plural: str, lists: Mapping[str, list[Record]], facts: Mapping[str, Any]
    ) -> list[Record]:
        """Put into each record its figures, and give the records."""
        own, records = self._own[plural], lists.get(plural, [])
        if not own:
            return records
        register = self.plan.registers[plural]
        names = self.plan.seen(plural)
        around = register, lists, facts
        for record in records:
            record.fields = names
            for id, figure, made in own:
                try:
                    record[id] = made(record)
                except Exception:  # noqa: BLE001 - whatever it is, the reference says what it means
                    record[id] = self._figure(figure, record, around)
        return records

    def _figure(
        self,
        figure: Figure,
        record: Record,
        around: tuple[Register, Mapping[str, list[Record]], Mapping[str, Any]],
    ) -> Any:
        register, lists, facts = around
        scopes = Scopes(self.plan.policy, {**facts, **lists}, self.plan.day, self.everywhere)
        return given(work_out(figure, {**scopes.of(figure, deep=False), register.root: record}))

    def together(self, parts: Sequence[Parts]) -> Parts:
        """Give what several projects are worked out of together."""
        states = [
            aggregate.together([each.states[at] for each in parts])
            for at, aggregate in enumerate(self.plan.aggregates)
        ]
        lists = {p: [r for each in parts for r in each.lists[p]] for p in self.plan.whole}
        return Parts(tuple(states), lists)

    def figures(self, parts: Parts, facts: Mapping[str, Any]) -> dict[str, Worked]:
        """Work all figures out; ``facts`` are what one project has besides, if it is one."""
        known: dict[str, Any] = {**facts}
        for aggregate, state, empty in zip(
            self.plan.aggregates, parts.states, self._empty, strict=True
        ):
            known[aggregate.name] = empty if state is NOTHING else state
        found: dict[str, Worked] = {}
        for each in self.plan.figures:
            worked = self._worked(each, known, parts)
            found[each.figure.id] = worked
            known[each.figure.id] = given(worked)
        return found

    def _worked(self, of: Prepared, known: Mapping[str, Any], parts: Parts) -> Worked:
        figure = of.figure
        if of.across:
            policy, day, lists = self.plan.policy, self.plan.day, parts.lists
            facts = {**known, **lists}
            return reference.of_project(policy, facts, day, {figure.id}, self.everywhere)[figure.id]
        if of.unavailable is not None:
            none = self._value(of, of.unavailable, known, parts)
            if none is not False:
                return Worked(figure, none, figure.because if none is True else why_not(none))
        value = self._value(of, of.formula, known, parts)
        nothing = value is None or isinstance(value, Missing)
        return Worked(figure, value, why_not(value) if nothing else "")

    def _value(self, of: Prepared, formula: Formula, known: Mapping[str, Any], parts: Parts) -> Any:
        if formula.made is not None:
            try:
                return formula.made(known)
            except Exception:  # noqa: BLE001, S110 - as above
                pass
        lists = {
            p: looked_at(parts.lists[p], self.plan.registers[p], of.figure.over) for p in of.whole
        }
        return value_of(formula.node, {**of.rest, **known, **lists}, formula.text)
