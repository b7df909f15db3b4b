"""``pmo policy boundaries``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli.output import Json, print_json
from pmo_engine.cli.policy.group import check_rule, policy_app
from pmo_engine.cli.policy.places import PolicyArgument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.analysis.boundaries import Bound, Point
    from pmo_engine.engines.engine import Engine


@policy_app.command("boundaries")
def show_boundaries(
    path: PolicyArgument,
    rule: Annotated[str | None, typer.Option(help="Only the limits of this rule.")] = None,
    missed: Annotated[
        bool, typer.Option("--missed", help="Only limits with a case that no suite has.")
    ] = False,
    cases: Annotated[
        bool, typer.Option("--cases", help="Print the missing cases as a suite to fill in.")
    ] = False,
    packs: Annotated[bool, typer.Option("--packs", help="Rules of packs in use too.")] = False,
    as_json: Json = False,
) -> None:
    """List each limit with the cases at and beside it, and which of them no suite has.

    Example: pmo policy boundaries policies --missed
    """
    from pmo_engine.analysis.boundaries import bounds_of, tried_by
    from pmo_engine.analysis.coverage_goals import own_rules
    from pmo_engine.compiler.loading import load_policy
    from pmo_engine.engines.engine import Engine

    policy = load_policy(path)
    engine = Engine(policy)
    rules = policy.rules if packs else own_rules(policy)
    bounds = bounds_of(engine, tried_by(engine), rules)
    if rule is not None:
        check_rule(policy, rule)
        bounds = tuple(each for each in bounds if rule in {r.id for r in each.boundary.rules})
    if as_json:
        from pmo_engine.analysis.tested import TriedLimit

        print_json([TriedLimit.of(engine.policy, each) for each in bounds])
    elif cases:
        _print_cases(engine, bounds)
    else:
        _print(engine, bounds, missed=missed)


def _print(engine: Engine, bounds: Sequence[Bound], *, missed: bool) -> None:
    for bound in bounds:
        if missed and not bound.missed:
            continue
        for line in _heading(engine, bound):
            typer.echo(line)
        width = max(len(_value(point)) for point in bound.points)
        for point in bound.points:
            colour = typer.colors.GREEN if point.cases else typer.colors.YELLOW
            said = f"    {point.side:5}  {_value(point):{width}}  "
            typer.echo(said + typer.style(_cases(point), fg=colour))
    points = [point for bound in bounds for point in bound.points]
    covered = sum(bool(point.cases) for point in points)
    limits = "1 limit" if len(bounds) == 1 else f"{len(bounds)} limits"
    typer.echo(f"{limits}; {covered} of {len(points)} cases at and beside them")


def _heading(engine: Engine, bound: Bound) -> list[str]:
    from pmo_engine.analysis.boundaries import limit_in_words

    boundary = bound.boundary
    names = ", ".join(rule.id for rule in boundary.rules)
    written = f" (authority {boundary.authority})" if boundary.authority else ""
    if boundary.table:
        written = f" (table {boundary.table}, row {boundary.row})"
    named = typer.style(f"{names}{written}", bold=True)
    place = typer.style(f"{boundary.mark}: ", dim=True) + named
    return [place, f"  {limit_in_words(engine.policy, bound)}"]


def _value(point: Point) -> str:
    from pmo_engine.prose.values import value_in_words

    return "the limit" if point.value is None else value_in_words(point.value)


def _cases(point: Point) -> str:
    if not point.cases:
        return "no case"
    more = len(point.cases) - 1
    return point.cases[0] + (f" and {more} more" if more else "")


def _print_cases(engine: Engine, bounds: Sequence[Bound]) -> None:
    from pmo_engine.analysis.example_cases import suites_for

    typer.echo(suites_for(engine, bounds), nl=False)
