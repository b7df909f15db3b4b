"""Fields that are baselines: of what, and the field that keeps the first value of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings

FIRST = "first_"
"""What the field is called by that keeps the first value of a baseline, before its name."""


def baselines(
    findings: Findings,
    register: str,
    entries: Mapping[str, s.FieldEntry],
    fields: Mapping[str, tree.Field],
) -> dict[str, tree.Field]:
    """Give a register's fields, each baseline followed by what its first value is kept in."""
    found: dict[str, tree.Field] = {}
    for name, field in fields.items():
        of = entries[name].baseline_of
        if of is None or not findings.known(of, fields, codes.UNKNOWN, "field"):
            found[name] = field
            continue
        _require_alike(findings, entries[name], field, fields[str(of)])
        found[name] = replace(field, baseline_of=str(of))
        first = f"{FIRST}{name}"
        if first in fields:
            message = f"'{register}' has a field '{first}', which keeps the first '{name}'"
            findings.add(entries[first].mark, codes.DECLARED_TWICE, message, "leave it out")
            continue
        about = f"the first {name.replace('_', ' ')}, which the engine keeps"
        found[first] = tree.Field(
            first, field.type, required=False, about=about, first_of=name, mark=field.mark
        )
    return found


def _require_alike(
    findings: Findings, entry: s.FieldEntry, field: tree.Field, of: tree.Field
) -> None:
    if field is of or field.type != of.type:
        said = "itself" if field is of else f"'{of.name}', which is of another type"
        message = f"'{field.name}' cannot be the baseline of {said}"
        hint = "write which field is compared with it, as in 'baseline_of: forecast'"
        assert entry.baseline_of is not None  # it was found by it
        findings.add(entry.baseline_of.mark, codes.WRONG_VALUE, message, hint)
