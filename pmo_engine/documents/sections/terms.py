"""Terms of reference as sections: a role or body each, the most senior first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.documents.model import Provision, Row, Section
from pmo_engine.documents.numbering import Numbering, capital, cells, tabled, without_empty
from pmo_engine.documents.sections.dates import BEGINNING
from pmo_engine.policy.selection import seniority_depth
from pmo_engine.prose.names import act_in_words, sentence
from pmo_engine.prose.terms import (
    amount_in_words,
    authority_in_words,
    delegation_in_words,
    deputies_in_words,
    interests_in_words,
    is_measured,
    membership_in_words,
    quorum_in_words,
    reckoning_in_words,
    reserved_in_words,
    review_in_words,
    scope_in_words,
    voting_in_words,
)
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.documents.model import Clause, Time
    from pmo_engine.policy import Authority, Limit, Policy, TermsOfReference

COLUMNS = ("Clause", "May", "How much", "Reckoned", "From", "Source", "Status")


def in_order(policy: Policy) -> list[TermsOfReference]:
    """Give all terms of reference, the most senior first; those of functional roles last."""

    def place(terms: TermsOfReference) -> tuple[bool, int]:
        return terms.role not in policy.roles, seniority_depth(policy, terms.role)

    return sorted(policy.terms.values(), key=place)


def terms_section(terms: TermsOfReference, policy: Policy, number: str, *, on: date) -> Section:
    """Make the section of one role or body: every part that is there, numbered."""
    numbering = Numbering(number)
    root = f"terms/{terms.role}"
    blocks: list[Provision] = []
    for part, heading, text in _parts(terms, policy):
        clause = numbering.clause(f"{root}/{part}", heading, text, terms.mark)
        blocks.append(
            _authority(clause, terms, policy, on)
            if part == "authority"
            else Provision(clause, listed=True)
        )
    title = capital(role_in_words(terms.role, policy).removeprefix("the "))
    return Section(root, number, title, tuple(blocks), "terms")


def _parts(terms: TermsOfReference, policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Give id, heading and words of each part of the terms that is there."""
    for part, heading, text in _all_parts(terms, policy):
        if text or (part == "authority" and terms.authority):
            yield part, heading, text


def _all_parts(terms: TermsOfReference, policy: Policy) -> Iterator[tuple[str, str, str]]:
    yield "purpose", "Purpose", _lines(terms.purpose)
    yield "remit", "Remit", _lines(*terms.remit)
    yield "exclusions", "Outside the remit", _lines(*terms.exclusions)
    yield "responsibilities", "Responsibilities", _lines(*terms.responsibilities)
    yield "authority", "Authority", ""
    acts = [reserved_in_words(act, terms.role, policy) for act in terms.reserved_acts]
    yield "reserved", "Reserved matters", _lines(*terms.reserved, *acts)
    yield "membership", "Membership", membership_in_words(terms, policy)
    yield "chair", "Chair", _role(terms.chair, policy)
    yield "deputies", "Deputies", deputies_in_words(terms, policy) if terms.deputies else ""
    given = delegation_in_words(terms.delegation, policy) if terms.delegation else ""
    yield "delegation", "Delegation", given
    quorum = quorum_in_words(terms.quorum, terms.members) if terms.quorum else ""
    yield "quorum", "Quorum", quorum
    kept = voting_in_words(terms.voting) if terms.voting else ""
    yield "voting", "Voting", kept or _lines(terms.voting_in_words)
    yield "cadence", "Cadence", _lines(terms.cadence)
    yield "inputs", "Inputs", _lines(*terms.inputs)
    yield "outputs", "Outputs", _lines(*terms.outputs)
    yield "reports_to", "Reports to", _role(terms.reports_to, policy)
    yield "escalates_to", "Escalates to", _role(terms.escalates_to, policy)
    yield "interests", "Interests", _lines(*interests_in_words(terms, policy))
    yield "conflicts", "Conflicts of interest", _lines(terms.conflicts)
    yield "review", "Review", review_in_words(terms)


def _lines(*texts: str) -> str:
    return "\n".join(sentence(" ".join(text.split())) for text in texts if text.strip())


def _role(role: str | None, policy: Policy) -> str:
    return sentence(role_in_words(role, policy)) if role else ""


def _authority(clause: Clause, terms: TermsOfReference, policy: Policy, on: date) -> Provision:
    numbering = Numbering(clause.number)
    rows: list[Row] = []
    for item in terms.authority:
        name = f"{clause.id}/{item.id}"
        said = numbering.clause(name, item.id, authority_in_words(item, policy), item.mark)
        rows += _rows(item, said, policy, on)
    return tabled(clause, without_empty(COLUMNS, rows))


def _rows(item: Authority, clause: Clause, policy: Policy, on: date) -> Iterator[Row]:
    """Give a row for each dated value of an authority; the first carries its clause."""
    for index, limit in enumerate(item.limits):
        first, time = index == 0, time_of(item, limit, on)
        said = (
            clause.number if first else "",
            capital(act_in_words(item.act, policy)) if first else "",
            amount_in_words(limit, policy) if is_measured(item) else "",
            _reckoned(item, policy) if first else "",
            value_in_words(limit.start) if limit.start else BEGINNING,
            limit.source,
            time,
        )
        yield Row(cells(*said), clause if first else None, time=time)


def _reckoned(item: Authority, policy: Policy) -> str:
    """Say over what a limit adds up, and over which records it is there."""
    return f"{reckoning_in_words(item)}{scope_in_words(item, policy)}".strip(" ,")


def time_of(item: Authority, limit: Limit, on: date) -> Time:
    """Say whether a dated value is past, present or announced on a day."""
    if limit is item.limit_on(on):
        return "in force"
    return "announced" if limit.start is not None and limit.start > on else "past"
