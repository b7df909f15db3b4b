"""What is suggested where."""

from collections.abc import Callable

import pytest

from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.names import Index
from pmo_engine.editor.completion import complete, taken
from pmo_engine.editor.place import Place, locate
from pmo_engine.editor.target import target_at
from tests.editor.conftest import POLICY

At = Callable[[str], Place]
RULE = "kind: rules\nrules:\n  - id: new\n    on: change.submitted\n    binding: shall\n"
WHEN = f"{RULE}    when: "
THEN = f"{RULE}    then:\n      - "
CASE = "kind: suite\nevent: change.submitted\ncases:\n  - {name: a, "


@pytest.fixture
def labels(at: At, index: Index) -> Callable[[str], list[str]]:
    return lambda text: [each.label for each in complete(at(text), index)]


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("^", ["kind"]),
        ("kind: ^", list(MODELS)),
        ("kind: rules\n^", ["pack", "parameters", "rules"]),
        ("kind: roles\nroles:\n  - {id: a, ^", ["title", "senior", "body", "accountable"]),
        ("kind: roles\nroles:\n  - {id: a, senior: ^", ["project_manager", "pmo_head", "board"]),
        ("kind: roles\nroles:\n  - {id: a, body: ^", ["true", "false"]),
        ("kind: roles\nfunctional:\n  - {role: ^", ["risk", "finance"]),
        ("kind: roles\nfunctional:\n  - {performed_by: ^", ["specialist", "officer"]),
        (f"{RULE}    ^", ["title", "when", "then", "in_force_from"]),
        ("kind: rules\nrules:\n  - binding: ^", ["shall", "should", "may", "trial"]),
        ("kind: rules\nrules:\n  - on: ch^", ["change.submitted", "change.withdrawn"]),
        ("kind: rules\nrules:\n  - on: [^", ["change.submitted", "case.closed"]),
        (f"{THEN}^", ["require_approval", "notify", "block"]),
        (f"{THEN}require_approval: {{^", ["from", "within", "ladder"]),
        (f"{THEN}require_approval: {{from: ^", ["pmo_head", "least_senior_with_authority"]),
        (f"{THEN}require_approval:\n          from: ^", ["pmo_head", "board"]),
        (f"{THEN}require_approval: {{ladder: ^", ["standard"]),
        (f"{THEN}require_assessment: {{from: ^", ["risk"]),
        (f"{THEN}notify: {{to: ^", ["board"]),
        ("kind: ladders\nladders:\n  - {rungs: [{remind: ^", ["addressee", "deputy", "board"]),
        ("kind: gates\ngates:\n  - assessments: [risk, ^", ["finance", "quality"]),
        ("kind: gates\ngates:\n  - outcomes: [go, ^", ["stop", "hold"]),
        ("kind: terms_of_reference\nfor: ^", ["board", "pmo_head"]),
        ("kind: terms_of_reference\nauthority:\n  - {may: ^", ["approve change"]),
        ("kind: policy\npacks:\n  - {use: ^", ["spills", "risk"]),
        ("kind: policy\npacks:\n  - {use: spills, with: {^", ["most"]),
        ("kind: policy\npacks:\n  - use: spills\n    with:\n      ^", ["most"]),
        ("kind: registers\nregisters:\n  - fields:\n      a: {type: ^", ["money", "date and time"]),
        (f"{CASE}^", ["event", "facts", "expect"]),
        (f"{CASE}facts: {{^", ["change", "changes", "project"]),
        (f"{CASE}facts: {{change: {{^", ["cost", "weeks", "owner"]),
        (f"{CASE}facts: {{change: {{category: ^", ["scope", "time"]),
        (f"{CASE}expect: {{^", ["approvals", "blocked"]),
        (f"{CASE}expect: {{approvals: [^", ["pmo_head"]),
        (f"{CASE}expect: {{fired: [^", ["dear"]),
        (f"{CASE}expect: {{blocked: ^", ["true", "false"]),
        (f"{CASE}vary: change.^", ["cost"]),
        (f"{CASE}without: [change.^", ["cost"]),
        (f"{THEN}require_approval: {{from: {{chosen_by: ^", ["change", "authority"]),
        ("kind: terms_of_reference\ndeputies: [^", ["board"]),
        ("kind: terms_of_reference\nmembership:\n  - {role: ^", ["board"]),
        ("kind: suite\nabout: [^", ["dear"]),
        (
            f"{WHEN}^",
            ["change", "changes", "project", "slow", "string length", "authority", "some"],
        ),
        (f"{WHEN}change.^", ["cost", "weeks", "category", "status"]),
        (f"{WHEN}some c in changes satisfies c.co^", ["cost"]),
        (f"{WHEN}|\n      change.weeks > 4 and\n      change.^", ["cost"]),
        (f"{WHEN}change.category = ^", ["scope", "time"]),
        (f'{WHEN}change.category in ("scope", ^', ["time"]),
        (f'{WHEN}change.cost > authority("^', ["pmo_head"]),
        (f'{WHEN}change.cost > authority("pmo_head", "^', ["approve change"]),
        (f"{THEN}derive: {{fact: late, value: change.^", ["weeks"]),
        (f"{THEN}require_information: {{facts: [change.^", ["cost"]),
    ],
)
def test_suggestions(labels: Callable[[str], list[str]], text: str, some: list[str]) -> None:
    assert set(some) <= set(labels(text))


