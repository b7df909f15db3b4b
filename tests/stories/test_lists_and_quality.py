"""Records in lists by their fields and figures, and how good their data are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pmo_engine.exchange.record_tables import list_as_csv, list_as_workbook
from pmo_engine.questions.lists import RecordList, listed, view_named, view_of
from pmo_engine.questions.quality import QualityReport, quality_of
from pmo_engine.store.tables import Entry
from pmo_engine.testing import World, policy_from
from pmo_engine.work.errors import CommandError
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.people.appointments import leave
from pmo_engine.work.records import endings, moves
from tests.stories.conftest import CITY

THREATS = """
---
kind: registers
registers:
  - register: threats
    noun: threat
    root: threat
    plural: threats
    key_prefix: T
    fields:
      title: {type: text, required: true}
      chance: {type: whole number, from: 1, to: 5}
      harm: {type: whole number, from: 1, to: 5}
      left: {type: number}
      seen: {type: date}
      begin: {type: date}
      end: {type: date}
    must_be:
      seen: not in the future
      end: [not before begin, not in the past]
---
kind: figures
figures:
  - id: known
    of: threat
    label: known
    unit: count
    formula: count(threats)
    across: office
    source: Ours
  - id: score
    of: threat
    label: score
    unit: points
    formula: threat.chance * threat.harm
    source: Ours
---
kind: views
views:
  - id: high
    of: threats
    title: High threats
    where: threat.score >= 12 and threat.status != "closed"
    sort: [-score, title]
    show: [key, title, score, version]
---
kind: quality
quality:
  - of: threats
    complete: [owner, harm]
    stale_after: 2 weeks
    since: seen
    contradictions:
      - {when: threat.left > threat.score, says: more remains than there was}
      - {when: if threat.title = "unsure" then null else false, says: it is so}
