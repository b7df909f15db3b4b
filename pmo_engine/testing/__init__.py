"""For tests of policies and of the engine: a small world, and two commands at the same moment."""

from pmo_engine.testing.at_once import Failed, at_once
from pmo_engine.testing.world import (
    ADMINISTRATOR,
    START,
    Inbox,
    World,
    policy_from,
    story_of,
    waiting_for,
)

__all__ = [
    "ADMINISTRATOR",
    "START",
    "Failed",
    "Inbox",
    "World",
    "at_once",
    "policy_from",
    "story_of",
    "waiting_for",
]
