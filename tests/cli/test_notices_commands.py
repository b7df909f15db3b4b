"""Notices that cannot be handed over: said, listed with the reason, sent again."""

import pytest

from pmo_engine.notify.inbox import InboxServer
from tests.cli.conftest import Pmo


def submit(office: Pmo) -> None:
    result = office("submit", "P-1", "change_requests", "cost=80000 GBP", "--by", "sam")
    assert result.status == 0, result.err


def add(office: Pmo, person: str, address: str) -> None:
    result = office("person", "add", person, person.title(), "--address", address, "--by", "petra")
    assert result.status == 0, result.err
    assert office("person", "hold", person, "pmo_head", "--by", "petra").status == 0


def test_what_failed_is_said_listed_and_sent_again(office: Pmo) -> None:
    assert office("notices", "failed").out == "no notice failed\n"
    with InboxServer(unknown={"gil@office.example"}) as server:
        add(office, "gil", server.address("gil@office.example"))
        submit(office)
        delivered = office("deliver")
        assert delivered.status == 1
        assert delivered.out == "0 sent, 0 to be tried again, 2 failed\n"
        assert delivered.err == (
            "'pmo notices failed' says why, 'pmo notices resend' sends them again\n"
        )
        listed = office("notices", "failed")
        assert listed.status == 0
        assert "550 5.1.1 no such mailbox" in listed.out
        assert "petra has no address" in listed.out
        rows = office("notices", "failed", "--json").json
        [gil] = [row for row in rows if row["recipient"] == "gil"]
        assert (gil["kind"], gil["state"], gil["attempts"]) == ("notice", "failed", 1)
        first = office("notices", "failed", "--limit", 1, "--json")
        assert (first.json, f"--after {rows[0]['id']}" in first.err) == (rows[:1], True)
        place = rows[0]["id"][:12]
        assert office("notices", "failed", "--after", place, "--json").json == rows[1:]
        again = office("notices", "resend", gil["id"], "--by", "petra")
        assert again.out == "1 to be sent again; 'pmo deliver' does it\n"
        server._unknown = frozenset()
        delivered = office("deliver", "--json")
        assert (delivered.status, delivered.json["sent"]) == (0, 1)
        assert len(server.messages("gil@office.example")) == 1
    assert office("notices", "resend", "--by", "petra").out.startswith("1 to be sent again")
    unknown = office("notices", "resend", "zzz", "--by", "petra")
    assert (unknown.status, unknown.err) == (
        2,
        "no failed notice has an id that begins with 'zzz'\n",
    )


def test_an_address_is_checked_and_its_password_never_said(office: Pmo) -> None:
    for address, reason in (
        ("petra@office.example", "a mailbox is written mailto://server/"),
        ("file:///etc/passwd", "may not begin with file://"),
        (
            "json://ana:s3cret@127.0.0.1:4200/api?method=DELETE",
            "the option 'method' is not",
        ),
        ("json://ana:s3cret@127.0.0.1:4200/api", "'notice_hosts' in pmo.toml"),
        ("mailto://ana:s3cret@mail.example?redirect=yes", "the option 'redirect'"),
    ):
        result = office("person", "add", "gil", "Gil", "--address", address, "--by", "petra")
        assert result.status == 2
        assert reason in result.err
        assert result.err.count("\n") == 1
        assert "s3cret" not in result.err
    assert "gil" not in office("person", "list").out


def test_hosts_that_the_office_lists_may_be_internal(
    office: Pmo, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = ("--address", "json://127.0.0.1:4200/hook", "--by", "petra")
    monkeypatch.setenv("PMO_NOTICE_HOSTS", "hooks.example, 127.0.0.1:4201")
    assert office("person", "add", "gil", "Gil", *address).status == 2
    monkeypatch.setenv("PMO_NOTICE_HOSTS", "hooks.example, 127.0.0.1:4200")
    assert office("person", "add", "gil", "Gil", *address).status == 0


def test_an_address_is_changed(office: Pmo) -> None:
    new = "mailto://mail.example/petra@office.example?from=pmo@office.example"
    changed = office("person", "change", "petra", "--address", new, "--by", "petra")
    assert (changed.status, changed.out.startswith("petra: address changed")) == (0, True)
    wrong = office("person", "change", "petra", "--address", new + "&rto=9", "--by", "petra")
    assert (wrong.status, "the option 'rto' is not allowed" in wrong.err) == (2, True)
    assert office("person", "change", "petra", "--address", "", "--by", "petra").status == 0
    assert (
        office("person", "change", "nobody", "--address", new, "--by", "petra").err
        == "no person 'nobody'\n"
    )
