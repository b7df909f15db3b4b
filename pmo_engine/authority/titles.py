"""Roles by their titles, as people read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.model.names import words
from pmo_engine.model.patterns import pattern
from pmo_engine.policy.rules import NOBODY
from pmo_engine.policy.selection import is_functional

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.policy import Policy

_ONE = pattern(r" (?:[A-Z]|\d+)$")
_ID = re.compile(r"(?<![\w.'-])[a-z][a-z0-9_]*(?![\w.'-])")


def with_the(title: str) -> str:
    """Put the definite article before a title that has none: "the board", "The board"."""
    return title if title[:4].lower() == "the " else f"the {title}"


def role_in_words(role: str, policy: Policy) -> str:
    """Name a role by its title: "the PMO head"; a functional role as "the risk role"."""
    if role == NOBODY:
        return role
    known = "" if role in policy.roles else " role"
    title = titled(role, policy)
    return f"{title if not known and _ONE.search(title) else with_the(title)}{known}"


def roles_in_words(roles: Iterable[str], policy: Policy, between: str = " or ") -> str:
    """Name roles by their titles: "the PMO head or the risk role"; nothing where there are none."""
    return between.join(dict.fromkeys(role_in_words(each, policy) for each in roles))


def held_in_words(roles: Sequence[str], policy: Policy) -> str:
    """Say which roles somebody has: "no role", "the role of project manager and risk"."""
    held = dict.fromkeys(titled(each, policy) for each in roles)
    several = "s" if len(held) > 1 else ""
    return f"the role{several} of {' and '.join(held)}" if held else "no role"


def with_titles(text: str, policy: Policy) -> str:
    """Say roles that a short text names by their ids, as "2 of sponsor, risk", by their titles."""

    def said(found: re.Match[str]) -> str:
        known = found[0] in policy.roles or is_functional(policy, found[0])
        return role_in_words(found[0], policy) if known else found[0]

    return _ID.sub(said, text)


def titled(role: str, policy: Policy) -> str:
    """Give the title of a role, or its name in words."""
    known = policy.roles.get(role)
    return known.title if known is not None and known.title else words(role)
