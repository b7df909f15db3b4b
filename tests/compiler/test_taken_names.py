"""Names that tables and derived facts cannot have: what they are, where from, and the way out."""

import pytest

from pmo_engine.compiler.binding.registers import GLOBAL
from pmo_engine.feel.functions import GOVERNANCE
from tests.small_policy import check_text

TABLE = """
kind: table
id: {name}
title: T
inputs: [{{name: weeks, type: number}}]
outputs: [{{name: it, type: number}}]
rows: [{{when: ['-'], then: '1'}}]
---
"""
RULE = """
kind: rules
rules:
  - {{id: r, title: a, on: change.submitted, binding: may, then: [{{derive: {{fact: {name}, value: 'true'}}}}]}}
---
"""  # noqa: E501 - a rule stands on one line


def told(text: str) -> list[tuple[str, str]]:
    found = check_text(text).diagnostics
    return [(item.message, item.hint) for item in found if item.code == "PMO016"]


@pytest.mark.parametrize("name", [*(name for name, _ in GLOBAL), "history"])
def test_what_the_engine_tells_is_said(name: str) -> None:
    for text, what in ((TABLE, "table"), (RULE, "derived")):
        [(message, hint)] = told(text.format(name=name))
        assert "it is what the engine tells every condition: the " in message
        assert hint == f"choose another name, such as {name}_{what}"


@pytest.mark.parametrize("name", ["count", "sum", "is_known", *GOVERNANCE])
def test_functions_are_said(name: str) -> None:
    [(message, hint)] = told(TABLE.format(name=name))
    assert message.startswith(f"'{name}' cannot be a table: it is a function of ")
    assert hint == f"choose another name, such as {name}_table"


def test_what_a_register_calls_its_records_is_said_with_its_place() -> None:
    [(message, _)] = told(TABLE.format(name="change"))
    where = "the register 'changes' (policy.yaml:24:11)"
    assert message == (
        f"'change' cannot be a table: it is what conditions call the record in hand of {where}"
    )
    [(message, _)] = told(RULE.format(name="changes"))
    assert "it is what conditions call the project's records of the register 'changes'" in message


def test_a_fact_that_is_a_table_is_said_with_its_place() -> None:
    [(message, hint)] = told(TABLE.format(name="level") + RULE.format(name="level"))
    assert message == "'level' cannot be a derived fact: it is a table (policy.yaml:47:5)"
    assert hint == "choose another name, such as level_derived"


def test_the_name_that_is_proposed_is_free() -> None:
    [(_, hint)] = told(TABLE.format(name="change") + TABLE.format(name="change_table"))
    assert hint == "choose another name, such as change_table_2"


def test_what_a_pack_brings_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("policy")
    head = "kind: policy\nname: a\nversion: '1'\nin_force_from: 2026-01-01\ncurrency: GBP\n"
    text = f"{head}packs: [{{use: risk}}]\n---{TABLE.format(name='risks')}"
    (folder / "policy.yaml").write_text(text.rstrip("-\n"), encoding="utf-8")
    from pmo_engine.compiler.loading import check_policy

    [message] = [each.message for each in check_policy(folder).diagnostics if each.code == "PMO016"]
    assert "the project's records of the register 'risks' (risk/register.yaml:" in message
    assert message.endswith(", which the pack 'risk' brings)")
