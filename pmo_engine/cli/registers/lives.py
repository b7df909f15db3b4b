"""``pmo records life``: the states of a register's records and the moves between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.cli.registers.group import records_app
from pmo_engine.cli.writing import write_whole

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Register


@records_app.command()
def life(
    register: o.Register,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Draw it into this file instead.")
    ] = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show the life of a register's records: its states, the moves, who makes them.

    Example: pmo records life risks --svg risks.svg
    """
    from pmo_engine.documents.pictures import draw_life
    from pmo_engine.documents.sections.lives import picture_of
    from pmo_engine.drawing.svg import svg as written
    from pmo_engine.work.records.naming import register_named

    with o.governance_to_read(database, policy).reading() as c:
        declared, policy_ = register_named(c.policy, register), c.policy
    if svg is not None:
        write_whole(svg, written(draw_life(picture_of(declared))).encode())
        typer.echo(f"wrote {svg}")
    elif as_json:
        o.print_json(_as_json(declared))
    else:
        _print(declared, policy_)


def _as_json(register: Register) -> dict[str, object]:
    moves = [
        {
            "from": list(each.start),
            "to": each.to,
            "by": list(each.by),
            "needs": [*["reason"] * each.reason, *each.fields],
            "approval": each.approval,
        }
        for each in register.life.moves
    ]
    life = register.life
    return {"states": list(life.every), "closed": list(life.closed), "moves": moves}


def _print(register: Register, policy: Policy) -> None:
    from pmo_engine.prose.life_cycles import life_in_words, move_in_words

    o.heading(f"The life of a {register.noun.replace('_', ' ')}")
    typer.echo(life_in_words(register.life))
    for number, each in enumerate(register.life.moves, 1):
        typer.echo(f"  {number}. {move_in_words(each, register, policy)}")
