"""What happened, by its name: a noun and a word, in one place."""

import json

import pytest

from pmo_engine.model.event_names import EventName

NAMES = [
    ("change_request.submitted", "change_request", "submitted"),
    ("gate.opened", "gate", "opened"),
    ("case.closed.late", "case", "closed.late"),
    ("audit", "audit", ""),
]


@pytest.mark.parametrize(("text", "noun", "what"), NAMES)
def test_a_name_is_a_noun_and_what_happened(text: str, noun: str, what: str) -> None:
    name = EventName(text)
    assert (name.noun, name.what) == (noun, what)
    if what:
        assert EventName.of(noun, what) == name


def test_it_is_equal_to_ordered_and_kept_as_its_text() -> None:
    name = EventName.of("risk", "raised")
    assert name == "risk.raised"
    assert {name: 1}["risk.raised"] == 1
    assert sorted([EventName("b.a"), EventName("a.b")]) == ["a.b", "b.a"]
    assert json.dumps(name) == '"risk.raised"'
    assert type(str(name)) is str


JUDGED = [
    ("change.updated", {"change.updated", "change.submitted"}),
    ("change.submitted", {"change.submitted"}),
    ("change.closed", {"change.closed"}),
    ("updated", {"updated"}),
]


@pytest.mark.parametrize(("name", "judged"), JUDGED)
def test_an_update_is_judged_as_the_submission_too(name: str, judged: set[str]) -> None:
    found = EventName(name).judged_as
    assert found == judged
    assert all(type(each) is EventName for each in found)
