"""Why a command was not carried out, in one line; nothing of it was kept."""

from __future__ import annotations


class CommandError(Exception):
    """The command could not be carried out as given."""


class Refusal(CommandError):
    """Somebody may not do this, or it is too late for it."""


def the_one(found: list[str], beginning: str, noun: str) -> str:
    """Give the only id that begins so; raises CommandError for none or several."""
    if not found:
        raise CommandError(f"no {noun} has an id that begins with '{beginning}'")
    if len(found) > 1:
        raise CommandError(f"{len(found)} {noun}s begin with '{beginning}'; give more of the id")
    return found[0]
