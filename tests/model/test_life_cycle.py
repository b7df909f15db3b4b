"""States, and the steps between them."""

from typing import get_args

import pytest

from pmo_engine.model import vocabulary
from pmo_engine.model.life_cycle import (
    GATE_REVIEW,
    LIFE_CYCLES,
    MESSAGE,
    OBLIGATION,
    POLICY_VERSION,
    PROJECT,
    RECORD,
    RUNG,
    LifeCycle,
    NoSuchStep,
)


@pytest.mark.parametrize(
    ("cycle", "declared"),
    [
        (OBLIGATION, vocabulary.ObligationStatus),
        (GATE_REVIEW, vocabulary.ReviewStatus),
        (POLICY_VERSION, vocabulary.PolicyStatus),
        (MESSAGE, vocabulary.MessageState),
        (RUNG, vocabulary.RungState),
    ],
)
def test_the_states_are_those_that_the_store_takes(cycle: LifeCycle, declared: object) -> None:
    assert set(cycle.steps) == set(get_args(declared))


@pytest.mark.parametrize("cycle", LIFE_CYCLES, ids=lambda cycle: cycle.noun)
def test_every_state_is_reached_from_the_first(cycle: LifeCycle) -> None:
    reached = {cycle.first}
    for _ in cycle.steps:
        reached |= {after for before in reached for after in cycle.steps[before]}
    assert reached == set(cycle.steps)


def test_where_each_begins_and_ends() -> None:
    assert [cycle.first for cycle in LIFE_CYCLES] == [
        *("waiting", "open", "waiting", "assessing", "draft", "proposed", "waiting")
    ]
    assert RECORD.last == ("rejected", "withdrawn", "rescinded")
    assert RECORD.decided == ("blocked", "approved", *RECORD.last, "ended")
    assert GATE_REVIEW.last == ("closed",)
    assert PROJECT.last == MESSAGE.last == ()


def test_what_may_come_before() -> None:
    assert POLICY_VERSION.before("superseded") == ("draft", "comment", "adopted")
    assert MESSAGE.before("waiting") == ("claimed", "sent", "failed")
    assert MESSAGE.before("sent") == ("waiting", "claimed", "failed")


@pytest.mark.parametrize(
    ("cycle", "before", "after", "said"),
    [
        (RECORD, "approved", "rejected", "what is approved cannot become rejected; rescinded"),
        (OBLIGATION, "waived", "open", "what is waived cannot become open; nothing follows"),
        (
            GATE_REVIEW,
            "awaiting_decision",
            "awaiting_assessments",
            "what is awaiting decision cannot become awaiting assessments; assessing or closed",
        ),
        (POLICY_VERSION, "draft", "adopted", "comment or submitted or withdrawn or superseded"),
        (
            PROJECT,
            "active",
            "asleep",
            "cannot become asleep; on hold or closed or stopped follows it",
        ),
        (PROJECT, "asleep", "active", "what is asleep cannot become active; nothing follows it"),
    ],
)
def test_a_step_that_there_is_not(cycle: LifeCycle, before: str, after: str, said: str) -> None:
    with pytest.raises(NoSuchStep, match=said):
        cycle.require(before, after)


def test_a_step_that_there_is_and_staying() -> None:
    RECORD.require("waiting", "approved")
    RECORD.require("approved", "approved")
