"""Plans of projects as typed and as answered."""

from pathlib import Path

import pytest

from tests.cli.conftest import CITY, Pmo

MAY = """\
  - {id: head-plans, may: plan project, up_to: unlimited}
  - {id: head-tailors, may: tailor project, up_to: unlimited}
"""
PLANS = """
---
kind: registers
registers:
  - register: milestones
    noun: milestone
    root: milestone
    plural: milestones
    key_prefix: M
    decided: when asked
    fields: {title: {type: text}, due_on: {type: date}}
---
kind: table
id: way
title: The strategy of a project
inputs: [{name: budget, type: money}]
outputs: [{name: strategy, type: [light, full]}]
hit_policy: first
rows:
  - {when: {budget: '< @"50000 GBP"'}, then: {strategy: '"light"'}}
  - {when: {}, then: {strategy: '"full"'}}
---
kind: strategies
chosen_by: way(project.budget)
register: milestones
days_in: [due_on]
strategies:
  - id: light
    title: Light planning
    stages:
      - {stage: delivery, lasts: 4 weeks, plan: [{id: done, title: All is done, at: end}]}
  - id: full
    title: Full planning
    stages:
      - {stage: delivery, lasts: 8 weeks, plan: [{id: done, title: All is done, at: end}]}
"""


@pytest.fixture
def town(office: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pmo:
    policy = tmp_path / "town.yaml"
    head = "for: pmo_head\n"
    before, after = CITY.read_text(encoding="utf-8").split(head)
    may = after.replace("authority:\n", f"authority:\n{MAY}", 1)
    policy.write_text(f"{before}{head}{may}{PLANS}", encoding="utf-8")
    monkeypatch.setenv("PMO_POLICY", str(policy))
    stage = next(e for e in office("project", "list", "--json").json if e["id"] == "P-1")["stage"]
    policy.write_text(policy.read_text().replace("stage: delivery", f"stage: {stage}"))
    return office


def test_a_plan_is_shown_set_drawn_and_tailored(town: Pmo, tmp_path: Path) -> None:
    lacking = town("plan", "show", "P-1")
    assert lacking.status == 0
    assert "no strategy can be chosen for P-1 yet: not known: the project's budget" in lacking.out
    assert "pmo project change P-1 budget=..." in lacking.out
    refused = town("plan", "set", "P-1", "--by", "petra")
    assert (refused.status, refused.out) == (2, "")
    assert "not known: the project's budget (project.budget)" in refused.err
    assert town("project", "change", "P-1", "budget=20000 GBP", "--by", "petra").status == 0
    shown = town("plan", "show", "P-1", "--from", "2026-03-02")
    assert "row 1 of 'The strategy of a project': Where budget is below 50,000 GBP" in shown.out
    assert "project.budget: 20,000 GBP" in shown.out
    assert "not planned yet: 'pmo plan set P-1' enters what is planned" in shown.out
    assert "All is done" in shown.out
    done = town("plan", "set", "P-1", "--from", "2026-03-02", "--by", "petra")
    [said, entered] = done.out.splitlines()
    assert said.startswith("P-1 planned: Light planning, from 2026-03-02 on; ")
    assert "; delivery ends on 2026-03-30" in said
    assert entered.startswith("entered: M-")
    again = town("plan", "set", "P-1", "--by", "petra", "--json").json
    assert (again["changed"], again["strategy"], again["entered"]) == (False, "light", [])
    tailored = town(
        *("plan", "set", "P-1", "--strategy", "full", "--reason", "first of its kind"),
        *("--by", "petra"),
    )
    assert tailored.out.startswith("P-1 planned: Full planning (first of its kind), from 2026-03")
    assert "moved: M-" in tailored.out
    told = town("plan", "show", "P-1")
    assert "planned by full, though light is chosen: first of its kind" in told.out
    assert "there" in told.out
    assert town("plan", "show", "P-1", "--json").json["set"] == "full"
    drawn = town("plan", "show", "P-1", "--svg", "plan.svg")
    assert drawn.out == "wrote plan.svg\n"
    picture = (tmp_path / "plan.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "All is done, 27 April 2026" in picture


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "P-9"), "P-9"),
        (("show", "P-1", "--from", "soon"), "'--from'"),
        (("set", "P-1", "--strategy", "ful", "--by", "petra"), "did you mean 'full'?"),
        (("set", "P-1", "--from", "9999-12-01", "--strategy", "full", "--by", "petra"), "reason"),
    ],
)
def test_what_cannot_be_is_one_line(town: Pmo, arguments: tuple[str, ...], said: str) -> None:
    done = town("plan", *arguments)
    assert done.status == 2
    assert said in done.err


def test_days_that_are_not_reckoned_are_said(town: Pmo) -> None:
    done = town("plan", "show", "P-1", "--strategy", "full", "--from", "9999-12-30")
    assert (done.status, done.out) == (2, "")
    assert "the plan of P-1 cannot be laid out" in done.err


def test_without_strategies_there_is_no_plan(office: Pmo) -> None:
    done = office("plan", "show", "P-1")
    assert done.status == 2
    assert "the policy declares no planning strategies, under 'kind: strategies'" in done.err


def test_a_plan_is_shown_to_who_may_read_what_is_planned(town: Pmo, tmp_path: Path) -> None:
    policy = tmp_path / "town.yaml"
    reads = f"{MAY}  - {{id: head-reads, may: read milestones, up_to: unlimited}}\n"
    policy.write_text(policy.read_text("utf-8").replace(MAY, reads), encoding="utf-8")
    town("project", "change", "P-1", "budget=40000 GBP", "--by", "petra")
    refused = town("plan", "show", "P-1", "--by", "ana")
    assert refused.status == 2
    assert "may not read milestones: under the terms that is for the PMO head" in refused.err
    assert "Light planning" in town("plan", "show", "P-1", "--by", "petra").out
