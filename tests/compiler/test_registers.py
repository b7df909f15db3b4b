"""Fields, events and imports added to a register that a pack declares."""

from pathlib import Path

import pytest

from pmo_engine.compiler.loading import Checked, bind, load_policy
from pmo_engine.compiler.reading import read_text
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.feel import types as t
from pmo_engine.resources import rules_dir

TEXT = """
kind: policy
name: city
version: "1"
currency: GBP
packs: [{use: office}, {use: risk}]
---
kind: registers
registers:
  - extends: risks
    fields:
      carbon: {type: number, about: tonnes}
      reserve: {type: money}
    events: [mitigated]
    imports:
      - {id: from-tool, columns: {title: Name, carbon: Tonnes}}
---
kind: rules
rules:
  - id: carbon
    title: Carbon counts
    on: risk.mitigated
    binding: shall
    when: risk.carbon > 5 and risk.probability > 1 and count(risks[carbon > 5]) < 3
    then: [{block: not so}]
---
kind: suite
about: [carbon]
event: risk.mitigated
cases:
  - {name: much, facts: {risk: {carbon: 6, probability: 2}, risks: []}, expect: {blocked: true}}
"""


def read(text: str = TEXT) -> Checked:
    return bind(read_text(text, "policy.yaml"), Path("policy.yaml"))


def test_a_register_of_a_pack_has_more_fields_and_the_rest_as_it_was() -> None:
    checked = read()
    assert checked.diagnostics == ()
    assert checked.policy is not None
    before = load_policy(rules_dir() / "risk").registers["risks"]
    after = checked.policy.registers["risks"]
    assert list(after.fields) == [*before.fields, "carbon", "reserve"]
    assert after.fields["carbon"].about == "tonnes"
    assert after.fields["reserve"].type == t.MoneyType("GBP")
    assert after.events == (*before.events, "risk.mitigated")
    assert after.value == before.value == "impact_cost"
    assert [layout.columns for layout in after.imports] == [
        (("title", "Name"), ("carbon", "Tonnes"))
    ]
    same = ("id", "noun", "root", "plural", "key_prefix", "mark")
    for name in same[:-1]:
        assert getattr(after, name) == getattr(before, name)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("carbon", "fired"), [("5", ()), ("5.1", ("carbon",))])
def test_rules_look_at_what_was_added(backend: str, carbon: str, fired: tuple[str, ...]) -> None:
    policy = read().policy
    assert policy is not None
    engine = Engine(policy, backend)
    facts = {"risk": {"carbon": carbon, "probability": 2}, "risks": [{"carbon": 9}]}
    event = {"event": "risk.mitigated", "at": "2026-03-02T09:00:00Z", "facts": facts}
    assert engine.decide(event).fired == fired
    engine.close()


def test_it_may_be_added_before_the_register_is_declared() -> None:
    first, packs, rest = TEXT.partition("packs: [{use: office}, {use: risk}]\n")
    declared = """---
kind: registers
registers:
  - {register: risks, noun: risk, root: risk, plural: risks, fields: {title: {type: text}, probability: {type: number}}}
"""  # noqa: E501 - a register stands on one line
    assert packs
    assert read(first + rest + declared).errors == ()


def test_a_column_may_fill_fields_of_both_and_no_others() -> None:
    (found,) = read(TEXT.replace("carbon: Tonnes", "karbon: Tonnes")).errors
    assert (found.code, found.message) == ("PMO018", "unknown field 'karbon'")
    assert found.hint == "did you mean 'carbon'?"
