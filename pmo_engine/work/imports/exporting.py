"""A project's records of a register, as a table that an import reads back unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.feel.wire import to_json
from pmo_engine.policy.registers import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Register
    from pmo_engine.work.governance import Context


def rows_of(c: Context, project: str, register: Register) -> Iterator[dict[str, Any]]:
    """Give each record by field, as JSON, with its key, state, owner and due day; by their keys."""
    for entry in c.uow.entries.listed(project, register.id):
        own = {"key": entry.key, STATUS: entry.status, "owner": entry.owner}
        yield {**entry.document, **own, "due": to_json(entry.due)}
