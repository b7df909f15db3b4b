"""Departing from what should be given: decided without it for a reason, which the journal has.

What *shall* be given holds a matter until it is there. What *should* be given holds it until
whoever decides says why it is not waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.names import asked_for
from pmo_engine.work.approvals.outcome import votes_on
from pmo_engine.work.errors import Refusal
from pmo_engine.work.notices.wording import asked_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot


def departs(c: Command, rows: Iterable[Obligation], ballot: Ballot | None, since: int = 0) -> bool:
    """Tell whether a matter is decided without what should still be given of ``rows``.

    It is where nothing is left, or where whoever decides says why; the journal tells of it. A
    ``ballot`` that would decide it and says no reason is refused; where there is none, the votes on
    what it says ``since`` a version may have said why, and else it waits.
    """
    left = [row for row in rows if is_expected(row)]
    if not left:
        return True
    reason = _said_before(c, left[0].subject_id, since) if ballot is None else ballot.reason
    if not reason and ballot is not None:
        raise Refusal(_unsaid(c, left))
    for row in left if reason else ():
        said = {"obligation": row.id, "rule": row.rule, "kind": row.kind, "target": row.target}
        said |= {"act": row.act} if row.act else {}
        c.journal("departed", {**said, "reason": reason}, row.chain, row.subject_id)
    return bool(reason)


def is_expected(row: Obligation) -> bool:
    """Tell whether it is open and should be given."""
    return row.status == "open" and row.binding == "should"


def _said_before(c: Context, subject: str, since: int) -> str:
    votes = (vote for _, vote in votes_on(c, subject, since))
    return "; ".join(each.reason for each in votes if each.choice == "approve" and each.reason)


def _unsaid(c: Context, left: list[Obligation]) -> str:
    what = " and ".join(_in_words(c, row) for row in left)
    return (
        f"{left[0].details['title']} should have {what} first, which is not there: "
        "say with --reason why it is not waited for"
    )


def _in_words(c: Context, row: Obligation) -> str:
    if row.kind == "information":
        return f"{asked_in_words(row, c.policy)} ({row.rule})"
    who = asked_in_words(row, c.policy)
    if row.act:
        return f"'{asked_for(row.kind, row.act)}' of the {who} ({row.rule})"
    of = "of the " if row.kind in {"approval", "assessment"} else ""
    return f"the {row.kind} {of}{who} ({row.rule})"


def may_depart(c: Command, row: Obligation) -> bool:
    """Tell whether the actor decided the matter, and so says why something is not waited for."""
    mine = (vote for _, vote in votes_on(c, row.subject_id, row.subject_version))
    return is_expected(row) and any(
        vote.person == c.actor and vote.choice == "approve" for vote in mine
    )
