"""The mandate of an approved proposal, from what it said when it was decided."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from pmo_engine.documents.boards.mandate import Mandate, mandate_document
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.vocabulary import MANDATE
from pmo_engine.prose.names import called
from pmo_engine.prose.values import value_in_words
from pmo_engine.queries.record_facts import record_of
from pmo_engine.work.approvals.outcome import in_words, votes_on
from pmo_engine.work.errors import CommandError, the_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pmo_engine.documents.model import Document
    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context


def mandate_of(c: Context, id: str) -> Document:
    """Give the mandate of a proposal by its id as a document; raises CommandError."""
    return mandate_document(mandate(c, c.uow.entries.get(id)))


def proposal_named(c: Context, name: str) -> tables.Entry:
    """Find a proposal by its key, or by the beginning of its id; raises CommandError."""
    registers = [each.id for each in c.policy.registers.values() if each.becomes is not None]
    rows = [row for place in c.uow.projects.places() for row in _of_place(c, place, registers)]
    by_key = [row.id for row in rows if row.key == name]
    found = by_key or [row.id for row in rows if row.id.startswith(name)]
    return c.uow.entries.get(the_one(found, name, "proposal"))


def _of_place(c: Context, place: str, registers: list[str]) -> Iterator[tables.Entry]:
    for register in registers:
        yield from c.uow.entries.of_project(place, register)


def mandate(c: Context, entry: tables.Entry) -> Mandate:
    """Give the mandate of a proposal; raises CommandError unless it is approved."""
    under = c.under(entry)
    register = under.policy.registers[entry.register_name]
    if register.becomes is None:
        raise CommandError(f"{entry.key} is no proposal: {register.id} become no projects")
    if entry.standing != "approved" or entry.decided_at is None or entry.submitted_at is None:
        raise CommandError(f"{entry.key} is {entry.standing}: a mandate follows from an approval")
    values = record_of(under.policy, register, entry, register.root, c.today)
    project, title = (
        str(values.get(register.becomes.id) or entry.key),
        values[register.becomes.name],
    )
    made = Mandate(
        key=entry.key,
        title=str(title),
        noun=called(register.root, under.policy).removeprefix("the "),
        office=c.uow.projects.get(entry.project).name,
        asked_by=c.uow.people.name_of(str(entry.submitted_by)),
        asked_on=c.rules.day_of(entry.submitted_at).isoformat(),
        on=c.rules.day_of(entry.decided_at).isoformat(),
        said=tuple(_said(under, entry, register, values, worked_out=False)),
        worked_out=tuple(_said(under, entry, register, values, worked_out=True)),
        project=f"{project} {title}",
        gate=_gate(c, entry, project),
        decided=tuple(in_words(under, votes_on(c, entry.id, entry.matter_version))),
        policy=under.policy.name,
    )
    digest = sha256(canonical(made.model_dump(mode="json"))).hexdigest()
    return made.model_copy(update={"digest": digest})


def _said(
    c: Context,
    entry: tables.Entry,
    register: Register,
    values: Mapping[str, Any],
    *,
    worked_out: bool,
) -> Iterator[tuple[str, str]]:
    """Give the fields that people gave, or those that were worked out, each by its label."""
    derived = c.policy.derived.get(register.id, {})
    titles = _titles(c, entry.project)
    for name in register.fields:
        if (name in derived) == worked_out and values.get(name) is not None:
            label = called(name, c.policy, of=register.root)
            value = value_in_words(values[name]).strip('"')
            title = titles.get(value)
            yield f"{label[:1].upper()}{label[1:]}", f"{value}: {title}" if title else value


def _titles(c: Context, place: str) -> dict[str, str]:
    """Give what the office's other records are called, by the keys that a proposal may name."""
    rows = c.uow.entries.of_project(place)
    return {row.key: str(row.document["title"]) for row in rows if "title" in row.document}


def _gate(c: Context, entry: tables.Entry, project: str) -> str:
    """Name the gate that was opened for it."""
    reviews = c.uow.gate_reviews.of_project(project)
    return next((each.gate for each in reviews if each.details.get(MANDATE) == entry.id), "")
