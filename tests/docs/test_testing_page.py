"""The page on testing: every example of a suite on it checks and passes."""

import re
from pathlib import Path

from pmo_engine.compiler.loading import check_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.policy.suites.expectations import DETAILS, EXPECTATIONS
from pmo_engine.source.codes import NOTHING_ASKS
from pmo_engine.suites.running import run_suites

DOCS = Path(__file__).parents[2] / "docs/reference"
PAGE = (DOCS / "testing.md").read_text(encoding="utf-8")
INDEX = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
RULE = """
kind: rules
rules:
  - id: late-changes
    title: Late changes wait
    on: change.submitted
    binding: shall
    when: change.weeks > 4 and not(change.urgent)
    then: [{require_approval: {from: board, within: 3 working days, ladder: standard}}]
"""


def test_every_suite_on_the_page_checks_and_passes(tmp_path: Path) -> None:
    [base] = re.findall(r"```yaml base\n(.*?)```", INDEX, re.DOTALL)
    suites = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(suites) == 2
    (tmp_path / "policy.yaml").write_text("---\n".join([base, RULE, *suites]), encoding="utf-8")
    checked = check_policy(tmp_path)
    assert {item.code for item in checked.diagnostics} <= {NOTHING_ASKS}  # small ones are free
    assert checked.policy is not None
    results = list(run_suites(checked.policy, Engine(checked.policy).decide))
    assert len(results) == 11
    assert [r.failures for r in results if not r.passed] == []


def test_every_key_is_on_the_page() -> None:
    assert [key for key in (*EXPECTATIONS, *DETAILS) if f"`{key}`" not in PAGE] == []
