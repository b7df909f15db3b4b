"""A project is planned: what its strategy plans is entered, in one transaction.

Said again it changes nothing. What somebody has changed since is theirs, and stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape
from pmo_engine.policy.strategies import STAGE_ENDS, STRATEGY
from pmo_engine.prose.strategies import unchosen_in_words
from pmo_engine.queries.plans import PLANNED, told_of
from pmo_engine.work.acts import PLAN_PROJECT, TAILOR_PROJECT
from pmo_engine.work.approvals import limits
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import given_record, require_fields
from pmo_engine.work.people.people import told as told_by
from pmo_engine.work.people.projects import (
    look_at_what_waits,
    open_gates,
    require_takes_records,
)
from pmo_engine.work.permissions import by_founder, require_act
from pmo_engine.work.planning.plans import (
    chosen,
    document_of,
    ends_on,
    laid_out,
    records_there,
    strategies_of,
    strategy_named,
)
from pmo_engine.work.records import waited
from pmo_engine.work.records.submission import enter, revise
from pmo_engine.work.rounds.answers import answer_rounds
from pmo_engine.work.subjects import OfProject
from pmo_engine.work.timed.at_once import look_at_projects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.decisions.plans import Plan, PlannedRecord
    from pmo_engine.policy import Strategy
    from pmo_engine.queries.plans import Told
    from pmo_engine.store.tables import Entry, Project
    from pmo_engine.work.governance import Context, Governance


class PlanSet(Shape):
    """How a project is planned now, and what of it became otherwise.

    ``reason``: why by another strategy than the one that is chosen. ``entered`` and ``moved`` are
    keys of records, ``kept`` says what is not as planned, since somebody changed it.
    """

    project: str
    strategy: str
    title: str
    reason: str = ""
    begins: date
    stage: str
    stage_ends_on: date | None
    entered: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what of the project that raises
    changed: bool = False
    by_founder: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """What is judged again once a plan is kept."""

    touched: list[str]
    waiting: list[str]


def set_plan(
    governance: Governance,
    *,
    project: str,
    by: str,
    strategy: str | None = None,
    reason: str = "",
    begins: date | None = None,
    request: str | None = None,
) -> PlanSet:
    """Enter what the strategy of a project plans, and say on which day its stage ends.

    ``strategy``: another one than is chosen, for a reason, by whoever may tailor a project; it
    stays until another is named. ``begins``: when the stage that it is in began or begins.
    Raises CommandError where none is chosen, as facts are missing; Refusal.
    """
    later = Later([], [])
    do = partial(_set, strategy=strategy, reason=reason.strip(), begins=begins, later=later)
    made = carry_out(governance, Order(by, PLAN_PROJECT, OfProject(project), PlanSet, request), do)
    if made.changed:
        limits.look_again(governance, later.touched)
        waited.look_again(governance, later.waiting)
        look_at_what_waits(governance, project)
    return made


def _set(
    c: Command, *, strategy: str | None, reason: str, begins: date | None, later: Later
) -> PlanSet:
    project: Project = c.on.row
    require_takes_records(project)
    told, exception = told_of(c.uow, project.id), by_founder(c)
    way, why = _wanted(c, project, told, strategy, reason)
    plan = replace(laid_out(c, project, way, told, begins), reason=why)
    if plan.now >= len(plan.stages):
        raise CommandError(f"{way.title} plans nothing of {project.id} from '{project.stage}' on")
    done = _entered(c, plan, told)
    ends = ends_on(c, project.id, plan)
    changes = _attributes(c, plan, told, ends, done)
    is_told = (told.strategy, told.basis, told.reason) == (way.id, plan.basis, why)
    changed = bool(done.written or changes or not is_told)
    raised: list[str] = []
    if changed:
        raised = _keep(c, plan, done, changes, exception)
        later.touched[:] = sorted({id for each in done.written for id in limits.touched(c, each)})
        later.waiting[:] = waited.have_come(c, project.id, ["project", plan.register.plural])
    return PlanSet(
        project=project.id,
        strategy=way.id,
        title=way.title,
        reason=why,
        begins=plan.basis.day,
        stage=project.stage,
        stage_ends_on=ends,
        entered=tuple(done.entered),
        moved=tuple(done.moved),
        kept=tuple(done.kept),
        notes=tuple(raised),
        changed=changed,
        by_founder=exception if changed else None,
    )


def _wanted(
    c: Command, project: Project, told: Told, named: str | None, reason: str
) -> tuple[Strategy, str]:
    """Give the strategy to plan by, and why it is another one than is chosen."""
    strategies, choice = strategies_of(c), chosen(c, project)
    stays = told.strategy if told.reason and told.strategy in strategies.ways else None
    id = named or stays or choice.strategy
    if id is None:
        raise CommandError(unchosen_in_words(project.id, choice.missing, choice.faults, c.policy))
    way = strategy_named(strategies, id)
    if id == choice.strategy:
        if reason:
            raise CommandError(f"{way.title} is what is chosen for {project.id}: give no reason")
        return way, ""
    if id == stays and reason in {"", told.reason}:
        return way, told.reason
    if not reason:
        instead = strategies.ways[choice.strategy].title if choice.strategy else "none"
        raise CommandError(
            f"{instead} is chosen for {project.id}, and another strategy is for a reason; give it"
            " with --reason"
        )
    require_act(c, TAILOR_PROJECT)
    return way, reason


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of the records of a plan, and what they say by it."""

    written: list[Entry]
    wrote: dict[str, dict[str, Any]]
    entered: list[str]
    moved: list[str]
    kept: list[str]


