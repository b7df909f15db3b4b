"""Figures of many projects at once are those that the walk which defines the language gives."""

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.engines import figures as reference
from pmo_engine.engines.bulk.prepared import Plan
from pmo_engine.engines.bulk.projects import Projects
from pmo_engine.feel.values import Record
from pmo_engine.policy import Policy
from pmo_engine.policy.events import read_facts
from pmo_engine.testing import policy_from

DAY = date(2026, 3, 2)
POLICY = """
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
      part: {type: number}
      began: {type: date}
      ended: {type: date}
      sort: {type: [own, bought]}
    life_cycle: {states: [entered, done], closed: done, moves: [{from: entered, to: done}]}
---
kind: figures
figures:
  - {id: left, of: line, label: left, unit: money, formula: line.budget - line.spent}
  - {id: share, of: line, label: spent, unit: share, formula: line.spent / line.budget}
  - {id: days, of: line, label: days, unit: days,
     formula: '(line.last - line.began).days'}
  - {id: last, of: line, label: last day, unit: words,
     formula: 'if is_known(line.ended) then line.ended else
       if line.began < today then today else line.began'}
  - {id: weighed, of: line, label: weighed, unit: money,
     formula: 'if line.sort = "own" then -(line.budget * line.part) else line.budget * line.part'}
  - {id: all_left, label: left, unit: money, formula: sum(lines.left),
     not_available_when: count(lines) = 0, because: there are no lines}
  - {id: longest, label: longest, unit: days, formula: max(lines.days),
     not_available_when: count(lines) = 0, because: there are no lines}
  - {id: over, label: over the most, unit: count, formula: 'count(lines[share > 0.5])'}
  - {id: begun, label: begun, unit: share,
     formula: 'count(lines[began <= today and not(is_known(ended))])
       / count(lines[began <= today])',
     not_available_when: 'count(lines[began <= today]) = 0', because: none has begun}
  - {id: soon, label: soon, unit: points,  over: open,
     formula: 'sum(append(lines[began between today and today + duration("P9D")].part, 0))'}
  - {id: net, label: net, unit: money, over: all, formula: sum(lines.weighed)}
  - {id: least, label: least, unit: points, formula: 'min(lines[is_known(part) and part > 0].part)',
      not_available_when: 'count(lines[is_known(part) and part > 0]) = 0', because: none}
  - {id: mean_part, label: mean, unit: points, formula: mean(lines.part),
     not_available_when: count(lines) = 0, because: there are no lines}
  - {id: of_all, label: of all, unit: share, formula: 'all_left / net'}
  - {id: named, label: named, unit: words,
     formula: 'string join(sort(distinct values(lines.sort), function(a, b) a < b), ", ")'}
  - {id: gap, label: beyond the mean, unit: count, formula: 'count(lines[part > mean_part])'}
"""


@cache
def small() -> Policy:
    return policy_from(POLICY.replace("unit:", "source: Ours, unit:"))


@pytest.fixture
def policy() -> Policy:
    return small()


def amount(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda number: f"{number}.50 GBP")


DAYS = st.dates(date(2026, 2, 20), date(2026, 3, 14)).map(str)
LINE = st.fixed_dictionaries(
    {"status": st.sampled_from(["entered", "done"])},
    optional={
        "budget": amount(9),
        "spent": amount(9),
        "part": st.integers(-2, 5).map(str),
        "began": DAYS,
        "ended": DAYS,
        "sort": st.sampled_from(["own", "bought"]),
        "standing": st.sampled_from(["approved", "blocked", "rescinded"]),
    },
)
WHOLE = st.fixed_dictionaries(
    {
        "status": st.just("entered"),
        "budget": amount(9),
        "spent": amount(9),
        "part": st.integers(0, 5).map(str),
        "began": DAYS,
        "sort": st.sampled_from(["own", "bought"]),
    }
)
PROJECTS = st.lists(st.lists(WHOLE, max_size=4) | st.lists(LINE, max_size=4), max_size=3)


def typed(policy: Policy, rows: list[dict[str, Any]], project: int) -> list[Record]:
    keyed = [{"key": f"L-{number}", **row} for number, row in enumerate(rows)]
    facts, wrong = read_facts(policy, {"lines": keyed}, DAY)
    assert wrong == []
    return [Record(f"lines[P-{project}/{row['key']}]", row, row.fields) for row in facts["lines"]]


def fresh(records: list[Record]) -> list[Record]:
    return [Record(each.path, dict(each), each.fields) for each in records]


def shown(worked: dict[str, reference.Worked]) -> dict[str, tuple[Any, bool]]:
    return {
        id: (each.value if each.available else None, each.available) for id, each in worked.items()
    }


def same(bulk: dict[str, reference.Worked], walk: dict[str, reference.Worked]) -> None:
    assert shown(bulk) == shown(walk)


@settings(max_examples=120, deadline=None)
@given(found=PROJECTS)
def test_each_project_and_all_together_come_to_what_the_walk_gives(found) -> None:
    policy = small()
    ids = [each.id for each in policy.figures if each.of is None]
    plan = Plan(policy, ids, DAY, {})
    projects = Projects(plan, lambda _: [])
    lists = [typed(policy, rows, number) for number, rows in enumerate(found)]
    parts = []
    for records in lists:
        mine = projects.parts({"lines": fresh(records)}, {})
        parts.append(mine)
        walk = reference.of_project(policy, {"lines": records}, DAY, ids)
        bulk = projects.figures(mine, {})
        same(bulk, walk)
        assert {id: each.why for id, each in bulk.items()} == {
            id: each.why for id, each in walk.items()
        }
    together = projects.figures(projects.together(parts), {})
    every = [record for records in lists for record in records]
    same(together, reference.of_project(policy, {"lines": every}, DAY, ids))


def test_what_adds_up_is_taken_out_of_the_formulas_and_the_rest_looks_at_records(policy) -> None:
    ids = [each.id for each in policy.figures if each.of is None]
    plan = Plan(policy, ids, DAY, {})
    by_id = {each.figure.id: each for each in plan.figures}
    whole = {id for id, each in by_id.items() if each.whole}
    assert whole == {"mean_part", "named", "gap"}
    made = {id for id, each in by_id.items() if each.formula.made is not None}
    assert made == set(ids) - whole
    assert plan.fields("lines") == {"budget", "spent", "part", "began", "ended", "sort"}


def test_a_plan_of_few_figures_wants_no_more_than_these_look_at(policy) -> None:
    plan = Plan(policy, ["over"], DAY, {})
    assert plan.fields("lines") == {"budget", "spent"}
    assert plan.plurals == {"lines"}
    assert [each.id for each in plan.own["lines"]] == ["share"]
    assert not plan.volatile
