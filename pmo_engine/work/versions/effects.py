"""What a version of the policy changes: its clauses, and the open work that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pmo_engine.model.shape import Shape, iso
from pmo_engine.policy.changes import (
    ClauseChange,
    TermsChange,
    TimeAndLadder,
    VersionEffect,
    WorkTouched,
)
from pmo_engine.work.obligations import as_asked
from pmo_engine.work.subjects import kind_of
from pmo_engine.work.timed.forgotten import forgotten
from pmo_engine.work.versions.open_work import Judged, Work, judge, open_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance


class ComparedVersion(Shape):
    """A version of the policy that is held against another."""

    name: str
    version: str
    digest: str
    in_force_from: str | None
    applies_to_open: bool

    @classmethod
    def of(cls, policy: Policy) -> ComparedVersion:
        """Name a policy."""
        return cls(
            name=policy.name,
            version=policy.version,
            digest=policy.digest,
            in_force_from=iso(policy.in_force_from),
            applies_to_open=policy.applies_to_open,
        )


class Comparison(Shape):
    """What one version says otherwise than another; open work where it was asked for."""

    old: ComparedVersion
    new: ComparedVersion
    clauses: tuple[ClauseChange, ...]
    open_work: tuple[WorkTouched, ...] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )


def compare(old: Policy, new: Policy, governance: Governance | None = None) -> Comparison:
    """Hold a version against another; under ``governance`` say what open work it touches too."""
    from pmo_engine.documents.differences import differences  # noqa: PLC0415 - slow to import

    touched = None if governance is None else effect_on(governance, new).open_work
    return Comparison(
        old=ComparedVersion.of(old),
        new=ComparedVersion.of(new),
        clauses=tuple(each.published() for each in differences(old, new)),
        open_work=touched,
    )


def effect_of(c: Context, new: Policy) -> VersionEffect:
    """Say what a version changes of the one in force, and of open work; nothing is written.

    Where these are the same, all of it is new.
    """
    from pmo_engine.documents.differences import differences  # noqa: PLC0415 - who votes reads none

    old = None if c.policy.digest == new.digest else c.policy
    works = open_work(c)
    touched = (
        *(_touched(c, c.by_rules(c.governance.bound(new)), *work) for work in works),
        *_forgotten(c, new),
    )
    return VersionEffect(
        clauses=tuple(each.published() for each in differences(old, new)),
        open_work=tuple(each for each in touched if each is not None),
        judged=len(works),
        applies_to_open=new.applies_to_open,
    )


def effect_on(governance: Governance, new: Policy) -> VersionEffect:
    """Say what a version would change now, as ``effect_of`` does."""
    with governance.reading() as c:
        return effect_of(c, new)


def _touched(c: Context, other: Context, kind: str, work: Work) -> WorkTouched | None:
    from pmo_engine.prose.rules import obligation_in_words  # noqa: PLC0415 - the same

    judged = judge(other, kind, work)
    project = getattr(work, "project", None)
    if isinstance(judged, str):
        note = f"the new version cannot judge it ({judged}): it keeps the one it is under"
        return WorkTouched(project=project, title=kind_of(kind).called(work), note=note)
    under = c.under(work).policy
    found = WorkTouched(
        project=project,
        title=judged.subject.title,
        new=tuple(obligation_in_words(each.item, other.policy) for each in judged.new),
        gone=tuple(obligation_in_words(as_asked(row), under) for row in judged.gone),
        changed=tuple(_changed(c, judged)),
    )
    return found if found.new or found.gone or found.changed else None


def _forgotten(c: Context, new: Policy) -> Iterator[WorkTouched]:
    """Say what is asked of projects and offices, which time judges, by rules that it has not."""
    from pmo_engine.prose.rules import obligation_in_words  # noqa: PLC0415 - the same

    for row in forgotten(c.uow.obligations.open_of_places(), new):
        gone = (obligation_in_words(as_asked(row), c.policy),)
        yield WorkTouched(project=row.project, title=str(row.details["title"]), gone=gone)


def _changed(c: Context, judged: Judged) -> Iterator[TermsChange]:
    """Say where what is asked all the same would have another time or ladder."""
    for row, item in judged.kept:
        before = _terms_of(c, row)
        after = TimeAndLadder(within=item.within, ladder=item.ladder)
        if before is not None and before != after:
            yield TermsChange(kind=row.kind, of=row.target, old=before, new=after)


def _terms_of(c: Context, row: tables.Obligation) -> TimeAndLadder | None:
    """Give the time allowed and the ladder as the decision that asked for it said them."""
    for item in c.uow.decisions.get(row.decision_id).result.obligations:
        if item.id == as_asked(row).id:
            return TimeAndLadder(within=item.within, ladder=item.ladder)
    return None
