"""The group that the commands under ``pmo policy`` enter themselves into."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_engine.cli import output as o

policy_app = o.group("Check, test and describe policy files.")
FolderArgument = Annotated[Path, typer.Argument(help="A policy's folder, a pack's, or one file.")]
