"""What every command works with: a version of the policy, its engine, the store, a clock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pmo_engine.compiler.binding.expressions import names_in
from pmo_engine.feel.nodes import Name, Path
from pmo_engine.feel.walk import walk
from pmo_engine.policy.selection import Selection, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from pmo_engine.engines.engine import Engine
    from pmo_engine.model.clock import Clock
    from pmo_engine.policy import Expression, Policy, Register
    from pmo_engine.roles.base import FunctionalRole
    from pmo_engine.store.database import Database
    from pmo_engine.store.tables import Entry, GateReview
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Shelf

SYSTEM = "pmo-engine"
"""Who acts where no person does."""


@dataclass(frozen=True)
class Desk:
    """Where commands are carried out, under one version of the policy: a shelf makes them."""

    policy: Policy
    engine: Engine
    database: Database
    clock: Clock
    roles: Mapping[str, FunctionalRole]
    shelf: Shelf

    def of(self, work: Entry | GateReview) -> Desk:
        """Give the desk of the version that a piece of work is under.

        Until a version is adopted that is the folder as it stands, which this desk has.
        """
        digest = work.policy_digest
        if digest is None or digest == self.policy.digest or not self.shelf.terms:
            return self
        return self.shelf.desk_of(digest)

    def transaction(self, by: str) -> AbstractContextManager[UnitOfWork]:
        """Begin the one transaction of a command that ``by`` gives, now."""
        self.shelf.keep(self.policy, by)
        return self.database.unit_of_work(by, self.clock.now())

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction that only reads."""
        return self.database.read()

    @cached_property
    def zone(self) -> ZoneInfo:
        """Give the office's time zone."""
        return ZoneInfo(self.policy.calendar.zone)

    @cached_property
    def _selector(self) -> Selector:
        return Selector(self.policy, self.zone)

    def selection(self, event: str) -> Selection:
        """Choose the rules in force for an event now."""
        return self._selector.at(event, self.clock.now())

    def looked_at(self, event: str) -> frozenset[str]:
        """Name the facts that rules on an event look at, so that no others are gathered."""
        selection = self.selection(event)
        if selection not in self._names:
            self._names[selection] = names_looked_at(selection)
        return self._names[selection]

    def adds_up(self, event: str) -> bool:
        """Say whether authority over an event's record depends on what was approved before."""
        limits = (item for _, held in self.selection(event).holders for item, _ in held)
        return any(item.cumulative is not None for item in limits)

    @cached_property
    def _names(self) -> dict[Selection, frozenset[str]]:
        return {}

    def fields_decided_on(self, register: Register) -> frozenset[str]:
        """Name the fields of a record that its rules look at, or that authority is measured by."""
        selection = self.selection(f"{register.noun}.updated")
        fields = {
            node.name
            for expression in expressions_of(selection)
            for node in walk(expression.node)
            if isinstance(node, Path) and node.base == Name(register.root)
        }
        measured = {register.value} if register.value is not None else set()
        return frozenset(fields | measured | self._summed_by(selection))

    @staticmethod
    def _summed_by(selection: Selection) -> set[str]:
        items = (item.cumulative for _, held in selection.holders for item, _ in held)
        return {item.field for item in items if item is not None and item.field is not None}

    def today(self) -> date:
        """Give the day that it is at the office."""
        return self.day_of(self.clock.now())

    def day_of(self, moment: datetime) -> date:
        """Give the day of a moment at the office."""
        return moment.astimezone(self.zone).date()


def names_looked_at(selection: Selection) -> frozenset[str]:
    """Name what a selection's rules mention."""
    return frozenset(name for each in expressions_of(selection) for name in names_in(each))


def expressions_of(selection: Selection) -> Iterator[Expression]:
    """Go through the conditions and derivations of a selection's rules."""
    return (expression for rule in selection.rules for expression in rule.expressions)
