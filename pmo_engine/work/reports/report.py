"""The report: one page of HTML that stands alone, from what the store and the policy say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from pmo_engine.prose.names import words
from pmo_engine.prose.values import number_in_words, value_in_words
from pmo_engine.work import audit
from pmo_engine.work.reports.story import clear, matters
from pmo_engine.work.reports.timeline import draw
from pmo_engine.work.reports.words import parameters_in_words, rules_in_words, terms_in_words

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "report.html.j2"
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?( [A-Z]{3})?")


def report(desk: Desk) -> str:
    """Write the page: the same store at the same moment gives the same bytes."""
    found = audit.verify(desk.database)
    with desk.reading() as uow:
        context = {**_policy(desk), **_portfolio(desk, uow), **_journal(uow, found)}
    return _environment(desk).get_template(PAGE).render(context)


def _environment(desk: Desk) -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def moment(value: datetime) -> str:
        local = value.astimezone(desk.zone)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"

    made.filters |= {"moment": moment, "words": words, "value": value_in_words, "figure": _figure}
    return made


def _policy(desk: Desk) -> dict[str, Any]:
    policy = desk.policy
    own, packs = rules_in_words(policy)
    return {
        "policy": policy,
        "now": desk.clock.now(),
        "terms": terms_in_words(policy, desk.today()),
        "rules": own,
        "packs": packs,
        "parameters": {pack: parameters_in_words(policy, pack, desk.today()) for pack in packs},
    }


def _portfolio(desk: Desk, uow: UnitOfWork) -> dict[str, Any]:
    rows = uow.projects.all()
    told = [(row.id, row.name, matters(desk, uow, row.id)) for row in rows]
    entries = {row.id: uow.entries.of_project(row.id) for row in rows}
    obligations = {row.id: uow.obligations.of_project(row.id) for row in rows}
    return {
        "projects": rows,
        "told": told,
        "clear": {row.id: clear(desk, uow, row.id) for row in rows},
        "entries": entries,
        "registers": {entry.register_name for found in entries.values() for entry in found},
        "obligations": obligations,
        "decisions": sum(len(uow.decisions.of_project(row.id)) for row in rows),
        "sent": len(uow.outbox.with_state("sent")),
        "picture": draw(told, desk.policy.calendar, desk.clock.now()),
    }


def _journal(uow: UnitOfWork, found: audit.Audit) -> dict[str, Any]:
    return {"audit": found, "chains": uow.journal.chains()}


def _figure(value: Any) -> str:
    """Show a figure of an assessment; one that is None is not available."""
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {_figure(item)}" for name, item in value.items())
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        number, space, currency = value.partition(" ")
        return f"{number_in_words(number)}{space}{currency}"
    return "not available" if value is None else value_in_words(value)
