"""The section of collection rounds: of the last of each, how much each project gave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import titled
from pmo_engine.documents.boards.report_pages import NOT_THERE, Cell, Grid, PageSection
from pmo_engine.model.names import words
from pmo_engine.prose.values import value_in_words
from pmo_engine.queries.rounds import GIVEN, WAITED_FOR, story

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.policy import ReportSection
    from pmo_engine.queries.rounds import Answer, RoundShown
    from pmo_engine.reports.declared.scope import Scope

OF_PROJECT = ("From", "How it stands", "By")
OF_OFFICE = ("Asked", "Given", "Late", "Excused", "Missing", "Complete")


def rounds(scope: Scope, section: ReportSection) -> PageSection:
    """Show the last round of each that the policy declares: complete by how much, and where not."""
    lines: list[str] = []
    grids: list[Grid] = []
    for each in scope.c.policy.rounds.values():
        held = scope.c.uow.rounds.all(each.id)
        if not held:
            lines.append(f"{each.title}: no round was opened yet.")
            continue
        told = story(scope.c, held[-1])
        answers = [each for each in told.answers if each.project in scope.projects]
        lines.append(_summary(scope, told.shown, answers))
        if answers:
            grids.append(_grid(scope, told.shown, answers))
    return PageSection(
        title=section.title,
        lines=tuple(lines) or ("The policy declares no round.",),
        grids=tuple(grids),
    )


def _summary(scope: Scope, shown: RoundShown, answers: Sequence[Answer]) -> str:
    """Say of a round how much of what was asked is there."""
    called = f"{shown.title} {shown.period}"
    if not answers:
        return f"{called}: nothing was asked of {'it' if scope.project else 'any of them'}."
    return f"{called}: {_complete(answers)} of {_asked(answers)} answers are there."


def _asked(answers: Sequence[Answer]) -> int:
    """Count what was asked and not excused."""
    return sum(each.state != "excused" for each in answers)


def _complete(answers: Sequence[Answer]) -> int:
    return sum(each.state in GIVEN for each in answers)


def _grid(scope: Scope, shown: RoundShown, answers: Sequence[Answer]) -> Grid:
    first = f"{shown.title} {shown.period}"
    if scope.project is not None:
        rows = tuple(_rows_of_project(scope, answers))
        return Grid(columns=(first, *OF_PROJECT), rows=rows)
    return Grid(columns=(first, *OF_OFFICE), rows=tuple(_rows_of_office(scope, answers)))


def _rows_of_project(scope: Scope, answers: Sequence[Answer]) -> Iterator[tuple[Cell, ...]]:
    for each in answers:
        said = (
            words(each.register_name),
            titled(each.role, scope.c.policy),
            each.state,
            scope.c.uow.people.name_of(each.by) if each.by else NOT_THERE,
        )
        yield tuple(Cell(text=text) for text in said)


def _rows_of_office(scope: Scope, answers: Sequence[Answer]) -> Iterator[tuple[Cell, ...]]:
    """Give a row for each project, the least complete first."""
    projects = {each.project: [a for a in answers if a.project == each.project] for each in answers}
    rows = [(_share(mine), project, mine) for project, mine in projects.items()]
    for share, project, mine in sorted(rows, key=lambda row: (row[0], row[1])):
        states = Counter[str](each.state for each in mine)
        counted = (
            _asked(mine),
            _complete(mine),
            states["late"],
            states["excused"],
            states["missing"],
        )
        cells = (Cell(text=str(each), number=str(each), unit="count") for each in counted)
        waited = any(each.state in WAITED_FOR for each in mine)
        part = f"{value_in_words(round(share * 100))} %{' so far' if waited else ''}"
        yield (
            Cell(text=scope.name_of(project)),
            *cells,
            Cell(text=part if _asked(mine) else NOT_THERE),
        )


def _share(answers: Sequence[Answer]) -> float:
    """Give the part of what was asked that is there; all of it where nothing was."""
    asked = _asked(answers)
    return _complete(answers) / asked if asked else 1.0
