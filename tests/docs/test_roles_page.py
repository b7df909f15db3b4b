"""The page on roles has every role, rule and figure of the packs, and names nothing else."""

import re
from pathlib import Path

from pmo_engine.compiler.loading import load_policy
from pmo_engine.resources import rules_dir
from pmo_engine.roles.registry import roles

PAGE = (Path(__file__).parents[2] / "docs/reference/roles.md").read_text(encoding="utf-8")
PACKS = sorted(each.name for each in rules_dir().iterdir() if each.is_dir())


def test_it_has_every_role_rule_and_figure() -> None:
    assert {f"## {name}" for name in (*roles(), "office")} <= set(PAGE.splitlines())
    for pack in PACKS:
        policy = load_policy(rules_dir() / pack)
        for rule in policy.rules:
            assert f"| `{rule.id}` | {rule.binding} |" in PAGE
        for figure in policy.figures:
            assert f"| `{figure.id}`: {figure.label} |" in PAGE


def test_the_rules_of_structural_roles_are_rules() -> None:
    structural = PAGE.partition("## The structural roles")[2]
    known = {rule.id for pack in PACKS for rule in load_policy(rules_dir() / pack).rules}
    assert set(re.findall(r"`([a-z]+-[a-z-]+)`", structural)) <= known
