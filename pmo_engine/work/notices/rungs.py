"""What a rung of a ladder does: it reminds, or goes up to whoever may decide, and tells the rest.

A role without authority for what is asked is told for information; the decision goes on to the next
one above it that may take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words, titled
from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.asked.matters import Matter, matter_asked
from pmo_engine.work.approvals.asking import able, have_heard, may_decide, next_able
from pmo_engine.work.approvals.deciding import time_is_up, under_its_version
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.rising import begin
from pmo_engine.work.approvals.signing import is_moot
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.aging import TOO_OLD, ask_again
from pmo_engine.work.notices.asking import closing
from pmo_engine.work.notices.papers import PAPERS, enclosed
from pmo_engine.work.notices.to_do import to_do
from pmo_engine.work.reading import hidden_from
from pmo_engine.work.subjects import about_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.queries.asked.matters import About
    from pmo_engine.store import tables
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


YOURS_NOW = "You may decide it now."
OTHERS = "It is not for you to decide."


@dataclass(frozen=True, slots=True)
class _Heard:
    """Who can do something about it, and who is only told; nobody is both."""

    acting: list[str]
    informed: list[str]


def fire(c: Command, rung: tables.Rung) -> None:
    """Do what a rung that is due does, and tell the journal."""
    obligation = c.uow.obligations.get(rung.obligation_id)
    if rung.rung == TOO_OLD and obligation.kind == "evidence":
        ask_again(c, obligation)
        return
    if obligation.status != "open":
        return  # by what was due before
    if rung.action == "close":
        time_is_up(c, obligation, rung)
        return
    if is_moot(c.policy, obligation, rung.role):
        return
    case = case_of(c, obligation)
    heard = _escalate(c, case, rung) if rung.action == "escalate" else _remind(case, rung)
    occasion = "reminded" if rung.action == "remind" else "escalated"
    have_heard(c, obligation, heard.acting)
    notices.send(c, _messages(c, rung, obligation, heard))
    body = {
        "obligation": obligation.id,
        "subject": obligation.details["title"],
        "rung": rung.rung,
        "role": rung.role,
        "told": heard.acting,
        **({"informed": heard.informed} if heard.informed else {}),
    }
    c.journal(occasion, body, obligation.chain, obligation.subject_id)


def _remind(case: Case, rung: tables.Rung) -> _Heard:
    """Remind whoever of a role may act; where nobody holds it, whoever may act at all."""
    may = able(case.standings())
    holders = case.people.holders(rung.role, case.row.project, case.c.today)
    acting = [each for each in may if each in holders] if holders else may
    told = () if rung.role in case.deciding else holders
    return _heard(acting, told)


def _escalate(c: Command, case: Case, rung: tables.Rung) -> _Heard:
    """Let a role decide that has the authority, or the next above it; who was asked hears of it."""
    before = able(case.standings())
    acting = able(case.standings([rung.role])) if may_decide(case, rung.role) else []
    _wait_for(c, case, rung, rung.role, informed=not acting)
    upward = None if acting else next_able(case, rung.role)
    if upward is not None:
        _wait_for(c, case, rung, upward, informed=False)
        acting = able(case.standings([upward]))
    if case.is_decision:
        begin(under_its_version(c), case.row)
    holders = case.people.holders(rung.role, case.row.project, c.today)
    return _heard([*acting, *before], holders)


def _wait_for(c: Command, case: Case, rung: tables.Rung, role: str, *, informed: bool) -> None:
    row = case.row
    there = next((each for each in case.waits if each.role == role), None)
    if there is None:
        c.uow.addressees.add(
            row.id, role=role, project=row.project, by_rung=rung.rung, informed=informed
        )
    elif there.informed and not informed:
        c.uow.addressees.let_decide(there)


def _heard(acting: Iterable[str], told: Iterable[str]) -> _Heard:
    able_to = list(dict.fromkeys(acting))
    return _Heard(able_to, [each for each in told if each not in able_to])


def _messages(
    c: Context, rung: tables.Rung, obligation: tables.Obligation, heard: _Heard
) -> Iterator[tables.Message]:
    """Word what those hear who may act, and those who are only told, if they may read of it."""
    key, project = f"{obligation.id}/{rung.rung}", obligation.project
    about = about_of(c.uow, obligation)
    papers = obligation.details.get(PAPERS, [])
    yours = [YOURS_NOW] if rung.action == "escalate" and obligation.kind == "approval" else []
    subject, body = _said(c, obligation, rung, about, to_do(c, obligation, about))
    whole = "\n".join([*yours, body, *enclosed(papers)])
    for each in heard.acting:
        yield notices.notice(c, key, each, subject, whole, project, papers)
    for each in heard.informed:
        line, lines = _said(c, obligation, rung, about, hidden=hidden_from(c, each, about))
        line = f"For information: {line.removeprefix('Reminder: ')}"
        yield notices.notice(c, key, each, line, f"{OTHERS}\n{lines}", project)


def _said(
    c: Context,
    obligation: tables.Obligation,
    rung: tables.Rung,
    about: About,
    act: str = "",
    hidden: str = "",
) -> tuple[str, str]:
    """Word what a rung says, and how to ``act`` on it; or that its content is ``hidden``."""
    matter = Matter() if hidden else matter_asked(c, obligation, about)
    why = [hidden] if hidden else [*obligation.reasons, *closing(c, obligation)]
    subject, lead = _words(c, obligation, rung)
    body = "\n".join([lead, *matter.lines, *why, *filter(None, [act])])
    occasion = "reminded" if rung.action == "remind" else "escalated"
    values = {**notices.values_of(c, obligation), "to": titled(rung.role, c.policy)}
    known = {**values, "reasons": hidden} if hidden else values
    return notices.worded(c, occasion, known, matter.behind(subject), body)


def _words(c: Context, obligation: tables.Obligation, rung: tables.Rung) -> tuple[str, str]:
    """Give the subject line and the first line of what a rung says."""
    title = obligation.details["title"]
    asked = notices.asked_in_words(obligation, c.policy)
    if obligation.kind != "information":
        functional = obligation.target in c.policy.functional
        asked = role_in_words(obligation.target, c.policy) if functional else f"the {asked}"
    due = notices.shown(c, obligation.due_at) or "now"
    if rung.action == "remind":
        return f"Reminder: {title} waits for {asked}", f"Due {due}."
    return (
        f"{title} still waits for {asked}",
        f"It was due {due} and is escalated to the {titled(rung.role, c.policy)}.",
    )
