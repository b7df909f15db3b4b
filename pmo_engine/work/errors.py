"""Why a command was not carried out, in one line; nothing of it was kept."""

from __future__ import annotations

from pmo_engine.store.tables import OFFICE


class CommandError(Exception):
    """The command could not be carried out as given."""


class IdTaken(CommandError):
    """There is one with this id already."""


SHORTEST = 4
"""So many characters name something by the beginning of its id."""


class Refusal(CommandError):
    """Somebody may not do this, or it is too late for it; the journal tells of the attempt."""

    chain: str = OFFICE
    subject: str | None = None


class SuitesFailed(CommandError):
    """A policy whose own tests fail; ``failures`` has a line for each of these cases."""

    def __init__(self, policy: str, failures: tuple[str, ...], count: int) -> None:
        self.failures = failures
        super().__init__(f"{policy}: {len(failures)} of {count} cases fail, so it is no draft yet")


def the_one(found: list[str], beginning: str, noun: str) -> str:
    """Give the only id that begins so; raises CommandError for none or several.

    An empty or very short beginning names nothing, even where it is the only one: it is a slip.
    """
    if beginning and not found:
        raise CommandError(f"no {noun} has an id that begins with '{beginning}'")
    short = len(beginning) < SHORTEST and beginning not in found
    if short and all(each.startswith(beginning) for each in found):
        given = f"'{beginning}' is too short" if beginning else "the id is empty"
        raise CommandError(
            f"{given}: give the id of the {noun}, or at least its first {SHORTEST} characters"
        )
    if len(found) > 1:
        raise CommandError(f"{len(found)} {noun}s begin with '{beginning}'; give more of the id")
    return found[0]
