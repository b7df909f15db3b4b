"""The whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pmo_engine.model.calendar import WorkingCalendar
    from pmo_engine.policy.feel.types import Type
    from pmo_engine.policy.tree.cases import EventLog, Suite
    from pmo_engine.policy.tree.gates import Gate
    from pmo_engine.policy.tree.organisation import FunctionalAssignment, Ladder, Role
    from pmo_engine.policy.tree.registers import Register
    from pmo_engine.policy.tree.rules import Rule
    from pmo_engine.policy.tree.tables import Table
    from pmo_engine.policy.tree.terms import TermsOfReference


@dataclass(frozen=True, eq=False, slots=True)
class Policy:
    """A governance policy, bound: everything an engine needs, and nothing it must look up."""

    name: str
    version: str
    digest: str
    in_force_from: date | None
    currency: str
    calendar: WorkingCalendar
    roles: Mapping[str, Role]
    functional: Mapping[str, FunctionalAssignment]
    terms: Mapping[str, TermsOfReference]
    registers: Mapping[str, Register]
    ladders: Mapping[str, Ladder]
    gates: Mapping[str, Gate]
    tables: Mapping[str, Table]
    rules: tuple[Rule, ...]
    strata: tuple[tuple[str, ...], ...]  # ids of rules; a stratum sees what earlier ones derived
    facts: Mapping[str, Type]  # types of all names a rule may look at
    parameters: Mapping[str, Any]
    event_logs: tuple[EventLog, ...]
    suites: tuple[Suite, ...]
    title: str = ""

    def register_of(self, event: str) -> Register | None:
        """Find the register whose noun ``event`` speaks of."""
        noun = event.partition(".")[0]
        return next((r for r in self.registers.values() if r.noun == noun), None)
