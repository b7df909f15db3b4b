"""Plots: what stands in them can be read by eye, in black and white, and by a screen reader."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from pmo_engine.drawing import frame
from pmo_engine.drawing.bars import Group, bars
from pmo_engine.drawing.graph import Edge, Node, graph
from pmo_engine.drawing.lanes import Event, Lane, Stage, lanes
from pmo_engine.drawing.lines import EarnedValue, Series, lines, s_curve
from pmo_engine.drawing.matrix import matrix
from pmo_engine.drawing.shapes import Box, Dot, Drawing, Label, Line, Polygon, fitted
from pmo_engine.drawing.svg import LOOKS, svg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.drawing.shapes import Shape

NASTY = "Lift <script>alert(1)</script> & \x00co"
TODAY = date(2026, 3, 4)
COST = Series("cost", ((date(2025, 1, 28), Decimal(100)), (date(2025, 6, 28), Decimal("250.5"))))
STAGES = Lane(
    "P-1",
    (
        Stage("Start", date(2025, 1, 1), date(2025, 6, 30), "done"),
        Stage("Delivery", date(2025, 7, 1), date(2026, 9, 30), "now"),
        Stage("Close", date(2026, 10, 1), date(2027, 3, 1), "ahead"),
    ),
    (Event("G1", date(2025, 7, 1)),),
)
EARNED = EarnedValue(
    planned=COST.points,
    earned=((date(2025, 1, 28), Decimal(80)),),
    actual=((date(2025, 1, 28), Decimal(90)),),
    budget=Decimal(300),
    forecast=(date(2025, 9, 1), Decimal(400)),
)
PLOTS = {
    "lines": lines(NASTY, [COST, Series(NASTY, ())], "GBP", today=TODAY),
    "s-curve": s_curve("Earned value", EARNED, "GBP", today=date(2025, 3, 1)),
    "bars": bars("Days", ["a", "b", "c"], [Group(NASTY, (Decimal(-3), None, Decimal(2)))]),
    "matrix": matrix("Risks", {(5, 4): ["R-1", NASTY], (1, 1): ["R-9"]}),
    "lanes": lanes("Stages", [STAGES, Lane(NASTY, ())], TODAY),
    "graph": graph("Dependencies", "A needs B.", [Node("A"), Node(NASTY)], [Edge(0, 1, "x", "y")]),
    "nothing": lines("Cost", []),
}


def texts(drawing: Drawing) -> list[str]:
    return [each.text for each in drawing.shapes if isinstance(each, Label)]


def of(kind: str, shapes: Iterable[Shape]) -> list[Shape]:
    return [each for each in shapes if each.kind == kind]


@pytest.mark.parametrize("drawing", PLOTS.values(), ids=PLOTS)
def test_a_plot_is_a_picture_with_title_and_description(drawing: Drawing) -> None:
    text = svg(drawing)
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert [each.tag.rpartition("}")[2] for each in root][:3] == ["title", "desc", "rect"]
    assert root[0].text == drawing.title.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    assert (root[1].text or "").strip()
    assert not root.findall(".//{*}script")
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize("drawing", PLOTS.values(), ids=PLOTS)
def test_nothing_lies_outside(drawing: Drawing) -> None:
    for shape in drawing.shapes:
        match shape:
            case Box(_, x, y, width, height):
                corners = [(x, y), (x + width, y + height)]
            case Dot(_, x, y, radius):
                corners = [(x - radius, y - radius), (x + radius, y + radius)]
            case Label(_, x, y, text, anchor):
                wide = round(5.5 * len(text))
                left = {"start": x, "middle": x - wide // 2, "end": x - wide}[anchor]
                corners = [(left, y), (left + wide, y)]
            case Line(_, points) | Polygon(_, points):
                corners = list(points)
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in corners), shape


def test_the_description_says_every_value_exactly() -> None:
    assert PLOTS["lines"].about.startswith(
        "In GBP. cost: 28 January 2025 100, 28 June 2025 250.5. Lift"
    )
    assert PLOTS["lines"].about.endswith(": nothing yet.")
    assert "budget: 300." in PLOTS["s-curve"].about
    assert "forecast: 28 January 2025 90, 1 September 2025 400." in PLOTS["s-curve"].about
    assert "a -3, b not available, c 2." in PLOTS["bars"].about
    assert PLOTS["matrix"].about.startswith("Probability 5, impact 4, score 20: R-1, Lift")
    assert PLOTS["matrix"].about.endswith("Probability 1, impact 1, score 1: R-9.")
    assert "Delivery, 1 July 2025 to 30 September 2026, under way" in PLOTS["lanes"].about
    assert PLOTS["lanes"].about.endswith(": nothing planned.")
    assert matrix("Risks", {(1, 1): []}).about == "No risks."
    assert PLOTS["nothing"].about == "Nothing to draw yet."


def test_series_differ_without_colour() -> None:
    dashes = [re.search(r'dasharray="(.*?)"', LOOKS[f"line-{n}"]) for n in range(frame.SERIES)]
    assert len({each and each[1] for each in dashes}) == frame.SERIES
    marks = [frame.mark(n, (0, 0)) for n in range(4)]
    forms = {(type(each), len(getattr(each, "points", ()))) for each in marks}
    assert len(forms) == 4
    drawn = [list(frame.bar(n, (0, 0), (40, 12))) for n in range(frame.BARS)]
    fills = [LOOKS[each[0].kind] for each in drawn]
    assert len(set(fills)) == frame.BARS
    assert [len(each) > 1 for each in drawn] == [False, False, True, False]


def test_a_hatch_stays_in_its_bar() -> None:
    _, *hatch = frame.bar(frame.HATCHED, (10, 20), (30, 14))
    for line in hatch:
        assert isinstance(line, Line)
        (x1, y1), (x2, y2) = line.points
        assert 10 <= x1 <= x2 <= 40
        assert 20 <= y2 <= y1 <= 34
        assert x2 - x1 == y1 - y2


def test_bars_write_their_values_and_go_from_nought() -> None:
    drawing = bars(
        "Money", ["value"], [Group("P-1", (Decimal("-1200000.5"),)), Group("P-2", (Decimal(5),))]
    )
    assert {"-1,200,000.5", "5", "P-1", "P-2"} <= set(texts(drawing))
    below, above = of("bar-0", drawing.shapes)
    assert isinstance(below, Box)
    assert isinstance(above, Box)
    assert below.x + below.width == above.x
    assert drawing.about == "P-1: -1,200,000.5. P-2: 5."
    assert "value" not in texts(drawing)  # one series needs no key


def test_nought_is_written_after_its_bar_and_leaves_no_room_before_it() -> None:
    upward = bars("Days", ["days"], [Group("A", (Decimal(0),)), Group("B", (Decimal(2),))])
    (nought,) = (e for e in of("label", upward.shapes) if isinstance(e, Label) and e.text == "0")
    zero = frame.EDGE + frame.CHARACTER + 12
    assert (nought.anchor, nought.x) == ("start", zero + 6)


def test_long_numbers_below_bars_stand_clear_of_one_another() -> None:
    wide = bars("Cost", ["cost"], [Group("A" * 34, (Decimal(987_654_321),))])
    ticks = [each for each in of("by", wide.shapes) if isinstance(each, Label)]
    ends = [(e.x - w, e.x + w) for e in ticks for w in [frame.CHARACTER * len(e.text) // 2]]
    assert len(ticks) > 1
    assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_what_is_not_available_is_no_bar_of_length_nought() -> None:
    drawing = bars("Days", ["x"], [Group("P-1", (None,)), Group("P-2", (Decimal(0),))])
    assert texts(drawing).count("not available") == 1
    assert len(of("bar-0", drawing.shapes)) == 1


def test_a_high_score_is_darker() -> None:
    fields = [each.kind for each in PLOTS["matrix"].shapes if isinstance(each, Box)]
    assert [fields.count(f"field-{n}") for n in range(3)] == [10, 9, 6]
    assert fields[:5] == ["field-0", "field-1", "field-2", "field-2", "field-2"]


def test_a_stage_says_how_it_stands_in_words_too() -> None:
    kinds = [each.kind for each in PLOTS["lanes"].shapes if isinstance(each, Box) and each.whole]
    assert kinds == ["done", "now", "ahead"]
    assert {"done", "under way", "ahead", "gate"} <= set(texts(PLOTS["lanes"]))


def test_the_forecast_begins_at_what_was_spent() -> None:
    _, *last = of("line-3", PLOTS["s-curve"].shapes)  # the first is that of the key
    spent = [each for each in of("mark-2", PLOTS["s-curve"].shapes) if each.whole]
    assert len(last) == len(spent) == 1
    assert isinstance(last[0], Line)
    assert isinstance(spent[0], Polygon)
    x, y = last[0].points[0]
    assert (x, y) == (spent[0].points[0][0], spent[0].points[0][1] + 5)


def test_what_is_cut_is_whole_where_it_is_pointed_at() -> None:
    label = fitted("in", (1, 2), "Depot and everything", 8)
    assert (label.text, label.whole) == ("Depot a…", "Depot and everything")
    assert fitted("in", (1, 2), "Depot", 5) == Label("in", 1, 2, "Depot")
    assert "<title>Depot and everything</title>Depot a…</text>" in svg(
        Drawing(9, 9, "t", "a", (label,))
    )


def test_a_line_can_be_drawn_as_another_than_the_next() -> None:
    days = ((TODAY, Decimal(1)), (TODAY + timedelta(days=9), Decimal(2)))
    made = lines("Colours", [Series("amber", days, 6), Series("red", days, 7)])
    kinds = [each.kind for each in made.shapes if isinstance(each, Line)]
    assert {each for each in kinds if each.startswith("line-")} == {"line-6", "line-7"}
    assert kinds.count("line-6") == 2  # in the key, and over the days


def test_a_field_of_the_matrix_names_whole_risks() -> None:
    made = matrix("Risks", {(4, 4): ["ARCHIVE R-1", "QUAY R-1"], (1, 1): ["R-1", "R-2"]})
    said = {each.text: each.whole for each in made.shapes if isinstance(each, Label)}
    assert said["ARCHIVE R-1 …"] == "ARCHIVE R-1, QUAY R-1"
    assert said["R-1, R-2"] == ""


def boxes(number: int, drawing: Drawing) -> list[Box]:
    """The bars of a series; its sample in the key says nothing when it is pointed at."""
    found = (each for each in of(f"bar-{number}", drawing.shapes) if isinstance(each, Box))
    return [each for each in found if each.whole]


def labelled(drawing: Drawing, text: str) -> Label:
    (found,) = (e for e in drawing.shapes if isinstance(e, Label) and e.text == text)
    return found


TWO = Group("A", (Decimal(40), Decimal(20)))


def test_bars_of_two_series_have_a_key_and_are_told_apart_in_words() -> None:
    drawing = bars("Money", ["plan", "spent"], [TWO])
    assert {"plan", "spent"} <= set(texts(drawing))
    assert drawing.about == "A: plan 40, spent 20."
    assert boxes(0, drawing)[0].whole == "A, plan: 40"


def test_bars_upward_begin_at_nought_and_are_as_long_as_their_values() -> None:
    drawing = bars("Money", ["plan", "spent"], [TWO])
    (plan,), (spent,) = boxes(0, drawing), boxes(1, drawing)
    assert plan.x == spent.x
    assert abs(plan.width - 2 * spent.width) <= 1
    assert spent.y >= plan.y + plan.height


def test_groups_stand_apart() -> None:
    one = bars("Money", ["x"], [Group("A", (Decimal(1),)), Group("B", (Decimal(1),))])
    first, second = boxes(0, one)
    assert second.y - (first.y + first.height) > second.height // 2


def test_bars_below_nought_leave_room_for_their_numbers_beside_the_names() -> None:
    drawing = bars("Days", ["x"], [Group("A long name", (Decimal(-200_000),))])
    name = labelled(drawing, "A long name")
    numbers = [e for e in of("label", drawing.shapes) if isinstance(e, Label)]
    (number,) = (each for each in numbers if each.text == "-200,000")
    assert number.anchor == "end"
    left = number.x - frame.CHARACTER * len(number.text)
    assert left >= name.x + frame.CHARACTER * len(name.text)


def test_what_is_not_available_has_room_to_say_so() -> None:
    drawing = bars("Days", ["x"], [Group("A", (None,)), Group("B", (Decimal(1),))])
    longest = boxes(0, drawing)[0]
    room = frame.CHARACTER * len("not available")
    assert longest.x + longest.width + room <= frame.WIDTH


def test_where_nothing_is_available_each_says_so() -> None:
    drawing = bars("Days", ["x"], [Group("A", (None,)), Group("B", (None,))])
    assert texts(drawing).count("not available") == 2
    assert drawing.about == "A: not available. B: not available."


def test_a_unit_is_said_and_pictures_that_belong_together_have_one_scale() -> None:
    groups = [Group("A", (Decimal(10),))]
    alone = bars("Money", ["x"], groups, "GBP")
    beside = bars("Money", ["x"], groups, "GBP", reach=[Decimal(100)])
    assert alone.about == "In GBP. A: 10."
    assert boxes(0, alone)[0].width > 5 * boxes(0, beside)[0].width


def test_a_long_name_takes_no_more_than_its_room() -> None:
    short, long = (bars("M", ["x"], [Group("A" * n, (Decimal(9),))]) for n in (34, 90))
    assert boxes(0, short)[0].x == boxes(0, long)[0].x


def test_the_first_day_of_an_axis_is_written_whole() -> None:
    days = [date(2026, 3, 30) + timedelta(days=each) for each in range(17)]
    found = lines("Colours", [Series("red", tuple((day, Decimal(5)) for day in days))])
    written = [e for e in found.shapes if isinstance(e, Label) and e.text.endswith("2026")]
    assert written[0].text == "30 Mar 2026"
    for each in written:
        half = frame.CHARACTER * len(each.text) // 2
        assert half <= each.x <= found.width - half


def test_a_project_is_called_by_as_much_of_its_name_in_lanes_as_in_bars() -> None:
    name = "RECORDS Planning records online"
    assert name in texts(lanes("Stages", [Lane(name, STAGES.stages)], TODAY))
    assert name in texts(bars("Money", ["a"], [Group(name, (Decimal(1),))]))


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 4, 15)])
def test_a_gate_is_named_beside_the_line_of_its_day(day: date) -> None:
    stage = Stage("Start", date(2026, 1, 1), date(2026, 4, 15), "now")
    found = lanes("Stages", [Lane("P-1", (stage,), (Event("G2", day),))], day)
    (line,) = of("today", found.shapes)
    (name,) = [e for e in found.shapes if isinstance(e, Label) and e.text == "G2"]
    assert isinstance(line, Line)
    wide = frame.CHARACTER * len(name.text)
    left = name.x - wide if name.anchor == "end" else name.x
    assert not left <= line.points[0][0] <= left + wide
