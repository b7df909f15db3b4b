"""Roles, who performs the functional ones, acts, and ladders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import acts, organisation
from pmo_engine.compiler.checks import organisation as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index

if TYPE_CHECKING:
    from collections.abc import Iterable


def _roles(documents: Iterable[s.Roles], index: Index) -> None:
    for document in documents:
        for role in document.roles:
            index.add("role", _role(role))


def _role(role: s.RoleEntry) -> Entry:
    detail = "body" if role.body else "role"
    above = f"Senior: `{role.senior}`." if role.senior is not None else ""
    about = "\n\n".join(filter(None, [str(role.title or ""), above]))
    return Entry(str(role.id), detail, about, role.mark)


def _acts(documents: Iterable[s.Acts], index: Index) -> None:
    for document in documents:
        for act in document.acts:
            whoever = "Whoever does it" if act.does.startswith("is ") else "It"
            about = f"{whoever} {act.does}."
            index.add("verb", Entry(str(act.id), "act", about, act.mark))


def _ladders(documents: Iterable[s.Ladders], index: Index) -> None:
    for document in documents:
        for ladder in document.ladders:
            index.add("ladder", Entry(str(ladder.id), "ladder", _rungs(ladder), ladder.mark))


def _rungs(ladder: s.LadderEntry) -> str:
    return "\n".join(f"- {_rung(rung)}" for rung in ladder.rungs)


def _rung(rung: s.RungEntry) -> str:
    moment = f"at {rung.at}" if rung.at is not None else f"{rung.after} after the due moment"
    to = f"remind {rung.remind}" if rung.remind is not None else f"escalate to {rung.escalate}"
    return f"{moment}: {to}"


ROLES = Kind(
    s.Roles,
    parts=(
        part("roles", organisation.roles),
        part("functional", organisation.functional),
        part("incompatible", organisation.incompatible, "roles functional"),
    ),
    checks=(checks.functional_role_exists, checks.functional_role_filled),
    declare=_roles,
    printed=frozenset({"roles.title"}),
    bare=frozenset({"roles"}),
)
ACTS = Kind(
    s.Acts,
    parts=(part("acts", acts.acts),),
    declare=_acts,
)
LADDERS = Kind(
    s.Ladders,
    parts=(part("ladders", organisation.ladders, "roles"),),
    checks=(
        checks.ladder_leads_somewhere,
        checks.rungs_are_in_order,
        checks.every_rung_is_climbed,
    ),
    declare=_ladders,
)
