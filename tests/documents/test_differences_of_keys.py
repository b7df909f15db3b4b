"""Whatever a policy file says otherwise is a difference; how it is laid out is none."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.documents.differences import Difference, differences
from pmo_engine.documents.keys import TOLD
from pmo_engine.policy import Policy
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.source.marked import Mapping, Text, lines_of
from pmo_engine.source.yaml_source import compose
from pmo_engine.testing import policy_from

STORIES = (Path(__file__).parents[1] / "stories" / "city.yaml").read_text(encoding="utf-8")
CITY = STORIES.replace("voting: A show", "members: 5\nvoting: A show")
MORE = """
---
kind: table
id: signer
title: Who signs
hit_policy: first
inputs: [{name: amount, type: money}, {name: urgent, type: boolean}]
outputs: [{name: role, type: [pmo_head, portfolio_board]}]
rows:
  - {when: [< 5 GBP, "-"], then: pmo_head}
  - {when: ["-", "-"], then: portfolio_board}
---
kind: notices
quiet_hours: {from: "20:00", to: "07:00"}
"""
OLD = policy_from(CITY + MORE)


def changed(text: str) -> tuple[Difference, ...]:
    return differences(OLD, policy_from(text))


def leaves(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Text]]:
    """Go through the texts of a document, each with the keys that lead to it."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*place, key))
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, (*place, "*"))
    elif place[-1] != "kind":
        yield place, value


def all_leaves() -> list[tuple[tuple[str, ...], Text]]:
    documents = compose(CITY + MORE, "policy.yaml")
    return [each for doc in documents for each in leaves(doc.content, (str(doc.content["kind"]),))]


def others(value: str, beside: list[str]) -> Iterator[str]:
    """Give other values that may be right in the place of one."""
    if value in {"true", "false"}:
        yield "false" if value == "true" else "true"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield (date.fromisoformat(value) + timedelta(1)).isoformat()
    if number := re.search(r"\d+", value):
        yield value[: number.start()] + str(int(number[0]) + 1) + value[number.end() :]
    yield from (each for each in beside if each != value)
    yield f"{value} more"
    yield f"{value}_x"


def another_policy(leaf: Text, beside: list[str]) -> Policy | None:
    """Give a policy that says something else in one place; None where it cannot."""
    for other in others(str(leaf), beside):
        [edit] = leaf.instead(other)
        try:
            return policy_from("\n".join(edit.applied(lines_of(CITY + MORE))))
        except PolicyError:
            continue
    return None


def test_every_single_value_that_changes_is_told() -> None:
    found = all_leaves()
    beside = defaultdict(list)
    for place, leaf in found:
        beside[place].append(str(leaf))
    tried = 0
    for place, leaf in found:
        if place == TOLD:
            continue
        other = another_policy(leaf, beside[place])
        if other is not None:
            tried += 1
            assert differences(OLD, other), f"{'.'.join(place)}: {leaf}"
    assert tried > len(found) / 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: notices\n", "kind: notices # a remark\n"),
        ('{from: "20:00", to: "07:00"}', "{to: '07:00', from: '20:00'}"),
        ("inputs: [{name: amount, type: money}, ", "inputs:\n  [{name: amount, type: money},\n   "),
    ],
)
def test_comments_and_layout_are_nothing(old: str, new: str) -> None:
    assert old in CITY + MORE
    assert changed((CITY + MORE).replace(old, new)) == ()


def test_the_order_of_files_is_nothing() -> None:
    documents = (CITY + MORE).split("\n---\n")
    assert changed("\n---\n".join([*documents[1:], documents[0]])) == ()


def told(old: str, new: str) -> list[tuple[str, str]]:
    assert old in CITY + MORE
    found = changed((CITY + MORE).replace(old, new))
    return [(each.heading, "".join(f"{p.sign}{p.text}" for p in each.pieces())) for each in found]


def test_lines_are_for_a_board_to_read() -> None:
    [(heading, words)] = told("kind: policy\n", "kind: policy\napplies_to_open: true\n")
    assert heading == "Policy, applies to open"
    assert words == "+Policy, applies to open: yes"
    [(heading, words)] = told('from: "20:00"', 'from: "21:00"')
    assert heading == "Notices, quiet hours, from"
    assert words == " Notices, quiet hours, from: -20:00+21:00"


def test_a_case_that_is_gone_is_told_as_a_whole() -> None:
    start = CITY.index("  - name: one penny more")
    [(heading, words)] = told(CITY[start : CITY.index("  - name: beyond the head")], "")
    assert (
        heading == "Suite, change request.submitted of by-authority, cases, one penny more is not"
    )
    assert words.startswith(
        "-Suite, change request.submitted of by-authority, cases, one penny more is not: name"
    )
    assert words.endswith("facts: change: cost: 50,000.01 GBP; expect: approvals: pmo_head")


def test_rows_in_another_order_are_told_where_the_first_one_counts() -> None:
    rows = MORE[MORE.index("  - {when: [<") : MORE.index("---\nkind: notices")]
    first, second = rows.splitlines(keepends=True)
    assert told(rows, second + first)


def test_columns_in_another_order_are_told() -> None:
    columns = "[{name: amount, type: money}, {name: urgent, type: boolean}]"
    turned = "[{name: urgent, type: boolean}, {name: amount, type: money}]"
    cells = 'when: [< 5 GBP, "-"]'
    text = (CITY + MORE).replace(columns, turned).replace(cells, 'when: ["-", < 5 GBP]')
    assert "Table, signer, inputs, order" in [each.heading for each in changed(text)]


def test_what_a_clause_says_is_not_told_again() -> None:
    text = (CITY + MORE).replace("members: 5", "members: 7")
    found = [each.id for each in changed(text)]
    assert "terms/portfolio_board/membership" in found
    assert not [each for each in found if each.startswith("key/")]
