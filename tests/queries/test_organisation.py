"""The organisation as a tree, in lines and as a picture."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pmo_engine.drawing.svg import RED
from pmo_engine.queries.organisation import Node, Organisation, organisation, said
from pmo_engine.reports.organisation import drawn
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.testing.world import policy_from
from tests.policies import kept

CITY = Path(__file__).parents[1] / "stories/city.yaml"
OFFICES = """
---
kind: offices
offices:
  - {id: town, kind: portfolio, head: pmo_head, form: hub, title: the town's office}
  - {id: north, kind: programme, under: town, form: spoke, roles: [project_manager]}
  - {id: gone, kind: project, under: north, until: 2026-03-01}
  - {id: later, kind: centre of excellence, under: town, form: virtual, from: 2026-06-01}
"""
TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    policy = policy_from(CITY.read_text(encoding="utf-8") + OFFICES)
    made = World(policy, f"sqlite:///{tmp_path_factory.mktemp('org') / 'pmo.db'}")
    with made.database.unit_of_work("petra", made.clock.now()) as uow:
        uow.programmes.add(tables.Programme(id="all", name="All", kind="portfolio"))
        row = {"id": "quay", "name": "Quay", "kind": "programme", "within": "all"}
        uow.programmes.add(tables.Programme(**row, office="north"))
    rows = {"P-1": ("north", "quay"), "P-2": ("office", "quay"), "P-3": ("gone", None)}
    for id, (office, programme) in {**rows, "P-4": ("nrth", None)}.items():
        place = {"office": office, "programme": programme}
        made._put(tables.Project(id=id, name=id, stage="design", status="active", **place))
    made.person("petra")
    made.person("lou")
    made.person("bea")
    for person, role, unit in (
        ("petra", "pmo_head", "office town"),
        ("lou", "pmo_head", "office town"),
        ("bea", "sponsor", "programme quay"),
    ):
        made._put(tables.RoleHolding(person=person, role=role, unit=unit, from_date=TODAY))
    yield made
    made.close()


@pytest.fixture(scope="module")
def found(world: World) -> Organisation:
    with world.governance.reading() as c:
        return organisation(c)


def shape(node: Node) -> dict[str, object]:
    return {each.id: shape(each) for each in node.under}


def test_offices_are_a_tree_with_the_projects_that_they_serve(found: Organisation) -> None:
    [town] = found.offices
    assert {town.id: shape(town)} == {
        "town": {
            "north": {"gone": {"P-3": {}}, "P-1": {}, "P-2": {}},
            "later": {},
            "P-4": {},
        }
    }


def test_programmes_are_a_tree_with_the_projects_in_them(found: Organisation) -> None:
    [portfolio] = found.programmes
    assert shape(portfolio) == {"quay": {"P-1": {}, "P-2": {}}}
    assert said(portfolio.under[0], found) == "quay; Quay, programme; sponsor: Bea"


def test_a_line_says_what_there_is_to_say(found: Organisation) -> None:
    [town] = found.offices
    north, later, last = town.under
    assert said(town, found) == "town; the town's office, hub, portfolio; PMO head: Lou, Petra"
    assert said(north, found) == "north; spoke, programme; project manager: nobody"
    assert said(north.under[0], found) == "gone; project, ended; ..2026-03-01"
    assert said(later, found) == "later; virtual, centre of excellence, to come; 2026-06-01.."
    assert said(last, found) == "P-4; design, active"


def test_what_is_not_as_it_should_be_is_said(found: Organisation) -> None:
    assert found.findings == (
        "town has 2 heads: Lou, Petra",
        "gone ended on 2026-03-01; north does its work: P-3",
        "nobody holds the role of project manager for north: it goes up to town",
        "P-4 names the office nrth, which is not declared: town serves it",
    )


def test_where_no_office_is_declared_there_is_one(tmp_path: Path) -> None:
    world = World(kept(CITY), f"sqlite:///{tmp_path / 'pmo.db'}")
    world.project("P-1")
    with world.governance.reading() as c:
        found = organisation(c)
    [office] = found.offices
    assert (office.id, office.head, office.vacant, shape(office)) == (
        "office",
        "pmo_head",
        ("pmo_head",),
        {"P-1": {}},
    )
    assert found.findings == ("nobody holds the role of PMO head for the office",)
    world.person("petra", "pmo_head")
    with world.governance.reading() as c:
        assert organisation(c).findings == ()
    world.close()


def test_it_is_drawn_with_every_node_and_nothing_of_a_name_runs(world: World) -> None:
    with world.governance.reading() as c:
        found = organisation(c)
    hostile = found.programmes[0].model_copy(update={"title": "<script>alert(1)</script>&"})
    text = drawn(found.model_copy(update={"programmes": (hostile,)}))
    root = ET.fromstring(text)
    names = "".join(root.itertext())
    for id in ("town", "north", "gone", "later", "P-1", "P-2", "P-3", "P-4", "quay"):
        assert id in names
    assert "<script>" not in text
    assert "<script>alert(1)</script>&" in names
    drawn_in = [each for each in root.iter() if each.tag.endswith("rect")]
    boxes = drawn_in[1:]  # but for the ground
    assert len(boxes) == 4 + 4 + 2 + 2
    assert boxes[1].get("stroke") == RED  # an office without a head
    assert len({each.get("y") for each in boxes}) == len(boxes)
