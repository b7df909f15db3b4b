"""Declared figures: worked out over what counts, or not available with the reason."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pmo_engine.engines.engine import Engine
from pmo_engine.engines.figures import Worked, of_project, of_record
from pmo_engine.feel.values import Record
from pmo_engine.policy import Policy
from pmo_engine.policy.events import read_facts
from pmo_engine.suites.running import run_suites
from pmo_engine.testing import policy_from

DAY = date(2026, 3, 2)
TEXT = """
kind: policy
name: small
version: "1"
currency: GBP
---
kind: registers
registers:
  - register: lines
    noun: line
    root: line
    plural: lines
    fields:
      budget: {type: money}
      spent: {type: money}
      began: {type: date}
    life_cycle: {states: [entered, done], closed: done, moves: [{from: entered, to: done}]}
---
kind: rules
pack: small
parameters:
  most: {type: number, default: 0.5, about: the part of the budget that may be spent}
rules:
  - id: overspent
    title: No more than the budget is spent
    on: line.submitted
    binding: shall
    when: line.spent > line.budget
    then: [{block: More than the budget}]
---
kind: figures
pack: small
figures:
  - {id: spent_share, label: spent, unit: share, formula: spent_all / budget_all, source: Ours,
     not_available_when: 'budget_all = @"0 GBP"', because: there is no budget}
  - {id: budget_all, label: budget, unit: money, formula: sum(lines.budget), source: Ours,
     not_available_when: count(lines) = 0, because: there are no lines}
  - {id: spent_all, label: spent in all, unit: money, formula: sum(lines.spent), source: Ours}
  - {id: too_much, label: lines spent beyond the most, unit: count, source: Ours,
     formula: 'count(lines[used > most])'}
  - {id: used, of: line, label: used, unit: share, formula: line.spent / line.budget, source: Ours}
  - {id: age, of: line, label: age, unit: days, formula: '(today - line.began).days', source: Ours}
  - {id: unfinished, label: not done, unit: count, over: open, formula: count(lines), source: Ours}
  - {id: entered, label: entered, unit: count, over: all, formula: count(lines), source: Ours}
---
kind: worked_examples
examples:
  - name: half of it
    working: 5 / 10 = 0.5
    at: "2026-03-02T12:00:00Z"
    facts: {lines: [{key: L-1, budget: 10 GBP, spent: 5 GBP, began: 2026-03-01}]}
    gives: {spent_share: GIVEN, L-1.used: 0.5, L-1.age: 1, unfinished: 1, entered: 1,
            budget_all: 10 GBP, spent_all: 5 GBP, too_much: 0}
---
kind: suite
about: [overspent]
event: line.submitted
cases:
  - {name: more, facts: {line: {budget: 1 GBP, spent: 2 GBP}}, expect: {blocked: true}}
