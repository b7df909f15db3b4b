"""Terms of packs with dates and bounds, and rules of packs that do not hold here."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.compiler.loading import Checked, bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.policy import InForce, Policy

HEADER = """
kind: policy
name: port
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs:
  - use: spills
"""
PACK = """
---
kind: roles
roles: [{id: master}]
---
kind: registers
registers:
  - register: spills
    noun: spill
    root: spill
    plural: spills
    fields: {litres: {type: number}, harm: {type: money}, kind: {type: [oil, water]}, lasted: {type: duration}, on: {type: date}}
---
kind: rules
pack: spills
parameters:
  most: {type: number, default: 5, at_least: 1, at_most: 100, about: litres that may be spilt}
  dear: {type: money, about: harm that is too much}
  kinds: {type: list<text>, default: [oil], about: kinds that count}
  long: {type: duration, default: PT2H, at_most: PT24H, about: how long is long}
rules:
  - {id: large, title: A large spill stops work, on: spill.submitted, binding: shall, when: spill.litres > most, then: [{block: stop}]}
  - {id: dear, title: A dear one too, on: spill.submitted, binding: shall, when: spill.harm > dear, then: [{block: stop}]}
  - {id: listed, title: Some kinds are noted, on: spill.submitted, binding: may, when: 'list contains(kinds, spill.kind) or spill.lasted > long', then: [{notify: {to: master}}]}
  - {id: scored, title: Its score, on: spill.submitted, binding: may, then: [{derive: {fact: score, value: spill.litres * most}}]}
  - {id: high, title: A high score, on: spill.submitted, binding: may, when: score > 50, then: [{notify: {to: master}}]}
---
kind: suite
event: spill.submitted
cases: [{name: none, facts: {spill: {litres: 0}}, expect: {blocked: false}}]
"""
DEAR = "    with: {dear: 100 GBP}\n"


def read(uses: str = DEAR, more: str = "", pack: str = PACK) -> Checked:
    text = HEADER + uses + pack + (f"---\n{more}" if more else "")
    return bind(read_text(text, "policy.yaml"), Path("policy.yaml"))


def policy(uses: str = DEAR, more: str = "") -> Policy:
    checked = read(uses, more)
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


def found(checked: Checked) -> list[str]:
    return [str(item) for item in checked.diagnostics]


@pytest.fixture(params=BACKENDS)
def decide(request: pytest.FixtureRequest) -> Iterator[Any]:
    engines: list[Engine] = []

    def decide(policy: Policy, at: str, on: date | None = None, **spill: Any) -> tuple[str, ...]:
        engines.append(Engine(policy, request.param))
        event = {"event": "spill.submitted", "at": f"{at}T12:00:00Z", "facts": {"spill": spill}}
        return engines[-1].decide(event, on).fired

    yield decide
    for engine in engines:
        engine.close()


def test_a_term_changes_on_its_day(decide: Any) -> None:
    made = policy(
        """    with:
      dear: 100 GBP
      most:
        - {from: 2026-07-01, value: 10, source: "Port board 2026-05-12, item 3"}
        - {from: 2026-10-01, value: 20}
