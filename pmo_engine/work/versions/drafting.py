"""A version of the policy on its way to adoption: drafted, put out for comment, withdrawn."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.durations import DurationError, Span
from pmo_engine.model.shape import iso
from pmo_engine.queries.versions import VersionState
from pmo_engine.store import tables
from pmo_engine.work.acts import CIRCULATE, DRAFT, WITHDRAW
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal, SuitesFailed
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.subjects import Office
from pmo_engine.work.versions.catalogue import (
    LIVE,
    OPEN,
    OfVersion,
    journal,
    shown,
    title,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_engine.policy import Policy
    from pmo_engine.work.governance import Context, Governance

COMMENT_TIME = "10 working days"


def read_draft(path: Path, backend: str = "compiled") -> Policy:
    """Load a policy that could be adopted: it checks without errors and passes its own tests.

    Raises PolicyError with every diagnostic, SuitesFailed with every case, FileNotFoundError.
    """
    from pmo_engine.compiler.binding.context import PACK  # noqa: PLC0415 - who votes drafts none
    from pmo_engine.compiler.loading import load_policy  # noqa: PLC0415 - the same
    from pmo_engine.engines.engine import Engine  # noqa: PLC0415 - the same
    from pmo_engine.suites.running import run_suites  # noqa: PLC0415 - the same

    policy = load_policy(path)
    if policy.version == PACK:
        raise CommandError(f"{path} is a pack and no policy: a draft has a 'kind: policy'")
    engine = Engine(policy, backend)
    try:
        results = list(run_suites(policy, engine.decide))
    finally:
        engine.close()
    failures = tuple(
        f"{each.mark}: {each.suite}: {each.case}: {'; '.join(each.failures)}"
        for each in results
        if not each.passed
    )
    if failures:
        raise SuitesFailed(str(path), failures, len(results))
    return policy


def draft(
    governance: Governance, policy: Policy, *, by: str, request: str | None = None
) -> VersionState:
    """Record a draft; the same text again changes nothing, another of its version replaces it."""
    order = Order(by, DRAFT, Office(), VersionState, request)
    return carry_out(governance, order, lambda c: shown(c, record(c, policy)))


def record(c: Command, policy: Policy) -> tables.PolicyVersion:
    """Record a draft within a command, or find the one that holds the same text."""
    c.governance.bound(policy)
    c.governance.keep(c.uow, policy)
    for other in c.uow.policy_versions.called(policy.version):
        if (other.name, other.policy_version) != (policy.name, policy.version):
            continue
        if other.digest == policy.digest and other.status in LIVE:
            c.uow.subjects.lock(other.id)
            return c.uow.policy_versions.lock(other.id)
        _make_way(c, other, policy)
    row = tables.PolicyVersion(
        name=policy.name,
        policy_version=policy.version,
        digest=policy.digest,
        in_force_from=policy.in_force_from,
        applies_to_open=policy.applies_to_open,
        drafted_at=c.now,
        drafted_by=c.actor,
    )
    c.uow.policy_versions.add(row, title(row), c.actor)
    journal(c, row, "drafted", {"in_force_from": iso(policy.in_force_from)})
    return row


def _make_way(c: Command, other: tables.PolicyVersion, policy: Policy) -> None:
    """Let a draft replace an earlier one of its version; one that was adopted stands."""
    if other.digest != policy.digest and other.binds_from is not None:
        raise Refusal(
            f"{title(other)} was adopted in other words; give the draft a version of its own"
        )
    if other.status == "submitted":
        raise Refusal(f"{title(other)} is up for adoption; withdraw it, or wait for the decision")
    if other.status in OPEN:
        c.uow.policy_versions.change(other, status="superseded")
        journal(c, other, "replaced", {"by": policy.digest})


def circulate(
    governance: Governance,
    version: str,
    *,
    by: str,
    until: date | None = None,
    within: str = "",
    request: str | None = None,
) -> VersionState:
    """Put a draft out for comment until the end of a day, or for some working time."""
    order = Order(by, CIRCULATE, OfVersion(version), VersionState, request)
    return carry_out(governance, order, partial(_circulate, until=until, within=within))


def _circulate(c: Command, *, until: date | None, within: str) -> VersionState:
    row: tables.PolicyVersion = c.on.row
    if row.status not in {"draft", "comment"}:
        raise Refusal(f"{title(row)} is {row.status}: only a draft is put out for comment")
    end = _end(c, until, within)
    if row.comment_until != end or row.status != "comment":
        c.uow.policy_versions.change(row, status="comment", comment_until=end)
        told = _tell_concerned(c, row, end)
        journal(c, row, "circulated", {"until": end.isoformat(), "told": told})
    return shown(c, row)


def _end(c: Context, until: date | None, within: str) -> datetime:
    now = c.now
    if until is None:
        try:
            return c.policy.calendar.deadline(now, Span.parse(within or COMMENT_TIME))
        except DurationError as error:
            raise CommandError(str(error)) from None
    end = datetime.combine(until + timedelta(days=1), time(), c.zone)
    if end <= now:
        raise CommandError(f"{until} is over already; comments need a day that is still to come")
    return end


def _tell_concerned(c: Command, row: tables.PolicyVersion, end: datetime) -> list[str]:
    """Tell the holders of the roles whose terms change."""
    from pmo_engine.documents.differences import roles_concerned  # noqa: PLC0415 - the same

    new = c.version(row.digest).policy
    old = None if c.policy.digest == new.digest else c.policy
    roles = roles_concerned(old, new)
    people = [each for each in c.uow.people.with_roles(roles, c.today) if each != c.actor]
    day = f"{end.astimezone(c.zone) - timedelta(seconds=1):%d %B %Y}"
    subject = f"{title(row)} is out for comment until {day}"
    body = (
        f"It changes the terms of the roles you hold. 'pmo policy show {row.policy_version}' says"
        f" how; 'pmo policy comment {row.policy_version}' takes your comment."
    )
    key = f"{row.id}/comment/{end.isoformat()}"
    notices.send(c, [notices.notice(c, key, each, subject, body, None) for each in people])
    return people


def withdraw(
    governance: Governance, version: str, *, by: str, reason: str, request: str | None = None
) -> VersionState:
    """Take back a version that nobody has decided; what was asked of people is withdrawn too."""
    order = Order(by, WITHDRAW, OfVersion(version), VersionState, request)
    return carry_out(governance, order, partial(_withdraw, reason=reason))


def _withdraw(c: Command, *, reason: str) -> VersionState:
    row: tables.PolicyVersion = c.on.row
    if row.status not in OPEN:
        raise Refusal(f"{title(row)} is {row.status}: it cannot be withdrawn")
    c.uow.policy_versions.change(row, status="withdrawn", reason=reason)
    why = f"It is withdrawn by {c.actor_name}{f': {reason}' if reason else '.'}"
    take_back(c, c.uow.obligations.open_for(row.id), why, ())
    journal(c, row, "withdrawn", {"reason": reason})
    return shown(c, row)
