"""A version of the policy, ready to judge: bound, with its engine, and what is in force when."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pmo_engine.authority.limits import looked_at
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.as_of import turning_days
from pmo_engine.policy.fact_paths import fields_in
from pmo_engine.policy.selection import Selection, Selector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy import Authority, Expression, Policy, Register


@dataclass(frozen=True)
class Rulebook:
    """What commands look up: the policy, its engine, and what rules look at at a moment."""

    policy: Policy
    engine: Engine

    @property
    def digest(self) -> str:
        """Give the digest of its policy."""
        return self.policy.digest

    @cached_property
    def zone(self) -> ZoneInfo:
        """Give the office's time zone."""
        return ZoneInfo(self.policy.calendar.zone)

    @cached_property
    def _selector(self) -> Selector:
        return Selector(self.policy, self.zone)

    @cached_property
    def _names(self) -> dict[Selection, frozenset[str]]:
        return {}

    @cached_property
    def judge(self) -> Engine:
        """Give the engine whose rules are the criteria of gates; made when one is judged."""
        from pmo_engine.decisions.gate_rules import judging  # noqa: PLC0415 - few gates are judged
        from pmo_engine.engines.engine import Engine  # noqa: PLC0415 - as above

        return Engine(judging(self.policy), self.engine.called)

    @cached_property
    def opening_events(self) -> frozenset[EventName]:
        """Name the events on which gates are opened by themselves."""
        openings = (each for gate in self.policy.gates.values() for each in gate.opens)
        return frozenset(each.on for each in openings if each.on is not None)

    def opened_by_time(self, noun: str) -> tuple[EventName, ...]:
        """Give the event of the clock on which gates of projects are opened; none where none is."""
        scheduled = any(gate.scheduled for gate in self.policy.gates.values())
        return (EventName.timed(noun, "day"),) if scheduled else ()

    def asked_at_gate(self, event: str, moment: datetime) -> frozenset[str]:
        """Name the facts that the criteria of a gate look at."""
        return names_looked_at(Selector(self.judge.policy, self.zone).at(event, moment))

    def close(self) -> None:
        """Give back what its engines hold."""
        self.engine.close()
        if "judge" in vars(self):
            self.judge.close()

    def selection(self, event: str, moment: datetime) -> Selection:
        """Choose the rules in force for an event at a moment."""
        return self._selector.at(event, moment)

    def looked_at(self, event: str, moment: datetime) -> frozenset[str]:
        """Name the facts that rules on an event look at, so that no others are gathered."""
        selection = self.selection(event, moment)
        if selection not in self._names:
            self._names[selection] = names_looked_at(selection)
        return self._names[selection]

    @cached_property
    def rule_ids(self) -> frozenset[str]:
        """Name the rules of the policy."""
        return frozenset(rule.id for rule in self.policy.rules)

    def ever_judging(self, event: EventName) -> frozenset[str]:
        """Name the rules that judge an event on some day, in force or not."""
        names = event.judged_as
        return frozenset(rule.id for rule in self.policy.rules if not names.isdisjoint(rule.on))

    @cached_property
    def timed_rules(self) -> frozenset[str]:
        """Name the rules that judge what the clock raises."""
        return frozenset(r.id for r in self.policy.rules if any(each.rhythm for each in r.on))

    def timed_events(self, noun: str) -> tuple[EventName, ...]:
        """Give the events of the clock about a noun that rules judge, some day or other."""
        return self._timed.get(noun, ())

    @cached_property
    def _timed(self) -> dict[str, tuple[EventName, ...]]:
        found: dict[str, dict[EventName, None]] = {}
        for event in (each for rule in self.policy.rules for each in rule.on if each.rhythm):
            found.setdefault(event.noun, {})[event] = None
        return {noun: tuple(events) for noun, events in found.items()}

    @cached_property
    def turning_days(self) -> tuple[date, ...]:
        """Give the days on which something in the policy begins to hold, or has ended, in order."""
        return tuple(sorted(turning_days(self.policy)))

    def authorities(self, event: str, moment: datetime) -> tuple[Authority, ...]:
        """Give the authorities over an event's record that hang on more than what it amounts to."""
        selection = self.selection(event, moment)
        found = self._limiting.get(selection)
        if found is None:
            found = self._limiting[selection] = tuple(_limiting(selection))
        return found

    @cached_property
    def _limiting(self) -> dict[Selection, tuple[Authority, ...]]:
        return {}

    def fields_decided_on(self, register: Register, moment: datetime) -> frozenset[str]:
        """Name the fields of a record that its rules look at, or that authority is measured by.

        Rules on its state that have no part in the decision go on looking at it afterwards.
        """
        selection = self.selection(EventName.of(register.noun, UPDATED), moment)
        deciding = (rule for rule in selection.rules if rule.decides or not rule.states)
        expressions = (each for rule in deciding for each in rule.expressions)
        fields = {name for each in expressions for name in fields_in(each.node, register)}
        return frozenset(fields | self.fields_measured(register, moment))

    def fields_measured(self, register: Register, moment: datetime) -> frozenset[str]:
        """Name the fields of a record by which authority over it is measured or limited."""
        selection = self.selection(EventName.of(register.noun, UPDATED), moment)
        measured = {register.value} if register.value is not None else set()
        limiting = {path.steps[1] for path in looked_at(selection) if path.root == register.root}
        return frozenset(measured | {str(name) for name in limiting})

    def fields_of(self, register: Register, rules: Collection[str]) -> frozenset[str]:
        """Name the fields of a record that some rules look at, on whichever event they are."""
        chosen = (rule for rule in self.policy.rules if rule.id in rules)
        nodes = (each.node for rule in chosen for each in rule.expressions)
        return frozenset(name for node in nodes for name in fields_in(node, register))

    def stands_through(self, register: Register, moment: datetime) -> frozenset[str]:
        """Name the fields of a record whose change asks nobody anew: nothing was decided on them.

        What the register says of a field that rules look at, or that names somebody, is not kept.
        """
        fields = register.fields.values()
        quiet = frozenset(each.name for each in fields if not (each.asks_anew or each.names))
        return quiet - self.fields_decided_on(register, moment) if quiet else quiet

    def nobodys_to_approve(self, register: Register, moment: datetime) -> frozenset[str]:
        """Name the fields in which a change is nothing that is asked for: also a role's to set."""
        return self.stands_through(register, moment) | register.set_by_roles

    def day_of(self, moment: datetime) -> date:
        """Give the day of a moment at the office."""
        return moment.astimezone(self.zone).date()


def _limiting(selection: Selection) -> Iterator[Authority]:
    register = selection.register
    for terms in selection.policy.terms.values():
        for item in terms.authority:
            measured = selection.policy.register_of(item.act.partition(" ")[2]) or register
            if measured is register and (item.cumulative is not None or item.is_conditional):
                yield item


def names_looked_at(selection: Selection) -> frozenset[str]:
    """Name what a selection's rules mention."""
    return frozenset(name for each in expressions_of(selection) for name in each.names)


def expressions_of(selection: Selection) -> Iterator[Expression]:
    """Go through the conditions and derivations of a selection's rules."""
    return (expression for rule in selection.rules for expression in rule.expressions)
