"""The demo as a user runs it: interrupted once, then played to its end, with the real server."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pmo_engine.app import open_governance
from pmo_engine.queries import audit
from pmo_engine.queries import people as portfolio
from pmo_engine.settings import read_settings
from pmo_engine.testing import story_of
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.judging import standing_of_review
from pmo_engine.work.governance import Governance


@contextmanager
def desk_of(folder: Path) -> Iterator[Governance]:
    governance = open_governance(read_settings({"engine": "compiled"}, folder))
    yield governance
    governance.rules.engine.close()
    governance.database.close()


def still_running(folder: Path) -> list[str]:
    """The processes that have this demo's Prefect home."""
    mine, found = f"PREFECT_HOME={folder}/prefect".encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mine in (place / "environ").read_bytes():
                found.append(place.name)
        except OSError:
            continue
    return found


def test_an_interrupted_demo_stops_and_leaves_no_process(stopped):
    assert stopped.status == 130
    assert stopped.errors == "stopped; nothing was left running, and it can be run again\n"
    assert still_running(stopped.folder) == []


def test_it_ends_well_and_leaves_no_process(played):
    assert (played.status, played.errors) == (0, "")
    assert still_running(played.folder) == []


def test_it_prints_numbered_steps_without_colour(played):
    assert "\x1b" not in played.output
    numbers = re.findall(r"^(\d+)\. ", played.output, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 13)]
    assert "suites: 98 passed, 0 failed" in played.output


def test_the_portfolio_is_as_large_as_promised(played):
    with desk_of(played.folder) as governance, governance.reading() as c:
        projects = portfolio.projects(c).items
        entries = [entry for row in projects for entry in c.uow.entries.of_project(row.id)]
    assert len(projects) >= 6
    assert len(entries) >= 60
    assert len({entry.register_name for entry in entries}) >= 15


def test_who_may_decides_and_nobody_else(played):
    with desk_of(played.folder) as governance:
        told = [
            story_of(governance, project="TRAM", register="change_requests", key=f"CR-{number}")
            for number in range(1, 5)
        ]
    voters = [[vote.person for item in story.obligations for vote in item.votes] for story in told]
    assert [story.status for story in told] == ["approved"] * 4
    assert voters == [["ana"], ["ana"], ["petra"], ["ana"]]
    decided = [
        item for item in told[2].obligations if (item.kind, item.status) == ("approval", "met")
    ]
    assert [item.escalated_to for item in decided] == [["sponsor"]]
    assert played.output.count("refused: ") == 3


def subjects(played, person: str) -> list[str]:
    """The subjects of a person's mails, in the order in which they came."""
    box = f"{person}@harbour-city.example"
    mails = (mail for mail in played.mails() if box in str(mail["To"]))
    return [
        " ".join(str(mail["Subject"]).lower().split()) for mail in mails
    ]  # a long one is folded


def test_the_local_mail_server_got_the_notices(played):
    lift, matter = "change request cr-3 of tram", "second lift at the hospital stop, 80,000 gbp"
    about_lift = [subject for subject in subjects(played, "petra") if lift in subject]
    assert about_lift == [
        *[f"{lift} needs your decision: {matter}"] * 2,  # anew once its impact was assessed
        *[f"reminder: {lift} waits for the pmo head: {matter}"] * 2,
        f"{lift} still waits for the pmo head: {matter}",
    ]
    told = f"for information: {lift} waits for the pmo head: {matter}"
    assert told in subjects(played, "dilip")
    assert f"{lift} still waits for the pmo head: {matter}" in subjects(played, "sofia")
    lacking = "change request cr-4 of tram waits for the change's cost"
    assert f"{lacking}: cycle track beside the quay wall" in subjects(played, "omar")
    assert subjects(played, "ana")[-1] == "gate g2 of tram: conditional go"


def test_fifteen_roles_assessed_as_tasks_and_the_stage_moved(played):
    with desk_of(played.folder) as governance:
        (review,) = gates.reviews(governance)
        with governance.reading() as c:
            stages = {row.id: row.stage for row in portfolio.projects(c).items}
    results = {item.role: item.result for item in review.assessments}
    others = {role: result for role, result in results.items() if result != "met"}
    assert len(results) == 15
    assert others == {
        "change_control": "cannot_tell",
        "planning": "not_met",
        "stakeholders": "not_met",
    }
    assert (review.outcome, stages["TRAM"]) == ("conditional_go", "investment")
    tasks = re.search(r"flow stage-gate '[^']+': Awaiting assessments; (.*)", played.output)
    assert tasks is not None
    assert tasks[1] == "1 task cannot tell, 12 tasks met, 2 tasks not met"


def test_the_journal_is_intact_and_the_store_keeps_its_own_clock(played):
    with desk_of(played.folder) as governance:
        assert audit.verify(governance.database).intact
        with governance.reading() as c:
            assert c.today.isoformat() == "2026-04-15"


def test_other_commands_work_in_its_folder(played):
    command = "from pmo_engine.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "audit", "verify"],
        cwd=played.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    clock = "the clock of this store was set by hand: it is 2026-04-15 13:00 UTC there\n"
    assert (done.returncode, done.stderr) == (0, clock)
    assert done.stdout.rstrip().endswith("intact")


def test_it_says_how_to_look_at_the_runs(played):
    (line,) = re.findall(r"^Prefect's UI:  (.*)$", played.output, re.MULTILINE)
    assert f"PREFECT_HOME={played.folder}/prefect " in line
    port = line.rpartition(" ")[2]
    assert f"PREFECT_API_URL=http://127.0.0.1:{port}/api " in line  # its pages ask this address
    assert (played.folder / "prefect" / "prefect.db").stat().st_size > 0


def test_criteria_are_judged_and_evidence_is_shown_before_the_board_votes(played):
    with desk_of(played.folder) as governance, governance.reading() as c:
        (review,) = gates.reviews(governance)
        found = standing_of_review(c, review.id)
    assert {each.id: (each.answer, each.by) for each in found.criteria} == {
        "route": ("yes", "felix"),
        "plan": ("no", "rita"),  # 6, where 7 are asked for
    }
    assert [(each.id, each.state, each.by) for each in found.evidence] == [
        ("procurement_strategy", "there", "ana")
    ]
    votes = re.findall(r"(\w+): (recuse|approve) Gate G2 of TRAM", played.output)
    assert votes == [
        ("beatrix", "recuse"),
        *((each, "approve") for each in ("hugo", "ian", "kofi")),
    ]


def test_it_ends_with_the_boards_pages(played):
    for name in ("board.html", "board-pack.html", "board-pack.pdf"):
        assert str(played.folder / name) in played.output
    pack = (played.folder / "board-pack.html").read_text(encoding="utf-8")
    assert "Quayside tram extension" in pack
    assert (played.folder / "board-pack.pdf").read_bytes().startswith(b"%PDF")


def test_the_page_tells_the_same(played):
    page = (played.folder / "report.html").read_text(encoding="utf-8")
    assert str(played.folder / "report.html") in played.output
    for words in ("Second lift at the hospital stop", "Petra Lang voted approve", "conditional go"):
        assert words in page
