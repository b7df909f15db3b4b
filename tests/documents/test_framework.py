"""The framework says who may not be whom, and terms say what may be delegated."""

from datetime import date

from pmo_engine.documents.sections.framework import roles_section
from pmo_engine.documents.sections.terms import terms_section
from pmo_engine.testing.world import policy_from
from tests.small_policy import HEADER

MORE = """
kind: roles
roles:
  - {id: auditor, not_with: [project_manager]}
incompatible:
  - {roles: [auditor, pmo_head], source: Rule book 4}
---
kind: terms_of_reference
for: pmo_head
delegation: {acts: [approve change], to: [board], chains: yes}
---
kind: terms_of_reference
for: board
delegation: {acts: []}
---
kind: terms_of_reference
for: project_manager
delegation: {}
"""


def test_roles_that_do_not_go_together_are_said_with_the_source() -> None:
    policy = policy_from(HEADER + MORE)
    (table,) = roles_section(policy, "1").blocks
    said = {str(line.cells[1]): str(line.cells[2]) for line in table.rows}  # type: ignore[union-attr]
    (auditor,) = (text for role, text in said.items() if "uditor" in role)
    assert (
        "Nobody who holds it may also be the PMO head (Rule book 4) or the project manager."
        in auditor
    )
    assert any(
        "nobody who holds it may also be the auditor (Rule book 4)" in each
        for each in said.values()
    )


def test_terms_say_what_may_be_delegated_and_to_whom() -> None:
    policy = policy_from(HEADER + MORE)

    def delegation(role: str) -> str:
        section = terms_section(policy.terms[role], policy, "1", on=date(2026, 3, 2))
        (found,) = (each for each in section.blocks if each.clause.id.endswith("/delegation"))
        return found.clause.text

    assert delegation("pmo_head") == (
        "The power to approve a change may be delegated to the board.\nA delegate may hand it on."
    )
    assert delegation("board") == "Nothing may be delegated."
    assert delegation("project_manager") == (
        "Everything that is not reserved may be delegated to anybody.\n"
        "A delegate may not hand it on."
    )
