"""What is asked by hand, and not by rules, kept like any other decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.decisions.published import PublishedDecision
from pmo_engine.policy.decision import PolicyReference
from pmo_engine.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy.decision import Obligation
    from pmo_engine.work.command import Command

    Asking = tuple[Obligation, tuple[str, ...]]


def keep_asking(
    c: Command, subject: Any, event: str, asked: Iterable[Asking], facts: Mapping[str, Any]
) -> tables.Decision:
    """Keep who is asked for what about a subject and why, and under which version of the policy."""
    policy = c.policy
    result = PublishedDecision.asking(asked, PolicyReference.of(policy, c.today))
    return c.uow.decisions.add(
        tables.Decision(
            project=subject.project,
            subject_id=subject.id,
            subject_version=subject.version,
            event=event,
            at=c.now,
            policy_name=policy.name,
            policy_version=policy.version,
            policy_digest=policy.digest,
            facts=dict(facts),
            result=result,
        )
    )
