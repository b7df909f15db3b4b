"""Delegations, absences, second accounts and acting roles by hand."""

from typing import Any

import pytest

from tests.cli.conftest import CITY, done

Pmo = Any
GIVE = ("delegate", "ana", "sam", "--act", "approve change_request", "--by", "ana")


def test_a_delegation_is_made_listed_and_withdrawn(office: Pmo) -> None:
    assert office("delegations").out == "nobody decides for anybody else\n"
    days = ("--since", "2099-03-02", "--until", "2099-03-06", "--project", "P-1")
    made = office(*GIVE, *days, "--up-to", "500 GBP", "--reason", "leave")
    assert made.out.startswith(
        "Sam Reed decides for Ana Sousa from 2099-03-02 to 2099-03-06: "
        "approve change_request in P-1 up to 500 GBP ("
    )
    [row] = office("delegations", "--json").json
    assert {name: row[name] for name in ("owner", "delegate", "state", "reason", "acts")} == {
        "owner": "ana",
        "delegate": "sam",
        "state": "to come",
        "reason": "leave",
        "acts": ["approve change_request"],
    }
    assert "500 GBP" in office("delegations", "--person", "sam").out
    assert office("delegations", "--person", "bo", "--json").json == []
    shown = office("authority", "show", "--person", "sam", "--on", "2099-03-03").out
    assert (
        "  Sam Reed decides for Ana Sousa in P-1 from 2099-03-02 to 2099-03-06: "
        "approve change_request, up to 500 GBP\n"
    ) in shown
    ended = office("undelegate", row["id"][:8], "--by", "ana")
    assert ended.out == "Sam Reed decides for Ana Sousa no more\n"
    assert office("undelegate", row["id"], "--by", "ana").out.endswith("no more already\n")
    assert office("delegations", "--json").json == []
    [row] = office("delegations", "--all", "--json").json
    assert row["state"] == "ended"


def test_somebody_is_away_and_back(office: Pmo) -> None:
    assert office("absences").out == "nobody is away, nor going to be\n"
    away = ("absent", "ana", "--by", "ana")
    said = office(*away, "--from", "2099-03-02", "--to", "2099-03-06", "--deputy", "sam")
    assert said.out == "Ana Sousa is away from 2099-03-02 to 2099-03-06; Sam Reed stands in\n"
    [row] = office("absences", "--json").json
    assert (row["person"], row["deputy"], row["state"]) == ("ana", "sam", "to come")
    assert "2099-03-06" in office("absences", "--person", "sam").out
    assert (
        office(*away, "--back", "--from", "2099-03-04").out == "Ana Sousa is back on 2099-03-04\n"
    )
    assert office("absences").out == "nobody is away, nor going to be\n"
    upward = office(*away, "--from", "2099-04-01", "--upward", "--json").json
    assert (upward["upward"], upward["until"]) == (True, None)


def test_a_second_account_and_an_acting_role(office: Pmo) -> None:
    link = ("person", "same-as", "sam", "ana", "--by", "bo")
    assert office(*link).out == "Ana Sousa and Sam Reed are one person\n"
    assert office(*link).out == "Ana Sousa and Sam Reed are one person already\n"
    assert office(*link, "--not").out == "Ana Sousa and Sam Reed are two people\n"
    hold = ("person", "hold", "sam", "project_manager", "--project", "P-1", "--by", "bo")
    assert "Sam Reed holds project_manager, acting, in P-1" in office(*hold, "--acting").out
    people = {row["id"]: row["roles"] for row in office("person", "list", "--json").json}
    assert people["sam"] == "project_manager (P-1, acting)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*GIVE, "--since", "2001-01-01"), "2001-01-01 is over"),
        ((*GIVE, "--up-to", "50000.01 GBP"), "is beyond 50000 GBP, up to which Ana Sousa may"),
        (("delegate", "ana", "zoe", "--by", "ana"), "no person 'zoe'"),
        (("delegate", "ana", "ana", "--by", "ana"), "are one person"),
        ((*GIVE[:4], "aprove change_request", "--by", "ana"), "did you mean 'approve change_req"),
        (("undelegate", "zzz", "--by", "ana"), "zzz"),
        (("absent", "ana", "--back", "--by", "ana"), "Ana Sousa is not away on"),
        (("absent", "ana", "--back", "--upward", "--by", "ana"), "--back goes with --from alone"),
        (("absent", "ana", "--by", "sam"), "Sam Reed may not change absence"),
        (("person", "same-as", "ana", "ana", "--by", "bo"), "needs no other"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    office: Pmo, arguments: tuple[str, ...], said: str
) -> None:
    result = office(*arguments)
    assert (result.status, said in result.err) == (2, True), result.err
    assert result.err.count("\n") == 1
    assert not {"delegation.made", "person.away", "accounts.joined"} & set(done(office))


def test_a_policy_is_held_against_the_appointments_of_a_store(office: Pmo) -> None:
    def told() -> list[str]:
        both = office("policy", "check", CITY, "--store", "--json").json
        return [item["message"] for item in both if item["code"].startswith("PMO10")]

    assert told() == []
    office("person", "leave", "petra", "--by", "petra")
    assert told() == ["nobody holds 'pmo_head', whom the policy needs"]
    assert not any("PMO102" in line for line in office("policy", "check", CITY).out.splitlines())
    watched = office("policy", "check", CITY, "--store", "--watch")
    assert (watched.status, "does not go with --store" in watched.err) == (2, True)
