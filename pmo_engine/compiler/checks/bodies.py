"""Checks of bodies: whether their quorum and voting let them decide, and only one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.model.ballots import Tally, in_favour_needed, meeting
from pmo_engine.model.quorum import needed
from pmo_engine.prose.terms import share_in_words
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.model.ballots import Portion
    from pmo_engine.policy import Policy, TermsOfReference


@check(codes.TIE_DECIDES)
def a_tie_decides_nothing(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a quorum, or a share of the votes, that both sides may reach at once."""
    for terms, members in _with_members(policy):
        vote = terms.quorum and terms.quorum.vote
        if vote and 2 * needed(members, vote) <= members:
            votes = needed(members, vote)
            message = f"{votes} of {members} votes decide, and {votes} others could do so otherwise"
            hint = f"ask for {members // 2 + 1} votes, more than half"
            yield at(terms.mark, codes.TIE_DECIDES, message, hint)
    for terms in policy.terms.values():
        for share in _shares(terms):
            if 2 * share.part < 1 or (share.is_half and not share.more):
                message = f"{share_in_words(share)} of the votes pass a matter, and a tie does"
                hint = "write 'pass: more than half'"
                yield at(terms.mark, codes.TIE_DECIDES, message, hint)
    for terms, members in _with_members(policy):
        for share in _shares(terms):
            if isinstance(share.part, int) and 2 * share.of(members) <= members:
                message = f"{share.of(members)} of {members} votes pass a matter, and a tie does"
                hint = f"ask for {members // 2 + 1} votes, more than half"
                yield at(terms.mark, codes.TIE_DECIDES, message, hint)


def _shares(terms: TermsOfReference) -> Iterator[Portion]:
    if terms.voting is not None and not terms.voting.casting_vote:
        yield terms.voting.passes
        if terms.voting.written:
            yield terms.voting.written.passes


@check(codes.CANNOT_DECIDE)
def whoever_meets_can_decide(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a body that may meet with fewer than it takes to decide, or in which nobody votes."""
    for terms in policy.terms.values():
        if terms.membership and not any(seat.votes for seat in terms.membership):
            message = f"no seat of {terms.role} has a vote, so that it decides nothing"
            hint = "leave 'votes: false' out at the seats that vote"
            yield at(terms.mark, codes.CANNOT_DECIDE, message, hint)
    for terms, members in _with_members(policy):
        rules = terms.rules()
        meet = meeting(rules, Tally(members))
        alike = in_favour_needed(rules, Tally(members, in_favour=meet))
        if in_favour_needed(rules, Tally(members, in_favour=members)) > members:
            message = f"all {members} members together are too few to decide"
            hint = "let fewer votes decide"
            yield at(terms.mark, codes.CANNOT_DECIDE, message, hint)
        elif meet < alike:
            message = f"{meet} of {members} members may meet, and {alike} votes decide"
            hint = f"let it take {alike} to meet, or fewer votes to decide"
            yield at(terms.mark, codes.CANNOT_DECIDE, message, hint)


def _with_members(policy: Policy) -> Iterator[tuple[TermsOfReference, int]]:
    """Give the terms that say how many members vote, unless a number of them is too high."""
    for terms in policy.terms.values():
        if terms.members is not None:
            yield terms, terms.members


@check(codes.ONE_VOTE_DECIDES)
def bodies_vote(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a body whose terms give it authority, and do not say how it votes."""
    for terms in policy.terms.values():
        if terms.authority and policy.roles[terms.role].body and not terms.has_ballots:
            message = f"nothing says how {terms.role} votes, so that one member decides for it"
            hint = "add 'members:', or 'quorum:' or 'voting:'"
            yield at(terms.mark, codes.ONE_VOTE_DECIDES, message, hint)


@check(codes.VOTING_AT_ODDS)
def voting_fits_the_body(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of voting where nobody votes, and of a casting vote of a chair that there is not."""
    for terms in policy.terms.values():
        if terms.has_ballots and not policy.roles[terms.role].body:
            message = f"{terms.role} is no body, so that any holder decides alone"
            hint = f"write 'body: true' at {terms.role} under 'roles'"
            yield at(terms.mark, codes.VOTING_AT_ODDS, message, hint)
        if terms.has_ballots and policy.roles[terms.role].body and terms.deputies:
            message = f"{terms.role} decides by its votes, so that no deputy stands in for it"
            hint = "leave 'deputy' out; members who are away name who votes for them"
            yield at(terms.mark, codes.VOTING_AT_ODDS, message, hint)
        if terms.voting is not None and terms.voting.casting_vote and terms.chair is None:
            message = f"{terms.role} has no chair whose casting vote could decide"
            hint = "add 'chair:', or leave 'casting_vote' out"
            yield at(terms.mark, codes.VOTING_AT_ODDS, message, hint)
