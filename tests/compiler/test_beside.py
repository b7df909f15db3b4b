"""What a pack says of the registers of another counts where both are in use."""

from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy, load_policy

HEADER = """
kind: policy
name: small
version: "1"
currency: GBP
packs: [{use: office}, {use: benefits}OTHER]
"""


@pytest.mark.parametrize(("other", "there"), [("", 0), (", {use: planning}", 1)])
def test_rules_beside_another_pack_count_where_it_is_in_use(
    tmp_path: Path, other: str, there: int
) -> None:
    (tmp_path / "policy.yaml").write_text(HEADER.replace("OTHER", other))
    rules = {rule.id for rule in load_policy(tmp_path).rules}
    assert ("benefit-milestone" in rules) == there
    assert "benefit-late" in rules


FIGURES = """
---
kind: figures
beside: [planning]
figures:
  - {id: late, label: late, unit: count, formula: count(milestones), source: Ours}
"""


@pytest.mark.parametrize(("other", "there"), [("", 0), (", {use: planning}", 1)])
def test_figures_beside_another_pack_are_there_where_it_is_in_use(
    tmp_path: Path, other: str, there: int
) -> None:
    (tmp_path / "policy.yaml").write_text(HEADER.replace("OTHER", other) + FIGURES)
    checked = check_policy(tmp_path)
    assert checked.errors == ()
    assert ("late" in {each.id for each in checked.policy.figures}) == there


@pytest.mark.parametrize(("other", "moved"), [("", 0), (", {use: change_control}", 1)])
def test_registers_beside_another_pack_say_more_where_it_is_in_use(
    tmp_path: Path, other: str, moved: int
) -> None:
    (tmp_path / "policy.yaml").write_text(HEADER.replace("OTHER", f", {{use: planning}}{other}"))
    checked = check_policy(tmp_path)
    assert checked.errors == ()
    baseline = checked.policy.registers["milestones"].fields["baseline"]
    assert len(baseline.moved_by) == moved


def test_a_pack_that_there_is_not_is_told_and_not_passed_over(tmp_path: Path) -> None:
    text = HEADER.replace("OTHER", "") + FIGURES.replace("[planning]", "[planing]")
    (tmp_path / "policy.yaml").write_text(text)
    [error] = check_policy(tmp_path).errors
    assert (error.message, error.line) == ("unknown pack 'planing'", 10)
    assert "planning" in error.hint
