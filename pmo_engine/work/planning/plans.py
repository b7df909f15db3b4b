"""What is planned of a project: its strategy, the days of its stages, and what of it is entered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine.decisions.plans import Basis, Plan
from pmo_engine.decisions.stage_plans import lead, stage_days
from pmo_engine.engines.choosing import choose
from pmo_engine.feel.wire import to_json
from pmo_engine.model.working_time.hours import CalendarError
from pmo_engine.policy.events import make_event
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import given_record, project_facts
from pmo_engine.work.people.places import calendar_for

if TYPE_CHECKING:
    from pmo_engine.decisions.plans import PlannedRecord
    from pmo_engine.decisions.stage_plans import StageDays
    from pmo_engine.engines.choosing import Choice
    from pmo_engine.policy import Register, Strategies, Strategy
    from pmo_engine.queries.plans import Told
    from pmo_engine.store.tables import Entry, Project
    from pmo_engine.work.governance import Context

EVENT = "gate.assessed"
"""As what is known of a project is asked for by whatever judges it as a whole."""


def strategies_of(c: Context) -> Strategies:
    """Give the strategies of the policy; raises CommandError where it has none."""
    if c.policy.strategies is None:
        raise CommandError("the policy declares no planning strategies, under 'kind: strategies'")
    return c.policy.strategies


def strategy_named(strategies: Strategies, id: str) -> Strategy:
    """Find a strategy; raises CommandError with the nearest where there is none."""
    if id not in strategies.ways:
        hint = nearest(id, strategies.ways) or f"there are {', '.join(strategies.ways)}"
        raise CommandError(f"no strategy is called '{id[:60]}' ({hint})")
    return strategies.ways[id]


def chosen(c: Context, project: Project) -> Choice:
    """Choose a strategy for a project by what is known of it now."""
    strategies = strategies_of(c)
    facts = project_facts(c, project, strategies.chosen_by.names)
    event = make_event(c.policy, EVENT, c.now, facts, project.id)
    return choose(strategies, c.rules.selection(EVENT, c.now), event.facts)


def laid_out(
    c: Context, project: Project, strategy: Strategy, told: Told, begins: date | None = None
) -> Plan:
    """Lay a strategy out for a project, whose stage begins on a day where that is said.

    Raises CommandError for days beyond those that are reckoned.
    """
    strategies, basis = strategies_of(c), _basis(c, project, told, begins)
    calendar = calendar_for(c, project.id)
    try:
        stages = stage_days(strategy, calendar, basis.day, basis.since)
    except (CalendarError, OverflowError, ValueError) as error:
        raise CommandError(f"the plan of {project.id} cannot be laid out: {error}") from None
    register = c.policy.registers[strategies.register]
    return Plan(strategies, strategy, register, basis, stages, _now(c, project.stage, stages))


def _basis(c: Context, project: Project, told: Told, begins: date | None) -> Basis:
    if begins is not None:
        return Basis(begins, project.stage, "given")
    if told.basis is not None and told.basis.by == "given":
        return told.basis
    if project.starts_on is not None:
        return Basis(project.starts_on, "", "start")
    return told.basis or Basis(c.today, project.stage, "today")


def _now(c: Context, stage: str, stages: tuple[StageDays, ...]) -> int:
    names = [each.stage for each in stages]
    if stage in names:
        return names.index(stage)
    gates = c.policy.gates.values()
    behind = any(lead(gates, each, stage) for each in names)
    return len(names) if behind and not lead(gates, stage, names[0]) else 0


def ends_on(c: Context, project: str, plan: Plan) -> date | None:
    """Say when the stage that a project is in ends: as its record says, or else as is planned.

    None where the strategy does not plan that stage.
    """
    if plan.now >= len(plan.stages):
        return None
    stage = plan.stages[plan.now]
    keys = [each.key for each in plan.records(stage) if each.planned.item.at == "end"]
    there = records_there(c, project, plan.register, keys)
    days = [each.document.get(plan.strategies.days_in[-1]) for each in there.values()]
    return max((date.fromisoformat(each) for each in days if each), default=stage.ends)


def records_there(
    c: Context, project: str, register: Register, keys: list[str]
) -> dict[str, Entry]:
    """Find records of a project by their keys."""
    wanted = set(keys)
    entries = c.uow.entries.of_project(project, register.id) if wanted else []
    return {each.key: each for each in entries if each.key in wanted}


def document_of(c: Context, plan: Plan, record: PlannedRecord) -> dict[str, Any]:
    """Give the fields that a planned record is to have, as records keep them."""
    typed = given_record(c, plan.register, record.fields)
    return {name: to_json(value) for name, value in typed.items()}
