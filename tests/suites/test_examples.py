"""The policies that encode published authority: their limits are the source's, and no other."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy, load_policy
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.model.money import Money
from pmo_engine.resources import policies_dir
from pmo_engine.suites.running import run_suites
from tests.policies import kept

EXAMPLES = policies_dir() / "examples"
NPDC, TXDOT = EXAMPLES / "npdc", EXAMPLES / "txdot"
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def delegations(shared: Path):
    return json.loads((shared / "data/authority/npdc.json").read_text())


@pytest.fixture(scope="module")
def signatures(shared: Path):
    return json.loads((shared / "data/authority/txdot_change_orders.json").read_text())


@pytest.mark.parametrize("folder", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_there_is_nothing_to_find(folder: Path):
    assert check_policy(folder).diagnostics == ()
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("folder", "cases"), [(NPDC, 20), (TXDOT, 39)])
def test_the_suites_pass_in_every_engine(folder: Path, cases: int, backend: str):
    policy = load_policy(folder)
    engine = Engine(policy, backend)
    try:
        results = list(run_suites(policy, engine.decide))
    finally:
        engine.close()
    assert [each for each in results if not each.passed] == []
    assert len(results) == cases


# New Plymouth


def role_of(name: str) -> str:
    return "written_authority" if name == "other_with_written_authority" else name


def test_the_limits_are_those_of_the_register(delegations):
    policy = kept(NPDC)
    written = {
        role: authority.limits[0].value
        for role, terms in policy.terms.items()
        for authority in terms.authority
    }
    currency = delegations["currency"]
    assert written == {
        role_of(each["role"]): Money(Decimal(each["up_to"]), currency)
        for each in delegations["limits"]
    }


def test_at_each_limit_its_own_role_is_asked_and_above_it_the_next(delegations):
    engine = Engine(kept(NPDC), "compiled")
    rising = sorted(delegations["limits"], key=lambda each: each["up_to"])
    above = [role_of(each["role"]) for each in rising[1:]] + ["tier1"]
    for each, senior in zip(rising, above, strict=True):
        limit = Decimal(each["up_to"])
        mine = role_of(each["role"])
        asked = [_asked(engine, amount) for amount in (limit - CENT, limit, limit + CENT)]
        assert asked == [[mine], [mine], [senior]]


def _asked(engine: Engine, amount: Decimal) -> list[str | None]:
    facts = {"transaction": {"amount": f"{amount} NZD"}}
    return _approvers(engine, "transaction.submitted", facts)


def _approvers(engine: Engine, event: str, facts: dict) -> list[str | None]:
    decision = engine.decide({"event": event, "at": "2026-03-02T00:00:00Z", "facts": facts})
    return [each.role for each in decision.obligations if each.kind == "approval"]


# Texas

FLAGS = ("changes_project_limits", "resolves_termination_cost", "district_wide_limit_change")
SENIORITY = ("area_engineer", "district_engineer", "assistant_executive_director")


def expected_signer(rules: list[dict], kind: str, amount: Decimal, flag: str | None) -> str:
    """Read the source as the README says: any amount first, then the least senior who may."""
    if flag in next(each["any_amount_when"] for each in rules if "any_amount_when" in each):
        return "assistant_executive_director"
    may = [
        each["signs"]
        for each in rules
        if "any_amount_when" not in each
        and kind in each.get("type", kind)
        and amount < each.get("below", amount + 1)
        and amount >= each.get("at_least", amount)
    ]
    return min(may, key=SENIORITY.index)


def test_every_type_and_amount_is_signed_by_whom_the_source_says(signatures):
    engine = Engine(kept(TXDOT), "compiled")
    rules = signatures["rules"]
    limits = {Decimal(each[key]) for each in rules for key in ("below", "at_least") if key in each}
    amounts = sorted({limit + by for limit in limits for by in (-CENT, 0, CENT)})
    for kind in ("bilateral", "unilateral", "interim_adjustment"):
        for amount in (Decimal(-5000), *amounts):
            for flag in (None, *FLAGS):
                order = {"type": kind, "amount": f"{amount} USD"}
                order |= dict.fromkeys(FLAGS, "false") | ({flag: "true"} if flag else {})
                signer = expected_signer(rules, kind, amount, flag)
                asked = _approvers(engine, "change_order.submitted", {"order": order})
                assert asked == [signer], (kind, amount, flag)


def test_the_causes_are_those_of_the_source(signatures):
    [causes] = [each.get("any_amount_when") for each in signatures["rules"] if len(each) == 2][1:]
    assert tuple(causes) == FLAGS
    [major] = [rule.when.text for rule in kept(TXDOT).rules if rule.id == "major-order"]
    growth, *changes = signatures["major_when_federal"]
    assert growth == "cost growth at or above the lesser of 25 percent of the original and 300000"
    assert 'order.growth >= min(order.original * 0.25, @"300000 USD")' in major
    assert [f"order.{each.replace(' a ', ' ').replace(' ', '_')}" in major for each in changes] == [
        False,  # the project's limits, by the name that the reserved causes give them
        True,
        True,
    ]
    assert "order.changes_project_limits" in major


def checked_with(folder: Path, old: str, new: str) -> list[str]:
    """Say what a check finds in the table if a part of it were written otherwise."""
    shutil.copytree(TXDOT, folder / "txdot")
    table = folder / "txdot/table.yaml"
    text = table.read_text()
    assert old in text
    table.write_text(text.replace(old, new))
    return [each.message for each in check_policy(folder / "txdot").diagnostics]


def test_a_lower_end_for_unilateral_orders_would_be_a_gap(tmp_path):
    found = checked_with(
        tmp_path,
        "interim_adjustment], amount: < 300000 USD",
        "interim_adjustment], amount: '[50000 USD..300000 USD)'",
    )
    [message] = found
    assert message.startswith("table 'signer' has no row for type unilateral or interim adjustment")
    assert message.endswith(", amount below 50,000 USD and reserved to the highest signature no")


def test_under_unique_the_rows_overlap(tmp_path):
    found = checked_with(tmp_path, "hit_policy: first", "hit_policy: unique")
    assert len(found) == 5
    assert (
        "rows 2 and 3 of table 'signer' both match type bilateral and amount below 50,000 USD"
        in found
    )


def test_under_any_the_rows_contradict_each_other(tmp_path):
    found = checked_with(tmp_path, "hit_policy: first", "hit_policy: any")
    assert len(found) == 4
    assert all("give different answers" in each for each in found)


def test_in_the_order_of_the_source_the_reserved_orders_never_count(tmp_path):
    reserved = "  - {when: {reserved: 'true'}, then: assistant_executive_director}\n"
    last = "  - {when: {amount: '>= 300000 USD'}, then: assistant_executive_director}\n"
    text = (TXDOT / "table.yaml").read_text()
    rows = text[text.index(reserved) :]
    found = checked_with(tmp_path, rows, rows.removeprefix(reserved) + reserved)
    assert rows.endswith(last)
    assert found == [
        "row 5 of table 'signer' never counts: rows that go before it match whatever it does"
    ]
