"""Binds who and when: roles, terms of reference, ladders, the calendar."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pmo_engine.model.calendar import WorkingCalendar
from pmo_engine.model.hours import CalendarError
from pmo_engine.model.quorum import parse_fraction
from pmo_engine.policy import schema as s
from pmo_engine.policy import tree
from pmo_engine.policy.binding.context import Context, Findings, unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy.source import Text

ADDRESSEES = ("addressee", "deputy", "senior")
ALWAYS = WorkingCalendar.of("always", "UTC", {"mon-sun": "00:00-24:00"})


def roles(context: Context) -> dict[str, tree.Role]:
    """Bind all roles; who is senior to whom must be known and lead upward."""
    entries = [entry for document in context.reading.of(s.Roles) for entry in document.roles]
    found = unique(context.findings, [(e.id, _role(e)) for e in entries], "role")
    for entry in entries:
        if entry.senior is not None and context.findings.known(
            entry.senior, found, "PMO014", "role"
        ):
            _refuse_circle(context.findings, entry.senior, entry.id, found)
    return found


def _role(entry: s.RoleEntry) -> tree.Role:
    title = str(entry.title or _titled(entry.id))
    senior = None if entry.senior is None else str(entry.senior)
    return tree.Role(str(entry.id), title, senior, entry.body, entry.accountable, entry.mark)


def _titled(name: str) -> str:
    words = name.split("_")
    return " ".join(word.upper() if word in {"pmo", "p3o", "it", "hr"} else word for word in words)


def _refuse_circle(
    findings: Findings, senior: Text, role: str, found: Mapping[str, tree.Role]
) -> None:
    current: str | None = str(senior)
    for _ in found:
        if current == role:
            findings.add(senior.mark, "PMO017", f"'{role}' would be senior to itself")
            return
        above = found.get(current) if current else None
        current = above.senior if above else None


def functional(context: Context) -> dict[str, tree.FunctionalAssignment]:
    """Bind who performs each functional role."""
    entries = [entry for document in context.reading.of(s.Roles) for entry in document.functional]
    made = [
        (e.role, tree.FunctionalAssignment(str(e.role), e.performed_by, str(e.office)))
        for e in entries
    ]
    return unique(context.findings, made, "functional role")


def terms(context: Context, known: Mapping[str, tree.Role]) -> dict[str, tree.TermsOfReference]:
    """Bind the terms of reference of each role."""
    made = []
    for document in context.reading.of(s.Terms):
        findings = context.findings
        findings.known(document.for_, known, "PMO014", "role")
        for name in (document.reports_to, document.escalates_to, document.deputy, document.chair):
            if name is not None:
                findings.known(name, known, "PMO014", "role")
        made.append((document.for_, _terms(context, document)))
    found = unique(context.findings, made, "terms of reference for")
    unique(
        context.findings,
        [(e.id, e) for d in context.reading.of(s.Terms) for e in d.authority],
        "authority",
    )
    return found


def _terms(context: Context, document: s.Terms) -> tree.TermsOfReference:
    authority = tuple(
        made
        for entry in document.authority
        if (made := _authority(context, str(document.for_), entry)) is not None
    )
    return tree.TermsOfReference(
        role=str(document.for_),
        purpose=str(document.purpose or ""),
        responsibilities=tuple(str(item) for item in document.responsibilities),
        authority=authority,
        members=document.members,
        quorum=_quorum(context.findings, document.quorum),
        deputy=_optional(document.deputy),
        reports_to=_optional(document.reports_to),
        escalates_to=_optional(document.escalates_to),
        review_every=_optional(document.review_every),
        mark=document.mark,
    )


def _optional(text: Text | None) -> str | None:
    return None if text is None else str(text)


def _quorum(findings: Findings, entry: s.QuorumEntry | None) -> tree.Quorum | None:
    if entry is None:
        return None
    meet = findings.parsed(parse_fraction, entry.meet)
    vote = findings.parsed(parse_fraction, entry.vote)
    return tree.Quorum(meet, vote) if meet is not None and vote is not None else None


def _authority(context: Context, role: str, entry: s.AuthorityEntry) -> tree.Authority | None:
    limits = _limits(context, entry)
    cumulative = None
    if entry.cumulative is not None:
        span = context.findings.span(entry.cumulative.over)
        if span is None:
            return None
        if span.unit != "day":
            message = "a cumulative limit runs over days, as in '90 days'"
            context.findings.add(entry.cumulative.over.mark, "PMO013", message)
        cumulative = tree.Cumulative(entry.cumulative.by, int(span.amount))
    return tree.Authority(str(entry.id), role, str(entry.may), limits, cumulative, entry.mark)


def _limits(context: Context, entry: s.AuthorityEntry) -> tuple[tree.Limit, ...]:
    if isinstance(entry.up_to, str):
        return (tree.Limit(None, None, ""),)
    found: list[tree.Limit] = []
    for item in entry.up_to:
        value = context.findings.money(item.value, context.currency)
        if value is not None:
            found.append(tree.Limit(item.from_, value, str(item.source)))
    return tuple(sorted(found, key=lambda limit: limit.start or date.min))


def ladders(context: Context, known: Mapping[str, tree.Role]) -> dict[str, tree.Ladder]:
    """Bind the ladders."""
    made = []
    for document in context.reading.of(s.Ladders):
        for entry in document.ladders:
            rungs = tuple(_rung(context.findings, rung, known) for rung in entry.rungs)
            made.append((entry.id, tree.Ladder(str(entry.id), rungs, entry.mark)))
    return unique(context.findings, made, "ladder")


def _rung(findings: Findings, entry: s.RungEntry, known: Mapping[str, tree.Role]) -> tree.Rung:
    to = entry.remind or entry.escalate
    assert to is not None  # the schema asks for one of them
    findings.known(to, [*ADDRESSEES, *known], "PMO014", "role")
    action: Literal["remind", "escalate"] = "remind" if entry.remind is not None else "escalate"
    return tree.Rung(findings.share(entry.at), findings.span(entry.after), action, str(to))


def calendar(context: Context, name: Text | None) -> WorkingCalendar:
    """Bind the calendar that the policy names; without one, all time is working time."""
    made: list[tuple[Text, WorkingCalendar]] = []
    for document in context.reading.of(s.Calendar):
        bound = _calendar(context.findings, document)
        if bound is not None:
            made.append((document.id, bound))
    found = unique(context.findings, made, "calendar")
    if name is None:
        return next(iter(found.values()), ALWAYS)
    if context.findings.known(name, found, "PMO018", "calendar"):
        return found[name]
    return ALWAYS


def _calendar(findings: Findings, document: s.Calendar) -> WorkingCalendar | None:
    holidays: dict[str, str | None] | None = None
    if document.holidays is not None:
        holidays = {"country": str(document.holidays.country)}
        if document.holidays.subdivision is not None:
            holidays["subdivision"] = str(document.holidays.subdivision)
    try:
        return WorkingCalendar.of(
            str(document.id),
            str(document.zone),
            document.hours,
            holidays,
            document.closures,
            {day: hours for day, hours in document.half_days.items()},
        )
    except CalendarError as error:
        findings.add(document.mark, "PMO019", str(error))
        return None


