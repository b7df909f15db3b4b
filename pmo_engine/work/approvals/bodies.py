"""Bodies: who the members are when an approval is put up to one, and what its ballot comes to.

What is fixed when an approval opens, and what becomes of its vote, is kept with the approval.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pmo_engine.model.ballots import Result, Rules, Tally, counted, is_quorate, shown_tally
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import RoleHolding
from pmo_engine.store.tables import OFFICE
from pmo_engine.work.people.gathered import known_people
from pmo_engine.work.people.held import holders, holdings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pmo_engine.authority.people import People
    from pmo_engine.model.ballots import Side, State
    from pmo_engine.policy import Policy, TermsOfReference
    from pmo_engine.store.tables import Obligation, Vote
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.governance import Context

    _Post = tuple[str, str, str | None, str | None, str]
    """Person, role, project, unit and first day, as the journal tells of an appointment."""

SIDES: dict[str, Side] = {"approve": "for", "reject": "against"}


@dataclass(frozen=True, slots=True)
class Body:
    """A body's part of one approval.

    ``voting``: who was a member with a vote when it was put up, of ``seats``, vacant ones too.
    ``attending``: who is there, where that was taken down. ``silence``: it passes unless somebody
    objects; ``consented``: nobody did. ``closed``: its time was up. ``closes``: when it will be.
    ``seatless``: who held a role of it then, and no seat with a vote. ``tally`` and ``why``: how
    the votes stand, and what they come to. ``place``: the how manyeth it is, from 1, to which the
    approval was put up.
    """

    role: str
    voting: tuple[str, ...]
    seats: int
    chair: str | None = None
    attending: tuple[str, ...] | None = None
    silence: bool = False
    consented: bool = False
    closed: bool = False
    quorate: bool = False
    extended: bool = False
    closes: str | None = None
    tally: str = ""
    why: str = ""
    seatless: tuple[str, ...] = ()
    place: int = 0

    @property
    def closes_at(self) -> datetime | None:
        """Give the moment at which its vote is over."""
        return None if self.closes is None else datetime.fromisoformat(self.closes)


def has_ballot(policy: Policy, role: str) -> bool:
    """Tell whether a role is a body whose terms say how it votes."""
    known, terms = policy.roles.get(role), policy.terms.get(role)
    return known is not None and known.body and terms is not None and terms.has_ballots


def put_up(c: Context, role: str, project: str | None) -> Body:
    """Fix who has a vote on an approval that is put up to a body now.

    As long as nothing changes of people it is the same for all in a project that day.
    """
    known, key = known_people(c).bodies, (c.policy.digest, role, project)
    if key not in known:
        known[key] = _as_it_sits(c, role, project)
    body: Body = known[key]
    return body


def _as_it_sits(c: Context, role: str, project: str | None) -> Body:
    terms = c.policy.terms[role]
    voting = seated(c, terms, project)
    chairs = holders(c, terms.chair, project) if terms.chair else []
    chair = next((person for person in voting if person in chairs), None)
    body = Body(role, voting, terms.members or len(voting), chair)
    without = tuple(sorted(_near(c, terms, project) - set(voting)))
    return replace(body, silence=bool(terms.voting and terms.voting.silence), seatless=without)


def _near(c: Context, terms: TermsOfReference, project: str | None) -> set[str]:
    """Name who holds the body's role, or one that has a seat there, with a vote or without."""
    roles = {terms.role, *(each.role for each in terms.membership if each.role)}
    return {person for role in roles for person in holders(c, role, project)}


def seats_on(c: Context, role: str, project: str | None, on: date) -> int:
    """Say how many seats with a vote a body has on a day: those of its terms, or its members."""
    terms = c.policy.terms[role]
    return terms.members or len(
        {p for each, _ in seats(terms) for p in holders(c, each, project, on)}
    )


def seated(
    c: Context, terms: TermsOfReference, project: str | None, on: date | None = None
) -> tuple[str, ...]:
    """Name who sits there with a vote: as many for each seat as there are, the first appointed."""
    voting: list[str] = []
    for role, count in seats(terms):
        held = [each for each in holders(c, role, project, on) if each not in voting]
        if count is not None and len(held) > count:
            held = first_appointed(c, held, role, project, on)
        voting += held[:count]
    return tuple(voting)


