"""The journal: checked for changes, and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pmo_engine.store import journal

if TYPE_CHECKING:
    from pmo_engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Audit:
    """What a check of the journal found; no breaks means that it is intact."""

    lines: int
    chains: int
    breaks: tuple[dict[str, Any], ...]

    @property
    def intact(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.breaks

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that the command line prints."""
        return {
            "intact": self.intact,
            "lines": self.lines,
            "chains": self.chains,
            "breaks": list(self.breaks),
        }


def verify(database: Database) -> Audit:
    """Recompute every chain of the journal."""
    with database.read() as uow:
        heads = uow.journal.chains()
        found = journal.verify(uow)
        breaks = tuple({"chain": b.chain, "seq": b.seq, "wrong": b.wrong} for b in found)
        return Audit(sum(head.seq for head in heads), len(heads), breaks)


def lines(database: Database, chain: str) -> list[dict[str, Any]]:
    """Read a chain of the journal from its beginning."""
    with database.read() as uow:
        return [
            {
                "seq": line.seq,
                "at": f"{line.at:%Y-%m-%d %H:%M}",
                "actor": line.actor,
                "kind": line.kind,
                "about": _about(line.body),
                "body": line.body,
            }
            for line in uow.journal.read(chain)
        ]


def _about(body: dict[str, Any]) -> str:
    for key in ("subject", "key", "event", "gate", "person", "name"):
        if body.get(key):
            return str(body[key])
    return ""
