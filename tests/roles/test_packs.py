"""The packs that come with the engine: each alone with its suite, and all of them together."""

import re
import shutil
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy, load_policy
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.resources import rules_dir
from pmo_engine.roles import registry
from pmo_engine.suites.running import event_of, run_suites

PACKS = sorted(folder.name for folder in rules_dir().iterdir() if folder.is_dir())
RULES = [
    (pack, rule)
    for pack in PACKS
    for rule in re.findall(
        r"^  - id: (\S+)", (rules_dir() / pack / "rules.yaml").read_text(), re.MULTILINE
    )
]
ALWAYS = {
    "concession-granted",  # is asked for each
    "portfolio-change",  # is the board's, whatever it changes
    "report-measured",  # derives a fact from every report
}
GUARDED = {  # ask whether something is known, which always is
    "access-complete",
    "access-leaver",
    "action-owned",
    "change-before-after",
    "concession-ends",
    "decision-minuted",
    "document-owned",
    "finding-owned",
    "issue-decided",
    "milestone-rebaseline",
    "quality-attempt",
    "quality-remedy",
    "risk-occurred",
    "risk-owner",
    "stakeholder-plan",
    "support-assigned",
}
TOGETHER = """
kind: policy
name: everything
version: "1"
currency: {currency}
packs:
{packs}
---
kind: gates
stages: [start, delivery]
gates:
  - id: G1
    title: Into delivery
    from_stage: start
    to_stage: delivery
    assessments: [{roles}]
    decided_by: portfolio_board
    outcomes: [go, stop]
"""


def everything(tmp_path: Path, currency: str = "GBP", **parameters: str) -> Path:
    uses = "\n".join(f"  - {{use: {p}, with: {{{parameters.get(p, '')}}}}}" for p in PACKS)
    text = TOGETHER.format(currency=currency, packs=uses, roles=", ".join(registry.roles()))
    (tmp_path / "policy.yaml").write_text(text)
    return tmp_path


def test_every_role_and_the_office_have_a_pack():
    assert set(PACKS) == {*registry.roles(), "office", "intake"}
    for role in registry.roles().values():
        assert role.pack == rules_dir() / role.id


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_checks_without_a_word(pack):
    assert check_policy(rules_dir() / pack).diagnostics == ()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("pack", PACKS)
def test_its_suite_passes_in_every_engine(pack, backend):
    policy = load_policy(rules_dir() / pack)
    engine = Engine(policy, backend)
    try:
        results = list(run_suites(policy, engine.decide))
    finally:
        engine.close()
    assert [result for result in results if not result.passed] == []
    assert results


@pytest.mark.parametrize("pack", PACKS)
def test_each_rule_is_tried_true_false_and_unknown(pack):
    policy = load_policy(rules_dir() / pack)
    engine = Engine(policy, "tracing")
    seen = {rule.id: set() for rule in policy.rules if rule.pack == pack}
    for suite in policy.suites:
        for case in suite.cases:
            found = engine.decide(event_of(policy, case)).outcomes
            for rule in suite.about:
                kinds = {"fired": found.fired, "not": found.not_fired, "unknown": found.unknown}
                seen[rule] |= {kind for kind, rules in kinds.items() if rule in rules}
    for rule, kinds in seen.items():
        wanted = {"fired"} if rule in ALWAYS else {"fired", "not", "unknown"}
        assert kinds >= wanted - ({"unknown"} if rule in GUARDED else set()), rule


def without(tmp_path: Path, pack: str, rule: str) -> Path:
    """Copy a pack, leaving out one rule and what its suites say they are about."""
    folder = shutil.copytree(rules_dir() / pack, tmp_path / pack)
    rules, suite = folder / "rules.yaml", folder / "suite.yaml"
    text, cut = re.subn(rf"(?m)^  - id: {rule}\n(?:    .*\n|\n)*", "", rules.read_text())
    assert cut == 1
    rules.write_text(re.sub(r"(?m)^rules:\n(?=---|\Z)", "rules: []\n", text))
    about = rf"(?m)^(about: \[.*?)(?<![-\w]){rule}(?![-\w])(?:, )?"
    suite.write_text(re.sub(about, r"\1", suite.read_text()))
    return folder


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_a_rule_that_is_gone_is_missed(tmp_path, pack, rule):
    checked = check_policy(without(tmp_path, pack, rule))
    if checked.errors:  # another rule looked at what it derives, or a case expects what it asks for
        found = {item.code for item in checked.errors if "measured_colour" not in item.message}
        assert found <= {"PMO080"}
        return
    results = run_suites(checked.policy, Engine(checked.policy, "tracing").decide)
    assert any(not result.passed for result in results)


def test_all_packs_work_together_in_one_policy(tmp_path):
    checked = check_policy(everything(tmp_path))
    assert checked.errors == ()
    assert {rule.id for rule in checked.policy.rules} == {rule for _, rule in RULES}
    prefixes = [register.key_prefix for register in checked.policy.registers.values()]
    assert len(prefixes) == len(set(prefixes)) == 33


def test_a_policy_sets_what_a_pack_leaves_to_it(tmp_path):
    policy = load_policy(everything(tmp_path, risk="appetite: 12"))
    event = {
        "event": "risk.submitted",
        "at": "2026-03-02T09:00:00Z",
        "facts": {"risk": {"probability": 3, "impact": 4, "owner": "Ines"}},
    }
    decision = Engine(policy, "tracing").decide(event)
    assert [(item.kind, item.role) for item in decision.obligations] == [("exception", "pmo_head")]


def test_another_currency_says_its_own_limit(tmp_path):
    error = check_policy(everything(tmp_path, "EUR")).errors[0]
    assert error.message == "pack 'commercial' has 25000 GBP for its parameter 'direct_award'"
    assert error.file == str(tmp_path / "policy.yaml")
    assert error.hint.startswith("add it under 'with:' (money in EUR, ")
    own = {
        "commercial": "direct_award: 30000 EUR",
        "risk": "exposure_limit: 300000 EUR",
        "intake": "small: 60000 EUR, medium: 600000 EUR",
    }
    stated = everything(tmp_path, "EUR", **own)
    assert check_policy(stated).errors == ()
