"""The block for signatures: whoever adopts the policy, and those whose terms it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.documents.model import Row, Table
from pmo_engine.documents.numbering import cells
from pmo_engine.documents.sections.terms import in_order
from pmo_engine.policy.selection import seniority_depth

if TYPE_CHECKING:
    from pmo_engine.policy import Policy

ADOPT = "adopt policy"
COLUMNS = ("", "Name", "Signature", "Date")


def signatures_of(policy: Policy) -> Table | None:
    """Give a line for each who signs; None for a pack, which nobody adopts by itself."""
    if policy.in_force_from is None and not policy.terms:
        return None
    adopting = _adopting(policy)
    holders = [
        terms.role
        for terms in in_order(policy)
        if terms.role in policy.roles and terms.role not in adopting
    ]
    lines = [("Adopted for", role) for role in adopting] + [
        ("Accepted by", role) for role in holders
    ]
    rows = [Row(cells(f"{how} {role_in_words(role, policy)}", "", "", "")) for how, role in lines]
    return Table(COLUMNS, tuple(rows)) if rows else None


def _adopting(policy: Policy) -> list[str]:
    """Name who may adopt the policy; else whoever is the most senior of all."""
    named = [
        terms.role
        for terms in in_order(policy)
        if any(item.act == ADOPT for item in terms.authority)
    ]
    return named or sorted(policy.roles, key=lambda role: (seniority_depth(policy, role), role))[:1]
