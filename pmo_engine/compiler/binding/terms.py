"""Binds terms of reference: authority, membership, quorum, and who is above whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.authority.interests import KINDS
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.authority import authority, first_day_of_year
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.model.ballots import MORE_THAN_HALF, Portion
from pmo_engine.model.quorum import Part, parse_part
from pmo_engine.policy.terms import ADOPT
from pmo_engine.source import codes
from pmo_engine.source.yaml_source import Text, rewritings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def terms(
    context: Context,
    known: Mapping[str, tree.Role],
    functional: Mapping[str, tree.FunctionalAssignment],
    registers: Mapping[str, tree.Register],
    header: s.PolicyHeader,
) -> dict[str, tree.TermsOfReference]:
    """Bind the terms of reference of each role; what they approve are records of registers."""
    by_noun = {register.noun: register for register in registers.values()}
    year_from = context.findings.parsed(first_day_of_year, header.financial_year_from)
    documents = list(context.reading.of(s.Terms))
    made = []
    for document in documents:
        _check_whose(context.findings, document, known, functional)
        _check_names(context.findings, document, known, by_noun)
        made.append((document.for_, _terms(context, document, by_noun, year_from)))
    found = unique(context.findings, made, "terms of reference for")
    entries = [(entry.id, entry) for document in documents for entry in document.authority]
    unique(context.findings, entries, "authority")
    return found


_DECIDING = ("authority", "reserved", "members", "membership", "chair", "quorum", "voting")
"""What the terms of a functional role, which assesses and advises, have nothing of."""


def _check_whose(
    findings: Findings,
    document: s.Terms,
    known: Mapping[str, tree.Role],
    functional: Mapping[str, tree.FunctionalAssignment],
) -> None:
    """Find terms of a role that there is not, and of a functional one that would decide by them."""
    role = document.for_
    if role not in functional or role in known:
        findings.known(role, {**known, **functional}, codes.UNKNOWN_ROLE, "role")
        return
    for key in _DECIDING:
        if getattr(document, key):
            message = f"'{key}': '{role}' is a functional role, which assesses and decides nothing"
            hint = "leave it out, or give it to a role that is declared under 'roles'"
            findings.add(role.mark, codes.UNKNOWN_ROLE, message, hint)


def _check_names(
    findings: Findings,
    document: s.Terms,
    known: Mapping[str, tree.Role],
    registers: Mapping[str, tree.Register],
) -> None:
    above = (document.reports_to, document.escalates_to, document.deputy, document.chair)
    seats = [seat.role for seat in document.membership]
    given = document.delegation.to if document.delegation is not None else []
    for name in (*above, *document.deputies, *seats, *given):
        if name is not None:
            findings.known(name, known, codes.UNKNOWN_ROLE, "role")
    _check_others(findings, document)
    _check_numbers(findings, document)
    acts = [entry.may for entry in document.authority]
    reserved = [item.act for item in document.reserved if isinstance(item, s.ReservedAct)]
    handed = document.delegation.acts if document.delegation is not None else None
    for act in (*acts, *reserved, *(each for each in handed or () if " " in each)):
        _check_act(findings, act, registers)
    for word in (*document.may_not, *(each.interest for each in document.may_despite)):
        findings.known(word, KINDS, codes.UNKNOWN, "interest")


def _check_others(findings: Findings, document: s.Terms) -> None:
    """Find who would stand in for, or answer to, itself; and a chair who is no member."""
    others = [("reports to", document.reports_to), ("escalates to", document.escalates_to)]
    others += [("stands in for", name) for name in (document.deputy, *document.deputies)]
    for what, name in others:
        if name is not None and name == document.for_:
            findings.add(
                name.mark, codes.ABOVE_ITSELF, f"'{name}' {what} itself", "name another role"
            )
    chair, seats = document.chair, [seat.role for seat in document.membership]
    if chair is not None and seats and chair not in seats:
        hint = "add a seat for it under 'membership'"
        message = f"'{chair}' chairs the body and is no member of it"
        findings.add(chair.mark, codes.CHAIR_NO_MEMBER, message, hint, "warning")


def _check_numbers(findings: Findings, document: s.Terms) -> None:
    """Find a quorum that can never be met, and members who are not as many as their seats."""
    seats = _with_a_vote(map(_seat, document.membership))
    members = document.members or seats
    if document.members and seats and document.members != seats:
        message = f"{document.members} members, and the seats with a vote are {seats}"
        findings.add(
            document.mark,
            codes.MEMBERS_DO_NOT_FIT,
            message,
            "leave 'members' out: the seats are counted",
        )
    for part in _numbers_of_members(document):
        if members is not None and part.isdecimal() and int(part) > members:
            message = f"{part} of {members} members can never be there"
            findings.add(part.mark, codes.MEMBERS_DO_NOT_FIT, message, f"at most {members}")


def _numbers_of_members(document: s.Terms) -> list[Text]:
    """Give what is said of how many members it takes, as it is written."""
    quorum, voting = document.quorum, document.voting
    said = [quorum.meet, quorum.vote] if quorum else []
    if isinstance(voting, s.VotingEntry):
        said += [voting.passes, voting.written.passes if voting.written else None]
    return [each for each in said if each is not None]


def _check_act(findings: Findings, act: Text, nouns: Iterable[str]) -> None:
    verb, _, noun = act.partition(" ")
    if verb == "approve" and noun not in nouns:
        findings.known(act, [f"approve {each}" for each in nouns], codes.UNKNOWN, "act")
    elif verb == "adopt":
        findings.known(act, [ADOPT], codes.UNKNOWN, "act")


def _terms(
    context: Context,
    document: s.Terms,
    registers: Mapping[str, tree.Register],
    year_from: tuple[int, int] | None,
) -> tree.TermsOfReference:
    role, reserved = str(document.for_), document.reserved
    held = (authority(context, role, each, registers, year_from) for each in document.authority)
    membership = tuple(_seat(seat) for seat in document.membership)
    deputies = document.deputies if document.deputy is None else [document.deputy]
    members = document.members or _with_a_vote(membership)
    return tree.TermsOfReference(
        role=role,
        mark=document.mark,
        purpose=str(document.purpose or ""),
        remit=_texts(document.remit),
        exclusions=_texts(document.exclusions),
        responsibilities=_texts(document.responsibilities),
        authority=tuple(item for item in held if item is not None),
        reserved=_texts(item for item in reserved if not isinstance(item, s.ReservedAct)),
        reserved_acts=_texts(item.act for item in reserved if isinstance(item, s.ReservedAct)),
        members=members,
        membership=membership,
        chair=_optional(document.chair),
        deputies=_texts(deputies),
        delegation=_delegation(document.delegation),
        quorum=_quorum(context.findings, document.quorum, members),
        voting=_voting(context.findings, document.voting),
        voting_in_words=_in_words(document.voting),
        cadence=str(document.cadence or ""),
        inputs=_texts(document.inputs),
        outputs=_texts(document.outputs),
        reports_to=_optional(document.reports_to),
        escalates_to=_optional(document.escalates_to),
        may_not=_texts(document.may_not),
        may_despite=tuple(map(_despite, document.may_despite)),
        conflicts=str(document.conflicts or ""),
        review_on=document.review_on,
        review_every=_optional(document.review_every),
    )


def _delegation(entry: s.DelegationEntry | None) -> tree.MayDelegate | None:
    if entry is None:
        return None
    acts = None if entry.acts is None else _texts(entry.acts)
    return tree.MayDelegate(acts, _texts(entry.to), entry.chains)


def _texts(items: Iterable[Text]) -> tuple[str, ...]:
    return tuple(str(item) for item in items)


def _optional(text: Text | None) -> str | None:
    return None if text is None else str(text)


def _despite(entry: s.DespiteEntry) -> tree.Despite:
    return tree.Despite(str(entry.interest), str(entry.source))


def _seat(entry: s.SeatEntry) -> tree.Seat:
    role, appointed_by = _optional(entry.role), str(entry.appointed_by or "")
    return tree.Seat(role, str(entry.seat or ""), entry.count, appointed_by, entry.votes)


def _with_a_vote(membership: Iterable[tree.Seat]) -> int | None:
    """Count the seats that vote; ``None`` where no membership is given."""
    return sum(seat.count for seat in membership if seat.votes) or None


_MAJORITY = re.compile(
    r"(?:a |the )?(?:simple |bare |absolute )?majority(?: of .+)?|more than (?:a )?half(?: .+)?"
)


def _quorum(
    findings: Findings, entry: s.QuorumEntry | None, members: int | None
) -> tree.Quorum | None:
    if entry is None:
        return None
    meet = _part_of(findings, entry.meet, members)
    vote = _part_of(findings, entry.vote, members)
    if meet is None or (vote is None and entry.vote is not None):
        return None
    return tree.Quorum(meet, vote)


def _part_of(findings: Findings, text: Text | None, members: int | None) -> Part | None:
    """Read a part of the members; a majority is as many of them as it takes."""
    if text is None or not members or not _MAJORITY.fullmatch(text.casefold()):
        return findings.parsed(parse_part, text)
    most = str(members // 2 + 1)
    message = f"'{text}' is not a part of a body's members"
    hint = f"more than half of {members} are {most}: write {most}"
    findings.add(text.mark, codes.WRONG_VALUE, message, hint, fixes=rewritings(text, (most,)))
    return None


def _in_words(entry: Text | s.VotingEntry | None) -> str:
    return str(entry) if isinstance(entry, Text) else ""


def _voting(findings: Findings, entry: Text | s.VotingEntry | None) -> tree.Voting | None:
    if not isinstance(entry, s.VotingEntry):
        return None
    passes = findings.parsed(Portion.parse, entry.passes) or MORE_THAN_HALF
    return tree.Voting(
        count=entry.count,
        passes=passes,
        abstentions=entry.abstentions == "counted",
        casting_vote=entry.casting_vote is not None,
        recusal_lowers=entry.recusal == "lowers the quorum",
        written=_written(findings, entry.written, passes),
        silence=_silence(findings, entry.silence),
        extension=_extension(findings, entry.extended),
    )


def _written(
    findings: Findings, entry: s.WrittenEntry | None, usual: Portion
) -> tree.Written | None:
    if entry is None:
        return None
    within = findings.time_allowed(entry.within)
    passes = findings.parsed(Portion.parse, entry.passes) or usual
    return None if within is None else tree.Written(within, entry.count, passes)


def _silence(findings: Findings, entry: s.SilenceEntry | None) -> tree.Silence | None:
    within = None if entry is None else findings.time_allowed(entry.within)
    return None if entry is None or within is None else tree.Silence(within, str(entry.source))


def _extension(findings: Findings, entry: s.LateQuorumEntry | None) -> tree.Extension | None:
    if entry is None:
        return None
    by, within = findings.time_allowed(entry.by), findings.time_allowed(entry.reached_within)
    return None if by is None or within is None else tree.Extension(by, within)