"""
    )
    for at, litres, fired in [
        ("2026-06-30", 5, False),
        ("2026-06-30", "5.1", True),  # the pack's default, until the policy's first day
        ("2026-07-01", 10, False),
        ("2026-07-01", "10.1", True),
        ("2026-09-30", "10.1", True),
        ("2026-10-01", "20", False),
        ("2026-10-01", "20.1", True),
    ]:
        assert ("large" in decide(made, at, litres=litres)) is fired, (at, litres)
    assert "large" in decide(made, "2026-10-01", date(2026, 8, 1), litres=15)
    assert "large" not in decide(made, "2026-08-01", date(2026, 10, 1), litres=15)
    spans = [str(rule.in_force) for rule in made.rules if rule.id == "large"]
    assert spans == ["until 2026-07-01", "from 2026-07-01 until 2026-10-01", "from 2026-10-01"]
    assert [rule.id for rule in made.rules].count("dear") == 1  # it does not look at the term
    dated = made.parameters["spills"]["most"].values
    assert [(v.start, str(v.value), v.source) for v in dated][:2] == [
        (None, "5", ""),
        (date(2026, 7, 1), "10", "Port board 2026-05-12, item 3"),
    ]


def test_a_derived_fact_changes_with_its_term(decide: Any) -> None:
    made = policy("    with: {dear: 1 GBP, most: [{value: 5}, {from: 2026-07-01, value: 10}]}\n")
    assert "high" not in decide(made, "2026-06-30", litres=6)
    assert "high" in decide(made, "2026-07-01", litres=6)


def test_lists_and_durations_are_terms_too(decide: Any) -> None:
    made = policy("    with: {dear: 1 GBP, kinds: [water], long: PT3H}\n")
    assert "listed" in decide(made, "2026-02-02", kind="water")
    assert "listed" not in decide(made, "2026-02-02", kind="oil", lasted="PT3H")
    assert "listed" in decide(made, "2026-02-02", kind="oil", lasted="PT3H1S")
    assert "listed" in decide(policy(), "2026-02-02", kind="oil")


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ("", "8:10: PMO070 pack 'spills' needs its parameter 'dear' (add it under 'with:' (money in GBP, harm that is too much))"),
        ("    with: {dear: 1 GBP, most: 101}\n", "9:31: PMO071 most: 101 is more than 100 (litres that may be spilt)"),
        ("    with: {dear: 1 GBP, most: 0.9}\n", "9:31: PMO071 most: 0.9 is less than 1 (litres that may be spilt)"),
        ("    with: {dear: 1 GBP, long: PT25H}\n", "9:31: PMO071 long: P1DT1H is more than P1D (how long is long)"),
        ("    with: {dear: }\n", "9:18: PMO013 dear: nothing is written here (give a value, or leave the key out)"),
        ("    with: {dear: [{value: 1 GBP}, {from: 2026-02-01, value: 2 EUR}]}\n", "9:61: PMO013 dear: '2 EUR' is not in GBP"),
        ("    with: {dear: [{from: 2026-02-01, value: 1 GBP}]}\n", "9:19: PMO073 parameter 'dear' has no value before 2026-02-01 (as the policy is in force from 2026-01-01, add the value of that day)"),
        ("    with: {dear: [{from: 2026-01-01, value: 1 GBP}, {from: 2026-01-01, value: 2 GBP}]}\n", "9:53: PMO031 this value does not begin after the one before it (2026-01-01) (write values in the order of their days, each with its own 'from:')"),
        ("    with: {dear: [{from: 2026-01-01, valeu: 1 GBP}]}\n", "9:38: PMO011 unknown key 'valeu' (did you mean 'value'?)"),
        (DEAR + "    without: [{rule: lagre, reason: a}]\n", "10:22: PMO018 unknown rule 'lagre' (did you mean 'large'?)"),
        (DEAR + "    without: [{rule: large}]\n", "10:15: PMO012 missing key 'reason' (add 'reason:')"),
        (DEAR + "    without: [{rule: large, reason: a, replaced_by: ours}]\n", "10:53: PMO018 unknown rule 'ours' (known: none)"),
        (DEAR + "    without: [{rule: large, reason: a, from: 2026-05-01, to: 2026-05-01}]\n", "10:15: PMO013 this never holds: from 2026-05-01 to 2026-05-01 ('to' is the first day on which the rule holds again)"),
        (DEAR + "    without: [{rule: listed, reason: a}, {rule: listed, reason: b}]\n", "10:49: PMO016 departure from 'listed' is declared twice (first policy.yaml:10:22)"),
        (DEAR + "    without: [{rule: large, reason: a}]\n", "10:15: PMO074 warning: 'large' holds in pack 'spills', and nobody is named who lifts it (add 'source:', the decision that switches it off)"),
        (DEAR + "    without: [{rule: scored, reason: a}]\n", "10:15: PMO075 nobody derives 'score', which rule 'high' looks at from 2026-01-01 (switch that rule off too, or let another derive the fact)"),
        (DEAR + "    without: [{rule: scored, reason: a, from: 2026-04-01, to: 2026-06-01}]\n", "10:15: PMO075 nobody derives 'score', which rule 'high' looks at from 2026-04-01 until 2026-06-01 (switch that rule off too, or let another derive the fact)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_is_written(uses: str, said: str) -> None:
    assert found(read(uses)) == [f"policy.yaml:{said}"]


def test_the_pack_s_own_declarations_are_checked() -> None:
    alone = PACK.replace("about: harm that is too much", "example: 7 GBP, about: harm")
    text = alone.replace("default: 5, at_least: 1", "default: 500, at_least: one")
    checked = bind(read_text(text, "p.yaml"), Path("p.yaml"))
    codes = [(item.line, item.code) for item in checked.errors]
    assert codes == [(17, "PMO071"), (17, "PMO013")]
    bare = bind(read_text(PACK, "p.yaml"), Path("p.yaml"))
    (missing,) = [item for item in bare.errors if item.code == "PMO070"]
    assert missing.message == "parameter 'dear' has neither a default nor an example"
    unordered = PACK.replace("default: [oil],", "default: [oil], at_most: [oil],")
    checked = bind(read_text(unordered, "p.yaml"), Path("p.yaml"))
    (error,) = [item for item in checked.errors if item.code == "PMO013"]
    assert error.message == "a list (text each) has no order, so 'kinds' has no bounds"


OURS = """
kind: rules
rules:
  - {id: ours, title: Our limit, on: spill.submitted, binding: shall, when: spill.litres > 50, then: [{block: stop}]%s}
