"""What is wrong with the mapping of a recorded history is found when the policy is read."""

import pytest

from pmo_engine.compiler.loading import check_policy

POLICY = """kind: policy
name: invoices
version: "1"
currency: EUR
---
kind: registers
registers:
  - register: invoices
    noun: invoice
    root: invoice
    plural: invoices
    fields: {amount: {type: money}, by: {type: [clerk, manager]}}
---
kind: event_log
id: ledger
zone: Europe/Amsterdam
activities:
  Received: {event: invoice.submitted, facts: {by: clerk}}
attributes: {sum: amount}
closed: case.closed
"""


@pytest.fixture
def found_in(tmp_path):
    def check(text: str) -> list[str]:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return [str(item).removeprefix(f"{tmp_path}/") for item in check_policy(path).diagnostics]

    return check


def test_the_mapping_as_it_should_be_has_no_findings(found_in):
    assert found_in(POLICY) == []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("invoice.submitted", "invoice.submited", "18:21: PMO018 unknown event 'invoice.submited'"),
        ("by: clerk}", "from: clerk}", "18:54: PMO018 the record of 'invoice.submitted' has no"),
        ("by: clerk}", "by: boss}", "18:52: PMO013 by: 'boss' is none of clerk, manager"),
        ("sum: amount", "sum: amuont", "19:19: PMO018 unknown field 'amuont'"),
        ("case.closed", "case.close", "20:9: PMO018 unknown event 'case.close'"),
        ("Europe/Amsterdam", "Europe/Amsterdm", "16:7: PMO018 unknown zone 'Europe/Amsterdm'"),
    ],
)
def test_each_mistake_has_its_place(found_in, right, wrong, expected):
    (finding,) = found_in(POLICY.replace(right, wrong))
    assert finding.startswith(f"policy.yaml:{expected}")
