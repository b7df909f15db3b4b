"""What the votes on an approval come to: whose signatures are there, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.authority.titles import titled
from pmo_engine.model.ballots import Result, State
from pmo_engine.model.signatures import Part, Signatory, Signatures, Signed, Standing, standing
from pmo_engine.policy.selection import superior
from pmo_engine.work.approvals.bodies import bodies_of, of_body
from pmo_engine.work.people.gathered import people
from pmo_engine.work.people.held import roles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Obligation, Vote
    from pmo_engine.work.governance import Context


WHY: Mapping[State, str] = {
    "open": "signatures are missing",
    "passed": "those who have to have signed",
    "refused": "those who have to sign no longer can",
    "lapsed": "nobody can decide it any more",
}


def count(c: Context, row: Obligation) -> Result:
    """Count the votes on an approval; ``tally`` says, signatory by signatory, what is there."""
    found = standing_of(c, row)
    return Result(found.state, WHY[found.state], tally_of(found.parts, c))


def standing_of(c: Context, row: Obligation) -> Standing:
    """Say what the signatures under an approval have come to, and whose may be given next."""
    wanted = signatures_of(row)
    votes = c.uow.votes.current(row.id)
    ballots = {**_ballots(c, row, wanted, votes), **_decided_above(c, row, wanted, votes)}
    return standing(wanted, _given(c, row, wanted, votes), _able(c, row, wanted), ballots)


def _given(c: Context, row: Obligation, wanted: Signatures, votes: list[Vote]) -> list[Signed]:
    """Give the answers that count each alone, and not by the ballot of a body above."""
    above = bodies_above(row, wanted)
    alone = [vote for vote in votes if vote.role not in above]
    return _by_person(c, wanted, alone, [_signed(c, row, wanted, vote) for vote in alone])


def would_pass(c: Context, row: Obligation, may: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether signatures pass if all sign who may; ``may``: by person, for which roles."""
    wanted = signatures_of(row)
    votes = c.uow.votes.current(row.id)
    given = _given(c, row, wanted, votes)
    to_come = [Signed(person, tuple(roles), "approve") for person, roles in may.items()]
    there = {role for roles in may.values() for role in roles}
    ballots = _ballots(c, row, wanted, votes) if votes else {}
    ballots |= {role: "passed" for role in bodies_of(row) if role in there}
    return standing(wanted, [*given, *to_come], {}, ballots).state == "passed"


def bodies_above(row: Obligation, wanted: Signatures) -> list[str]:
    """Name the bodies to which it went up, which decide it by their votes."""
    asked = {each.role for each in wanted.of}
    return [role for role in bodies_of(row) if role not in asked]


def _decided_above(
    c: Context, row: Obligation, wanted: Signatures, votes: list[Vote]
) -> dict[str, State]:
    """Give what the ballots of bodies to which it went up come to, by for whom they decide.

    What they can decide no more is left to whoever was asked, where anybody may.
    """
    found: dict[str, State] = {}
    for role in bodies_above(row, wanted):
        state = of_body(c, row, role, [each for each in votes if each.role == role]).state
        below = stands_for(c.policy, role, wanted)
        for signatory in _whose_part(c, row, wanted, below, votes, state):
            found.setdefault(str(signatory), state)
    return found


def _whose_part(
    c: Context,
    row: Obligation,
    wanted: Signatures,
    below: set[str],
    votes: list[Vote],
    state: State,
) -> list[Signatory]:
    """Give for which signatories a body above decides: those without anybody who may sign.

    Where each has somebody, as after an escalation, it is the first that has not approved.
    """
    parts = [e for e in wanted.of if e.role in below and e.role not in bodies_of(row)]
    if state == "open" or not parts:
        return []
    may = {each.role: _may_sign(c, row, each.role) for each in parts}
    nobodys = [each for each in parts if not may[each.role]]
    if nobodys or state == "lapsed":
        return nobodys
    given = {each.role for each in votes if each.choice == "approve"}
    return [each for each in parts if each.role not in given][:1]


def _may_sign(c: Context, row: Obligation, role: str) -> bool:
    from pmo_engine.work.approvals.eligible import case_of  # noqa: PLC0415 - it counts votes too

    return any(each.may for each in case_of(c, row).standings([role], voted=False))


def _by_person(
    c: Context, wanted: Signatures, votes: list[Vote], signed: list[Signed]
) -> list[Signed]:
    """Let accounts sign once that were found to be one person's after both had; a *no* prevails."""
    if len(signed) < 2 or not wanted.distinct:  # noqa: PLR2004 - one is one person's
        return signed
    one = people(c).one
    found: list[tuple[set[str], Signed]] = []
    for vote, each in zip(votes, signed, strict=True):
        whose = persons_of(vote, one)
        place = next((n for n, (those, _) in enumerate(found) if those & whose), None)
        if place is None:
            found.append((whose, each))
            continue
        those, first = found[place]
        refused = each if each.choice == "reject" else first
        roles = tuple(dict.fromkeys((*first.roles, *each.roles)))
        found[place] = (those | whose, Signed(refused.person, roles, refused.choice))
    return [each for _, each in found]


