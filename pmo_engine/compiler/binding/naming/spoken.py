"""What the people of a policy call its facts, roles and clocks, which hints are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.naming.labels import labels
from pmo_engine.model.names import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.compiler.binding.context import Context


def learn_words(context: Context) -> None:
    """Let the findings know them."""
    findings = context.findings
    zones = {str(each.zone) for each in context.reading.of(s.Calendar)}
    findings.zone = zones.pop() if len(zones) == 1 else ""
    findings.roles = frozenset(context.role_names())
    paths: dict[str, dict[str, None]] = {}
    for label, path in _called(context):
        paths.setdefault(label.casefold(), {})[path] = None
    findings.labels = {label: tuple(each) for label, each in paths.items()}


def _called(context: Context) -> Iterator[tuple[str, str]]:
    """Give what people call a fact, and where it is: labels, and names with their words apart."""
    for path, label in labels(context).items():
        if label != path and path[0] != "." and " " not in path:
            yield label, path
    for document in context.reading.of(s.Registers):
        for register in document.declared:
            if register.noun != register.root:
                yield words(register.noun), str(register.root)
            for name in register.fields_:
                yield words(name), f"{register.root}.{name}"
