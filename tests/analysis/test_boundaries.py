"""The three cases at and beside each limit, and which of them the suites have."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from pathlib import Path

import pytest

from pmo_engine.analysis.boundaries import Bound, bounds_of, limit_in_words, tried_by
from pmo_engine.analysis.example_cases import suites_for
from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.feel.wire import to_json
from tests.policies import kept
from tests.small_policy import check_text

ROOT = Path(__file__).parents[2]


def engine_of(text: str) -> Engine:
    checked = check_text(text)
    assert checked.policy is not None, checked.diagnostics
    return Engine(checked.policy)


def rules(*conditions: str) -> str:
    made = "".join(
        f"  - {{id: r{place}, title: a, on: change.submitted, binding: shall, when: '{when}', then: [{{block: x}}]}}\n"
        for place, when in enumerate(conditions, 1)
    )
    return f"kind: rules\nrules:\n{made}"


def suite(*facts: str, about: str = "", at: str = "") -> str:
    cases = "".join(
        f"  - {{name: c{i}, facts: {each}, expect: {{fired: []}}}}\n"
        for i, each in enumerate(facts, 1)
    )
    return f"---\nkind: suite\nid: s\nevent: change.submitted\n{about}{at}cases:\n{cases}"


def bounds(text: str) -> tuple[Bound, ...]:
    engine = engine_of(text)
    return bounds_of(engine, tried_by(engine), engine.policy.rules)


def values(bound: Bound) -> list[object]:
    return [to_json(point.value) for point in bound.points]


def covered(bound: Bound) -> dict[str, list[str]]:
    return {
        point.side: [name.removeprefix("s: ") for name in point.cases] for point in bound.points
    }


VALUES = [
    ('change.cost > @"50000 GBP"', ["49999.99 GBP", "50000 GBP", "50000.01 GBP"]),
    ('@"50000 GBP" < change.cost', ["49999.99 GBP", "50000 GBP", "50000.01 GBP"]),
    ("change.weeks >= 4", ["3", "4", "5"]),
    ("change.weeks >= 4.5", ["4.4", "4.5", "4.6"]),
    ("change.weeks = 2 + 2", ["3", "4", "5"]),
    ('change.asked_on < @"2026-03-01"', ["2026-02-28", "2026-03-01", "2026-03-02"]),
    (
        'change.asked_at < @"2026-03-01T09:00:00Z"',
        ["2026-03-01T08:59:00Z", "2026-03-01T09:00:00Z", "2026-03-01T09:01:00Z"],
    ),
    ('change.spent > @"PT36H"', ["P1DT11H", "P1DT12H", "P1DT13H"]),
    ('change.spent > duration("P30D")', ["P29D", "P30D", "P31D"]),
    ("count(change.tags) > 2", ["1", "2", "3"]),
    ("count(change.tags) = 0", ["0", "1"]),
]


@pytest.mark.parametrize(("condition", "expected"), VALUES)
def test_a_limit_has_the_value_itself_and_one_step_to_each_side(
    condition: str, expected: list[str]
) -> None:
    [bound] = bounds(rules(condition))
    assert values(bound) == expected


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ("change.weeks in [1..5]", ["1", "5"]),
        ("change.weeks between 1 and 5", ["1", "5"]),
        ("change.weeks in (> 2, 7)", ["2", "7"]),
        ('change.weeks > 1 and not(change.cost < @"2 GBP")', ["1", "2 GBP"]),
        ('change.category = "scope" and change.urgent', []),
        ("1 < 2 and change.urgent", []),
        ("some c in changes satisfies c.weeks > 3", ["3"]),
        ("count(changes[weeks > 3]) > 0", ["0", "3"]),
        ('change.weeks > change.cost / @"1 GBP"', [None]),
    ],
)
def test_every_comparison_of_quantities_is_a_limit(
    condition: str, limits: list[str | None]
) -> None:
    assert [to_json(bound.limit) for bound in bounds(rules(condition))] == limits


def test_the_finest_constant_that_a_fact_is_compared_with_sets_its_step() -> None:
    first, second = bounds(rules("change.weeks > 4", "change.weeks > 2.25"))
    assert values(first) == ["3.99", "4", "4.01"]
    assert values(second) == ["2.24", "2.25", "2.26"]


def test_a_case_covers_the_point_at_which_it_stands() -> None:
    facts = [
        f"{{change: {{cost: {amount} GBP}}}}"
        for amount in ("50000", "50000.01", "49999", "50000.00", "60000")
    ]
    [bound] = bounds(rules('change.cost > @"50000 GBP"') + suite(*facts, "{change: {}}"))
    assert covered(bound) == {"below": [], "at": ["c1", "c4"], "above": ["c2"]}


def test_only_suites_about_the_rule_and_cases_in_which_it_is_in_force_count() -> None:
    conditions = rules("change.weeks > 4", "change.weeks > 8")
    late = conditions.replace("id: r2,", "id: r2, in_force_from: 2026-06-01,")
    facts = "{change: {weeks: 4}}", "{change: {weeks: 8}}"
    first, second = bounds(late + suite(*facts))
    assert (covered(first)["at"], covered(second)["at"]) == (["c1"], [])
    first, second = bounds(conditions + suite(*facts, about="about: [r2]\n"))
    assert (covered(first)["at"], covered(second)["at"]) == ([], ["c2"])


def test_a_limit_made_of_facts_is_met_by_their_values_together() -> None:
    facts = [f"{{change: {{weeks: {weeks}, cost: 10 GBP}}}}" for weeks in (9, 10, 11, 12)]
    [bound] = bounds(rules('change.weeks > change.cost / @"1 GBP"') + suite(*facts))
    assert covered(bound) == {"below": ["c1"], "at": ["c2"], "above": ["c3"]}


def test_beside_a_limit_of_several_facts_is_one_step_of_one_of_them() -> None:
    """12 stands just below 15 where a factor of 3 is one step from making it 15 (5 x 3)."""
    facts = [
        "{change: {weeks: 4, cost: 3 GBP}}",
        "{change: {weeks: 2, cost: 3 GBP}}",
        "{change: {weeks: 5, cost: 3 GBP}}",
    ]
    [bound] = bounds(rules('change.cost * change.weeks >= @"15 GBP"') + suite(*facts))
    assert covered(bound) == {"below": ["c1"], "at": ["c3"], "above": []}


def test_inside_a_loop_each_item_counts() -> None:
    facts = "{changes: [{weeks: 1}, {weeks: 3}, {weeks: 4}]}"
    [bound] = bounds(rules("some c in changes satisfies c.weeks > 3") + suite(facts))
    assert covered(bound) == {"below": [], "at": ["c1"], "above": ["c1"]}


TERMS = """
---
kind: terms_of_reference
for: project_manager
authority:
  - id: small
    may: approve change
    up_to:
      - {from: 2026-01-01, value: 50 GBP}
      - {from: 2026-07-01, value: 60 GBP}
