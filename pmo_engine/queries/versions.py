"""The policy's versions: drafted, put out for comment, adopted, in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy import select, tuple_
from sqlmodel import col

from pmo_engine.model.shape import Shape, iso
from pmo_engine.policy.changes import Effect
from pmo_engine.queries.obligations import voted
from pmo_engine.queries.paging import ALL, Listing, Page, listing, the_place
from pmo_engine.store.columns import begins
from pmo_engine.store.tables import PolicyComment, PolicyVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from pmo_engine.queries.view import View


class Comment(Shape):
    """What somebody said about a version, or about one clause of it."""

    number: int
    clause: str | None
    by: str
    name: str  # of who said it
    at: str
    text: str
    answer: str | None
    answered_by: str | None
    answerer: str  # the name of who answered


class AdoptionVote(Shape):
    """How somebody voted on a version; ``name`` is the person's."""

    person: str
    name: str
    choice: str
    reason: str

    @property
    def said(self) -> str:
        """Say who voted how, and why."""
        return voted(self.name, self.choice, self.reason)


class AdoptionApproval(Shape):
    """Of whom the adoption of a version is asked.

    ``hopeless``: why no votes that may come can decide it, as who may vote stands today.
    """

    id: str
    of: str
    status: str
    due: str | None
    votes: list[AdoptionVote]
    hopeless: str = ""


class VersionState(Shape):
    """A version of the policy as it stands; times are ISO 8601."""

    id: str
    name: str
    version: str
    digest: str
    status: str
    in_force_from: str | None
    applies_to_open: bool
    drafted_by: str
    drafted_at: str
    comment_until: str | None
    submitted_by: str | None
    decided_at: str | None
    binds_from: str | None
    took_force_at: str | None
    reason: str
    comments: list[Comment]
    changes: Effect
    in_force: bool | None = Field(default=None, exclude_if=lambda value: value is None)
    approvals: list[AdoptionApproval] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )


_PLACE = tuple(
    col(each) for each in (PolicyVersion.drafted_at, PolicyVersion.policy_version, PolicyVersion.id)
)
_NAMES = ("name", "answerer")
_SAID = tuple(
    col(getattr(PolicyComment, name)) for name in Comment.model_fields if name not in _NAMES
)


def versions(view: View, page: Page = ALL) -> Listing[VersionState]:
    """List every version that was ever drafted, the oldest first; a page goes on after an id.

    Which is in force is marked.
    """
    wanted = select(*PolicyVersion.metadata.tables["policy_versions"].c)
    if page.after is not None:
        wanted = wanted.where(tuple_(*_PLACE) > tuple_(*_place(view, page.after)))
    rows = view.uow.select(wanted.order_by(*_PLACE).limit(page.one_more))
    said = comments_on(view, [row.id for row in rows])
    made = (
        version_state(row, said.get(row.id, ()), in_force=row.id == view.version_in_force)
        for row in rows
    )
    return listing(made, page, lambda each: each.id)


def _place(view: View, beginning: str) -> Any:
    mine = select(*_PLACE).where(begins(_PLACE[-1], beginning))
    return the_place(list(view.uow.select(mine.limit(2))), "version of the policy", beginning)


def comments_on(view: View, versions: Sequence[str]) -> dict[str, tuple[Comment, ...]]:
    """Give what was said about each of these versions, by number, in one look."""
    of = col(PolicyComment.policy_id)
    wanted = select(of, *_SAID).where(of.in_(versions)).order_by(of, col(PolicyComment.number))
    found: dict[str, tuple[Comment, ...]] = {}
    rows, called = view.uow.select(wanted), view.uow.people.name_of
    view.uow.people.names_of(who for row in rows for who in (row.by, row.answered_by) if who)
    for row in rows:
        values = row._asdict()
        id = values.pop("policy_id")
        values |= {"name": called(row.by), "answerer": called(row.answered_by or "")}
        made = Comment(**values | {"at": row.at.isoformat()})
        found[id] = (*found.get(id, ()), made)
    return found


def version_state(
    row: PolicyVersion | Row[Any], comments: Sequence[Comment], **more: Any
) -> VersionState:
    """Give a version as it stands."""
    return VersionState(
        id=row.id,
        name=row.name,
        version=row.policy_version,
        digest=row.digest,
        status=row.status,
        in_force_from=iso(row.in_force_from),
        applies_to_open=row.applies_to_open,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at.isoformat(),
        comment_until=iso(row.comment_until),
        submitted_by=row.submitted_by,
        decided_at=iso(row.decided_at),
        binds_from=iso(row.binds_from),
        took_force_at=iso(row.took_force_at),
        reason=row.reason,
        comments=list(comments),
        changes=row.effect,
        **more,
    )
