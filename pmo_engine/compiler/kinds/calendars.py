"""Calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import calendars
from pmo_engine.compiler.checks import organisation
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index

if TYPE_CHECKING:
    from collections.abc import Iterable


def _declare(documents: Iterable[s.Calendar], index: Index) -> None:
    for each in documents:
        index.add("calendar", Entry(str(each.id), "calendar", f"{each.zone}", each.mark))


KIND = Kind(
    s.Calendar,
    parts=(
        part("calendars", calendars.calendars),
        part("calendar", calendars.calendar, "calendars header"),
    ),
    checks=(organisation.working_days_have_a_calendar,),
    declare=_declare,
    bare=frozenset({"half_days.*"}),
)
