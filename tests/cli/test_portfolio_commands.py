"""The portfolio's commands: what they say, in words and as JSON, and what they refuse."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.app import CLOCK
from pmo_engine.cli.standing.dashboard import _print_trend
from pmo_engine.queries.dashboard.cycles import NOW, Point, Trend, Trends
from pmo_engine.testing import World
from tests.stories.test_portfolio import HEAD, POLICY, city, founded

Pmo = Any
PMO = (sys.executable, "-c", "from pmo_engine.cli import start; start.main()")
TODAY = "2026-03-02"
OVERRIDE = ("override", "P-3", "amber", "--reason", "agreed", "--by", HEAD, "--until")


@pytest.fixture
def portfolio(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Call ``pmo portfolio`` on a portfolio of three projects, on the second of March 2026."""
    pmo = request.getfixturevalue("pmo")
    placed(monkeypatch, tmp_path, request.getfixturevalue("sqlite_url"))
    return lambda *arguments: pmo("portfolio", *arguments)


def placed(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str) -> None:
    world = founded(World(city(), url))
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        uow.settings.put(CLOCK, world.clock.now().isoformat())
    world.close()
    (folder / "city.yaml").write_text(POLICY)
    monkeypatch.setenv("PMO_DATABASE", url)
    monkeypatch.setenv("PMO_POLICY", str(folder / "city.yaml"))
    monkeypatch.setenv("PMO_ENGINE", "compiled")


def test_people_are_shown_by_name_and_json_keeps_the_account(portfolio: Pmo) -> None:
    said = portfolio(*OVERRIDE, "2026-04-30")
    assert said.out == "P-3 is said to be amber up to 2026-04-30; its figures say red\n"
    shown = portfolio("dashboard").out
    assert "P-3: amber; slip 43 days: red; Petra says amber; the figures say red" in shown
    assert portfolio("close-cycle", "one", "--by", HEAD).out == (
        "cycle one is closed: 3 projects, amber\n"
    )
    assert portfolio("cycles").out == f"one: {TODAY} by Petra, 3 projects, amber\n"
    [kept] = portfolio("cycles", "--json").json
    assert (kept["by"], kept["name"], kept["sound"]) == (HEAD, "Petra", True)
    for more in ((), ("--cycle", "one")):
        found = portfolio("dashboard", "--json", *more).json
        [row] = [each for each in found["projects"] if each["id"] == "P-3"]
        assert (row["override"]["author"], row["override"]["name"]) == (HEAD, "Petra")
        assert row["contradictions"] == ["Petra says amber; the figures say red"]
    assert portfolio("close-cycle", "one", "--by", HEAD).err.endswith(
        f"the cycle 'one' was closed on {TODAY} by Petra; give the next one its own name\n"
    )
    portfolio("dashboard", "--html", "board.html")
    page = Path("board.html").read_text()
    assert "<td>Petra</td>" in page
    assert "petra" not in page


def test_every_command_answers_in_words_and_as_json(portfolio: Pmo) -> None:
    assert portfolio().out.endswith("3 projects (3 in delivery): 0 open, 0 overdue\n")
    assert [each["id"] for each in portfolio("--json").json] == ["P-1", "P-2", "P-3"]
    assert portfolio("cycles").out == "no cycle was closed\n"
    assert portfolio("cycles", "--json").json == []
    first = portfolio("close-cycle", "one", "--day", "2026-02-28", "--by", HEAD, "--json").json
    assert (first["cycle"], first["number"], first["day"]) == ("one", 1, "2026-02-28")
    coloured = portfolio(*OVERRIDE, "2026-04-30", "--json").json
    assert (coloured["of"], coloured["measured"]) == ("P-3", "red")
    assert coloured["override"]["colour"] == "amber"
    trend = portfolio("trend").out
    assert "forecast: one 330 GBP, now 330 GBP (0 GBP since the last)" in trend
    assert "\nP-3: red, now amber" in trend
    assert trend.endswith("0 projects came, 0 went\n")
    assert [each["id"] for each in portfolio("trend", "--json").json["shifts"]] == [
        "all",
        "south",
        "P-3",
    ]
    back = portfolio("override", "P-3", "measured", "--by", HEAD)
    assert back.out == "P-3 has the colour of its figures: red\n"
    again = portfolio("override", "P-3", "measured", "--by", HEAD, "--json").json
    assert (again["of"], again["measured"], again["override"]) == ("P-3", "red", None)
    whatif = portfolio("what-if", "--stop", "P-2", "--move", "P-1=1")
    assert whatif.out.split("Forecast")[1].split()[:4] == ["330", "GBP", "200", "GBP"]
    found = portfolio("what-if", "--stop", "P-2", "--json").json
    assert (found["forecast_before"], found["forecast_after"]) == ("330 GBP", "200 GBP")


