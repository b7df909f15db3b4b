"""A gate of a model organisation on the screen: what is recommended, voted and decided by whom."""

from typing import Any

import pytest

from tests.cli.conftest import Pmo, Result

BOARD = (("bo", "Bo Lund"), ("bea", "Bea Ek"), ("cy", "Cy Moor"))


def done(result: Result) -> None:
    assert result.status == 0, result.err


@pytest.fixture
def office(pmo: Pmo, monkeypatch: pytest.MonkeyPatch) -> Pmo:
    done(pmo("init", "our-office", "--model", "pmo"))
    monkeypatch.chdir("our-office")
    done(pmo("database", "migrate"))
    done(pmo("database", "clock", "2026-03-02T09:00"))
    for person, name, role in (
        ("petra", "Petra Lang", "pmo_head"),
        *((*e, "portfolio_board") for e in BOARD),
    ):
        done(pmo("person", "add", person, name, "--by", "petra"))
        done(pmo("person", "hold", person, role, "--by", "petra"))
    done(pmo("project", "add", "P-1", "River bridge", "--stage", "strategy", "--by", "petra"))
    done(pmo("person", "add", "ana", "Ana Sousa", "--by", "petra"))
    done(pmo("person", "hold", "ana", "project_manager", "--project", "P-1", "--by", "petra"))
    return pmo


def assessed(office: Pmo) -> str:
    id: str = office("gate", "open", "P-1", "G0", "--by", "ana", "--json").json["id"]
    done(office("gate", "assess", id, "--by", "petra"))
    done(office("gate", "judge", id, "goal", "--yes", "--by", "petra"))
    done(office("gate", "judge", id, "demand", "--score", "5", "--by", "petra"))
    return id


def asked(office: Pmo) -> str:
    [waiting] = office("inbox", "bo", "--json").json
    found: str = waiting["id"]
    return found


def test_a_review_says_what_is_recommended_and_why(office: Pmo) -> None:
    id = assessed(office)
    shown = office("gate", "show", id)
    assert shown.out.startswith(f"Gate G0 of P-1 ({id[:8]}): awaiting decision\n")
    assert "\n  benefits      cannot tell  not known: benefits\n" in shown.out
    assert "\n  recommended: stop: It names no goal of the portfolio\n" in shown.out
    told: Any = office("gate", "show", id, "--json").json["recommendation"]
    assert told == {"outcome": "stop", "reasons": ["It names no goal of the portfolio"]}


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_an_inbox_says_what_is_asked_at_a_gate(office: Pmo) -> None:
    office("gate", "open", "P-1", "G0", "--by", "ana")
    waits = in_one_line(office("inbox", "petra").out)
    assert "criterion demand: How much the organisation wants the outcome" in waits
    found = office("inbox", "petra", "--json").json
    assert sorted(each["for"] for each in found) == ["criterion demand", "criterion goal"]


def test_the_body_hears_the_question_first(office: Pmo) -> None:
    assessed(office)
    [waiting] = office("inbox", "bo", "--json").json
    question, *found = waiting["reasons"][:3]
    outcomes = "The outcomes: go, conditional go, hold, stop."
    assert question == f"May P-1 River bridge pass gate G0 into justification? {outcomes}"
    assert found == ["0 of 3 assessments are met.", "Benefits cannot tell without benefits."]


def test_who_is_asked_of_a_criterion_is_said_once(office: Pmo) -> None:
    id = office("gate", "open", "P-1", "G0", "--by", "ana", "--json").json["id"]
    shown = office("gate", "show", id).out
    assert "(How much the organisation wants the outcome): asked of PMO head\n" in shown


def test_votes_say_for_which_outcome_and_the_body_decides(office: Pmo) -> None:
    id = assessed(office)
    asked_of = asked(office)
    wrong = office("approve", asked_of, "--outcome", "stop", "--by", "bo")
    assert (wrong.status, "'stop': say it with 'reject'" in wrong.err) == (2, True)
    voted = office("reject", asked_of, "--outcome", "stop", "--by", "bo", "--reason", "no goal")
    assert voted.out.startswith("Gate G0 of P-1: awaiting decision\n")
    for person in ("bea", "cy"):
        done(office("reject", asked_of, "--outcome", "stop", "--by", person))
    shown = office("gate", "show", id).out
    assert "\n  Bo Lund voted reject for stop: no goal\n" in shown
    assert "\n  decided: stop, by the portfolio board on 2026-03-02 09:00: " in shown
    assert "\n  recommended: stop: It names no goal of the portfolio\n" in shown
    assert "voted reject for stop: no goal" in " ".join(office("timeline", "P-1").out.split())
