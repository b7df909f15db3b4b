"""What becomes of what the office works on: the states of each, and the steps between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoSuchStep(ValueError):
    """What is in one state cannot come into another; says so in one line."""


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """The states of a noun, the one it begins in first, each with those that may follow it.

    ``about``: what else there is to know, in a sentence.
    """

    noun: str
    steps: Mapping[str, tuple[str, ...]]
    about: str = ""

    @property
    def first(self) -> str:
        """The state it begins in."""
        return next(iter(self.steps))

    @property
    def decided(self) -> tuple[str, ...]:
        """Every state but the one it begins in."""
        return tuple(self.steps)[1:]

    @property
    def last(self) -> tuple[str, ...]:
        """The states that nothing follows."""
        return tuple(state for state, following in self.steps.items() if not following)

    def before(self, state: str) -> tuple[str, ...]:
        """The states that one may follow."""
        return tuple(each for each, following in self.steps.items() if state in following)

    def require(self, before: str, after: str) -> None:
        """Raise NoSuchStep unless one state may follow the other; to stay is no step."""
        if before != after and after not in self.steps.get(before, ()):
            following = " or ".join(words(each) for each in self.steps.get(before, ())) or "nothing"
            raise NoSuchStep(
                f"{self.noun}: what is {words(before)} cannot become {words(after)}; "
                f"{following} follows it"
            )


def words(state: str) -> str:
    """Give a state as people read it."""
    return state.replace("_", " ")


RECORD = LifeCycle(
    "record",
    {
        "waiting": ("blocked", "approved", "rejected", "withdrawn", "ended"),
        "blocked": ("waiting", "approved", "rejected", "withdrawn", "ended"),
        "approved": ("rescinded", "waiting", "blocked"),
        "rejected": (),
        "withdrawn": (),
        "rescinded": (),
        "ended": ("waiting", "blocked"),
    },
    "How a record stands to its decision, beside the state of its life that its register declares."
    " What is decided takes no other outcome, but that an approval is rescinded by whoever gave it"
    " or who is above; it is asked for again with a new record that follows the earlier one. A"
    " record of a kind that stands unasked lives on after an approval, and waits again where it is"
    " asked about anew. What is closed before anybody decided has ended, and waits again when it is"
    " opened again.",
)
UNDECIDED = ("waiting", "blocked")
"""How a record stands about which nobody has decided yet."""

OBLIGATION = LifeCycle(
    "obligation",
    {
        "open": ("met", "waived", "lapsed", "withdrawn"),
        "met": ("open",),
        "waived": (),
        "lapsed": (),
        "withdrawn": (),
    },
    "Somebody whom the terms name may waive what is asked for, an approval apart. An approval that"
    " was given is open again where a vote on it is found not to count before there is an outcome.",
)

GATE_REVIEW = LifeCycle(
    "gate review",
    {
        "assessing": ("awaiting_assessments", "awaiting_decision", "closed"),
        "awaiting_assessments": ("assessing", "awaiting_decision", "closed"),
        "awaiting_decision": ("assessing", "closed"),
        "closed": (),
    },
)

POLICY_VERSION = LifeCycle(
    "policy version",
    {
        "draft": ("comment", "submitted", "withdrawn", "superseded"),
        "comment": ("submitted", "withdrawn", "superseded"),
        "submitted": ("adopted", "rejected", "withdrawn"),
        "adopted": ("superseded",),
        "rejected": (),
        "withdrawn": (),
        "superseded": (),
    },
)

PROJECT = LifeCycle(
    "project",
    {
        "proposed": ("active", "stopped"),
        "active": ("on_hold", "closed", "stopped"),
        "on_hold": ("active", "closed", "stopped"),
        "closed": ("active",),
        "stopped": ("active",),
    },
    "Usually it is added when it is active already. On hold it takes no new records, and the time"
    " allowed for what waits stands still, but for its gates. Closed it takes neither records nor"
    " gates, and what waits is decided. Stopped it takes nothing, and nothing waits in it.",
)

MESSAGE = LifeCycle(
    "message",
    {
        "waiting": ("claimed", "sent"),
        "claimed": ("waiting", "sent", "failed"),
        "sent": ("waiting",),
        "failed": ("waiting", "sent"),
    },
    "A notice or a flow in the outbox. What was delivered is sent, also after its lease was over;"
    " what reached a part of its address may begin anew.",
)

RUNG = LifeCycle(
    "rung",
    {"waiting": ("fired", "cancelled"), "fired": (), "cancelled": ()},
    "A reminder or an escalation that waits for its time.",
)

LIFE_CYCLES = (RECORD, OBLIGATION, RUNG, GATE_REVIEW, POLICY_VERSION, PROJECT, MESSAGE)
