"""Gate reviews: listed, and each with what was found, what it waits for and who decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select, tuple_
from sqlmodel import col

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.shape import Shape, iso
from pmo_engine.model.vocabulary import GATE_CLOSED
from pmo_engine.queries.obligations import ObligationState, obligations_about
from pmo_engine.queries.paging import ALL, Listing, Page, listing, the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import Assessment, GateReview, JournalEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row, Select

    from pmo_engine.queries.view import View


class RecordedAssessment(Shape):
    """What a functional role found."""

    role: str
    result: str
    findings: list[Any]
    missing: list[Any]
    figures: dict[str, Any]
    asked_of: str | None
    by: str
    name: str  # of who it was
    at: str


class ReviewState(Shape):
    """A gate review as it stands."""

    id: str
    project: str
    gate: str
    revision: int
    status: str
    outcome: str | None
    awaited: tuple[str, ...]  # functional roles whose assessment is not recorded yet
    assessments: tuple[RecordedAssessment, ...]


class GateDecided(Shape):
    """What a gate was decided to be, by whom and why.

    Where its time ran out, the engine decided; where its project was stopped, who stopped it.
    """

    outcome: str
    by: str
    name: str  # of who it was
    body: str = ""  # in whose vote it was the last one that was needed: "the portfolio board"
    reason: str
    at: str


class ReviewStory(ReviewState):
    """A gate review with all that was asked for it, of whom, and how they answered."""

    title: str
    opened_by: str
    opened_at: str
    closed_at: str | None
    waits_for: tuple[str, ...]  # functional roles, then whoever was asked
    waited_for: tuple[str, ...]  # the same in words
    decided: GateDecided | None
    obligations: tuple[ObligationState, ...]


OPEN = "open"
_COLUMNS = tuple(
    col(getattr(GateReview, name))
    for name in (
        *("id", "project", "gate", "revision", "status", "outcome"),
        *("opened_at", "opened_by", "closed_at", "policy_digest", "details"),
    )
)
_PLACE = (col(GateReview.opened_at), col(GateReview.id))


def reviews(
    view: View,
    page: Page = ALL,
    *,
    project: str | None = None,
    gate: str | None = None,
    status: str | None = None,
) -> Listing[ReviewState]:
    """List gate reviews, those opened last first; a page goes on after an id.

    ``status``: of the review, or "open" for all that are not closed.
    """
    chosen = select(*_COLUMNS)
    for column, value in ((col(GateReview.project), project), (col(GateReview.gate), gate)):
        if value is not None:
            chosen = chosen.where(column == value)
    if status is not None:
        stands = col(GateReview.status)
        chosen = chosen.where(stands != "closed" if status == OPEN else stands == status)
    if page.after is not None:
        chosen = chosen.where(tuple_(*_PLACE) < tuple_(*_place(view, page.after)))
    chosen = chosen.order_by(*(each.desc() for each in _PLACE)).limit(page.one_more)
    rows, found = view.uow.select(chosen), assessments_of(view, chosen)
    made = (ReviewState(**_state(view, row, found.get(row.id, ()))) for row in rows)
    return listing(made, page, lambda each: each.id)


def _place(view: View, beginning: str) -> Any:
    """When a review was opened, and its id; the beginning of its id is enough."""
    mine = select(*_PLACE).where(begins(col(GateReview.id), beginning))
    found = list(view.uow.select(mine.limit(2)))
    return the_place(found, "gate review", beginning)


def review(view: View, id: str) -> ReviewState:
    """Give a review as it stands; raises UnknownPlace."""
    row, found = _one(view, id)
    return ReviewState(**_state(view, row, found))


def review_story(view: View, id: str) -> ReviewStory:
    """Tell all there is about a review; raises UnknownPlace."""
    row, found = _one(view, id)
    state = _state(view, row, found)
    asked = obligations_about(view, row.id)
    still = [each for each in asked if each.status == "open" and row.status != "closed"]
    awaited = () if row.status == "closed" else state["awaited"]
    in_words = (role_in_words(each, view.policy) for each in awaited)
    declared = view.under(row).policy.gates.get(row.gate)
    return ReviewStory(
        **state,
        title=row.gate if declared is None else declared.title,
        opened_by=row.opened_by,
        opened_at=row.opened_at.isoformat(),
        closed_at=iso(row.closed_at),
        waits_for=tuple(dict.fromkeys((*awaited, *(each.target for each in still)))),
        waited_for=tuple(dict.fromkeys((*in_words, *(each.whose for each in still)))),
        decided=_decided(view, row, asked),
        obligations=tuple(asked),
    )


def _one(view: View, id: str) -> tuple[Row[Any], tuple[RecordedAssessment, ...]]:
    chosen = select(*_COLUMNS).where(col(GateReview.id) == id)
    row = the_place(list(view.uow.select(chosen)), "gate review", id)
    return row, assessments_of(view, chosen).get(id, ())


def _state(view: View, row: Row[Any], found: tuple[RecordedAssessment, ...]) -> dict[str, Any]:
    declared = view.under(row).policy.gates.get(row.gate)
    done = {each.role for each in found}
    wanted = () if declared is None else declared.assessments
    return {
        "id": row.id,
        "project": row.project,
        "gate": row.gate,
        "revision": row.revision,
        "status": row.status,
        "outcome": row.outcome,
        "awaited": tuple(role for role in wanted if role not in done),
        "assessments": found,
    }


def assessments_of(view: View, reviews: Select[Any]) -> dict[str, tuple[RecordedAssessment, ...]]:
    """What was found in the current revision of each of these reviews, by role, in one look."""
    chosen = reviews.with_only_columns(col(GateReview.id), col(GateReview.revision)).subquery()
    names = tuple(each for each in RecordedAssessment.model_fields if each != "name")
    wanted = select(
        col(Assessment.review_id), *(col(getattr(Assessment, name)) for name in names)
    ).join(
        chosen,
        and_(
            col(Assessment.review_id) == chosen.c.id,
            col(Assessment.revision) == chosen.c.revision,
        ),
    )
    order = (col(Assessment.review_id), col(Assessment.role))
    found: dict[str, tuple[RecordedAssessment, ...]] = {}
    rows = view.uow.select(wanted.order_by(*order))
    called = view.uow.people.names_of(row.by for row in rows)
    for id, *values in rows:
        given = dict(zip(names, values, strict=True))
        said = {"at": given["at"].isoformat(), "name": called[given["by"]]}
        made = RecordedAssessment(**given | said)
        found[id] = (*found.get(id, ()), made)
    return found


def _decided(view: View, row: Row[Any], asked: Iterable[ObligationState]) -> GateDecided | None:
    """Who closed it, as the journal has it: no clock, and no vote that was beside it, decides."""
    if row.outcome is None:
        return None
    line = select(col(JournalEntry.actor), col(JournalEntry.at)).where(
        col(JournalEntry.subject_id) == row.id, col(JournalEntry.kind) == GATE_CLOSED
    )
    found = view.uow.select(line.order_by(col(JournalEntry.seq).desc()).limit(1))
    if not found:
        return None
    by, at = found[0]
    reason = row.details.get("reason", "")
    bodies = (
        role_in_words(each.target, view.policy)
        for each in asked
        if each.tally and any(vote.person == by for vote in each.votes)
    )
    name = view.uow.people.name_of(by)
    told = {"by": by, "name": name, "body": next(bodies, ""), "reason": reason}
    return GateDecided(outcome=row.outcome, at=at.isoformat(), **told)
