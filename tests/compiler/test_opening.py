"""A policy is opened as it would be bound, and is bound only where no artefact of it is ready."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pmo_engine.compiler import loading, opening, policy_files, stored_files
from pmo_engine.compiler.artefacts.private_folder import PrivateFolder
from pmo_engine.compiler.artefacts.store import Artefacts
from pmo_engine.compiler.checks import organisation
from pmo_engine.compiler.loading import load_policy
from pmo_engine.compiler.opening import open_kept, open_policy
from pmo_engine.compiler.policy_files import bytes_below
from pmo_engine.compiler.stored_files import load_kept
from pmo_engine.resources import policies_dir, rules_dir
from pmo_engine.source.diagnostics import PolicyError
from tests.compiler.artefacts.alike import difference

POLICY = """\
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: weekdays
packs: [{use: office}, {use: risk}]
---
kind: calendar
id: weekdays
zone: Europe/London
hours: {mon-fri: "09:00-17:00"}
---
kind: roles
roles: [{id: clerk, senior: pmo_head}]
"""
GATE = """\
kind: gates
gates:
  - id: G1
    title: First
    from_stage: start
    to_stage: end
    outcomes: [go, stop]
    decided_by: pmo_head
    assessments: [risk, %s]
    criteria: [{id: c, text: "Is it so?", level: must}]
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "policies" / "office"
    made.mkdir(parents=True)
    (made / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return made


@pytest.fixture
def artefacts(tmp_path):
    return Artefacts(PrivateFolder(tmp_path / "cache", 8, 10**7))


@pytest.fixture
def bound(monkeypatch):
    """The policies that were bound, by the name of what bound them."""
    found = []

    def noted(module, name):
        original = getattr(module, name)

        def call(*given):
            found.append(name)
            return original(*given)

        monkeypatch.setattr(module, name, call)

    noted(loading, "load_policy")
    noted(stored_files, "load_kept")
    return found


@pytest.mark.parametrize("name", ["demo", "it-portfolio", "travel-approvals"])
def test_it_is_the_policy_that_was_bound(artefacts, bound, name):
    path = policies_dir() / name
    policy = load_policy(path)
    bound.clear()
    for _ in range(2):
        assert difference(policy, open_policy(path, artefacts=artefacts)) is None
    assert bound == ["load_policy"]
    kept = load_kept(policy.contents, f"{name} 1")
    assert difference(kept, open_kept(policy.contents, f"{name} 1", artefacts)) is None
    assert bound == ["load_policy"]  # the folder's artefact serves the store's files too


def test_the_store_s_artefact_serves_the_folder(artefacts, bound, folder):
    policy = load_policy(folder)
    bound.clear()
    open_kept(policy.contents, "office 1", artefacts)
    assert difference(policy, open_policy(folder, artefacts=artefacts)) is None
    assert bound == ["load_kept"]


def test_places_are_called_as_the_path_that_was_given(artefacts, folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    for path in (Path("office/policy.yaml"), Path("office"), folder, folder / "policy.yaml"):
        policy = load_policy(path)
        for _ in range(2):
            assert difference(policy, open_policy(path, artefacts=artefacts)) is None
    monkeypatch.chdir(folder)
    assert difference(load_policy(Path()), open_policy(Path(), artefacts=artefacts)) is None


def test_a_single_file_is_ready_for_the_store_too(artefacts, bound, folder):
    policy = open_policy(folder / "policy.yaml", artefacts=artefacts)
    found = open_kept(policy.contents, "office 1", artefacts)
    assert bound == ["load_policy"]
    assert difference(load_kept(policy.contents, "office 1"), found) is None


def test_a_byte_in_any_file_is_bound_anew(artefacts, bound, folder):
    first = open_policy(folder, artefacts=artefacts)
    with (folder / "policy.yaml").open("a", encoding="utf-8") as file:
        file.write("# more\n")
    second = open_policy(folder, artefacts=artefacts)
    assert second.digest != first.digest
    assert second.digest == load_policy(folder).digest


def test_the_end_of_a_line_is_no_change(artefacts, bound, folder):
    first = open_policy(folder, artefacts=artefacts)
    (folder / "policy.yaml").write_bytes(POLICY.replace("\n", "\r\n").encode())
    assert difference(first, open_policy(folder, artefacts=artefacts)) is None
    assert bound == ["load_policy"]


def test_a_file_more_is_bound_anew(artefacts, folder):
    open_policy(folder, artefacts=artefacts)
    text = "kind: roles\nroles: [{id: porter, senior: pmo_head}]\n"
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    assert "porter" in open_policy(folder, artefacts=artefacts).roles


def test_a_pack_of_its_own_place_is_bound_anew(artefacts, bound, folder):
    first = open_policy(folder, artefacts=artefacts)
    own = folder.parent / "packs" / "risk"
    shutil.copytree(rules_dir() / "risk", own)
    assert open_policy(folder, artefacts=artefacts).digest == first.digest
    assert bound == ["load_policy"]  # the same files, wherever they lie
    (own / "more.yaml").write_text("# more\n", encoding="utf-8")
    assert open_policy(folder, artefacts=artefacts).digest != first.digest
    assert bound == ["load_policy"] * 2


def test_a_pack_that_is_gone_is_told_as_ever(artefacts, folder):
    open_policy(folder, artefacts=artefacts)
    places = {"office": rules_dir() / "office"}
    with pytest.raises(PolicyError, match="unknown pack 'risk'"):
        open_policy(folder, lambda name, _: places.get(name), artefacts)


def test_a_pack_that_fails_is_told_as_ever(artefacts, folder):
    def broken(name, _):
        raise opening.PackError(f"no {name}")

    open_policy(folder, artefacts=artefacts)
    with pytest.raises(PolicyError, match="no office"):
        open_policy(folder, broken, artefacts)


def test_what_is_no_policy_is_told_as_ever(artefacts, folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="no such policy"):
        open_policy(tmp_path / "nowhere", artefacts=artefacts)
    (folder / "policy.yaml").write_text("kind: zoo\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PolicyError, match="unknown kind 'zoo'"):
            open_policy(folder, artefacts=artefacts)
    with pytest.raises(PolicyError, match="unknown kind 'zoo'"):
        open_kept({"policy.yaml": b"kind: zoo\n"}, "office 1", artefacts)


def test_more_than_a_policy_may_hold_is_told_as_ever(artefacts, folder, monkeypatch):
    open_policy(folder, artefacts=artefacts)
    (folder / "large.yaml").write_text("# " + "x" * 4 * 1024 * 1024, encoding="utf-8")
    with pytest.raises(PolicyError, match="PMO005"):
        open_policy(folder, artefacts=artefacts)


@pytest.mark.parametrize(
    ("bound", "most"), [("MAX_BYTES", 200), ("MAX_TOTAL", 300), ("MAX_FILES", 2)]
)
def test_files_are_read_up_to_a_bound(folder, monkeypatch, bound, most):
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text("# " + "x" * 60, encoding="utf-8")
    assert len(bytes_below(folder)) == 3
    monkeypatch.setattr(policy_files, bound, most)
    with pytest.raises(OverflowError, match="more than a policy may"):
        bytes_below(folder)


def test_a_role_whose_plug_in_has_gone_is_told_as_ever(artefacts, bound, folder, monkeypatch):
    (folder / "gate.yaml").write_text(GATE % "lawyer", encoding="utf-8")
    known = opening.known_packs
    for module in (opening, organisation):
        monkeypatch.setattr(module, "known_packs", lambda: [*known(), "lawyer"])
    for _ in range(2):
        open_policy(folder, artefacts=artefacts)
    assert bound == ["load_policy"]
    monkeypatch.undo()
    with pytest.raises(PolicyError, match="unknown functional role 'lawyer'"):
        open_policy(folder, artefacts=artefacts)


def test_a_folder_and_its_kept_files_are_told_apart_from_changes(artefacts, folder):
    policy = open_policy(folder, artefacts=artefacts)
    changed = {**policy.contents, "policy.yaml": POLICY.replace('"1"', '"2"').encode()}
    assert open_kept(changed, "office 2", artefacts).version == "2"
    assert open_kept(policy.contents, "office 1", artefacts).version == "1"


def test_whoever_has_no_home_binds(bound, folder, monkeypatch):
    monkeypatch.setattr(opening, "user_artefacts", lambda: None)
    for _ in range(2):
        open_policy(folder)
    open_kept(load_policy(folder).contents, "office 1")
    assert bound == ["load_policy", "load_policy", "load_kept"]


def test_a_ready_policy_is_opened_without_parser_or_schemas(folder):
    code = (
        "import sys; from pathlib import Path;"
        "from pmo_engine.compiler.opening import open_policy;"
        f"print(open_policy(Path({str(folder)!r})).name);"
        "print(*sorted({each.partition('.')[0] for each in sys.modules}))"
    )
    run = [sys.executable, "-c", code]
    for _ in range(2):
        done = subprocess.run(run, capture_output=True, text=True, check=True)
    name, loaded = done.stdout.splitlines()
    assert name == "office"
    assert {*loaded.split()}.isdisjoint({"lark", "yaml", "pydantic", "holidays", "iso4217"})
