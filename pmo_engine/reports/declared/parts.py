"""Sections of reports that are no figures: what waits, changed, threatens, and how work went."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from pmo_engine.authority.titles import titled
from pmo_engine.documents.boards.report_pages import NOT_THERE, Cell, Grid, PageSection
from pmo_engine.documents.numbering import capital
from pmo_engine.drawing.lanes import Event, Lane, Stage, lanes
from pmo_engine.drawing.matrix import STEPS, matrix
from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import PARTS
from pmo_engine.prose.values import joined, value_in_words
from pmo_engine.queries.exceptions import exceptions, raised_by_rules
from pmo_engine.queries.gate_tasks import carried
from pmo_engine.queries.reported.considered import considered
from pmo_engine.queries.reported.work import (
    ENTERED,
    Happened,
    Waiting,
    happened,
    requests,
    waiting,
)
from pmo_engine.reports.declared.figures import drawn
from pmo_engine.reports.declared.portfolio import cycles, dashboard
from pmo_engine.reports.declared.rounds import rounds
from pmo_engine.work.reading import readers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pmo_engine.policy import ReportSection
    from pmo_engine.reports.declared.scope import Scope
    from pmo_engine.store import tables

MOST = 100
"""At most so many rows of a list are shown; what is left out is counted."""
MANY = 12
"""Of more records that were entered in a project it is said how many they are."""
MINUTE = timedelta(minutes=1)
NOTHING = "There is nothing to tell."


def decisions(scope: Scope, section: ReportSection) -> PageSection:
    """List what waits for a decision, that of the report's audience first."""
    found, secret = _for_audience(scope, waiting(scope.c, scope.within))
    mine = [each for each in found if each.target in scope.report.audience]
    others = [each for each in found if each.target not in scope.report.audience]
    left = [each for each in others if each.why and _below(scope)]
    rows = [
        (
            *_of_project(scope, each.project),
            _about(each.title, each.about),
            f"Answer: {each.why}" if each.why else "Approval",
            capital(titled(each.target, scope.c.policy)),
            _due(scope, each.due_at),
        )
        for each in (*mine, *others)
        if each not in left
    ]
    audience = joined([titled(each, scope.c.policy) for each in scope.report.audience])
    said = f"{_counted(len(mine))} for the {audience}{_besides(len(mine), len(others))}."
    said = said if found else "Nothing waits for a decision."
    secret = (*_told_below(scope, len(left)), *secret)
    if not rows:
        return PageSection(title=section.title, lines=(said,), notes=secret)
    made = _listed(
        scope, section, ("Matter", "Asked for", "Decided by", "Until"), rows, lines=(said,)
    )
    return made.model_copy(update={"notes": (*made.notes, *secret)})


def _below(scope: Scope) -> list[str]:
    """Give what the report calls its sections on exceptions."""
    return [each.title for each in scope.report.sections if each.shows == "exceptions"]


def _told_below(scope: Scope, left: int) -> Iterator[str]:
    if left:
        are, stand = ("is an exception", "stands") if left == 1 else ("are exceptions", "stand")
        yield f"{left} of the others {are}, and {stand} under {_below(scope)[0]}."


def _counted(number: int) -> str:
    """Count what waits: nothing, 1 matter, 2 matters."""
    return (
        f"{number} matters wait" if number > 1 else f"{'1 matter' if number else 'Nothing'} waits"
    )


def _besides(mine: int, others: int) -> str:
    if not others:
        return ""
    return f", and {others} for others" if mine else f"; {_counted(others)} for others"


def changes(scope: Scope, section: ReportSection) -> PageSection:
    """List what came to be in the period, the latest first.

    What was entered in an office's many projects, or is much, is counted, so that what was decided
    stands out.
    """
    found, secret = _for_audience(scope, happened(scope.c, scope.projects, scope.span))
    entered = [e for e in found if e.how == ENTERED]
    if scope.project is not None and len(entered) <= MANY:
        entered = []
    rows = [
        (
            *_of_project(scope, each.project),
            _day(scope, each.at),
            capital(each.what),
            each.title,
            each.how,
        )
        for each in found
        if each not in entered
    ]
    if entered and not rows:
        return PageSection(title=section.title, lines=tuple(_entered(scope, entered)), notes=secret)
    said = tuple(_entered(scope, entered))
    made = _listed(scope, section, ("On", "What", "Title", "How"), rows, lines=said)
    return made.model_copy(update={"notes": (*made.notes, *secret)})


def _entered(scope: Scope, entered: Iterable[Happened]) -> Iterator[str]:
    """Say how many records of each register were entered."""
    counts = Counter(each.register for each in entered)
    found = [
        f"{counts[each.id]} {words(each.noun if counts[each.id] == 1 else each.plural)}"
        for each in scope.c.policy.registers.values()
        if each.id in counts
    ]
    if found:
        yield f"Entered: {joined(found)}."


Told = TypeVar("Told", Waiting, Happened)


