"""An approved proposal becomes a project; an approved change of the portfolio is carried out.

Both are done in the transaction of the decision, so that nothing is decided that does not happen:
where it cannot be done, the vote that would decide it is refused and says why.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import roles_in_words
from pmo_engine.model.vocabulary import ACTIVE, CLOSED, ON_HOLD, PROPOSED, STOPPED
from pmo_engine.policy.gates import entries
from pmo_engine.queries.record_facts import record_of
from pmo_engine.store.errors import NotFound
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates.opening import begin_review
from pmo_engine.work.people import projects
from pmo_engine.work.people.project_states import come_into
from pmo_engine.work.people.projects import Place
from pmo_engine.work.permissions import reserved_to
from pmo_engine.work.subjects import OfProjectAndWork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Becoming, Changing, Register
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

STATES = {"start": ACTIVE, "hold": ON_HOLD, "stop": STOPPED, "close": CLOSED}
"""The state in which each change puts a project; what is none of them is its priority."""
PRIORITY = "priority"
PROPOSAL = "proposal"
"""The attribute of a project that names the proposal that it comes of."""
FIRST = "proposed"
"""The stage of a project in a policy without gates."""


def require_can_be(c: Context, register: Register, values: Mapping[str, Any]) -> None:
    """Refuse a record that could never be carried out; raises CommandError."""
    if register.becomes is not None:
        given = values.get(register.becomes.id)
        if given is not None:
            _require_free(c, register, str(given))
    if register.changes is not None:
        _require_change(c, register, register.changes, values)


def _require_free(c: Context, register: Register, id: str) -> None:
    assert register.becomes is not None  # whoever asks has looked
    projects.project_values(id, id, FIRST, Place(), None)
    if c.uow.projects.is_there(id):
        said = f"{register.root}.{register.becomes.id}"
        raise CommandError(f"{said}: there is a project '{id}' already; give another id")


def _require_change(
    c: Context, register: Register, changes: Changing, values: Mapping[str, Any]
) -> None:
    id = values.get(changes.project)
    if id is None:
        return
    said = f"{register.root}.{changes.project}"
    if not c.uow.projects.is_there(str(id)) or c.uow.projects.get(str(id)).is_office:
        raise CommandError(f"{said}: there is no project '{id}'")


def carry_out_approved(c: Command, entry: tables.Entry) -> None:
    """Do what follows for the portfolio from a record that is approved; of others, nothing does."""
    register = c.policy.registers[entry.register_name]
    if register.becomes is not None:
        _become(c, entry, register, register.becomes)
    if register.changes is not None:
        _change(c, entry, register.changes)


def _become(c: Command, entry: tables.Entry, register: Register, by: Becoming) -> None:
    """Make the project of a proposal, and open its first gate."""
    id = str(entry.document.get(by.id) or entry.key)
    _require_free(c, register, id)
    gates = entries(list(c.policy.gates.values()))
    stage, gate = next(iter(gates.items()), (FIRST, None))
    office = c.uow.projects.get(entry.project).office
    attributes = {**_carried(c, entry, register, by), PROPOSAL: f"{office}/{entry.key}"}
    name = str(entry.document.get(by.name) or id)
    values = projects.project_values(id, name, stage, Place(office=office), attributes)
    projects.add(c, values={**values, "status": PROPOSED})
    if gate is not None:
        asked = replace(c, actor=str(entry.submitted_by))
        why = f"{entry.key} is approved"
        begin_review(asked, c.uow.projects.lock(id), gate, why=why, mandate=entry.id)


def _carried(c: Context, entry: tables.Entry, register: Register, by: Becoming) -> dict[str, Any]:
    """Give what a project takes of its proposal, as rules look at it."""
    typed = record_of(c.policy, register, entry, register.root, c.today)
    known = {name: entry.document[name] for name in by.carries if typed.get(name) is not None}
    return {name: _plain(typed[name], kept) for name, kept in known.items()}


def _plain(value: Any, kept: Any) -> Any:
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(value) if whole else kept


def _change(c: Command, entry: tables.Entry, changes: Changing) -> None:
    """Start, hold, stop or close a project, or give it another priority."""
    id, change = str(entry.document[changes.project]), str(entry.document[changes.change])
    try:
        row: tables.Project = OfProjectAndWork(id).lock(c.uow).row
    except NotFound:
        raise CommandError(f"there is no project '{id}'") from None
    to = STATES.get(change)
    _require_reserved(c, entry, f"{change} project")
    if to is None:
        _reprioritise(c, entry, row, changes)
    elif row.status != to:
        if to not in type(row).life_cycle.steps.get(row.status, ()):
            raise CommandError(f"{id} is {row.status.replace('_', ' ')}: it cannot {change} now")
        come_into(c, row, to, f"{entry.key} is approved")


def _require_reserved(c: Command, entry: tables.Entry, act: str) -> None:
    """Refuse what is reserved to roles of which none approved it."""
    roles = reserved_to(c.policy, act)
    met = [row for row in c.uow.obligations.of_subject(entry.id) if row.status == "met"]
    votes = (vote for row in met for vote in c.uow.votes.current(row.id))
    if roles and not any(vote.choice == "approve" and vote.role in roles for vote in votes):
        raise CommandError(
            f"to {act} is reserved to {roles_in_words(roles, c.policy)}, which has not approved"
            f" {entry.key}: a rule has to ask for that"
        )


def _reprioritise(c: Command, entry: tables.Entry, row: tables.Project, changes: Changing) -> None:
    value = entry.document.get(str(changes.priority))
    if value is None:
        raise CommandError(f"{entry.key} does not say which priority {row.id} is to have")
    before = row.attributes.get(PRIORITY)
    now = _plain(Decimal(str(value)), value)
    c.uow.projects.change(row, attributes={**row.attributes, PRIORITY: now})
    body = {"from": before, "to": now, "by": entry.key}
    c.journal("project.reprioritised", body, row.id)
