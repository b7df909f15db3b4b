"""``pmo role``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmo_engine.reports.roles import RoleSection

role_app = o.group("List the functional roles that are plugged in, and show how they stand.")


@role_app.command()
def show(
    project: o.Project,
    by: o.Reader,
    role: Annotated[
        str | None, typer.Argument(help="A functional role; all with records when left out.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show how functional roles stand in a project: result, reasons, figures, what waits.

    Example: pmo role show P-1 finance
    """
    from pmo_engine.reports.roles import sections
    from pmo_engine.work.reading import require_reader_of_all

    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        c.uow.projects.get(project)
        require_reader_of_all(governance, c, by, project)
        if role is not None and role not in governance.roles:
            known = ", ".join(sorted(governance.roles))
            raise typer.BadParameter(f"no functional role is called '{role}'; there are {known}")
        found, zone = sections(c, project, role), c.zone
    if as_json:
        o.print_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        _print_section(each, lambda moment: o.local(moment, zone))
    if not found:
        typer.echo(f"no functional role has records in {project}")


def _print_section(section: RoleSection, at: Callable[[str], str]) -> None:
    o.heading(section.title)
    typer.secho(f"  {section.result.replace('_', ' ')}", fg=o.colour_of(section.result), nl=False)
    typer.echo(f": {'; '.join(section.because)}" if section.because else "")
    for figure in section.figures:
        typer.echo(f"  {figure.label}: {figure.words}")
    for each in section.reminders:
        due = "" if each.due is None else f", due {at(each.due)}"
        late = " (overdue)" if each.overdue else ""
        typer.echo(f"  waits: {each.title}: {each.kind} by {each.of}{due}{late}")


@role_app.command("list")
def list_(as_json: o.Json = False) -> None:
    """List functional roles, and plug-ins that failed with the reason.

    Example: pmo role list
    """
    from pmo_engine.roles.registry import load

    loaded = load()
    rows = [
        {"id": role.id, "title": role.title, "pack": str(role.pack)}
        for role in loaded.roles.values()
    ]
    failures = [
        {"name": failure.name, "distribution": failure.distribution, "reason": failure.reason}
        for failure in loaded.failures
    ]
    if as_json:
        o.print_json({"roles": rows, "failures": failures})
        return
    o.table(rows, {"id": "Id", "title": "Title"})
    for failure in failures:
        typer.secho(
            f"{failure['name']} of {failure['distribution']} failed: {failure['reason']}",
            fg=typer.colors.RED,
        )
