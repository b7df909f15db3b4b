"""``pmo report write``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.reports.report import Period, Project, Report, report_app
from pmo_engine.cli.writing import write_whole

if TYPE_CHECKING:
    from pmo_engine.documents.boards.report_pages import Cell, ReportPages
    from pmo_engine.exchange.workbooks import Value

Form = Literal["html", "md", "docx", "pdf", "xlsx"]
FORMS: dict[str, Form] = {form: form for form in get_args(Form)}


@report_app.command()
def write(
    report: Report,
    by: o.Reader,
    project: Project = None,
    period: Period = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file; its name says the form.")
    ] = None,
    form: Annotated[Form | None, typer.Option("--format", help="What to write.")] = None,
    template: Annotated[
        Path | None, typer.Option(help="The office's own template of Word (.docx) to fill.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Write a report that was made, as HTML, Markdown, DOCX, PDF, or its tables as XLSX.

    Without a period it is the last one that was made.

    Example: pmo report write highlight P-1 --period 2026-03 --out march.pdf
    """
    from pmo_engine.reports.declared.naming import pages_named

    chosen = _form(out, form, template)
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        pages = pages_named(governance, c, report, project, period, by)
    data = _written(pages, chosen, template)
    path = out or Path(f"{report}{f'-{project}' if project else ''}.{chosen}")
    write_whole(path, data)
    typer.echo(f"{path.resolve()} is written")


def _form(out: Path | None, form: Form | None, template: Path | None) -> Form:
    """Give the form that is meant by its name, by that of the file, or by a template."""
    named = None if out is None else FORMS.get(out.suffix.lower().removeprefix("."))
    if out is not None and form is None and named is None:
        known = ", ".join(f".{each}" for each in FORMS)
        raise typer.BadParameter(f"a report's name ends in one of {known}, not '{out.name}'")
    chosen = form or named or ("docx" if template is not None else "html")
    if template is not None and chosen != "docx":
        raise typer.BadParameter(f"a template is of Word: give --format docx, not {chosen}")
    return chosen


def _written(pages: ReportPages, form: Form, template: Path | None) -> bytes:
    if template is not None:
        return _filled(pages, template)
    if form == "xlsx":
        return _tables(pages)
    from pmo_engine.documents import written
    from pmo_engine.documents.boards.report_pages import report_document

    return written(report_document(pages), form)


def _filled(pages: ReportPages, template: Path) -> bytes:
    from pmo_engine.documents.office_templates.filling import filled
    from pmo_engine.documents.office_templates.looking_through import BadTemplate

    try:
        return filled(template.read_bytes(), pages)
    except OSError as error:
        raise typer.BadParameter(f"{template}: {error.strerror}") from None
    except BadTemplate as error:
        raise typer.BadParameter(f"{template}: {error}") from None


def _tables(pages: ReportPages) -> bytes:
    from pmo_engine.exchange.workbooks import Sheet, workbook

    found = [(each.title or pages.title, grid) for each in pages.sections for grid in each.grids]
    return workbook(
        [
            Sheet(title, grid.columns, tuple(tuple(map(_value, row)) for row in grid.rows))
            for title, grid in found
        ]
    )


def _value(cell: Cell) -> Value:
    from pmo_engine.exchange.workbooks import Value

    number = None if cell.number is None else Decimal(cell.number)
    return Value(cell.text, number, cell.unit)
