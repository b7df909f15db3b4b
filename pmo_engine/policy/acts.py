"""Acts: what somebody may do, as a verb and what it is done to (``approve change_request``)."""

from __future__ import annotations

VERBS = (
    "approve",
    "appoint",
    "adopt",
    "assess",
    "open",
    "close",
    "submit",
    "update",
    "withdraw",
    "reopen",
    "import",
    "draft",
    "circulate",
    "comment",
    "sweep",
    "deliver",
    "read",
    "waive",
    "rescind",
    "delegate",
    "add",
    "change",
    "move",
    "map",
    "link",
)
"""The verbs of the engine's own commands."""
APPROVE = "approve"
ADOPT_POLICY = "adopt policy"


def verb_of(act: str) -> str:
    """Give what is done."""
    return act.partition(" ")[0]


def noun_of(act: str) -> str:
    """Give what it is done to."""
    return act.partition(" ")[2]
