"""The demo of many offices, played once as a user does; and what it is read from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.demo.p3o.data import read
from pmo_engine.resources import policies_dir


@pytest.fixture(scope="module")
def county():
    return read()


def test_it_speaks_of_offices_and_roles_that_the_model_has(county) -> None:
    policy = load_policy(policies_dir() / "p3o")
    roles = {*policy.roles, *policy.functional}
    assert {role for person in county.people for role in person.roles} <= roles
    assert {each.office for each in county.projects} <= set(policy.offices)
    stages = {stage for gate in policy.gates.values() for stage in (gate.from_stage, gate.to_stage)}
    assert {each.stage for each in county.projects} <= stages
    assert {each.manager for each in county.projects} <= {each.id for each in county.people}


def test_it_is_as_large_as_it_says(county) -> None:
    assert len(county.projects) == 20
    assert len({each.office for each in county.projects}) == 4


def test_many_offices_work_for_a_fortnight(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    pmo = Path(sys.executable).with_name("pmo")
    played = subprocess.run(
        [pmo, "demo", "--model", "p3o", "--folder", folder],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert (played.returncode, played.stderr) == (0, "")
    for told in (
        "suites: 95 passed, 0 failed",
        "ruth: approve Change request CR-1 of LIBRARY: approved",  # joe leads it and asked for it
        "tove: approve Change request CR-1 of ARCHIVE: approved",
        "mina: approve Change request CR-1 of QUAY: approved (3 of 3 in favour; 3 of 3 there)",
        "21 chains: intact",
        "6 offices, 20 projects",
    ):
        assert told in played.stdout
    assert "approve Change request CR-1 of TRAM" not in played.stdout  # is the portfolio board's
    assert "<svg" in (folder / "organisation.svg").read_text(encoding="utf-8")
    board = (folder / "board.html").read_text(encoding="utf-8")
    assert "Petra Lang says amber; the figures say red" in board
    assert "cycle 2026-Q1 is closed: 20 projects, red" in played.stdout
    assert "Second crossing of the canal" in (folder / "report.html").read_text(encoding="utf-8")
    assert "Change request CR-1 of TRAM" in (folder / "board-pack.html").read_text(encoding="utf-8")
    assert (folder / "board-pack.pdf").read_bytes()[:5] == b"%PDF-"
    assert any((folder / "mail").iterdir())
