"""What is asked for, and of whom, in the words that `pmo submit` and `pmo decide` print."""

import pytest

from pmo_engine.cli.decide import of_whom, print_decision
from pmo_engine.decisions.published import PublishedDecision, PublishedObligation
from pmo_engine.model.names import asked_for
from pmo_engine.testing import policy_from

POLICY = policy_from(
    """
kind: policy
name: p
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles: [{id: head, title: head of the office}, {id: control}]
"""
)
PLAIN = {"rule": "r", "binding": "shall", "within": None, "ladder": None, "clause": "r"}


@pytest.mark.parametrize(
    ("kind", "about", "says"),
    [
        (
            "information",
            {"id": "r/information/change.cost", "from": "control"},
            "change.cost by the control",
        ),
        ("information", {"id": "r/information/change.cost", "from": None}, "change.cost"),
        (
            "evidence",
            {"id": "r/evidence/report", "from": "head"},
            "report by the head of the office",
        ),
        ("approval", {"id": "r/approval/head", "from": "head"}, "by the head of the office"),
        ("approval", {"id": "r/a/x", "from": "board", "needs": "2 of board"}, "by 2 of board"),
        ("approval", {"id": "r/a/x", "from": ["a", "b"], "needs": "all"}, "by a and b"),
        ("approval", {"id": "r/a/x", "from": ["a", "b"], "needs": "any"}, "by a or b"),
        (
            "approval",
            {"id": "r/a/x", "from": ["a", "b", "c"], "needs": "2 of 3"},
            "by 2 of 3: a, b, c",
        ),
        (
            "approval",
            {"id": "r/a/x", "from": ["a", "b"], "needs": "all", "sequence": True},
            "by a then b",
        ),
    ],
)
def test_it_is_said_what_is_asked_for_and_of_whom(kind, about, says):
    facts = ["change.cost"] if kind == "information" else []
    item = PublishedObligation(kind=kind, facts=facts, reasons=[], **PLAIN, **about)
    assert of_whom(item, POLICY) == f" {says}"


def test_another_act_is_called_by_its_own_word(capsys):
    item = {"id": "r/approval/counsel/review change_request", "kind": "approval", "facts": []}
    about = {"act": "review change_request", "from": "counsel", "reasons": []}
    policy = {"name": "p", "version": "1", "digest": "0" * 64, "on": "2026-03-02"}
    print_decision(
        PublishedDecision.model_validate(
            {
                "status": "waiting",
                "fired": ["r"],
                "not_fired": [],
                "unknown": {},
                "faults": {},
                "derived": {},
                "policy": policy,
                "obligations": [{**item, **PLAIN, **about}],
            }
        ),
        POLICY,
    )
    assert "  review change request by counsel (shall; r)\n" in capsys.readouterr().out
    assert asked_for("evidence", "") == "evidence"
