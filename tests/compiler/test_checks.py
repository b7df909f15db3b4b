"""Checks of a bound policy: each finds what it is for, and nothing else."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable

import pytest

from pmo_engine.compiler.kinds import CHECKS
from pmo_engine.compiler.loading import run_checks
from pmo_engine.policy import Policy
from pmo_engine.source.diagnostics import Diagnostic

Check = Callable[[str], tuple[Diagnostic, ...]]
SUITE = "---\nkind: suite\nevent: change.submitted\ncases: [{name: a, expect: {status: clear}}]\n"


def rules(then: str, on: str = "change.submitted", tail: str = SUITE) -> str:
    rule = f"{{id: some-rule, title: a, on: {on}, binding: shall, then: [{then}]}}"
    return f"kind: rules\nrules: [{rule}]\n{tail}"


BIDS = """
kind: registers
registers: [{register: bids, noun: bid, root: bid, plural: bids, %sfields: {capital: {type: money}, yearly: {type: money}}}]
---
kind: terms_of_reference
for: pmo_head
authority: [{id: bids, may: approve bid, up_to: [{value: 5000 GBP}]}]
---
kind: terms_of_reference
for: board
members: 5
authority: [{id: all, may: approve bid, up_to: unlimited}]
"""

GATE = (
    "kind: gates\ngates: [{id: G1, title: a, from_stage: a, to_stage: b, assessments: [%s],"
    " decided_by: board, outcomes: [go]}]\n"
)
LADDER = "kind: ladders\nladders: [{id: own, rungs: [{at: 50 %%, remind: addressee}, {after: 1 day, escalate: %s}]}]\n"
CLIMBED = "kind: ladders\nladders: [{id: own, rungs: [{at: 50 %%, remind: addressee}, {after: 1 day, escalate: %s}, {after: 2 days, escalate: senior}]}]\n"
TERMS = "---\nkind: terms_of_reference\nfor: board\nmembers: 5\nauthority: [{id: a, may: approve change, up_to: unlimited}]\n"
LIMIT = "---\nkind: terms_of_reference\nfor: {0}\nauthority: [{{id: of-{0}, may: approve change, up_to: [{{value: {1}}}]}}]\n"
BESIDE = "kind: terms_of_reference\nfor: pmo_head\nauthority: [{id: a, may: approve change, up_to: [{value: %s}]}, {id: b, may: approve change, while_vacant: board, up_to: [{value: 50 GBP}]}]\n"
RESERVED = "---\nkind: terms_of_reference\nfor: board\nreserved: [{act: approve change}]\n"
SEEKS = "{require_approval: {from: least_senior_with_authority}}"
TABLE = (
    "kind: table\nid: t\ntitle: T\nhit_policy: %s\ninputs: [{name: n, type: number}]\noutputs: [{name: answer,"
    " type: %s}]\nrows: [{when: '%s', then: 'null'}, {when: '%s', then: 'null'}]\n"
)
TRIAL = (
    "kind: rules\nrules:\n  - {id: a, title: a, on: change.submitted, binding: trial, then: [{derive: {fact: late, value: true}}]}\n  - {id: b, title: b, on: change.submitted, binding: %s, when: late, then: [{block: x}]}\n"
    + SUITE
)
DERIVED = (
    "kind: rules\nrules:\n  - {id: a, title: a, on: change.%s, binding: shall, %sthen: [{derive: {fact: late, value: %s}}]}\n"
    "  - {id: b, title: b, on: change.submitted, binding: shall, when: '%s', then: [{block: x}]}\n"
    + SUITE
)
UNDER = "when: change.weeks > 4, "
SIGNER = (
    "kind: table\nid: t\ntitle: T\ninputs: [{name: n, type: boolean}]\noutputs: [{name: role, type: [board]}]\n"
    "rows: [{when: 'true', then: board}, {when: 'false', then: %s}]\n---\n"
) + rules("{require_approval: {from: {chosen_by: t(change.urgent)}}}")
FITS = "kind: tolerances\ntolerances: [{level: project, of: risk, up_to: [{value: 10}]}, {level: team, of: risk, up_to: [{value: %s}]}]\n"
CASES = {
    "PMO040": (rules("{block: x}", tail=""), rules("{block: x}")),
    "PMO041": (LADDER % "addressee", LADDER % "senior"),
    "PMO115": (CLIMBED % "project_manager", CLIMBED % "board"),
    "PMO117": (BESIDE % "10 GBP", BESIDE % "50 GBP"),
    "PMO042": (rules(SEEKS), rules(SEEKS) + TERMS),
    "PMO043": (rules("{require_assessment: {from: riks}}"), rules("{require_assessment: {from: risk}}")),
    "PMO044": (GATE % "risk", GATE % "risk" + "---\nkind: roles\nroles: []\nfunctional: [{role: risk, performed_by: officer}]\n"),
    "PMO077": (FITS % 11, FITS % 10),
    "PMO076": (TRIAL % "shall", TRIAL % "trial"),
    "PMO045": (rules("{block: x}", "change.submited"), rules("{block: x}", "[change.submitted, gate.opened]")),
    "PMO046": (DERIVED % ("submitted", UNDER, "change.weeks", "late > 1"), DERIVED % ("submitted", UNDER, "true", "not(late)")),
    "PMO047": (SIGNER % "'null'", SIGNER % "board"),
    "PMO050": (TABLE % ("first", "number", "< 5", "> 5"), TABLE % ("first", "number", "< 5", ">= 5")),
    "PMO051": (TABLE % ("unique", "number", "<= 5", ">= 5"), TABLE % ("unique", "number", "<= 5", "> 5")),
    "PMO052": (TABLE % ("first", "number", "-", "5"), TABLE % ("first", "number", "5", "-")),
    "PMO053": (TABLE % ("sum", "date", "-", "5"), TABLE % ("max", "date", "-", "5")),
    "PMO060": (LIMIT.format("pmo_head", "10 GBP") + TERMS + LIMIT.format("project_manager", "11 GBP"), LIMIT.format("pmo_head", "10 GBP") + TERMS + LIMIT.format("project_manager", "10 GBP")),
    "PMO064": (LIMIT.format("board", "10 GBP") + "members: 5\n", LIMIT.format("pmo_head", "10 GBP")),
    "PMO065": (LIMIT.format("pmo_head", "10 GBP") + RESERVED, RESERVED),
    "PMO066": (BIDS % "", BIDS % "value: yearly, "),
}  # fmt: skip


OF_FILES = (
    "PMO018",
    "PMO032",
    "PMO085",
    "PMO086",
    "PMO048",
    "PMO049",
    "PMO057",
    "PMO058",
    "PMO061",
    "PMO067",
    "PMO087",
    "PMO088",
    "PMO068",
    "PMO069",
    "PMO084",
    "PMO089",
    "PMO090",
    "PMO091",
    "PMO092",
    "PMO093",
    "PMO094",
    "PMO096",
    "PMO097",
    "PMO098",
    "PMO100",
    "PMO122",
    "PMO123",
    "PMO124",
    "PMO104",
    "PMO105",
    "PMO095",
    "PMO119",
    "PMO121",
    "PMO110",
    "PMO111",
    "PMO112",
    "PMO113",
    "PMO106",
    "PMO107",
    "PMO118",
    "PMO120",
    "PMO125",
)  # which lie in tests/compile
OF_PACKS = ("PMO072", "PMO074", "PMO075", "PMO078")  # which ``test_packs`` tries


def test_every_check_has_its_case() -> None:
    assert sorted([*CASES, *OF_PACKS, *OF_FILES]) == sorted(check.code for check in CHECKS)


@pytest.mark.parametrize("code", CASES)
def test_a_check_finds_what_it_is_for(check: Check, code: str) -> None:
    bad, good = CASES[code]
    assert [item.code for item in check(bad)] == [code]
    assert check(good) == ()


def test_a_suite_about_another_rule_does_not_count(check: Check) -> None:
    two = (
        rules("{block: x}", tail="")
        + "---\n"
        + rules("{block: x}", tail="").replace("some", "other")
    )
    suite = "---\nkind: suite\nabout: [other-rule]\nevent: change.submitted\ncases: [{name: a, expect: {status: clear}}]\n"
    (found,) = check(two + suite)
    assert (found.message, found.severity) == ("no suite tests rule 'some-rule'", "warning")


def test_a_ladder_may_end_with_an_accountable_role_alone(check: Check) -> None:
    trainee = "---\nkind: roles\nroles: [{id: trainee, accountable: false}]\n"
    assert [item.code for item in check(LADDER % "trainee" + trainee)] == ["PMO041"]
    assert check(LADDER % "board" + trainee) == ()


def test_findings_in_files_of_others_are_theirs(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(rules("{block: x}", tail=""))
    assert [item.code for item in run_checks(policy, {"policy.yaml"})] == ["PMO040"]
    assert run_checks(policy, {"other.yaml"}) == []


@pytest.mark.parametrize(
    ("on", "under", "value", "reads", "said"),
    [
        ("closed", "", "change.weeks", "late > 1", "'late' is not derived on change.submitted"),
        (
            "submitted",
            UNDER,
            "change.weeks",
            "late > 1",
            "'late' is derived only where a condition",
        ),
        ("submitted", UNDER, "false", "not(late)", "'late' is derived only where a condition"),
        ("submitted", "", "change.weeks", "late > 1", ""),
        ("submitted", UNDER, "true", "late", ""),
        ("closed", "", "true", "late", "rule 'b' never fires"),
        ("submitted", UNDER, "change.weeks", "get or else(late, 0) > 1", ""),
        ("submitted", UNDER, "change.weeks", "is defined(late) and late > 1", ""),
        ("submitted", UNDER, "change.weeks", "late != null and late > 1", ""),
    ],
)
def test_a_fact_that_is_derived_sometimes_wants_a_way_out(
    check: Check, on: str, under: str, value: str, reads: str, said: str
) -> None:
    found = [item.message for item in check(DERIVED % (on, under, value, reads))]
    assert len(found) == bool(said)
    assert all(message.startswith(said) for message in found)
