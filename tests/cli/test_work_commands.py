"""The work, by hand: submit, inbox, approve, and everything that can go wrong with them."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.cli.inbox import UNBLOCKED
from tests.cli.conftest import CITY, done

Pmo = Any
GATES = """\
---
kind: gates
stages: [delivery, closure]
gates:
  - id: G3
    title: The works are finished
    from_stage: delivery
    to_stage: closure
    assessments: []
    decided_by: portfolio_board
    within: 5 days
    ladder: patience
    outcomes: [go, stop]
"""
BLOCKING = """
---
kind: rules
rules:
  - id: has-category
    title: A change has a category
    on: change_request.submitted
    binding: shall
    when: not(is_known(change.category))
    then: [{block: it has no category}]
"""


def one_line(text: str) -> bool:
    return bool(text.strip()) and text.count("\n") == 1


def submit(office: Pmo, cost: str = "80000 GBP") -> Any:
    return office("submit", "P-1", "change_requests", f"cost={cost}", "--by", "sam", "--json").json


def test_a_change_goes_from_submission_to_approval(office: Pmo) -> None:
    submitted = submit(office)
    assert (submitted["key"], submitted["status"]) == ("CR-1", "submitted")
    assert [o["from"] for o in submitted["decision"]["obligations"]] == ["pmo_head"]
    [waiting] = office("inbox", "petra", "--json").json
    approved = office("approve", waiting["id"][:8], "--by", "petra", "--reason", "fits", "--json")
    assert approved.json["status"] == "approved"
    shown = office("show", "P-1", "change_requests", "CR-1", "--json").json
    assert shown["status"] == "approved"
    assert shown["obligations"][0]["votes"][0]["reason"] == "fits"
    audit = office("audit", "verify")
    assert (audit.status, "intact" in audit.out) == (0, True)


def test_who_approves_what_is_blocked_hears_that_it_is_why_and_what_would_let_it_go_on(
    office: Pmo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "blocking.yaml").write_text(CITY.read_text() + BLOCKING, encoding="utf-8")
    monkeypatch.setenv("PMO_POLICY", str(tmp_path / "blocking.yaml"))
    submit(office)
    [waiting] = office("inbox", "petra", "--json").json
    told = office("approve", waiting["id"], "--by", "petra")
    assert told.status == 0
    assert told.out.splitlines() == [
        "Change request CR-1 of P-1: blocked",
        "  A change has a category: the change's category is not known.",
        f"  {UNBLOCKED}",
    ]
    update = ("update", "P-1", "change_requests", "CR-1", "category=scope", "--by", "sam")
    assert "waiting" in office(*update).out
    [anew] = office("inbox", "petra", "--json").json
    approved = office("approve", anew["id"], "--by", "petra").out
    assert approved == "Change request CR-1 of P-1: approved\n"


def test_people_read_tables_and_reasons(office: Pmo) -> None:
    submit(office)
    assert "Change request CR-1 of P-1" in office("inbox", "petra").out
    shown = office("show", "P-1", "change_requests", "CR-1").out
    assert "approval by the PMO head: open" in shown
    assert "80,000 GBP" in shown
    assert office("inbox", "ana").out == "nothing waits for Ana Sousa\n"
    assert "River bridge" in office("project", "list").out
    assert "pmo_head" in office("person", "list").out
    assert "change_request.submitted" in office("audit", "log", "P-1").out


@pytest.mark.parametrize("command", ["approve", "reject", "recuse", "waive"])
@pytest.mark.parametrize("length", [0, 1, 3])
def test_an_empty_or_very_short_id_names_nothing_even_where_it_is_the_only_one(
    office: Pmo, command: str, length: int
) -> None:
    office("submit", "P-1", "change_requests", "cost=60000 GBP", "--by", "sam")
    [waits] = office("inbox", "petra", "--json").json
    before = done(office)
    said = ("--reason", "a slip") if command in {"reject", "recuse", "waive"} else ()
    refused = office(command, waits["id"][:length], "--by", "petra", *said)
    assert (refused.status, one_line(refused.err)) == (2, True)
    assert "give the id of the obligation, or at least its first 4 characters" in refused.err
    assert done(office) == before
    assert office("approve", waits["id"][:4], "--by", "petra").out.endswith("approved\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("submit", "P-1", "changez", "--by", "sam"), "no register is called 'changez'"),
        (("submit", "P-9", "change_requests", "--by", "sam"), "no project 'P-9'"),
        (("audit", "log", "P-9"), "no project 'P-9'"),
        (("submit", "P-1", "change_requests", "--by", "zoe"), "nobody here is called 'zoe'"),
        (("submit", "P-1", "change_requests", "cost", "--by", "sam"), "not of the form name=value"),
        (
            ("submit", "P-1", "change_requests", "cost=5 EUR", "--by", "sam"),
            "'5 EUR' is not in GBP",
        ),
        (("submit", "P-1", "change_requests", "cost=5 GBP"), "Missing option '--by'"),
        (("update", "P-1", "change_requests", "CR-7", "cost=5 GBP", "--by", "sam"), "CR-7"),
        (("approve", "ffff", "--by", "petra"), "no obligation has an id that begins with 'ffff'"),
        (("inbox", "zoe"), "no person 'zoe'"),
        (("gate", "open", "P-1", "G9", "--by", "ana"), "no gate is called 'G9'"),
        (("person", "hold", "ana", "kingg", "--by", "petra"), "no role 'kingg'"),
        (("project", "add", "P-1", "Twice", "--stage", "delivery", "--by", "petra"), "already"),
        (("policy", "check", "nowhere"), "no such policy: nowhere"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    office: Pmo, arguments: tuple[str, ...], said: str
) -> None:
    before = done(office)
    result = office(*arguments)
    assert result.status == 2
    assert one_line(result.err)
    assert said in result.err
    assert done(office) == before


def test_a_long_list_says_how_to_see_the_rest(office: Pmo) -> None:
    for _ in range(3):
        submit(office)
    keys = ("show", "P-1", "change_requests")
    first = office(*keys, "--limit", "2")
    assert "there are more: the same with --after CR-2" in first.out
    rest = office(*keys, "--limit", "2", "--after", "CR-2")
    assert ("CR-3" in rest.out, "there are more" in rest.out) == (True, False)
    as_json = office(*keys, "--limit", "2", "--json")
    assert [each["key"] for each in as_json.json] == ["CR-1", "CR-2"]
    assert as_json.err == "there are more: the same with --after CR-2\n"
    whole = [each["id"] for each in office("inbox", "petra", "--json").json]
    shown = office("inbox", "petra", "--limit", "2")
    assert f"--after {whole[1]}" in shown.out
    [last] = office("inbox", "petra", "--after", whole[1][:8], "--json").json
    assert last["id"] == whole[2]
    refused = office("inbox", "petra", "--after", "zoe")
    assert (refused.status, one_line(refused.err)) == (2, True)
    assert "no obligation, or more than one, is called 'zoe'" in refused.err
    assert office("inbox", "petra", "--limit", "0").status == 2
    people = office("person", "list", "--limit", "1", "--role", "pmo_head")
    assert ("petra" in people.out, "there are more" in people.out) == (True, False)
    assert "--after ana" in office("person", "list", "--limit", "1").out
    assert "River bridge" not in office("project", "list", "--stage", "closing").out


def test_what_a_screen_cannot_hold_is_cut_and_json_is_whole(
    office: Pmo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmo_engine.cli.output.SHOWN", 2)
    for _ in range(3):
        submit(office)
    assert "--after CR-2" in office("show", "P-1", "change_requests").out
    assert len(office("show", "P-1", "change_requests", "--json").json) == 3


def test_what_happened_is_told_in_words_by_record_person_and_day(office: Pmo) -> None:
    submit(office)
    submit(office)
    [first, _] = office("inbox", "petra", "--json").json
    assert office("approve", first["id"], "--by", "petra", "--reason", "fits").status == 0
    key = first["title"].split()[2]
    told = office("timeline", "P-1", "change_requests", key)
    assert "voted approve: fits" in told.out
    assert f"{key} is approved" in told.out
    assert "CR-2" not in told.out.replace(key, "")
    votes = office("timeline", "--kind", "voted", "--actor", "petra", "--json").json
    assert [(each["chain"], each["name"]) for each in votes] == [("P-1", "Petra Lang")]
    assert office("timeline", "P-1", "--until", "2020-01-01").out == "nothing of that happened\n"
    assert "--after 2" in office("timeline", "P-1", "--limit", "2").out
    newest = office("timeline", "P-1", "--newest", "--limit", "1", "--json")
    assert [each["kind"] for each in newest.json] == ["change_request.approved"]
    for wrong, said in (
        (("P-9",), "no project 'P-9'"),
        (("P-1", "change_requests"), "named by its project, register and key"),
        (("P-1", "change_requests", "CR-9"), "CR-9"),
        (("--review", "ff"), "no gate review has an id that begins with 'ff'"),
        (("P-1", "--after", "x"), "no line of the journal, or more than one, is called 'x'"),
    ):
        refused = office("timeline", *wrong)
        assert refused.status == 2
        assert said in refused.err


def test_the_journal_is_read_in_parts(office: Pmo) -> None:
    submit(office)
    every = office("audit", "log", "P-1", "--json").json
    assert [each["seq"] for each in every] == list(range(1, len(every) + 1))
    page = office("audit", "log", "P-1", "--limit", "1", "--after", "1", "--json")
    assert page.json == every[1:2]
    whole = office("audit", "log", "--json").json
    assert {each["chain"] for each in whole} == {"office", "P-1"}
    assert "--after office:" in office("audit", "log", "--limit", "1").out
    opened = office("audit", "log", "--kind", "obligation.", "--since", "2020-01-01", "--json").json
    assert {each["kind"] for each in opened} == {"obligation.opened"}


def test_a_decision_says_why_and_the_portfolio_how_projects_stand(office: Pmo) -> None:
    submit(office)
    [row] = office("decision", "list", "P-1", "change_requests", "CR-1", "--json").json
    assert (row["status"], row["about"]) == ("waiting", "Change request CR-1 of P-1")
    assert office("decision", "list", "--json").json == [row]
    why = office("decision", "show", row["id"][:8])
    for said in (
        "by-authority",
        "change.cost: 80000",
        "approval by the PMO head: open",
        "town-works",
    ):
        assert said in why.out
    told = office("decision", "show", row["id"], "--json").json
    assert told["result"]["fired"] == row["fired"]
    assert office("decision", "show", "zz").status == 2
    assert office("decision", "list", "P-9").status == 2
    [project] = office("portfolio", "--json").json
    assert (project["id"], project["open"], project["overdue"]) == ("P-1", 1, 0)
    shown = office("portfolio").out
    assert "1 project (1 in delivery): 1 open, 0 overdue" in shown
    assert office("portfolio", "--overdue", "--json").json == []


def test_votes_by_the_wrong_person_twice_and_too_late(office: Pmo) -> None:
    submit(office)
    [waiting] = office("inbox", "petra", "--json").json
    wrong = office("approve", waiting["id"], "--by", "ana")
    assert (wrong.status, "Ana Sousa may not decide this" in wrong.err) == (2, True)
    assert office("reject", waiting["id"], "--by", "petra").status == 0
    late = office("approve", waiting["id"], "--by", "petra")
    assert (late.status, "decided already" in late.err) == (2, True)
    assert one_line(late.err)


def test_a_stale_version_is_refused(office: Pmo) -> None:
    submit(office)
    change = ("update", "P-1", "change_requests", "CR-1", "cost=70000 GBP", "--by", "sam")
    assert office(*change).status == 0
    stale = office(*change, "--version", "1")
    assert stale.status == 2
    assert "is at version 2, not 1" in stale.err


def test_a_locked_database_is_said(office: Pmo, monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo_engine.store import database

    monkeypatch.setattr(database.Database.__init__, "__defaults__", (database.new_id, 0.1))
    holder = sqlite3.connect("pmo.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        result = office("submit", "P-1", "change_requests", "cost=5 GBP", "--by", "sam")
    finally:
        holder.rollback()
        holder.close()
    assert result.status == 2
    assert one_line(result.err)
    assert "pmo.db" in result.err or "locked" in result.err


def test_a_database_that_is_not_there_or_not_set_up(
    pmo: Pmo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.cli.conftest import CITY

    monkeypatch.setenv("PMO_POLICY", str(CITY))
    missing = pmo("sweep")
    assert (missing.status, one_line(missing.err)) == (2, True)
    (tmp_path / "pmo.db").touch()
    empty = pmo("sweep")
    assert empty.status == 2
    assert "run 'pmo database migrate'" in empty.err
    assert pmo("database", "status").status == 1
    assert pmo("database", "migrate").status == pmo("database", "migrate").status == 0
    assert pmo("database", "status").status == 0


def test_a_read_only_database_is_said(office: Pmo) -> None:
    url = "sqlite:///file:pmo.db?mode=ro&uri=true"
    change = ("submit", "P-1", "change_requests", "cost=5 GBP", "--by", "sam")
    result = office(*change, "--database", url)
    assert (result.status, one_line(result.err)) == (2, True)


def test_a_tampered_journal_is_found(office: Pmo) -> None:
    submit(office)
    connection = sqlite3.connect("pmo.db")
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE journal SET actor = 'eve' WHERE chain = 'P-1' AND seq = 2")
    connection.commit()
    connection.close()
    result = office("audit", "verify")
    assert result.status == 1
    assert "P-1 line 2" in result.out


def test_sweep_and_deliver_say_what_they_did(office: Pmo) -> None:
    submit(office)
    assert office("sweep").out == "0 reminded, 0 escalated\n"
    delivered = office("deliver", "--json").json
    assert delivered == {"sent": 0, "retried": 0, "failed": 1}  # petra has no address


def test_settings_come_from_options_variables_and_the_file(
    pmo: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pmo.toml").write_text('database = "sqlite:///own.db"\n', encoding="utf-8")
    assert pmo("database", "migrate").status == 0
    assert (tmp_path / "own.db").exists()
    (tmp_path / "pmo.toml").write_text('databse = "x"\n', encoding="utf-8")
    wrong = pmo("database", "status")
    assert (wrong.status, "unknown setting 'databse'" in wrong.err) == (2, True)


def test_init_makes_a_folder_that_checks_and_runs(
    pmo: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pmo("init", "our-office")
    assert made.status == 0, made.err
    monkeypatch.chdir(tmp_path / "our-office")
    checked = pmo("policy", "check", "policies")
    assert (checked.status, "0 errors, 0 warnings" in checked.out) == (0, True), checked.out
    tested = pmo("policy", "test", "policies")
    assert tested.out.endswith("5 passed, 0 failed\n")
    assert pmo("database", "migrate").status == 0
    assert pmo("project", "list").status == 0
    monkeypatch.chdir(tmp_path)
    again = pmo("init", "our-office")
    assert (again.status, "holds something already" in again.err) == (2, True)


def test_a_report_is_a_page_of_its_own(office: Pmo, tmp_path: Path) -> None:
    submit(office)
    written = office("report", "--out", "page.html")
    assert written.status == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "80,000 GBP" in page
    assert office("report", "--out", "nowhere/page.html").status == 2


@pytest.mark.parametrize(
    "command",
    [
        ("project", "list"),
        ("inbox", "petra"),
        ("policy", "versions"),
        ("sweep",),
        ("audit", "verify"),
        ("audit", "log", "P-1"),
        ("notices", "failed", "--json"),
        ("database", "status"),
        ("database", "migrate"),
        ("database", "backup", "--force", "office.backup"),
    ],
)
def test_a_clock_that_was_set_by_hand_is_said_by_every_command(
    office: Pmo, command: tuple[str, ...]
) -> None:
    assert "set by hand" not in office(*command).err
    with sqlite3.connect("pmo.db") as connection:
        moment = '"2026-03-02T09:30:00+00:00"'
        connection.execute("INSERT INTO settings (key, value) VALUES ('clock', ?)", (moment,))
    connection.close()
    result = office(*command)
    said = "the clock of this store was set by hand: it is 2026-03-02 09:30 UTC there\n"
    assert (result.status, result.err) == (0, said)


def test_lines_that_were_written_by_a_clock_set_by_hand_say_so(office: Pmo) -> None:
    def last() -> tuple[str, str]:
        line = office("audit", "log", "office", "--newest", "--limit", "1", "--json").json[0]
        return line["at"], line["through"]

    office("person", "add", "gil", "Gil", "--by", "petra")
    assert "clock" not in last()[1]
    with sqlite3.connect("pmo.db") as connection:
        moment = '"2026-03-02T09:30:00+00:00"'
        connection.execute("INSERT INTO settings (key, value) VALUES ('clock', ?)", (moment,))
    connection.close()
    office("person", "add", "hana", "Hana", "--by", "petra")
    at, through = last()
    assert at == "2026-03-02T09:30:00+00:00"
    assert through.endswith(", by a clock set by hand")
    assert office("audit", "verify").status == 0


def test_a_gate_says_how_it_was_decided_by_whom_and_why(
    office: Pmo, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("gated.yaml").write_text(CITY.read_text(encoding="utf-8") + GATES, encoding="utf-8")
    monkeypatch.setenv("PMO_POLICY", "gated.yaml")
    id = office("gate", "open", "P-1", "G3", "--by", "ana", "--json").json["id"]
    assert "decided:" not in office("gate", "show", id).out
    assert office("project", "stop", "P-1", "--reason", "no money", "--by", "bo").status == 0
    shown = office("gate", "show", id).out
    assert "\n  decided: stop, by Bo Chen on " in shown
    assert shown.endswith(": The project is stopped by Bo Chen: no money\n")