---
kind: terms_of_reference
for: board
authority: [{id: all, may: approve change, up_to: unlimited}]
---
"""
SEEKING = """kind: rules
rules:
  - {id: asks, title: a, on: change.submitted, binding: shall, then: [{require_approval: {from: least_senior_with_authority}}]}
"""


def test_limits_of_authority_are_limits_each_from_its_day_on() -> None:
    facts = "{change: {cost: 60 GBP}}"
    first, second = bounds(TERMS + SEEKING + suite(facts, at="at: 2026-08-01T09:00:00Z\n"))
    assert (str(first.limit), str(first.since)) == ("50 GBP", "2026-01-01")
    assert (str(second.limit), str(second.since)) == ("60 GBP", "2026-07-01")
    assert (first.boundary.authority, first.boundary.rules[0].id) == ("small", "asks")
    assert covered(first)["at"] == []  # in August the limit is another
    assert covered(second)["at"] == ["c1"]


def test_a_limit_is_found_at_its_place_even_in_a_block() -> None:
    text = "kind: rules\nrules:\n  - id: r\n    title: a\n    on: change.submitted\n    binding: shall\n    when: |\n      change.urgent\n        and change.weeks > 4\n    then: [{block: x}]\n"
    [bound] = bounds(text)
    source = (check_text.__globals__["HEADER"] + text).splitlines()
    mark = bound.boundary.mark
    assert source[mark.line - 1][mark.column - 1 :] == "change.weeks > 4"


SIGNER = """kind: table
id: signer
title: Who signs
hit_policy: first
inputs: [{name: weeks, type: number, allowed: '[0..100]'}, {name: amount, type: money}]
outputs: [{name: role, type: [board, pmo_head]}]
rows:
  - {when: {weeks: < 4}, then: board}
  - {when: {amount: '[10 GBP..20 GBP)'}, then: pmo_head, in_force_from: 2026-07-01}
  - {when: {weeks: '>= 4'}, then: board}
