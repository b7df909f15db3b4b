"""The life of records in documents: clauses that stay the same, and a picture of them."""

from datetime import date
from typing import Any

import pytest
from defusedxml import minidom

from pmo_engine.documents import build, written
from pmo_engine.documents.pictures import draw_life
from pmo_engine.documents.sections.lives import picture_of
from pmo_engine.drawing.shapes import Box, Line
from pmo_engine.drawing.svg import svg
from pmo_engine.testing import policy_from

POLICY = """kind: policy
name: office
version: "1"
currency: GBP
---
kind: roles
roles: [{id: board, body: true}, {id: pmo_head, senior: board}]
---
kind: registers
registers:
  - register: hazards
    noun: hazard
    root: hazard
    plural: hazards
    fields:
      plan: {type: text, label: plan <of> action}
    life_cycle:
      states: [open, treating, dropped, closed]
      closed: [dropped, closed]
      moves:
        - {from: open, to: treating, by: owner, needs: [reason, plan]}
        - {from: [open, treating], to: closed, by: [owner, pmo_head], needs: approval of board}
        - {from: [treating, approved], to: closed}
        - {from: closed, to: open, by: requester, needs: reason}
        - {from: closed, to: open, by: pmo_head}
        - {from: open, to: dropped, by: pmo_head}
  - {register: notes, noun: note, root: note, plural: notes, fields: {text: {type: text}}}
"""


@pytest.fixture(scope="module")
def policy() -> Any:
    return policy_from(POLICY)


@pytest.fixture(scope="module")
def document(policy: Any) -> Any:
    return build(policy, date(2026, 3, 2))


def test_states_and_moves_are_clauses(document: Any) -> None:
    said = {each.id: each.text for each in document.clauses() if "/life" in each.id}
    assert said == {
        "register/hazards/life": (
            "A hazard is entered as open.\nIn between it may be treating.\n"
            "It is over once it is dropped or closed.\n"
            "A decision about it makes it approved, rejected, withdrawn or rescinded."
        ).replace("A hazard", "A record"),
        "register/hazards/life/open-to-treating": (
            "A hazard that is open is moved to treating by its owner; a reason and its plan <of>"
            " action must be given."
        ),
        "register/hazards/life/open-treating-to-closed": (
            "A hazard that is open or treating is moved to closed by its owner or the PMO head; the"
            " board must have approved it before."
        ),
        "register/hazards/life/treating-approved-to-closed": (
            "A hazard that is treating or approved is moved to closed by whom the terms of "
            "reference name, or else by whoever may change it."
        ),
        "register/hazards/life/closed-to-open": (
            "A hazard that is closed is moved to open by whoever asked for it; a reason must be "
            "given."
        ),
        "register/hazards/life/closed-to-open-2": (
            "A hazard that is closed is moved to open by the PMO head."
        ),
        "register/hazards/life/open-to-dropped": (
            "A hazard that is open is moved to dropped by the PMO head."
        ),
    }


def test_the_picture_has_each_state_and_each_way_once(policy: Any) -> None:
    life = picture_of(policy.registers["hazards"])
    assert life.states == ("open", "treating", "dropped", "closed", "approved")
    assert life.closed == ("dropped", "closed")
    ways = [(leg.start, leg.to, leg.number) for leg in life.legs]
    assert ways[:4] == [
        ("open", "treating", "1"),
        ("open", "closed", "2"),
        ("treating", "closed", "2"),
        ("treating", "closed", "3"),
    ]
    drawing = draw_life(life)
    boxes = [each for each in drawing.shapes if isinstance(each, Box)]
    bends = [each for each in drawing.shapes if isinstance(each, Line)]
    assert [each.kind for each in boxes] == ["stage", "stage", "over", "over", "stage"]
    assert len(bends) == len(life.legs) == 8
    assert len({each.points for each in bends}) == len(bends)
    right = max(x for each in bends for x, _ in each.points)
    assert right < drawing.width
    for bend, leg in zip(bends, life.legs, strict=True):
        heights = [y for _, y in bend.points]
        for height, state in ((heights[0], leg.start), (heights[-1], leg.to)):
            box = boxes[life.states.index(state)]
            assert box.y < height < box.y + box.height


def test_the_picture_stands_alone(policy: Any) -> None:
    text = svg(draw_life(picture_of(policy.registers["hazards"])))
    root = minidom.parseString(text).documentElement
    assert root.tagName == "svg"
    assert root.getAttribute("xmlns") == "http://www.w3.org/2000/svg"
    assert root.getElementsByTagName("title")[0].firstChild.data == "The life of a hazard"
    assert "treating → closed (2)" in root.getElementsByTagName("desc")[0].firstChild.data
    assert len(root.getElementsByTagName("polyline")) == 8


def test_every_form_of_the_document_shows_it(document: Any) -> None:
    markdown = written(document, "md").decode()
    assert '  s3(["closed"])' in markdown
    assert "  s0 -->|" in markdown
    page = written(document, "html").decode()
    assert page.count("<polyline") == 8
    assert "plan &lt;of&gt; action" in page
    assert written(document, "docx")[:2] == b"PK"


def test_a_register_without_a_life_of_its_own_shows_none(document: Any) -> None:
    assert not any(each.id.startswith("register/notes/life") for each in document.clauses())
