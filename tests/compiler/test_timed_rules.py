"""Rules on time: what they judge, and what they cannot say."""

from pathlib import Path

import pytest

from pmo_engine.compiler.loading import Checked, bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.prose.rules import rule_in_words

TEXT = """
kind: policy
name: p
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: calendar
id: office
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles: [{id: head}]
---
kind: registers
registers:
  - {register: risks, noun: risk, root: risk, plural: risks, fields: {seen_on: {type: date}}}
  - {register: issues, noun: issue, root: matter, plural: matters, fields: {score: {type: number}}}
---
kind: rules
rules:
  - id: it
    title: It
    RULE
    binding: should
    then: [THEN]
---
kind: suite
about: [it]
event: EVENT
cases: [{name: one, expect: {CASE}}]
"""
NOTIFY = "{notify: {to: head, message: Look}}"


def check(rule: str, event: str = "risk.daily", then: str = NOTIFY, case: str = "") -> Checked:
    text = TEXT.replace("RULE", rule).replace("EVENT", event).replace("THEN", then)
    return bind(read_text(text.replace("CASE", case), "policy.yaml"), Path("policy.yaml"))


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("every: day\n    when: risk.seen_on < today", "risk.daily"),
        ("every: week\n    when: matter.score > 3", "issue.weekly"),
        ("every: month\n    of: issue", "issue.monthly"),
        ("every: stage\n    on: risk.submitted", "risk.stage_begun"),
        ("on: risk.daily", "risk.daily"),
    ],
)
def test_what_is_judged_is_named_or_found(rule: str, event: str) -> None:
    checked = check(rule, event)
    assert checked.policy is not None
    assert checked.policy.rules[0].on[-1] == event


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("every: day", "rule 'it' does not say what it judges every day"),
        (
            "every: day\n    when: risk.seen_on < today and matter.score > 3",
            "rule 'it' does not say what it judges every day",
        ),
        ("every: day\n    of: rsk", "unknown record 'rsk'"),
        ("every: day\n    of: projects", "unknown record 'projects'"),
        (
            "on: risk.submitted\n    of: risk",
            "'of' says what 'every' is about; write 'every: day' beside it",
        ),
        (
            "clause: x",
            "a rule says when it is judged: 'on' an event, 'every' day, or 'while' in a state",
        ),
    ],
)
def test_what_is_not_said_is_told(rule: str, message: str) -> None:
    checked = check(rule)
    assert checked.policy is None
    assert message in checked.diagnostics[0].message


@pytest.mark.parametrize(
    ("then", "message"),
    [
        ('{auto_approve: {source: "Minutes"}}', "rule 'it' lets pass something"),
        ("{finding: Old}", "rule 'it' counts something"),
    ],
)
def test_time_lets_nothing_pass_and_counts_nothing(then: str, message: str) -> None:
    checked = check("every: day\n    of: risk", then=then)
    assert any(message in each.message for each in checked.diagnostics)
    assert checked.policy is None
    assert check("on: risk.submitted", "risk.submitted", then).policy is not None


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "every: day\n    when: risk.seen_on < today",
            "Every working day for each open risk, if the day the risk was seen is before today,",
        ),
        ("every: week\n    of: risk", "On the first working day of every week for each open risk,"),
        (
            "on: risk.submitted\n    every: day\n    when: risk.seen_on < today",
            "When a risk is submitted, and every working day for each open risk, if the day the",
        ),
        ("every: stage\n    of: issue", "At the beginning of every stage for each open issue,"),
    ],
)
def test_documents_say_when(rule: str, said: str) -> None:
    checked = check(rule, "risk.submitted")
    assert checked.policy is not None
    assert rule_in_words(checked.policy.rules[0], checked.policy).startswith(said)
