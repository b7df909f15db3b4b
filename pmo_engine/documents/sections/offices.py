"""The section on offices: what each is for, where it stands, who heads it, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Section, Table
from pmo_engine.documents.numbering import Numbering, capital, row
from pmo_engine.model.names import words
from pmo_engine.policy.organisation import upward
from pmo_engine.prose.names import called, role_in_words, sentence, with_article

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
    place = "at the top" if above is None else f"under the {above.title}"
    yield with_article(f"{form}{kind}") + f", {place}"
    if office.head is not None:
        yield f"it is headed by {role_in_words(office.head, policy)}"
    if office.roles:
        yield f"its people are {_listed(called(each, policy) for each in office.roles)}"
    if office.serves:
        yield f"it serves {_listed(map(words, office.serves))}"
    if office.calendar is not None:
        own = office.calendar
        name = f" ({words(own.id)})" if own.id else ""
        yield f"it works by its own calendar{name}, in {own.zone}"
    if office.since is not None:
        yield f"it begins on {office.since}"
    if office.until is not None:
        yield f"it ends with {office.until}, and the office above does its work from then on"


def _listed(names: Iterator[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