"""


@pytest.fixture(scope="module")
def policy() -> Any:
    return policy_from(CITY.read_text(encoding="utf-8") + THREATS)


@pytest.fixture
def office(policy: Any, sqlite_url: str) -> Iterator[World]:
    world = World(policy, sqlite_url)
    world.project("P-1")
    world.project("P-2")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    yield world
    world.close()


def enter(world: World, project: str = "P-1", **fields: Any) -> None:
    world.submit(project, "threats", by="ana", **fields)


def asked(world: World, *projects: str, **how: Any) -> RecordList:
    with world.governance.reading() as c:
        register = c.policy.registers["threats"]
        view = view_named(c, register, "high") if not how else view_of(c, register, **how)
        return listed(c, view, projects or ("P-1", "P-2"))


def keys(found: RecordList) -> list[str]:
    return [str(row["key"]) for row in found.rows]


def test_a_saved_list_is_asked_for_by_name(office: World) -> None:
    enter(office, title="B", chance="4", harm="4")
    enter(office, title="A", chance="4", harm="4")
    enter(office, title="C", chance="5", harm="5")
    enter(office, title="D", chance="3", harm="3")
    enter(office, title="E", chance="3")
    enter(office, "P-2", title="F", chance="3", harm="4")
    found = asked(office)
    assert found.title == "High threats"
    assert found.columns == ("key", "title", "score", "version")
    assert [tuple(row.values()) for row in found.rows] == [
        ("T-3", "C", "25", 1),
        ("T-2", "A", "16", 1),
        ("T-1", "B", "16", 1),
        ("T-1", "F", "12", 1),
    ]
    assert found.unjudged == ("P-1 T-5: not known: threat.score",)
    assert keys(asked(office, "P-2")) == ["T-1"]


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("threat.left > 3", "'>' has no result for null and number in 'threat.left > 3'"),
        ("if threat.left = null then null else true", "comes to nothing"),
    ],
)
def test_what_cannot_be_judged_is_not_left_out_of_a_list_unsaid(
    office: World, where: str, why: str
) -> None:
    enter(office, title="A", left=None)
    enter(office, title="B", left="4")
    found = asked(office, where=where)
    assert keys(found) == ["T-2"]
    [said] = found.unjudged
    assert said.startswith("P-1 T-1: ")
    assert said.endswith(why)
    office.update("P-1", "threats", "T-1", by="ana", title="C")
    assert asked(office, where=where).unjudged == (said,)  # null is still what was said of it


def test_a_figure_over_all_projects_is_the_same_in_a_list(office: World) -> None:
    enter(office, title="A")
    enter(office, "P-2", title="B")
    assert [row["known"] for row in asked(office, "P-1", show=["known"]).rows] == ["2"]


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ({"where": "threat.score < 12"}, ["T-2"]),
        ({"where": 'threat.owner = "ana"'}, ["T-1"]),
        ({"where": "(today - threat.seen).days >= 1", "show": ["key"]}, ["T-1"]),
        ({"sort": ["score"]}, ["T-2", "T-1", "T-3"]),
        ({"sort": ["-score"]}, ["T-1", "T-2", "T-3"]),
        ({"sort": ["-title"]}, ["T-3", "T-2", "T-1"]),
        ({"sort": ["seen"]}, ["T-1", "T-2", "T-3"]),
    ],
)
def test_a_list_is_filtered_and_sorted_by_fields_and_figures(
    office: World, how: dict[str, Any], wanted: list[str]
) -> None:
    enter(office, title="A", chance="4", harm="4", owner="ana", seen="2026-03-01")
    enter(office, title="B", chance="1", harm="4", seen="2026-03-02")
    enter(office, title="C")
    assert keys(asked(office, "P-1", **how)) == wanted


def test_all_is_shown_where_nobody_says_what(office: World) -> None:
    enter(office, title="A", chance="4", harm="4")
    found = asked(office, "P-1", sort=["key"])
    assert found.columns[:5] == ("project", "key", "status", "owner", "due")
    assert found.columns[-1] == "score"
    assert found.rows[0] | {"score": "16", "project": "P-1", "left": None} == found.rows[0]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"where": "threat.scre > 1"}, "did you mean 'score'"),
        ({"where": "threat.score >"}, "expected an expression after"),
        ({"where": "change.cost > 1"}, "unknown name 'change'"),
        ({"where": 'threat.status = "opn"'}, "'opn'"),
        ({"sort": ["-titel"]}, "did you mean 'title'"),
        ({"show": ["key", "cost"]}, "unknown field or figure 'cost'"),
    ],
)
def test_a_list_that_cannot_be_is_told(office: World, how: dict[str, Any], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        asked(office, **how)


def test_a_list_that_there_is_not_is_told(office: World) -> None:
    with office.governance.reading() as c:
        with pytest.raises(CommandError, match="no list 'high' of change_requests; it has none"):
            view_named(c, c.policy.registers["change_requests"], "high")
        with pytest.raises(CommandError, match="no list 'low' of threats; it has high"):
            view_named(c, c.policy.registers["threats"], "low")


def test_a_list_written_as_a_table_holds_no_formula(tmp_path: Any) -> None:
    from openpyxl import load_workbook

    rows = [{"key": "=1+1", "cost": "-5 GBP", "who": ["ana", "bo"]}, {"key": None, "cost": 3}]
    text = list_as_csv(("key", "cost", "who"), rows).decode("utf-8-sig")
    assert text.split("\r\n") == ["key,cost,who", "'=1+1,-5 GBP,ana; bo", ",3,", ""]
    path = tmp_path / "list.xlsx"
    path.write_bytes(list_as_workbook(("key", "cost", "who"), rows))
    sheet = load_workbook(path).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [["key", "cost", "who"], ["=1+1", "-5 GBP", "ana; bo"], [None, "3", None]]
    assert sheet["A2"].data_type == "s"


def report(world: World, owner: str | None = None) -> QualityReport:
    with world.governance.reading() as c:
        return quality_of(c, {"threats": ["P-1", "P-2"]}, owner)


UNSURE = "it is so: 'if threat.title = \"unsure\" then null else false' comes to nothing"


def flaws(world: World) -> list[tuple[str, str, str, str]]:
    return [(each.key, each.sort, each.field, each.says) for each in report(world).flaws]


def test_what_is_missing_stale_or_contradictory_is_told_by_record(office: World) -> None:
    good = {"chance": "4", "harm": "4", "owner": "ana", "seen": "2026-03-01"}
    enter(office, title="good", **good)
    enter(office, title="missing", chance="4", seen="2026-03-01")
    enter(office, title="stale", **{**good, "seen": "2026-02-01"})
    enter(office, title="never seen", **{**good, "seen": None})
    enter(office, title="contradictory", **good, left="20")
    enter(office, title="nobody's", **{**good, "owner": "zoe"})
    enter(office, title="unsure", **good)
    assert flaws(office) == [
        ("T-2", "missing", "owner", "is not given"),
        ("T-2", "missing", "harm", "is not given"),
        ("T-3", "stale", "seen", "seen is 29 days old, and may be 14"),
        ("T-4", "stale", "seen", "nobody says when it was looked at last"),
        ("T-5", "contradictory", "", "more remains than there was"),
        ("T-6", "contradictory", "owner", "'zoe' is nobody known"),
        ("T-7", "contradictory", "", UNSURE),
    ]


def test_a_record_of_somebody_who_left_needs_another_owner(office: World) -> None:
    office.person("tom", "team_manager", project="P-1")
    office.person("omar")
    good = {"chance": "4", "harm": "4", "seen": "2026-03-01"}
    enter(office, title="his", **good, owner="tom")
    enter(office, title="of one who holds no role", **good, owner="omar")
    leave(office.governance, person="tom", by="tom", on=date(2026, 3, 2))
    assert flaws(office) == []
    office.forward(working_days=1)
    assert flaws(office) == [("T-1", "contradictory", "owner", "'tom' left on 2026-03-02")]


def test_the_day_on_which_it_turns_stale_is_the_one_after(office: World) -> None:
    enter(office, title="A", harm="1", owner="ana", seen="2026-02-16")
    assert flaws(office) == []
    office.clock.forward(timedelta(days=1))
    assert [each[1] for each in flaws(office)] == ["stale"]


def test_what_time_or_another_version_made_of_a_record_is_told(office: World, policy: Any) -> None:
    enter(
        office,
        title="A",
        harm="4",
        owner="ana",
        seen="2026-03-01",
        begin="2026-03-01",
        end="2026-03-09",
    )
    narrower = CITY.read_text("utf-8") + THREATS.replace("not before begin", "before begin")
    narrower = narrower.replace(
        "harm: {type: whole number, from: 1, to: 5}", "harm: {type: whole number, from: 1, to: 3}"
    )
    office.clock.forward(timedelta(days=10))
    assert flaws(office) == []  # that an end lies in the past by now is no contradiction
    with office.governance.reading() as c:
        narrow = replace(c.rules, policy=policy_from(narrower))
        report = quality_of(replace(c, rules=narrow), {"threats": ["P-1"]})
    found = report.flaws
    assert [(each.sort, each.field) for each in found] == [
        ("contradictory", "harm"),
        ("contradictory", "end"),
    ]
    assert found[0].says.startswith("'4' is not a whole number from 1 to 3")
    assert found[1].says.startswith("2026-03-09 must be before threat.begin")


def test_what_is_over_is_not_looked_at(office: World) -> None:
    for title in ("A", "B"):
        enter(office, title=title)
    here = {"project": "P-1", "register": "threats"}
    moves.close(office.governance, **here, key="T-1", to=None, by="petra", reason="over")
    endings.withdraw(office.governance, **here, key="T-2", by="ana")
    assert report(office).records == 0


def test_flaws_are_counted_by_project_register_and_owner(office: World) -> None:
    enter(office, title="A", harm="4", owner="ana", seen="2026-03-01")
    enter(office, title="B", seen="2026-03-01")
    office.submit(
        "P-2", "threats", by="petra", title="C", harm="1", owner="petra", seen="2026-03-01"
    )
    found = report(office)
    assert (found.records, found.good) == (3, 2)
    held = found.by_project["P-1"]
    assert (held.records, held.good, held.missing, held.complete) == (2, 1, 2, 66)
    assert found.by_project["P-2"].complete == 100
    assert set(found.by_owner) == {"ana", "petra", "nobody"}
    assert found.by_owner["nobody"].missing == 2
    assert found.by_register["threats"].missing == 2
    assert report(office, "ana").records == 1


def test_what_nothing_watches_yet_is_so_once(office: World) -> None:
    with office.database.unit_of_work(SYSTEM, office.clock.now()) as uow:
        made = Entry(
            project="P-1",
            register_name="threats",
            key="T-9",
            status="submitted",
            document={"title": "A"},
            submitted_by="ana",
            submitted_at=office.clock.now(),
        )
        id = uow.entries.add(made, "Threat T-9", "ana").id
        assert uow.entries.has_key("P-1", "threats", "T-9")
        assert [uow.entries.take_unwatched(id) for _ in range(2)] == [True, False]
