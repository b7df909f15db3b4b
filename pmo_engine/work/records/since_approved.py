"""What an approved record says otherwise since is told to whoever approved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.policy.registers import APPROVED
from pmo_engine.queries.records import differing
from pmo_engine.work.approvals.outcome import votes_on
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.records.living import lives_on
from pmo_engine.work.records.settlement import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command


def tell_who_approved(
    c: Command, entry: tables.Entry, before: Mapping[str, Any], register: Register
) -> None:
    """Tell who approved a record what was written over since; what was added to it is no news.

    ``before``: what it said. What is nobody's to approve is left out.
    """
    if entry.standing != APPROVED:
        return
    free = c.rules.nobodys_to_approve(register, c.now)
    if lives_on(c, entry):  # rules judge what they look at anew
        free |= c.rules.fields_decided_on(register, c.now)
    said = {name: value for name, value in before.items() if name not in free}
    now = {name: entry.document.get(name) for name in said}
    if not (changes := differing(said, now)):
        return
    people = sorted(_who_approved(c, entry) - {c.actor})
    subject = f"{title_of(c, entry)}, which you approved, says otherwise now"
    undo = f"pmo rescind {entry.project} {entry.register_name} {entry.key} --reason TEXT"
    body = "\n".join((*changes, f"Changed by {c.actor_name}. '{undo}' undoes the approval."))
    key = f"{entry.id}/{entry.version}/otherwise"
    notices.send(c, [notices.notice(c, key, each, subject, body, entry.project) for each in people])


def _who_approved(c: Command, entry: tables.Entry) -> set[str]:
    votes = ((row, vote) for row, vote in votes_on(c, entry.id) if row.status == "met")
    return {vote.person for _, vote in votes if vote.choice == "approve"}
