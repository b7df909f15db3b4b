"""Reviews put together from what a register would hold, typed as the role's own pack declares.

What lies beyond a range is typed, too: a register may hold it from before there was one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.figures import of_project
from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.wire import from_wire
from pmo_engine.policy import Policy
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Review

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
Registers = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def loaded(pack: Path) -> Policy:
    return load_policy(pack)


def review_of(role: str, registers: Registers) -> Review:
    policy = loaded(rules_dir() / role)
    typed = {
        name: from_wire(unbounded(policy.facts[policy.registers[name].plural]), list(entries), name)
        for name, entries in registers.items()
    }
    facts = {policy.registers[name].plural: entries for name, entries in typed.items()}
    wanted = {each.id for each in policy.figures if each.pack == role and each.of is None}
    return Review(
        project="P-1",
        gate="G2",
        stage="delivery",
        today=NOW.date(),
        now=NOW,
        currency=policy.currency,
        parameters=policy.parameters_on(role, NOW.date()),
        registers=typed,
        figures=of_project(policy, {**facts, "now": NOW}, NOW.date(), wanted),
    )


@pytest.fixture
def review() -> Callable[[str, Registers], Review]:
    return review_of


@pytest.fixture
def pack() -> Callable[[Path], Policy]:
    return loaded