def seats(terms: TermsOfReference) -> Iterator[tuple[str, int | None]]:
    """Give the roles whose holders have the seats with a vote, and how many seats each."""
    if not terms.membership:
        yield terms.role, terms.members
    for seat in terms.membership:
        if seat.votes:
            yield seat.role or terms.role, seat.count


def first_appointed(
    c: Context, held: Iterable[str], role: str, project: str | None, on: date | None
) -> list[str]:
    """Sort who holds a role by their first day, and of one day by when they were appointed."""
    posts = {each: _held_since(c, each, role, project, on) for each in held}
    begin = {each: mine[0][-1] for each, mine in posts.items()}
    of_one_day = len(set(begin.values())) < len(begin)
    said = c.uow.journal.told_of(OFFICE, {"role.held"}) if of_one_day else []
    told = {_post(body): place for place, (_, _, body) in enumerate(said)}

    def order(person: str) -> tuple[str, int, str]:
        return begin[person], min(told.get(each, -1) for each in posts[person]), person

    return sorted(posts, key=order)


def _held_since(
    c: Context, person: str, role: str, project: str | None, on: date | None
) -> list[_Post]:
    """Give the posts in which somebody holds a role on a day, from the first day of the first."""
    mine = [each for each in holdings_of(c, person, project, on) if each.role == role]
    first = min(each.from_date for each in mine).isoformat()
    return [(person, role, each.project, each.unit, first) for each in mine]


def _post(body: Mapping[str, Any]) -> _Post:
    return body["person"], body["role"], body["project"], body.get("unit"), body["from"]


def risen_to(
    c: Context, row: Obligation, roles: Iterable[str], asked: Collection[str]
) -> dict[str, Body]:
    """Give the bodies among roles to which an approval goes up by now, as they are today.

    Those that were ``asked``, or to which it went up before, are not among them.
    """
    if row.kind != "approval":
        return {}
    there = {*asked, *row.details.get("bodies", {})}
    new = (role for role in roles if role not in there and has_ballot(c.policy, role))
    return {role: put_up(c, role, row.project) for role in new}


def bodies_of(row: Obligation) -> dict[str, Body]:
    """Give the bodies that vote on an approval, by role, in the order in which it came to them."""
    kept: dict[str, Any] = row.details.get("bodies", {})
    made = (Body(**{**each, **_tuples(each)}) for each in kept.values())
    return {each.role: each for each in sorted(made, key=lambda each: each.place)}


def _tuples(kept: Mapping[str, Any]) -> dict[str, tuple[str, ...] | None]:
    attending = kept["attending"]
    return {
        "voting": tuple(kept["voting"]),
        "seatless": tuple(kept.get("seatless", ())),
        "attending": None if attending is None else tuple(attending),
    }


def with_body(details: Mapping[str, Any], body: Body) -> dict[str, Any]:
    """Give the details of an approval with what became of a body's part."""
    there = details.get("bodies", {})
    known = there.get(body.role, {"place": len(there) + 1})
    place = body.place or known.get("place", 0)  # 0: it was kept before places were
    bodies = {**there, body.role: {**asdict(body), "place": place}}
    return {**details, "bodies": bodies}


def keep(c: Context, row: Obligation, body: Body) -> None:
    """Keep what became of a body's part of an approval."""
    c.uow.obligations.change(row, details=with_body(row.details, body))


def seat_holdings(
    c: Context, row: Obligation, people: People, bodies: Iterable[Body]
) -> tuple[RoleHolding, ...]:
    """Give the seats of those who sit by another role as holdings of the body's own."""
    found = []
    for body in bodies:
        roles = _seat_roles(c, body.role) - {body.role}
        for person in body.voting:
            held = people.roles_of(person, row.project, c.today)
            if body.role not in held and not roles.isdisjoint(held):
                found.append(RoleHolding(person, body.role, row.project, c.today))
    return tuple(found)


def _seat_roles(c: Context, role: str) -> set[str]:
    terms = c.policy.terms.get(role)
    return {role} if terms is None else {role, *(each for each, _ in seats(terms))}


