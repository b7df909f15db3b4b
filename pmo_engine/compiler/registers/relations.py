"""Binds what a field must be beside its type: not before another, not in the future, a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import currencies_differ, kind_of
from pmo_engine.feel.quantities import is_quantity_type
from pmo_engine.policy.registers import (
    A_BODY,
    IMPLICIT,
    IMPORTED,
    IN_NO_CIRCLE,
    IN_TIME,
    OF_AMOUNTS,
    OF_DAYS,
    OF_PEOPLE,
    OF_PROJECTS,
    OF_RECORDS,
)
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Text, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings

WITH_ANOTHER = (*OF_DAYS, *OF_AMOUNTS)
OF_TEXT = (*OF_PEOPLE, A_BODY, *OF_PROJECTS, IN_NO_CIRCLE)
ALONE = (*IN_TIME, *OF_TEXT)
_DAYS = frozenset({kind_of(t.DATE), kind_of(t.DATE_TIME)})


def relations(
    findings: Findings, entries: s.Relations, fields: Mapping[str, tree.Field]
) -> tuple[tree.Relation, ...]:
    """Bind what some fields of a register must be; what is wrong becomes findings."""
    kinds = {name: field.type for name, field in fields.items()}
    kinds |= {name: kind for name, kind in IMPLICIT if name in IMPORTED}
    found: list[tree.Relation] = []
    for name, written in entries.items():
        if findings.known(key_of(entries, name), kinds, codes.UNKNOWN, "field"):
            listed = written if isinstance(written, list) else [written]
            found += (each for text in listed for each in _relation(findings, name, text, kinds))
    return tuple(found)


def _relation(
    findings: Findings, name: str, written: Text, kinds: Mapping[str, t.Type]
) -> Iterator[tree.Relation]:
    said = " ".join(written.split())
    if said in ALONE:
        if _goes_alone(findings, written, said, kinds[name]):
            yield tree.Relation(name, said, mark=written.mark)
        return
    if said.startswith(f"{OF_RECORDS} "):
        if _is_text(findings, written, OF_RECORDS, kinds[name]):
            register = said.removeprefix(OF_RECORDS).strip()
            yield tree.Relation(name, OF_RECORDS, register, mark=written.mark)
        return
    how = next((each for each in WITH_ANOTHER if said.startswith(f"{each} ")), None)
    if how is None:
        others = (*WITH_ANOTHER, OF_RECORDS)
        hint = nearest(
            said, [*ALONE, *(f"{each} {name}" for each in WITH_ANOTHER for name in kinds)]
        )
        known = f"as in {', '.join((*ALONE, *(f'{each} ...' for each in others)))}"
        message = f"'{name}' must be '{said[:60]}', which says nothing that can be checked"
        findings.add(written.mark, codes.WRONG_VALUE, message, hint or known)
        return
    other = Text(said.removeprefix(how).strip(), written.mark)
    if findings.known(other, kinds, codes.UNKNOWN, "field") and _goes_with(
        findings, written, how, (name, str(other)), kinds
    ):
        yield tree.Relation(name, how, str(other), mark=written.mark)


def _goes_alone(findings: Findings, written: Text, said: str, kind: t.Type) -> bool:
    if said in OF_TEXT:
        return _is_text(findings, written, said, kind)
    fits = kind_of(kind) in _DAYS
    if not fits:
        message = f"what must be {said} is a date, and this is {t.describe(kind)}"
        findings.add(written.mark, codes.WRONG_VALUE, message)
    return fits


def _is_text(findings: Findings, written: Text, said: str, kind: t.Type) -> bool:
    fits = kind in {t.STRING, t.ListType(t.STRING)}
    if not fits:
        message = f"what must be {said} is text, and this is {t.describe(kind)}"
        findings.add(written.mark, codes.WRONG_VALUE, message)
    return fits


def records_are_there(findings: Findings, registers: Mapping[str, tree.Register]) -> None:
    """Find fields that name records of a register that is none, or that cannot be in a circle."""
    for register in registers.values():
        for each in register.relations:
            if each.how == OF_RECORDS:
                _is_seen(findings, register, each, registers)
            elif each.how == IN_NO_CIRCLE and _own(register, each.name) is None:
                message = (
                    f"'{each.name}' names no records of '{register.id}', so it is in no circle"
                )
                hint = f"write '{each.name}: [{OF_RECORDS} {register.id}, {IN_NO_CIRCLE}]'"
                findings.add(each.mark, codes.WRONG_VALUE, message, hint)


def _own(register: tree.Register, name: str) -> tree.Relation | None:
    """Find how a field names records of its own register."""
    named = (each for each in register.relations if each.how == OF_RECORDS)
    return next((e for e in named if e.name == name and e.other == register.id), None)


def _is_seen(
    findings: Findings,
    register: tree.Register,
    relation: tree.Relation,
    registers: Mapping[str, tree.Register],
) -> None:
    other = Text(relation.other, relation.mark)
    if not findings.known(other, registers, codes.UNKNOWN, "register"):
        return
    if register.of_offices and not registers[relation.other].of_offices:
        message = f"a record of an office names none of '{relation.other}', which are of projects"
        findings.add(relation.mark, codes.WRONG_VALUE, message)


def _goes_with(
    findings: Findings,
    written: Text,
    how: str,
    names: tuple[str, str],
    kinds: Mapping[str, t.Type],
) -> bool:
    """Tell whether two fields can be held against each other in such a way."""
    one, other = (kinds[name] for name in names)
    if names[0] == names[1]:
        findings.add(written.mark, codes.WRONG_VALUE, f"'{names[0]}' is held against itself")
        return False
    by_day = {kind_of(one), kind_of(other)} <= _DAYS  # a day and a moment, by the moment's day
    in_order = by_day or (is_quantity_type(one) and kind_of(one) == kind_of(other))
    if not in_order or currencies_differ(one, other):
        message = f"{t.describe(one)} is never {how} {t.describe(other)}"
        findings.add(written.mark, codes.WRONG_VALUE, message, "name a field of its type")
        return False
    if (kind_of(one) in _DAYS) is not (how in OF_DAYS):
        instead = OF_AMOUNTS if how in OF_DAYS else OF_DAYS
        message = f"{t.describe(one)} is never '{how}' another"
        findings.add(written.mark, codes.WRONG_VALUE, message, f"write {', '.join(instead)}")
        return False
    return True
