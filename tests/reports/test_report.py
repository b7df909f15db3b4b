"""The report: one page that stands alone and says what the store and the policy say."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries.dossiers import dossiers
from pmo_engine.reports.report import _alike, report
from pmo_engine.reports.story import matters
from pmo_engine.reports.timeline import LEFT, RIGHT, SPREAD, WIDTH, draw
from pmo_engine.resources import policies_dir
from pmo_engine.roles.benefits import Benefits
from pmo_engine.roles.finance import Finance
from pmo_engine.roles.risk import Risk
from pmo_engine.roles.stakeholders import Stakeholders
from pmo_engine.testing import World, waiting_for
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.approvals.stuck import Stuck
from pmo_engine.work.gates import reviews as gates
from tests.gate_conditions import draft_condition
from tests.policies import kept
from tests.queries.conftest import counted

DEMO = policies_dir() / "demo"
BOARD = ("bea", "ben", "cleo", "dan")
ROLES = {role.id: role for role in (Benefits(), Finance(), Risk(), Stakeholders())}
SVG = "{http://www.w3.org/2000/svg}"
NASTY = "Lift <script>alert(1)</script> & co"
VOID = frozenset({"meta", "br", "path", "rect", "line", "use"})


class Outline(HTMLParser):
    """What a page is made of: tags that balance, headings, identifiers, what it points at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given[name] for name in ("href", "src") if name in given]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


def picture(page: str) -> ET.Element:
    """The timeline, which is well-formed XML on its own."""
    svg = page[page.index('<svg class="timeline"') :]
    svg = svg[: svg.index("</svg>") + len("</svg>")]
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.fixture
def world(sqlite_url):
    """A tram with one change that its PMO head has to decide, and a gate under review."""
    start = datetime(2026, 3, 30, 8, tzinfo=UTC)
    made = World(kept(DEMO), sqlite_url, start=start, roles=ROLES)
    made.project("TRAM", stage="justification")
    made.person("ana", "project_manager", project="TRAM")
    made.person("omar", "team_manager", project="TRAM")
    made.person("petra", "pmo_head")
    made.person("oona", "change_control")
    made.person("sofia", "sponsor", project="TRAM")
    for member in BOARD:
        made.person(member, "portfolio_board")
    yield made
    made.close()


def change(world: World, cost: str = "80000 GBP", title: str = "Second lift") -> None:
    fields = {"title": title, "cost": cost, "impact_assessed": "true", "emergency": "false"}
    world.submit("TRAM", "change_requests", "oona", **fields)


@pytest.fixture
def busy(world):
    """The change waits beyond its time and is approved; the gate is assessed and decided."""
    change(world, title=NASTY)
    world.forward(working_days=5)
    world.vote("petra")
    review = gates.open_gate(world.governance, project="TRAM", gate="G1", by="ana")
    world.assess_all(review.id)
    world.forward(working_days=1)
    draft_condition(world, review.id, by="petra")
    for member in BOARD:
        (row,) = waiting_for(world.governance, member)
        approvals.vote(
            world.governance,
            row.id,
            by=member,
            choice="approve",
            outcome="conditional_go",
            reason="figures",
        )
    return world


def test_the_same_store_gives_the_same_bytes(busy):
    assert report(busy.governance) == report(busy.governance)


def test_a_page_asks_the_database_as_often_however_much_there_is(world):
    def asked():
        with counted(world) as statements:
            report(world.governance)
        return len(statements)

    change(world)
    before = asked()
    for number in range(5):
        change(world, title=f"Lift {number}")
    world.forward(working_days=5)
    world.vote("petra")
    assert asked() == before


def test_the_page_stands_alone_and_balances(busy):
    outline = Outline(report(busy.governance))
    assert outline.open == []
    assert outline.headings == [
        "Timeline",
        "Portfolio",
        "How the functional roles stand",
        "Gate reviews",
        "Decisions and why",
        "Terms of reference",
        "Rules",
        "Journal",
    ]
    assert len(outline.ids) == len(set(outline.ids))
    assert all(link.startswith("#") for link in outline.links)
    assert {link[1:] for link in outline.links} <= set(outline.ids)
    assert not outline.tags & {"script", "link", "img", "iframe"}


def test_an_office_is_told_after_the_projects_and_is_none_of_them(busy):
    given = {"title": "How to write a mandate", "sort": "guideline"}
    busy.submit("office", "documents", "petra", **given)
    page = report(busy.governance)
    assert "<dt>Projects</dt><dd>1</dd>" in page
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]*)</td><td>([^<]*)</td>', page)
    assert rows[:2] == [("TRAM", "", "delivery strategy"), ("the office", "", "office")]
    assert "Project or office" in page
    assert "the office the office" not in re.sub("<[^>]+>", "", page)


