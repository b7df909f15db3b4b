"""Cells of a dashboard: those that read the same are one, and nothing else is."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from pmo_engine.engines.figures import Worked
from pmo_engine.model.rag import Colour
from pmo_engine.policy.figures import Band, Threshold
from pmo_engine.queries.dashboard.cells import Shower
from pmo_engine.source.diagnostics import NOWHERE

DAY = date(2026, 3, 2)


def worked(value: Any, why: str = "") -> Worked:
    figure: Any = SimpleNamespace(rounded=lambda given: given)
    return Worked(figure, value, why)


def shower() -> Shower:
    band = Band(None, Decimal(1), Decimal(5), "Ours", NOWHERE)
    units = {"open": "count", "late": "days", "held": "count", "named": "words"}
    policy: Any = SimpleNamespace(
        thresholds={"open": Threshold("open", "risk", (band,))},
        dashboard=SimpleNamespace(figures=tuple(units)),
        figures=[SimpleNamespace(id=id, unit=unit) for id, unit in units.items()],
    )
    return Shower(policy, DAY)


def test_figures_of_one_value_differ_by_unit_and_colour() -> None:
    three = Decimal(3)
    shown = shower().of(dict.fromkeys(("open", "late", "held", "named"), worked(three)))
    assert {id: (each.words, each.colour) for id, each in shown.cells.items()} == {
        "open": ("3", "amber"),
        "late": ("3 days", None),
        "held": ("3", None),
        "named": ("3", None),
    }
    assert shown.aspects == {"risk": Colour.AMBER}


def test_a_text_is_no_number_and_each_absence_has_its_reason() -> None:
    made = shower()
    one = made.cells(
        {
            "open": worked(Decimal(9)),
            "late": worked(Decimal(1)),
            "held": worked(None, "none"),
            "named": worked("True"),
        }
    )
    other = made.cells(
        {
            "open": worked(Decimal(0)),
            "late": worked(Decimal(1)),
            "held": worked(None, "nobody"),
            "named": worked(value=True),
        }
    )
    assert (one["open"].colour, other["open"].colour) == ("red", "green")
    assert one["late"] is other["late"]
    assert made.cells(dict.fromkeys(made.units, worked(Decimal(2))))["late"].words == "2 days"
    assert one["held"].words != other["held"].words
    assert (one["named"].value, other["named"].value) == ("True", True)
