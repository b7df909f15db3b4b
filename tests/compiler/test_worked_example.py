"""The worked example of the language's own page checks, and its suite passes in every engine."""

import re
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.source.codes import CANNOT_DECIDE, NOT_KEPT, NOTHING_ASKS
from pmo_engine.suites.running import run_suites


@pytest.fixture(scope="module")
def example(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = shared / "design/policy-language.md"
    if not page.is_file():
        pytest.skip("the language's page is not beside this checkout")
    section = page.read_text(encoding="utf-8").partition("## A worked example")[2]
    (text,) = re.findall(r"```yaml\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    folder = tmp_path_factory.mktemp("example")
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    return folder


def test_it_checks(example: Path) -> None:
    """Without an error; what it says of its board, and of changes that cost nothing, is told."""
    found = check_policy(example)
    assert found.errors == ()
    assert {item.code for item in found.diagnostics} <= {CANNOT_DECIDE, NOTHING_ASKS, NOT_KEPT}


@pytest.mark.parametrize("backend", BACKENDS)
def test_its_suite_passes(example: Path, backend: str) -> None:
    policy = check_policy(example).policy
    assert policy is not None
    engine = Engine(policy, backend)
    try:
        results = list(run_suites(policy, engine.decide))
    finally:
        engine.close()
    assert len(results) == 4
    assert [result for result in results if not result.passed] == []


def test_a_limit_changed_in_the_text_changes_who_is_asked(example: Path, tmp_path: Path) -> None:
    text = (example / "policy.yaml").read_text(encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(text.replace("value: 50000 GBP", "value: 50001 GBP"))
    policy = check_policy(tmp_path).policy
    assert policy is not None
    failed = [r.case for r in run_suites(policy, Engine(policy).decide) if not r.passed]
    assert failed == ["a penny above"]
