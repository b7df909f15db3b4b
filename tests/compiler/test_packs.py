"""Packs: found beside a policy, among the engine's own, or in a plug-in; with parameters."""

# ruff: noqa: E501 - what is tried stands on one line, however long

import re
import sys
from datetime import date
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.compiler import pack_folders as packs
from pmo_engine.compiler.loading import Checked, check_policy
from pmo_engine.compiler.pack_folders import PackError, find_pack, known_packs
from pmo_engine.resources import rules_dir

PACK = """
kind: registers
registers:
  - {register: spills, noun: spill, root: spill, plural: spills, fields: {litres: {type: number}, harm: {type: money}}}
---
kind: rules
pack: spills
parameters:
  most: {type: number, default: 5, about: litres}
  dear: {type: money, default: 100 GBP, about: harm}
  how: {type: [quick, slow], default: quick, about: pace}
rules:
  - {id: large-spill, title: a, on: spill.submitted, binding: shall, when: 'spill.litres > most and spill.harm > dear and how = "quick"', then: [{block: stop}]}
---
kind: suite
about: [large-spill]
event: spill.submitted
cases:
  - {name: none, facts: {spill: {litres: 0}}, expect: {blocked: false}}
"""
HEADER = 'kind: policy\nname: port\nversion: "1"\ncurrency: GBP\npacks:\n  - use: spills\n'


@pytest.fixture
def check(tmp_path: Path) -> Any:
    def check(header: str = HEADER, pack: str = PACK) -> Checked:
        (tmp_path / "packs/spills").mkdir(parents=True, exist_ok=True)
        (tmp_path / "port").mkdir(exist_ok=True)
        (tmp_path / "packs/spills/all.yaml").write_text(pack)
        (tmp_path / "port/policy.yaml").write_text(header)
        return check_policy(tmp_path / "port")

    return check


def found(checked: Checked) -> list[str]:
    return [str(item).partition("/port/")[2] or str(item) for item in checked.diagnostics]


def test_a_pack_without_parameters_has_its_defaults(check: Any) -> None:
    checked = check()
    assert checked.diagnostics == ()
    bound = checked.policy.parameters_on("spills", date(2026, 3, 2))
    assert {name: str(value) for name, value in bound.items()} == {
        "most": "5",
        "dear": "100 GBP",
        "how": "quick",
    }


def test_parameters_replace_defaults_in_expressions(check: Any) -> None:
    one = check()
    other = check(HEADER + "    with: {most: 7.5, how: slow}\n")
    most = other.policy.parameters["spills"]["most"]
    assert [str(dated.value) for dated in most.values] == ["7.5"]
    assert (str(most.default), most.bound, most.about) == ("5", True, "litres")
    assert one.policy.rules[0].when != other.policy.rules[0].when
    assert one.policy.digest != other.policy.digest


WITH_TOLERANCE = (
    HEADER
    + """    with: {most: 'tolerance("project", "cost")'}
---
kind: tolerances
tolerances:
  - level: project
    of: cost
    up_to:
      - {from: 2026-01-01, value: 10 %, source: one}
      - {from: 2026-07-01, value: 12 %, source: two}
  - {level: stage, of: time, up_to: [{value: 2 weeks, source: three}]}
  - {level: project, of: time, up_to: [{value: 4 weeks, source: four}]}
  - {level: project, of: scope, criteria: [all of it]}
"""
)


def test_a_parameter_is_a_tolerance_of_the_policy_as_it_is_dated(check: Any) -> None:
    checked = check(WITH_TOLERANCE.replace("name:", "in_force_from: 2026-01-01\nname:"))
    assert found(checked) == []
    most = checked.policy.parameters["spills"]["most"]
    assert [(str(each.start), str(each.value), each.source) for each in most.values] == [
        ("2026-01-01", "0.1", "one"),
        ("2026-07-01", "0.12", "two"),
    ]


def test_days_of_a_tolerance_are_a_number_of_them(check: Any) -> None:
    checked = check(
        WITH_TOLERANCE.replace('tolerance("project", "cost")', 'tolerance("stage","time")')
    )
    (only,) = checked.policy.parameters["spills"]["most"].values
    assert (only.start, str(only.value)) == (None, "14")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('"team", "cost"', "PMO018 no team's tolerance of cost is declared in numbers (there are project, cost; stage, time; project, time)"),
        ('"project", "scope"', "PMO018 no project's tolerance of scope is declared in numbers (did you mean 'project, cost'?)"),
        ('"project", "time"', "PMO013 '2 months' cannot be the value of 'most' (write a number)"),
    ],
)  # fmt: skip
def test_what_no_tolerance_says_is_no_value(check: Any, asked: str, said: str) -> None:
    text = WITH_TOLERANCE.replace("4 weeks", "2 months").replace("2 weeks", "1 months")
    checked = check(text.replace('"project", "cost"', asked, 1))
    assert found(checked) == [f"policy.yaml:7:18: {said}"]