def _entered(c: Command, plan: Plan, told: Told) -> _Done:
    """Enter what is planned and not there, and move what nobody but the plan has written."""
    done = _Done([], {}, [], [], [])
    ahead = plan.ahead
    project: str = c.on.row.id
    there = records_there(c, project, plan.register, [*(each.key for each in ahead), *told.wrote])
    for each in ahead:
        if each.key not in there:
            done.entered.append(each.key)
            _keep_written(c, plan, done, _new(c, plan, each))
        elif _own(c, plan, there[each.key]) != told.wrote.get(each.key):
            done.kept.extend(_differing(c, plan, each, there[each.key]))
        else:
            _follow(c, plan, each, there[each.key], done)
    every = {each.key for stage in plan.stages for each in plan.records(stage)}
    done.kept.extend(
        f"{key} is planned no more; it stays until somebody withdraws or closes it"
        for key, entry in there.items()
        if key not in every and entry.status in plan.register.life.open
    )
    return done


def _new(c: Command, plan: Plan, record: PlannedRecord) -> Entry:
    typed = given_record(c, plan.register, record.fields)
    require_fields(plan.register, typed)
    entry, _ = enter(c, plan.register, c.on.row.id, typed, record.key)
    return entry


def _keep_written(c: Context, plan: Plan, done: _Done, entry: Entry) -> None:
    done.written.append(entry)
    done.wrote[entry.key] = _own(c, plan, entry)


def _own(c: Context, plan: Plan, entry: Entry) -> dict[str, Any]:
    """Give what people, or a plan, have written in a record: nothing that is worked out."""
    derived = c.policy.derived.get(plan.register.id, {})
    given = {name: v for name, v in entry.document.items() if name in plan.register.given}
    mine = {name: value for name, value in given.items() if name not in derived}
    more = {"owner": entry.owner, "due": None if entry.due is None else entry.due.isoformat()}
    return {**mine, **{name: value for name, value in more.items() if value is not None}}


def _differing(c: Context, plan: Plan, record: PlannedRecord, entry: Entry) -> list[str]:
    """Say of a record that somebody has changed what of it is not as planned."""
    wanted, found = document_of(c, plan, record), _own(c, plan, entry)
    said = [
        f"{name} {found.get(name, 'nothing')}, planned {value}"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
    return [f"{record.key} stays as somebody changed it: {'; '.join(said)}"] if said else []


def _follow(c: Command, plan: Plan, record: PlannedRecord, entry: Entry, done: _Done) -> None:
    """Let a record that is the plan's own say what is planned now; a baseline stays."""
    under = c.under(entry)
    wanted, found = document_of(c, plan, record), _own(c, plan, entry)
    fields = plan.register.fields
    stay = {
        name: found[name]
        for name, value in wanted.items()
        if fields[name].baseline_of is not None and found.get(name) not in {None, value}
    }
    done.kept.extend(
        f"{record.key} keeps its {name} {value}, planned {wanted[name]}: a baseline is moved with"
        " 'pmo rebaseline'"
        for name, value in stay.items()
    )
    changes = {n: v for n, v in wanted.items() if n not in stay and found.get(n) != v}
    gone = found.keys() - wanted.keys()
    if changes or gone:
        typed = given_record(under, plan.register, changes)
        revised, _ = revise(under, entry, typed, gone)
        done.moved.append(record.key)
        _keep_written(c, plan, done, revised)


def _attributes(
    c: Command, plan: Plan, told: Told, ends: date | None, done: _Done
) -> dict[str, Any]:
    """Give what becomes otherwise of what is known of the project."""
    project: Project = c.on.row
    day = None if ends is None else ends.isoformat()
    now = project.attributes.get(STAGE_ENDS)
    wanted = {STRATEGY: plan.strategy.id, STAGE_ENDS: day}
    if told.ends is not None and told.ends[0] == project.stage and now != told.ends[1]:
        del wanted[STAGE_ENDS]
        if now != day:
            done.kept.append(f"{STAGE_ENDS} stays {now}, as somebody changed it; planned is {day}")
    return {n: v for n, v in wanted.items() if project.attributes.get(n) != v}


def _keep(
    c: Command, plan: Plan, done: _Done, changes: Mapping[str, Any], exception: str | None
) -> list[str]:
    """Keep the plan in the project and the journal; says what it raises of the project."""
    project: Project = c.on.row
    if changes:
        c.uow.projects.change(project, attributes={**project.attributes, **changes})
    basis = plan.basis
    body = {
        "strategy": plan.strategy.id,
        "title": plan.strategy.title,
        **({"reason": plan.reason} if plan.reason else {}),
        "from": basis.day.isoformat(),
        "since": basis.since,
        "by": basis.by,
        "stage": project.stage,
        "stage_ends_on": project.attributes.get(STAGE_ENDS),
        "wrote": done.wrote,
        **told_by(exception),
    }
    c.journal(PLANNED, body, project.id)
    open_gates(c, project.id)
    raised = look_at_projects(c, done.written)
    answer_rounds(c, done.written)
    return raised
