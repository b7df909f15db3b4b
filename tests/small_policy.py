"""What tests of the policy language share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import Checked, bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.policy import Policy
from pmo_engine.source.codes import NO_TIME
from pmo_engine.source.diagnostics import Diagnostic

HEADER = """
kind: policy
name: museum
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: house
---
kind: calendar
id: house
zone: Europe/London
hours: {mon-fri: "09:00-17:00"}
---
kind: roles
roles:
  - {id: project_manager, senior: pmo_head}
  - {id: pmo_head, senior: board}
  - {id: board, body: true}
---
kind: registers
registers:
  - register: changes
    noun: change
    root: change
    plural: changes
    fields:
      cost: {type: money}
      weeks: {type: number}
      reason: {type: text}
      asked_on: {type: date}
      asked_at: {type: date and time}
      spent: {type: duration}
      category: {type: [scope, time, cost]}
      urgent: {type: boolean}
      tags: {type: list<text>}
      more: {type: any}
---
kind: ladders
ladders:
  - id: standard
    rungs:
      - {at: 50 %, remind: addressee}
      - {after: 1 working day, escalate: senior}
---
"""


def check_text(text: str) -> Checked:
    return bind(read_text(HEADER + text, "policy.yaml"), Path("policy.yaml"))


@pytest.fixture(scope="session")
def check() -> Callable[[str], tuple[Diagnostic, ...]]:
    """Give everything found in documents beside a small policy, but that approvals lack a time."""
    return lambda text: tuple(each for each in check_text(text).diagnostics if each.code != NO_TIME)


@pytest.fixture(scope="session")
def make_policy() -> Callable[[str], Policy]:
    """Bind documents beside a small policy."""

    def make(text: str = "") -> Policy:
        checked = check_text(text)
        assert checked.policy is not None, checked.diagnostics
        return checked.policy

    return make
