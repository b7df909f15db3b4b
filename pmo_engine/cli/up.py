"""``pmo up`` and ``pmo demo``: what runs as a program of its own."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pmo_engine.cli import output as o
from pmo_engine.resources import flows_dir

up_app = o.single()
demo_app = o.single()


@up_app.command()
def up(
    port: Annotated[
        int, typer.Option(min=1, max=65_535, help="The port of the Prefect server.")
    ] = 4200,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    limit: Annotated[int, typer.Option(min=1, max=o.MOST, help="How many flow runs at once.")] = 3,
    home: Annotated[
        Path | None, typer.Option(help="Where Prefect keeps its files; .prefect, or PREFECT_HOME.")
    ] = None,
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
    command = [sys.executable, "-m", "flows.up", "--port", str(port), "--limit", str(limit)]
    if home is not None:
        command += ["--home", str(home)]
    sys.stdout.flush()
    # Ctrl-C waits until the other program, whose modules take a while, looks after it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, command, environment)  # noqa: S606 - this process becomes it


@demo_app.command()
def demo(
    model: Annotated[
        Literal["pmo", "p3o"],
        typer.Option(help="One office and a gate that Prefect runs (pmo), or many offices (p3o)."),
    ] = "pmo",
    folder: Annotated[Path, typer.Option(help="Where to work.")] = Path("demo-out"),
    policy: Annotated[
        Path | None, typer.Option(help="The policy's folder; else the model's own.")
    ] = None,
) -> None:
    """Play the main job of an invented organisation on a simulated clock, and keep its folder.

    Example: pmo demo --model p3o
    """
    command = [sys.executable, "-m", "pmo_engine.demo", "--model", model, "--folder", str(folder)]
    if policy is not None:
        command += ["--policy", str(policy)]
    sys.stdout.flush()
    os.execve(sys.executable, command, dict(os.environ))  # noqa: S606 - this process becomes it
