"""What waits for a person, as faces show it; who may act on it is judged where work is done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field
from sqlalchemy import select
from sqlmodel import col

from pmo_engine.model.shape import Shape, iso
from pmo_engine.queries.obligations import ADVICE, tally_of, time_up_of
from pmo_engine.queries.paging import the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import Obligation

if TYPE_CHECKING:
    from pmo_engine.queries.view import View
    from pmo_engine.store.obligations import Place


class Waiting(Shape):
    """Something that waits for somebody; times are ISO 8601.

    ``for_information``: they are told of it, and it is not theirs to decide. ``stuck``: nobody may
    act on it, and the reasons say why.
    """

    id: str
    title: str
    project: str | None
    kind: str
    rule: str
    clause: str
    asked_of: str = Field(alias="for")
    since: str
    due: str | None
    reasons: list[str]
    version: int
    act: str = ""
    tally: str = ""  # how the votes of a body stand
    advice: tuple[str, ...] = ()  # what those say who were asked before it is decided
    signatures: str = ""  # whose are there and whose are missing, where several sign
    when_time_is_up: str = ""  # what becomes of it then: "counts as given (minute 2)"
    about: str = ""  # what it is called and how much it is: "Second lift, 80,000 GBP"
    project_title: str = ""  # its title and id: "Quayside tram extension (TRAM)"
    asked_by: str = ""  # the name of who asks
    what: str = ""  # what is asked for, or who is asked, in words
    for_information: bool = False
    stuck: bool = False
    vote_until: str | None = None  # when the vote of a body on it is over
    voted: str = ""  # how they voted already, which they may still change


def place_of(view: View, beginning: str) -> Place:
    """Where an obligation stands, open or decided meanwhile; its beginning is enough."""
    id = col(Obligation.id)
    mine = select(col(Obligation.due_at), id).where(begins(id, beginning))
    found = view.uow.select(mine.limit(2))
    due, whole = the_place(list(found), "obligation", beginning)
    return due, whole


def waiting(row: Obligation, *, for_information: bool = False, voted: str = "") -> Waiting:
    """Show an obligation among what waits for somebody; ``voted``: how they did already."""
    return Waiting(
        id=row.id,
        title=row.details["title"],
        project=row.project,
        kind=row.kind,
        rule=row.rule,
        clause=row.clause,
        asked_of=row.target,
        since=row.opened_at.isoformat(),
        due=iso(row.due_at),
        reasons=row.reasons,
        version=row.subject_version,
        act=row.act,
        advice=tuple(row.details.get(ADVICE, ())),
        signatures=row.details.get("tally", ""),
        for_information=for_information,
        voted=voted,
        vote_until=_vote_until(row),
        tally=tally_of(row.details),
        when_time_is_up=time_up_of(row.details),
    )


def _vote_until(row: Obligation) -> str | None:
    """Say until when the last body votes on it, whose votes are open still."""
    bodies = row.details.get("bodies", {}).values()
    ends = [each["closes"] for each in bodies if each.get("closes") and not each["closed"]]
    return max(ends, key=datetime.fromisoformat, default=None)
