"""A government's lists of large projects, taken in one after another."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.exchange.record_rows import prepare
from pmo_engine.exchange.sheets import read_table
from pmo_engine.feel.values import Record
from pmo_engine.policy.events import make_event
from pmo_engine.resources import policies_dir
from pmo_engine.suites.running import run_suites

YEARS = ("2016", "2019", "2022")


@pytest.fixture(scope="module")
def policy():
    checked = check_policy(policies_dir() / "it-portfolio")
    assert checked.diagnostics == ()
    return checked.policy


@pytest.fixture(scope="module")
def prepared(policy, shared):
    def load(name: str):
        path = shared / "data" / "canada-it-projects" / f"gc-it-projects-{name}.csv"
        found = prepare(policy.registers["listings"], read_table(path))
        assert found.problems == ()
        return found

    return load


@pytest.fixture(scope="module")
def listings(prepared):
    """The portfolio after the lists of all years."""
    found: dict[str, dict] = {}
    for year in YEARS:
        for record in prepared(year).records:
            if record.key in found:
                found[record.key] |= record.changes()
            else:
                found[record.key] = record.submission()
    return found


def fired(policy, listings) -> Counter:
    """Count the listings in which each rule is true, or unknown."""
    engine, found = Engine(policy), Counter()
    for key, fields in listings.items():
        known = {name: value for name, value in fields.items() if value is not None}
        facts = {"listing": Record("listing", known)}
        event = make_event(policy, "listing.updated", datetime(2022, 5, 1, tzinfo=UTC), facts, key)
        found.update(engine.decide(event).outcomes.fired)
    return found


def test_the_policys_own_suites_pass(policy):
    results = list(run_suites(policy, Engine(policy).decide))
    assert [result for result in results if not result.passed] == []
    assert len(results) == 9


def test_every_row_of_every_list_is_taken(prepared):
    rows = {year: prepared(year) for year in (*YEARS, "combined")}
    assert {year: len(found.records) for year, found in rows.items()} == {
        "2016": 398,
        "2019": 463,
        "2022": 495,
        "combined": 1_126,
    }
    assert [rows[year].layout for year in YEARS] == ["yearly-list"] * 3
    assert rows["combined"].layout == "merged-list"


def test_budgets_grew_in_132_of_the_192_projects_listed_at_least_twice(policy, listings):
    again = {k: v for k, v in listings.items() if v["listed"] > v["first_listed"]}
    assert (len(listings), len(again)) == (1_126, 192)
    assert fired(policy, again) == {"budget-growth": 132, "later-completion": 164}
    assert fired(policy, listings) == fired(policy, again)


def test_by_the_merged_lists_own_figures_one_more_grew(policy, prepared):
    merged = {record.key: record.submission() for record in prepared("combined").records}
    assert fired(policy, merged) == {"budget-growth": 133, "later-completion": 166}