def test_rules_of_a_pack_name_it_and_its_suites_stay_its_own(check: Any) -> None:
    policy = check().policy
    assert [(rule.id, rule.pack) for rule in policy.rules] == [("large-spill", "spills")]
    assert policy.suites == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{mots: 1}", "policy.yaml:7:12: PMO018 pack 'spills' has no parameter 'mots' (did you mean 'most'?)"),
        ("{zoo: 1}", "policy.yaml:7:12: PMO018 pack 'spills' has no parameter 'zoo' (it has most, dear, how)"),
        ("{most: many}", "policy.yaml:7:18: PMO013 most: 'many' is not a number"),
        ("{dear: 5 EUR}", "policy.yaml:7:18: PMO013 dear: '5 EUR' is not in GBP"),
        ("{how: slowly}", "policy.yaml:7:17: PMO013 how: 'slowly' is none of quick, slow (did you mean 'slow'?)"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_found_where_it_is_given(check: Any, given: str, said: str) -> None:
    assert found(check(f"{HEADER}    with: {given}\n")) == [said]


def test_errors_of_a_pack_stand_in_its_own_files(check: Any) -> None:
    (error,) = check(pack=PACK.replace("binding: shall", "binding: must")).diagnostics
    assert (error.file, error.code) == ("spills/all.yaml", "PMO013")


def test_a_pack_is_checked_on_its_own_too(check: Any, tmp_path: Path) -> None:
    check()
    alone = check_policy(tmp_path / "packs/spills")
    assert alone.diagnostics == ()
    assert len(alone.policy.suites) == 1
    check(pack=PACK.partition("---\nkind: suite")[0])
    (error,) = check_policy(tmp_path / "packs/spills").diagnostics
    assert (error.code, error.severity) == ("PMO040", "error")


def test_the_engine_s_own_packs_are_found_and_no_others(tmp_path: Path) -> None:
    assert find_pack("risk", tmp_path) == rules_dir() / "risk"
    assert find_pack("zoo", tmp_path) is None
    for name in ("..", "../risk", "", ".", "/etc", "v" * 4000):
        assert find_pack(name, tmp_path) is None
    assert {"risk", "office", "benefits"} <= set(known_packs())


def plugged(monkeypatch: pytest.MonkeyPatch, *entries: EntryPoint) -> None:
    """Install entry points, and let none of them be loaded."""

    def load(self: EntryPoint) -> Any:
        pytest.fail(f"{self.value} was loaded")

    monkeypatch.setattr(EntryPoint, "load", load)
    chosen = EntryPoints(entries)
    monkeypatch.setattr(packs, "entry_points", chosen.select)
    monkeypatch.setattr(packs, "_of_plug_ins", packs._of_plug_ins.__wrapped__)  # nothing is kept


def package(folder: Path, *inside: str) -> None:
    """Write a package that cannot be imported."""
    (folder / "pmo_plugged" / Path(*inside)).mkdir(parents=True)
    (folder / "pmo_plugged/__init__.py").write_text("raise RuntimeError('imported')")


@pytest.mark.parametrize(
    ("value", "inside"),
    [("pmo_plugged:pack", "pack"), ("pmo_plugged.roles.water:data.pack", "roles/water/data/pack")],
)
def test_a_plug_in_s_folder_is_found_and_nothing_of_it_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, inside: str
) -> None:
    package(tmp_path, inside)
    monkeypatch.syspath_prepend(tmp_path)
    plugged(monkeypatch, EntryPoint("plugged", value, packs.RESOURCES))
    assert find_pack("plugged", Path()) == tmp_path / "pmo_plugged" / inside
    assert "plugged" in known_packs()
    assert "pmo_plugged" not in sys.modules


def test_a_single_role_may_have_its_folder_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "pack")
    monkeypatch.syspath_prepend(tmp_path)
    plugged(monkeypatch, EntryPoint("plugged", "pmo_plugged:Role", packs.ENTRY_POINTS))
    assert find_pack("plugged", Path()) == tmp_path / "pmo_plugged/pack"


@pytest.mark.parametrize(
    ("group", "value", "reason"),
    [
        (packs.RESOURCES, "nowhere:pack", "its plug-in has no folder nowhere:pack"),
        (packs.RESOURCES, "json:pack", "its plug-in has no folder json:pack"),
        (
            packs.ENTRY_POINTS,
            "nowhere:Broken",
            "its plug-in names no folder among its entry points 'pmo_engine.packs'",
        ),
    ],
)
def test_a_plug_in_without_its_folder_is_named(
    check: Any, monkeypatch: pytest.MonkeyPatch, group: str, value: str, reason: str
) -> None:
    plugged(monkeypatch, EntryPoint("broken", value, group))
    with pytest.raises(PackError, match=re.escape(reason)):
        find_pack("broken", Path())
    (said,) = found(check(HEADER.replace("spills", "broken")))
    assert said == f"policy.yaml:6:10: PMO018 pack 'broken': {reason}"
