"""``pmo decision``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.decide import print_decision
from pmo_engine.cli.timeline import require_reading, subject_of
from pmo_engine.queries import decisions as queries

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.queries.decisions import DecisionStory

decision_app = o.group("List what the engine decided, and say why.")


@decision_app.command("list")
def list_(
    by: o.Reader,
    project: Annotated[
        str | None, typer.Argument(help="A project's id; all when left out.")
    ] = None,
    register: Annotated[str | None, typer.Argument(help="The register of a record.")] = None,
    key: Annotated[str | None, typer.Argument(help="The record's key, such as CR-1.")] = None,
    review: Annotated[str | None, typer.Option(help="A gate review's id.")] = None,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List the decisions about a record, a gate review, a project or everything, newest first.

    Example: pmo decision list P-1 change_requests CR-1
    """
    governance = o.governance_to_read(database, policy)
    page = o.page(limit, after, as_json=as_json)
    subject = subject_of(governance, project, register, key, review)
    with governance.reading() as c:
        if project is not None:
            c.uow.projects.get(project)
        require_reading(governance, c, by, project, subject)
        found, zone = queries.decisions(c, page, project=project, subject=subject), c.zone
    columns = {"id": "Id", "at": "When", "about": "About", "event": "Event", "status": "Says"}
    o.print_listing(
        found,
        {**columns, "policy": "Policy"},
        as_json=as_json,
        none="nothing was decided there",
        id=o.short,
        at=lambda moment: o.local(moment, zone),
    )


@decision_app.command("show")
def show(
    decision: Annotated[str, typer.Argument(help="Its id, as 'pmo decision list' shows it.")],
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say why: what fired, what was looked at, under which policy, what became of what was asked.

    Example: pmo decision show 3f9a12cd
    """
    governance = o.governance_to_read(database, policy)
    with governance.reading() as c:
        story, under = queries.decision(c, decision), c.policy
        require_reading(governance, c, by, story.project, story.subject)
    if as_json:
        o.print_json(story)
    else:
        _print(story, under)


def _print(story: DecisionStory, policy: Policy) -> None:
    o.heading(f"{story.about} (version {story.version}): {story.event}, {story.at}")
    print_decision(story.result, policy)
    for rule, paths in story.result.unknown.items():
        typer.echo(f"  cannot be judged: {rule}, without {', '.join(paths)}")
    typer.echo("  looked at:")
    for path, value in story.facts.items():
        typer.echo(f"    {path}: {value}")
    if story.lists:
        typer.echo(f"    and the lists {', '.join(story.lists)}")
    for item in story.obligations:
        typer.secho(f"  {item.asked}: {item.status}", fg=o.colour_of(item.status))
        for vote in item.votes:
            typer.echo(f"    {vote.said}")
