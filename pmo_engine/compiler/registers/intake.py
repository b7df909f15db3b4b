"""Binds what becomes of approved records of an office: projects, and changes of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.feel import types as t
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.source.diagnostics import Mark
    from pmo_engine.source.yaml_source import Text

CHANGES = ("start", "hold", "stop", "close", "reprioritise")
"""What an approved record may do to a project."""
PRIORITY = "reprioritise"


def becoming(
    findings: Findings, entry: s.RegisterEntry, fields: Mapping[str, tree.Field]
) -> tree.Becoming | None:
    """Bind by which fields an approved record becomes a project."""
    said = entry.becomes_project
    if said is None:
        return None
    _of_office(findings, entry, said.mark)
    for each in (said.id, said.name):
        _field(findings, each, fields, t.STRING)
    for each in said.carries:
        _field(findings, each, fields, None)
    return tree.Becoming(str(said.id), str(said.name), tuple(map(str, said.carries)))


def changing(
    findings: Findings, entry: s.RegisterEntry, fields: Mapping[str, tree.Field]
) -> tree.Changing | None:
    """Bind which fields of an approved record say what becomes of which project."""
    said = entry.changes_project
    if said is None:
        return None
    _of_office(findings, entry, said.mark)
    _field(findings, said.project, fields, t.STRING)
    kind = _field(findings, said.change, fields, None)
    values = kind.values if isinstance(kind, t.EnumType) else ()
    if kind is not None and (not values or not set(values) <= set(CHANGES)):
        message = f"field '{said.change}' says what is done to a project"
        hint = f"let its type be some of [{', '.join(CHANGES)}]"
        findings.add(said.change.mark, codes.WRONG_VALUE, message, hint)
    if said.priority is not None:
        _field(findings, said.priority, fields, None)
    elif PRIORITY in values:
        message = f"'{said.change}' may be '{PRIORITY}', and no field has the new priority"
        findings.add(said.mark, codes.MISSING_KEY, message, "add 'priority:' with its name")
    priority = None if said.priority is None else str(said.priority)
    return tree.Changing(str(said.project), str(said.change), priority)


def _of_office(findings: Findings, entry: s.RegisterEntry, mark: Mark) -> None:
    if entry.of != "office":
        message = f"records of '{entry.register_}' are a project's, which is there already"
        findings.add(mark, codes.WRONG_VALUE, message, "write 'of: office'")


def _field(
    findings: Findings, name: Text, fields: Mapping[str, tree.Field], wanted: t.Type | None
) -> t.Type | None:
    if not findings.known(name, fields, codes.UNKNOWN, "field"):
        return None
    kind = fields[str(name)].type
    if wanted is not None and kind != wanted:
        message = f"field '{name}' is {t.describe(kind)}, and {t.describe(wanted)} is asked for"
        findings.add(name.mark, codes.WRONG_VALUE, message, f"write 'type: {t.describe(wanted)}'")
    return kind