---
"""


def test_cells_of_a_table_are_limits_of_what_it_is_called_with() -> None:
    text = SIGNER + rules(
        'signer(change.weeks, change.cost) = "board"',
        'signer(change.weeks, change.cost) = "pmo_head"',
    )
    found = bounds(
        text + suite("{change: {weeks: 3}}", "{change: {cost: 10 GBP}}", about="about: [r2]\n")
    )
    assert [(each.boundary.row, str(each.limit)) for each in found] == [
        (1, "4"),
        (2, "10 GBP"),
        (2, "20 GBP"),
        (3, "4"),
    ]
    assert {tuple(rule.id for rule in each.boundary.rules) for each in found} == {("r1", "r2")}
    assert covered(found[0]) == {"below": ["c1"], "at": [], "above": []}
    assert covered(found[1])["at"] == []  # the row is not in force yet
    late = bounds(text + suite("{change: {cost: 10 GBP}}", at="at: 2026-08-01T09:00:00Z\n"))
    assert covered(late[1])["at"] == ["c1"]


def test_what_the_least_senior_role_is_asked_for_is_held_against_each_limit() -> None:
    [first, _] = bounds(TERMS + rules('least_senior("approve change", change.cost * 2) = "board"'))
    assert limit_in_words(engine_of(TERMS).policy, first).startswith(
        "the change's cost times 2 is above the project manager's authority"
    )


POLICIES = [
    "policies/demo",
    "rules/risk",
    "rules/finance",
    "rules/change_control",
    "rules/planning",
    "tests/stories/city.yaml",
]


@pytest.mark.parametrize("path", POLICIES)
def test_the_cases_that_it_writes_stand_where_they_should(path: str, tmp_path: Path) -> None:
    """Pasted and filled in, they check, they run, and nothing that could be made is missing."""
    engine = Engine(kept(ROOT / path))
    before = bounds_of(engine, tried_by(engine), engine.policy.rules)
    written = suites_for(engine, before)
    folder = tmp_path / "policy"
    folder.mkdir()
    source = ROOT / path
    for file in sorted(source.glob("*.yaml")) if source.is_dir() else [source]:
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    filled = written.replace("expect: {}", "expect: {status: clear}")
    (folder / "more.yaml").write_text(filled, encoding="utf-8")
    after = Engine(load_policy(folder))
    left = [p for b in bounds_of(after, tried_by(after), after.policy.rules) for p in b.missed]
    assert len(left) == written.count("# no single fact")
    assert len(left) < sum(len(bound.missed) for bound in before)


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        ("change.due < change.asked_on", "{change: {due: 2026-01-01, asked_on: 2026-01-01}}"),
        (
            'change.due + duration("P5D") < change.asked_on',
            "{change: {due: 2025-12-27, asked_on: 2026-01-01}}",
        ),
        ('change.cost > change.weeks * @"5 GBP"', "{change: {cost: 50 GBP, weeks: 10}}"),
        ("sum(changes.cost) > change.cost", "{changes: [{cost: 10 GBP}], change: {cost: 10 GBP}}"),
    ],
)
def test_where_neither_side_stands_first_both_are_given_a_value(when: str, facts: str) -> None:
    text = rules(when)
    engine = engine_of(text)
    written = suites_for(engine, bounds_of(engine, (), engine.policy.rules))
    assert "# no single fact" not in written
    [at_limit] = [
        each for each in written.split("  - name: ")[1:] if each.startswith(('"at the', "at the"))
    ]
    assert f"facts: {facts}\n" in at_limit
    pasted = engine_of(f"{text}---\n{written.replace('expect: {}', 'expect: {fired: []}')}")
    [bound] = bounds_of(pasted, tried_by(pasted), pasted.policy.rules)
    assert not bound.missed


def test_a_limit_that_no_single_fact_reaches_is_said() -> None:
    engine = engine_of(rules("some c in changes satisfies c.weeks > 3"))
    written = suites_for(engine, bounds_of(engine, tried_by(engine), engine.policy.rules))
    assert (
        written.splitlines()[1]
        == "# no single fact brings about at the limit: some change's weeks are above 3"
    )


def test_limits_in_words() -> None:
    engine = engine_of(TERMS + SEEKING)
    found = bounds_of(engine, (), engine.policy.rules)
    assert limit_in_words(engine.policy, found[1]) == (
        "the change's cost is above the project manager's authority to approve a change (60 GBP from 1 July 2026 on)"
    )
