"""``pmo propose``: a proposal by the policy's form, asked for, from a file, or as arguments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.records import print_recorded
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.prose.forms import form_of
from pmo_engine.work.intake import form
from pmo_engine.work.records import submission as records

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Register
    from pmo_engine.prose.forms import FormField
    from pmo_engine.work.governance import Governance

propose_app = o.single()


@propose_app.command()
def propose(
    fields: Annotated[list[str] | None, typer.Argument(help="name=value ...")] = None,
    by: Annotated[str | None, typer.Option(help="Who proposes it.")] = None,
    office: Annotated[
        str | None, typer.Option(help="The office that takes it; the highest if left out.")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="A JSON file with the fields by their names.")
    ] = None,
    register: Annotated[
        str | None, typer.Option(help="The register of proposals, where there are several.")
    ] = None,
    show_form: Annotated[bool, typer.Option("--form", help="Print the form, and stop.")] = False,
    key: Annotated[str | None, typer.Option(help="Its key; counted up by itself.")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Propose what could become a project; it is screened at once, and goes to who decides.

    In a terminal each field of the form that is not given is asked for. Approved, it becomes a
    project that is proposed, and its first gate is opened; 'pmo mandate' writes its mandate.

    Example: pmo propose "title=Second bridge" goal=GL-1 --from proposal.json --by ana
    """
    governance = o.governance(database, policy)
    declared = form.register_of_proposals(governance.rules.policy, register)
    asked = form_of(governance.rules.policy, declared)
    if show_form:
        _print_form(asked, as_json=as_json)
        return
    if by is None:
        raise typer.BadParameter("say who proposes it: --by ana")
    given = {**_from_file(source), **o.fields_of(fields or [])}
    if sys.stdin.isatty():
        given |= _answers(governance, declared, [each for each in asked if each.name not in given])
    made = records.submit(
        governance,
        project=office or _highest(governance.rules.policy),
        register=declared.id,
        fields=given,
        by=by,
        key=key,
        request=request,
    )
    print_recorded(made, governance.rules.policy, as_json=as_json)


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    from pmo_engine.cli.reading import read_json

    found = read_json(path)
    if not isinstance(found, dict):
        raise typer.BadParameter(f'{path}: a proposal is {{"field": value}}')
    return found


def _highest(policy: Policy) -> str:
    """Name the office above which there is none."""
    return next((each.id for each in policy.offices.values() if each.under is None), OFFICE)


def _answers(governance: Governance, register: Register, asked: list[FormField]) -> dict[str, Any]:
    """Ask for each field until what is given fits; nothing given leaves it out, if it may be."""
    found: dict[str, Any] = {}
    for each in asked:
        typer.echo(_line(each))
        while True:
            value = typer.prompt(f"  {each.label}", default="", show_default=False).strip()
            if not value and not each.required:
                break
            with governance.reading() as c:
                problem = form.problem_with(c, register, each.name, value or None)
            if value and not problem:
                found[each.name] = value
                break
            typer.echo(f"  {problem or 'it has to be given'}", err=True)
    return found


def _print_form(asked: tuple[FormField, ...], *, as_json: bool) -> None:
    if as_json:
        o.print_json(list(asked))
        return
    for each in asked:
        typer.echo(_line(each))


def _line(each: FormField) -> str:
    must = ", has to be given" if each.required else ""
    about = f": {each.about}" if each.about else ""
    name = "" if each.label == each.name.replace("_", " ") else f" ({each.label})"
    return f"{each.name}{name}, {each.takes}{must}{about}"
