"""How a project was planned last, as the journal tells."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine.decisions.plans import Basis
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.store.unit_of_work import UnitOfWork

PLANNED, STAGE_PLANNED = "project.planned", "project.stage_planned"
"""What the journal tells: that a project is planned, and that a stage with a planned end begins."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a project was planned last: nothing where it was not.

    ``reason``: why by another strategy than the one that is chosen. ``wrote``: the fields that the
    plan gave to records, by their keys. ``ends``: a stage and the day on which the plan let it end.
    """

    strategy: str
    basis: Basis | None
    reason: str
    wrote: Mapping[str, Mapping[str, Any]]
    ends: tuple[str, str | None] | None


def told_of(uow: UnitOfWork, project: str) -> Told:
    """Read in the journal how a project was planned last, and what that wrote."""
    strategy, reason, basis, ends = "", "", None, None
    wrote: dict[str, dict[str, Any]] = {}
    for kind, _, body in uow.journal.told_of(project, (PLANNED, STAGE_PLANNED)):
        ends = body["stage"], body["stage_ends_on"]
        if kind == PLANNED:
            strategy, reason = body["strategy"], body.get("reason", "")
            basis = Basis(date.fromisoformat(body["from"]), body["since"], body["by"])
            wrote |= body["wrote"]
    return Told(strategy, basis, reason, wrote, ends)
