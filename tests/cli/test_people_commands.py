"""People, roles, accounts and projects by hand."""

from typing import Any

import pytest

from tests.cli.conftest import done

Pmo = Any


def test_who_leaves_holds_nothing_and_the_vacancy_is_told(office: Pmo) -> None:
    left = office("person", "leave", "ana", "--on", "2099-06-30", "--by", "ana")
    assert left.status == 0
    assert left.out.splitlines()[0].endswith(" to 2099-06-30")
    assert left.out.splitlines()[-1] == "nobody holds project_manager in P-1 from then on"
    again = office("person", "leave", "ana", "--on", "2099-06-30", "--by", "ana")
    assert again.out == "Ana Sousa holds no role that could end\n"


def test_who_leaves_before_they_began_has_never_held_it(office: Pmo) -> None:
    left = office("person", "leave", "ana", "--by", "ana")
    assert left.out.startswith("taken back: Ana Sousa holds project_manager in P-1 from ")
    people = {row["id"]: row["roles"] for row in office("person", "list", "--json").json}
    assert not people["ana"]


def test_who_leaves_as_json(office: Pmo) -> None:
    answer = office("person", "leave", "ana", "--on", "2099-06-30", "--by", "ana", "--json").json
    assert (answer["person"], answer["vacant"]) == ("ana", [["project_manager", "P-1"]])
    assert [each["role"] for each in answer["ended"]] == ["project_manager"]


def test_an_account_is_given_and_taken(office: Pmo) -> None:
    account = ("person", "account", "ana", "--account", "ana@town-1", "--by", "bo")
    assert office(*account).out == "the account ana@town-1 is Ana Sousa's\n"
    assert office(*account).out == "the account ana@town-1 is Ana Sousa's already\n"
    other = office("person", "account", "sam", "--account", "ana@town-1", "--by", "bo")
    assert (other.status, "is Ana Sousa's; take it from them first" in other.err) == (2, True)
    elsewhere = office("submit", "P-1", "change_requests", "cost=5 GBP", "--by", "ana")
    assert (elsewhere.status, "Ana Sousa acts from the account" in elsewhere.err) == (2, True)
    assert office(*account, "--taken").out == "the account ana@town-1 is nobody's\n"
    assert office(*account, "--taken", "--json").json["changed"] is False


def test_a_project_is_moved_by_hand(office: Pmo) -> None:
    moved = office("project", "move", "P-1", "closing", "--by", "bo")
    assert moved.out == "P-1 is in stage closing, moved by hand and past its gates\n"
    again = office("project", "move", "P-1", "closing", "--by", "bo")
    assert again.out == "P-1 is so already: River bridge, in stage closing, active\n"
    assert done(office).count("project.moved") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("person", "leave", "bo", "--by", "ana"), "Ana Sousa may not end an appointment"),
        (("person", "leave", "zoe", "--by", "bo"), "no person 'zoe'"),
        (("person", "leave", "ana", "--on", "soon", "--by", "bo"), "'soon' does not match"),
        (("person", "account", "ana", "--by", "bo"), "Missing option '--account'"),
        (("person", "account", "ana", "--account", "a", "--by", "ana"), "may not map account"),
        (("project", "move", "P-9", "closing", "--by", "bo"), "no project 'P-9'"),
        (("project", "move", "P-1", "closing", "--by", "ana"), "Ana Sousa may not move project"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    office: Pmo, arguments: tuple[str, ...], said: str
) -> None:
    before = done(office)
    result = office(*arguments)
    assert (result.status, result.err.count("\n")) == (2, 1)
    assert said in result.err
    assert done(office) == before