def _for_audience(scope: Scope, found: Iterable[Told]) -> tuple[list[Told], tuple[str, ...]]:
    """Leave out what is of registers that not all of the audience may read, and say how much."""
    told = list(found)
    shown = [each for each in told if _may_be_said(scope, each.register)]
    left = len(told) - len(shown)
    return shown, (f"{left} more are not for all of these readers.",) if left else ()


def _may_be_said(scope: Scope, register: str | None) -> bool:
    return register is None or _open_to_all(scope, register)


def _about(title: str, about: str) -> str:
    """Say of which record something is, and what that is called."""
    return f"{title}: {about}" if about else title


def _open_to_all(scope: Scope, register: str) -> bool:
    declared = scope.c.policy.registers.get(register)
    roles = () if declared is None else readers_of(scope.c.policy, declared, scope.c.today)
    return not roles or set(scope.report.audience) <= set(roles)


def risks(scope: Scope, section: ReportSection) -> PageSection:
    """Draw open risks by probability and impact, and list them, the highest score first."""
    found = [
        (project, row)
        for project in (scope.projects if _open_to_all(scope, "risks") else ())
        for row in scope.c.uow.entries.of_project(project, "risks")
        if row.closed_at is None and row.standing not in {"rejected", "withdrawn", "rescinded"}
    ]
    fields: dict[tuple[int, int], list[str]] = {}
    for project, row in found:
        if (place := _place(row.document)) is not None:
            key = row.key if scope.project is not None else f"{project} {row.key}"
            fields.setdefault(place, []).append(key)
    found.sort(key=lambda each: (-_score(each[1].document), each[0], each[1].key_length))
    rows = [
        (
            *_of_project(scope, project),
            row.key,
            str(row.document.get("title", "")),
            str(_score(row.document) or ""),
            str(row.document.get("response", "")),
        )
        for project, row in found
    ]
    made = _listed(scope, section, ("Risk", "Title", "Score", "Response"), rows)
    picture = drawn(matrix("Risks by probability and impact", fields))
    return made.model_copy(update={"pictures": (picture,) if fields else ()})


def stages(scope: Scope, section: ReportSection) -> PageSection:
    """Draw the stages of projects over the years, from gate to gate."""
    rows = [scope.c.uow.projects.get(each) for each in scope.projects]
    drawing = lanes(section.title, [_lane(scope, row) for row in rows], scope.c.today)
    return PageSection(title=section.title, pictures=(drawn(drawing),))


def _lane(scope: Scope, row: tables.Project) -> Lane:
    """Give the stages that gates ended, and the one that the project is in up to its end."""
    today, start = scope.c.today, scope.begins_on(row)
    found: list[Stage] = []
    events: list[Event] = []
    for review in scope.c.uow.gate_reviews.of_project(row.id):
        gate = scope.c.policy.gates.get(review.gate)
        if review.closed_at is None or gate is None:
            continue
        day = scope.c.rules.day_of(review.closed_at)
        events.append(Event(review.gate, day))
        if review.outcome in {"go", "conditional_go"}:
            if start is not None and start <= day:
                found.append(Stage(words(gate.from_stage), start, day, "done"))
            start = day
    if start is not None:
        end = max(start, row.ends_on or today)
        found.append(Stage(words(row.stage), start, end, "now" if start <= today else "ahead"))
    return Lane(f"{row.id} {row.name}", tuple(found), tuple(events))


def open_exceptions(scope: Scope, section: ReportSection) -> PageSection:
    """Give the exceptions that are open, each with the parts of its report."""
    project = None if scope.project is None else scope.project.id
    found = exceptions(scope.c, project, answered=False).items
    grids = [
        Grid(
            columns=("Exception", each.title),
            rows=tuple(
                (Cell(text=capital(part)), Cell(text=text))
                for part, text in (
                    *(_project_row(scope, each.project)),
                    ("tolerance", each.tolerance),
                    ("for", titled(each.to, scope.c.policy)),
                    ("until", _due(scope, _moment(each.due))),
                    *((part, each.report[part] or "not said yet") for part in PARTS),
                )
            ),
        )
        for each in found
    ]
    rows = [
        (
            *_of_project(scope, each.project),
            _about(each.title, each.about if _may_be_said(scope, each.kept_in) else ""),
            each.text,
            capital(titled(each.to, scope.c.policy)),
            _due(scope, each.due),
        )
        for each in raised_by_rules(scope.c, project)
    ]
    if not rows:
        lines = () if grids else ("No exception is open.",)
        return PageSection(title=section.title, lines=lines, grids=tuple(grids))
    made = _listed(scope, section, ("Exception", "Why", "For", "Until"), rows)
    return made.model_copy(update={"grids": (*grids, *made.grids)})


def _project_row(scope: Scope, project: str | None) -> Iterator[tuple[str, str]]:
    if scope.project is None and project is not None:
        yield "project", scope.name_of(project)


