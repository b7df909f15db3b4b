"""What the last rounds ask of a project, or of those of an office, as rules look at it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pmo_engine.feel.values import Record
from pmo_engine.policy.rounds import RETURNS
from pmo_engine.queries.rounds import GIVEN, answers_now
from pmo_engine.work.people.places import offices_serving

if TYPE_CHECKING:
    from pmo_engine.queries.rounds import Answer
    from pmo_engine.store.tables import Project, Round
    from pmo_engine.work.governance import Context


def returns(c: Context, place: Project) -> list[Record]:
    """List what the last round of each kind asks, by round, project and register."""
    found = answers_now(c, None if place.is_office else place.id)
    return [
        _record(row, answer)
        for row, answer in found
        if not place.is_office or _serves(c, place.office, answer.project)
    ]


def _serves(c: Context, office: str, project: str) -> bool:
    """Tell whether an office has a project in charge; the only one has all."""
    serving = offices_serving(c, project)
    return not serving or any(each.id == office for each in serving)


def _record(row: Round, answer: Answer) -> Record:
    values = {
        "round": row.round,
        "period": row.period,
        "project": answer.project,
        "register": answer.register_name,
        "role": answer.role,
        "state": answer.state,
        "due": _moment(answer.due),
        "answered_at": _moment(answer.at) if answer.state in GIVEN else None,
    }
    given = {name: value for name, value in values.items() if value is not None}
    return Record(f"{RETURNS}[{answer.project}/{answer.register_name}]", given)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
