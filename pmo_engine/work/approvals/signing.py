"""Whose turn it is to sign an approval, as its row keeps it.

``details`` of an approval keep beside ``signatures``: ``does``, what its act is where it decides
nothing; ``asked``, the roles whose signature is waited for now, where not all are; ``held``, the
time allowed, while others are asked before anybody is; ``tally``, whose signatures are there;
``outcome``, how it was decided.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.names import words
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import does
from pmo_engine.work.approvals.counting import (
    kept_signatures,
    signatures_of,
    standing_of,
    stands_for,
    tally_of,
)
from pmo_engine.work.errors import Refusal

if TYPE_CHECKING:
    from pmo_engine.model.durations import Span
    from pmo_engine.policy import Policy
    from pmo_engine.policy.decision import Obligation as Wanted
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Context

DECIDES, IS_ASKED = "decides", "is asked"


def what_it_does(row: Obligation) -> str:
    """Say what an approval is: it decides, signs beside others, or is asked before them."""
    return str(row.details.get("does", DECIDES))


def asked_before(policy: Policy, item: Wanted) -> bool:
    """Tell whether an approval is answered before others are asked to decide."""
    return item.kind == "approval" and does(policy.acts, item.act) == IS_ASKED


@lru_cache(maxsize=16)
def asks_before(policy: Policy) -> bool:
    """Tell whether any rule of a policy asks somebody before others decide."""
    acts = (e.act for rule in policy.rules for e in rule.then if isinstance(e, RequireApproval))
    return any(does(policy.acts, act) == IS_ASKED for act in acts if act)


def begin(c: Context, row: Obligation, within: Span | None) -> None:
    """Say of an approval that is to be opened what it does, whose turn it is, or that it waits."""
    what = does(c.policy.acts, row.act)
    if what != DECIDES:
        row.details["does"] = what
    if (wanted := kept_signatures(row)) is not None:
        row.details["tally"] = tally_of(wanted, c)
        if wanted.in_sequence:
            row.details["asked"] = [wanted.of[0].role]
            row.details["within"] = None if within is None else str(within)
    if what == DECIDES and asks_before(c.policy) and is_waited_for(c, row.subject_id):
        row.details["held"] = True
        row.details["within"] = None if within is None else str(within)
        row.due_at = None


def is_waited_for(c: Context, subject: str) -> bool:
    """Tell whether somebody is asked about a subject before others decide, and has not answered."""
    return any(what_it_does(each) == IS_ASKED for each in c.uow.obligations.open_for(subject))


def is_held(row: Obligation) -> bool:
    """Tell whether nobody is asked yet, as others are asked before."""
    return bool(row.details.get("held"))


def asked_now(row: Obligation) -> tuple[str, ...]:
    """Name the roles whose signature is waited for."""
    if is_held(row):
        return ()
    if row.details["role"] is None:
        return ()
    if row.kind != "approval":
        return (row.details["role"],)
    roles = (each.role for each in signatures_of(row).of)
    return tuple(row.details.get("asked", roles))


def is_turn_of(row: Obligation, role: str) -> bool:
    """Tell whether a role's signature is waited for; one to which it went up signs for others."""
    if row.kind != "approval" or row.status != "open" or role in asked_now(row):
        return True
    return all(each.role != role for each in signatures_of(row).of)


def is_moot(policy: Policy, row: Obligation, role: str) -> bool:
    """Tell whether nobody has to hear of it any more by way of a role: those below it signed."""
    signed_for = kept_signatures(row)
    return signed_for is not None and stands_for(policy, role, signed_for).isdisjoint(
        asked_now(row)
    )


def require_turn(c: Context, row: Obligation) -> None:
    """Refuse a vote on what others are asked about first."""
    if first := waits_first(c, row):
        raise Refusal(f"{row.details['title']} is not to be decided yet: it waits for {first}")


def waits_first(c: Context, row: Obligation) -> str:
    """Say who is asked about it before it is decided and has not answered; empty for nobody."""
    if row.kind != "approval" or what_it_does(row) != DECIDES or not asks_before(c.policy):
        return ""
    return " and ".join(
        f"{role_in_words(each.target, c.policy)} to {words(each.act or '')}"
        for each in c.uow.obligations.open_for(row.subject_id)
        if what_it_does(each) == IS_ASKED
    )


def not_its_turn(c: Context, row: Obligation, role: str) -> str:
    """Say why the signature of a role that was asked is not waited for now."""
    order = [each.role for each in signatures_of(row).of]
    now = asked_now(row)
    first = [each for each in order[: order.index(role)] if each in now]
    if not signatures_of(row).in_sequence or not first:
        return f"is not waited for: {role_in_words(role, c.policy)} has signed already"
    left = order[order.index(first[0]) : order.index(role)]
    named = " and ".join(role_in_words(each, c.policy) for each in left)
    return f"is not asked yet: {role_in_words(role, c.policy)} signs after {named}"


def counted(c: Context, row: Obligation) -> tuple[tuple[str, ...], str]:
    """Give whose turn it is after the votes that there are, and whose signatures are there."""
    found = standing_of(c, row)
    return found.asked, tally_of(found.parts, c)
