"""A functional role's section of a project's report: how it stands, its figures, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.names import asked_for, words
from pmo_engine.model.shape import Shape, iso
from pmo_engine.queries.figures import FigureRow
from pmo_engine.roles.registry import assess
from pmo_engine.work.figures import figures_of_projects
from pmo_engine.work.gates.reviews import seen_by

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Context


class Reminder(Shape):
    """What a rule of the role's pack asked for and waits: of whom, and since when it is due."""

    rule: str
    title: str
    kind: str
    of: str
    due: str | None
    overdue: bool


class RoleSection(Shape):
    """How a functional role stands in a project; an assessment as a gate would get it now."""

    role: str
    title: str
    result: str
    because: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    reminders: tuple[Reminder, ...]


def sections(c: Context, project: str, role: str | None = None) -> list[RoleSection]:
    """Give the sections of the roles whose packs the policy uses, or of one, by their ids."""
    used = packs_with_records(c.policy, c, project)
    found = (each for each in c.governance.roles.values() if role in {None, each.id})
    return [_section(c, project, each.id) for each in found if each.id in used or role is not None]


def packs_with_records(policy: Policy, c: Context, project: str) -> set[str]:
    """Name the packs in use that look at records which the project has."""
    there = {entry.register_name for entry in c.uow.entries.of_project(project)}
    nouns = {r.noun for r in policy.registers.values() if r.id in there}
    return {
        rule.pack
        for rule in policy.rules
        if rule.pack is not None and any(event.noun in nouns for event in rule.on)
    }


def _section(c: Context, project: str, role: str) -> RoleSection:
    functional = c.governance.roles[role]
    found = assess(functional, seen_by(c, role, project))
    said = (found.reason, *found.findings)
    return RoleSection(
        role=role,
        title=functional.title,
        result=found.result,
        because=tuple(filter(None, said)),
        figures=tuple(figures_of_projects(c, [project], role)),
        reminders=tuple(_reminders(c, project, role)),
    )


def _reminders(c: Context, project: str, pack: str) -> list[Reminder]:
    rules = {rule.id for rule in c.policy.rules if rule.pack == pack}
    rows = [
        each
        for each in c.uow.obligations.open_in(project)
        if not rules.isdisjoint((each.rule, *each.also_rules))
    ]
    return [_reminder(c, each) for each in sorted(rows, key=_due)]


def _due(row: Obligation) -> tuple[str, str]:
    return (iso(row.due_at) or "9999", row.id)


def _reminder(c: Context, row: Obligation) -> Reminder:
    return Reminder(
        rule=row.rule,
        title=row.details["title"],
        kind=asked_for(row.kind, row.act),
        of=words(row.details.get("role") or row.target),
        due=iso(row.due_at),
        overdue=row.due_at is not None and row.due_at < c.now,
    )
