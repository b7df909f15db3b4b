"""A stored project as formulas and rules see it, and how those stand that are in no roll-up."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import WireError, from_wire, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Policy

OVER = ("proposed", "closed", "stopped")
"""How projects stand that no roll-up takes in where none are named."""


def project_record(project: Any, policy: Policy) -> Record:
    """Give a row of the projects as the record that rules see."""
    attributes = {
        name: plain(value, f"project.{name}") for name, value in project.attributes.items()
    }
    known = {"id": project.id, "name": project.name, "stage": project.stage}
    typed = _typed(policy, attributes)
    return Record("project", {**attributes, **typed, **known, "office": project.office})


def _typed(policy: Policy, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Read what chooses a strategy in its types; what cannot be read stays as it was typed."""
    kinds = {} if policy.strategies is None else policy.strategies.attributes
    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        if isinstance(attributes.get(name), str):
            with suppress(WireError):
                found[name] = from_wire(kind, attributes[name], f"project.{name}")
    return found
