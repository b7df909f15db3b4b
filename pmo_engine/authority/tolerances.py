"""How far what a tolerance measures is from its plan, of a record or of all of a project's."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.wire import to_json
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy.tolerances import Measured


@dataclass(frozen=True, slots=True)
class Standing:
    """A forecast, what it is held against (None: nothing), and the records that it comes from.

    ``name``: the field that says it. ``past``: the day that was forecast, where that is over
    without being met, so that the forecast is today. ``drivers``: of a sum, each record by how far
    it is from its own plan, the furthest first.
    """

    forecast: Any
    against: Any
    name: str
    past: date | None = None
    drivers: tuple[tuple[str, Any], ...] = ()

    @property
    def basis(self) -> str:
        """Say in one text against what it is held, so that a change of it is noticed."""
        return "" if self.against is None else str(to_json(self.against))

    @property
    def driving(self) -> tuple[tuple[str, Any], ...]:
        """Give the records that are off their plan the way in which the whole is."""
        whole = None if self.against is None else self.forecast - self.against
        return tuple((key, off) for key, off in self.drivers if _goes_with(off, whole))


def _goes_with(off: Any, whole: Any) -> bool:
    """Tell whether a difference has the sign of another; any has one where that is not known."""
    nothing = off - off
    if whole is None:
        return bool(off != nothing)
    return bool(off > nothing) if whole > whole - whole else bool(off < nothing)


def of_one(
    measured: Measured, record: Mapping[str, Any], today: date | None, *, since_first: bool
) -> Standing | None:
    """Give how a record stands; None where nothing is known of it."""
    name, plan = _compared(measured, record, since_first=since_first)
    forecast = record.get(name)
    if forecast is None or (plan is not None and record.get(plan) is None):
        return None
    may_be_past = measured.met is not None and name != measured.met and isinstance(forecast, date)
    past = forecast if may_be_past and today is not None and forecast < today else None
    against = None if plan is None else record.get(plan)
    return Standing(forecast if past is None else today, against, name, past)


def _compared(
    measured: Measured, record: Mapping[str, Any], *, since_first: bool
) -> tuple[str, str | None]:
    """Name the field that says what is to come, or came, and the one that says what was planned."""
    has_come = measured.met is not None and record.get(measured.met) is not None
    name = measured.met if has_come and measured.met is not None else measured.forecast
    return name, measured.first if since_first else measured.against


def of_all(
    measured: Measured,
    records: Iterable[Mapping[str, Any]],
    stage: str | None,
    *,
    since_first: bool,
) -> Standing | None:
    """Give how a project stands that is in a stage; None where nothing is known of any record."""
    name, plan = measured.forecast, measured.first if since_first else measured.against
    known = [each for each in records if _counts(measured, each, (name, plan), stage)]
    if not known:
        return None
    forecast = reduce(add, (each[name] for each in known))
    if plan is None:
        return Standing(forecast, None, name)
    off = {each.get("key", ""): each[name] - each[plan] for each in known}
    worst = sorted(off.items(), key=lambda pair: pair[1], reverse=not measured.falls)
    return Standing(forecast, reduce(add, (each[plan] for each in known)), name, None, tuple(worst))


def _counts(
    measured: Measured,
    record: Mapping[str, Any],
    fields: Iterable[str | None],
    stage: str | None,
) -> bool:
    """Tell whether a record is in the sum: it stands, is known, and of the stage if that is all."""
    known = all(record.get(each) is not None for each in fields if each is not None)
    here = not measured.of_stage or record.get("stage") == stage
    return known and here and record.get("standing") not in LEFT_OUT
