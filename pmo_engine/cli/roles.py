"""``pmo role``."""

from __future__ import annotations

import typer

from pmo_engine.cli import output as o

role_app = o.group("List the functional roles that are plugged in.")


@role_app.callback()
def _group() -> None:
    """Keep ``list`` a command of its own."""


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
