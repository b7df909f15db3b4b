"""The group that the commands under ``pmo policy`` enter themselves into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pmo_engine.cli import output as o

if TYPE_CHECKING:
    from pmo_engine.policy import Policy

policy_app = o.group("Check, test and describe policy files.")


def check_rule(policy: Policy, rule: str) -> None:
    """Raise BadParameter, with the nearest name, where a policy has no such rule."""
    from pmo_engine.source.diagnostics import nearest

    known = [each.id for each in policy.rules]
    if rule not in known:
        hint = nearest(rule, known)
        raise typer.BadParameter(f"no rule is called '{rule}'" + (f": {hint}" if hint else ""))
