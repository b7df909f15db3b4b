"""The report: one page of HTML that stands alone, from what the store and the policy say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from pmo_engine.model.names import words
from pmo_engine.prose.values import number_in_words, value_in_words
from pmo_engine.queries.dossiers import Counted, counted, dossiers, number_decided, number_sent
from pmo_engine.queries.journal import chains
from pmo_engine.queries.people import people
from pmo_engine.work import audit
from pmo_engine.work.reports.story import clear, matters
from pmo_engine.work.reports.timeline import draw
from pmo_engine.work.reports.words import parameters_in_words, rules_in_words, terms_in_words

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.work.governance import Context, Governance

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "report.html.j2"
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?( [A-Z]{3})?")


def report(governance: Governance) -> str:
    """Write the page: the same store at the same moment gives the same bytes."""
    found = audit.verify(governance.database)
    with governance.reading() as c:
        context = {**_policy(c), **_portfolio(c), **_journal(c, found)}
        return _environment(c).get_template(PAGE).render(context)


def _environment(c: Context) -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def moment(value: datetime) -> str:
        local = value.astimezone(c.zone)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"

    made.filters |= {"moment": moment, "words": words, "value": value_in_words, "figure": _figure}
    return made


def _policy(c: Context) -> dict[str, Any]:
    policy = c.policy
    own, packs = rules_in_words(policy)
    return {
        "policy": policy,
        "now": c.now,
        "terms": terms_in_words(policy, c.today),
        "rules": own,
        "packs": packs,
        "parameters": {pack: parameters_in_words(policy, pack, c.today) for pack in packs},
    }


def _portfolio(c: Context) -> dict[str, Any]:
    files = dossiers(c)
    names = {person.id: person.name for person in people(c).items}
    told = [(each.id, each.name, matters(c, each, names)) for each in files]
    return {
        "projects": files,
        "told": told,
        "clear": {each.id: clear(c, each) for each in files},
        "counted": {each.id: Counted() for each in files} | counted(c),
        "registers": {record.register_name for each in files for record in each.records},
        "decisions": number_decided(c),
        "sent": number_sent(c),
        "picture": draw(told, c.policy.calendar, c.now),
    }


def _journal(c: Context, found: audit.Audit) -> dict[str, Any]:
    return {"audit": found, "chains": chains(c.uow)}


def _figure(value: Any) -> str:
    """Show a figure of an assessment; one that is None is not available."""
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {_figure(item)}" for name, item in value.items())
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        number, space, currency = value.partition(" ")
        return f"{number_in_words(number)}{space}{currency}"
    return "not available" if value is None else value_in_words(value)
