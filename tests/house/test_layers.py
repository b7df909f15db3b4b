"""The contracts for the layers hold something: an import planted against each is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def lint(tree: Path) -> tuple[int, str]:
    # With -c the copy, the working folder, goes before the checkout that was installed.
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    for package in ("pmo_engine", "flows"):
        shutil.copytree(
            CHECKOUT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_the_project_keeps_its_contracts(tree: Path) -> None:
    status, output = lint(tree)
    assert status == 0, output


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("model", "pmo_engine.policy", "Layers"),
        ("policy", "pmo_engine.store", "Layers"),
        ("store", "pmo_engine.notify", "Layers"),
        ("work", "pmo_engine.app", "Layers"),
        ("work", "prefect", "Prefect"),
        ("policy", "durable", "durable_rules"),
        ("work", "apprise", "Apprise"),
        ("work", "sqlalchemy", "SQL"),
    ],
)
def test_a_planted_import_is_found(tree: Path, module: str, planted: str, contract: str) -> None:
    (tree / "pmo_engine" / module / "planted.py").write_text(f"import {planted}\n")
    status, output = lint(tree)
    assert status == 1, output
    [broken] = [line for line in output.splitlines() if " BROKEN" in line]
    assert broken.startswith(contract)