def test_what_is_there_is_not_suggested_again(labels: Callable[[str], list[str]]) -> None:
    assert "id" not in labels(f"{RULE}    ^")
    assert "cost" not in labels(f"{CASE}facts: {{change: {{cost: 1 GBP, ^")
    assert "kind" not in labels("kind: roles\n^")


def test_a_record_that_is_not_in_hand_is_not_suggested(labels: Callable[[str], list[str]]) -> None:
    found = labels(f"{WHEN}^")
    assert "risks" in found
    assert "risk" not in found
    assert {"risk", "change"} <= set(labels("kind: rules\nrules:\n  - when: ^"))


def test_a_path_has_no_functions(labels: Callable[[str], list[str]]) -> None:
    found = labels(f"{CASE}vary: ^")
    assert "change" in found
    assert not {"risk", "string length", "some"} & set(found)


def test_every_place_of_a_policy_can_be_asked_about(index: Index) -> None:
    """Whole, and as if nothing had been written yet after the cursor."""
    lines = POLICY.split("\n")
    for offset in range(len(POLICY) + 1):
        before = POLICY[:offset].split("\n")
        line, column = len(before) - 1, len(before[-1])
        for text in (lines, before):
            complete(locate(text, line, column), index)
            target_at(text, line, column, index)


def test_nothing_is_suggested_in_free_text(labels: Callable[[str], list[str]]) -> None:
    assert labels("kind: rules\nrules:\n  - title: A ch^") == []
    assert labels(f'{WHEN}change.weeks > 4 and "some te^') == []
    assert labels("kind: nonsense\n^") == []


def test_suggestions_say_what_they_are(at: At, index: Index) -> None:
    found = {each.label: each for each in complete(at(f"{WHEN}change.^"), index)}
    assert (found["cost"].detail, found["cost"].about) == ("money", "the whole cost")
    keys = {each.label: each for each in complete(at(f"{RULE}    ^"), index)}
    assert keys["title"].about.startswith("The rule in one sentence")
    assert keys["title"].text == "title: "
    names = {each.label: each for each in complete(at(f"{WHEN}^"), index)}
    assert names["string length"].detail == "string length(string: text)"
    assert names["authority"].text == "authority("


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"{WHEN}change.co^", "co"),
        (f"{WHEN}chan^", "chan"),
        (f'{WHEN}change.category = "sc^', "sc"),
        ("kind: rules\nrules:\n  - on: change.sub^", "change.sub"),
        ("kind: terms_of_reference\nauthority:\n  - {may: approve ch^", "approve ch"),
        ("kind: roles\nroles:\n  - {id: a, sen^", "sen"),
        ('kind: roles\nroles:\n  - {id: a, senior: "bo^', "bo"),
    ],
)
def test_a_suggestion_takes_the_place_of_the_word(at: At, text: str, word: str) -> None:
    assert taken(at(text)) == word
