"""What changes when: every dated value of a policy, each rule that begins or ends, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import words
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import band_in_words
from pmo_engine.prose.names import act_in_words, sentence
from pmo_engine.prose.terms import amount_in_words, reckoning_in_words, scope_in_words
from pmo_engine.prose.tolerances import amount_in_words as tolerated_in_words
from pmo_engine.prose.tolerances import owner_in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.policy import Policy, Rule
    from pmo_engine.source.diagnostics import Mark

KINDS = (
    "policy",
    "limit",
    "tolerance",
    "threshold",
    "rate",
    "parameter",
    "rule",
    "departure",
    "row",
)


class DatedChange(Shape):
    """Something that is otherwise from a day on, and where the policy says so."""

    day: str
    kind: str  # one of KINDS
    id: str
    text: str
    source: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise from ``day`` on: of which kind, in words, by what source."""

    day: date
    kind: str  # one of KINDS
    id: str
    text: str
    source: str
    mark: Mark

    def published(self) -> DatedChange:
        """Give the shape that ``pmo policy timeline --json`` prints."""
        return DatedChange(
            day=self.day.isoformat(),
            kind=self.kind,
            id=self.id,
            text=self.text,
            source=self.source,
            file=self.mark.file,
            line=self.mark.line,
        )


def timeline(policy: Policy) -> list[Change]:
    """Give every change that a policy holds, in the order of days, then of kinds."""
    found = [*_beginning(policy), *_limits(policy), *_parameters(policy), *_rules(policy)]
    found += [
        *_departures(policy),
        *_rows(policy),
        *_tolerances(policy),
        *_rates(policy),
        *_thresholds(policy),
    ]
    ordered = sorted(found, key=lambda each: (each.day, KINDS.index(each.kind)))
    return [replace(each, text=sentence(each.text)) for each in ordered]


def _beginning(policy: Policy) -> Iterator[Change]:
    if policy.in_force_from is not None:
        text = f"version {policy.version} of {policy.name} is in force"
        yield Change(policy.in_force_from, "policy", policy.name, text, "", NOWHERE)


def _limits(policy: Policy) -> Iterator[Change]:
    for terms in policy.terms.values():
        who = role_in_words(terms.role, policy)
        for item in terms.authority:
            before = ""
            for limit in item.limits:
                reckoned = f"{reckoning_in_words(item)}{scope_in_words(item, policy)}"
                amount = f"{amount_in_words(limit, policy)}{reckoned}"
                text = f"{who} may {act_in_words(item.act, policy)} {amount}{before}"
                before = f" (before: {amount_in_words(limit, policy)})"
                if limit.start is not None:
                    yield Change(limit.start, "limit", item.id, text, limit.source, item.mark)


def _thresholds(policy: Policy) -> Iterator[Change]:
    labels = {each.id: each for each in policy.figures}
    for each in policy.thresholds.values():
        figure, before = labels[each.figure], ""
        for band in each.bands:
            said = band_in_words(band, each, figure)
            text = f"{figure.label} is {said}{before}"
            before = f" (before: {said})"
            if band.start is not None:
                yield Change(band.start, "threshold", each.figure, text, band.source, band.mark)


def _tolerances(policy: Policy) -> Iterator[Change]:
    for each in policy.tolerances.values():
        before, name = "", f"{each.level}/{each.of}"
        for dated in each.values:
            amount = tolerated_in_words(dated)
            text = f"{owner_in_words(each)} is {amount}{before}"
            before = f" (before: {amount})"
            if dated.start is not None:
                yield Change(dated.start, "tolerance", name, text, dated.source, dated.mark)
        for item in each.criteria:
            begin, end = item.in_force.start, item.in_force.end
            for day, what in ((begin, "begins to hold"), (end, "no longer holds")):
                if day is not None:
                    text = f'"{item.text.rstrip(".")}" {what} for {owner_in_words(each)}'
                    yield Change(day, "tolerance", name, text, item.source, each.mark)


def _rates(policy: Policy) -> Iterator[Change]:
    for each in policy.rates.values():
        before = ""
        for rate in each.values:
            worth = f"{rate.value:f} {policy.currency}"
            text = f"one {each.currency} is {worth}{before}"
            before = f" (before: {worth})"
            if rate.in_force.start is not None:
                day = rate.in_force.start
                yield Change(day, "rate", each.currency, text, rate.source, rate.mark)


def _parameters(policy: Policy) -> Iterator[Change]:
    for pack, parameters in policy.parameters.items():
        for each in parameters.values():
            before = ""
            for dated in each.values:
                value = value_in_words(dated.value)
                text = f"{words(each.name)} of the pack {words(pack)} is {value}{before}"
                before = f" (before: {value})"
                if dated.start is not None:
                    name = f"{pack}/{each.name}"
                    yield Change(dated.start, "parameter", name, text, dated.source, each.mark)


def _rules(policy: Policy) -> Iterator[Change]:
    """Give when rules begin and end; what they say otherwise in between is a parameter's change."""
    spans: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        spans.setdefault(rule.id, []).append(rule)
    for name, parts in spans.items():
        first = parts[0]
        told = set(_told_otherwise(policy, first))
        begin, end = first.in_force.start, parts[-1].in_force.end
        title = f'"{first.title.rstrip(".")}"'
        for day, what in ((begin, "begins to hold"), (end, "no longer holds")):
            if day is not None and day not in told:
                yield Change(day, "rule", name, f"{title} {what}", first.source, first.mark)


def _told_otherwise(policy: Policy, rule: Rule) -> Iterator[date | None]:
    """Give the days on which a rule begins or ends because of a departure or a first value."""
    for each in policy.departures:
        if (each.pack, each.rule) == (rule.pack, rule.id):
            yield each.in_force.start
            yield each.in_force.end
    for parameter in policy.parameters.get(rule.pack or "", {}).values():
        yield from (value.start for value in parameter.values[:1])


def _departures(policy: Policy) -> Iterator[Change]:
    for each in policy.departures:
        title = f'"{each.title.rstrip(".")}" of the pack {words(each.pack)}'
        gone = f"gives way to {each.replaced_by}" if each.replaced_by else "is switched off"
        begin, end = each.in_force.start, each.in_force.end
        if begin is not None:
            text = f"{title} {gone}: {each.reason}"
            yield Change(begin, "departure", each.rule, text, each.source, each.mark)
        if end is not None:
            text = f"{title} holds again"
            yield Change(end, "departure", each.rule, text, each.source, each.mark)


def _rows(policy: Policy) -> Iterator[Change]:
    for table in policy.tables.values():
        for row in table.rows:
            title = f'row {row.number} of "{table.title.rstrip(".")}"'
            begin, end = row.in_force.start, row.in_force.end
            for day, what in ((begin, "begins to hold"), (end, "no longer holds")):
                if day is not None:
                    name = f"{table.id}/{row.number}"
                    yield Change(day, "row", name, f"{title} {what}", row.source, row.mark)
