"""What waits in a project that is stopped, and what becomes of it where the project goes on.

What nobody had decided has ended, and is decided again. What was decided binds all the same: its
ratification, or the vote to rescind it, goes on. What gates that were decided had left to be done,
and what was asked of the project itself, is taken back and asked again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.vocabulary import GATE_CLOSED
from pmo_engine.policy.decision import WhenTimeIsUp
from pmo_engine.queries.obligations import ANSWERS
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.gates.naming import subject_of
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.obligations import GOES_ALONG, Asked, as_asked, open_obligation
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.records.settlement import decide_entry
from pmo_engine.work.timed import watching
from pmo_engine.work.timed.things import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store import tables
    from pmo_engine.work.command import Command

LEFT = "left_when_stopped"
"""The detail of what is asked again: the seconds of working time that were left for it."""


def end_all(c: Command, row: tables.Project, reason: str) -> None:
    """End what waits in a project: what is asked is taken back, gates close, records have ended."""
    why = f"The project is stopped by {c.actor_name}{f': {reason}' if reason else '.'}"
    _take_back(c, row, why)
    for review in c.uow.gate_reviews.of_project(row.id):
        if review.status != "closed":
            c.uow.gate_reviews.close(review, "stop", why)
            body = {"review": review.id, "gate": review.gate, "outcome": "stop"}
            c.journal(GATE_CLOSED, {**body, "stage": row.stage}, row.id, review.id)
    for entry in c.uow.entries.of_project(row.id):
        if entry.standing in UNDECIDED:
            c.uow.entries.revise(entry, reason=why, by=SYSTEM, standing="ended")


def begin_again(c: Command, row: tables.Project) -> None:
    """Let what nobody had decided wait for its decision again, and ask again what was left."""
    for entry in c.uow.entries.of_project(row.id):
        if entry.standing == "ended" and entry.closed_at is None:
            why = "The project goes on."
            c.uow.entries.revise(entry, reason=why, by=SYSTEM, standing="waiting")
            under = c.under(entry)
            noun = under.policy.registers[entry.register_name].noun
            decide_entry(under, entry, EventName.of(noun, UPDATED), stands=True)
    c.uow.watches.written(row.id, row.id)
    reviews = _closed_reviews(c, row)
    for left in _left_behind(c, row, reviews):
        _ask_again(c, row, left, reviews.get(left.subject_id))


def _take_back(c: Command, project: tables.Project, why: str) -> None:
    """Withdraw what is open, but for what is about decided records; keep what is asked again."""
    entries = c.uow.entries.of_project(project.id)
    decided = {entry.id for entry in entries if entry.standing not in UNDECIDED}
    gone = [row for row in c.uow.obligations.open_in(project.id) if row.subject_id not in decided]
    again = {project.id, *_closed_reviews(c, project)}
    for row in gone:
        if row.kind == "exception":
            watching.forget(c, row.subject_id, {row.rule, *row.also_rules})
        elif row.subject_id in again and ANSWERS not in row.details:
            c.uow.obligations.change(row, details={**row.details, LEFT: _left(c, row)})
    take_back(c, gone, why, ())


def _closed_reviews(c: Command, project: tables.Project) -> dict[str, tables.GateReview]:
    reviews = c.uow.gate_reviews.of_project(project.id)
    return {each.id: each for each in reviews if each.status == "closed"}


def _left(c: Command, row: tables.Obligation) -> int | None:
    """Give the working time left for what is asked; None where it has none, or it is over."""
    if row.due_at is None or row.due_at <= c.now:
        return None
    left = calendar_for(c, row.project).working_time_between(c.now, row.due_at)
    return int(left.total_seconds())


def _left_behind(
    c: Command, project: tables.Project, reviews: Iterable[str]
) -> list[tables.Obligation]:
    rows = (row for id in (project.id, *reviews) for row in c.uow.obligations.of_subject(id))
    return [row for row in rows if LEFT in row.details]


def _ask_again(
    c: Command,
    project: tables.Project,
    row: tables.Obligation,
    review: tables.GateReview | None,
) -> None:
    """Ask for what was taken back, in the working time that was left for it."""
    under = c if review is None else c.under(review)
    subject = Place(project).subject(c) if review is None else subject_of(review)
    item, up = as_asked(row), row.details.get("when_time_is_up")
    if up is not None:
        item = replace(item, when_time_is_up=WhenTimeIsUp(up["means"], up["source"]))
    kept = {name: row.details[name] for name in GOES_ALONG if name in row.details}
    left = row.details[LEFT]
    due = row.due_at
    if left is not None:
        calendar = calendar_for(c, row.project)
        due = calendar.add_working_time(c.now, timedelta(seconds=left))
    asked = Asked(item, tuple(row.reasons), row.decision_id)
    open_obligation(under, subject, asked, due=due, more=kept)
    details = {name: value for name, value in row.details.items() if name != LEFT}
    c.uow.obligations.change(row, details=details)
