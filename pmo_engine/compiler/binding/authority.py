"""Binds authority: which acts, over which records and when, up to how much, added up over what."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, in_order
from pmo_engine.compiler.binding.limit_words import limit_meant, told_apart
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.durations import Share, Span
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.money import Money
from pmo_engine.policy.acts import APPROVE, VERBS, verb_of
from pmo_engine.policy.registers import record_type
from pmo_engine.policy.terms import Across, Period
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import closest, nearest
from pmo_engine.source.yaml_source import Text, key_of, mark_of, rewritings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.source.diagnostics import Mark

PROJECT, REQUESTER, OFFICE = "project", "requester", "office"
SUBMITTED_BY = "submitted_by"
"""The field of every record that says who asked."""
UNLIMITED = "unlimited"
WINDOWS = ("day", "week", "month", "year")
PERIODS: tuple[Period, ...] = get_args(Period)
_EXTREME = re.compile(r"(greater|lesser) of (.+)", re.DOTALL)
_SHARE = re.compile(r"(.*%)(?:\s+of\s+(.+))?", re.DOTALL)
_DAY = re.compile(r"([0-9]{1,2}) ([A-Z][a-z]+)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_LAST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Registers: TypeAlias = "Mapping[str, tree.Register]"  # by noun

_A_YEAR = ("12 months", "financial year")
OVER_IN_WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("year", "the year", "annual", "annually", "per year", "yearly"), _A_YEAR),
    **dict.fromkeys(("fiscal year", "budget year"), ("financial year",)),
    **dict.fromkeys(("rolling year", "rolling 12 months", "any 12 months"), ("12 months",)),
    **dict.fromkeys(("month", "monthly", "per month"), ("1 month",)),
    **dict.fromkeys(("quarter", "quarterly", "per quarter"), ("3 months",)),
    **dict.fromkeys(("week", "weekly", "per week"), ("1 week",)),
    **dict.fromkeys(("project", "life of the project", "project life", "forever"), ("ever",)),
    **dict.fromkeys(("contract", "life of the contract"), ("contract life",)),
}
"""What people call the time over which a limit runs."""

_EVERYWHERE = re.compile(r"\b(?:all|every|whole|entire|everywhere|office|organi[sz]ation)\b")


def authority(
    context: Context,
    role: str,
    entry: s.AuthorityEntry,
    registers: Registers,
    year_from: tuple[int, int] | None,
) -> tree.Authority | None:
    """Bind an authority of a role; None where what it adds up cannot be told."""
    findings = context.findings
    register = registers.get(entry.may.partition(" ")[2])
    limits = _Limits(context, registers, register).of(entry)
    cumulative = None
    if entry.cumulative is not None:
        cumulative = _cumulative(findings, entry.cumulative, register, year_from)
        if cumulative is None:
            return None
    of, requesters = _conditions(context, entry, register)
    for name in (entry.in_absence_of, entry.while_vacant):
        _another(context, role, name)
    return tree.Authority(
        str(entry.id),
        role,
        str(entry.may),
        limits,
        cumulative,
        entry.mark,
        str(entry.basis or ""),
        of,
        requesters,
        None if entry.in_absence_of is None else str(entry.in_absence_of),
        None if entry.while_vacant is None else str(entry.while_vacant),
    )


def _another(context: Context, role: str, name: Text | None) -> None:
    """Check that authority in somebody's absence is in the absence of another role."""
    if name is None or not context.findings.known(
        name, context.role_names(), codes.UNKNOWN_ROLE, "role"
    ):
        return
    if name == role:
        message = f"'{role}' cannot act in the absence of itself"
        context.findings.add(name.mark, codes.ABOVE_ITSELF, message, "name another role")


# Which records


def _conditions(
    context: Context, entry: s.AuthorityEntry, register: tree.Register | None
) -> tuple[tuple[tree.Only, ...], tuple[str, ...]]:
    only: list[tree.Only] = []
    requesters: tuple[str, ...] = ()
    fields = {} if register is None else register.fields
    for name, value in entry.of.items():
        listed = value if isinstance(value, list) else [value]
        if not listed:
            _never_there(context.findings, entry, name)
        elif name == REQUESTER and REQUESTER not in fields:
            requesters = _roles(context, listed)
        elif context.findings.known(
            key_of(entry.of, name), [*fields, REQUESTER], codes.UNKNOWN, "field"
        ):
            assert register is not None  # it has the field
            only.append(_only(context.findings, register, name, listed, entry.mark))
    return tuple(only), requesters


def _never_there(findings: Findings, entry: s.AuthorityEntry, name: str) -> None:
    message = f"'{entry.id}' is over no record: nothing stands under '{name}'"
    hint = f"say which, or leave '{name}' out for all"
    findings.add(key_of(entry.of, name).mark, codes.WRONG_VALUE, message, hint)