def test_of_many_projects_each_is_told_in_short_and_opens(busy):
    few = report(busy.governance)
    assert "In short;" not in few
    numbers = {"probability": "5", "impact": "5", "impact_cost": "400000 GBP"}
    busy.submit("TRAM", "risks", "ana", title="Late", type="threat", **numbers)
    for number in range(8):
        busy.project(f"N-{number}")
    page = report(busy.governance)
    assert Outline(page).open == []
    assert "In short; of each project the rest opens below" in page
    assert '<details class="again"><summary>TRAM ' in page
    ours = next(each for each in page.split("<summary>") if " of its records, " in each)
    assert ours.startswith("TRAM ")
    asked = page.count('<div class="item open">')
    assert asked
    assert f"<b>{asked}</b> open</summary>" in ours
    assert 'scope="row">TRAM</th><td class="whole">0 of 1</td>' in page
    assert few.count('<article class="matter">') <= page.count('<article class="matter">')


def test_what_people_wrote_is_text_and_nothing_else(busy):
    page = report(busy.governance)
    assert "<script>" not in page
    assert "Lift &lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page


def test_terms_and_rules_are_said_in_words(world):
    page = report(world.governance)
    for words in (
        "Answers for how the portfolio is governed",
        "From 1 January 2026 may approve a change request up to 50,000 GBP.",
        "<cite>Board minutes of November 2025, item 7</cite>",
        "From 1 January 2026 may approve a change request up to 600,000 GBP together in 90 days",
        "Has 5 members; 4 must be there to meet, and 4 must vote alike.",
        "the least senior role whose authority covers it must approve it within 3 working days",
        "direct award 30,000 GBP",
    ):
        assert words in page
    later = page[page.index("From 1 July 2026 may approve a change request up to 250,000 GBP") :]
    assert later[: later.index("</li>")].endswith("not in force today</span>")


def test_a_decision_says_why_by_which_authority_and_who_voted(busy):
    page = report(busy.governance)
    for words in (
        "The PMO head must approve the change request",
        "the change&#39;s cost (80,000 GBP) is above the project manager&#39;s authority",
        "By <b>head-changes (Board minutes of November 2025, item 7)</b>",
        "Opened Mon 30 Mar 2026, 09:00, due Thu 2 Apr 2026, 09:00",
        "Escalated to the sponsor",
        "Petra voted approve",
        "A change request is submitted, waiting under harbour-city 2026.2",
    ):
        assert words in page


def test_a_gate_shows_each_role_with_its_figures_and_the_outcome(busy):
    page = report(busy.governance)
    gate = page[page.index('id="gates"') : page.index('id="decisions"')]
    assert "Gate G1: Business justification" in gate
    assert '<span class="chip conditional_go">conditional go</span>' in gate
    assert gate.count('<span class="chip cannot_tell">cannot tell</span>') == len(ROLES)
    assert "Bea voted approve: figures" in gate


def test_figures_are_written_for_people(world):
    risk = {"title": "Flood", "type": "threat", "owner": "ana", "reviewed_on": "2026-03-27"}
    numbers = {"probability": "3", "impact": "4", "residual": "6", "chance": "0.25"}
    world.submit("TRAM", "risks", "ana", **risk, **numbers, impact_cost="400000 GBP")
    review = gates.open_gate(world.governance, project="TRAM", gate="G1", by="ana")
    world.assess_all(review.id)
    assert "exposure <b>100,000 GBP</b>" in report(world.governance)


def test_the_picture_has_a_lane_per_project_and_a_mark_for_all_that_happened(busy):
    found = picture(report(busy.governance))
    marks = [use.get("href") for use in found.iter(f"{SVG}use")]
    assert marks == [
        "#m-opened", "#m-assessed", "#m-voted", "#m-voted", "#m-voted", "#m-voted", "#m-closed",
        "#m-submitted", "#m-reminded", "#m-reminded", "#m-reminded", "#m-escalated",
        "#m-voted", "#m-settled",
    ]  # fmt: skip
    titles = [title.text for title in found.iter(f"{SVG}title")]
    assert "Mon 30 Mar 09:00: CR-1 submitted by Oona" in titles
    assert "Wed 08 Apr 09:00: Petra voted approve" in titles
    lanes = [group for group in found.iter(f"{SVG}g") if group.get("class") == "lane"]
    assert len(lanes) == 1
    late = [rect for rect in found.iter(f"{SVG}rect") if rect.get("class") == "late"]
    assert len(late) == 1


