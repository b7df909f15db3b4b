"""A field that names other records names such as are there, and leads in no circle."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.questions.quality import quality_of
from pmo_engine.resources import policies_dir
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.testing import World, policy_from
from pmo_engine.work.errors import CommandError
from pmo_engine.work.imports.importing import ImportRefused, Sheet, bring_in
from pmo_engine.work.records import endings
from tests.stories.conftest import CITY

STEPS = """
---
kind: registers
registers:
  - register: steps
    noun: step
    root: step
    plural: steps
    key_prefix: S
    fields:
      title: {type: text}
      after: {type: text}
      needs: {type: list<text>}
      moves: {type: list<text>}
      guided_by: {type: text}
      size: {type: number}
    must_be:
      after: [a record of steps, in no circle]
      needs: [a record of steps, in no circle]
      moves: a record of orders
      guided_by: a record of papers
  - register: papers
    noun: paper
    root: paper
    plural: papers
    key_prefix: PA
    of: office
    fields: {about: {type: text}}
  - register: orders
    noun: order
    root: order
    plural: orders
    key_prefix: O
    fields: {about: {type: text}}
"""
MOVES = "moves: a record of orders"


@pytest.fixture
def site(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + STEPS))
    world.project("P-1")
    world.project("P-2")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    return world


def test_what_is_named_is_there(site: World) -> None:
    with pytest.raises(CommandError, match=r"step.after: P-1 has no step S-1; name one by its key"):
        site.submit("P-1", "steps", "ana", after="S-1")
    site.submit("P-1", "steps", "ana")
    site.submit("P-1", "steps", "ana", after="S-1", needs=["S-1"])
    with pytest.raises(CommandError, match=r"step.needs: P-1 has no step S-7"):
        site.submit("P-1", "steps", "ana", needs=["S-1", "S-7"])
    with pytest.raises(CommandError, match=r"step.moves: P-1 has no order S-1"):
        site.submit("P-1", "steps", "ana", moves=["S-1"])
    site.submit("P-1", "orders", "ana", about="flood")
    site.submit("P-1", "steps", "ana", moves=["O-1"])
    site.person("omar", "project_manager", project="P-2")
    with pytest.raises(CommandError, match=r"step.after: P-2 has no step S-1"):
        site.submit("P-2", "steps", "omar", after="S-1")


def test_of_a_long_text_in_the_place_of_a_key_the_beginning_is_told(site: World) -> None:
    with pytest.raises(CommandError, match=rf"has no step {'x' * 60}; name one by its key"):
        site.submit("P-1", "steps", "ana", after="x" * 61)


def test_a_project_names_records_of_its_office(site: World) -> None:
    with pytest.raises(CommandError, match=r"step.guided_by: the office has no paper PA-1"):
        site.submit("P-1", "steps", "ana", guided_by="PA-1")
    site.submit("office", "papers", "petra", about="how")
    site.submit("P-1", "steps", "ana", guided_by="PA-1")


def withdrawn(site: World) -> None:
    about = {"project": "P-1", "register": "steps", "key": "S-1"}
    endings.withdraw(site.governance, **about, by="ana", reason="not needed")


def test_what_came_to_nothing_is_waited_for_by_nobody(site: World) -> None:
    site.submit("P-1", "steps", "ana")
    withdrawn(site)
    with pytest.raises(CommandError, match=r"step.after: S-1 is withdrawn"):
        site.submit("P-1", "steps", "ana", after="S-1")


def test_the_report_on_data_tells_of_what_was_withdrawn_since(site: World) -> None:
    site.submit("P-1", "steps", "ana")
    site.submit("P-1", "steps", "ana", after="S-1")
    with site.governance.reading() as c:
        assert quality_of(c, {"steps": ["P-1"]}).flaws == ()
    withdrawn(site)
    with site.governance.reading() as c:
        [flaw] = quality_of(c, {"steps": ["P-1"]}).flaws
    assert (flaw.key, flaw.sort, flaw.says) == ("S-2", "contradictory", "S-1 is withdrawn")


def test_no_way_leads_back(site: World) -> None:
    site.submit("P-1", "steps", "ana")
    site.submit("P-1", "steps", "ana", after="S-1")
    site.submit("P-1", "steps", "ana", after="S-2")
    with pytest.raises(CommandError, match=r"step.after: this goes round in a circle: S-1, S-1"):
        site.update("P-1", "steps", "S-1", "ana", after="S-1")
    with pytest.raises(CommandError, match=r"in a circle: S-1, S-3, S-2, S-1"):
        site.update("P-1", "steps", "S-1", "ana", after="S-3")
    site.update("P-1", "steps", "S-1", "ana", needs=["S-3"])  # of another field: not the same way
    site.update("P-1", "steps", "S-3", "ana", after=None)
    site.update("P-1", "steps", "S-1", "ana", after="S-3")


def table(folder: Path, *rows: str) -> Sheet:
    path = folder / "steps.csv"
    path.write_text("\n".join(("key,title,after", *rows)) + "\n", encoding="utf-8")
    return Sheet(path, "steps", "P-1")


def test_rows_of_one_table_name_one_another_in_any_order(site: World, tmp_path: Path) -> None:
    sheet = table(tmp_path, "A,last,B", "B,middle,C", "C,first,")
    assert bring_in(site.governance, sheet, by="ana").added == 3
    assert bring_in(site.governance, sheet, by="ana").unchanged == 3
    turned = table(tmp_path, "A,last,", "B,middle,A", "C,first,B")
    done = bring_in(site.governance, turned, by="ana")
    assert (done.changed, done.left) == (3, {})


def test_a_table_in_a_circle_brings_in_nothing(site: World, tmp_path: Path) -> None:
    sheet = table(tmp_path, "A,last,B", "B,middle,A", "C,first,D", "D,own,", "E,beside,A")
    with pytest.raises(ImportRefused) as refused:
        bring_in(site.governance, sheet, by="ana")
    assert [each.line for each in refused.value.problems] == [2, 3]
    assert "step.after: this goes round in a circle: A, B, A" in str(refused.value)
    with pytest.raises(ImportRefused, match="line 2: step.after: P-1 has no step the permit"):
        bring_in(site.governance, table(tmp_path, "A,last,the permit"), by="ana")


def test_a_row_of_the_table_is_no_record_of_another_register(site: World, tmp_path: Path) -> None:
    path = tmp_path / "guided.csv"
    path.write_text("key,guided_by\nA,A\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="step.guided_by: the office has no paper A"):
        bring_in(site.governance, Sheet(path, "steps", "P-1"), by="ana")


def test_a_way_back_through_what_is_there_is_found_in_a_table(site: World, tmp_path: Path) -> None:
    bring_in(site.governance, table(tmp_path, "A,one,", "B,two,A"), by="ana")
    with pytest.raises(ImportRefused, match="in a circle: A, B, A"):
        bring_in(site.governance, table(tmp_path, "A,one,B"), by="ana")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("after: [a record of steps, ", "after: [a record of stpes, ", "register 'stpes'"),
        (MOVES, "moves: in no circle", "'moves' names no records of 'steps', so"),
        (MOVES, "moves: [a record of orders, in no circle]", "so it is in no circle"),
        (MOVES, "size: a record of orders", "a record of is text, and this is a number"),
        (MOVES, "moves: record of orders", "which says nothing that can be checked"),
        ("office\n", "office\n    must_be: {about: a record of steps}\n", "which are of projects"),
    ],
)
def test_what_names_nothing_is_told(before: str, after: str, said: str) -> None:
    text = CITY.read_text(encoding="utf-8") + STEPS
    assert before in text
    with pytest.raises(PolicyError, match=said):
        policy_from(text.replace(before, after))


@pytest.mark.parametrize("name", ["pmo-single", "p3o", "demo"])
def test_a_plan_of_milestones_as_a_planner_enters_it(
    make_world: Callable[..., World], name: str
) -> None:
    """What waits for a permit says so in words; what waits for a milestone names it."""
    world = make_world(check_policy(policies_dir() / name).policy)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    days = {"baseline": "2026-06-01", "forecast": "2026-06-01", "critical": False}
    world.submit("P-1", "milestones", "ana", title="Permit", **days, waits_for="the inspector")
    with pytest.raises(
        CommandError, match="milestone.depends_on: P-1 has no milestone the inspect"
    ):
        world.submit("P-1", "milestones", "ana", title="Dig", **days, depends_on="the inspector")
    world.submit("P-1", "milestones", "ana", title="Dig", **days, depends_on="M-1")
    with pytest.raises(CommandError, match="in a circle: M-1, M-2, M-1"):
        world.update("P-1", "milestones", "M-1", "ana", depends_on="M-2")
    with pytest.raises(CommandError, match="benefit.depends_on: P-1 has no milestone M-9"):
        world.submit("P-1", "benefits", "ana", title="Less noise", depends_on="M-9")
    world.submit("P-1", "benefits", "ana", title="Less noise", depends_on="M-2")