def _roles(context: Context, listed: Iterable[Any]) -> tuple[str, ...]:
    names = context.role_names()
    return tuple(
        str(each)
        for each in listed
        if context.findings.known(each, names, codes.UNKNOWN_ROLE, "role")
    )


def _only(
    findings: Findings, register: tree.Register, name: str, listed: Iterable[Any], mark: Mark
) -> tree.Only:
    kind = register.fields[name].type
    values = []
    for each in listed:
        try:
            values.append(from_wire(kind, each, f"{register.root}.{name}"))
        except WireError as error:
            findings.misread(each, mark_of(each, mark), codes.WRONG_VALUE, error)
    return tree.Only(name, tuple(values))


# What is added up


def _cumulative(
    findings: Findings,
    entry: s.CumulativeOver,
    register: tree.Register | None,
    year_from: tuple[int, int] | None,
) -> tree.Cumulative | None:
    over = _over(findings, entry.over, year_from)
    if over is None:
        return None
    across = _across(findings, entry)
    field = entry.by.field if isinstance(entry.by, s.FieldName) else entry.by
    named = isinstance(entry.by, s.FieldName)
    if field is None or (field == PROJECT and not named):
        found = None
    elif field == REQUESTER and not named:
        found = SUBMITTED_BY
    else:
        found = str(field)
        if register is not None:
            known = [PROJECT, REQUESTER, *register.fields]
            findings.known(field, known, codes.UNKNOWN, "field")
    if over == "contract life" and found is None:
        message = "the life of a contract is that of what agrees in a field"
        findings.add(entry.over.mark, codes.WRONG_VALUE, message, "name it, as in 'by: contract'")
    return tree.Cumulative(found, over, across, year_from or (1, 1))


def _over(
    findings: Findings, text: Text, year_from: tuple[int, int] | None
) -> Span | Period | None:
    for period in PERIODS:
        if text == period:
            if period == "financial year" and year_from is None:
                message = "nothing says when the financial year begins"
                hint = "write 'financial_year_from: 1 April' in the policy's header"
                findings.add(text.mark, codes.WRONG_VALUE, message, hint)
            return period
    said = text.casefold()
    if said in OVER_IN_WORDS:
        _no_time(findings, text, OVER_IN_WORDS[said])
        return None
    if said == "calendar year":
        _no_time(findings, text, ("financial year",) if year_from == (1, 1) else ())
        return None
    if text[:1].isdigit() or not closest(text, PERIODS):
        span = findings.time_allowed(text)
    else:
        meant = closest(text, PERIODS)
        _no_time(findings, text, meant, nearest(text, PERIODS))
        return None
    if span is not None and span.unit not in WINDOWS:
        message = "a cumulative limit runs over days, weeks, months or years, as in '90 days'"
        findings.add(text.mark, codes.WRONG_VALUE, message)
    return span


def _no_time(findings: Findings, text: Text, meant: tuple[str, ...], hint: str = "") -> None:
    message = f"'{text}' is no time over which a limit runs"
    january = "'financial year', with 'financial_year_from: 1 January' in the policy's header"
    hint = hint or f"write {' or '.join(meant) or january}"
    findings.add(text.mark, codes.WRONG_VALUE, message, hint, fixes=rewritings(text, meant))


def _across(findings: Findings, entry: s.CumulativeOver) -> Across:
    if entry.across is None or entry.across == PROJECT:
        return "project"
    if entry.across != OFFICE:
        places, what = (PROJECT, OFFICE), "place to add up across"
        meant = (OFFICE,) if _EVERYWHERE.search(entry.across.casefold()) else ()
        findings.known(entry.across, places, codes.UNKNOWN, what, meant)
    elif entry.by == PROJECT:
        message = "what is added up by project is never across the office"
        hint = "leave out 'by' for all of the office, or name a field, as in 'by: supplier'"
        findings.add(entry.across.mark, codes.WRONG_VALUE, message, hint)
    return "office"


def first_day_of_year(text: str) -> tuple[int, int]:
    """Read "1 April" as a month and a day that every year has; ValueError otherwise."""
    found = _DAY.fullmatch(text)
    month = _MONTHS.index(found[2]) + 1 if found and found[2] in _MONTHS else 0
    if found is None or not month or not 0 < int(found[1]) <= _LAST[month - 1]:
        raise ValueError(f"'{text[:40]}' is not a day of every year: write it as in '1 April'")
    return month, int(found[1])


# How far it goes


