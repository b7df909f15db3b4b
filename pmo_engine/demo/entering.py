"""Enters records as people do: what is a role's to set is set by who holds that role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.work.people.held import holders
from pmo_engine.work.records import submission as records
from pmo_engine.work.records.naming import register_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.work.governance import Governance


def enter(
    governance: Governance, *, project: str, register: str, fields: Mapping[str, Any], by: str
) -> records.Recorded:
    """Enter a record, then what others set in it; gives what was decided at last."""
    declared = register_named(governance.rules.policy, register).fields
    setters = {name: declared[name].set_by for name in fields if name in declared}
    own = {name: value for name, value in fields.items() if setters.get(name) is None}
    made = records.submit(governance, project=project, register=register, fields=own, by=by)
    for role in dict.fromkeys(role for role in setters.values() if role is not None):
        with governance.reading() as c:
            setter = holders(c, role, project)[0]
        made = records.update(
            governance,
            project=project,
            register=register,
            key=made.key,
            changes={name: fields[name] for name in setters if setters[name] == role},
            by=setter,
        )
    return made