"""
ONE = {"key": "L-1", "budget": "300 GBP", "spent": "200 GBP", "began": "2026-02-20"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(TEXT.replace("GIVEN", "0.5"))


def figures(policy: Policy, *lines: dict[str, str], day: date = DAY) -> dict[str, Worked]:
    facts, wrong = read_facts(policy, {"lines": list(lines)})
    assert wrong == []
    return of_project(policy, facts, day)


def shown(policy: Policy, *lines: dict[str, str]) -> dict[str, Any]:
    return {id: each.shown for id, each in figures(policy, *lines).items()}


def test_a_figure_is_worked_out_from_others_whatever_their_order(
    policy: Policy,
) -> None:
    found = figures(policy, ONE)
    assert found["spent_share"].value.quantize(Decimal("1E-9")) == Decimal("0.666666667")
    assert found["spent_share"].shown == Decimal("0.6667")
    assert str(found["budget_all"].shown) == "300 GBP"


def test_figures_of_records_are_seen_in_filters_beside_parameters_of_the_pack(
    policy: Policy,
) -> None:
    half = {**ONE, "key": "L-2", "spent": "150 GBP"}
    assert shown(policy, ONE, half)["too_much"] == 1


@pytest.mark.parametrize("stands", ["blocked", "rejected", "withdrawn", "rescinded"])
def test_what_came_to_nothing_is_in_no_figure_but_one_over_all(policy: Policy, stands: str) -> None:
    for how in ({"standing": stands}, {"standing": stands, "status": "entered"}):
        found = shown(policy, ONE, {**ONE, "key": "L-2", **how})
        assert str(found["budget_all"]) == "300 GBP"
        assert (found["entered"], found["unfinished"]) == (2, 1)


def test_what_is_closed_counts_and_is_not_open(policy: Policy) -> None:
    closed = {**ONE, "key": "L-2"}
    for how in ({"status": "done"}, {"closed_at": "2026-03-01T09:00:00Z"}):
        found = shown(policy, ONE, {**closed, **how})
        assert (str(found["budget_all"]), found["unfinished"]) == ("600 GBP", 1)


def test_none_is_available_where_its_condition_says_so_nor_what_is_made_of_it(
    policy: Policy,
) -> None:
    none, nothing = figures(policy), figures(policy, {**ONE, "budget": "0 GBP"})
    assert none["budget_all"].why == "there are no lines"
    assert none["spent_share"].why == "budget: there are no lines"
    assert nothing["spent_share"].why == "there is no budget"
    assert nothing["spent_share"].shown is None


def test_what_a_record_lacks_is_named_and_never_taken_for_nothing(policy: Policy) -> None:
    found = figures(policy, ONE, {"key": "L-2", "budget": "5 GBP"})
    assert found["spent_all"].why == "not known: lines[2].spent"
    assert found["spent_share"].why == "not known: lines[2].spent"
    assert found["budget_all"].available


def test_an_error_is_told_as_the_reason_and_stops_nobody(policy: Policy) -> None:
    found = figures(policy, {**ONE, "budget": "0 GBP"})
    assert "zero" in found["too_much"].why
    assert str(found["spent_all"].shown) == "200 GBP"


def test_figures_of_a_record_stand_on_their_day(policy: Policy) -> None:
    register = policy.registers["lines"]
    record = read_facts(policy, {"line": ONE})[0]["line"]
    assert isinstance(record, Record)
    found = of_record(policy, register, record, {}, DAY)
    assert {id: each.shown for id, each in found.items()} == {
        "used": Decimal("0.6667"),
        "age": Decimal(10),
    }


def test_only_what_is_wanted_is_given(policy: Policy) -> None:
    facts = read_facts(policy, {"lines": [ONE]})[0]
    found = of_project(policy, facts, DAY, {"spent_share"})
    assert {id: each.shown for id, each in found.items()} == {"spent_share": Decimal("0.6667")}


@pytest.mark.parametrize(
    ("given", "failures"),
    [
        ("0.5", ()),
        ("0.6", ("spent_share: 0.6 was expected, and it is 0.5",)),
        ("not available", ("spent_share: not available was expected, and it is 0.5",)),
    ],
)
def test_a_worked_example_is_run_with_the_suites(given: str, failures: tuple[str, ...]) -> None:
    policy = policy_from(TEXT.replace("GIVEN", given))
    engine = Engine(policy, "tracing")
    *_, result = run_suites(policy, engine.decide)
    assert (result.suite, result.case) == ("figures", "half of it")
    assert result.failures == failures


def test_a_figure_across_the_office_sees_the_records_of_all_projects() -> None:
    text = TEXT.replace("GIVEN", "0.5").replace(
        "id: entered, label: entered,", "id: entered, across: office, label: entered,"
    )
    policy = policy_from(text)
    mine, all_ = (
        read_facts(policy, {"lines": [{**ONE, "key": key} for key in keys]})[0]
        for keys in (("L-1",), ("L-1", "L-2", "L-3"))
    )
    alone = of_project(policy, mine, DAY)
    found = of_project(policy, mine, DAY, everywhere=lambda plural: all_[plural])
    assert (alone["entered"].shown, found["entered"].shown) == (1, 3)
    assert (found["unfinished"].shown, str(found["budget_all"].shown)) == (1, "300 GBP")
    beside = of_project(policy, mine, DAY, {"entered"}, lambda plural: all_[plural])
    assert beside.keys() == {"entered"}
