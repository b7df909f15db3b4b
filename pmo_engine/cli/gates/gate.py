"""``pmo gate``."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.gates.group import Review, gate_app
from pmo_engine.cli.gates.words import (
    evidence_line,
    print_carried,
    print_put,
    print_recommendation,
    print_standing,
)
from pmo_engine.cli.writing import write_whole
from pmo_engine.model.names import words
from pmo_engine.queries import reviews as queries
from pmo_engine.queries.gate_tasks import carried
from pmo_engine.work.gates import evidence as evidences
from pmo_engine.work.gates import judging
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.advising import recommendation_of_review
from pmo_engine.work.gates.evidence import Shown
from pmo_engine.work.reading import require_reader_of_review

if TYPE_CHECKING:
    from datetime import tzinfo

    from pmo_engine.queries.reviews import ReviewState, ReviewStory

Status = Literal["open", "assessing", "awaiting_assessments", "awaiting_decision", "closed"]


@gate_app.command("open")
def open_(
    project: Annotated[str, typer.Argument(help="The project's id.")],
    gate: Annotated[str, typer.Argument(help="The gate's id, such as G2.")],
    by: o.By,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Open the review of a gate: people are asked, and the flow that computes assessments.

    Where no flow comes within an hour, 'pmo sweep' computes them.

    Example: pmo gate open P-1 G2 --by ana
    """
    _print(
        gates.open_gate(
            o.governance(database, policy), project=project, gate=gate, by=by, request=request
        ),
        as_json,
    )