def test_a_trend_says_what_is_more_than_at_the_last_cycle_and_at_the_first() -> None:
    why = "not available: nothing is planned"

    def trend(*words: str, last: str = "", first: str = "") -> Trend:
        names = ("one", "two", NOW)[-len(words) :]
        points = (
            Point(cycle=n, day=TODAY, value=None if w == why else w, words=w)
            for n, w in zip(names, words, strict=True)
        )
        return Trend(
            id="f",
            label="forecast",
            of="cost",
            unit="money",
            points=tuple(points),
            since_last=last,
            since_first=first,
        )

    def said(*figures: Trend) -> str:
        out = StringIO()
        with redirect_stdout(out):
            _print_trend(
                Trends(cycles=(), figures=figures, colours=(), shifts=(), came=(), went=())
            )
        return out.getvalue().partition("\n")[0]

    whole = trend("1 GBP", "4 GBP", "9 GBP", last="+5 GBP", first="+8 GBP")
    assert said(whole) == (
        "forecast: one 1 GBP, two 4 GBP, now 9 GBP (+5 GBP since the last, +8 GBP since the first)"
    )
    assert said(trend("4 GBP", "9 GBP", last="+5 GBP", first="+5 GBP")) == (
        "forecast: two 4 GBP, now 9 GBP (+5 GBP since the last)"
    )
    assert said(trend(why, why, why)) == f"forecast: one, two and now {why}"
    assert said(trend("4 GBP", "4 GBP", last="0 GBP")) == (
        "forecast: two 4 GBP, now 4 GBP (0 GBP since the last)"
    )
    assert said(trend("1 GBP", why, why)) == f"forecast: one 1 GBP, two and now {why}"


