"""The policy's folder, until a version is adopted: that under which work began binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.acts import Act
from pmo_engine.policy.terms import ADOPT
from pmo_engine.store.tables import OFFICE
from pmo_engine.work.approvals.bodies import has_ballot
from pmo_engine.work.governance import BEGAN, Context, System
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.permissions import who_may

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Governance


def take_over(governance: Governance, uow: UnitOfWork, actor: str) -> None:
    """Let a changed folder bind from now on, where who acts may adopt a policy.

    That is asked of the policy that binds until then. For everybody else it goes on to bind.
    """
    folder = governance.folder_aside()
    if folder is None or isinstance(actor, System):
        return
    before = governance.rules
    today = before.day_of(uow.at)
    entitled = takes_over(before.policy, today)
    c = Context(governance, before, uow, uow.at)
    if not set(entitled) & set(roles_of(c, actor, None, today)):
        return
    uow.settings.put(BEGAN, folder.digest)
    body = {"from": _told(before.policy), "to": _told(folder)}
    uow.journal.add(OFFICE, "policy.folder_changed", body)
    governance.look_again(uow)


def takes_over(policy: Policy, on: date) -> list[str]:
    """Name the roles of which one person may adopt a policy; a body that votes does it by votes."""
    roles = who_may(policy, [Act.parse(ADOPT)], on)
    return [role for role in roles if not has_ballot(policy, role)]


def _told(policy: Policy) -> dict[str, str]:
    return {"name": policy.name, "version": policy.version, "digest": policy.digest}


def remember(governance: Governance, uow: UnitOfWork) -> None:
    """Keep under which folder work began, with the first record, gate or version."""
    if governance.began is None and not uow.subjects.is_empty():
        uow.settings.put_first(BEGAN, governance.rules.policy.digest)
