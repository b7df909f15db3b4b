"""What a record says otherwise than before, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context


def changes_since(c: Context, entry: tables.Entry, version: int) -> list[str]:
    """Say in words which fields of a record differ from an earlier version of it."""
    then = next((v for v in c.uow.entries.versions(entry.id) if v.version == version), None)
    return [] if then is None else differing(then.document, entry.document)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Say what became of each field: 'cost: 5000.00 GBP, now 9000.00 GBP'."""
    names = sorted({*before, *after})
    return [
        f"{name.replace('_', ' ')}: {_said(before.get(name))}, now {_said(after.get(name))}"
        for name in names
        if before.get(name) != after.get(name)
    ]


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)
