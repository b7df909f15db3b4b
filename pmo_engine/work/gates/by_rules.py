"""What the policy's rules say of a gate under review, and what of it keeps a project from passing.

Like criteria, rules are judged by what is known of the project now. What a binding rule asks for
has to be there, what it blocks is blocked, and one that cannot be judged is never taken for no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.feel.values import Record
from pmo_engine.policy.events import Event, make_event
from pmo_engine.work.facts import project_facts
from pmo_engine.work.unjudged import in_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

OPENED, ASSESSED = "gate.opened", "gate.assessed"
GIVEN = frozenset({"assessment", "evidence", "exception"})


def gate_event(c: Context, review: tables.GateReview, name: str) -> Event:
    """Give the event that something happened to a review, with all facts that rules look at."""
    project = c.uow.projects.get(review.project)
    facts = project_facts(c, project, c.rules.looked_at(name, c.now))
    facts["gate"] = Record("gate", {"id": review.gate})
    facts["actor"] = Record("actor", {"id": review.opened_by})
    return make_event(c.policy, name, c.now, facts, project.id)


def held_by_rules(c: Context, review: tables.GateReview) -> Iterator[str]:
    """Say what binding rules have against letting the project pass; ``c`` is under its version."""
    for name in (OPENED, *((ASSESSED,) if review.status == "awaiting_decision" else ())):
        if c.rules.selection(name, c.now).rules:
            yield from _held(c, c.rules.engine.decide(gate_event(c, review, name)))
    for row in c.uow.obligations.open_for(review.id):
        if row.kind in GIVEN and row.binding == "shall" and row.rule in c.rules.rule_ids:
            yield f"{row.kind} '{row.target}', which rule '{row.rule}' asks for, is not there"


def _held(c: Context, decision: Decision) -> Iterator[str]:
    binding = {rule.id for rule in c.policy.rules if rule.binding == "shall"}
    for item in decision.obligations:
        if item.kind == "block" and item.binding == "shall":
            yield f"rule '{item.rule}' blocks it: {item.text}"
    for rule, paths in decision.unknown.items():
        if rule in binding:
            yield f"rule '{rule}' cannot be judged: not known: {', '.join(paths)}"
    faults = {rule: text for rule, text in decision.faults.items() if rule in binding}
    yield from in_sentences(faults)
