"""What a field may hold is asked wherever a record comes in, or changes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.errors import CommandError
from pmo_engine.work.imports.importing import ImportRefused, Sheet, bring_in
from pmo_engine.work.people import appointments
from pmo_engine.work.records import endings, resubmission
from tests.stories.conftest import CITY

WORKS = """
---
kind: registers
registers:
  - register: works
    noun: work
    root: work
    plural: works
    key_prefix: W
    fields:
      start: {type: date}
      end: {type: date}
      done: {type: percent}
      level: {type: whole number, from: 1, to: 5}
      size: {type: number, one_of: [1, 2, 5]}
      low: {type: money, from: 0 GBP}
      high: {type: money}
      began: {type: date and time}
      reviewers: {type: list<text>}
      waits_for: {type: list<text>}
      like: {type: text}
    must_be:
      end: not before start
      due: after start
      start: not in the future
      began: not in the future
      high: more than low
      reviewers: a person of the project
      owner: a person
      waits_for: another project
      like: a project
"""
RATES = """
---
kind: rates
rates:
  - {of: EUR, from: 2026-01-01, rate: "0.5", source: the bank}
"""


@pytest.fixture
def site(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + WORKS))
    world.project("P-1")
    world.project("P-2")
    world.person("ana", "project_manager", project="P-1")
    world.person("omar", "project_manager", project="P-2")
    world.person("petra", "pmo_head")
    return world


def today(world: World, days: int = 0) -> str:
    return str(world.clock.now().date() + timedelta(days=days))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"level": "6"}, r"work.level: '6' is not a whole number from 1 to 5 \(.*:\d+\)"),
    ({"level": "0"}, "whole number from 1 to 5"),
    ({"level": "2.5"}, "whole number from 1 to 5"),
    ({"size": "3"}, "work.size: '3' is not"),
    ({"done": "101 %"}, "'101' is not a percentage from 0 to 100"),
    ({"done": "-1"}, "a percentage from 0 to 100"),
    ({"low": "-0.01 GBP"}, "'-0.01 GBP' is not money in GBP from 0 GBP"),
    ({"start": "2025-05-02", "end": "2025-05-01"}, "must be not before work.start"),
    ({"start": "2025-05-02", "due": "2025-05-02"}, "must be after work.start"),
    ({"low": "5 GBP", "high": "5.00 GBP"}, "5 GBP must be more than work.low .5 GBP."),
    ({"reviewers": ["ana", "omar"]}, "work.reviewers: Omar holds no role in P-1"),
    ({"owner": "nobody"}, "work.owner: 'nobody' is nobody known"),
    ({"like": "P1"}, r"'P1' is no project here \(did you mean 'P-1'\?\)"),
    ({"like": "office"}, r"'office' is no project here"),
    ({"waits_for": ["P-2", "P-1"]}, "work.waits_for: P-1 is the record's own project"),
    ({"waits_for": ["P-2", "Q"]}, r"'Q' is no project here \('pmo project list' shows"),
]


def test_what_a_field_must_be_is_asked_when_it_is_entered_and_when_it_is_changed(
    site: World,
) -> None:
    site.submit("P-1", "works", by="ana")
    for fields, why in WRONG:
        with pytest.raises(CommandError, match=why):
            site.submit("P-1", "works", by="ana", **fields)
        with pytest.raises(CommandError, match=why):
            site.update("P-1", "works", "W-1", by="ana", **fields)
    assert site.submit("P-1", "works", by="ana").key == "W-2"
    assert story_of(site.governance, project="P-1", register="works", key="W-1").version == 1


def test_the_ends_belong_to_a_range(site: World) -> None:
    fields = {"level": "5", "size": "5", "done": "100%", "low": "0 GBP", "high": "0.01 GBP"}
    days = {"start": today(site), "end": today(site), "due": today(site, 1)}
    people = {"reviewers": ["ana", "petra"], "owner": "omar"}
    assert site.submit("P-1", "works", by="ana", **fields, **days, **people).key == "W-1"
    assert site.update("P-1", "works", "W-1", by="ana", level="1", done="0").version == 2


def test_the_day_is_the_offices_and_the_clock_the_commands(site: World) -> None:
    with pytest.raises(CommandError, match="work.start: .* is in the future on"):
        site.submit("P-1", "works", by="ana", start=today(site, 1))
    later = site.clock.now() + timedelta(minutes=1)
    with pytest.raises(CommandError, match="work.began: .* is in the future on"):
        site.submit("P-1", "works", by="ana", began=later.isoformat())
    assert site.submit("P-1", "works", by="ana", began=site.clock.now().isoformat()).version == 1
    tomorrow = today(site, 1)
    site.forward(hours=24)
    assert site.submit("P-1", "works", by="ana", start=tomorrow).key == "W-2"


def test_a_change_is_held_against_what_the_record_says_already(site: World) -> None:
    site.submit("P-1", "works", by="ana", start="2025-05-02", end="2025-05-09")
    with pytest.raises(CommandError, match="2025-05-09 must be not before work.start"):
        site.update("P-1", "works", "W-1", by="ana", start="2025-05-10")
    with pytest.raises(CommandError, match="2025-05-01 must be not before work.start"):
        site.update("P-1", "works", "W-1", by="ana", end="2025-05-01")
    moved = {"start": "2025-06-01", "end": "2025-06-01"}
    assert site.update("P-1", "works", "W-1", by="ana", **moved).version == 2
    assert site.update("P-1", "works", "W-1", by="ana", end=None, start="2025-07-01").version == 3


def test_what_was_right_when_it_was_written_hinders_no_other_change(site: World) -> None:
    site.person("eve", "team_manager", project="P-1")
    site.person("bo", "portfolio_board")
    site.submit("P-1", "works", by="ana", reviewers=["eve"], level="2")
    post = {"person": "eve", "role": "team_manager", "project": "P-1"}
    appointments.end(site.governance, **post, by="bo")
    assert site.update("P-1", "works", "W-1", by="ana", level="3").version == 2
    with pytest.raises(CommandError, match="Eve holds no role in P-1"):
        site.update("P-1", "works", "W-1", by="ana", reviewers=["eve", "ana"])


def test_what_is_asked_for_again_is_asked_anew(site: World) -> None:
    site.submit("P-1", "works", by="ana", start="2025-05-02", end="2025-05-09")
    endings.withdraw(
        site.governance, project="P-1", register="works", key="W-1", by="ana", reason="wrong"
    )
    with pytest.raises(CommandError, match="must be not before work.start"):
        resubmission.resubmit(
            site.governance,
            project="P-1",
            register="works",
            key="W-1",
            changes={"end": "2025-05-01"},
            by="ana",
        )


def test_amounts_of_two_currencies_are_held_against_each_other_by_the_rate(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + WORKS + RATES))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    with pytest.raises(CommandError, match="7 EUR must be more than work.low .4 GBP."):
        world.submit("P-1", "works", by="ana", low="4 GBP", high="7 EUR")
    with pytest.raises(CommandError, match="'-0.50 GBP' is not money in GBP from 0 GBP"):
        world.submit("P-1", "works", by="ana", low="-1 EUR")
    assert world.submit("P-1", "works", by="ana", low="4 GBP", high="9 EUR").version == 1


def test_what_another_rate_puts_beyond_a_range_is_still_what_the_record_says(
    make_world: Callable[..., World],
) -> None:
    rules = """
