"""The whole."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.acts import BUILT_IN
from pmo_engine.policy.notices import Notices
from pmo_engine.source.diagnostics import NOWHERE, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pmo_engine.feel.types import Type
    from pmo_engine.model.durations import Span
    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy.acts import DeclaredAct
    from pmo_engine.policy.expressions import Expression
    from pmo_engine.policy.figures import Dashboard, Figure, Threshold, WorkedExample
    from pmo_engine.policy.gates import Confidence, Gate
    from pmo_engine.policy.organisation import (
        FunctionalAssignment,
        Incompatible,
        Ladder,
        Office,
        Role,
    )
    from pmo_engine.policy.packs import Departure, Parameter
    from pmo_engine.policy.rates import Rates
    from pmo_engine.policy.registers import Quality, Register, View
    from pmo_engine.policy.reports import Report
    from pmo_engine.policy.rounds import Round
    from pmo_engine.policy.rules import Rule
    from pmo_engine.policy.strategies import Strategies
    from pmo_engine.policy.suites.suite import EventLog, Suite
    from pmo_engine.policy.tables import Table
    from pmo_engine.policy.terms import TermsOfReference
    from pmo_engine.policy.tolerances import Tolerance


@dataclass(frozen=True, eq=False, slots=True)
class Policy:
    """A governance policy, bound: everything an engine needs, and nothing it must look up.

    ``contents`` are the files it was read from, of which ``digest`` is the SHA-256.
    """

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
    rules: tuple[Rule, ...]  # a rule stands here once for each span in which it says the same
    strata: tuple[tuple[str, ...], ...]  # ids of rules; a stratum sees what earlier ones derived
    facts: Mapping[str, Type]  # types of all names a rule may look at
    parameters: Mapping[str, Mapping[str, Parameter]]  # by pack and name
    event_logs: tuple[EventLog, ...] = ()
    suites: tuple[Suite, ...] = ()
    title: str = ""
    departures: tuple[Departure, ...] = ()
    applies_to_open: bool = False
    contents: Mapping[str, bytes] = field(default_factory=dict)
    tolerances: Mapping[tuple[str, str], Tolerance] = field(default_factory=dict)  # by level, kind
    notices: Notices = field(default_factory=Notices)
    mark: Mark = NOWHERE  # of its header
    incompatible: tuple[Incompatible, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)  # what people call what, by its name
    named_head: str | None = None  # the role that heads the office, where the policy names it
    acts: Mapping[str, DeclaredAct] = field(default_factory=lambda: BUILT_IN)  # by their verbs
    default_within: Span | None = None  # for what is asked of somebody and names no time
    default_ladder: str | None = None  # and for what names no ladder
    rates: Mapping[str, Rates] = field(default_factory=dict)  # by currency
    offices: Mapping[str, Office] = field(default_factory=dict)  # none: there is one
    derived: Mapping[str, Mapping[str, Expression]] = field(default_factory=dict)  # fields
    figures: tuple[Figure, ...] = ()  # each after those that its formula names
    worked: tuple[WorkedExample, ...] = ()
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)  # by figure
    dashboard: Dashboard | None = None
    views: Mapping[str, View] = field(default_factory=dict)
    quality: Mapping[str, Quality] = field(default_factory=dict)  # by register
    reports: Mapping[str, Report] = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)
    strategies: Strategies | None = None  # None: projects are planned by hand
    confidence: tuple[Confidence, ...] = ()  # the scales of delivery confidence, in their order

    @property
    def rule_count(self) -> int:
        """Count the rules; one whose values change over time is one."""
        return len({rule.id for rule in self.rules})

    def register_of(self, noun: str) -> Register | None:
        """Find the register whose records are called by ``noun``."""
        return next((r for r in self.registers.values() if r.noun == noun), None)

    def confidence_on(self, day: date) -> tuple[str, ...] | None:
        """Give the steps on which confidence in a project is rated on a day; None: it is not."""
        held = [each for each in self.confidence if each.since is None or each.since <= day]
        return held[-1].steps if held else None

    def parameters_on(self, pack: str, day: date) -> dict[str, Any]:
        """Give the values that the terms of a pack have on ``day``, by name."""
        found = ((name, item.on(day)) for name, item in self.parameters.get(pack, {}).items())
        return {name: dated.value for name, dated in found if dated is not None}
