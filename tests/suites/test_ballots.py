"""Cases of suites that are about ballots: counted by the terms of their body."""

import pytest

from pmo_engine.analysis.coverage import coverage_of
from pmo_engine.engines.engine import Engine
from pmo_engine.suites.running import chosen, run_suites
from tests.small_policy import check_text

BOARD = """
kind: terms_of_reference
for: board
members: 5
quorum: {meet: 1/2}
voting: {count: present, pass: 2/3, written: {within: 5 working days, count: members, pass: 2/3}}
---
kind: suite
id: votes
cases:
"""


def suite(*cases: str):
    return check_text(BOARD + "".join(f"  - {{{case}}}\n" for case in cases))


def run(*cases: str):
    checked = suite(*cases)
    assert [each for each in checked.diagnostics if each.severity == "error"] == []
    return list(run_suites(checked.policy, None))


def ballot(votes: str, outcome: str, name: str = "a") -> str:
    return f"name: {name}, ballot: {{of: board, {votes}}}, expect: {{outcome: {outcome}}}"


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("for: 4", "passed"),
        ("for: 3", "open"),
        ("for: 3, closed: true", "refused"),
        ("for: 2, against: 1, present: 3", "passed"),
        ("for: 2, present: 3", "passed"),
        ("for: 1, present: 3", "open"),
        ("for: 2, vacant: 3", "lapsed"),
        ("for: 5, members: 7", "passed"),
        ("recused: 3, for: 2", "lapsed"),
    ],
)
def test_a_ballot_is_counted_by_the_terms(votes, outcome):
    (result,) = run(ballot(votes, outcome))
    assert result.failures == ()


@pytest.mark.parametrize(
    ("terms", "votes", "outcome"),
    [
        ("members: 3\nquorum: {meet: 2/3}", "for: 2", "passed"),
        ("members: 5\nquorum: {meet: 4}", "for: 3, closed: true", "lapsed"),
        ("members: 5\nquorum: {meet: 2, vote: 2/3}", "for: 3, closed: true", "refused"),
        (
            "membership: [{role: board, count: 5}]\nquorum: {meet: 2}",
            "for: 1, closed: true",
            "lapsed",
        ),
        (
            "membership: [{role: board}, {seat: aide, votes: false}]\nvoting: {count: members}",
            "for: 1",
            "passed",
        ),
        ("members: 5\nvoting: {count: members}", "for: 2, against: 1, closed: true", "refused"),
        ("members: 5\nvoting: {pass: 2/3}", "for: 3, against: 2", "refused"),
        (
            "members: 5\nvoting: {abstentions: counted}",
            "for: 2, against: 1, abstain: 2",
            "refused",
        ),
        (
            "members: 4\nchair: board\nvoting: {casting_vote: chair}",
            "for: 2, against: 2, chair: for",
            "passed",
        ),
        (
            "members: 5\nquorum: {meet: 1/2}\nvoting: {recusal: lowers the quorum}",
            "for: 1, recused: 3, closed: true",
            "passed",
        ),
    ],
)
def test_every_word_of_the_terms_is_counted_by(terms, votes, outcome):
    text = f"kind: terms_of_reference\nfor: board\n{terms}\n---\nkind: suite\nid: v\ncases:\n"
    checked = check_text(f"{text}  - {{{ballot(votes, outcome)}}}\n")
    (result,) = run_suites(checked.policy, None)
    assert result.failures == ()


def test_what_is_not_expected_is_said():
    (result,) = run(ballot("for: 3", "passed"))
    said = "and it is open: 2 may still vote (3 of 4 in favour; 3 of 3 there)"
    assert result.failures[0] == f"outcome: passed was expected, {said}"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (ballot("for: 6", "passed"), "than there are members"),
        (ballot("for: 3, present: 2", "passed"), "those who are present are whoever voted"),
        (ballot("for: 1, present: 6", "open"), "those who are present are whoever voted"),
        (ballot("for: 1, chair: against", "open"), "the chair is against, and nobody is"),
        (ballot("for: 4", "go"), "'go' is no outcome of a ballot"),
        (
            ballot("for: 4", "open").replace("of: board", "of: bord"),
            "unknown body that votes 'bord'",
        ),
        (
            ballot("for: 4", "open").replace("outcome", "status"),
            "comes to an outcome, and to no 'status'",
        ),
    ],
)
def test_numbers_that_do_not_fit_are_told(case, said):
    found = [each.message for each in suite(case).diagnostics if each.severity == "error"]
    assert any(said in each for each in found), found


def test_ballots_are_chosen_by_name_and_names_are_told_twice():
    checked = suite(ballot("for: 4", "passed", "one"), ballot("for: 3", "open", "two"))
    assert [each.case for each in run_suites(chosen(checked.policy, "two"), None)] == ["two"]
    again = suite(ballot("for: 4", "passed"), ballot("for: 3", "open"))
    assert "a case 'a' is in this suite already" in [each.message for each in again.diagnostics]


def test_a_body_wants_a_ballot_that_passes_and_one_that_is_refused():
    checked = suite(ballot("for: 4", "passed"), ballot("for: 3", "open", "b"))
    (covered,) = [each for each in coverage_of(Engine(checked.policy)) if each.kind == "ballots"]
    assert (covered.total, [each.what for each in covered.missed]) == (
        2,
        ["has no ballot that is refused"],
    )
