"""The page on adopting a version: its commands do what it says, in their order."""

import json
import re
import shlex
from pathlib import Path

import pytest

from pmo_engine.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "adopting.md"
BLOCK = re.compile(r"^```sh( edited)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PMO_DATABASE", "PMO_POLICY", "PMO_ENGINE", "PMO_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    for edited, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if edited:
            edit(Path("policies/policy.yaml"))
        for command in map(shlex.split, block.splitlines()):
            if command[0] == "cd":
                monkeypatch.chdir(tmp_path / command[1])
                continue
            given = [waiting(capsys) if each == "ID" else each for each in command[1:]]
            assert run(given) == 0, command
    said = capsys.readouterr().out
    assert "Version 2 of our-office: adopted" in said
    assert "bo voted approve" in said
    assert said.endswith("intact\n")


def edit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")


def waiting(capsys: pytest.CaptureFixture[str]) -> str:
    """The id of what waits for Bo."""
    capsys.readouterr()
    assert run(["inbox", "bo", "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)[0]["id"])
