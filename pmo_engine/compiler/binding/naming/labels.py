"""What people call what a policy's expressions name: the ``label`` of a root, a field and so on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.prose.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.compiler.binding.context import Context
    from pmo_engine.source.yaml_source import Text


def labels(context: Context) -> dict[str, str]:
    """Give the labels by what they are for.

    That is ``change`` for a root, its plural and its noun, ``change.cost`` for a field, ``eject
    core_member`` for an act, a derived fact by its name; a table's columns have their own.
    Where all that have a field of a name call it alike, ``.cost`` is what any of them is called.
    """
    found = {name: " ".join(str(label).split()) for name, label in _written(context) if label}
    for name, called in _fields(context).items():
        if len(called) == 1 and "" not in called:
            found[f".{name}"] = called.pop()
    return found


def _written(context: Context) -> Iterator[tuple[str, Text | str | None]]:
    for registers in context.reading.of(s.Registers):
        for register in registers.declared:
            yield str(register.root), register.label
            yield str(register.noun), register.label
            yield str(register.plural), register.label and plural(register.label)
    for root, name, field in _all_fields(context):
        yield f"{root}.{name}", field.label
    for document in context.reading.of(s.Rules):
        effects = (effect for rule in document.rules for effect in rule.then or ())
        yield from ((str(e.derive.fact), e.derive.label) for e in effects if e.derive)
    for terms in context.reading.of(s.Terms):
        yield from ((str(each.may), each.label) for each in terms.authority)


def _all_fields(context: Context) -> Iterator[tuple[str, str, s.FieldEntry]]:
    documents = list(context.reading.of(s.Registers))
    roots = {str(each.register_): str(each.root) for doc in documents for each in doc.declared}
    for document in documents:
        for register in document.declared:
            yield from ((str(register.root), *each) for each in register.fields_.items())
        for more in document.extensions:
            root = roots.get(str(more.extends), "")
            yield from ((root, *each) for each in more.fields_.items())


def _fields(context: Context) -> dict[str, set[str]]:
    """Give what the fields of a name are called, in all registers."""
    found = defaultdict(set)
    for _, name, field in _all_fields(context):
        found[name].add(" ".join(str(field.label or "").split()))
    return found