@gate_app.command()
def assess(
    review: Review,
    by: o.By,
    role: Annotated[
        str | None, typer.Option(help="One functional role; all that are awaited when left out.")
    ] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Let functional roles assess a review here and now, without the flow.

    Example: pmo gate assess 5c0e7a91 --by petra
    """
    governance = o.governance(database, policy)
    found = gates.find(governance, review)
    state = gates.assess_awaited(governance, review_id=found, by=by, role=role, request=request)
    _print(state, as_json)


@gate_app.command()
def answer(
    review: Review,
    role: Annotated[str, typer.Argument(help="The functional role that was asked.")],
    by: o.By,
    met: Annotated[bool, typer.Option("--met/--not-met", help="The answer.")],
    finding: Annotated[str, typer.Option(help="What was found.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Give the assessment that you were asked for.

    Example: pmo gate answer 5c0e7a91 quality --met --by quinn
    """
    governance = o.governance(database, policy)
    found = gates.find(governance, review)
    state = gates.answer(
        governance, review_id=found, role=role, by=by, met=met, finding=finding, request=request
    )
    _print(state, as_json)


@gate_app.command()
def judge(
    review: Review,
    criterion: Annotated[str, typer.Argument(help="The criterion's id.")],
    by: o.By,
    met: Annotated[bool | None, typer.Option("--yes/--no", help="The answer to a must.")] = None,
    score: Annotated[int | None, typer.Option(help="The score of a should, from 0 to 10.")] = None,
    finding: Annotated[str, typer.Option(help="What was found.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Judge a criterion of a gate that you were asked about.

    Example: pmo gate judge 5c0e7a91 affordable --yes --by finn
    """
    governance = o.governance(database, policy)
    found = judging.judge(
        governance,
        review_id=gates.find(governance, review),
        criterion=criterion,
        by=by,
        met=met,
        score=score,
        finding=finding,
        request=request,
    )
    print_standing(found, as_json=as_json)


@gate_app.command()
def evidence(
    review: Review,
    wanted: Annotated[str, typer.Argument(help="What it is evidence of, as the gate calls it.")],
    by: o.By,
    entry: Annotated[
        str | None, typer.Option(help="An entry of the project, as documents/DO-1.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A file; its SHA-256 is kept, and not what it holds.")
    ] = None,
    attached: Annotated[
        str | None, typer.Option(help="A file that is attached to the entry, by its name.")
    ] = None,
    document: Annotated[str | None, typer.Option(help="What the document is called.")] = None,
    dated: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of a file or a document, as 2026-03-31."),
    ] = None,
    note: Annotated[str, typer.Option(help="What it shows.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show evidence that a gate wants to see: an entry as it is now, a file, or a document.

    A file that 'pmo attach' put to a record is shown with --entry and --attached.

    Example: pmo gate evidence 5c0e7a91 business_case --entry documents/DO-1 --by ana
    """
    governance = o.governance(database, policy)
    shown = _shown(entry, file, attached, document, dated, note)
    found = evidences.give(
        governance,
        review_id=gates.find(governance, review),
        evidence=wanted,
        shown=shown,
        by=by,
        request=request,
    )
    if as_json:
        o.print_json(found)
    else:
        typer.echo(evidence_line(found.given))


def _shown(
    entry: str | None,
    file: Path | None,
    attached: str | None,
    document: str | None,
    dated: datetime | None,
    note: str,
) -> Shown:
    register, _, key = (entry or "").partition("/")
    if entry is not None and not key:
        raise typer.BadParameter(f"'{entry}' is no entry; write it as documents/DO-1")
    if attached is not None and (entry is None or file is not None):
        raise typer.BadParameter("what is attached is shown with its --entry, and no other --file")
    if file is not None and (entry is not None or not file.is_file()):
        why = f"there is no file {file}" if entry is None else "attach the file to the entry first"
        raise typer.BadParameter(why)
    return Shown(
        register=register or None,
        key=key,
        file=attached if file is None else file.name,
        digest=None if file is None else sha256(file.read_bytes()).hexdigest(),
        document=document,
        dated=o.day_of(dated),
        note=note,
    )


@gate_app.command()
def pack(
    review: Review,
    by: o.Reader,
    form: Annotated[
        Literal["md", "html", "docx", "pdf"], typer.Option("--format", help="What to write.")
    ] = "md",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Write the pack that the body was asked on, as it was frozen then.

    Example: pmo gate pack 5c0e7a91 --format pdf -o pack.pdf
    """
    from pmo_engine.documents import written
    from pmo_engine.documents.boards.gate_pack import pack_document
    from pmo_engine.work.gates.packs import pack_of

    governance = o.governance_to_read(database, policy)
    found = gates.find(governance, review)
    with governance.reading() as c:
        require_reader_of_review(governance, c, by, found)
        kept = pack_of(c, found)
    if as_json:
        o.print_json(kept)
        return
    data = written(pack_document(kept), form)
    if output is not None:
        write_whole(output, data)
        typer.echo(f"wrote {output}")
    elif form in {"docx", "pdf"}:
        raise typer.BadParameter(f"{form} is no text to print: name a file with -o")
    else:
        typer.echo(data.decode())


@gate_app.command("show")
def show(
    review: Review,
    by: o.Reader,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show a review: what was found, what it waits for, who decided it and why.

    Example: pmo gate show 5c0e7a91
    """
    governance = o.governance_to_read(database, policy)
    found = gates.find(governance, review)
    with governance.reading() as c:
        require_reader_of_review(governance, c, by, found)
        story, zone = queries.review_story(c, found), c.zone
        standing = judging.standing_of_review(c, found)
        advised = recommendation_of_review(c, found)
        drafted, left = puts.put_of_review(c, found), carried(c, story.project)
    if as_json:
        told = story.model_dump(mode="json")
        more = {"standing": standing, "recommendation": advised, "put": drafted, "carried": left}
        o.print_json({**told, **more})
        return
    _print(story, as_json)
    print_standing(standing, closed=story.status == "closed")
    print_recommendation(advised)
    print_put(drafted)
    print_carried(left, zone)
    _print_decided(story, zone)


@gate_app.command("list")
def list_(
    project: Annotated[str | None, typer.Option(help="Only those of this project.")] = None,
    gate: Annotated[str | None, typer.Option(help="Only those of this gate.")] = None,
    status: Annotated[
        Status | None, typer.Option(help="Only those that stand so; open: not closed.")
    ] = None,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """List reviews, those opened last first.

    Example: pmo gate list --status open --limit 20
    """
    page = o.page(limit, after, as_json=as_json)
    with o.governance_to_read(database, policy).reading() as c:
        found = queries.reviews(c, page, project=project, gate=gate, status=status)
    columns = {"id": "Id", "project": "Project", "gate": "Gate", "status": "Status"}
    o.print_listing(found, {**columns, "outcome": "Outcome"}, as_json=as_json, id=o.short)


def _print(state: ReviewState, as_json: bool) -> None:
    if as_json:
        o.print_json(state)
        return
    outcome = f": {words(state.outcome)}" if state.outcome else ""
    stands = f"{words(state.status)}{outcome}"
    o.heading(f"Gate {state.gate} of {state.project} ({state.id[:8]}): {stands}")
    width = max((len(each.role) + 2 for each in state.assessments), default=0)
    for item in state.assessments:
        findings = "; ".join(str(text) for text in item.findings)
        result = words(item.result)
        typer.secho(f"  {item.role:<{width}}{result}", fg=o.colour_of(item.result), nl=False)
        typer.echo(f"  {findings}" if findings else "")
    if state.awaited:
        typer.echo(f"  awaited: {', '.join(state.awaited)}")


def _print_decided(story: ReviewStory, zone: tzinfo) -> None:
    asked = [each for each in story.obligations if each.status == "open"]
    if story.waited_for:
        typer.echo(f"  waits for: {', '.join(story.waited_for)}")
    for each in asked:
        due = f", due {o.local(each.due_at, zone)}" if each.due_at else ""
        tally = f": {each.tally}" if each.tally else ""
        typer.echo(f"    {o.short(each.id)} {each.asked}{due}{tally}")
    for vote in (vote for each in story.obligations for vote in each.votes):
        since = f" ({vote.since})" if vote.since else ""
        typer.echo(f"  {vote.said}{since}")
    if story.decided is not None:
        at = o.local(story.decided.at, zone)
        why = f": {story.decided.reason}" if story.decided.reason else ""
        by = story.decided.body or story.decided.name
        typer.echo(f"  decided: {words(story.decided.outcome)}, by {by} on {at}{why}")
