"""What whoever decides is told beside the rules' reasons: refusals before, and unknown names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pmo_engine.model.names import words
from pmo_engine.prose.values import value_in_words
from pmo_engine.queries.record_facts import record_of
from pmo_engine.work.people.gathered import people
from pmo_engine.work.records.interests import unknown_names
from pmo_engine.work.seen_records import none_refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pmo_engine.policy.registers import Field
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

REMEMBERED = timedelta(days=90)
"""So long whoever decides is told of what was refused in the same register: to the same person, or
the same to another."""
MOST = 5


def remarks_about(c: Context, entry: tables.Entry) -> tuple[str, ...]:
    """Say what an entry follows, and what else was refused to the same person of late."""
    before = list(earlier(c, entry))
    mine = people(c).accounts(str(entry.submitted_by))
    most, refused = MOST + len(before), []
    if not none_refused(c, entry):
        refused = c.uow.entries.refused_to(entry, mine, c.now - REMEMBERED, most)
    others = [each for each in refused if each.id not in {row.id for row in before}]
    return (
        *(_nobody(field, text) for field, text in unknown_names(c, entry)),
        *(f"It follows {_refused(c, each)}" for each in before),
        *(f"{_who(each, mine)} {_refused(c, each)}" for each in others[:MOST]),
    )


def _who(row: tables.Entry, mine: Collection[str]) -> str:
    if row.submitted_by in mine:
        return "The same person asked for"
    return f"The same was asked for by {row.submitted_by}:"


def _nobody(field: Field, text: str) -> str:
    """Say that a field names nobody here, so that nobody steps aside by it."""
    return (
        f"Nobody here is called '{text}' ({words(field.name)}), so that nobody is kept from "
        f"deciding by it."
    )


def earlier(c: Context, entry: tables.Entry) -> Iterator[tables.Entry]:
    """Go through the entries that one follows, the latest first."""
    before = entry.follows
    while before is not None:
        row = c.uow.entries.get(before)
        yield row
        before = row.follows


def _refused(c: Context, row: tables.Entry) -> str:
    """Say what became of a record: 'CR-1 (80,000 GBP), rejected on 2 March 2026: too dear.'."""
    day = "" if row.decided_at is None else f" on {row.decided_at.astimezone(c.zone):%d %B %Y}"
    why = next(iter(_reasons(c, row)), "")
    return f"{row.key}{_worth(c, row)}, {row.status}{day}{f': {why}' if why else '.'}"


def _worth(c: Context, row: tables.Entry) -> str:
    register = c.policy.registers.get(row.register_name)
    if register is None or register.value is None:
        return ""
    value = record_of(c.policy, register, row, register.root, c.today).get(register.value)
    return "" if value is None else f" ({value_in_words(value)})"


def _reasons(c: Context, row: tables.Entry) -> Iterator[str]:
    """Give the reasons with which an entry was rejected, the latest first."""
    for asked in reversed(c.uow.obligations.of_subject(row.id)):
        for vote in reversed(c.uow.votes.all_of(asked.id)):
            if vote.choice == "reject" and vote.reason:
                yield vote.reason
