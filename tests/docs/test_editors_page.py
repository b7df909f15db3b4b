"""What the page on editors says to write works."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from pmo_engine.cli.main import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/guide/editors.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_schemas_are_where_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (command,) = blocks("sh")
    program, *arguments = shlex.split(command)
    assert program == "pmo"
    assert run(arguments) == 0
    example, hooks = blocks("yaml")
    found = re.match(r"# yaml-language-server: \$schema=\.\./(\S+)", example)
    assert found is not None
    schema = json.loads((tmp_path / found[1]).read_text())
    assert not list(Draft202012Validator(schema).iter_errors(yaml.safe_load(example)))
    (settings,) = blocks("json")
    [(path, _)] = json.loads(settings)["yaml.schemas"].items()
    assert (tmp_path / path).is_file()
    known = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    named = [hook["id"] for hook in yaml.safe_load(hooks)["repos"][0]["hooks"]]
    assert named == [hook["id"] for hook in known]
