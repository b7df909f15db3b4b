"""``pmo policy schema``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pmo_engine.cli.policy.group import policy_app


@policy_app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help="One kind; all when left out.")] = None,
) -> None:
    """Print the JSON Schema of a kind of policy file, for editors.

    Example: pmo policy schema rules
    """
    from pmo_engine.policy.schema import Kinds

    if kind is not None and kind not in Kinds.models:
        raise typer.BadParameter(f"'{kind}' is no kind; kinds are {', '.join(Kinds.models)}")
    models = Kinds.models if kind is None else {kind: Kinds.models[kind]}
    schemas = {name: model.model_json_schema(by_alias=True) for name, model in models.items()}
    typer.echo(json.dumps(schemas if kind is None else schemas[kind], indent=2))
