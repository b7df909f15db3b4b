"""What the terms let holders of a role hand on: which acts, to whom, and whether further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words, titled
from pmo_engine.policy.acts import verb_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.policy import MayDelegate, Policy


def kept(policy: Policy, role: str, act: str) -> str:
    """Say why holders of a role may not let others do an act for them; empty: they may.

    Where the terms do not name an act, what is reserved is not handed on, nor a seat of a body. No
    act at all stands for whatever may be.
    """
    given, named = _given(policy, role), role_in_words(role, policy)
    if given is not None and given.acts is not None:
        if act in given.acts or verb_of(act) in given.acts or (given.acts and not act):
            return ""
        what = (
            f"let delegate {', '.join(given.acts)} alone" if given.acts else "let delegate nothing"
        )
        return f"the terms of {named} {what}"
    terms, known = policy.terms.get(role), policy.roles.get(role)
    if terms is not None and act in terms.reserved_acts:
        return f"'{act}' is reserved to {named}"
    if given is None and known is not None and known.body:
        return f"the terms of {named} say nothing of delegation, and a seat of a body is one's own"
    return ""


def handed_on(policy: Policy, role: str) -> bool:
    """Tell whether a delegate may hand on what a holder of a role delegated to them."""
    given = _given(policy, role)
    return given is not None and given.chains


def no_delegate(policy: Policy, role: str, held: Collection[str]) -> str:
    """Say why whoever holds some roles may be no delegate for another; empty: they may."""
    given = _given(policy, role)
    if given is None or not given.to or not set(given.to).isdisjoint(held):
        return ""
    wanted = " or ".join(titled(each, policy) for each in given.to)
    return f"the terms of {role_in_words(role, policy)} want a delegate who is {wanted}"


def _given(policy: Policy, role: str) -> MayDelegate | None:
    terms = policy.terms.get(role)
    return None if terms is None else terms.delegation
