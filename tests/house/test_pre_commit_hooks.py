"""The hooks that repositories of policies can use: their form, and that their commands work."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from pmo_engine.cli.main import run

ROOT = Path(__file__).parents[2]
HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


def run_hook(hook: dict[str, Any], files: list[Path]) -> int:
    """Run a hook as pre-commit does: its entry, its arguments, and the files that have changed."""
    command, *arguments = shlex.split(hook["entry"])
    assert command == "pmo"
    given = files if hook.get("pass_filenames", True) else []
    chosen = [str(file) for file in given if re.search(hook["files"], file.as_posix())]
    return run([*arguments, *hook.get("args", []), *chosen])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = ROOT / "policies/demo"
    (tmp_path / "policies").mkdir()
    for file in source.glob("*.yaml"):
        (tmp_path / "policies" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_hooks_have_what_the_tool_needs() -> None:
    assert set(HOOKS) == {"pmo-policy-check", "pmo-policy-test"}
    for hook in HOOKS.values():
        assert {"id", "name", "description", "entry", "language", "types", "files"} <= set(hook)
        assert hook["language"] == "python"
        re.compile(hook["files"])


def test_changed_files_are_checked_as_their_policy(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = [Path("policies/rules.yaml"), Path("policies/policy.yaml"), Path("compose.yaml")]
    assert run_hook(HOOKS["pmo-policy-check"], changed) == 0
    terms = repository / "policies/terms-of-reference.yaml"
    terms.write_text(terms.read_text().replace("for: pmo_head", "for: pmo_haed"))
    capsys.readouterr()
    assert run_hook(HOOKS["pmo-policy-check"], changed) == 1
    assert "PMO014 unknown role 'pmo_haed'" in capsys.readouterr().out


def test_suites_are_run(repository: Path) -> None:
    assert run_hook(HOOKS["pmo-policy-test"], [Path("policies/rules.yaml")]) == 0
    suite = repository / "policies/suite.yaml"
    suite.write_text(suite.read_text().replace("approvals: [", "approvals: [portfolio_board, "))
    assert run_hook(HOOKS["pmo-policy-test"], [Path("policies/rules.yaml")]) == 1
