"""``pmo policy``: one module for each command; each imports what it needs when it runs."""

from pmo_engine.cli.policy import (
    adopting,
    boundaries,
    checking,
    code,
    dmn,
    drafts,
    explaining,
    rendering,
    schema,
    serving,
    testing,
    timeline,
    trial,
)
from pmo_engine.cli.policy.group import policy_app

__all__ = [
    "adopting",
    "boundaries",
    "checking",
    "code",
    "dmn",
    "drafts",
    "explaining",
    "policy_app",
    "rendering",
    "schema",
    "serving",
    "testing",
    "timeline",
    "trial",
]
