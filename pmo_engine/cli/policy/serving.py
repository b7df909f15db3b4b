"""``pmo policy serve``."""

from __future__ import annotations

import sys
from typing import Annotated, TextIO, cast

import typer

from pmo_engine.cli.policy.group import policy_app


@policy_app.command()
def serve(
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Speak over standard input and output, as always.")
    ] = True,
) -> None:
    """Run the language server, which editors start: findings, completion, hover, definitions.

    Example: pmo policy serve --stdio
    """
    from pmo_engine.editor.server import make_server

    del stdio
    # The protocol is bytes: the stream of the process, which nothing makes fit for people.
    make_server().start_io(stdout=cast("TextIO", sys.__stdout__).buffer)
