"""What a policy makes of its packs, in the documents: dated terms, rules lifted and why."""

from datetime import date

from pmo_engine.documents import build, clauses, written
from tests.compiler.test_norms import OURS, policy

USES = """
    with: {dear: [{value: 100 GBP}, {from: 2026-07-01, value: 200 GBP, source: "Board, item 2"}]}
    without:
      - {rule: large, replaced_by: ours, reason: We count otherwise, from: 2026-07-01, source: "Board, item 1"}
      - {rule: listed, reason: Nobody asks}
"""  # noqa: E501 - as it is written


def test_terms_and_departures_are_clauses() -> None:
    made = policy(USES, OURS % ", in_force_from: 2026-07-01")
    found = {clause.id: clause.text.splitlines() for clause in clauses(made)}
    assert found["pack/spills/most"] == [
        "Litres that may be spilt.",
        "It is 5.",
        "At least 1 and at most 100; 5 unless a policy says otherwise.",
    ]
    assert found["pack/spills/dear"] == [
        "Harm that is too much.",
        "It is 100 GBP.",
        "It is 200 GBP from 1 July 2026 (Board, item 2).",
        "Each policy sets it.",
    ]
    assert found["departure/spills/large"] == [
        (
            "The rule 'A large spill stops work' of the pack does not hold here, and the rule "
            "'Our limit' stands in its place."
        ),
        "We count otherwise.",
        "Source: Board, item 1. In force from 1 July 2026.",
    ]
    assert found["departure/spills/listed"][-1] == "Nobody asks."
    assert "rule/listed" not in found
    said = [line for line in found["rule/dear"] if line.startswith("When")]
    assert [line.partition("harm is above ")[2] for line in said] == [
        '100 GBP, it must not go on ("stop"). In force up to the day before 1 July 2026.',
        '200 GBP, it must not go on ("stop"). In force from 1 July 2026.',
    ]


def test_a_term_is_marked_as_of_the_day() -> None:
    made = policy(USES, OURS % ", in_force_from: 2026-07-01")
    text = written(build(made, date(2026, 3, 1)), "md").decode()
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "| 100 GBP | the beginning |  | each policy sets it | in force |" in text
    assert "| 200 GBP | 1 July 2026 | Board, item 2 |  | announced |" in text
    assert "Holds at other times than the day of this document." in text
    assert "[Our limit](#rule/ours)" in text
