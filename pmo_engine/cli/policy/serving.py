"""``pmo policy serve``."""

from __future__ import annotations

from typing import Annotated

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
    make_server().start_io()
