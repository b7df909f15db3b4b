"""Builds the document of a policy: a pass over the bound tree, section after section."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.documents import framework, rules, tables, terms, tolerances
from pmo_engine.documents.links import NO_FILES, Places
from pmo_engine.documents.model import Clause, Document, Part, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_engine.policy import Policy

    Maker = Callable[[str], Section]

Form: TypeAlias = Literal["md", "html", "docx"]


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
    for annex in (rules.sources_section, rules.suites_section):
        sections.append(annex(policy, str(len(sections) + 1), numbers, places))
    return Document(
        title=policy.title or policy.name,
        name=policy.name,
        version=policy.version,
        digest=policy.digest,
        in_force_from=policy.in_force_from,
        on=day,
        check=check,
        sections=tuple(section for section in sections if section.blocks),
    )


def only(document: Document, part: Part) -> Document:
    """Leave out of a document what is not of one part; the numbers stay."""
    sections = (section for section in document.sections if section.part == part)
    return replace(document, sections=tuple(sections))


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


def _makers(policy: Policy, on: date) -> Iterator[Maker]:
    """Give what makes each section, of those for which there is something to say."""
    for each in terms.in_order(policy):
        yield partial(terms.terms_section, each, policy, on=on)
    if policy.roles:
        yield partial(framework.roles_section, policy)
    if policy.gates:
        yield partial(framework.gates_section, policy)
    if policy.tolerances:
        yield partial(tolerances.tolerances_section, policy, on=on)
    if policy.tables:
        yield partial(tables.tables_section, policy, on=on)
    tests = rules.Tests(policy)
    for group in rules.groups(policy):
        yield partial(rules.rules_section, group, policy, tests=tests, on=on)
    if policy.ladders:
        yield partial(framework.ladders_section, policy)
    if policy.registers:
        yield partial(framework.registers_section, policy)
    yield partial(framework.calendar_section, policy)
