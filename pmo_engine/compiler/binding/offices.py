"""Binds the offices: a tree with one at the top, each with its calendar, head and roles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.calendars import check_zone
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.model.graphs import circles
from pmo_engine.model.identifiers import problem
from pmo_engine.model.names import words
from pmo_engine.model.working_time.calendar import ALWAYS
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.model.working_time.calendar import WorkingCalendar

ONLY = "office"
"""What the one office is called where none is declared."""


def offices(
    context: Context,
    roles: Mapping[str, tree.Role],
    functional: Mapping[str, tree.FunctionalAssignment],
    calendars: Mapping[str, WorkingCalendar],
    calendar: WorkingCalendar,
) -> dict[str, tree.Office]:
    """Bind all offices; each but one is under another, and none under itself."""
    entries = [each for document in context.reading.of(s.Offices) for each in document.offices]
    binder = _Binder(context.findings, {*roles, *functional}, roles, calendars, calendar)
    found = unique(context.findings, [(e.id, binder.office(e)) for e in entries], "office")
    for entry in entries:
        if entry.under is not None:
            context.findings.known(entry.under, found, codes.UNKNOWN, "office")
    _require_tree(context.findings, entries, found)
    _require_offices(context, found)
    return found


class _Binder:
    """Binds one office after the other."""

    def __init__(
        self,
        findings: Findings,
        held: set[str],
        roles: Mapping[str, tree.Role],
        calendars: Mapping[str, WorkingCalendar],
        calendar: WorkingCalendar,
    ) -> None:
        self._findings, self._held, self._roles = findings, held, roles
        self._calendars, self._calendar = calendars, calendar

    def office(self, entry: s.OfficeEntry) -> tree.Office:
        """Bind an office, each wrong part at its own place."""
        if entry.head is not None:
            self._findings.known(entry.head, self._roles, codes.UNKNOWN_ROLE, "role")
        for role in entry.roles:
            self._findings.known(role, self._held, codes.UNKNOWN_ROLE, "role")
        for served in entry.serves:
            self._findings.identified(served, "programme")
        if entry.from_ is not None and entry.until is not None and entry.until < entry.from_:
            message = f"office '{entry.id}' ends ({entry.until}) before it begins ({entry.from_})"
            self._findings.add(entry.mark, codes.WRONG_VALUE, message, "write a later 'until:'")
        return tree.Office(
            id=str(entry.id),
            kind=entry.kind,
            title=str(entry.title or words(str(entry.id))),
            under=None if entry.under is None else str(entry.under),
            head=None if entry.head is None else str(entry.head),
            form=entry.form,
            roles=tuple(map(str, entry.roles)),
            serves=tuple(map(str, entry.serves)),
            calendar=self._working_time(entry),
            since=entry.from_,
            until=entry.until,
            mark=entry.mark,
        )

    def _working_time(self, entry: s.OfficeEntry) -> WorkingCalendar | None:
        own = None
        if entry.calendar is not None and self._findings.known(
            entry.calendar, self._calendars, codes.UNKNOWN, "calendar"
        ):
            own = self._calendars[str(entry.calendar)] or ALWAYS
        if entry.zone is None or not check_zone(self._findings, entry.zone):
            return own
        return replace(own or self._calendar, zone=str(entry.zone))


def _require_tree(
    findings: Findings, entries: list[s.OfficeEntry], found: Mapping[str, tree.Office]
) -> None:
    """Find offices under themselves by whatever way, and a second one at the top."""
    at = {str(entry.id): entry for entry in entries}
    under = {e.id: [e.under] for e in found.values() if e.under is not None and e.under in found}
    for circle in circles(under):
        message = f"an office cannot be under itself: {' under '.join(circle)}"
        hint = "leave out 'under:' of the one at the top"
        findings.add(at[circle[0]].mark, codes.CIRCLE, message, hint)
    highest = [each for each in found.values() if each.under is None]
    for first, other in zip(highest[:1] * len(highest), highest[1:], strict=False):
        message = f"offices '{first.id}' and '{other.id}' are both at the top"
        hint = f"write 'under: {first.id}', or under which office it is"
        findings.add(other.mark, codes.WRONG_VALUE, message, hint)


def _require_offices(context: Context, found: Mapping[str, tree.Office]) -> None:
    """Find functional roles of an office that there is not; where none is declared there is one."""
    for document in context.reading.of(s.Roles):
        for entry in document.functional:
            if found and "office" in entry.model_fields_set:
                context.findings.known(entry.office, found, codes.UNKNOWN, "office")
            elif str(entry.office) != ONLY and problem(entry.office) is None:
                message = f"'{entry.office}': no office is declared, so that there is one"
                hint = "declare it under 'kind: offices'"
                context.findings.add(entry.office.mark, codes.NOT_KEPT, message, hint)
