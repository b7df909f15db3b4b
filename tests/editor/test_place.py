"""Where a cursor is, in texts that are whole, half written or no YAML at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.editor.place import Place, locate


def at(text: str) -> Place:
    """Give the place of the ``^`` in a text."""
    before, _, after = text.partition("^")
    lines = before.splitlines() or [""]
    if before.endswith("\n"):
        lines.append("")
    return locate((before + after).splitlines() or [""], len(lines) - 1, len(lines[-1]))


RULES = """kind: rules
rules:
  - id: one
    title: One
    on: change.submitted
    %s
  - id: two
"""


@pytest.mark.parametrize(
    ("text", "kind", "keys", "key", "written"),
    [
        ("^", "", (), None, ""),
        ("ki^", "", (), None, "ki"),
        ("kind: ro^", "ro", (), "kind", "ro"),
        ("kind: roles\n^", "roles", (), None, ""),
        ("kind: roles\nroles:\n  - ^", "roles", ("roles",), None, ""),
        ("kind: roles\nroles:\n- id: a\n  sen^", "roles", ("roles",), None, "sen"),
        ("kind: roles\nroles:\n  - {id: a, senior: b^", "roles", ("roles",), "senior", "b"),
        ("kind: roles\nroles:\n  - {id: a, se^", "roles", ("roles",), None, "se"),
        ("kind: roles\nroles: [{id: a,\n  senior: ^", "roles", ("roles",), "senior", ""),
        (RULES % "when: change.co^", "rules", ("rules",), "when", "change.co"),
        (RULES % "when: |\n      change.cost\n      > ^", "rules", ("rules",), "when", None),
        (RULES % "when: change.cost\n      and ^", "rules", ("rules",), "when", None),
        (RULES % "then:\n      - ^", "rules", ("rules", "then"), None, ""),
        (
            RULES % "then:\n      - require_approval: {from: x, within^",
            "rules",
            ("rules", "then", "require_approval"),
            None,
            "within",
        ),
        (
            RULES % "then:\n      - require_approval:\n          from: pm^",
            "rules",
            ("rules", "then", "require_approval"),
            "from",
            "pm",
        ),
        (RULES % "then: [{require_information: {facts: [a, b^", "rules", None, None, "b"),
        (RULES % "on: [a.b, ^", "rules", ("rules", "on"), None, ""),
        ("kind: suite\ncases:\n  - {name: a, facts: {change: {co^", "suite", None, None, "co"),
        ("kind: roles\n---\nkind: ladders\nla^", "ladders", (), None, "la"),
        ("a: 1\nkind: roles\n^\n---\nkind: rules", "roles", (), None, ""),
    ],
)
def test_places(
    text: str, kind: str, keys: tuple[str, ...] | None, key: str | None, written: str | None
) -> None:
    found = at(text)
    assert (found.kind, found.key) == (kind, key)
    assert keys is None or found.keys == keys
    assert written is None or found.written == written


def test_what_goes_on_over_lines_is_one_text() -> None:
    block = at(RULES % "when: |\n      change.cost\n      > ^")
    assert block.written.split() == ["change.cost", ">"]
    assert at(RULES % "when: change.cost\n      and ^").written == "change.cost\nand"


def test_keys_beside_are_known_on_both_sides() -> None:
    found = at("kind: rules\nrules:\n  - id: one\n    ti^\n    on: a.b\n  - id: two\n    when: x\n")
    assert found.beside == {"id": "one", "on": "a.b"}
    assert at("kind: x\na: {b: 1, c: '2, 3', ^").beside == {"b": "1", "c": "'2, 3'"}
    assert at("kind: x\n^\na: 1").beside == {"kind": "x", "a": "1"}


def test_path_ends_with_the_key_of_the_value() -> None:
    assert at("kind: x\na:\n  b: ^").path == ("a", "b")
    assert at("kind: x\na:\n  - ^").path == ("a",)


@given(st.text(alphabet="ak:{}[],'\"|-> \n#\\é", max_size=60), st.integers(0, 60))
def test_no_text_is_too_odd(text: str, offset: int) -> None:
    lines = text.split("\n")
    before = text[:offset].split("\n")
    found = locate(lines, len(before) - 1, len(before[-1]))
    assert isinstance(found, Place)
