"""Which records figures look at: of many at once, those that each alone says."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.policy import Policy
from pmo_engine.policy.figures import counts, is_open, looked_at
from pmo_engine.testing import policy_from

POLICY = """
kind: policy
name: small
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: registers
registers:
  - register: lines
    noun: line
    root: line
    plural: lines
    fields: {note: {type: string}}
    life_cycle: {states: [entered, done], closed: done, moves: [{from: entered, to: done}]}
"""
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["entered", "done", "closed", "rejected", "blocked"]),
        "standing": st.sampled_from(["submitted", "approved", "withdrawn", "rescinded"]),
        "closed_at": st.sampled_from([None, "2026-03-01T09:00:00Z"]),
    },
)


@cache
def small() -> Policy:
    return policy_from(POLICY)


@given(st.lists(RECORD, max_size=6))
def test_of_many_records_those_are_looked_at_that_each_alone_says(records) -> None:
    register = small().registers["lines"]
    assert looked_at(records, register, "all") == records
    assert looked_at(records, register, "counted") == [each for each in records if counts(each)]
    assert looked_at(records, register, "open") == [e for e in records if is_open(e, register)]


def test_what_is_closed_in_any_way_is_not_open() -> None:
    register = small().registers["lines"]
    over = [
        {"status": "done"},
        {"status": "closed"},
        {"status": "entered", "closed_at": "2026-03-01T09:00:00Z"},
        {"status": "entered", "standing": "withdrawn"},
    ]
    assert looked_at([*over, {"status": "entered"}], register, "open") == [{"status": "entered"}]
