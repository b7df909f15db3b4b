"""Who signs an approval in one case, of the roles, expressions and authority that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.authority.limits import Approver
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.quorum import needed
from pmo_engine.model.signatures import Signatory
from pmo_engine.policy import CHOSEN, LEAST_SENIOR, NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Asked, Policy, RequireApproval

Sought: TypeAlias = tuple[tuple[str, Approver | Missing], ...]
"""By act, the least senior who may."""
NOT_SOUGHT: Sought = ()


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who must approve by one rule: sought by authority, and chosen by its expressions."""

    sought: Sought
    chosen: tuple[tuple[str, ...] | Missing, ...]


def other_act(act: str | None, own: str) -> str:
    """Give the act of an approval, empty where it is to approve the record itself."""
    return "" if act is None or act == own else act


def signers(
    effect: RequireApproval,
    policy: Policy,
    sought: Approver | Missing | None,
    choices: Iterator[tuple[str, ...] | Missing],
) -> tuple[Signatory, ...] | Missing:
    """Give those who sign, each once and nobody left out; or what is missing to say so."""
    found: dict[str, Signatory] = {}
    missing: list[Missing] = []
    for each in effect.of:
        given = next(choices) if each.role == CHOSEN else (each.role,)
        if each.role == LEAST_SENIOR:
            assert sought is not None  # it was looked for
            given = sought if isinstance(sought, Missing) else (sought.role,)
        if isinstance(given, Missing):
            missing.append(given)
            continue
        for role in given:
            if role != NOBODY:
                found.setdefault(role, Signatory(role, _count(each, role, policy)))
    return Missing.of(*missing) if missing else tuple(found.values())


def _count(asked: Asked, role: str, policy: Policy) -> int | None:
    """Say how many of a role sign; a part of a body is one of its members, rounded up."""
    if asked.count is None or isinstance(asked.count, int):
        return asked.count
    members = policy.terms[role].members if role in policy.terms else None
    return needed(members or 1, asked.count)