def test_a_project_with_nothing_to_do_has_no_lane(world):
    assert "Nothing had to be decided yet." in report(world.governance)


def test_records_that_asked_nobody_are_listed_with_their_rules(world):
    fields = {"title": "Cycle racks", "due": "2026-06-30", "owner": "omar"}
    world.submit("TRAM", "actions", "omar", **fields)
    page = report(world.governance)
    listed = page[page.index("records that asked nobody") : page.index('id="terms"')]
    assert "Cycle racks" in listed
    assert "Mon 30 Mar 2026, 09:00: clear" in listed


def test_a_journal_that_was_changed_is_called_so(busy):
    assert "<dd>intact</dd>" in report(busy.governance)
    place = busy.database._engine.url.database.removeprefix("file:")
    with sqlite3.connect(place) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE journal SET actor = 'eve' WHERE kind = 'voted'")
    page = report(busy.governance)
    assert "<dd>NOT intact</dd>" in page
    assert "was altered: its hash is not that of its content" in page


def test_another_limit_is_another_page(world, tmp_path):
    folder = tmp_path / "raised"
    shutil.copytree(DEMO, folder)
    terms = folder / "terms-of-reference.yaml"
    text = terms.read_text(encoding="utf-8").replace("value: 50000 GBP", "value: 90000 GBP")
    terms.write_text(text, encoding="utf-8")
    page = report(replace(world.governance, folder=lambda: load_policy(folder)))
    assert "may approve a change request up to 90,000 GBP." in page
    assert page != report(world.governance)


def test_marks_stay_in_the_picture_in_order_and_apart(busy):
    with busy.governance.reading() as c:
        found = [("TRAM", "Tram", matters(c, each, {})) for each in dossiers(c)]
    drawn = draw(found, busy.governance.rules.policy.calendar, busy.clock.now() + timedelta(days=1))
    for lane in drawn.lanes:
        for row in lane.rows:
            places = [sign.x for sign in row.signs]
            assert all(b - a >= SPREAD for a, b in pairwise(places))
            assert all(LEFT <= x <= WIDTH - RIGHT // 2 for x in places)
            assert all(bar.late_x == bar.x + bar.width for bar in row.bars)
    closed = [tick.label for tick in drawn.ticks if tick.closed]
    assert closed == ["Fri 3 Apr", "Sat 4 Apr", "Sun 5 Apr", "Mon 6 Apr"]
    assert drawn.ticks[0].x == LEFT


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_browser_shows_it(busy, tmp_path):
    page = tmp_path / "report.html"
    page.write_text(report(busy.governance), encoding="utf-8")
    shot = tmp_path / "shot.png"
    dom = browse(tmp_path, "--dump-dom", page.as_uri())
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", dom)[:2] == ["Timeline", "Portfolio"]
    assert dom.count("<use ") == report(busy.governance).count("<use ")
    browse(tmp_path, f"--screenshot={shot}", "--window-size=1280,1600", page.as_uri())
    header = shot.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(header[16:20]) == 1280
    assert shot.stat().st_size > 50_000  # an empty page has 10 kB


def browse(home: Path, *arguments: str) -> str:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options.append(f"--user-data-dir={home / 'chromium'}")
    command = ["chromium", *options, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout


def test_an_axis_of_years_says_them(world):
    change(world)
    with world.governance.reading() as c:
        told = [(each.id, each.name, matters(c, each, {})) for each in dossiers(c)]
        short, long = (
            draw(told, c.policy.calendar, c.now + timedelta(days=days)) for days in (20, 2200)
        )
    assert short.ticks[0].label == "Mon 30 Mar"
    assert long.ticks[0].label == "30 Mar 2026"
    assert [each.label[-4:] for each in long.ticks if each.label][-1] == "2031"


def test_what_is_stuck_says_in_words_what_is_asked_of_whom(world):
    rows = [
        Stuck.model_validate(
            {
                "id": title,
                "project": None,
                "title": title,
                "kind": kind,
                "for": of,
                "since": "2026-03-02",
                "due": None,
                "why": ["it is over"],
            }
        )
        for title, kind, of in (
            ("CR-1", "information", "change.cost"),
            ("CR-2", "approval", "portfolio_board"),
            ("CR-3", "approval", "portfolio_board"),
            ("CR-4", "record", ""),
        )
    ]
    with world.governance.reading() as c:
        said = _alike(rows, c.policy)
    assert said == [
        ("what is asked for is the change's cost", ("it is over",), ["CR-1"]),
        ("approval by the portfolio board", ("it is over",), ["CR-2", "CR-3"]),
        ("record", ("it is over",), ["CR-4"]),
    ]