---
kind: rules
rules:
  - id: dear
    title: Dear works are seen by the board
    on: work.submitted
    every: day
    binding: shall
    when: work.capped > @"1000 GBP"
    then: [{require_approval: {from: portfolio_board}}]
"""
    dearer = '  - {of: EUR, from: 2026-03-03, rate: "0.9", source: the bank}\n'
    capped = WORKS.replace(
        "      began:", "      capped: {type: money, to: 1000 GBP}\n      began:", 1
    )
    text = CITY.read_text(encoding="utf-8") + capped + rules + RATES + dearer
    world = make_world(policy_from(text))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("bo", "portfolio_board")
    with pytest.raises(CommandError, match="is not money in GBP up to 1000 GBP"):
        world.submit("P-1", "works", by="ana", capped="2001 EUR")
    world.submit("P-1", "works", by="ana", capped="2000 EUR")
    assert not world.waiting_for("bo")
    world.forward(hours=48)
    world.sweep()
    assert world.waiting_for("bo")


def test_a_table_with_one_row_out_of_range_or_relation_brings_in_nothing(
    site: World, tmp_path: Path
) -> None:
    path = tmp_path / "works.csv"
    rows = [
        "key,start,end,level,done,owner",
        "W-1,2025-05-02,2025-05-09,5,40 %,omar",
        "W-2,2025-05-02,2025-05-01,5,40,omar",
        "W-3,,,6,140%,omar",
        "W-4,,,1,0,nobody",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(ImportRefused) as refused:
        bring_in(site.governance, Sheet(path, "works", project="P-1"), by="petra")
    told = [str(each) for each in refused.value.problems]
    assert [each.partition(" ")[2][:14] for each in told] == [
        "3: work.end: 2",
        "4: done: '140'",
        "4: level: '6' ",
        "5: work.owner:",
    ]
    path.write_text("\n".join(rows[:2]), encoding="utf-8")
    assert bring_in(site.governance, Sheet(path, "works", project="P-1"), by="petra").added == 1
    path.write_text("key,end\nW-1,2025-05-01", encoding="utf-8")
    with pytest.raises(ImportRefused, match="line 2: work.end: 2025-05-01 must be not before"):
        bring_in(site.governance, Sheet(path, "works", project="P-1"), by="petra")


def test_projects_that_wait_for_one_another_are_told_and_may(site: World) -> None:
    site.project("P-3")

    def told(project: str, *others: str) -> list[str]:
        notes = site.submit(project, "works", "petra", waits_for=[*others], like=project).notes
        return [each for each in notes if "wait for one another" in each]

    said = "these wait for one another in a circle by it: "
    assert told("P-1", "P-2") == []
    assert told("P-2", "P-3") == []
    assert told("P-3", "P-1") == [f"{said}P-1, P-2, P-3"]
    assert told("P-2", "P-1") == [f"{said}P-1, P-2"]
    site.update("P-1", "works", "W-1", "petra", waits_for=[])
    assert told("P-3", "P-1") == []
