"""Planning strategies as the documents say them."""

from pathlib import Path

import yaml

from pmo_engine.compiler.loading import load_policy
from pmo_engine.documents import clauses
from tests.compile.test_compile_cases import HERE, lay_out

MODELS = Path(__file__).parents[2] / "policies"


def test_how_a_strategy_is_chosen_and_what_it_plans_are_clauses(tmp_path: Path) -> None:
    case = yaml.safe_load((HERE / "strategies.yaml").read_text(encoding="utf-8"))
    policy = load_policy(lay_out(tmp_path, case["files"]))
    said = {each.id: each.text for each in clauses(policy)}
    assert said["strategies/chosen_by"] == (
        "A project is planned by the strategy that is full if the project's cost is above 5,"
        " otherwise light. What is planned is entered among the milestones, its day as due on."
        " What falls on a day on which the office is closed is on the next one on which it is open."
        " Another strategy is for whoever may tailor a project, and for a reason."
    )
    assert said["strategy/light"] == (
        "The stage 'build' lasts 20 working days: 'Done' on the day on which it ends."
    )
    assert said["strategy/full"] == (
        "For what is large. The stage 'idea' lasts 1 month: 'The case' 3 weeks after it begins"
        " (critical). The stage 'build' lasts 1 year: 'Begun' on the day on which it begins and"
        " 'Done' on the day on which it ends. The stage 'run' lasts 10 days."
    )


def test_a_table_that_chooses_is_named() -> None:
    said = {each.id: each.text for each in clauses(load_policy(MODELS / "pmo-single"))}
    assert said["strategies/chosen_by"].startswith(
        "A project is planned by the strategy that the table 'How a project is planned' gives for"
        " the project's cost, the project's risk and whether the project is marked as regulated."
    )
