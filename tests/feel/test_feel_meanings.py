"""Every function has its meaning, and the example comes to what is said."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.backend import scope_of
from pmo_engine.engines.engine import Engine
from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.help import LANGUAGE, MEANINGS
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.feel.values import Record
from pmo_engine.model.money import Money
from pmo_engine.policy.events import make_event

POLICY = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: england
---
kind: calendar
id: england
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles:
  - {id: project_manager, senior: pmo_head}
  - {id: pmo_head}
---
kind: registers
registers:
  - {register: change_requests, noun: change_request, root: change, plural: changes, fields: {cost: {type: money}}}
---
kind: terms_of_reference
for: project_manager
authority:
  - {id: pm, may: approve change_request, up_to: [{value: 50000 GBP}]}
---
kind: terms_of_reference
for: pmo_head
authority:
  - {id: head, may: approve change_request, up_to: [{value: 250000 GBP}]}
  - {id: sum, may: approve change_request, cumulative: {by: project, over: 90 days}, up_to: [{value: 600000 GBP}]}
---
kind: tolerances
tolerances:
  - {level: stage, of: cost, up_to: [{value: 5 %}]}
"""  # noqa: E501 - an entry stands on one line


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    file = tmp_path_factory.mktemp("office") / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    policy = load_policy(file)
    facts = {"change": Record("change", {"cost": Money(Decimal(80000), "GBP")}), "changes": []}
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    event = make_event(policy, "change_request.submitted", at, facts)
    return scope_of(Engine(policy).selection(event, date(2026, 3, 2)), event.facts)


def test_every_function_has_its_meaning() -> None:
    assert MEANINGS.keys() == {*SIGNATURES, *GOVERNANCE}


@pytest.mark.parametrize("name", MEANINGS)
def test_examples_come_to_what_is_said(name: str, scope: dict[str, object]) -> None:
    meaning = MEANINGS[name]
    assert meaning.example.startswith(f"{name}(")
    assert evaluate(parse(meaning.example), scope) == evaluate(parse(meaning.result), {})
    assert meaning.about.endswith(".")


@pytest.mark.parametrize("meaning", [each for group in LANGUAGE.values() for each in group])
def test_values_and_operators_come_to_what_is_said(meaning, scope: dict[str, object]) -> None:
    assert evaluate(parse(meaning.example), scope) == evaluate(parse(meaning.result), {})
    assert meaning.about.endswith(".")


def test_what_the_module_says_of_its_policy_is_so() -> None:
    about = Path(f"{__file__}").parents[2] / "pmo_engine/feel/help.py"
    said = " ".join(about.read_text(encoding="utf-8").split('"""')[1].split())
    for amount in ("50,000 GBP", "250,000 GBP", "600,000 GBP together in 90 days"):
        assert amount in said
