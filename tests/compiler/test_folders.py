"""A file is checked as the policy that it is a part of."""

import os
from pathlib import Path

import pytest

from pmo_engine.compiler.folders import policy_of

HEADER = 'kind: policy\nname: a\nversion: "1"\ncurrency: GBP\n'
ROLES = "kind: roles\nroles: []\n"


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_folder_is_itself(tmp_path: Path) -> None:
    assert policy_of(tmp_path) == tmp_path


def test_a_file_belongs_to_the_folder_of_the_header(tmp_path: Path) -> None:
    put(tmp_path, policy=HEADER, roles=ROLES, more__deep__suite="kind: suite\n")
    for name in ("policy", "roles", "more/deep/suite"):
        assert policy_of(tmp_path / f"{name}.yaml", whole=True) == tmp_path
    assert policy_of(tmp_path / "more/deep/suite.yaml") == tmp_path
    assert policy_of(tmp_path / "policy.yaml") == tmp_path / "policy.yaml"


def test_a_file_of_a_pack_belongs_to_the_pack(tmp_path: Path) -> None:
    put(tmp_path, policy=HEADER, packs__risk__rules="kind: rules\npack: risk\nrules: []\n")
    put(tmp_path / "packs/risk", register="kind: registers\nregisters: []\n")
    assert policy_of(tmp_path / "packs/risk/register.yaml") == tmp_path / "packs/risk"


def test_a_policy_in_one_file_is_checked_alone(tmp_path: Path) -> None:
    put(tmp_path, policy=f"{HEADER}---\n{ROLES}", other="kind: Deployment\n")
    assert policy_of(tmp_path / "policy.yaml", whole=True) == tmp_path / "policy.yaml"


def test_policies_beside_one_another_are_checked_alone(tmp_path: Path) -> None:
    put(tmp_path, one=HEADER, two=HEADER, roles=ROLES)
    for name in ("one.yaml", "two.yaml", "roles.yaml"):
        assert policy_of(tmp_path / name, whole=True) == tmp_path / name


def test_a_search_ends_at_the_repository(tmp_path: Path) -> None:
    put(tmp_path, policy=HEADER, repository__roles=ROLES)
    (tmp_path / "repository/.git").mkdir()
    alone = tmp_path / "repository/roles.yaml"
    assert policy_of(alone) == alone


def test_relative_paths_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, policy=HEADER, more__roles=ROLES)
    monkeypatch.chdir(tmp_path)
    assert policy_of(Path("more/roles.yaml")) == Path()
    monkeypatch.chdir(tmp_path / "more")
    assert policy_of(Path("roles.yaml")) == Path(os.pardir)
