"""What several roles compute alike; a figure whose divisor is 0 is None, not available."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from pmo_engine.roles.base import Entry, absent

CAME_TO_NOTHING = frozenset({"rejected", "withdrawn", "rescinded"})
BLOCKED = "blocked"
_SHOWN = Decimal("0.0001")


def live(entries: Iterable[Entry]) -> list[Entry]:
    """Keep the entries that are not over: closed, rejected, withdrawn or rescinded."""
    return [
        entry
        for entry in entries
        if stands(entry) not in CAME_TO_NOTHING
        and entry.get("status") != "closed"
        and entry.get("closed_at") is None
    ]


def counted(entries: Iterable[Entry]) -> list[Entry]:
    """Keep the entries that sums count: none that is blocked, rejected, withdrawn, rescinded."""
    return [entry for entry in entries if stands(entry) not in {BLOCKED, *CAME_TO_NOTHING}]


def stands(entry: Entry) -> str | None:
    """Say how an entry stands to its decision; its status says it where nothing else does."""
    found: str | None = entry.get("standing", entry.get("status"))
    return found


def has_come(entry: Entry, field: str, today: date) -> bool:
    """Say whether a date is given and not in the future."""
    day = entry.get(field)
    return day is not None and day <= today


def gaps(register: str, entries: Sequence[Entry], *fields: str) -> tuple[str, ...]:
    """Name what is missing: the register itself when it is empty, else fields of its entries."""
    return absent(entries, *fields) if entries else (register,)


def shown(value: Decimal | None) -> Decimal | None:
    """Round a ratio to four places, half to even, for people to read."""
    return None if value is None else value.quantize(_SHOWN)