def test_a_programme_is_coloured_and_counts_upwards(portfolio: Pmo) -> None:
    said = portfolio(
        *("override", "south", "green", "--programme", "--until", "2026-04-30"),
        *("--reason", "agreed", "--by", HEAD),
    )
    assert said.out == "south is said to be green up to 2026-04-30; its figures say red\n"
    assert (
        "    south (1 project): green; slip 43 days: red; Petra says green"
        in portfolio("dashboard").out
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--limit", "0"), "'--limit'"),
        (("dashboard", "--cycle", "2025"), "2025"),
        (("dashboard", "--cycle", "2025", "--html", "board.html"), "the page shows all of them"),
        (("dashboard", "--html", "none/board.html"), "none/board.html"),
        (("dashboard", "--html", "."), "."),
        (("override", "P-9", "red", "--until", "2026-04-30", "--by", HEAD), "P-9"),
        (("override", "P-3", "red", "--reason", "so", "--by", HEAD), "--until 2026-06-30"),
        (("override", "P-3", "red", "--until", "soon", "--by", HEAD), "'--until'"),
        ((*OVERRIDE, "2026-03-01"), "would be over before it begins (2026-03-02)"),
        ((*OVERRIDE, "2027-03-04"), "a year at most"),
        (("override", "P-3", "blue", "--until", "2026-04-30", "--by", HEAD), "'blue' is no colour"),
        (("override", "P-3", "red", "--until", "2026-04-30", "--by", HEAD), "for a reason"),
        (("override", "P-3", "measured", "--by", "ana"), "that is for the head"),
        (("override", "P-3", "measured", "--by", "zoe"), "nobody here is called 'zoe'"),
        (("override", "P-3", "measured", "--programme", "--by", HEAD), "P-3"),
        (("close-cycle", "", "--by", HEAD), "cycle"),
        (("close-cycle", "a\nb", "--by", HEAD), "cycle"),
        (("close-cycle", "x" * 300, "--by", HEAD), "cycle"),
        (("close-cycle", "now", "--by", HEAD), "a trend calls the present so"),
        (("close-cycle", "one", "--by", "ana"), "Ana may not close cycle"),
        (("close-cycle", "one", "--day", "2026-03-03", "--by", HEAD), "a day to come"),
        (("close-cycle", "one", "--day", "March", "--by", HEAD), "'--day'"),
        (("close-cycle", "one"), "Missing option '--by'"),
        (("what-if",), "name a project"),
        (("what-if", "--stop", "P-9"), "P-9"),
        (("what-if", "--move", "P-1"), "write P-1=1"),
        (("what-if", "--move", "P-1=0"), "1 to 40"),
        (("what-if", "--move", "P-1=41"), "1 to 40"),
        (("what-if", "--move", "P-9=1"), "P-9"),
        (("what-if", "--stop", "P-1", "--move", "P-1=1"), "cannot be both stopped and moved"),
        (("what-if", "--move", "P-1=1", "--move", "P-1=2"), "moved once"),
        (("dashboards",), "dashboards"),
    ],
)
def test_a_wrong_input_is_told_in_words_and_nothing_changes(
    portfolio: Pmo, arguments: tuple[str, ...], said: str
) -> None:
    found = portfolio(*arguments)
    assert found.status == 2, found
    assert said in found.err
    assert len(found.err) < 600
    assert portfolio("cycles", "--json").json == []
    rows = portfolio("dashboard", "--json").json["projects"]
    assert [each["override"] for each in rows] == [None, None, None]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_each_that_changes_something_twice_at_once(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str
) -> None:
    placed(monkeypatch, tmp_path, request.getfixturevalue(f"{database}_url"))
    once = ("close-cycle", "one", "--by", HEAD)
    closed = list(twice(once))
    assert sorted(status for status, _, _ in closed) == [0, 2], closed
    assert any("'one' was closed on 2026-03-02 by Petra" in err for _, _, err in closed)
    named = list(twice((*once[:1], "two", *once[2:], "--request", "r-1", "--json")))
    assert [status for status, _, _ in named] == [0, 0]  # the same request is done once
    assert json.loads(named[0][1]) == json.loads(named[1][1])
    assert [status for status, _, _ in twice((*OVERRIDE, "2026-04-30"))] == [0, 0]
    assert [s for s, _, _ in twice(("override", "P-3", "measured", "--by", HEAD))] == [0, 0]
    [(_, cycles, _)] = running(("cycles", "--json"))
    assert [each["cycle"] for each in json.loads(cycles)] == ["one", "two"]


def twice(arguments: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    return running(arguments, arguments)


def running(*several: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Run commands at once, each in a process of its own."""
    begun = [
        subprocess.Popen(
            [*PMO, "portfolio", *each],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"NO_COLOR": "1"},
        )
        for each in several
    ]
    for each in begun:
        out, err = each.communicate(timeout=300)
        assert "Traceback" not in out + err
        yield each.returncode, out, err


@pytest.mark.parametrize("asked", [("trend",), ("dashboard",), ("what-if", "--stop", "P-1")])
def test_who_reads_is_somebody_here_where_everybody_may_read(
    portfolio: Pmo, asked: tuple[str, ...]
) -> None:
    assert portfolio(*asked).status == 0
    assert portfolio(*asked, "--by", "ana").status == 0
    refused = portfolio(*asked, "--by", "nobody")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.endswith("no person 'nobody'\n")
