"""Somebody else's functional roles: built, installed beside the engine, found, used, contained."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
POLICY = """
kind: policy
name: greener
version: "1"
currency: GBP
packs:
  - use: office
  - {use: sustainability, with: {footprint_tolerance: 0.5}}
---
kind: gates
stages: [start, delivery]
gates:
  - id: G1
    title: Into delivery
    from_stage: start
    to_stage: delivery
    assessments: [sustainability]
    decided_by: portfolio_board
    outcomes: [go, stop]
"""
BROKEN = """
kind: policy
name: broken
version: "1"
currency: GBP
packs: [{use: %s}]
"""
SCRIPT = """
import json, sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from pmo_engine.engines.engine import Engine
from pmo_engine.engines.figures import of_project
from pmo_engine.feel.values import Record
from pmo_engine.compiler.loading import check_policy, load_policy
from pmo_engine.suites.running import run_suites
from pmo_engine.roles import registry
from pmo_engine.roles.base import Review

unlicensed = [rule.id for rule in load_policy(Path(sys.argv[2])).rules]
imported = sorted(name for name in sys.modules if name.startswith("pmo_role_"))
loaded = registry.load()
own = loaded.roles["sustainability"]
alone = load_policy(own.pack)
used = check_policy(Path(sys.argv[1]))
now = datetime(2026, 3, 2, tzinfo=UTC)


def review(tonnes):
    entry = {"key": "F-1", "planned_tonnes": Decimal(100)}
    if tonnes is not None:
        entry["forecast_tonnes"] = Decimal(tonnes)
    return Review(
        project="P-1", gate="G1", stage="start", today=now.date(), now=now, currency="GBP",
        parameters=used.policy.parameters_on("sustainability", now.date()),
        registers={"footprints": [entry]},
        figures=figures(used.policy, entry),
    )


def figures(policy, entry):
    record = Record("footprints[F-1]", entry, {"key", "planned_tonnes", "forecast_tonnes"})
    return of_project(policy, {"footprints": [record]}, now.date(), {"forecast_tonnes_together"})


def exceptions(policy, tonnes):
    facts = {"footprint": {"planned_tonnes": 100, "forecast_tonnes": tonnes}}
    event = {"event": "footprint.updated", "at": "2026-03-02T09:00:00Z", "facts": facts}
    return [item.role for item in Engine(policy).decide(event).obligations]


print(json.dumps({
    "unlicensed": unlicensed,
    "imported": imported,
    "broken": [str(d) for d in check_policy(Path(sys.argv[3])).errors],
    "pack": str(own.pack),
    "roles": len(loaded.roles),
    "failures": [(f.name, f.distribution, f.reason) for f in loaded.failures],
    "suite": [r.failures for r in run_suites(alone, Engine(alone).decide)],
    "diagnostics": [str(d) for d in used.errors],
    "decided": [exceptions(used.policy, 150), exceptions(used.policy, 151)],
    "assessed": [registry.assess(own, review(t)).model_dump(mode="json") for t in (150, 151, None)],
    "careless": registry.assess(loaded.roles["careless"], review(1)).model_dump(mode="json"),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with both example distributions, built from copies of their sources."""
    home = tmp_path_factory.mktemp("plug-in")
    sources = [shutil.copytree(HERE / name, home / name) for name in ("sustainability", "broken")]
    install = ("install", "--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    run("-m", "pip", "--disable-pip-version-check", *install, "--target", home / "site", *sources)
    return home / "site"


def run(*arguments, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path)} if path else None
    done = subprocess.run(
        (sys.executable, *arguments), capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def said(installed: Path, tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("policies")
    good, unlicensed, bad = (folder / f"{name}.yaml" for name in ("good", "unlicensed", "bad"))
    good.write_text(POLICY)
    unlicensed.write_text(BROKEN % "unlicensed")
    bad.write_text(BROKEN % "careless")
    return json.loads(run("-c", SCRIPT, good, unlicensed, bad, path=installed))


def test_it_is_found_through_the_entry_points(said, installed):
    assert said["roles"] == 17  # the fifteen, sustainability, and the careless one
    assert Path(said["pack"]).is_relative_to(installed)


def test_its_pack_passes_its_own_suite(said):
    assert said["suite"] == [[], [], [], []]  # three cases, and a worked example of its figures


def test_a_policy_uses_its_pack_with_parameters_of_its_own(said):
    assert said["diagnostics"] == []
    assert said["decided"] == [[], ["sponsor"]]


def test_it_assesses(said):
    within, beyond, unknown = said["assessed"]
    declared_and_its_own = {"forecast_tonnes_together": "150", "largest_tonnes": "150"}
    assert (within["result"], within["figures"]) == ("met", declared_and_its_own)
    assert (beyond["result"], beyond["findings"]) == ("not_met", ["F-1"])
    assert (unknown["result"], unknown["missing"]) == ("cannot_tell", ["F-1.forecast_tonnes"])


def test_one_that_cannot_be_imported_is_named(said):
    reason = "RuntimeError: no licence for this machine"
    assert said["failures"] == [["unlicensed", "pmo-role-broken", reason]]


def test_its_pack_can_be_used_for_policy_files_are_data(said):
    assert said["unlicensed"] == ["unlicensed-closed"]
    assert said["imported"] == []


def test_a_pack_whose_folder_is_missing_gets_one_clear_line(said):
    [line] = said["broken"]
    assert "PMO018 pack 'careless': its plug-in has no folder pmo_role_broken:nowhere" in line
    assert "bad.yaml:6:15:" in line


def test_one_that_raises_is_named(said):
    assert said["careless"]["result"] == "cannot_tell"
    assert "'careless' failed: IndexError" in said["careless"]["reason"]


def test_none_of_them_is_here_without_being_installed():
    count = "from pmo_engine.roles import registry; print(len(registry.roles()))"
    assert run("-c", count).strip() == "15"
