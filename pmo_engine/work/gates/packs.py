"""The pack of a gate: made and frozen when the body is asked, and written in any form later."""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import titled
from pmo_engine.decisions.gate_recommendation import Recommendation, recommend
from pmo_engine.documents.boards.gate_pack import (
    GatePack,
    PackAssessment,
    PackFigure,
    PackRecord,
    told,
)
from pmo_engine.documents.numbering import capital
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import GATE_CLOSED
from pmo_engine.prose.figures import fields_in_words, why_in_words
from pmo_engine.prose.values import joined, value_in_words
from pmo_engine.queries.figures import FigureRow
from pmo_engine.queries.gate_tasks import carried
from pmo_engine.work.errors import CommandError
from pmo_engine.work.figures import worked_figures
from pmo_engine.work.gates.judging import outcomes_at, standing_at
from pmo_engine.work.gates.naming import PACK, decides, gate_named
from pmo_engine.work.gates.put import put_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from pmo_engine.policy import Gate
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context, Governance

WATCHED = ("risks", "issues")
"""The registers whose open records a pack lists."""
ENTERED, MOST_ENTERED = "entered", 12
"""Of more records than this that were only entered it is said how many they are."""
MOST = 100
"""At most so many records of a kind are listed; what is left out is counted."""


def recommended(c: Context, review: tables.GateReview) -> Recommendation | None:
    """Recommend an outcome of a gate as things stand; None where nothing is asked about it."""
    declared = gate_named(c, review.gate)
    if not (declared.criteria or declared.evidence or declared.assessments or declared.recommend):
        return None
    found = c.uow.assessments.of_review(review.id, review.revision)
    left = carried(c, review.project)
    overdue = [f"of gate {each.gate} is overdue: {each.text}" for each in left if each.overdue]
    outcomes = outcomes_at(c, review) if declared.recommend else None
    return recommend(declared, standing_at(c, review), found, overdue, outcomes)


def in_words(governance: Governance, review_id: str) -> tuple[str, ...]:
    """Say in sentences how a project stands before a gate, what is recommended, and what is put."""
    with governance.reading() as c:
        review = c.uow.gate_reviews.get(review_id)
        under = c.under(review)
        made = pack_now(under, review)
    return told(made)


def freeze(c: Command, review: tables.GateReview) -> GatePack:
    """Make the pack of a gate that is put to its body, and keep it as it is now."""
    made = pack_now(c, review)
    digest = sha256(canonical(made.model_dump(mode="json"))).hexdigest()
    made = made.model_copy(update={"digest": digest})
    details = {**review.details, PACK: made.model_dump(mode="json")}
    c.uow.gate_reviews.change(review, details=details)
    c.journal("gate.packed", {"review": review.id, "digest": digest}, review.project, review.id)
    return made


def pack_of(c: Context, review_id: str) -> GatePack:
    """Give the pack as it was frozen; raises CommandError while the body is not asked."""
    review = c.uow.gate_reviews.get(review_id)
    kept = review.details.get(PACK)
    if kept is None:
        raise CommandError(
            f"gate {review.gate} of {review.project} has no pack yet: it is made when the body is"
            " asked"
        )
    return GatePack.model_validate(kept)


def pack_now(c: Context, review: tables.GateReview) -> GatePack:
    """Make the pack of a gate as things stand; ``c`` is under the review's version."""
    declared = gate_named(c, review.gate)
    project = c.uow.projects.get(review.project)
    before = _before(c, review)
    since = None if before is None else before.closed_at
    due = _due(c, review, declared)
    changes, entered = _changes(c, review.project, since)
    return GatePack(
        project=project.id,
        name=project.name,
        gate=declared.id,
        title=declared.title,
        question=_question(review, declared, project),
        body=titled(declared.decided_by, c.policy),
        made_on=c.today.isoformat(),
        due=None if due is None else c.rules.day_of(due).isoformat(),
        recommendation=recommended(c, review),
        standing=standing_at(c, review),
        figures=tuple(_figures(c, review.project, before)),
        assessments=tuple(_assessments(c, review)),
        put=tuple(put_in_words(c, review)),
        carried=tuple(_carried(c, review.project)),
        risks=tuple(_watched(c, review.project)),
        changes=tuple(changes),
        entered=entered,
        since=None if since is None else c.rules.day_of(since).isoformat(),
        policy=c.policy.name,
    )


def _due(c: Context, review: tables.GateReview, declared: Gate) -> datetime | None:
    """Give until when the body decides: as it is asked, or as it would be if it were asked now."""
    asked = [row for row in c.uow.obligations.open_for(review.id) if decides(row, declared)]
    if asked:
        return asked[0].due_at
    within = declared.within
    return None if within is None else c.policy.calendar.deadline(c.now, within)


def _question(review: tables.GateReview, declared: Gate, project: tables.Project) -> str:
    outcomes = ", ".join(each.replace("_", " ") for each in declared.outcomes)
    stage = declared.to_stage.replace("_", " ")
    why = review.details.get("why")
    again = f" The gate is opened again: {why}." if why and review.reopens else ""
    asked = f"May {project.id} {project.name} pass gate {declared.id} into {stage}?"
    return f"{asked} The outcomes: {outcomes}.{again}"


def _before(c: Context, review: tables.GateReview) -> tables.GateReview | None:
    """Give the review of the project that was decided last before this one."""
    told = c.uow.journal.told_of(review.project, (GATE_CLOSED,))
    decided = [subject for _, subject, _ in told if subject is not None]
    if review.id in decided:
        decided = decided[: decided.index(review.id)]
    return c.uow.gate_reviews.get(decided[-1]) if decided else None


