"""Votes and answers: who decides, once each, never about their own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict, get_args

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import A_GATE, A_PLACE, A_RECORD, A_RETURN, CRITERION
from pmo_engine.queries.obligations import ANSWERED_BY, tally_of
from pmo_engine.store.tables import Choice, Outcome
from pmo_engine.work.acts import ANSWER, VOTE
from pmo_engine.work.approvals import limits, windows
from pmo_engine.work.approvals.bodies import bodies_of, has_ballot, keep
from pmo_engine.work.approvals.deciding import follow, under_its_version
from pmo_engine.work.approvals.eligible import case_of
from pmo_engine.work.approvals.looking_again import is_put_to_roles, look_at
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.aging import date_evidence
from pmo_engine.work.permissions import asked
from pmo_engine.work.rounds.ending import keep_answer
from pmo_engine.work.subjects import Ballot, OfObligation, kind_about
from pmo_engine.work.tolerances.granted import kept_tolerances
from pmo_engine.work.without_rate import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.model.vocabulary import Capacity
    from pmo_engine.store.tables import Obligation, Vote
    from pmo_engine.work.approvals.bodies import Body
    from pmo_engine.work.governance import Context, Governance

FOUR = "'pmo exception answer'"
OF_RECORDS = frozenset({"evidence", "exception", "assessment"})
ANSWERED = {
    A_RECORD: OF_RECORDS,
    A_PLACE: OF_RECORDS,
    A_GATE: frozenset({"condition", "recommendation"}),
    A_RETURN: frozenset({"return"}),
}
"""What is answered with a word that it is there, by the kind of what it is about."""
OTHERWISE = {
    "approval": "vote with 'pmo approve' or 'pmo reject'",
    "information": "give the fact with 'pmo update'",
    "block": "change the record with 'pmo update'",
    "assessment": "use 'pmo gate answer'",
    "evidence": "use 'pmo gate evidence'",
    "exception": "use 'pmo gate'",
    "notice": "nothing is asked",
    "condition": "it is over",
    "recommendation": "it is over",
    "return": "it is over",
}


class Voted(Shape):
    """A vote, and what became of its subject."""

    obligation: str
    title: str
    person: str
    choice: str
    status: str  # of the subject: submitted, approved, rejected, or the gate's outcome
    tally: str = ""  # how the votes of a body stand
    blocked: tuple[str, ...] = ()  # why it goes no further, whatever the vote


def vote(
    governance: Governance,
    obligation: str,
    *,
    by: str,
    choice: Choice,
    reason: str = "",
    outcome: Outcome | None = None,
    version: int | None = None,
    request: str | None = None,
) -> Voted:
    """Decide an approval. For a gate, ``outcome`` says which; an approval means go.

    Where ``version`` is given, the vote is on that version of the record and on no other. Raises
    Refusal: not theirs to decide, their own request, changed since it was asked, or decided.
    """
    touched: list[str] = []
    cast = partial(
        _vote, choice=choice, reason=reason, outcome=outcome, version=version, touched=touched
    )
    order = Order(by, VOTE, OfObligation(obligation), Voted, request)
    try:
        voted = carry_out(governance, order, cast)
    except Refusal as refusal:
        limits.look_again(governance, filter(None, [refusal.subject]))
        raise
    limits.look_again(governance, touched)
    return voted


def _vote(
    c: Command,
    *,
    choice: Choice,
    reason: str,
    outcome: Outcome | None,
    version: int | None,
    touched: list[str],
) -> Voted:
    row = asked(c)
    title = row.details["title"]
    if row.kind != "approval":
        raise CommandError(f"{title}: {row.kind} is not a thing to vote on")
    _require_open(c, row, version)
    _refuse_same(c, row, choice)
    if choice in {"approve", "reject"}:
        kind_about(c.uow, row).allows(c, c.on.row, Ballot(row, choice, reason, outcome))
    how = voting_as(c.standing)
    if choice == "approve":
        limits.require_covered(c, row, how["role"])
    for_them = [each for each in c.uow.votes.current(row.id) if each.on_behalf_of == c.actor]
    c.uow.votes.cast(row.id, c.actor, choice, reason, row.subject_version, **how, outcome=outcome)
    _tell_who_stood_in(c, row, for_them)
    body = {"obligation": row.id, "subject": title, "choice": choice, "reason": reason}
    said = {} if outcome is None else {"outcome": outcome}
    c.journal("voted", {**body, **said, "version": row.subject_version, **how}, row.chain)
    status, tally = _follow(c, row, reason)
    _look_at_what_is_left(c)
    touched[:] = limits.touched_by_end(c)
    return Voted(
        obligation=row.id,
        title=title,
        person=c.actor,
        choice=choice,
        status=status,
        tally=tally,
        blocked=tuple(_blocked(c)),
    )


def _blocked(c: Command) -> Iterator[str]:
    """Say why a record that is voted on is blocked; nothing where it is not."""
    if getattr(c.on.row, "standing", "") == "blocked":
        for row in c.uow.obligations.open_for(c.on.row.id):
            if (row.kind, row.binding) == ("block", "shall"):
                yield from row.reasons


def _look_at_what_is_left(c: Command) -> None:
    """Let what is open go up at once where whoever voted was the only one for it.

    What a body votes on goes up by the count of its votes.
    """
    if getattr(c.on.row, "standing", "waiting") not in UNDECIDED:
        return
    for row in c.uow.obligations.open_for(c.on.row.id):
        if row.kind == "approval" and is_put_to_roles(row) and not bodies_of(row):
            look_at(c, case_of(c, row))


def _tell_who_stood_in(c: Command, row: Obligation, for_them: Sequence[Vote]) -> None:
    """Tell those who voted for somebody who votes themself that their vote counts no more."""
    title = row.details["title"]
    said = (
        f"Your vote on {title} for {c.actor_name} does not count",
        f"{c.actor_name} votes themself.",
    )
    told = [notices.notice(c, f"{v.id}/in_person", v.person, *said, row.project) for v in for_them]
    notices.send(c, told)


def _follow(c: Command, row: Obligation, reason: str = "") -> tuple[str, str]:
    """Do what follows from the votes; gives where the subject stands, and how the votes do."""
    under = under_its_version(c)
    windows.after_vote(under, row)
    status = follow(under, row, reason)
    return status, tally_of(row.details)


def vote_for(c: Command, row: Obligation, standing: Standing, reason: str) -> None:
    """Cast the vote of whoever puts something to a body, who is for it, and do what follows."""
    how, version = voting_as(standing), row.subject_version
    c.uow.votes.cast(row.id, c.actor, "approve", reason, version, **how)
    body = {"obligation": row.id, "subject": row.details["title"], "choice": "approve"}
    c.journal("voted", {**body, "reason": reason, "version": version, **how}, row.chain)
    follow(c, row, reason)


class VotingAs(TypedDict):
    """For which role somebody votes, how they come to it, and for whom."""

    role: str
    capacity: Capacity
    on_behalf_of: str | None


def voting_as(standing: Standing) -> VotingAs:
    """Give for which role somebody votes."""
    return {
        "role": standing.role,
        "capacity": standing.capacity,
        "on_behalf_of": standing.on_behalf_of,
    }


def _require_open(c: Command, row: Obligation, version: int | None) -> None:
    """Refuse a vote on what was asked anew or is decided, or on another version than was asked.

    Where no version is named, the vote is on the one that was asked about under this id: what
    changes is asked anew under another.
    """
    title = row.details["title"]
    if "asked_anew" in row.details:
        said = "; ".join(row.details["changes"]) or "nothing that is shown"
        raise Refusal(
            f"{title} has changed since this was asked ({said}); "
            f"it is asked anew as {row.details['asked_anew'][:8]}"
        )
    if row.status != "open":
        became = "refused" if row.details.get("outcome") == "reject" else row.status
        raise Refusal(f"{title} is decided already: this {row.kind} is {became}")
    kind = kind_about(c.uow, row)
    read_from = kind.says_since(c.on.row) or row.subject_version
    if version is not None and not read_from <= version <= row.subject_version:
        said = "; ".join(kind.changes(c, c.on.row, version)) or "its status"
        raise Refusal(
            f"{title} is at version {row.subject_version}, not {version} ({said}); read it again"
        )
    if kind.says_since(c.on.row) > row.subject_version:
        said = "; ".join(kind.changes(c, c.on.row, row.subject_version)) or "its status"
        raise Refusal(f"{title} has changed since this was asked ({said}); read it again")


def _refuse_same(c: Command, row: Obligation, choice: Choice) -> None:
    for earlier in c.uow.votes.current(row.id):
        if earlier.person == c.actor and earlier.choice == choice:
            raise Refusal(f"{c.actor_name} voted {choice} on {row.details['title']} already")


def attend(
    governance: Governance,
    obligation: str,
    people: Sequence[str],
    *,
    by: str,
    body: str | None = None,
    request: str | None = None,
) -> Voted:
    """Take down which members attend the meeting of a body that votes on an approval.

    From then on those are waited for who are there, and the votes are counted as in a meeting.
    Raises Refusal, CommandError.
    """
    do = partial(_attend, people=people, body=body)
    return carry_out(governance, Order(by, VOTE, OfObligation(obligation), Voted, request), do)


def _attend(c: Command, *, people: Sequence[str], body: str | None) -> Voted:
    row = asked(c)
    _require_open(c, row, None)
    voting = _the_body(row, body)
    if voting.chair is not None and c.actor != voting.chair:
        chair, body = c.uow.people.name_of(voting.chair), role_in_words(voting.role, c.policy)
        raise Refusal(f"{chair} chairs {body}, and takes down who is there")
    for each in people:
        if each not in voting.voting:
            called = c.uow.people.name_of
            known = ", ".join(map(called, voting.voting))
            raise CommandError(f"{called(each)} has no vote there; the members are {known}")
    keep(c, row, replace(voting, attending=tuple(sorted(set(people)))))
    title = row.details["title"]
    c.journal("attended", {"obligation": row.id, "subject": title, "people": list(people)})
    _tell_absent(c, row, set(voting.voting) - {*people, c.actor})
    status, tally = _follow(c, row)
    return Voted(
        obligation=row.id, title=title, person=c.actor, choice="attend", status=status, tally=tally
    )


def _tell_absent(c: Command, row: Obligation, people: set[str]) -> None:
    """Tell the members who are taken down as not there, for they may be, and still vote."""
    title = row.details["title"]
    said = (f"The vote on {title} is taken without you", f"{c.actor_name} took down who is there.")
    key = f"{row.id}/absent/{c.now.isoformat()}"
    told = [notices.notice(c, key, each, *said, row.project) for each in sorted(people)]
    notices.send(c, told)


def _the_body(row: Obligation, role: str | None) -> Body:
    found = bodies_of(row)
    if role is None and len(found) == 1:
        return next(iter(found.values()))
    if role not in found:
        known = ", ".join(found)
        whose = f"is put to the vote of {known}; name one" if known else "is put to no vote"
        raise CommandError(f"{row.details['title']} {whose}")
    return found[role]


def answer(
    governance: Governance,
    obligation: str,
    *,
    by: str,
    note: str = "",
    dated: date | None = None,
    request: str | None = None,
) -> Voted:
    """Say that evidence, an exception report or an assessment is there; ``dated``: of which day.

    Evidence that may grow too old is of today unless its day is said. Approvals are voted on,
    missing facts are given by an update. Raises Refusal, CommandError.
    """
    order = Order(by, ANSWER, OfObligation(obligation), Voted, request)
    return carry_out(governance, order, partial(_answer, note=note, dated=dated))


def _is_answered(c: Context, row: Obligation) -> bool:
    """Tell whether a word that it is there answers it; what a gate itself asks is given there."""
    kind = c.uow.subjects.get(row.subject_id).kind
    if kind == A_GATE and row.kind in OF_RECORDS:
        return row.rule != c.uow.gate_reviews.get(row.subject_id).gate
    return row.kind in ANSWERED.get(kind, ())


def _answer(c: Command, *, note: str, dated: date | None) -> Voted:
    row = asked(c)
    title = row.details["title"]
    if not _is_answered(c, row):
        raise CommandError(f"{title}: {row.kind} is not answered; {_otherwise(row)}")
    if row.status != "open":
        raise Refusal(f"{title}: this {row.kind} is {row.status} already")
    if row.kind == "exception" and kept_tolerances(c, row):
        raise CommandError(f"{title}: an exception of a tolerance has four answers; use {FOUR}")
    if row.kind == "exception" and not note.strip():
        raise CommandError(
            f"{title}: an exception is answered by what is done about it: say it with a note. The"
            " four answers (plan, concession, more tolerance, stop) are to a tolerance that the"
            f" engine measures; '{row.rule}' has a condition of its own: there is none to grant"
        )
    if dated is not None and row.kind != "evidence":
        raise CommandError(f"{title}: evidence alone has a day, and this is an {row.kind}")
    if row.kind == "exception" and has_ballot(c.policy, c.standing.role):
        return _put(c, row, note)
    said = {"person": c.actor, "note": note}
    c.uow.obligations.close(row, "met", details={ANSWERED_BY: said})
    day = {}
    if row.kind == "evidence":
        date_evidence(c, row, dated)
        day = {"dated": row.details["dated"]}
    if row.kind == "return":
        keep_answer(c, row, "confirmed", note)
    body = {"obligation": row.id, "subject": title, "kind": row.kind, "note": note, **day}
    c.journal("answered", body, row.chain)
    status = kind_about(c.uow, row).answered(c, c.on.row)
    return Voted(obligation=row.id, title=title, person=c.actor, choice="answer", status=status)


def _put(c: Command, row: Obligation, note: str) -> Voted:
    """Put an answer to the vote of the body whose it is: one member does not give it alone."""
    from pmo_engine.work.tolerances import put_to_vote  # noqa: PLC0415 - which counts its votes here

    ballot = put_to_vote.put_note(c, row, note)
    return Voted(
        obligation=ballot.id,
        title=row.details["title"],
        person=c.actor,
        choice="answer",
        status=kind_about(c.uow, row).status(c.on.row),
        tally=put_to_vote.tally_of(ballot),
    )


def _otherwise(row: Obligation) -> str:
    """Say by which command it is given instead."""
    if row.kind == "assessment" and row.target.startswith(f"{CRITERION} "):
        return "use 'pmo gate judge'"
    if RATE in row.details:
        return f"adopt a version of the policy that has a rate of {row.details[RATE]}"
    return OTHERWISE[row.kind]


def outcome_named(name: str | None) -> Outcome | None:
    """Read a gate's outcome; raises CommandError for one that there is not."""
    known: tuple[Outcome, ...] = get_args(Outcome)
    if name is not None and name not in known:
        raise CommandError(f"'{name}' is no outcome; there are {', '.join(known)}")
    return next((outcome for outcome in known if outcome == name), None)
