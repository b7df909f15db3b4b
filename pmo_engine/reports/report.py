"""The report: one page of HTML that stands alone, from what the store and the policy say."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import words
from pmo_engine.prose.figures import fields_in_words, why_in_words
from pmo_engine.prose.names import path_in_words
from pmo_engine.prose.values import number_in_words, value_in_words
from pmo_engine.queries.audit import audit
from pmo_engine.queries.dossiers import Counted, counted, dossiers, number_decided, number_sent
from pmo_engine.queries.journal import chains
from pmo_engine.queries.people import people
from pmo_engine.reports.roles import sections
from pmo_engine.reports.story import clear, matters
from pmo_engine.reports.timeline import draw
from pmo_engine.reports.words import parameters_in_words, rules_in_words, terms_in_words
from pmo_engine.work.approvals.stuck import stuck

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pmo_engine.policy import Policy
    from pmo_engine.queries.audit import Audit
    from pmo_engine.queries.dossiers import Dossier
    from pmo_engine.queries.figures import FigureRow
    from pmo_engine.queries.journal import ChainHead
    from pmo_engine.reports.roles import RoleSection
    from pmo_engine.reports.story import Clear, Matter
    from pmo_engine.reports.timeline import Picture
    from pmo_engine.reports.words import RuleInWords, TermsInWords
    from pmo_engine.work.approvals.stuck import Stuck
    from pmo_engine.work.governance import Context, Governance

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "report.html.j2"
FEW = 8
"""Of more projects than these each is told in short, and what there is of it opens."""
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?( [A-Z]{3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that the page shows; ``told``: of each project its id, its name and its matters."""

    policy: Policy
    now: datetime
    terms: list[TermsInWords]
    rules: list[RuleInWords]
    packs: Mapping[str, list[RuleInWords]]
    parameters: dict[str, str]
    projects: tuple[Dossier, ...]
    told: list[tuple[str, str, list[Matter]]]
    clear: dict[str, list[Clear]]
    counted: dict[str, Counted]
    registers: set[str]
    decisions: int
    sent: int
    picture: Picture | None
    roles: dict[str, list[RoleSection]]
    stuck: list[Stuck]
    audit: Audit
    chains: tuple[ChainHead, ...]


def report(governance: Governance) -> str:
    """Write the page: the same store at the same moment gives the same bytes."""
    with governance.reading() as c:
        shown = gathered(c)
        names = (each.name for each in fields(Report))
        page = _environment(c, shown.projects).get_template(PAGE)
        many = len(shown.projects) > FEW
        return page.render({name: getattr(shown, name) for name in names}, many=many)


def gathered(c: Context) -> Report:
    """Gather what the page shows, all as it stands at one moment."""
    policy, projects = c.policy, dossiers(c)
    rules, packs = rules_in_words(policy)
    names = {person.id: person.name for person in people(c).items}
    told = [(each.id, each.name, matters(c, each, names)) for each in projects]
    return Report(
        policy=policy,
        now=c.now,
        terms=terms_in_words(policy, c.today),
        rules=rules,
        packs=packs,
        parameters={pack: parameters_in_words(policy, pack, c.today) for pack in packs},
        projects=projects,
        told=told,
        clear={each.id: clear(c, each) for each in projects},
        counted={each.id: Counted() for each in projects} | counted(c),
        registers={record.register_name for each in projects for record in each.records},
        decisions=number_decided(c),
        sent=number_sent(c),
        picture=draw(told, policy.calendar, c.now),
        roles={each.id: sections(c, each.id) for each in projects},
        stuck=stuck(c),
        audit=audit(c.uow),
        chains=chains(c.uow),
    )


def environment() -> SandboxedEnvironment:
    """Give what pages and pictures are made in: whatever is put in is escaped."""
    return SandboxedEnvironment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _environment(c: Context, projects: Iterable[Dossier]) -> SandboxedEnvironment:
    made = environment()

    def moment(value: datetime) -> str:
        local = value.astimezone(c.zone)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"

    of = {each.id: {r.key: r.register_name for r in each.records} for each in projects}
    made.filters |= {
        "moment": moment,
        "words": words,
        "value": value_in_words,
        "figure": _figure,
        "fields": lambda text, project: fields_in_words(text, c.policy, of[project]),
        "lacking": lambda rows: _lacking(rows, c.policy),
        "alike": lambda rows: _alike(rows, c.policy),
    }
    return made


def _lacking(rows: Iterable[FigureRow], policy: Policy) -> list[tuple[str, list[str]]]:
    """Give the figures that there are not, those of one reason together."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.why:
            found.setdefault(why_in_words(row.why, policy), []).append(row.label)
    return list(found.items())


def _alike(rows: Iterable[Stuck], policy: Policy) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Gather what is stuck for one reason: what is asked of whom, why, and its titles."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        asked = f"{row.kind} by {role_in_words(row.asked_of, policy)}" if row.asked_of else row.kind
        if row.asked_of and row.kind == "information":
            asked = f"what is asked for is {path_in_words(row.asked_of, policy)}"
        found.setdefault((asked, tuple(row.why)), []).append(row.title)
    return [(*key, titles) for key, titles in found.items()]


def _figure(value: Any) -> str:
    """Show a figure of an assessment; one that is None is not available."""
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {_figure(item)}" for name, item in value.items())
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        number, space, currency = value.partition(" ")
        return f"{number_in_words(number)}{space}{currency}"
    return "not available" if value is None else value_in_words(value)
