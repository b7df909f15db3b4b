"""How a project stands before a gate, in lines on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pmo_engine.cli import output as o
from pmo_engine.model.names import words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from pmo_engine.decisions.gate_recommendation import Recommendation
    from pmo_engine.decisions.gate_standing import (
        CriterionStanding,
        EvidenceStanding,
        GateStanding,
    )
    from pmo_engine.queries.gate_tasks import Carried
    from pmo_engine.work.gates.put import Put

SHOWN_DIGITS = 12


def print_standing(standing: GateStanding, *, as_json: bool = False, closed: bool = False) -> None:
    """Print each criterion with who judged it, the evidence, and what stands against passing."""
    if as_json:
        o.print_json(standing)
        return
    for criterion in standing.criteria:
        typer.echo(_criterion_line(criterion))
    if standing.score is not None:
        typer.echo(f"  shoulds together: {standing.score}, against a hurdle of {standing.hurdle}")
    for each in standing.evidence:
        typer.echo(evidence_line(each))
    if standing.against and not closed:
        typer.secho("  it may not be passed:", fg=o.colour_of("not_met"))
        for why in standing.against:
            typer.echo(f"    {why}")
        typer.echo(f"    the outcomes left: {', '.join(map(words, standing.left)) or 'none'}")


def _criterion_line(criterion: CriterionStanding) -> str:
    said = words(criterion.answer)
    if criterion.score is not None:
        said = f"{criterion.score} of 10, {'over' if criterion.answer == 'yes' else 'under'}"
        said += f" the hurdle of {criterion.hurdle or 0}"
    rest = f": {'; '.join(criterion.findings)}" if criterion.findings else ""
    on = f", on {', '.join(criterion.evidence)}" if criterion.evidence else ""
    by = f" of {criterion.name}" if criterion.answer == "asked" else f", by {criterion.name}"
    return (
        f"  {criterion.level} {criterion.id} ({criterion.text.rstrip('.')}): {said}{by}{on}{rest}"
    )


def evidence_line(evidence: EvidenceStanding) -> str:
    """Say in a line what was shown for something that a gate wants to see, and until when."""
    head = f"  evidence {evidence.id} ({evidence.text.rstrip('.')}): {evidence.state}"
    if evidence.reference is None:
        return head
    version = f" at version {evidence.version}" if evidence.version is not None else ""
    digest = f", SHA-256 {evidence.digest[:SHOWN_DIGITS]}" if evidence.digest else ""
    until = f", counts until {evidence.valid_until}" if evidence.valid_until else ""
    return f"{head}, {evidence.reference}{version}{digest} of {evidence.dated}{until}"


def print_recommendation(found: Recommendation | None) -> None:
    """Print what is recommended to the body, and why."""
    if found is not None:
        typer.echo(f"  recommended: {words(found.outcome)}: {'; '.join(found.reasons)}")


def print_put(drafted: Put, *, as_json: bool = False) -> None:
    """Print what is put to the body beside the question."""
    if as_json:
        o.print_json(drafted)
        return
    for each in drafted.conditions:
        typer.echo(f"  condition of a conditional go: {each.text}, {each.owner}, by {each.due}")
    for each in drafted.recommendations:
        typer.echo(f"  recommended ({each.grade}): {each.text}, {each.owner}, by {each.due}")
    if drafted.until or drafted.awaits:
        typer.echo(
            f"  a hold: until {drafted.until or 'no day'}, for {drafted.awaits or 'nothing'}"
        )
    if drafted.resources:
        typer.echo(f"  with a decision to pass: {drafted.resources}")
    if drafted.confidence:
        typer.echo(f"  confidence that it delivers: {drafted.confidence}")


def print_carried(left: Iterable[Carried], zone: tzinfo) -> None:
    """Print what gates of the project left to be done, and is not done."""
    for each in left:
        due = f", {'overdue since' if each.overdue else 'due'} {o.local(each.due, zone)}"
        typer.echo(f"  open of gate {each.gate}: {each.text} {each.owner}{due if each.due else ''}")
