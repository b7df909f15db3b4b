"""What packs offer, from the command line."""

from pathlib import Path
from typing import Any

import pytest

from pmo_engine.compiler.pack_folders import known_packs

Pmo = Any
PACK = """
kind: rules
pack: spills
parameters:
  most: {type: number, example: 5, at_least: 1, at_most: 9, about: litres that may be spilt}
  kinds: {type: list<text>, default: [oil, tar], about: kinds that count}
rules:
  - {id: urgent, title: Quickly, on: support_request.submitted, binding: shall, when: 5 > most, then: [{block: stop}]}
---
kind: suite
event: support_request.submitted
cases: [{name: none, expect: {blocked: false}}]
"""  # noqa: E501 - a rule stands on one line


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A policy's folder with a pack beside it."""
    folder = tmp_path / "packs/spills"
    folder.mkdir(parents=True)
    (folder / "all.yaml").write_text(PACK)
    (tmp_path / "city").mkdir()
    return tmp_path / "city"


def test_every_pack_of_the_engine_is_listed_and_shown(pmo: Pmo) -> None:
    listed = pmo("pack", "list", "--json").json
    assert [each["pack"] for each in listed] == known_packs()
    assert pmo("pack", "show", "risk", "--json").json in listed
    text = pmo("pack", "list").out
    assert all(name in text for name in known_packs())


def test_what_a_pack_asks_for_is_said_with_type_default_and_bounds(pmo: Pmo) -> None:
    offer = pmo("pack", "show", "risk", "--json").json
    assert offer["parameters"][0] == {
        "name": "appetite",
        "type": "a number",
        "default": "15",
        "example": None,
        "at_least": "1",
        "at_most": "25",
        "about": "from this score (probability x impact) on a risk goes up a level",
    }
    bindings = {rule["id"]: rule["binding"] for rule in offer["rules"]}
    assert list(bindings)[:4] == ["risk-scale", "risk-appetite", "risk-owner", "risk-stale"]
    assert bindings["risk-stale"] == "should"
    (register,) = offer["registers"]
    assert (register["register"], register["fields"]["impact_cost"]) == (
        "risks",
        "money in GBP from 0 GBP",
    )
    text = pmo("pack", "show", "risk").out
    assert "a number from 1 to 25, 15 where a policy sets no other" in text
    assert "A risk that reaches the appetite" not in text  # the rule is said in words instead
    assert "risk-appetite (shall): When a risk is submitted and" in text


def test_a_pack_beside_a_policy_is_found_and_so_is_a_folder(pmo: Pmo, beside: Path) -> None:
    text = pmo("pack", "show", "spills", "--policy", beside).out
    assert "spills: 1 rules, 1 cases of its own" in text
    assert "a number from 1 to 9, to be set by the policy (for example 5)" in text
    assert "oil, tar where a policy sets no other" in text
    assert pmo("pack", "show", beside.parent / "packs/spills").out == text
    assert "spills" in [e["pack"] for e in pmo("pack", "list", "--policy", beside, "--json").json]
    assert pmo("pack", "show", "spills").status == 0  # the working folder counts too


def test_an_unknown_pack_is_said_with_the_nearest(pmo: Pmo) -> None:
    result = pmo("pack", "show", "rsk")
    assert (result.status, result.out) == (2, "")
    assert "no pack is called 'rsk' (did you mean 'risk'?)" in result.err


def test_a_pack_that_is_wrong_does_not_hide_the_others(pmo: Pmo, beside: Path) -> None:
    (beside.parent / "packs/spills/all.yaml").write_text(PACK.replace("shall", "must"))
    result = pmo("pack", "list", "--policy", beside, "--json")
    assert result.status == 0
    assert [each["pack"] for each in result.json] == known_packs()
    assert "pack 'spills' cannot be used: " in result.err
    assert "PMO013 'must' is not" in result.err
    assert pmo("pack", "show", "spills", "--policy", beside).status == 1
