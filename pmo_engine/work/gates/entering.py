"""A project enters before its first gate, or by a migration that somebody may order and explains.

So a stage beyond says that the gates before it were passed, or who let the project past them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.policy.gates import entries
from pmo_engine.work.acts import MIGRATE_PROJECT
from pmo_engine.work.errors import Refusal
from pmo_engine.work.permissions import require_act

if TYPE_CHECKING:
    from pmo_engine.work.command import Command


def enters(c: Command, project: str, stage: str, migrated: str) -> dict[str, str]:
    """Give for the journal why a project may be in a stage without its gates; nothing is usual.

    Raises Refusal where it has to pass them: nobody says why not, or they may not say so.
    """
    first = entries(list(c.policy.gates.values()))
    if not first or stage in first:
        return {}
    if not migrated.strip():
        before = " or ".join(f"'{name}', before gate {gate.id}" for name, gate in first.items())
        raise Refusal(
            f"{project} enters in stage {before}; what is in '{stage}' already is brought in with"
            " --migrated and why, by whoever may 'migrate project'"
        )
    require_act(c, MIGRATE_PROJECT)
    return {"migrated": migrated.strip()}
