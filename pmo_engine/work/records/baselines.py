"""Baselines: given once, and from then on moved by an approved change or exception plan alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.work.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.policy import Register
    from pmo_engine.store import tables


def with_firsts(
    register: Register, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Give what a record says with the first value of each baseline, as it was given first."""
    found = dict(after)
    for name, field in register.fields.items():
        if field.first_of is not None and found.get(name) is None:
            first = before.get(field.first_of, found.get(field.first_of))
            if first is not None:
                found[name] = first
    return found


def require_baselines(register: Register, entry: tables.Entry, changed: Collection[str]) -> None:
    """Refuse to move a baseline that was given, as any other field is changed."""
    for name in sorted(changed):
        field = register.fields.get(name)
        if field is None or field.baseline_of is None or entry.document.get(name) is None:
            continue
        raise Refusal(
            f"{register.root}.{name} is a baseline, and {entry.key} has it: an approved change or"
            f" an exception plan moves it ('pmo rebaseline {entry.project} {entry.register_name}"
            f" {entry.key} {name}=... --change ...')"
        )
