"""Votes that do not count, as is found out after they were cast: who cast them was not free to.

Accounts turn out to be one person's, or somebody declares an interest. Before the outcome such a
vote is void, and what lacks its signatures then is open again; after it the head is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.interests import Days, ties
from pmo_engine.authority.titles import role_in_words, titled
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.queries.obligations import VOID
from pmo_engine.work.approvals.asking import concerned, overseers
from pmo_engine.work.approvals.bodies import bodies_of
from pmo_engine.work.approvals.counting import count, persons_of, signatures_of
from pmo_engine.work.approvals.deciding import follow, under_its_version
from pmo_engine.work.approvals.eligible import how_voted
from pmo_engine.work.approvals.reopening import reopen
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.places import heads_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.store.tables import Obligation, Vote
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.command import Command

Given = tuple["Obligation", "Vote"]


@dataclass(frozen=True, slots=True)
class Void:
    """A vote on an approval that does not count, and why: the words go on after its person."""

    row: Obligation
    vote: Vote
    why: str
    name: str  # of whose it is

    def __str__(self) -> str:
        """Say whose it is, and why it does not count."""
        return f"{self.name} {self.why}"


def void_votes(case: Case) -> tuple[Void, ...]:
    """Find the votes on what a subject says now that their persons were not free to cast."""
    since = getattr(case.about.row, "matter_version", 0)
    given = [each for each in case.about.signed if each[0].subject_version >= since]
    reasons = ((each, _interest(case, *each) or _never_held(case, *each)) for each in given)
    called = case.c.uow.people.name_of
    void = [Void(*each, why, called(each[1].person)) for each, why in reasons if why]
    known = {each.vote.id for each in void}
    left = [each for each in given if each[1].id not in known]
    return (*void, *_voted_twice(case, left), *_signed_twice(case, left))


def _interest(case: Case, row: Obligation, vote: Vote) -> str:
    """Say which interest somebody has through another account, or has declared since.

    What is declared after the outcome says nothing of the day on which it was decided.
    """
    day = vote.at.astimezone(case.c.zone).date()
    days = Days(min(case.about.since.astimezone(case.c.zone).date(), day), day)
    role = vote.role or row.details["role"] or ""
    decider = case.decider(role, case.bodies([role]))
    interests = case.matter((decider,), voted=False).interests
    reached = ties(interests, case.people, case.reach.act, row.project, days)
    over = _is_over(case)
    for tie in reached.get(vote.person, ()):
        theirs, declared = tie.interest.person == vote.person, tie.interest.kind == "declared"
        if tie.interest.kind in decider.barred and not (over if declared else theirs):
            return tie.in_words(case.c.uow.people.name_of)
    return ""


def _never_held(case: Case, row: Obligation, vote: Vote) -> str:
    """Say that somebody voted in a role that was taken back since, so that they never held it."""
    if vote.capacity not in {"own role", "acting"} or not vote.role:
        return ""
    terms = case.c.policy.terms.get(vote.role)
    roles = {vote.role, *(seat.role for seat in (terms.membership if terms else ()))}
    if any(case.people.holding(vote.person, str(r), row.project, case.c.today) for r in roles):
        return ""
    ever = {each.role for each in case.c.uow.people.all_holdings(vote.person)}
    role = titled(vote.role, case.c.policy)
    return "" if roles & ever else f"never held the role of {role}, which was taken back"


def _voted_twice(case: Case, given: Sequence[Given]) -> Iterator[Void]:
    """Find votes on one matter for one role by accounts that are one person's: a *no* counts.

    Otherwise the first does.
    """
    called = case.c.uow.people.name_of
    counts: dict[tuple[str, str, str], Vote] = {}
    for row, vote in sorted(given, key=lambda each: each[1].choice != "reject"):
        if not (bodies_of(row) or signatures_of(row).distinct):
            continue
        mine = [(row.id, vote.role, each) for each in sorted(persons_of(vote, case.people.one))]
        first = next((counts[each] for each in mine if each in counts), None)
        if first is None:
            counts |= dict.fromkeys(mine, vote)
        elif case.people.are_one(vote.person, first.person):
            why = f"is {called(first.person)}, who {how_voted(first)}"
            yield Void(row, vote, why, called(vote.person))


def _signed_twice(case: Case, given: Sequence[Given]) -> Iterator[Void]:
    """Find who signed several approvals, by accounts that are one person's: the first counts.

    Whoever signs for somebody does so as that person, too.
    """
    first: dict[str, Given] = {}
    for row, vote in given:
        if vote.choice != "approve" or not signatures_of(row).distinct:
            continue
        mine = sorted(persons_of(vote, case.people.one))
        before, theirs = next((first[each] for each in mine if each in first), (row, vote))
        if before.id != row.id:
            mine_too = case.people.are_one(vote.person, theirs.person)
            called = case.c.uow.people.name_of
            mine_of = called(vote.on_behalf_of or vote.person)
            who = "is" if mine_too else f"answers for {mine_of}, as does"
            role = role_in_words(theirs.role, case.c.policy) if theirs.role else before.target
            signed = f"has signed for {role} already"
            why = f"{who} {called(theirs.person)}, who {signed}"
            yield Void(row, vote, why, called(vote.person))
        first = {**dict.fromkeys(mine, (row, vote)), **first}


def make_void(c: Command, case: Case) -> None:
    """Let what is found out not count: what lacks its signatures then is open again."""
    found = void_votes(case)
    if found and _is_over(case):
        _tell_head(c, case, found)
        return
    for each in found:
        c.uow.votes.make_void(each.vote)
        void = {**each.row.details.get(VOID, {}), each.vote.id: each.why}
        c.uow.obligations.change(each.row, details={**each.row.details, VOID: void})
        title = each.row.details["title"]
        body = {"obligation": each.row.id, "subject": title, "person": each.vote.person}
        c.journal("vote.void", {**body, "why": each.why}, each.row.chain, each.row.subject_id)
        said = (f"Your vote on {title} does not count", f"{each}.")
        key = f"{each.vote.id}/void"
        notices.send(c, [notices.notice(c, key, each.vote.person, *said, each.row.project)])
    if found:
        _tell_others(c, case, found)
    for row in {each.row.id: each.row for each in found}.values():
        _count_again(under_its_version(c), row, [each for each in found if each.row.id == row.id])


def _tell_others(c: Command, case: Case, found: Sequence[Void]) -> None:
    """Tell those who see to it, for whoever wants a refusal away could say that it does not count.

    Neither whose votes they are is told, nor who has an interest in the matter.
    """
    row, title = found[0].row, case.row.details["title"]
    but = {*(each.vote.person for each in found), *concerned(case)}
    people = overseers(c, case, found[0].vote.role or row.target, but)
    votes = [f"{each}. They had voted {each.vote.choice}." for each in found]
    said = (f"A vote on {title} does not count", "\n".join(votes))
    key = f"{found[-1].vote.id}/void"
    notices.send(c, [notices.notice(c, key, each, *said, row.project) for each in people])


def _is_over(case: Case) -> bool:
    if case.about.name == A_RECORD:
        return case.about.row.standing not in UNDECIDED
    return all(row.status != "open" for row, _ in case.about.signed)


def _tell_head(c: Command, case: Case, found: Sequence[Void]) -> None:
    """Tell the head of the office of an outcome that rests on what should not have counted."""
    row, title = case.row, case.row.details["title"]
    key = f"{row.subject_id}/doubt/{found[-1].vote.id}"
    lines = [*(f"{each}." for each in found), "'pmo rescind' undoes what was approved."]
    said = (f"{title} was decided by votes that do not count", "\n".join(lines))
    heads = (holders(c, head, row.project) for head in heads_of(c, row.project))
    people = next(filter(None, heads), [])
    told = [notices.notice(c, key, each, *said, row.project) for each in people]
    if notices.send(c, told) or not people:
        why = [str(each) for each in found]
        body = {"obligation": row.id, "subject": title, "why": why, "told": people}
        c.journal("outcome.doubted", body, row.chain, row.subject_id)


def _count_again(c: Command, row: Obligation, found: Sequence[Void]) -> None:
    """Count without what is void; what was given and lacks signatures now is asked again."""
    if row.status == "open":
        follow(c, row)
        return
    wanted = (row.target, row.act)
    others = c.uow.obligations.open_for(row.subject_id)
    if count(c, row).state == "passed" or any((o.target, o.act) == wanted for o in others):
        return
    reopen(c, row, f"{found[0].vote.id}/again", *(f"{each}." for each in found))
