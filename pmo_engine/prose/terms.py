"""Terms of reference as English: authority, membership, quorum, who stands in and who is above."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pmo_engine.authority.interests import KINDS, barred
from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.ballots import MORE_THAN_HALF
from pmo_engine.model.names import words
from pmo_engine.model.quorum import needed
from pmo_engine.policy import Extreme, ShareOf
from pmo_engine.prose.names import act_in_words, called, path_in_words, sentence
from pmo_engine.prose.values import MONTHS, joined, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.model.ballots import Portion
    from pmo_engine.model.quorum import Part
    from pmo_engine.policy import (
        Authority,
        Bound,
        Cumulative,
        Limit,
        MayDelegate,
        Policy,
        Quorum,
        Seat,
        TermsOfReference,
        Voting,
    )

PER_CASE = "in each case"


def authority_in_words(item: Authority, policy: Policy) -> str:
    """Say an authority with all its dated values, one on each line, and the sources."""
    return "\n".join(sentence(_dated(item, limit, policy)) for limit in item.limits)


def _dated(item: Authority, limit: Limit, policy: Policy) -> str:
    measured = f" {amount_in_words(limit, policy)}" if is_measured(item) else ""
    reckoned = f"{measured}{reckoning_in_words(item)}"
    may = f"may {act_in_words(item.act, policy)}{reckoned}{scope_in_words(item, policy)}"
    since = f", from {value_in_words(limit.start)}" if limit.start else ""
    source = f" ({limit.source})" if limit.source else ""
    return f"{may}{since}{source}"


def is_measured(item: Authority) -> bool:
    """Tell whether an act is held against amounts: approving is, and what has a limit."""
    return item.act.startswith("approve ") or any(each.value is not None for each in item.limits)


def amount_in_words(limit: Limit, policy: Policy) -> str:
    """Say how much a limit allows: "up to 50,000 GBP", "of any amount"."""
    if limit.value is None:
        return "of any amount"
    return f"up to {bound_in_words(limit.value, policy)}"


def bound_in_words(bound: Bound, policy: Policy) -> str:
    """Say a limit: "50,000 GBP", "the greater of 10,000 USD and 10 % of the change's price"."""
    match bound:
        case ShareOf(share, of):
            return f"{share} of {path_in_words(of, policy)}"
        case Extreme(greater, of):
            parts = joined([bound_in_words(each, policy) for each in of])
            return f"the {'greater' if greater else 'lesser'} of {parts}"
        case _:
            return value_in_words(bound)


def scope_in_words(item: Authority, policy: Policy) -> str:
    """Say over which records, and when, an authority is there; nothing where it always is."""
    register = policy.register_of(item.act.partition(" ")[2])
    root = "" if register is None else register.root
    said = [
        f"where {called(each.field, policy, of=root)} is "
        f"{joined([value_in_words(value) for value in each.values], 'or')}"
        for each in item.of
    ]
    if item.requesters:
        roles = joined([role_in_words(role, policy) for role in item.requesters], "or")
        said.append(f"for requests from the line of {roles}")
    if item.in_absence_of is not None:
        said.append(f"in the absence of {role_in_words(item.in_absence_of, policy)}")
    if item.while_vacant is not None:
        said.append(f"while nobody is {role_in_words(item.while_vacant, policy)}")
    return "".join(f", {each}" for each in said)


def reckoning_in_words(item: Authority) -> str:
    """Say how a limit is reckoned: in each case or together, and on which basis."""
    if all(limit.value is None for limit in item.limits):
        return ""
    over = PER_CASE if item.cumulative is None else cumulative_in_words(item.cumulative)
    return f" {over}, {item.basis}" if item.basis else f" {over}"


def cumulative_in_words(item: Cumulative) -> str:
    """Say what a cumulative limit adds up: "together in 90 days in one project"."""
    place = "in one project" if item.across == "project" else "across the office"
    together = f"together {window_in_words(item)} {place}"
    if item.field == "submitted_by":
        return f"{together} for one requester"
    return f"{together} for one {words(item.field)}" if item.field else together


def delegation_in_words(given: MayDelegate, policy: Policy) -> str:
    """Say what may be delegated, one sentence on each line."""
    acts = None if given.acts is None else [act_in_words(act, policy) for act in given.acts]
    to = " or ".join(role_in_words(role, policy) for role in given.to) or "anybody"
    further = "may" if given.chains else "may not"
    to_whom = f" to {to}" if acts != [] else ""
    said = [f"{_capable(acts)}{to_whom}", f"a delegate {further} hand it on"]
    return "\n".join(sentence(each) for each in (said if acts != [] else said[:1]))


def _capable(acts: list[str] | None) -> str:
    """Say what may be delegated: everything that is not reserved, or to do some acts."""
    if acts is None:
        return "everything that is not reserved may be delegated"
    listed = joined(acts, "and to")
    return f"the power to {listed} may be delegated" if acts else "nothing may be delegated"


def window_in_words(item: Cumulative) -> str:
    """Say over which time a limit adds up: "in 90 days", "over the life of the contract"."""
    match item.over:
        case "ever":
            return "without end"
        case "contract life":
            return "over the life of the contract"
        case "financial year":
            month, day = item.year_from
            return f"in one financial year (from {day} {MONTHS[month - 1]})"
        case span:
            return f"in {span}"


def quorum_in_words(quorum: Quorum, members: int | None) -> str:
    """Say a quorum in numbers: "3 of 5 members must be there to meet, and 4 of 5 ..."."""
    of = f" of {members}" if members else ""
    meet = f"{_share(quorum.meet, members)}{of or ' of the'} members must be there to meet"
    votes = (
        "" if quorum.vote is None else f"{_share(quorum.vote, members)}{of or ' of the members'}"
    )
    return sentence(f"{meet}, and {votes} must vote alike to decide" if votes else meet)


def _share(part: Part, members: int | None) -> str:
    return str(part if members is None else needed(members, part))


OF_WHAT = {
    "cast": "the votes cast",
    "present": "the members who are present",
    "members": "all members",
}


def voting_in_words(voting: Voting) -> str:
    """Say how a body votes, one sentence on each line."""
    of = OF_WHAT[voting.count]
    if voting.count == "cast":
        counted = "counted" if voting.abstentions else "left out"
        of = f"{of}, abstentions {counted},"
    said = [f"{share_in_words(voting.passes)} of {of} pass a matter"]
    if voting.casting_vote:
        said.append("at a tie the chair's vote decides")
    elif voting.passes == MORE_THAN_HALF:
        said.append("at a tie the matter is refused")
    lowered = "is not counted" if voting.recusal_lowers else "still counts"
    said.append(f"a member who steps aside {lowered} among the members when the quorum is reckoned")
    return "\n".join(sentence(each) for each in (*said, *_procedures(voting)))


def _procedures(voting: Voting) -> Iterator[str]:
    if (written := voting.written) is not None:
        share = f"{share_in_words(written.passes)} of {OF_WHAT[written.count]}"
        yield f"in writing a vote is open for {written.within}, and {share} pass a matter"
    if (silence := voting.silence) is not None:
        yield (
            f"a matter passes unless a member objects within {silence.within} ({silence.source}); "
            "an objection puts it to the vote"
        )
    if (late := voting.extension) is not None:
        yield (
            f"a vote that reaches its quorum in the last {late.reached_within} of its time is open "
            f"for {late.by} more"
        )


def share_in_words(share: Portion) -> str:
    """Say a share: "more than half", "two thirds", "3"."""
    part = share.part
    if isinstance(part, int):
        return f"more than {part}" if share.more else str(part)
    words = "half" if share.is_half else str(part)
    return f"more than {words}" if share.more else f"at least {words}"


def seat_in_words(seat: Seat, policy: Policy) -> str:
    """Say seats of a body: "2 project sponsors" is "project sponsor (2), appointed by ..."."""
    title = seat.name or role_in_words(seat.role or "", policy).removeprefix("the ")
    count = f" ({seat.count})" if seat.count > 1 else ""
    whom = role_in_words(seat.appointed_by, policy)
    who = (whom if seat.appointed_by in policy.roles else seat.appointed_by) or ""
    appointed = f", appointed by {who}" if who else ""
    return f"{title}{count}{appointed}{'' if seat.votes else ', without a vote'}"


def membership_in_words(terms: TermsOfReference, policy: Policy) -> str:
    """Say how many members a body has and who they are, one on each line."""
    counted = sentence(f"{terms.members} members with a vote") if terms.members else ""
    seats = [sentence(seat_in_words(seat, policy)) for seat in terms.membership]
    return "\n".join([*([counted] if counted else []), *seats])


def deputies_in_words(terms: TermsOfReference, policy: Policy) -> str:
    """Say who stands in, in order: "The deputy PMO head; then the project sponsor."."""
    return sentence("; then ".join(role_in_words(name, policy) for name in terms.deputies))


def reserved_in_words(act: str, role: str, policy: Policy) -> str:
    """Say an act that is left to one role: "Only the portfolio board may approve ..."."""
    return sentence(f"only {role_in_words(role, policy)} may {act_in_words(act, policy)}")


def review_in_words(terms: TermsOfReference) -> str:
    """Say when terms are reviewed: "Every 12 months; next on 1 March 2027."."""
    every = f"every {terms.review_every}" if terms.review_every else ""
    following = f"next on {value_in_words(terms.review_on)}" if terms.review_on else ""
    said = [part for part in (every, following) if part]
    return sentence("; ".join(said)) if said else ""


_INTERESTS: Mapping[str, str] = MappingProxyType(
    {
        "own": "what they asked for, wrote or own",
        "produced": "what they produced",
        "reviewed": "what they reviewed",
        "party": "what they are a party to or have declared an interest in",
        "own project": "their own project",
    }
)


def interests_in_words(terms: TermsOfReference, policy: Policy) -> Iterator[str]:
    """Say about what nobody decides for a role, and about what somebody does all the same.

    Of a role that has no authority and is no body there is nothing to say, unless its terms do.
    """
    role = policy.roles.get(terms.role)
    decides = terms.authority or (role is not None and role.body)
    if not (decides or terms.may_not or terms.may_despite):
        return
    kinds, at_gates = (barred(policy, terms.role, gate=gate) for gate in (False, True))
    about = [said for word, said in _INTERESTS.items() if KINDS[word] <= kinds]
    if not KINDS["own project"] <= kinds and KINDS["own project"] <= at_gates:
        about.append(f"at a gate, {_INTERESTS['own project']}")
    if about:
        *others, last = about
        said = f"{'; '.join(others)}; or {last}" if others else last
        yield f"Nobody decides in this role about {said}"
        yield (
            "What keeps somebody from deciding also keeps their delegates, their deputies and any "
            "other account of theirs"
        )
    for each in terms.may_despite:
        yield f"Decides about {_INTERESTS[each.interest]} all the same ({each.source})"
