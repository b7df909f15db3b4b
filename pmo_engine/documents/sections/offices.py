"""The section on offices: what each is for, where it stands, who heads it, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.documents.model import Section, Table
from pmo_engine.documents.numbering import Numbering, capital, row
from pmo_engine.model.names import words
from pmo_engine.policy.organisation import upward
from pmo_engine.prose.names import office_in_words, sentence, with_article
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Office, Policy


def offices_section(policy: Policy, number: str) -> Section:
    """Make the section on offices, from the top downward."""
    numbering = Numbering(number)
    ordered = sorted(policy.offices.values(), key=lambda each: _depth(each, policy))
    rows = [
        row(numbering.clause(f"office/{e.id}", capital(e.title), _office(e, policy), e.mark))
        for e in ordered
    ]
    table = Table(("Clause", "Office", "Standing"), tuple(rows))
    return Section("offices", number, "Offices", (table,), "framework")


def _depth(office: Office, policy: Policy) -> int:
    return len(tuple(upward(policy.offices, office.id)))


def _office(office: Office, policy: Policy) -> str:
    return " ".join(sentence(each) for each in _said(office, policy))


def _said(office: Office, policy: Policy) -> Iterator[str]:
    """Say what there is to say of an office, a sentence each."""
    form = f"{office.form} " if office.form is not None else ""
    kind = office.kind if office.kind == "centre of excellence" else f"{office.kind} office"
    above = policy.offices.get(office.under or "")
    place = "with no office above it" if above is None else f"under {office_in_words(above.title)}"
    yield with_article(f"{form}{kind}") + f", {place}"
    if office.head is not None:
        yield f"it is headed by {role_in_words(office.head, policy)}"
    if office.roles:
        roles = [role_in_words(each, policy) for each in office.roles]
        yield f"the roles that people hold for it are {joined(roles)}"
    if office.serves:
        serves = joined([f"'{words(each)}'" for each in office.serves])
        yield f"it serves the projects of {serves}, beside its own"
    if office.calendar is not None:
        own = office.calendar
        name = f" ({words(own.id)})" if own.id else ""
        yield f"it works by its own calendar{name}, in {own.zone}"
    if office.since is not None:
        yield f"it begins on {value_in_words(office.since)}"
    if office.until is not None:
        last = value_in_words(office.until)
        yield f"its last day is {last}, and the office above does its work from then on"
