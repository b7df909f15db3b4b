"""A stored project as formulas and rules see it, and how those stand that are in no roll-up."""

from __future__ import annotations

from typing import Any

from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import plain

OVER = ("proposed", "closed", "stopped")
"""How projects stand that no roll-up takes in where none are named."""


def project_record(project: Any) -> Record:
    """Give a row of the projects as the record that rules see."""
    attributes = {
        name: plain(value, f"project.{name}") for name, value in project.attributes.items()
    }
    known = {"id": project.id, "name": project.name, "stage": project.stage}
    return Record("project", {**attributes, **known, "office": project.office})
