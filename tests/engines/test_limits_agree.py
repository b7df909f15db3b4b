"""Limits that hang on facts, sums and who is away give one decision in every engine."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.engines.engine import BACKENDS, Engine
from tests.small_policy import check_text

TEXT = """
kind: rates
rates:
  - {of: EUR, to: 2026-05-01, rate: 1.2, source: Note 1}
  - {of: EUR, from: 2026-05-01, rate: 0.87, source: Note 2}
---
kind: registers
registers:
  - extends: changes
    fields: {price: {type: money}, supplier: {type: text}}
---
kind: terms_of_reference
for: project_manager
authority:
  - {id: a, may: approve change, of: {category: [time, cost]}, up_to: greater of 50 GBP and 10 % of change.price}
  - {id: b, may: approve change, cumulative: {by: supplier, over: ever, across: office}, up_to: [{value: 300 GBP}]}
---
kind: terms_of_reference
for: pmo_head
authority:
  - {id: c, may: approve change, cumulative: {by: requester, over: 90 days}, up_to: lesser of 900 GBP and 50 % of change.price}
  - {id: d, may: approve change, of: {requester: project_manager}, in_absence_of: board, up_to: unlimited}
---
kind: terms_of_reference
for: board
authority:
  - {id: e, may: approve change, up_to: unlimited}
---
kind: rules
rules:
  - id: asked
    title: Whoever may approves
    on: change.submitted
    binding: shall
    then: [{require_approval: {from: least_senior_with_authority}}]
  - id: told
    title: Told of what is beyond
    on: change.submitted
    binding: shall
    when: change.cost > authority("project_manager", "approve change")
    then: [{notify: {to: board}}]
  - id: left
    title: Told of what is left
    on: change.submitted
    binding: shall
    when: headroom("pmo_head", "approve change") < change.cost
    then: [{notify: {to: pmo_head}}]
"""  # noqa: E501 - an entry stands on one line

AMOUNTS = st.sampled_from(
    ["-10 GBP", "0 GBP", "50 GBP", "50.01 GBP", "300 GBP", "900 GBP", None, "58 EUR"]
)


def some(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Give records in which any field may be left out."""
    return st.fixed_dictionaries({}, optional=fields)


CHANGE = some(
    cost=AMOUNTS,
    price=st.sampled_from(["100 GBP", "1000 GBP"]),
    supplier=st.sampled_from(["ACME", "acme ", "Bolt"]),
    category=st.sampled_from(["time", "scope"]),
    submitted_by=st.sampled_from(["ana", "ben"]),
    status=st.sampled_from(["submitted", "approved", "rejected"]),
    decided_at=st.sampled_from(["2026-03-01T12:00:00Z", "2026-05-01T10:00:00Z"]),
)
NUMBERED = st.lists(CHANGE, max_size=4).map(
    lambda each: [{"key": f"C-{n}", **one} for n, one in enumerate(each)]
)
ROLES = st.lists(st.sampled_from(["board", "pmo_head", "project_manager"]), max_size=2)
STANDING = some(
    absent=ROLES, requester=ROLES, sums=some(b=st.sampled_from(["0 GBP", "250 GBP", "300 GBP"]))
)
FACTS = some(change=CHANGE.map(lambda c: {"key": "C-2", **c}), changes=NUMBERED, standing=STANDING)


@pytest.fixture(scope="module")
def engines() -> Iterator[list[Engine]]:
    policy = check_text(TEXT).policy
    assert policy is not None
    with ExitStack() as open_:
        made = [Engine(policy, name) for name in BACKENDS]
        for each in made:
            open_.callback(each.close)
        yield made


@settings(max_examples=150)
@given(facts=FACTS)
def test_every_engine_says_the_same(engines: list[Engine], facts: dict[str, Any]) -> None:
    event = {"event": "change.submitted", "at": "2026-05-01T12:00:00Z", "facts": facts}
    first, *others = (engine.decide(event).published() for engine in engines)
    for other in others:
        assert other == first


@settings(max_examples=100)
@given(facts=FACTS, more=st.sampled_from(["900 GBP", "300.01 GBP"]))
def test_more_that_was_taken_up_never_lets_somebody_less_senior_approve(
    engines: list[Engine], facts: dict[str, Any], more: str
) -> None:
    event = {"event": "change.submitted", "at": "2026-05-01T12:00:00Z", "facts": facts}
    taken = {"key": "C-9", "status": "approved", "cost": more, "supplier": "ACME"}
    taken |= {"submitted_by": "ana", "category": "time"}
    heavier = {**facts, "changes": [*facts.get("changes", []), taken]}
    order = ["project_manager", "pmo_head", "board"]

    def asked(which: dict[str, Any]) -> list[int]:
        found = engines[0].decide({**event, "facts": which}).obligations
        return [order.index(str(o.role)) for o in found if o.kind == "approval"]

    before, after = asked(facts), asked(heavier)
    if before and after and "changes" in facts:
        assert after >= before
