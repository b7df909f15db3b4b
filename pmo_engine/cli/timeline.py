"""``pmo timeline``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.model.vocabulary import A_GATE, A_RECORD
from pmo_engine.queries.journal import require_chain
from pmo_engine.queries.timeline import timeline as query
from pmo_engine.work.gates.reviews import find
from pmo_engine.work.reading import (
    require_reader,
    require_reader_of_all,
    require_reader_of_review,
)
from pmo_engine.work.records import naming

if TYPE_CHECKING:
    from pmo_engine.work.governance import Context, Governance

timeline_app = o.single()


@timeline_app.command()
def timeline(
    by: o.Reader,
    project: Annotated[
        str | None, typer.Argument(help="A project's id, or 'office'; all when left out.")
    ] = None,
    register: Annotated[str | None, typer.Argument(help="The register of a record.")] = None,
    key: Annotated[str | None, typer.Argument(help="The record's key, such as CR-1.")] = None,
    review: Annotated[
        str | None, typer.Option(help="A gate review's id, as 'pmo gate list' shows it.")
    ] = None,
    kind: o.Kind = None,
    actor: o.Actor = None,
    since: o.Since = None,
    until: o.Until = None,
    newest: o.Newest = False,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Tell what happened to a record, a gate review, a project or everything, in words.

    Example: pmo timeline P-1 change_requests CR-1 --since 2026-03-01
    """
    governance = o.governance_to_read(database, policy)
    page = o.page(limit, after, as_json=as_json)
    subject = subject_of(governance, project, register, key, review)
    with governance.reading() as c:
        require_chain(c.uow, project)
        require_reading(governance, c, by, project, subject)
        days = (since, until)
        which = o.which(project, subject, kind, actor, days, c.zone, newest=newest)
        found, zone = query(c, which, page), c.zone
    where = {"chain": "Where"} if project is None and subject is None else {}
    about = {"about": "About"} if subject is None else {}
    o.print_listing(
        found,
        {"seq": "No", **where, "at": "When", "name": "Who", **about, "text": "What"},
        as_json=as_json,
        none="nothing of that happened",
        at=lambda moment: o.local(moment, zone),
    )


def require_reading(
    governance: Governance, c: Context, by: str, project: str | None, subject: str | None
) -> None:
    """Refuse whoever may not read what is asked for: a record, or all that there is."""
    if subject is None:
        require_reader_of_all(governance, c, by, project)
    elif c.uow.subjects.get(subject).kind == A_RECORD:
        entry = c.uow.entries.get(subject)
        require_reader(governance, c, by, entry.register_name, entry.project, entry)
    elif c.uow.subjects.get(subject).kind == A_GATE:
        require_reader_of_review(governance, c, by, subject)


def subject_of(
    governance: Governance,
    project: str | None,
    register: str | None,
    key: str | None,
    review: str | None,
) -> str | None:
    """Give the id of what is meant; None: all that the project has."""
    if review is not None:
        return find(governance, review)
    if register is None:
        return None
    if project is None or key is None:
        raise typer.BadParameter("a record is named by its project, register and key")
    with governance.reading() as c:
        return naming.entry_named(governance, c.uow, project, register, key).id
