"""What the cases of the suites reach: rules, outcomes, rows of tables, rungs of ladders, limits.

Only what the policy's own suites have to test counts (``own_rules``): rules of packs in use are
tested in their packs. And only what a case asserts: it reaches the rules of which it expects
something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.analysis.boundaries import bounds_of, limit_in_words, tried_by
from pmo_engine.analysis.coverage_goals import (
    OUTCOMES,
    outcomes_of,
    own_ladders,
    own_rules,
    own_tables,
)
from pmo_engine.engines.traces import Trace
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.suites.expectations import OF_TIME
from pmo_engine.prose.procedures import action_in_words, moment_in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.suites.running import fired_rungs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pmo_engine.analysis.boundaries import Bound, Point, Tried
    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy import Policy, Rule, Rung
    from pmo_engine.policy.ladders import Due
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that no case reached: of which rule, table or ladder, what of it, and where."""

    of: str
    what: str
    mark: Mark

    def __str__(self) -> str:
        """Print as ``file:line:column: of what``."""
        return f"{self.mark}: {self.of} {self.what}"


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of one kind of thing the cases reach."""

    kind: str
    total: int
    missed: tuple[Missed, ...]

    @property
    def reached(self) -> int:
        """Count what is reached."""
        return self.total - len(self.missed)

    @property
    def percent(self) -> float:
        """Give the part that is reached in per cent; of nothing, all of it is."""
        return 100 * self.reached / self.total if self.total else 100.0


def coverage_of(engine: Engine, on: date | None = None) -> tuple[Covered, ...]:
    """Measure what the suites of a policy reach; cases without a time happen ``on`` a day."""
    tried, rules = tried_by(engine, on), own_rules(engine.policy)
    return (
        _of_rules(tried, rules),
        _of_outcomes(tried, rules),
        _of_rows(engine.policy, tried, rules),
        _of_rungs(engine.policy, tried, rules),
        _of_limits(engine.policy, bounds_of(engine, tried, rules)),
        *_of_ballots(engine.policy),
    )


def _of_ballots(policy: Policy) -> Iterator[Covered]:
    """Look for a ballot that passes and one that is refused, of each body that votes."""
    tried = {(case.body, case.outcome) for suite in policy.suites for case in suite.ballots}
    bodies = [terms for role, terms in policy.terms.items() if _votes(policy, role)]
    wanted = [(terms, state) for terms in bodies for state in ("passed", "refused")]
    missed = (
        Missed(terms.role, f"has no ballot that is {state}", terms.mark)
        for terms, state in wanted
        if (terms.role, state) not in tried
    )
    if wanted:
        yield Covered("ballots", len(wanted), tuple(missed))


def _votes(policy: Policy, role: str) -> bool:
    return policy.terms[role].has_ballots and policy.roles[role].body


def _of_rules(tried: Iterable[Tried], rules: Iterable[Rule]) -> Covered:
    judged = {rule.id for each in tried for rule in each.asserted}
    found = [Missed(rule.id, "is judged by no case", rule.mark) for rule in rules]
    return Covered("rules", len(found), tuple(each for each in found if each.of not in judged))


def _of_outcomes(tried: Iterable[Tried], rules: Iterable[Rule]) -> Covered:
    """Look for each outcome that each rule can have. Faults count for none."""
    reached: set[tuple[str, str]] = set()
    for each in tried:
        outcomes = each.situation.decision.outcomes
        came = zip(OUTCOMES, (outcomes.fired, outcomes.not_fired, outcomes.unknown), strict=True)
        said = {rule.id for rule in each.asserted}
        reached |= {(rule, outcome) for outcome, names in came for rule in names if rule in said}
    wanted = {(rule.id, outcome): rule for rule in rules for outcome in outcomes_of(rule)}
    missed = (
        Missed(id, outcome, rule.mark)
        for (id, outcome), rule in wanted.items()
        if (id, outcome) not in reached
    )
    return Covered("outcomes", len(wanted), tuple(missed))


def _of_rows(policy: Policy, tried: Iterable[Tried], rules: Iterable[Rule]) -> Covered:
    """Look for each row of the tables that the rules call: one that some answer is from."""
    tables = own_tables(policy, rules)
    reached = {found for each in tried for found in _rows_reached(each)} if tables else set()
    rows = [(table, row) for table in tables for row in table.rows]
    missed = (
        Missed(table.id, f"row {row.number}", row.mark)
        for table, row in rows
        if (table.id, row.number) not in reached
    )
    return Covered("rows of tables", len(rows), tuple(missed))


def _rows_reached(tried: Tried) -> Iterator[tuple[str, int]]:
    trace = Trace()
    for rule in tried.asserted:
        for expression in rule.expressions:
            tried.situation.value(expression.node, trace)
    for table, answers in trace.tables.items():
        yield from ((table, number) for found in answers for number in found.rows)


def _of_rungs(policy: Policy, tried: Iterable[Tried], rules: Iterable[Rule]) -> Covered:
    """Look for each rung: one that is due in a case that says who hears by then."""
    reached = {
        (ladder, due.number)
        for each in tried
        if any(key in each.case.expect for key in OF_TIME)
        for ladder, due in _fired(policy, each)
    }
    rungs = [
        (ladder, number, rung)
        for ladder in own_ladders(policy, rules)
        for number, rung in enumerate(ladder.rungs, 1)
    ]
    missed = (
        Missed(ladder.id, f"rung {number}: {_rung(policy, rung)}", ladder.mark)
        for ladder, number, rung in rungs
        if (ladder.id, number) not in reached
    )
    return Covered("rungs of ladders", len(rungs), tuple(missed))


def _fired(policy: Policy, tried: Tried) -> Iterator[tuple[str, Due]]:
    situation = tried.situation
    return fired_rungs(policy, tried.suite, tried.case, situation.event.at, situation.decision)


def _rung(policy: Policy, rung: Rung) -> str:
    return f"{moment_in_words(rung)}, {action_in_words(rung, policy)}"


def _of_limits(policy: Policy, bounds: Iterable[Bound]) -> Covered:
    bounds = tuple(bounds)
    missed = (
        Missed(bound.boundary.rules[0].id, _beside(policy, bound, point), bound.boundary.mark)
        for bound in bounds
        for point in bound.missed
    )
    return Covered("cases at limits", sum(len(each.points) for each in bounds), tuple(missed))


def _beside(policy: Policy, bound: Bound, point: Point) -> str:
    value = f" ({value_in_words(point.value)})" if point.value is not None else ""
    return f"{point.side} the limit{value}: {limit_in_words(policy, bound)}"
