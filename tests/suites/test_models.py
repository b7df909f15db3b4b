"""The two model organisations: nothing is found in them, all of them is tried, in copies too."""

from pathlib import Path
from typing import get_args

import pytest

from pmo_engine.analysis.coverage import coverage_of
from pmo_engine.cli.setup import Model
from pmo_engine.compiler.loading import check_policy, load_policy
from pmo_engine.documents.sections.terms import in_order
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.policy import Policy
from pmo_engine.resources import policies_dir
from pmo_engine.roles import registry
from pmo_engine.starting import MODELS, make_folder
from pmo_engine.suites.running import run_suites


@pytest.fixture(scope="module", params=MODELS)
def model(request: pytest.FixtureRequest) -> Path:
    return policies_dir() / MODELS[request.param]


@pytest.fixture(scope="module")
def policy(model: Path) -> Policy:
    return load_policy(model)


def test_there_is_nothing_to_find(model: Path) -> None:
    assert check_policy(model).diagnostics == ()


@pytest.mark.parametrize("backend", BACKENDS)
def test_its_suites_pass_in_every_engine_and_reach_all_of_it(policy: Policy, backend: str) -> None:
    engine = Engine(policy, backend)
    try:
        failed = [each for each in run_suites(policy, engine.decide) if not each.passed]
        missed = [each for covered in coverage_of(engine) for each in covered.missed]
    finally:
        engine.close()
    assert (failed, missed) == ([], [])


def test_every_role_and_body_has_its_terms_and_every_functional_role_is_performed(
    policy: Policy,
) -> None:
    functional = set(registry.load().roles)
    assert set(policy.functional) == functional
    assert set(policy.terms) == {*policy.roles, *functional}


def test_documents_have_the_line_first_and_the_functional_roles_after_it(policy: Policy) -> None:
    order = [terms.role for terms in in_order(policy)]
    assert order[0] == "portfolio_board"
    assert set(order[-len(policy.functional) :]) == set(policy.functional)


def test_the_gates_lead_from_the_first_stage_to_the_last(policy: Policy) -> None:
    assert [gate.id for gate in policy.gates.values()] == ["G0", "G1", "G2", "G3", "G4", "G5"]
    assert {role for gate in policy.gates.values() for role in gate.assessments} == set(
        policy.functional
    )


@pytest.mark.parametrize("model", MODELS)
def test_a_copy_has_the_name_of_its_folder_and_is_as_clean(model: str, tmp_path: Path) -> None:
    folder = tmp_path / "our office"
    made = make_folder(folder, model)
    assert folder / "policies" / "roles.yaml" in made
    checked = check_policy(folder / "policies")
    assert checked.policy is not None
    assert (checked.diagnostics, checked.policy.name) == ((), "our office")


def test_the_offices_are_a_tree_of_which_two_end(tmp_path: Path) -> None:
    offices = load_policy(policies_dir() / "p3o").offices
    assert [each.id for each in offices.values() if each.under is None] == ["portfolio_office"]
    assert sorted(each.id for each in offices.values() if each.until is not None) == [
        "harbour_office",
        "records_office",
    ]


def test_the_command_line_offers_every_model() -> None:
    assert get_args(Model) == tuple(MODELS)


def test_a_variance_stands_beside_the_estimate_that_it_is_taken_from(policy: Policy) -> None:
    """Of the estimates at completion a reader takes the forecast, and would find another sum."""
    sections = [each for report in policy.reports.values() for each in report.sections]
    shown = [each.figures for each in sections if "variance_at_completion" in each.figures]
    assert shown
    assert all("estimate_at_completion" in each for each in shown)
