"""``pmo up``."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from pmo_engine.cli import output as o
from pmo_engine.resources import flows_dir

up_app = o.single()


@up_app.command()
def up(
    port: Annotated[int, typer.Option(help="The port of the Prefect server.")] = 4200,
    database: o.Database = None,
    policy: o.PolicyPath = None,
) -> None:
    """Run Prefect server, flows and sweeps in one command; Ctrl-C stops them all.

    Example: pmo up --port 4200
    """
    settings = o.settings(database, policy)
    environment = {
        **os.environ,
        "PMO_DATABASE": settings.database,
        "PMO_POLICY": str(settings.policy.resolve()),
        "PMO_ENGINE": settings.engine,
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(flows_dir().parent), os.environ.get("PYTHONPATH")])
        ),
    }
    command = [sys.executable, "-m", "flows.up", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            raise typer.Exit(process.wait())
        except KeyboardInterrupt:  # the flows' process got it too, and is stopping
            continue