class _Limits:
    """The limits of one authority, over records of one register."""

    def __init__(
        self, context: Context, registers: Registers, register: tree.Register | None
    ) -> None:
        self.context, self.findings, self.register = context, context.findings, register
        own = [each for each in registers.values() if each is register or each.root == PROJECT]
        self.paths = [
            f"{each.root}.{name}"
            for each in own
            for name, kind in record_type(each).entries
            if isinstance(kind, t.MoneyType)
        ]

    def of(self, entry: s.AuthorityEntry) -> tuple[tree.Limit, ...]:
        if entry.up_to == UNLIMITED:
            return (tree.Limit(None, None, ""),)
        if isinstance(entry.up_to, str):
            bound = self._bound(entry.up_to)
            self._check_measured(entry.may, entry.up_to)
            return () if bound is None else (tree.Limit(None, bound, ""),)
        found: list[tree.Limit] = []
        for item in entry.up_to:
            source = str(item.source)
            if item.value == UNLIMITED:
                found.append(tree.Limit(item.from_, None, source))
            elif (bound := self._bound(item.value)) is not None:
                found.append(tree.Limit(item.from_, bound, source))
                self._check_measured(entry.may, item.value)
        in_order(self.findings, entry.up_to, "limit")
        return tuple(sorted(found, key=lambda limit: limit.start or date.min))

    def _bound(self, text: Text) -> tree.Bound | None:
        findings = self.findings
        meant = limit_meant(text, self.context.currency, self.paths, findings.labels)
        if meant and str(text) not in meant:
            message = f"'{text[:80]}' is not how a limit is written, which has its amount in it"
            hint = f"write {' or '.join(meant)}"
            findings.add(text.mark, codes.WRONG_VALUE, message, hint, fixes=rewritings(text, meant))
            return None
        extreme = _EXTREME.fullmatch(text)
        if extreme is None:
            which, parts = told_apart(text)
            if not parts:
                return self._part(text, text)
            self._put_otherwise(text, which, parts)
            return None
        written = [part.strip() for part in extreme[2].split(" and ")]
        if len(written) < 2:  # noqa: PLR2004 - of one there is no greater
            message = f"'{text}' names one amount"
            hint = f"write '{extreme[1]} of 10000 {self.context.currency} and 10 % of ...'"
            self.findings.add(text.mark, codes.WRONG_VALUE, message, hint)
            return None
        bounds = [self._part(text, part) for part in written]
        found = tuple(each for each in bounds if each is not None)
        return tree.Extreme(extreme[1] == "greater", found) if len(found) == len(bounds) else None

    def _put_otherwise(self, whole: Text, which: str, written: tuple[str, ...]) -> None:
        """Say of each of several amounts, put as a resolution has them, why it is none."""
        if None not in [self._part(whole, each) for each in written]:
            message = f"'{whole[:80]}' is not how the {which} of several is written"
            hint = f"write '{which} of {' and '.join(written)}'"
            self.findings.add(whole.mark, codes.WRONG_VALUE, message, hint)

    def _part(self, whole: Text, part: str) -> Money | tree.ShareOf | None:
        text = whole if part == whole else Text(part, whole.mark)
        found = _SHARE.fullmatch(part)
        if found is None:
            return self._amount(text)
        share = self.findings.parsed(Share.parse, Text(found[1], whole.mark))
        if found[2] is None:
            message = f"'{part}' does not say of what it is a share"
            of = next((path for path in self.paths if path != self._measured()), "...")
            self.findings.add(whole.mark, codes.WRONG_VALUE, message, f"write '{part} of {of}'")
            return None
        if share is not None and not share.fraction:
            message = f"'{part}' is nothing, whatever it is a share of"
            amount = f"'0 {self.context.currency}' where that is meant"
            hint = f"write {amount}, or leave the authority out"
            self.findings.add(whole.mark, codes.WRONG_VALUE, message, hint)
        path = Text(found[2], whole.mark)
        if path not in self.paths:
            hint = nearest(path, self.paths)
            known = f"amounts of money are {', '.join(self.paths) or 'none'}"
            message = f"'{path}' is no amount that a limit can be a share of"
            self.findings.add(whole.mark, codes.UNKNOWN, message, hint or known)
            return None
        return None if share is None else tree.ShareOf(share, FactPath(path))

    def _measured(self) -> str:
        """Name the amount that is held against the limit, of which no share is a limit."""
        return "" if self.register is None else f"{self.register.root}.{self.register.value}"

    def _amount(self, text: Text) -> Money | None:
        value = self.findings.money(text, self.context.currency)
        if value is not None and value.amount < 0:
            message = f"'{text}' is less than nothing, and no limit"
            hint = "to let a role approve nothing, leave the authority out"
            self.findings.add(text.mark, codes.NEGATIVE_LIMIT, message, hint)
        return value

    def _check_measured(self, act: Text, value: Text) -> None:
        if verb_of(act) in VERBS and verb_of(act) != APPROVE:
            message = f"'{act}' has no amount that a limit could be held against"
            self.findings.add(value.mark, codes.WRONG_VALUE, message, f"write 'up_to: {UNLIMITED}'")
