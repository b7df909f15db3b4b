"""Numbers over days: lines, and the S-curve of earned value."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.drawing import frame
from pmo_engine.drawing.scales import Days, Numbers
from pmo_engine.drawing.shapes import Drawing, Label, Line
from pmo_engine.model.frozen import dataclass
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from pmo_engine.drawing.shapes import Shape

HEIGHT, DAY_ROW = 230, 8
Observed: TypeAlias = "tuple[date, Decimal]"


@dataclass(frozen=True, slots=True)
class Series:
    """What was observed of one thing, each on its day, in the order of days.

    ``look``: which line it is drawn as, where not the next one.
    """

    name: str
    points: tuple[Observed, ...]
    look: int | None = None


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """Planned, earned and actual cost so far, the budget, and the cost forecast for an end."""

    planned: tuple[Observed, ...]
    earned: tuple[Observed, ...]
    actual: tuple[Observed, ...]
    budget: Decimal | None = None
    forecast: Observed | None = None


def lines(
    title: str,
    series: Sequence[Series],
    unit: str = "",
    *,
    limits: Sequence[tuple[str, Decimal]] = (),
    today: date | None = None,
) -> Drawing:
    """Draw what was observed over days; ``limits`` are lines across, with their names.

    A series without a point stands in the key alone; where there is no point at all the picture
    says so.
    """
    days = [day for each in series for day, _ in each.points]
    if not days:
        return nothing(title)
    values = [value for each in series for _, value in each.points]
    shapes = frame.heading(title, unit)
    looks = [place if each.look is None else each.look for place, each in enumerate(series)]
    found, top = frame.key([each.name for each in series], 42, "line", looks)
    top += DAY_ROW if today else 0
    bottom = top + HEIGHT
    upright = Numbers.over([*values, *(value for _, value in limits)], bottom, top)
    ticks = upright.ticks()
    left, right = frame.EDGE + frame.room_for(ticks), frame.WIDTH - 44
    scale = Days.over([*days, *([today] if today else [])], left, right)
    shapes += [*found, *frame.upwards(upright, ticks, left, right)]
    shapes += frame.across(scale, scale.ticks(), top, bottom)
    for name, value in limits:
        y = upright.at(value)
        shapes.append(Line("limit", ((left, y), (right, y))))
        shapes.append(Label("small", left + 6, y - 5, f"{name} {value_in_words(value)}"))
    if today is not None:
        shapes += frame.today_line(scale, value_in_words(today), scale.at(today), top, bottom)
    for look, each in zip(looks, series, strict=True):
        shapes += _drawn(look, each, scale, upright)
    about = " ".join([*map(_said, series), *(f"{n}: {value_in_words(v)}." for n, v in limits)])
    return Drawing(frame.WIDTH, bottom + frame.BELOW, title, _with_unit(about, unit), tuple(shapes))


def s_curve(title: str, found: EarnedValue, unit: str, *, today: date | None = None) -> Drawing:
    """Draw earned value: what was planned, earned and spent, against the budget."""
    series = [
        Series("planned", found.planned),
        Series("earned", found.earned),
        Series("actual cost", found.actual),
    ]
    if found.forecast is not None:
        series.append(Series("forecast", (*found.actual[-1:], found.forecast)))
    limits = () if found.budget is None else (("budget", found.budget),)
    return lines(title, series, unit, limits=limits, today=today)


def nothing(title: str) -> Drawing:
    """Draw that there is nothing to draw yet."""
    words = "Nothing to draw yet."
    shapes = (*frame.heading(title, ""), Label("by", frame.EDGE, 44, words))
    return Drawing(frame.WIDTH, 60, title, words, shapes)


def _drawn(number: int, series: Series, scale: Days, upright: Numbers) -> Iterator[Shape]:
    places = tuple((scale.at(day), upright.at(value)) for day, value in series.points)
    if len(places) > 1:
        yield Line(f"line-{number % frame.SERIES}", places)
    for place, (day, value) in zip(places, series.points, strict=True):
        whole = f"{series.name}, {value_in_words(day)}: {value_in_words(value)}"
        yield frame.mark(number, place, whole)


def _said(series: Series) -> str:
    observed = (f"{value_in_words(day)} {value_in_words(v)}" for day, v in series.points)
    return f"{series.name}: {', '.join(observed) or 'nothing yet'}."


def _with_unit(about: str, unit: str) -> str:
    return f"In {unit}. {about}" if unit else about
