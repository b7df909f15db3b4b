"""What a version of the policy changes: its clauses, and the open work that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.store import tables
from pmo_engine.work.obligations import as_asked
from pmo_engine.work.subjects import kind_of
from pmo_engine.work.versions.open_work import Judged, Work, judge, open_work

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.work.governance import Context, Governance


def effect_of(c: Context, new: Policy) -> dict[str, Any]:
    """Say what a version changes of the one in force, and of open work; nothing is written.

    Where these are the same, all of it is new. The shape: ``clauses`` (of ``Difference.as_dict``),
    ``open_work`` (of what it touches), ``judged`` (how many pieces of work), ``applies_to_open``.
    """
    from pmo_engine.documents.differences import differences  # noqa: PLC0415 - who votes reads none

    old = None if c.policy.digest == new.digest else c.policy
    works = open_work(c)
    touched = (_touched(c, c.by_rules(c.governance.bound(new)), *work) for work in works)
    return {
        "clauses": [each.as_dict() for each in differences(old, new)],
        "open_work": [each for each in touched if each is not None],
        "judged": len(works),
        "applies_to_open": new.applies_to_open,
    }


def effect_on(governance: Governance, new: Policy) -> dict[str, Any]:
    """Say what a version would change now, as ``effect_of`` does."""
    with governance.reading() as c:
        return effect_of(c, new)


def _touched(c: Context, other: Context, kind: str, work: Work) -> dict[str, Any] | None:
    from pmo_engine.prose import obligation_in_words  # noqa: PLC0415 - the same

    judged = judge(other, kind, work)
    called = {"project": getattr(work, "project", None), "title": kind_of(kind).called(work)}
    if isinstance(judged, str):
        note = f"the new version cannot judge it ({judged}): it keeps the one it is under"
        return {**called, "new": [], "gone": [], "changed": [], "note": note}
    under = c.under(work).policy
    found = {
        "new": [obligation_in_words(each.item, other.policy) for each in judged.new],
        "gone": [obligation_in_words(as_asked(row), under) for row in judged.gone],
        "changed": _changed(c, judged),
    }
    if not any(found.values()):
        return None
    return {**called, "title": judged.subject.title, **found, "note": ""}


def _changed(c: Context, judged: Judged) -> list[dict[str, Any]]:
    """Say where what is asked all the same would have another time or ladder."""
    found = []
    for row, item in judged.kept:
        before, after = _terms_of(c, row), {"within": item.within, "ladder": item.ladder}
        if before is not None and before != after:
            found.append({"kind": row.kind, "of": row.target, "old": before, "new": after})
    return found


def _terms_of(c: Context, row: tables.Obligation) -> dict[str, Any] | None:
    """Give the time allowed and the ladder as the decision that asked for it said them."""
    decided = c.uow.decisions.get(row.decision_id).result.get("obligations", [])
    for item in decided:
        if item["id"] == f"{row.rule}/{row.kind}/{row.target}":
            return {"within": item["within"], "ladder": item["ladder"]}
    return None
