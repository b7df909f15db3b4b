"""Clauses: what a policy says, under ids that stay the same from version to version."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.documents import Clause, build, clauses, written
from pmo_engine.policy import Policy
from tests.policies import kept

ROOT = Path(__file__).parents[2]
TERMS = """
kind: terms_of_reference
for: pmo_head
purpose: Leads the office.
authority:
  - id: large
    may: approve change
    basis: excluding VAT
    up_to:
      - {value: 200 GBP, source: minute 1}
      - {from: 2026-06-01, value: 300 GBP, source: minute 2}
  - {id: adoption, may: adopt policy, up_to: unlimited}
---
kind: terms_of_reference
for: board
chair: pmo_head
membership:
  - {role: pmo_head, votes: false}
  - {seat: elected member, count: 5, appointed_by: the council}
quorum: {meet: 1/2, vote: 4}
---
kind: rules
rules:
  - id: asks
    title: A change is approved
    on: change.submitted
    binding: shall
    when: change.cost OPERATOR @"50 GBP"
    then: [{require_approval: {from: pmo_head}}]
"""


def by_id(policy: Policy) -> dict[str, Clause]:
    return {clause.id: clause for clause in clauses(policy)}


@pytest.fixture(scope="module")
def make(make_policy: Callable[[str], Policy]) -> Callable[[str], dict[str, Clause]]:
    return lambda operator=">": by_id(make_policy(TERMS.replace("OPERATOR", operator)))


def test_an_authority_is_said_with_all_its_dated_values(make) -> None:
    clause = make()["terms/pmo_head/authority/large"]
    assert clause.text.splitlines() == [
        "May approve a change up to 200 GBP in each case, excluding VAT (minute 1).",
        (
            "May approve a change up to 300 GBP in each case, excluding VAT, "
            "from 1 June 2026 (minute 2)."
        ),
    ]


def test_who_adopts_is_said(make) -> None:
    assert make()["terms/pmo_head/authority/adoption"].text == "May adopt a policy."


def test_a_body_is_said_in_numbers(make) -> None:
    found = make()
    assert found["terms/board/membership"].text.splitlines() == [
        "5 members with a vote.",
        "PMO head, without a vote.",
        "Elected member (5), appointed by the council.",
    ]
    assert found["terms/board/quorum"].text == (
        "3 of 5 members must be there to meet, and 4 of 5 must vote alike to decide."
    )
    assert found["terms/board/chair"].text == "The PMO head."


@pytest.mark.parametrize(("operator", "said"), [(">", "above"), (">=", "at least"), ("<", "below")])
def test_another_operator_is_another_clause(make, operator: str, said: str) -> None:
    clause = make(operator)["rule/asks"]
    assert clause.text.startswith(
        f"When a change is submitted and the change's cost is {said} 50 GBP, the PMO head must"
    )


@pytest.mark.parametrize("folder", ["policies/demo", "rules/risk"])
def test_ids_and_numbers_are_each_their_own(folder: str) -> None:
    found = clauses(kept(ROOT / folder))
    assert len({clause.id for clause in found}) == len(found)
    assert len({clause.number for clause in found}) == len(found)


def test_a_clause_knows_its_place(make) -> None:
    policy = kept(ROOT / "policies/demo")
    clause = by_id(policy)["rule/change-approval"]
    written = Path(clause.mark.file).read_text(encoding="utf-8").splitlines()
    assert "change-approval" in written[clause.mark.line - 1]


TABLE = """
kind: table
id: signer
title: Who signs a change
hit_policy: first
inputs:
  - {name: category, type: [scope, time, quality]}
  - {name: cost, type: money, allowed: ">= 0 GBP"}
  - {name: asked, type: date}
outputs:
  - {name: signer, type: [head, board], default: board}
  - {name: days, type: number}
rows:
  - {when: ["scope, time", "OPERATOR 50000 GBP", "-"], then: [head, 3], source: Board item 1}
  - when: [not(quality), "[10 GBP..20 GBP)", "> 2026-01-01"]
    then: [board, 5]
    in_force_from: 2026-05-01
  - {when: ["-", "-", "-"], then: [board, 7]}
"""


@pytest.mark.parametrize(("operator", "said"), [("<=", "at most"), ("<", "below")])
def test_a_table_is_said_row_by_row(
    make_policy: Callable[[str], Policy], operator: str, said: str
) -> None:
    found = by_id(make_policy(TABLE.replace("OPERATOR", operator)))
    assert found["table/signer"].text.splitlines() == [
        (
            "For category, cost (at least 0 GBP) and asked the table gives the signer and the "
            "days, by the first row that matches."
        ),
        "Where no row matches, signer is the board.",
    ]
    assert [found[f"table/signer/row/{number}"].text for number in (1, 2, 3)] == [
        (
            f"Where category is scope or time and cost is {said} 50,000 GBP, signer is head and "
            "days is 3. Source: Board item 1."
        ),
        (
            "Where category is not quality, cost is at least 10 GBP and below 20 GBP and asked is "
            "after 1 January 2026, signer is the board and days is 5. In force from 1 May 2026."
        ),
        "In every case, signer is the board and days is 7.",
    ]


def test_cells_of_a_table_are_cells(make_policy: Callable[[str], Policy]) -> None:
    text = written(build(make_policy(TABLE.replace("OPERATOR", "<="))), "md").decode()
    assert (
        "| scope or time | at most 50,000\N{NO-BREAK SPACE}GBP | any | head | 3 | Board item 1 |"
        in text
    )


INTERESTS = """
---
kind: terms_of_reference
for: project_manager
may_not: [reviewed]
may_despite: [{interest: own, source: Rule book 4}]
"""


def test_who_does_not_decide_is_a_clause_of_the_terms(
    make_policy: Callable[[str], Policy], make: Callable[[str], dict[str, Clause]]
) -> None:
    said = make(">")["terms/pmo_head/interests"].text
    assert said == (
        "Nobody decides in this role about what they asked for, wrote or own; what they produced; "
        "what they are a party to or have declared an interest in; or at a gate, their own project."
        "\nWhat keeps somebody from deciding also keeps their delegates, their deputies and any "
        "other account of theirs."
    )
    policy = make_policy(TERMS.replace("OPERATOR", ">") + INTERESTS)
    manager = by_id(policy)["terms/project_manager/interests"].text
    assert "what they reviewed" in manager
    assert "asked for, wrote or own; what" not in manager
    assert manager.endswith(
        "Decides about what they asked for, wrote or own all the same (Rule book 4)."
    )
