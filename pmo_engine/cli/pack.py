"""``pmo pack``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_engine.cli import output as o

if TYPE_CHECKING:
    from pmo_engine.analysis.offers import Offer, OfferedParameter

pack_app = o.group("Say what packs offer: parameters, rules, registers.")
Beside = Annotated[
    Path, typer.Option("--policy", help="A policy's folder: packs beside it are found too.")
]


@pack_app.command("list")
def list_(policy: Beside = Path(), as_json: o.Json = False) -> None:
    """List the packs that a policy can use, with what they ask for.

    Example: pmo pack list
    """
    from pmo_engine.compiler.pack_folders import packs_for

    named = [(name, _readable(name, policy)) for name in packs_for(policy)]
    found = [offer for _, offer in named if not isinstance(offer, str)]
    failures = {name: offer for name, offer in named if isinstance(offer, str)}
    for name, reason in failures.items():
        typer.echo(f"pack '{name}' cannot be used: {reason}", err=True)
    if as_json:
        o.print_json(found)
        return
    rows = [
        {
            "pack": each.pack,
            "rules": len(each.rules),
            "registers": ", ".join(register.register_name for register in each.registers),
            "parameters": ", ".join(parameter.name for parameter in each.parameters),
        }
        for each in found
    ]
    columns = {"pack": "Pack", "rules": "Rules", "registers": "Registers"}
    o.table(rows, {**columns, "parameters": "Parameters"})


@pack_app.command()
def show(
    name: Annotated[str, typer.Argument(help="A pack's name, as in risk, or its folder.")],
    policy: Beside = Path(),
    as_json: o.Json = False,
) -> None:
    """Show a pack: its parameters with types, defaults and descriptions, its rules in words.

    Example: pmo pack show risk
    """
    offer = _offer(name, policy)
    if as_json:
        o.print_json(offer)
    else:
        _print(offer)


def _readable(name: str, policy: Path) -> Offer | str:
    """Say what is in a pack, or why it cannot be used."""
    from pmo_engine.source.diagnostics import PolicyError

    try:
        return _offer(name, policy)
    except PolicyError as error:
        return str(error).partition("\n")[0]
    except typer.BadParameter as error:
        return error.message


def _offer(name: str, policy: Path) -> Offer:
    """Read a pack, bound on its own, and say what is in it."""
    from pmo_engine.analysis.offers import offer_of
    from pmo_engine.compiler.loading import load_policy

    folder = _folder(name, policy)
    return offer_of(load_policy(folder), folder)


def _folder(name: str, policy: Path) -> Path:
    from pmo_engine.compiler.pack_folders import PackError, find_pack, packs_for
    from pmo_engine.source.diagnostics import nearest

    try:
        found = find_pack(name, policy) or Path(name)
    except PackError as error:
        raise typer.BadParameter(f"pack '{name}': {error}") from None
    if not found.is_dir():
        known = packs_for(policy)
        hint = nearest(name, known) or f"there are {', '.join(known)}"
        raise typer.BadParameter(f"no pack is called '{name}' ({hint})")
    return found


def _print(offer: Offer) -> None:
    o.heading(f"{offer.pack}: {len(offer.rules)} rules, {offer.cases} cases of its own")
    typer.echo(f"  {offer.folder}")
    for each in offer.parameters:
        typer.secho(f"  {each.name}", bold=True, nl=False)
        typer.echo(f": {each.about}")
        typer.echo(f"    {each.type}{_bounds(each)}, {_default(each)}")
    for rule in offer.rules:
        typer.secho(f"  {rule.id}", bold=True, nl=False)
        typer.echo(f" ({rule.binding}): {rule.says}")
    for register in offer.registers:
        typer.secho(f"  register {register.register_name}", bold=True, nl=False)
        typer.echo(f": {', '.join(register.fields_)}")


def _bounds(each: OfferedParameter) -> str:
    least, most = each.at_least, each.at_most
    if least is not None and most is not None:
        return f" from {least} to {most}"
    return (
        f" from {least} up" if least is not None else f" up to {most}" if most is not None else ""
    )


def _default(each: OfferedParameter) -> str:
    if each.default is None:
        return f"to be set by the policy (for example {_shown(each.example)})"
    return f"{_shown(each.default)} where a policy sets no other"


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
