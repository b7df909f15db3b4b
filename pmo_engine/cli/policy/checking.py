"""``pmo policy check``."""

from __future__ import annotations

import typer

from pmo_engine.cli.output import Json, print_json
from pmo_engine.cli.policy.group import FolderArgument, policy_app


@policy_app.command()
def check(path: FolderArgument, as_json: Json = False) -> None:
    """Print every diagnostic of a policy: file:line:column: CODE message.

    Example: pmo policy check policies/demo
    """
    from pmo_engine.policy.loading import check_policy

    checked = check_policy(path)
    if as_json:
        print_json([item.as_dict() for item in checked.diagnostics])
    else:
        for item in checked.diagnostics:
            colour = typer.colors.RED if item.severity == "error" else typer.colors.YELLOW
            typer.secho(str(item), fg=colour)
        errors = len(checked.errors)
        warnings = len(checked.diagnostics) - errors
        rules = len(checked.policy.rules) if checked.policy is not None else 0
        typer.echo(f"{errors} errors, {warnings} warnings" + (f", {rules} rules" if rules else ""))
    if checked.errors:
        raise typer.Exit(1)
