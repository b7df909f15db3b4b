"""Binds fields that are worked out from others of the same record, and never typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.expressions import bind_expression
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.policy.registers import OFFICE_FUNCTIONS, record_type
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.compiler.binding.context import Context

    Derived = dict[str, dict[str, tree.Expression]]  # by register and field


def derived(
    context: Context,
    registers: Mapping[str, tree.Register],
    functions: Mapping[str, t.Type],
) -> Derived:
    """Bind how fields are worked out; each sees the fields of its record that are given."""
    found: Derived = {}
    for register, entries in _entries(context):
        declared = registers.get(register)
        if declared is None:
            continue
        names = {**OFFICE_FUNCTIONS, **functions, declared.root: _given(declared, entries)}
        for name, entry in entries.items():
            assert entry.derived is not None  # those alone were picked
            bound = bind_expression(context.findings, entry.derived, names, {}, condition=False)
            if bound is not None:
                _check_type(context, name, entry, bound, declared)
                found.setdefault(register, {})[name] = bound
    return found


def _entries(context: Context) -> Iterator[tuple[str, dict[str, s.FieldEntry]]]:
    for document in context.reading.of(s.Registers):
        for each in document.registers:
            name = each.register_ if isinstance(each, s.RegisterEntry) else each.extends
            picked = {key: entry for key, entry in each.fields_.items() if entry.derived}
            if picked:
                yield str(name), picked


def _given(register: tree.Register, derived: Mapping[str, s.FieldEntry]) -> t.ContextType:
    kind = record_type(register)
    entries = tuple(each for each in kind.entries if each[0] not in derived)
    return t.ContextType(entries, kind.name)


def _check_type(
    context: Context,
    name: str,
    entry: s.FieldEntry,
    bound: tree.Expression,
    register: tree.Register,
) -> None:
    kind = register.fields[name].type
    if t.ANY not in {kind, bound.type} and kind_of(kind) != kind_of(bound.type):
        message = f"field '{name}' is {t.describe(kind)}, and this is {t.describe(bound.type)}"
        hint = "let both be of one type"
        context.findings.add(bound.mark, codes.WRONG_VALUE, message, hint)
    if entry.set_by is not None or entry.required:
        message = f"field '{name}' is worked out, so nobody sets it"
        context.findings.add(
            entry.mark, codes.WRONG_VALUE, message, "leave out 'set_by' and 'required'"
        )
