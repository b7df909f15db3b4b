"""A version of the policy is put up for adoption, decided by whom the terms name, and binds."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.authority.limits import clause_of
from pmo_engine.model.durations import DurationError, Span
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import iso
from pmo_engine.model.vocabulary import A_VERSION
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.selection import holders_of
from pmo_engine.policy.terms import ADOPT
from pmo_engine.queries.versions import VersionState
from pmo_engine.store import tables
from pmo_engine.work.acts import PUT_UP
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.kept_asking import keep_asking
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Asked, Subject, open_obligation
from pmo_engine.work.permissions import most_senior
from pmo_engine.work.versions.catalogue import (
    OfVersion,
    in_force,
    journal,
    shown,
    title,
)
from pmo_engine.work.versions.coming_into_force import take_force
from pmo_engine.work.versions.commenting import open_comments
from pmo_engine.work.versions.drafting import record
from pmo_engine.work.versions.effects import effect_of

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.policy.changes import VersionEffect
    from pmo_engine.work.governance import Context, Governance
    from pmo_engine.work.subjects import Ballot

RULE = "policy-adoption"
TIME = "10 working days"


@dataclass(frozen=True, slots=True)
class Adopter:
    """A role that adopts a version, and the clause that says so."""

    role: str
    clause: str


def adopters(policy: Policy, on: date) -> list[Adopter]:
    """Name whom the terms of a policy let adopt its next version: each of them has to.

    Those for whom it is reserved come first, then whoever may; where no terms name anybody, it is
    the most senior role that is accountable, a body before others.
    """
    reserved = [terms.role for terms in policy.terms.values() if ADOPT in terms.reserved_acts]
    if reserved:
        return [Adopter(role, "reserved matters") for role in reserved]
    named = holders_of(policy, ADOPT, on)
    if named:
        return [Adopter(role, clause_of(*limits[0])) for role, limits in named]
    top = most_senior(policy)
    if not top:
        raise Refusal(f"nobody can adopt it: no terms say 'may: {ADOPT}', no role is accountable")
    return [Adopter(top[0], "the most senior role; no terms name who adopts a policy")]


def adopt(
    governance: Governance,
    version: str | Policy,
    *,
    by: str,
    within: str = TIME,
    ladder: str | None = None,
    request: str | None = None,
) -> VersionState:
    """Put a version up for adoption, with all that it changes; a second time changes nothing.

    A policy that is no draft yet becomes one. Those who adopt are named by the terms of the
    version in force; where none was ever adopted, by its own. Raises Refusal, CommandError.
    """
    order = Order(by, PUT_UP, OfVersion(version), VersionState, request)
    return carry_out(
        governance, order, partial(_adopt, version=version, within=within, ladder=ladder)
    )


def _adopt(c: Command, *, version: str | Policy, within: str, ladder: str | None) -> VersionState:
    row: tables.PolicyVersion = c.on.row if isinstance(version, str) else record(c, version)
    if row.status in {"draft", "comment"}:
        _require_heard(c, row)
        _put_up(c, row, _terms(c, row, within, ladder))
    elif row.status not in {"submitted", "adopted"}:
        raise Refusal(f"{title(row)} is {row.status}; draft it anew to have it adopted")
    return shown(c, row)


def _require_heard(c: Context, row: tables.PolicyVersion) -> None:
    if row.comment_until is not None and row.comment_until > c.now:
        until = row.comment_until.astimezone(c.zone)
        raise Refusal(
            f"{title(row)} is out for comment until {until:%Y-%m-%d %H:%M}, and can be put up "
            f"for adoption then"
        )


@dataclass(frozen=True, slots=True)
class _Terms:
    """Under which version it is adopted, by whom, in what time, with which ladder."""

    c: Command
    by: list[Adopter]
    within: Span
    ladder: str | None


def _terms(c: Command, row: tables.PolicyVersion, within: str, ladder: str | None) -> _Terms:
    governing = c if in_force(c) is not None else c.by_rules(c.version(row.digest))
    policy = governing.policy
    try:
        allowed = Span.parse(within)
    except DurationError as error:
        raise CommandError(str(error)) from None
    if ladder is not None and ladder not in policy.ladders:
        known = ", ".join(policy.ladders) or "none"
        raise CommandError(f"the policy has no ladder '{ladder}'; it has {known}")
    chosen = ladder or next(iter(policy.ladders), None)
    return _Terms(governing, adopters(policy, governing.today), allowed, chosen)


def _put_up(c: Command, row: tables.PolicyVersion, terms: _Terms) -> None:
    effect = effect_of(c, c.version(row.digest).policy)
    c.uow.policy_versions.change(row, status="submitted", submitted_by=c.actor, effect=effect)
    asked = [each.role for each in terms.by]
    journal(c, row, "submitted", {"asked": asked, "clauses": len(effect.clauses)})
    why = (*summary(effect), *open_comments(c, row))
    items = [_obligation(each, terms) for each in terms.by]
    subject = Subject(
        row.id, None, title(row), c.actor, row.version, A_VERSION, row, row.drafted_at
    )
    asking, said = (
        [(each, why) for each in items],
        {"name": row.name, "version": row.policy_version},
    )
    decision = keep_asking(terms.c, subject, "policy.submitted", asking, {"policy": said})
    for item in items:
        open_obligation(terms.c, subject, Asked(item, why, decision.id))


def _obligation(adopter: Adopter, terms: _Terms) -> Obligation:
    return Obligation(
        "approval",
        RULE,
        adopter.role,
        "shall",
        role=adopter.role,
        within=terms.within,
        ladder=terms.ladder,
        clause=adopter.clause,
    )


def summary(effect: VersionEffect) -> tuple[str, ...]:
    """Say in two sentences what a version changes, and what open work it touches."""
    kinds = [each.kind for each in effect.clauses]
    counts = [
        f"{kinds.count(kind)} {kind}" for kind in ("changed", "added", "removed") if kind in kinds
    ]
    touched, judged = len(effect.open_work), effect.judged
    would = "touches" if effect.applies_to_open else "leaves as they are, and would touch,"
    return (
        f"Clauses: {', '.join(counts) or 'none differs'}.",
        f"Of {judged} open records it {would} {touched}.",
    )


def decided(c: Command, row: tables.PolicyVersion, ballot: Ballot) -> str:
    """Act on a vote about a version: one rejection rejects, the last approval adopts."""
    others = c.uow.obligations.open_for(row.id)
    if ballot.choice == "reject":
        heard = {row.drafted_by, str(row.submitted_by)}
        take_back(c, others, f"It is rejected by {c.actor_name}.", heard)
        c.uow.policy_versions.change(row, status="rejected", decided_at=c.now, reason=ballot.reason)
        journal(c, row, "rejected", {"reason": ballot.reason})
    elif not others:
        _adopted(c, row)
    if row.status != "submitted":
        _tell(c, row)
    return row.status


def _adopted(c: Command, row: tables.PolicyVersion) -> None:
    new = c.by_rules(c.version(row.digest))
    binds = max(c.now, _beginning(new, row.in_force_from))
    c.uow.policy_versions.change(row, status="adopted", decided_at=c.now, binds_from=binds)
    journal(c, row, "adopted", {"binds_from": iso(binds)})
    if binds <= c.now:
        take_force(new, row)


def _beginning(c: Context, day: date | None) -> datetime:
    """Give when a day begins at the office of the version that comes into force on it."""
    return c.now if day is None else datetime.combine(day, time(), c.zone)


def _tell(c: Command, row: tables.PolicyVersion) -> None:
    subject = f"{title(row)} is {row.status}"
    body = row.reason
    if row.binds_from is not None:
        body = f"It binds from {row.binds_from.astimezone(c.zone):%d %B %Y %H:%M}."
    people = {row.drafted_by, row.submitted_by or row.drafted_by}
    key = f"{row.id}/{row.status}"
    told = [notices.notice(c, key, person, subject, body, None) for person in sorted(people)]
    notices.send(c, told)
