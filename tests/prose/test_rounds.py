"""Collection rounds in words, as the framework prints them."""

from pmo_engine.documents.building import build
from pmo_engine.testing import policy_from

POLICY = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: project_manager, senior: pmo_head}
  - {id: pmo_head}
---
kind: registers
registers:
  - {register: risks, noun: risk, root: risk, plural: risks, fields: {title: {type: text}}}
  - {register: issues, noun: issue, root: issue, plural: issues, fields: {title: {type: text}}}
---
kind: ladders
ladders: [{id: standard, rungs: [{at: 50 %, remind: addressee}]}]
---
kind: rounds
rounds:
  - id: status
    title: Monthly status
    purpose: What the board reads.
    every: month
    collect:
      - {register: risks, from: project_manager}
      - {register: issues, from: pmo_head}
    within: 5 working days
    ladder: standard
    closed_by: pmo_head
"""


def test_a_round_is_a_clause_of_the_framework() -> None:
    document = build(policy_from(POLICY))
    (section,) = [each for each in document.sections if each.title == "Collection rounds"]
    (clause,) = section.clauses()
    assert (section.part, clause.id) == ("framework", "round/status")
    assert clause.text == (
        "What the board reads."
        " After each month, each project that is under way is asked for the risks from the project"
        " manager and the issues from the PMO head."
        " The answer is due within 5 working days (reminders and escalations by the ladder"
        " 'standard')."
        " Whoever is asked enters or changes a record, or says that nothing changed; a project that"
        " is on hold or closed is not asked."
        " The round is closed when all have answered, by the PMO head for a reason, or when the"
        " next one begins."
    )
