"""What whoever is asked can do about it: the command that answers, by the kind of what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import A_GATE, A_RECORD, CRITERION
from pmo_engine.policy.fact_paths import fields_in
from pmo_engine.policy.tolerances import kept_by
from pmo_engine.prose.names import called
from pmo_engine.work.approvals.signing import IS_ASKED, what_it_does
from pmo_engine.work.without_rate import RATE

if TYPE_CHECKING:
    from pmo_engine.queries.asked.matters import About
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Context


def to_do(c: Context, row: Obligation, on: About) -> str:
    """Say how an obligation is answered, in a sentence; nothing where nothing answers it."""
    (kind, about), id = on, row.id[:8]
    match row.kind:
        case "approval":
            return _vote(c, row, kind, about)
        case "information":
            return _fact(c, row, kind, about)
        case "assessment" if kind == A_GATE:
            return _assess(row, about)
        case "evidence" if kind == A_GATE:
            return f"Show it with 'pmo gate evidence {about.id[:8]} {row.target}'."
        case "exception" if _is_of_tolerance(c, row):
            return f"Answer it with 'pmo exception answer {id}'."
        case "return":
            return f"Where nothing is new, say so with 'pmo answer {id}'."
        case "assessment" | "evidence" | "exception" | "condition" | "recommendation":
            return f"Answer it with 'pmo answer {id}', and say with --note what is there."
        case _:
            return ""


def _vote(c: Context, row: Obligation, kind: str, about: Any) -> str:
    yes, no = f"'pmo approve {row.id[:8]}'", f"'pmo reject {row.id[:8]}'"
    if what_it_does(row) == IS_ASKED:
        said = "approve it or reject it, with your reason; who decides reads it"
        asked = f"You are asked to {words(row.act)}: {said}" if row.act else said.capitalize()
        return f"{asked} ({yes} or {no})."
    how = f"{yes}, or reject it with {no}"
    gate = c.policy.gates.get(about.gate) if kind == A_GATE and not row.act else None
    if gate is not None and gate.decided_by == row.target:
        outcomes = ", ".join(map(words, gate.outcomes))
        return f"Approve it with {how}; --outcome says which outcome: {outcomes}."
    return f"Approve it with {how}, with your reason."


def _fact(c: Context, row: Obligation, kind: str, about: Any) -> str:
    """Say how a fact of the record in hand is given; others are given where they are kept."""
    register = c.policy.registers.get(about.register_name) if kind == A_RECORD else None
    root, _, field = row.target.partition(".")
    if RATE in row.details or register is None or root != register.root:
        return ""
    if field not in register.given:
        return ""
    command = f"pmo update {about.project} {register.id} {about.key}"
    derived = c.policy.derived.get(register.id, {})
    if field not in derived:
        return f"Give it with '{command} {field}=...'."
    inputs = fields_in(derived[field].node, register)
    here = (each for each in register.given if each in inputs)
    lacking = [each for each in here if about.document.get(each) is None]
    given = " ".join(f"{name}=..." for name in lacking)
    labels = " and ".join(called(name, c.policy, register.root) for name in lacking)
    said = f"It is worked out, and waits for the {labels}: '{command} {given}'."
    return said if lacking else ""


def _assess(row: Obligation, review: Any) -> str:
    id = review.id[:8]
    of, _, criterion = row.target.partition(" ")
    if of == CRITERION:
        return f"Judge it with 'pmo gate judge {id} {criterion}'."
    return f"Answer it with 'pmo gate answer {id} {row.target}'."


def _is_of_tolerance(c: Context, row: Obligation) -> bool:
    tolerances = c.policy.tolerances.values()
    return any(kept_by(rule, tolerances) for rule in (row.rule, *row.also_rules))
