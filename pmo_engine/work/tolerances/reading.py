"""Exceptions as somebody may read them: what tells from a register of others is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.acts import Unnamed
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.work.reading import asked_about, reader_of, unread, unread_of
from pmo_engine.work.tolerances.report import told_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.queries.exceptions import ExceptionShown
    from pmo_engine.work.governance import Context, Governance


def as_read(
    governance: Governance, c: Context, by: str, shown: Sequence[ExceptionShown]
) -> list[ExceptionShown]:
    """Give exceptions as somebody may read them; whom one asks, or who answered, reads it whole."""
    reader = None if isinstance(by, Unnamed) else reader_of(governance, c, by)
    return [_as_read(c, reader, each) for each in shown]


def _as_read(c: Context, reader: str | None, shown: ExceptionShown) -> ExceptionShown:
    hidden = _hidden(c, reader, shown)
    if not hidden:
        return shown
    put = shown.put and shown.put.model_copy(update={"reason": hidden})
    unsaid: dict[str, object] = {
        "why": hidden,
        "report": {},
        "reason": hidden if shown.reason else "",
        "put": put,
    }
    return shown.model_copy(update=unsaid)


def _hidden(c: Context, reader: str | None, shown: ExceptionShown) -> str:
    about = c.uow.subjects.get(c.uow.obligations.get(shown.id).subject_id)
    if reader is not None and reader in {shown.by, *asked_about(c, about.id)}:
        return ""
    if about.kind == A_RECORD and (unsaid := unread(c, reader, c.uow.entries.get(about.id))):
        return unsaid
    return unread_of(c, reader, told_from(c.policy), about.project) if shown.report else ""