def _figures(c: Context, project: str, before: tables.GateReview | None) -> Iterator[PackFigure]:
    earlier = {} if before is None else there_then(before.details.get(PACK, {}))
    for worked in worked_figures(c, [project]).values():
        row = FigureRow.of(worked)
        was = earlier.get(row.label, "")
        known = c.governance.roles.get(row.pack or "")
        why = why_in_words(row.why, c.policy)
        of = "" if known is None else known.title
        yield PackFigure(label=row.label, now=row.words, before=was, why=why, of=of)


def there_then(pack: Mapping[str, Any]) -> dict[str, str]:
    """Give the figures that there were in a pack, by their labels."""
    figures = pack.get("figures", ())
    return {each["label"]: each["now"] for each in figures if not each.get("why")}


def _assessments(c: Context, review: tables.GateReview) -> Iterator[PackAssessment]:
    rows = c.uow.assessments.of_review(review.id, review.revision)
    names = c.uow.people.names_of(row.by for row in rows)
    in_words = finder_in_words(c, review.project)
    for row in rows:
        said = list(map(str, row.findings))
        said += [each for each in map(str, row.missing) if not any(each in text for text in said)]
        yield PackAssessment(
            role=row.role.replace("_", " "),
            result=row.result.replace("_", " "),
            by=row.by,
            name=names[row.by],
            findings=tuple(map(in_words, said)),
        )


def finder_in_words(c: Context, project: str) -> Callable[[str], str]:
    """Give how what a functional role found in a project is said: fields by their labels."""
    of = {row.key: row.register_name for row in c.uow.entries.of_project(project)}
    return lambda found: fields_in_words(found, c.policy, of)


def put_in_words(c: Context, review: tables.GateReview) -> Iterator[str]:
    """Say in sentences what is put to the body with the question."""
    drafted = put_of(review)
    for each in drafted.conditions:
        yield f"Condition of a conditional go: {each.text}; {_whose(c, each.owner, each.due)}."
    if drafted.until:
        until = _day(drafted.until)
        yield f"A hold would be until {until}, for {drafted.awaits or 'nothing named'}."
    if drafted.resources:
        yield f"A decision to pass gives {drafted.resources}."
    for each in drafted.recommendations:
        yield f"Recommended ({each.grade}): {each.text}; {_whose(c, each.owner, each.due)}."
    if drafted.confidence:
        yield f"Confidence that the project delivers: {drafted.confidence}."


def _carried(c: Context, project: str) -> Iterator[str]:
    for each in carried(c, project):
        due = f", due {_day(each.due[:10])}" if each.due else ""
        late = ", overdue" if each.overdue else ""
        yield f"Gate {each.gate}: {each.text} {capital(titled(each.owner, c.policy))}{due}{late}."


def _whose(c: Context, owner: str, due: str) -> str:
    return f"{titled(owner, c.policy)}, by {_day(due)}"


def _day(text: str) -> str:
    return value_in_words(date.fromisoformat(text))


def _watched(c: Context, project: str) -> Iterator[PackRecord]:
    for name in WATCHED:
        if name in c.policy.registers:
            rows = [r for r in c.uow.entries.of_project(project, name) if r.closed_at is None]
            yield from (_record(c, row, _worth(row)) for row in sorted(rows, key=_weight)[:MOST])


def _weight(row: tables.Entry) -> tuple[int, str]:
    """Put what is likely and severe first; what says neither comes last."""
    size = 1
    for name in ("probability", "impact"):
        text = str(row.document.get(name, "0"))
        size *= int(text) if text.isdigit() else 0
    return -size, row.key


def _worth(row: tables.Entry) -> str:
    said = {name: row.document.get(name) for name in ("probability", "impact", "response")}
    return "; ".join(f"{name}: {value}" for name, value in said.items() if value is not None)


def _changes(c: Context, project: str, since: datetime | None) -> tuple[list[PackRecord], str]:
    """List what was entered, decided or closed since the last gate, the newest first.

    Where much was only entered, it is counted instead, so that decisions stand out.
    """
    found = []
    for row in c.uow.entries.of_project(project):
        moments = {ENTERED: row.submitted_at, "decided": row.decided_at, "closed": row.closed_at}
        known = {what: at for what, at in moments.items() if at is not None}
        what = max(known, key=lambda each: known[each], default=None)
        if what is not None and (since is None or known[what] > since):
            found.append((known[what], row, what))
    found.sort(key=lambda each: (each[0], each[1].entered), reverse=True)
    new = [row for _, row, what in found if what == ENTERED]
    if len(new) > MOST_ENTERED:
        found = [each for each in found if each[2] != ENTERED]
    listed = [
        _record(c, row, f"{what} on {value_in_words(c.rules.day_of(at))}")
        for at, row, what in found[:MOST]
    ]
    if len(found) > MOST:
        more = f"and {len(found) - MOST} more"
        listed.append(PackRecord(register_name="", key="", title=more, status="", note=""))
    return listed, _counted(c, new) if len(new) > MOST_ENTERED else ""


def _counted(c: Context, rows: Iterable[tables.Entry]) -> str:
    """Say how many records of each register were entered."""
    counts = Counter(row.register_name for row in rows)
    found = (each for each in c.policy.registers.values() if each.id in counts)
    said = [f"{counts[r.id]} {words(r.noun if counts[r.id] == 1 else r.plural)}" for r in found]
    return f"Entered: {joined(said)}."


def _record(c: Context, row: tables.Entry, note: str) -> PackRecord:
    register = c.policy.registers.get(row.register_name)
    return PackRecord(
        register_name=capital(words(row.register_name if register is None else register.noun)),
        key=row.key,
        title=str(row.document.get("title", "")),
        status=row.status.replace("_", " "),
        note=note,
    )
