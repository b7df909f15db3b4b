"""Builds the document of a policy: a pass over the bound tree, section after section."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.documents.links import NO_FILES, Places
from pmo_engine.documents.model import Clause, Document, Part, Run, Section, Table
from pmo_engine.documents.numbering import capital
from pmo_engine.documents.sections import (
    colours,
    figures,
    framework,
    offices,
    rates,
    reports,
    rounds,
    rules,
    strategies,
    tables,
    terms,
    tolerances,
)
from pmo_engine.documents.sections.matrix import matrix_of
from pmo_engine.documents.sections.signing import signatures_of
from pmo_engine.model.names import words
from pmo_engine.policy.acts import declared

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pmo_engine.documents.model import Words
    from pmo_engine.policy import Policy

    Maker = Callable[[str], Section]
    Sections = Callable[[Policy, date], Iterator[Maker]]

Form: TypeAlias = Literal["md", "html", "docx", "pdf"]


def clauses(policy: Policy) -> tuple[Clause, ...]:
    """Give everything that a policy says, clause by clause, in the order of its document.

    The ids are those of what a clause is about and do not change while it has its name: a version
    can be held against another by them. What is only a heading is left out.
    """
    found = build(policy).clauses()
    return tuple(clause for clause in found if clause.text)


def build(
    policy: Policy, on: date | None = None, places: Places = NO_FILES, check: str = ""
) -> Document:
    """Build the whole document, with dated values marked as of ``on``.

    Without ``on`` it is the day from which the policy is in force. Numbers are those of the whole,
    so that a clause has one number in every document that it stands in. ``check`` is the command
    that checks the policy.
    """
    day = on or policy.in_force_from or date.min
    sections = [make(str(number)) for number, make in enumerate(_makers(policy, day), 1)]
    numbers = {clause.id: clause for section in sections for clause in section.clauses()}
    for annex in (rules.sources_section, figures.formulas_section, rules.suites_section):
        made = annex(policy, str(len(sections) + 1), numbers, places)
        sections += [made] if made.blocks else []
    return Document(
        title=policy.title or capital(words(policy.name)),
        name=policy.name,
        version=policy.version,
        digest=policy.digest,
        in_force_from=policy.in_force_from,
        on=day,
        check=check,
        sections=tuple(section for section in sections if section.blocks),
        matrix=matrix_of(policy, day, numbers),
        signatures=signatures_of(policy),
    )


def only(document: Document, part: Part) -> Document:
    """Leave out of a document what is not of one part; the numbers stay."""
    sections = tuple(section for section in document.sections if section.part == part)
    matrix = document.matrix if part == "terms" else None
    if matrix is not None:
        others = (section for section in document.sections if section.part != part)
        matrix = _without(matrix, {each.id for section in others for each in section.clauses()})
    return replace(document, sections=sections, matrix=matrix)


def _without(matrix: Table, left_out: Collection[str]) -> Table:
    """Name clauses that are not in the document as those of the framework, with no link."""

    def told(cell: Words) -> Words:
        others = [place for place, run in enumerate(cell) if run.to in left_out]
        return tuple(
            run
            if place not in others
            else Run(f"{run.text} of the framework" if place == others[-1] else run.text)
            for place, run in enumerate(cell)
        )

    rows = [replace(row, cells=tuple(map(told, row.cells))) for row in matrix.rows]
    return replace(matrix, rows=tuple(rows))


def written(document: Document, form: Form) -> bytes:
    """Write a document; the same one gives the same bytes."""
    match form:
        case "md":
            from pmo_engine.documents.markdown import markdown  # noqa: PLC0415

            return markdown(document).encode()
        case "html":
            from pmo_engine.documents.html import html  # noqa: PLC0415

            return html(document).encode()
        case "docx":
            from pmo_engine.documents.docx import docx  # noqa: PLC0415

            return docx(document)
        case "pdf":
            from pmo_engine.documents.pdf import pdf  # noqa: PLC0415

            return pdf(document)


def _makers(policy: Policy, on: date) -> Iterator[Maker]:
    """Give what makes each section, of those for which there is something to say."""
    return (make for sections in SECTIONS.values() for make in sections(policy, on))


def _terms(policy: Policy, on: date) -> Iterator[Maker]:
    return (partial(terms.terms_section, each, policy, on=on) for each in terms.in_order(policy))


def _rules(policy: Policy, on: date) -> Iterator[Maker]:
    for group in rules.groups(policy):
        yield partial(rules.rules_section, group, policy, on=on)


def _one(part: str, section: Callable[[Policy, str], Section]) -> Sections:
    """Make a section of a part of a policy, where it has any."""

    def sections(policy: Policy, on: date) -> Iterator[Maker]:
        del on
        if getattr(policy, part):
            yield partial(section, policy)

    return sections


def _dated(part: str, section: Callable[..., Section]) -> Sections:
    """Make a section of a part that has dated values, as of a day."""

    def sections(policy: Policy, on: date) -> Iterator[Maker]:
        if getattr(policy, part):
            yield partial(section, policy, on=on)

    return sections


def _acts(policy: Policy, on: date) -> Iterator[Maker]:
    del on
    if declared(policy.acts):
        yield partial(framework.acts_section, policy)


SECTIONS: Mapping[str, Sections] = {
    "terms_of_reference": _terms,
    "roles": _one("roles", framework.roles_section),
    "offices": _one("offices", offices.offices_section),
    "acts": _acts,
    "gates": _one("gates", framework.gates_section),
    "tolerances": _dated("tolerances", tolerances.tolerances_section),
    "rates": _dated("rates", rates.rates_section),
    "table": _dated("tables", tables.tables_section),
    "rules": _rules,
    "figures": _one("figures", figures.figures_section),
    "dashboard": _dated("thresholds", colours.thresholds_section),
    "reports": _one("reports", reports.reports_section),
    "rounds": _one("rounds", rounds.rounds_section),
    "strategies": _one("strategies", strategies.strategies_section),
    "ladders": _one("ladders", framework.ladders_section),
    "registers": _one("registers", framework.registers_section),
    "calendar": _one("calendar", framework.calendar_section),
}
"""What makes the sections of each kind of document, in their order."""
WITHOUT = frozenset(
    {"policy", "suite", "worked_examples", "notices", "views", "quality", "event_log"}
)
"""Kinds without a section: they stand on the cover and in the annexes, or are for machines."""
