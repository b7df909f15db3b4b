"""What the votes on an approval come to: whose signatures are there, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.model.ballots import Result, State
from pmo_engine.model.signatures import Part, Signatory, Signatures, Signed, Standing, standing
from pmo_engine.policy.selection import superior
from pmo_engine.prose.names import titled

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Addressee, Obligation, Vote
    from pmo_engine.work.governance import Context


def count(c: Context, row: Obligation) -> Result:
    """Count the votes on an approval; ``tally`` says, signatory by signatory, what is there."""
    found = standing_of(c, row)
    tally = "; ".join(part_in_words(part, c.policy) for part in found.parts)
    return Result(found.state, f"the signatures are {found.state}", tally)


def standing_of(c: Context, row: Obligation) -> Standing:
    """Say what the signatures under an approval have come to, and whose may be given next."""
    wanted = signatures_of(row)
    votes = c.uow.votes.current(row.id)
    waited_for = c.uow.addressees.of(row.id)
    signed = [_signed(c, row, wanted, vote, waited_for) for vote in votes]
    return standing(wanted, signed, _able(c, row, wanted), _ballots(c, row, wanted, votes))


def _ballots(
    c: Context, row: Obligation, wanted: Signatures, votes: list[Vote]
) -> dict[str, State]:
    """Give what the ballots of bodies that decide by one have come to, by the body."""
    del c, row, wanted, votes
    return {}


def _signed(
    c: Context, row: Obligation, wanted: Signatures, vote: Vote, waited_for: list[Addressee]
) -> Signed:
    """Give a vote with the roles for which it may count: those that its person held then."""
    day = vote.at.astimezone(c.zone).date()
    held = {
        each.role
        for each in c.uow.people.holdings(vote.person, day)
        if each.project in {None, row.project}
    }
    for role in held & {each.role for each in waited_for if each.role is not None}:
        held |= stands_for(c.policy, role, wanted)
    roles = dict.fromkeys(each.role for each in wanted.of if each.role in held)
    return Signed(vote.person, tuple(roles), vote.choice)


def stands_for(policy: Policy, role: str, wanted: Signatures) -> set[str]:
    """Name the signatories for whom a role signs: itself, or those from whom it went up to it."""
    if role in {each.role for each in wanted.of}:
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
    """Give the people who may sign for roles of which several do."""
    roles = {each.role for each in wanted.of if each.count is not None}
    return {role: c.uow.people.holders(role, row.project, c.today) for role in roles}


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


def part_in_words(part: Part, policy: Policy) -> str:
    """Say what of a signatory is there: "PMO head: ana", "treasury board: ben, 1 missing"."""
    missing = f"{part.missing} missing" if part.missing else ""
    said = ", ".join(filter(None, [*part.by, missing])) or part.state
    return f"{titled(part.signatory.role, policy)}: {said}"
