"""Loading a policy: everything found at once, and one tree in the end."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy, load_policy
from pmo_engine.feel import types as t
from pmo_engine.model.working_time.calendar import ALWAYS
from pmo_engine.policy import Policy
from pmo_engine.source.diagnostics import Diagnostic, PolicyError

RULE = "{id: %s, title: a, on: change.submitted, binding: shall, %s}"


def test_no_path_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such policy"):
        check_policy(tmp_path / "nothing")


def test_a_policy_that_cannot_be_read_raises_with_everything(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("kind: zoo\n")
    (tmp_path / "a.yaml").write_text("kind: roles\nroles: [{id: a, b: c}]\n")
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path)
    assert [(Path(d.file).name, d.code) for d in caught.value.diagnostics] == [
        ("a.yaml", "PMO011"),
        ("b.yaml", "PMO006"),
    ]
    assert str(caught.value).count("\n") == 1


def test_findings_are_sorted_and_said_once(check: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    found = check(
        "kind: rules\nrules:\n"
        f"  - {RULE % ('a', 'when: zoo, then: [{notify: {to: zoo}}]')}\n"
        f"  - {RULE % ('a', 'when: change.cost > 5, then: [{block: x, zoo: y}]')}\n"
        "---\nkind: roles\nroles: [{id: board, senior: zoo, zoo: zoo}]\n"
    )
    assert list(found) == sorted(set(found))
    assert [item.code for item in found] == ["PMO016", "PMO023", "PMO011", "PMO016", "PMO011"]


def test_what_may_follow_from_a_file_that_was_not_read_is_not_said(
    check: Callable[[str], tuple[Diagnostic, ...]],
) -> None:
    text = f"kind: rules\nrules: [{RULE % ('a', 'when: zoo.size > 1, then: [{notify: {to: clerk}}]')}]\n"
    assert [item.code for item in check(text)] == ["PMO021", "PMO014"]
    assert [item.code for item in check(f"kind: zoo\n---\n{text}")] == ["PMO006"]


def test_a_policy_without_a_calendar_always_works(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text('kind: policy\nname: a\nversion: "2026.10"\ncurrency: JPY\n')
    policy = load_policy(tmp_path)
    assert policy.calendar == ALWAYS
    assert policy.version == "2026.10"


def test_types_of_derived_facts_are_found_along_a_chain_however_it_is_written(
    make_policy: Callable[[str], Policy],
) -> None:
    links = [
        RULE % (f"r{n}", f"then: [{{derive: {{fact: f{n}, value: '{value}'}}}}]")
        for n, value in enumerate([*(f"f{n + 1}" for n in range(200)), "change.cost"])
    ]
    policy = make_policy("kind: rules\nrules:\n" + "".join(f"  - {link}\n" for link in links))
    assert {policy.facts[f"f{n}"] for n in range(201)} == {t.MoneyType("GBP")}
    assert policy.strata == tuple((f"r{n}",) for n in reversed(range(201)))


def test_lists_of_any_type_are_types(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(
        "kind: registers\nregisters:\n  - {register: xs, noun: x, root: x, plural: xs, fields:"
        " {a: {type: list<money>}, b: {type: list<list<date>>}, c: {type: list<text>}}}\n"
    )
    types = [field.type for field in policy.registers["xs"].fields.values()]
    assert types == [
        t.ListType(t.MoneyType("GBP")),
        t.ListType(t.ListType(t.DATE)),
        t.ListType(t.STRING),
    ]


def test_an_extension_adds_fields_to_a_register(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(
        "kind: registers\nregisters:\n"
        "  - {extends: changes, events: [paused], fields: {size: {type: number}}}\n"
    )
    register = policy.registers["changes"]
    assert list(register.fields)[-1] == "size"
    assert register.events[-1] == "change.paused"
    assert register.value == "cost"
