"""What follows from the votes on an approval: an outcome, or that its time is up without one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from pmo_engine.model.names import words
from pmo_engine.store.tables import Choice, Outcome
from pmo_engine.work.approvals import turns
from pmo_engine.work.approvals.asking import able
from pmo_engine.work.approvals.bodies import bodies_of, could_object, keep
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.rising import counted, go_up, in_words
from pmo_engine.work.approvals.signing import IS_ASKED, what_it_does
from pmo_engine.work.approvals.windows import OF_THE_APPROVAL
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.subjects import Ballot, kind_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.model.ballots import Result
    from pmo_engine.store.tables import Obligation, Rung, Vote
    from pmo_engine.work.approvals.bodies import Body
    from pmo_engine.work.command import Command

NOBODY = "nobody decided in time"
CHOICES: dict[str, Choice] = {"passed": "approve", "refused": "reject"}
CAUTION: tuple[Outcome, ...] = get_args(Outcome)


def under_its_version(c: Command) -> Command:
    """Give the command under the version of the policy that its subject is under, if it is."""
    return c.under(c.on.row) if hasattr(c.on.row, "policy_digest") else c


def follow(c: Command, row: Obligation, reason: str = "") -> str:
    """Count the votes and do what follows; gives where the subject stands then."""
    kind_about(c.uow, row).against(c, c.on.row, row)
    result = counted(c, row)
    turns.go_on(c, row)
    if result.state in CHOICES:
        return _settle(c, row, result, reason)
    if result.state == "lapsed":
        go_up(c, row, in_words(row) or result.why)
    return kind_about(c.uow, row).status(c.on.row)


def _settle(c: Command, row: Obligation, result: Result, reason: str) -> str:
    choice = CHOICES[result.state]
    said = in_words(row)
    if said:
        reason = "; ".join(filter(None, [reason, said]))
        told = {"obligation": row.id, "subject": row.details["title"], "outcome": result.state}
        c.journal("vote.counted", {**told, "why": reason}, row.chain)
    outcome = prevailing_outcome(c.uow.votes.current(row.id), choice)
    turns.assign(c, row)
    return _conclude(c, Ballot(row, choice, reason, outcome))


def _conclude(c: Command, ballot: Ballot) -> str:
    """Close an approval that has its outcome, and go on with what it is about."""
    row = ballot.approval
    kind = kind_about(c.uow, row)
    c.uow.obligations.close(row, "met", details={"outcome": ballot.choice})
    if what_it_does(row) == IS_ASKED:
        turns.release(c, row.subject_id)
        return kind.advised(c, c.on.row)
    return kind.settle(c, c.on.row, ballot)


def prevailing_outcome(votes: list[Vote], choice: Choice) -> Outcome | None:
    """Give what most of those who prevail are for, of two with as many the more cautious."""
    said = Counter(each.outcome for each in votes if each.choice == choice)
    order = [None, *CAUTION]
    return max(said, key=lambda each: (said[each], order.index(each)), default=None)


def time_is_up(c: Command, row: Obligation, timer: Rung) -> None:
    """End the votes whose time is over, or the approval's own, and do what the policy says then."""
    c = replace(under_its_version(c), actor=SYSTEM)
    if row.kind != "approval":
        c.uow.obligations.close(row, "lapsed")
        kind_about(c.uow, row).lapsed(c, c.on.row, row)
        return
    people = notices.waited_for(c, row)
    _end(c, row, timer)
    if row.status != "open":
        _tell_over(c, row, people)


def _tell_over(c: Command, row: Obligation, people: Iterable[str]) -> None:
    """Tell those for whose decision it waited what became of it without one."""
    title, status = row.details["title"], words(kind_about(c.uow, row).status(c.on.row))
    why = in_words(row) or NOBODY
    said = (f"The time to decide {title} is up", f"It is {status} now: {why}.")
    key = f"{row.id}/over/{c.now.isoformat()}"
    told = [notices.notice(c, key, each, *said, row.project) for each in people]
    notices.send(c, told)


def _end(c: Command, row: Obligation, timer: Rung) -> None:
    """End the votes whose time is over, and the approval where it has an outcome by that."""
    own = timer.rung == OF_THE_APPROVAL
    against = kind_about(c.uow, row).against(c, c.on.row, row)
    for body in bodies_of(row).values():
        if own or body.role == timer.role:
            _close(c, row, body, consents=not (own or against))
    result = counted(c, row)
    if result.state in CHOICES:
        _settle(c, row, result, "its time was up")
    elif own or result.state == "lapsed":
        _as_said(c, row, against)


def _close(c: Command, row: Obligation, body: Body, *, consents: bool) -> None:
    """Close a body's vote; where nobody who could object did, silence is consent."""
    mine = [each for each in c.uow.votes.current(row.id) if each.role in {"", body.role}]
    consented = body.silence and consents and could_object(c, row, body, mine)
    keep(c, row, replace(body, closed=True, silence=False, consented=consented))
    told = {"obligation": row.id, "subject": row.details["title"], "body": body.role}
    c.journal("vote.closed", told, row.chain)


def _could_refuse(c: Command, row: Obligation) -> bool:
    """Tell whether somebody could have decided it; else that nobody did says nothing."""
    return row.stuck_since is None and bool(able(case_of(c, row).standings(voted=False)))


def _as_said(c: Command, row: Obligation, against: str) -> None:
    """Do what is said of an approval that has no outcome when its time is up.

    What is ``against`` it does not count as given: it goes up.
    """
    said = row.details.get("when_time_is_up") or {"means": "goes up", "source": ""}
    told = {"obligation": row.id, "subject": row.details["title"], "means": said["means"]}
    c.journal("time_is_up", {**told, "source": said["source"]}, row.chain)
    refused = any(each.choice == "reject" for each in c.uow.votes.current(row.id))
    voted = any(each.choice in CHOICES.values() for each in c.uow.votes.current(row.id))
    why = in_words(row) if voted and bodies_of(row) else NOBODY
    match said["means"]:
        case "counts as given" if not (refused or against) and _could_refuse(c, row):
            given = f"{why}, which counts as given ({said['source']})"
            _conclude(c, Ballot(row, "approve", given))
        case "counts as refused":
            _conclude(c, Ballot(row, "reject", f"{why}, which counts as refused"))
        case "lapses":
            c.uow.obligations.close(row, "lapsed")
            kind_about(c.uow, row).lapsed(c, c.on.row, row)
        case _:
            go_up(c, row, f"{why}, and it may not be passed: {against}" if against else why)