def of_body(c: Context, row: Obligation, role: str, votes: Sequence[Vote]) -> Result:
    """Say what the ballot of a body on an approval has come to.

    ``votes``: all that were cast for it, also by whom it went up to, who decide in its place.
    """
    above = [each for each in votes if each.role not in {"", role}]
    if above:
        return _from_above(c, row, above)
    return outcome_of(c, row, bodies_of(row)[role], votes)


def outcome_of(
    c: Context, row: Obligation, body: Body, votes: Sequence[Vote], case: Case | None = None
) -> Result:
    """Say what the votes of a body's members come to; ``case``: the row's, where it is at hand."""
    rules = rules_for(c, body)
    tally = tally_of(c, row, body, votes, case)
    shown = shown_tally(rules, tally)
    if body.consented:
        return Result("passed", "no member objected in time", shown)
    if body.silence and not tally.against:
        result = counted(rules, tally)
        return result if result.state == "passed" else Result("open", "no objection yet", shown)
    return counted(rules, tally, closed=body.closed)


def _from_above(c: Context, row: Obligation, votes: Sequence[Vote]) -> Result:
    """Count what those decide to whom it went up: a body by its ballot, others each alone."""
    for role in dict.fromkeys(each.role for each in votes):
        mine = [each for each in votes if each.role == role]
        if role in bodies_of(row):
            return of_body(c, row, role, mine)
        for vote in mine:
            if vote.choice in SIDES:
                state: State = "passed" if vote.choice == "approve" else "refused"
                return Result(
                    state, f"{c.uow.people.name_of(vote.person)} decided, to whom it went up"
                )
    return Result("open", "nobody has decided to whom it went up")


def rules_for(c: Context, body: Body) -> Rules:
    """Give the rules by which a body decides: in a meeting, if one was attended, or in writing."""
    terms = c.policy.terms.get(body.role)
    return Rules() if terms is None else terms.rules(in_writing=body.attending is None)


def tally_of(
    c: Context, row: Obligation, body: Body, votes: Iterable[Vote], case: Case | None = None
) -> Tally:
    """Count the votes of a body's members, and those that may still come."""
    from pmo_engine.work.approvals.eligible import case_of  # noqa: PLC0415 - it counts votes too

    case = case or case_of(c, row)
    one = case.people.one
    cast = {each.on_behalf_of or each.person: each for each in votes}
    mine = _by_person({p: each for p, each in cast.items() if p in body.voting}, one)
    choices = [each.choice for each in mine.values()]
    voted = {one(person) for person in mine}
    waiting = [each for each in _may_still_vote(case, body) if one(each) not in voted]
    there = set(waiting) & set(body.attending or ())
    if body.attending is not None:
        waiting = sorted(there)
    chair = mine.get(body.chair or "")
    return Tally(
        members=body.seats,
        in_favour=choices.count("approve"),
        against=choices.count("reject"),
        abstained=choices.count("abstain"),
        recused=choices.count("recuse"),
        silent=len(there),
        waiting=len(waiting),
        chair=SIDES.get(chair.choice) if chair else None,
        chair_waits=body.chair in waiting,
    )


def _by_person(votes: dict[str, Vote], one: Callable[[str], str]) -> dict[str, Vote]:
    """Leave one vote of accounts that were found to be one person's after both had; a *no*.

    ``votes``: by for whom they were cast. Who casts one for somebody casts no other.
    """
    left: dict[str, Vote] = {}
    whose: set[str] = set()
    for person in sorted(votes, key=lambda each: (votes[each].choice != "reject", each)):
        mine = {one(person), one(votes[person].person)}
        if whose.isdisjoint(mine):
            left[person] = votes[person]
        whose |= mine
    return left


def _may_still_vote(case: Case, body: Body) -> list[str]:
    """Name the members of whom a vote may come today: their own, or one given for them."""
    found = case.standings([body.role], voted=False)
    may = {each.on_behalf_of or each.person for each in found if each.may}
    return [each for each in body.voting if each in may]


def could_object(c: Context, row: Obligation, body: Body, votes: Iterable[Vote]) -> bool:
    """Tell whether a quorum of members could have objected, or else silence means nothing."""
    return is_quorate(rules_for(c, body), tally_of(c, row, body, votes).all_answer("for"))
