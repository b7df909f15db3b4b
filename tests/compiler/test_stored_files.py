"""A policy's files, kept and loaded again."""

import shutil
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.compiler.opening import is_held_by
from pmo_engine.compiler.policy_files import apart
from pmo_engine.compiler.stored_files import load_kept
from pmo_engine.documents import clauses
from pmo_engine.policy import Policy
from pmo_engine.resources import rules_dir
from pmo_engine.source.diagnostics import PolicyError

HEADER = """\
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
"""
RULES = """\
kind: rules
rules:
  - {id: %s, title: Told, on: risk.submitted, binding: may, then: [{notify: {to: pmo_head, message: m}}]}
"""  # noqa: E501 - a rule stands on one line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy with packs, whose files are not read in the order of their texts."""
    made = tmp_path / "policies"
    (made / "a").mkdir(parents=True)
    (made / "policy.yaml").write_text(HEADER, encoding="utf-8")
    (made / "a" / "rules.yaml").write_text(RULES % "first", encoding="utf-8")
    (made / "a-second.yaml").write_bytes((RULES % "second").replace("\n", "\r\n").encode())
    return made


@pytest.fixture
def policy(folder: Path) -> Policy:
    return load_policy(folder)


def test_what_is_kept_gives_the_same_policy_without_the_folder(
    folder: Path, policy: Policy
) -> None:
    shutil.rmtree(folder)
    again = load_kept(policy.contents, "office 1")
    assert again.digest == policy.digest
    assert again.contents == policy.contents
    assert [rule.id for rule in again.rules] == [rule.id for rule in policy.rules]
    assert clauses(again) == clauses(policy)


def test_the_files_of_packs_are_kept_apart(policy: Policy) -> None:
    own, packs = apart(policy.contents)
    assert set(own) == {"policy.yaml", "a/rules.yaml", "a-second.yaml"}
    assert set(packs) == {"office", "risk"}
    assert set(packs["risk"]) == {file.name for file in (rules_dir() / "risk").glob("*.yaml")}


def test_an_own_folder_called_as_a_pack_is_in_the_digest(folder: Path, policy: Policy) -> None:
    (folder / "risk").mkdir()
    (folder / "risk" / "rules.yaml").write_text(RULES % "third", encoding="utf-8")
    other = load_policy(folder)
    assert other.digest != policy.digest
    assert load_kept(other.contents, "office").digest == other.digest


def test_a_folder_holds_what_is_kept_until_a_byte_changes(folder: Path, policy: Policy) -> None:
    assert is_held_by(folder, policy.contents)
    file = folder / "a-second.yaml"
    file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
    assert is_held_by(folder, policy.contents)  # the end of a line is no difference
    file.write_bytes(file.read_bytes() + b"# more\n")
    assert not is_held_by(folder, policy.contents)


def test_a_pack_that_differs_is_a_difference(folder: Path, policy: Policy, tmp_path: Path) -> None:
    shutil.copytree(rules_dir() / "risk", tmp_path / "packs" / "risk")
    assert is_held_by(folder, policy.contents)
    (tmp_path / "packs" / "risk" / "more.yaml").write_text(RULES % "more", encoding="utf-8")
    assert not is_held_by(folder, policy.contents)
    assert not is_held_by(folder / "policy.yaml", policy.contents)


def test_what_was_kept_and_reads_no_more_says_why(policy: Policy) -> None:
    with pytest.raises(PolicyError, match="PMO006 unknown kind 'zoo'"):
        load_kept({**policy.contents, "policy.yaml": b"kind: zoo\n"}, "office 1")


@pytest.mark.parametrize("name", ["risk:rules.yaml", "a:b/rules.yaml"])
def test_a_file_that_would_be_kept_as_one_of_a_pack_is_refused(folder: Path, name: str) -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(RULES % "third", encoding="utf-8")
    with pytest.raises(PolicyError, match="PMO009 a policy file has no ':' in its name"):
        load_policy(folder)