def gates(scope: Scope, section: ReportSection) -> PageSection:
    """List gates under review and ahead, and what earlier gates left to be done."""
    rows = [
        (*_of_project(scope, project), *row)
        for project in scope.projects
        for row in _gates(scope, project)
    ]
    ahead = _listed(scope, section, ("Gate", "Title", "How it stands"), rows)
    left = [
        (
            *_of_project(scope, project),
            each.text,
            titled(each.owner, scope.c.policy),
            _due(scope, _moment(each.due)),
        )
        for project in scope.projects
        for each in carried(scope.c, project)
    ]
    if not left:
        return ahead
    more = _listed(scope, section, ("Left by earlier gates", "Owner", "Due"), left)
    return ahead.model_copy(update={"grids": (*ahead.grids, *more.grids)})


def _gates(scope: Scope, project: str) -> Iterator[tuple[str, str, str]]:
    """Give the gates under review in a project; where none is, the one out of its stage."""
    found = [r for r in scope.c.uow.gate_reviews.of_project(project) if r.closed_at is None]
    known = scope.c.policy.gates
    for review in found:
        title = known[review.gate].title if review.gate in known else ""
        yield review.gate, title, words(review.status)
    if not found:
        stage = scope.c.uow.projects.get(project).stage
        ahead = [each for each in known.values() if each.from_stage == stage][:1]
        yield from ((each.id, each.title, "ahead") for each in ahead)


def served(scope: Scope, section: ReportSection) -> PageSection:
    """Count requests by their registers: how many came, how long they took, how many wait."""
    policy = scope.c.policy
    rows = [
        (
            capital(words(policy.registers[each.register].plural)),
            str(each.came),
            str(each.decided),
            _time(each.typical),
            _time(each.longest),
            str(each.left),
        )
        for each in requests(scope.c, scope.within, scope.span)
    ]
    columns = ("Requests", "Came", "Decided", "Typical time", "Longest time", "Waiting at the end")
    return _listed(scope, section, columns, rows, whole=True)


def thought_over(scope: Scope, section: ReportSection) -> PageSection:
    """Tell by role and clause how approvals were considered."""
    span = section.too_soon
    assert span is not None  # the check asks for it
    soon = timedelta(hours=1) if span.unit == "hour" else MINUTE
    found = considered(scope.c, scope.within, scope.span, soon * float(span.amount))
    rows = [
        (
            capital(titled(each.role, scope.c.policy)),
            each.clause,
            str(each.approvals),
            _time(each.typical),
            _time(each.shortest),
            _share(each.refused, each.votes),
            _share(each.too_soon, each.votes),
            str(each.unanswered),
        )
        for each in found
    ]
    times = ("Approvals", "Typical time", "Shortest time")
    columns = ("Role", "Clause", *times, "Refused", f"Within {span}", "Nobody answered")
    return _listed(scope, section, columns, rows, whole=True)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def _listed(
    scope: Scope,
    section: ReportSection,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    lines: tuple[str, ...] = (),
    whole: bool = False,
) -> PageSection:
    """Make a table, with the projects in its first column where the report is of several."""
    if not rows:
        return PageSection(title=section.title, lines=(*lines, NOTHING))
    several = scope.project is None and not whole
    shown = tuple(tuple(map(_cell, row)) for row in rows[:MOST])
    grid = Grid(columns=("Project", *columns) if several else columns, rows=shown)
    notes = (f"And {len(rows) - MOST} more.",) if len(rows) > MOST else ()
    return PageSection(title=section.title, lines=lines, grids=(grid,), notes=notes)


def _cell(text: str) -> Cell:
    return Cell(text=text or NOT_THERE, number=text if text.isdigit() else None, unit="count")


def _of_project(scope: Scope, project: str | None) -> tuple[str, ...]:
    if scope.project is not None:
        return ()
    return (scope.name_of(project) if project else "the office",)


def _place(document: Mapping[str, object]) -> tuple[int, int] | None:
    """Give the probability and impact of a risk, where both are on the scale of five steps."""
    found = [str(document.get(name, "")) for name in ("probability", "impact")]
    if not all(each.isdigit() and 1 <= int(each) <= STEPS for each in found):
        return None
    return int(found[0]), int(found[1])


def _score(document: Mapping[str, object]) -> int:
    place = _place(document)
    return 0 if place is None else place[0] * place[1]


def _day(scope: Scope, moment: datetime) -> str:
    return value_in_words(scope.c.rules.day_of(moment))


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _due(scope: Scope, moment: datetime | None) -> str:
    if moment is None:
        return "no time set"
    late = ", overdue" if moment < scope.c.now else ""
    return f"{_day(scope, moment)}{late}"


def _time(length: timedelta | None) -> str:
    """Say a length of time to the minute, or to the hour where it is longer than a day."""
    if length is None:
        return ""
    if length < MINUTE:
        return "less than a minute"
    step = MINUTE if length < timedelta(days=1) else timedelta(hours=1)
    return value_in_words(round(length / step) * step)


PARTS_OF: Mapping[str, Callable[[Scope, ReportSection], PageSection]] = {
    "decisions": decisions,
    "changes": changes,
    "risks": risks,
    "stages": stages,
    "exceptions": open_exceptions,
    "gates": gates,
    "requests": served,
    "dashboard": dashboard,
    "cycles": cycles,
    "consideredness": thought_over,
    "rounds": rounds,
}
"""What makes each section that is neither figures nor words alone."""
