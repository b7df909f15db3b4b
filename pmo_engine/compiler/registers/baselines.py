"""Fields that are baselines: of what, and the field that keeps the first value of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.policy.registers import is_text
from pmo_engine.source import codes
from pmo_engine.source.yaml_source import Text, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        moved_by = tuple(_split(each) for each in entries[name].moved_by)
        found[name] = replace(field, baseline_of=str(of), moved_by=moved_by)
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


def _split(written: Text) -> tuple[str, str]:
    register, _, field = written.partition(".")
    return register, field


def moved_beside(
    findings: Findings, written: Mapping[str, Sequence[Text]], fields: Mapping[str, tree.Field]
) -> dict[str, tree.Field]:
    """Give a register's fields, where a baseline is moved by more than the register itself says."""
    found = dict(fields)
    for name, movers in written.items():
        own = [each for each, field in fields.items() if field.baseline_of is not None]
        if findings.known(key_of(written, name), own, codes.UNKNOWN, "baseline"):
            more = (*found[name].moved_by, *map(_split, movers))
            found[name] = replace(found[name], moved_by=tuple(dict.fromkeys(more)))
    return found


def movers_are_there(
    findings: Findings,
    entries: Iterable[s.FieldEntry],
    beside: Iterable[Mapping[str, Sequence[Text]]],
    registers: Mapping[str, tree.Register],
) -> None:
    """Find what is said to name whose baseline it moves, and is no text of a register."""
    for entry in entries:
        if entry.moved_by and entry.baseline_of is None:
            message = "'moved_by' is of a baseline, and this field is none"
            hint = "say of what it is the baseline, as in 'baseline_of: forecast'"
            findings.add(entry.moved_by[0].mark, codes.WRONG_VALUE, message, hint)
        for each in entry.moved_by:
            _is_mover(findings, each, registers)
    for movers in beside:
        for each in (mover for some in movers.values() for mover in some):
            _is_mover(findings, each, registers)


def _is_mover(findings: Findings, written: Text, registers: Mapping[str, tree.Register]) -> None:
    register, name = _split(written)
    if not name:
        message = f"'{written}' says no field"
        hint = f"write the field that names whose baseline it moves, as in '{written}.affects'"
        findings.add(written.mark, codes.WRONG_VALUE, message, hint)
        return
    if not findings.known(Text(register, written.mark), registers, codes.UNKNOWN, "register"):
        return
    fields = registers[register].fields
    if not findings.known(Text(name, written.mark), fields, codes.UNKNOWN, "field"):
        return
    if not is_text(fields[name].type):
        message = f"'{written}' names no record: it is no text"
        hint = "name a field that holds keys, as in 'changes.affects'"
        findings.add(written.mark, codes.WRONG_VALUE, message, hint)


def _require_alike(
    findings: Findings, entry: s.FieldEntry, field: tree.Field, of: tree.Field
) -> None:
    if field is of or field.type != of.type:
        said = "itself" if field is of else f"'{of.name}', which is of another type"
        message = f"'{field.name}' cannot be the baseline of {said}"
        hint = "write which field is compared with it, as in 'baseline_of: forecast'"
        assert entry.baseline_of is not None  # it was found by it
        findings.add(entry.baseline_of.mark, codes.WRONG_VALUE, message, hint)