"""


def test_a_rule_that_is_switched_off_is_gone_and_kept_in_mind(decide: Any) -> None:
    made = policy(
        DEAR + '    without: [{rule: large, reason: We count otherwise, source: "Board, item 1"}]\n'
    )
    assert "large" not in decide(made, "2026-02-02", litres=99)
    (departure,) = made.departures
    assert (departure.pack, departure.rule, departure.title) == (
        "spills", "large", "A large spill stops work",
    )  # fmt: skip
    assert (departure.how, departure.binding) == ("switched_off", "shall")
    assert (departure.reason, departure.source) == ("We count otherwise", "Board, item 1")
    assert (departure.mark.line, str(departure.in_force)) == (10, "always")


def test_a_rule_of_the_policy_stands_in_the_place_of_the_pack_s(decide: Any) -> None:
    uses = DEAR + "    without: [{rule: large, replaced_by: ours, reason: a, from: 2026-07-01}]\n"
    made = policy(uses, OURS % ", in_force_from: 2026-07-01")
    assert found(read(uses, OURS % ", in_force_from: 2026-07-01")) == []
    assert made.departures[0].how == "replaced"
    assert decide(made, "2026-06-30", litres=6, harm="0 GBP", kind="water", lasted="PT0S") == (
        "large", "scored",
    )  # fmt: skip
    assert "ours" in decide(made, "2026-07-01", litres=51)
    assert "large" not in decide(made, "2026-07-01", litres=51)


def test_a_time_in_which_neither_holds_is_told() -> None:
    uses = DEAR + "    without: [{rule: large, replaced_by: ours, reason: a}]\n"
    (said,) = found(read(uses, OURS % ", in_force_from: 2026-07-01"))
    assert said == (
        "policy.yaml:10:15: PMO078 warning: neither 'large' nor 'ours' holds from 2026-01-01 until "
        "2026-07-01 (let the departure begin and end with the rule that replaces it)"
    )


def test_a_rule_that_replaces_may_derive_the_same_fact(decide: Any) -> None:
    ours = OURS.replace(
        "when: spill.litres > 50, then: [{block: stop}]",
        "then: [{derive: {fact: score, value: 51}}]",
    )
    uses = DEAR + "    without: [{rule: scored, replaced_by: ours, reason: a, from: 2026-07-01}]\n"
    made = policy(uses, ours % ", in_force_from: 2026-07-01")
    assert "high" not in decide(made, "2026-06-30", litres=1)
    assert "high" in decide(made, "2026-07-01", litres=1)
    both = read(DEAR, ours % "")
    assert [item.code for item in both.errors] == ["PMO016"]


@pytest.mark.parametrize(
    ("span", "others", "left"),
    [
        ((1, 9), [(3, 5)], ["1-3", "5-9"]),
        ((1, 9), [(None, 5)], ["5-9"]),
        ((1, 9), [(5, None)], ["1-5"]),
        ((1, 9), [(None, None)], []),
        ((1, 9), [(9, 12), (None, 1)], ["1-9"]),
        ((None, None), [(3, 5), (4, 7)], ["None-3", "7-None"]),
        ((5, 5), [], []),
        ((1, 9), [(5, 4)], ["1-9"]),
    ],
)
def test_what_is_left_of_a_span(span: Any, others: Any, left: list[str]) -> None:
    def made(ends: Any) -> InForce:
        return InForce(*(day and date(2026, 1, day) for day in ends))

    parts = made(span).without(map(made, others))
    assert [f"{p.start and p.start.day}-{p.end and p.end.day}" for p in parts] == left


def test_who_approves_changes_with_a_term(decide: Any) -> None:
    chosen = (
        PACK.replace(
            "then: [{block: stop}]}\n  - {id: dear",
            'then: [{require_approval: {from: {chosen_by: \'if spill.litres > most then "head" else "master"\'}}}]}\n  - {id: dear',
        )
        .replace("when: spill.litres > most, ", "")
        .replace("[{id: master}]", "[{id: master}, {id: head}]")
    )
    uses = "    with: {dear: 1 GBP, most: [{from: 2026-01-01, value: 5}, {from: 2026-07-01, value: 9}]}\n"
    made = read(uses, pack=chosen.replace("expect: {blocked: false}", "expect: {}")).policy
    assert made is not None
    for at, role in [("2026-06-30", "head"), ("2026-07-01", "master")]:
        event = {
            "event": "spill.submitted",
            "at": f"{at}T12:00:00Z",
            "facts": {"spill": {"litres": 6}},
        }
        asked = Engine(made).decide(event).obligations
        assert [item.role for item in asked if item.kind == "approval"] == [role]
