"""Where the policy is that a command means, when nothing or a project's folder is named."""

import json
from pathlib import Path
from typing import Any

import pytest

Pmo = Any
EVENT = {"event": "change_request.submitted", "at": "2026-03-02T09:00:00Z", "facts": {}}


@pytest.fixture
def project(pmo: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a project as ``pmo init`` makes it, with files of other programs, to work in."""
    folder = tmp_path / "project"
    assert pmo("init", folder).status == 0
    (folder / "deploy.yml").write_text("services: [&a {}, *a", encoding="utf-8")
    (folder / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PMO_POLICY", raising=False)
    return folder


COMMANDS = [
    ("policy", "check"),
    ("policy", "test"),
    ("policy", "render"),
    ("policy", "timeline"),
    ("policy", "boundaries"),
    ("policy", "explain", "--event", "event.json"),
]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_policy_that_the_settings_name_is_meant(pmo: Pmo, command: tuple[str, ...]) -> None:
    named, found = pmo(*command, "policies"), pmo(*command)
    assert (found.status, found.out, found.err) == (0, named.out, "")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("command", COMMANDS)
def test_of_a_project_its_policy_is_meant(pmo: Pmo, command: tuple[str, ...]) -> None:
    named, found = pmo(*command, "policies"), pmo(*command, ".")
    assert (found.status, found.out) == (0, named.out)
    assert found.err == ".: the policy is policies\n.: left out: deploy.yml, prefect.yaml\n"


@pytest.mark.usefixtures("project")
def test_events_are_judged_by_the_policy_of_the_project(pmo: Pmo) -> None:
    named = pmo("decide", "--policy", "policies", "--event", "event.json", "--json").json
    assert pmo("decide", "--event", "event.json", "--json").json == named
    assert pmo("decide", "--policy", ".", "--event", "event.json", "--json").json == named


def test_a_project_is_found_by_its_path(pmo: Pmo, project: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    found = pmo("policy", "check", project)
    assert (found.status, found.out) == (0, "0 errors, 0 warnings, 24 rules\n")
    assert found.err.startswith(f"{project}: the policy is policies\n")


def test_a_policy_beside_the_files_of_other_programs_is_checked(pmo: Pmo, project: Path) -> None:
    (project / "policies" / "policy.yaml").rename(project / "policy.yaml")
    (project / "deploy.yml").rename(project / "docker-compose.yml")
    (project / "pmo.toml").write_text('policy = "."\n', encoding="utf-8")
    found = pmo("policy", "check", ".")
    assert (found.status, found.out) == (0, "0 errors, 0 warnings, 24 rules\n")
    assert found.err == ".: left out: docker-compose.yml, prefect.yaml\n"
    assert pmo("policy", "check").out == found.out


def test_a_misspelt_document_is_no_file_of_others(pmo: Pmo, project: Path) -> None:
    (project / "policies" / "more.yaml").write_text("kind: rulse\nrules: []\n", encoding="utf-8")
    found = pmo("policy", "check", ".")
    assert (found.status, "rulse" in found.out) == (1, True)


def test_a_variable_names_the_policy_of_nothing_but_not_that_of_a_project(
    pmo: Pmo, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMO_POLICY", str(project / "nowhere"))
    found = pmo("policy", "check")
    assert found.status == 2
    assert "name the policy's folder: there is no nowhere" in found.err
    assert pmo("policy", "check", ".").status == 0


def test_where_nothing_names_a_policy_that_is_said(
    pmo: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS[:2]:
        found = pmo(*command)
        assert found.status == 2
        assert "name the policy's folder: no pmo.toml here names one, and there is" in found.err


def test_settings_that_cannot_be_read_are_told(pmo: Pmo, project: Path) -> None:
    (project / "pmo.toml").write_text("policy = [", encoding="utf-8")
    for words in ((), (".",)):
        found = pmo("policy", "check", *words)
        assert found.status == 2
        assert "pmo.toml" in found.err
