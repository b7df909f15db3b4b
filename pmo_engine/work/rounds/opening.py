"""Time opens rounds, each once for its period, and the next one ends the one before.

After an outage the last period that is over has its round; those before it that were missed are
named with it, and nobody is asked for what is long past.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.periods import Period
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import A_RETURN, ACTIVE
from pmo_engine.model.working_time.occasions import beginning, last_occasion, next_occasion
from pmo_engine.policy.decision import Obligation
from pmo_engine.prose.rounds import collected_in_words
from pmo_engine.store import tables
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.kept_asking import keep_asking
from pmo_engine.work.obligations import Asked, Subject, open_obligation
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.rounds.ending import end, look_whether_all
from pmo_engine.work.rounds.naming import OfRound
from pmo_engine.work.subjects import Office, OfProject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from pmo_engine.policy import Round
    from pmo_engine.work.governance import Context, Governance

DAY = timedelta(days=1)


class Done(Shape):
    """How many rounds were opened, or closed; or of how many registers somebody was asked."""

    number: int


@dataclass(frozen=True, slots=True)
class Due:
    """A round of the policy, and the period for which its time has come."""

    round: Round
    period: Period
    opens: datetime

    @property
    def name(self) -> str:
        return self.period.name(self.round.every)


def let_rounds_go_on(governance: Governance, by: str = SYSTEM) -> int:
    """End the rounds that are over, open those whose time has come and ask every project; once.

    Gives how many were opened. Each is a command of its own: stopped between two, the next sweep
    goes on where this one was.
    """
    with governance.reading() as c:
        waiting, found = c.uow.rounds.open(), list(_due(c))
        over = list(_over(c, waiting, found))
        due = [each.round.id for each in found if not _is_there(c, each)]
        unasked = [each.id for each in waiting if each.asked_at is None]
    for id, why in over:
        carry_out(governance, Order(by, SWEEP, OfRound(id), Done), partial(_end, why=why))
    opened = 0
    for name in due:
        order = Order(by, SWEEP, Office(), Done)
        opened += carry_out(governance, order, partial(_open, name=name)).number
    if opened:
        with governance.reading() as c:
            unasked = [each.id for each in c.uow.rounds.open() if each.asked_at is None]
    for id in unasked:
        _ask_all(governance, id, by)
    return opened


def _is_there(c: Context, due: Due) -> bool:
    return c.uow.rounds.find(due.round.id, due.name) is not None


def _over(
    c: Context, waiting: Iterable[tables.Round], found: Iterable[Due]
) -> Iterator[tuple[str, str]]:
    """Name the open rounds that end without all having answered, each with the reason."""
    due = {each.round.id: each for each in found}
    for row in waiting:
        if row.round not in c.policy.rounds:
            yield row.id, "the policy collects it no more"
        elif row.round in due and due[row.round].period.end > row.ends_on:
            yield row.id, f"that for {due[row.round].name} begins"


def _due(c: Context) -> Iterator[Due]:
    """Give the rounds of the policy with the last period for which their time has come.

    None where the office had not begun by then, or another version bound that had no such round.
    """
    began = min(c.uow.journal.beginnings().values(), default=None) if c.policy.rounds else None
    for each in c.policy.rounds.values():
        found = last_due(c, each)
        if began is None or found is None or began >= found.opens:
            continue
        if _bound_then(c, each.id, found.opens):
            yield found


def last_due(c: Context, item: Round) -> Due | None:
    """Give the last period that was over when the office opened last."""
    calendar = c.policy.calendar
    last = last_occasion(calendar, "day", c.now)
    if last is None:
        return None
    period = Period.before(item.every, c.rules.day_of(last))
    opens = next_occasion(calendar, "day", beginning(calendar, period.end + DAY))
    return None if opens is None else Due(item, period, opens)


def _bound_then(c: Context, name: str, at: datetime) -> bool:
    """Tell whether the version that was in force at a moment had a round."""
    governance = c.governance
    term = governance.in_force(at)
    if term is not None:
        return name in governance.version(term.digest).policy.rounds
    if not governance.terms:
        return True
    began = governance.began
    return began is not None and name in governance.version(began).policy.rounds


def _end(c: Command, *, why: str) -> Done:
    row: tables.Round = c.on.row
    if row.closed_at is not None:
        return Done(number=0)
    end(replace(c, actor=SYSTEM), row, why)
    return Done(number=1)


def _open(c: Command, *, name: str) -> Done:
    """Open a round whose time has come, unless somebody has meanwhile."""
    due = next((each for each in _due(c) if each.round.id == name), None)
    if due is None or _is_there(c, due):
        return Done(number=0)
    missed = list(_missed(c, due))
    row = tables.Round(
        round=name,
        title=due.round.title,
        period=due.name,
        closer=due.round.closed_by,
        starts_on=due.period.start,
        ends_on=due.period.end,
        opened_at=c.now,
        missed=missed,
        policy_digest=c.policy.digest,
    )
    c.uow.rounds.add(row)
    body = {"round": name, "period": due.name, "title": f"{due.round.title} {due.name}"}
    c.journal("round.opened", {**body, "missed": missed} if missed else body)
    return Done(number=1)


def _missed(c: Context, due: Due) -> Iterator[str]:
    """Name the periods between the last round and this one, of which there was none."""
    before = c.uow.rounds.latest(due.round.id)
    period = None if before is None else Period.of(due.round.every, before.ends_on + DAY)
    while period is not None and period.end < due.period.start:
        yield period.name(due.round.every)
        period = Period.of(due.round.every, period.end + DAY)


def _ask_all(governance: Governance, id: str, by: str) -> None:
    """Ask the projects that were not asked yet, each in a command of its own.

    Those of an office that has not opened since the period was over are asked when it has.
    """
    with governance.reading() as c:
        row, asked = c.uow.rounds.get(id), set(c.uow.returns.asked(id))
        active = (each.id for each in c.uow.projects.all() if each.status == ACTIVE)
        unasked = [each for each in active if each not in asked]
        over = {each: _has_opened_since(c, each, row.ends_on) for each in unasked}
    for project in filter(over.__getitem__, unasked):
        order = Order(by, SWEEP, OfProject(project), Done)
        carry_out(governance, order, partial(_ask, id=id))
    if all(over.values()):
        carry_out(governance, Order(by, SWEEP, OfRound(id), Done), _all_asked)


def _has_opened_since(c: Context, project: str, day: date) -> bool:
    """Tell whether the office that serves a project has opened since a day was over there."""
    calendar = calendar_for(c, project)
    opens = next_occasion(calendar, "day", beginning(calendar, day + DAY))
    return opens is None or opens <= c.now


def _all_asked(c: Command) -> Done:
    row: tables.Round = c.on.row
    if row.asked_at is None and row.closed_at is None:
        c.uow.rounds.change(row, asked_at=c.now)
        look_whether_all(c, row.id)
    return Done(number=1)


def _ask(c: Command, *, id: str) -> Done:
    """Ask a project that is under way for all that a round collects; once."""
    project: tables.Project = c.on.row
    row = c.uow.rounds.lock(id)
    under = c.under(row)
    item = under.policy.rounds.get(row.round)
    done = row.closed_at is not None or project.id in c.uow.returns.asked(id)
    if done or item is None or project.status != ACTIVE:
        return Done(number=0)
    title = f"{item.title} {row.period} of {project.id}"
    made = tables.Return(
        round_id=row.id, project=project.id, title=title, policy_digest=row.policy_digest
    )
    c.uow.returns.add(made, title, SYSTEM)
    asked = [_obligation(item, each.register, each.role) for each in item.collects]
    reasons = [_reason(under, item, each.register, project.id) for each in item.collects]
    asking = [(each, (why,)) for each, why in zip(asked, reasons, strict=True)]
    facts = {"round": {"id": row.round, "period": row.period}}
    decision = keep_asking(under, made, "round.opened", asking, facts)
    subject = Subject(made.id, project.id, title, SYSTEM, made.version, A_RETURN, made)
    for each, why in zip(asked, reasons, strict=True):
        open_obligation(under, subject, Asked(each, (why,), decision.id))
    return Done(number=len(asked))


def _obligation(item: Round, register: str, role: str) -> Obligation:
    return Obligation(
        "return",
        item.id,
        register,
        "shall",
        role=role,
        within=item.within,
        ladder=item.ladder,
        clause=item.title,
    )


def _reason(c: Context, item: Round, register: str, project: str) -> str:
    what = collected_in_words(register, c.policy)
    return (
        f"The {what} of {project} are collected. Enter or change what is not so any more, or say"
        f" that nothing changed: pmo round answer {item.id} {project} --register {register}."
    )
