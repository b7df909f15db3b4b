"""Records of other projects beside one in hand, for what no project can judge by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.policy.registers import others_of
from pmo_engine.queries.projects import OVER
from pmo_engine.queries.record_facts import record_of

if TYPE_CHECKING:
    from pmo_engine.feel.values import Record
    from pmo_engine.policy import Register
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context


def others(c: Context, register: Register, own: Entry) -> list[Record]:
    """Give the records of a register that count, of all projects under way, but the one in hand."""
    key = ("others", register.id, c.policy.digest, c.today)
    found = c.uow.entries.remembered(key, lambda: _all(c, register))
    return [record for id, record in found if id != own.id]


def _all(c: Context, register: Register) -> list[tuple[str, Record]]:
    open_ = {each.id for each in c.uow.projects.all() if each.status not in OVER}
    rows = (each for each in c.uow.entries.counted(register.id) if each.project in open_)
    name = others_of(register)
    return [
        (row.id, record_of(c.policy, register, row, f"{name}[{row.project}/{row.key}]", c.today))
        for row in rows
    ]
