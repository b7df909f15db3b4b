"""What the commands of ``pmo gate`` share."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_engine.cli import output as o

gate_app = o.group("Open, assess, answer and follow stage gates.")
Review = Annotated[str, typer.Argument(help="The review's id, as 'pmo gate list' shows it.")]
