"""A version of the policy on its way to adoption: drafted, put out for comment, withdrawn."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.loading import PACK, load_policy
from pmo_engine.documents.differences import roles_concerned
from pmo_engine.engines.engine import Engine
from pmo_engine.model.durations import DurationError, Span
from pmo_engine.store import tables
from pmo_engine.suites.running import run_suites
from pmo_engine.work.errors import CommandError, Refusal, SuitesFailed
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import close_all
from pmo_engine.work.permissions import require_person
from pmo_engine.work.versions.catalogue import LIVE, OPEN, iso, journal, shown, title, version_named

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

COMMENT_TIME = "10 working days"


def read_draft(path: Path, backend: str = "compiled") -> Policy:
    """Load a policy that could be adopted: it checks without errors and passes its own tests.

    Raises PolicyError with every diagnostic, SuitesFailed with every case, FileNotFoundError.
    """
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


def draft(desk: Desk, policy: Policy, *, by: str) -> dict[str, Any]:
    """Record a draft; the same text again changes nothing, another of its version replaces it."""
    desk.shelf.keep(policy, by)
    with desk.transaction(by) as uow:
        require_person(uow, by)
        return shown(uow, record(desk, uow, policy, by))


def record(desk: Desk, uow: UnitOfWork, policy: Policy, by: str) -> tables.PolicyVersion:
    """Record a draft within a transaction, or find the one that holds the same text."""
    for other in uow.policy_versions.called(policy.version):
        if (other.name, other.policy_version) != (policy.name, policy.version):
            continue
        if other.digest == policy.digest and other.status in LIVE:
            return other
        _make_way(uow, other, policy)
    row = uow.policy_versions.add(
        tables.PolicyVersion(
            name=policy.name,
            policy_version=policy.version,
            digest=policy.digest,
            in_force_from=policy.in_force_from,
            applies_to_open=policy.applies_to_open,
            drafted_at=desk.clock.now(),
            drafted_by=by,
        )
    )
    journal(uow, row, "drafted", {"in_force_from": iso(policy.in_force_from)})
    return row


def _make_way(uow: UnitOfWork, other: tables.PolicyVersion, policy: Policy) -> None:
    """Let a draft replace an earlier one of its version; one that was adopted stands."""
    if other.digest != policy.digest and other.binds_from is not None:
        raise Refusal(
            f"{title(other)} was adopted in other words; give the draft a version of its own"
        )
    if other.status == "submitted":
        raise Refusal(f"{title(other)} is up for adoption; withdraw it, or wait for the decision")
    if other.status in OPEN:
        uow.policy_versions.change(other, status="superseded")
        journal(uow, other, "replaced", {"by": policy.digest})


def circulate(
    desk: Desk, version: str, *, by: str, until: date | None = None, within: str = ""
) -> dict[str, Any]:
    """Put a draft out for comment until the end of a day, or for some working time."""
    with desk.transaction(by) as uow:
        require_person(uow, by)
        row = version_named(uow, version)
        if row.status not in {"draft", "comment"}:
            raise Refusal(f"{title(row)} is {row.status}: only a draft is put out for comment")
        end = _end(desk, until, within)
        if row.comment_until != end or row.status != "comment":
            uow.policy_versions.change(row, status="comment", comment_until=end)
            told = _tell_concerned(desk, uow, row, end, by)
            journal(uow, row, "circulated", {"until": end.isoformat(), "told": told})
        return shown(uow, row)


def _end(desk: Desk, until: date | None, within: str) -> datetime:
    now = desk.clock.now()
    if until is None:
        try:
            return desk.policy.calendar.deadline(now, Span.parse(within or COMMENT_TIME))
        except DurationError as error:
            raise CommandError(str(error)) from None
    end = datetime.combine(until + timedelta(days=1), time(), desk.zone)
    if end <= now:
        raise CommandError(f"{until} is over already; comments need a day that is still to come")
    return end


def _tell_concerned(
    desk: Desk, uow: UnitOfWork, row: tables.PolicyVersion, end: datetime, by: str
) -> list[str]:
    """Tell the holders of the roles whose terms change."""
    new = desk.shelf.desk_of(row.digest).policy
    old = None if desk.policy.digest == new.digest else desk.policy
    roles = roles_concerned(old, new)
    people = [each for each in uow.people.with_roles(roles, desk.today()) if each != by]
    day = f"{end.astimezone(desk.zone) - timedelta(seconds=1):%d %B %Y}"
    subject = f"{title(row)} is out for comment until {day}"
    body = (
        f"It changes the terms of the roles you hold. 'pmo policy show {row.policy_version}' says"
        f" how; 'pmo policy comment {row.policy_version}' takes your comment."
    )
    key = f"{row.id}/comment/{end.isoformat()}"
    notices.send(uow, [notices.notice(desk, key, each, subject, body, None) for each in people])
    return people


def withdraw(desk: Desk, version: str, *, by: str, reason: str) -> dict[str, Any]:
    """Take back a version that nobody has decided; what was asked of people is withdrawn too."""
    with desk.transaction(by) as uow:
        require_person(uow, by)
        row = uow.policy_versions.lock(version_named(uow, version).id)
        if row.status not in OPEN:
            raise Refusal(f"{title(row)} is {row.status}: it cannot be withdrawn")
        if by not in {row.drafted_by, row.submitted_by}:
            raise Refusal(f"{by} neither drafted {title(row)} nor put it up for adoption")
        uow.policy_versions.change(row, status="withdrawn", reason=reason)
        close_all(uow, uow.obligations.open_for("policy_version", row.id), "withdrawn")
        journal(uow, row, "withdrawn", {"reason": reason})
        return shown(uow, row)
