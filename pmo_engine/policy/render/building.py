"""Builds the document of a policy: a pass over the bound tree, section after section."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.policy.render import framework, rules, terms
from pmo_engine.policy.render.model import Clause, Document, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_engine.policy.tree import Policy

    Maker = Callable[[str], Section]


def clauses(policy: Policy) -> tuple[Clause, ...]:
    """Give everything that a policy says, clause by clause, in the order of its document.

    The ids are those of what a clause is about and do not change while it has its name: a version
    can be held against another by them. What is only a heading is left out.
    """
    found = build(policy).clauses()
    return tuple(clause for clause in found if clause.text)


def build(policy: Policy, on: date | None = None, check: str = "") -> Document:
    """Build the whole document, with dated values marked as of ``on``.

    Without ``on`` it is the day from which the policy is in force. Numbers are those of the whole,
    so that a clause has one number in every document that it stands in.
    """
    day = on or policy.in_force_from or date.min
    sections = [make(str(number)) for number, make in enumerate(_makers(policy, day), 1)]
    numbers = {clause.id: clause for section in sections for clause in section.clauses()}
    for annex in (rules.sources_section, rules.suites_section):
        sections.append(annex(policy, str(len(sections) + 1), numbers))
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


def _makers(policy: Policy, on: date) -> Iterator[Maker]:
    """Give what makes each section, of those for which there is something to say."""
    for each in terms.in_order(policy):
        yield partial(terms.terms_section, each, policy, on=on)
    if policy.roles:
        yield partial(framework.roles_section, policy)
    if policy.gates:
        yield partial(framework.gates_section, policy)
    tests = rules.Tests(policy)
    for group in rules.groups(policy):
        yield partial(rules.rules_section, group, policy, tests=tests, on=on)
    if policy.ladders:
        yield partial(framework.ladders_section, policy)
    if policy.registers:
        yield partial(framework.registers_section, policy)
    yield partial(framework.calendar_section, policy)