def persons_of(vote: Vote, one: Callable[[str], str]) -> set[str]:
    """Name whose vote it is: that of who cast it, and of for whom they did."""
    return {one(each) for each in (vote.person, vote.on_behalf_of) if each is not None}


def _ballots(
    c: Context, row: Obligation, wanted: Signatures, votes: list[Vote]
) -> dict[str, State]:
    """Give what the ballots of bodies that decide by one have come to, by the body."""
    return {
        role: of_body(c, row, role, votes_for(c, row, role, votes)).state
        for role in bodies_of(row)
        if role in {each.role for each in wanted.of}
    }


def votes_for(c: Context, row: Obligation, role: str, votes: Iterable[Vote]) -> list[Vote]:
    """Give the votes that count for a body: its members', and those of whom it went up to."""
    wanted = signatures_of(row)
    return [each for each in votes if _is_for(c.policy, each, role, wanted)]


def _is_for(policy: Policy, vote: Vote, role: str, wanted: Signatures) -> bool:
    """Tell whether a vote is one of a body's members, or of whom its part went up to."""
    return vote.role in {"", role} or (
        vote.capacity == "escalation" and role in stands_for(policy, vote.role, wanted)
    )


def _signed(c: Context, row: Obligation, wanted: Signatures, vote: Vote) -> Signed:
    """Give a vote with the roles for which it may count: its own, then others that were held."""
    roles = dict.fromkeys(each.role for each in wanted.of)
    if len(roles) == 1:
        return Signed(vote.person, tuple(roles), vote.choice)
    cast_for = stands_for(c.policy, vote.role, wanted) if vote.role else set()
    found = dict.fromkeys(role for role in roles if role in cast_for)
    if vote.capacity in {"", "own role"} and not wanted.in_sequence:
        held = _held(c, row, vote)
        found |= dict.fromkeys(role for role in roles if role in held)
    return Signed(vote.person, tuple(found), vote.choice)


def _held(c: Context, row: Obligation, vote: Vote) -> set[str]:
    """Name the roles that somebody held there when they voted."""
    day = vote.at.astimezone(c.zone).date()
    return set(roles_of(c, vote.person, row.project, day))


def stands_for(policy: Policy, role: str, wanted: Signatures) -> set[str]:
    """Name the signatories for whom a role signs: itself, or those from whom it went up to it."""
    if any(each.role == role for each in wanted.of):
        return {role}
    below = {each.role for each in wanted.of if role in _above(policy, each.role)}
    return below or {each.role for each in wanted.of}


def _above(policy: Policy, role: str) -> set[str]:
    found: set[str] = set()
    above = superior(policy, role)
    while above is not None and above not in found:
        found.add(above)
        above = superior(policy, above)
    return found


def _able(c: Context, row: Obligation, wanted: Signatures) -> dict[str, list[str]]:
    """Give the people who may sign for roles of which several do, also from above."""
    from pmo_engine.work.approvals.eligible import case_of  # noqa: PLC0415 - it counts votes too

    several = {each.role for each in wanted.of if each.count is not None}
    if not several:
        return {}
    case = case_of(c, row)
    waited_for = (*several, *case.deciding)
    signs = {each: stands_for(c.policy, each, wanted) for each in dict.fromkeys(waited_for)}
    may = {
        role: [each.person for each in case.standings([role], voted=False) if each.may]
        for role in signs
    }
    return {role: [p for by in signs if role in signs[by] for p in may[by]] for role in several}


class Kept(Protocol):
    """An obligation as it is stored, or as a query gives it."""

    @property
    def details(self) -> dict[str, Any]:
        """Give what is kept of it beside its columns."""


def signatures_of(row: Obligation) -> Signatures:
    """Give whose signatures an approval needs; one of its role where nothing else is said."""
    return kept_signatures(row) or Signatures((Signatory(row.details["role"]),), 1)


def kept_signatures(row: Kept) -> Signatures | None:
    """Give the signatures that an approval needs, where more than one of its role."""
    kept: dict[str, Any] | None = row.details.get("signatures")
    if kept is None:
        return None
    of = tuple(Signatory(each["role"], each["count"]) for each in kept["of"])
    return Signatures(of, kept["needs"], kept["in_sequence"], kept["distinct"])


def as_kept(signatures: Signatures) -> dict[str, Any]:
    """Give signatures as the details of an obligation keep them."""
    return {
        "of": [{"role": each.role, "count": each.count} for each in signatures.of],
        "needs": signatures.needs,
        "in_sequence": signatures.in_sequence,
        "distinct": signatures.distinct,
    }


def tally_of(of: Signatures | tuple[Part, ...], c: Context) -> str:
    """Say whose signatures are there and whose are missing, in one line, by name."""
    parts = of if isinstance(of, tuple) else tuple(Part(each, "open") for each in of.of)
    return "; ".join(_in_words(part, c) for part in parts)


def _in_words(part: Part, c: Context) -> str:
    """Say what of a signatory is there: "PMO head: Ana", "treasury board: Ben, 1 missing"."""
    missing = f"{part.missing} missing" if part.missing else ""
    said = ", ".join(filter(None, [*map(c.uow.people.name_of, part.by), missing])) or part.state
    return f"{titled(part.signatory.role, c.policy)}: {said}"
