"""What happened, as the report tells it: each matter with its obligations, votes and timers."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.types import STRING, MoneyType, Type
from pmo_engine.feel.wire import from_wire
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import words
from pmo_engine.prose.names import called, event_in_words, records_in_words, sentence
from pmo_engine.prose.rules import obligation_in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.work.obligations import as_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy, Register
    from pmo_engine.queries.dossiers import (
        Asked,
        Ballot,
        Dossier,
        Fired,
        RecordFile,
        ReviewFile,
        Said,
        Standing,
    )
    from pmo_engine.queries.reviews import RecordedAssessment
    from pmo_engine.work.governance import Context


# What can happen to a matter, in the order in which things of one moment follow one another.
SORTS = (
    "submitted",
    "updated",
    "opened",
    "assessed",
    "reminded",
    "escalated",
    "voted",
    "settled",
    "closed",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to a matter: when, which of SORTS, in words."""

    at: datetime
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """An obligation: what it asks and why, when it was open, who voted, what the clock did."""

    words: str
    kind: str
    binding: str
    status: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    clause: str
    reasons: tuple[str, ...]
    votes: tuple[Mark, ...]
    timers: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the engine said about an event, under which version of the policy."""

    at: datetime
    event: str
    status: str
    version: str
    fired: tuple[str, ...]
    unknown: tuple[str, ...]
    trial: tuple[tuple[str, tuple[str, ...]], ...]  # rules on trial, what they would have asked for


@dataclass(frozen=True, slots=True)
class Matter:
    """An entry or a gate review that somebody had to do something about."""

    project: str
    label: str
    title: str
    status: str
    facts: tuple[tuple[str, str], ...]
    rulings: tuple[Ruling, ...]
    items: tuple[Item, ...]
    marks: tuple[Mark, ...]
    assessments: tuple[RecordedAssessment, ...] = ()


@dataclass(frozen=True, slots=True)
class Clear:
    """A record that was decided without anybody having to do anything."""

    label: str
    register: str
    title: str
    status: str
    rulings: tuple[Ruling, ...]


def clear(c: Context, dossier: Dossier) -> list[Clear]:
    """Tell of a project's entries that have no obligations, by register and label."""
    teller = _Teller(c, {})
    found = [
        Clear(
            row.key,
            teller.register(row),
            str(row.document.get("title", "")),
            row.status,
            teller.rulings(row.said),
        )
        for row in dossier.records
        if not row.asked
    ]
    return sorted(found, key=lambda each: (each.register, natural(each.label)))


def matters(c: Context, dossier: Dossier, names: dict[str, str]) -> list[Matter]:
    """Tell a project's gate reviews, then its entries that have obligations, by label."""
    teller = _Teller(c, names)
    reviews = [teller.review(row) for row in dossier.reviews]
    told = [teller.entry(row) for row in dossier.records if row.asked]
    return [*reviews, *sorted(told, key=lambda each: (natural(each.label), each.title))]


def natural(label: str) -> tuple[str, int]:
    """Order CR-10 after CR-9."""
    name, _, number = label.rpartition("-")
    return (name, int(number)) if number.isdigit() else (label, 0)


@dataclass(frozen=True, slots=True)
class _Teller:
    c: Context
    names: dict[str, str]

    def register(self, row: RecordFile) -> str:
        """Call the register of a record as the version calls it that the record is under."""
        policy = self.c.under(row).policy
        return records_in_words(policy.registers[row.register_name], policy)

    def entry(self, row: RecordFile) -> Matter:
        policy = self.c.under(row).policy
        register = policy.registers[row.register_name]
        marks = [
            Mark(
                each.at, _sort(each, last), f"{row.key} {_said(each, last)} by {self.name(each.by)}"
            )
            for last, each in pairwise((None, *row.versions))
            if each is not None
        ]
        items = self._items(row.asked, policy)
        heading = f"{called(register.noun, policy)} {row.key}"
        title = row.document.get("title")
        return Matter(
            row.project,
            row.key,
            f"{heading[:1].upper()}{heading[1:]}" + (f": {title}" if title else ""),
            row.status,
            tuple(self.facts(register, row.document, policy)),
            self.rulings(row.said),
            items,
            _in_order(marks, items),
        )

    def review(self, row: ReviewFile) -> Matter:
        policy = self.c.under(row).policy
        gate = policy.gates.get(row.gate)
        found = row.assessments
        by = self.name(row.opened_by)
        marks = [Mark(row.opened_at, "opened", f"Gate {row.gate} opened by {by}")]
        assessed = Counter(datetime.fromisoformat(each.at) for each in found)
        for moment, number in sorted(assessed.items()):
            marks.append(Mark(moment, "assessed", f"{number} assessments recorded"))
        if row.closed_at is not None:
            outcome = words(row.outcome or "")
            marks.append(Mark(row.closed_at, "closed", f"Gate {row.gate} closed: {outcome}"))
        items = self._items(row.asked, policy)
        title = f"Gate {row.gate}" + (f": {gate.title}" if gate else "")
        status = words(row.outcome or row.status)
        rulings = self.rulings(row.said)
        order = _in_order(marks, items)
        return Matter(row.project, row.gate, title, status, (), rulings, items, order, found)

    def name(self, person: str) -> str:
        return self.names.get(person, person)

    def facts(
        self, register: Register, document: dict[str, Any], policy: Policy
    ) -> Iterator[tuple[str, str]]:
        for name, field in register.fields.items():
            if name != "title" and document.get(name) is not None:
                said = _fact(field.type, document[name], name)
                shown = said if field.names in {None, "party"} else self.name(said)
                yield called(name, policy, of=register.root), shown

    def _items(self, asked: tuple[Asked, ...], policy: Policy) -> tuple[Item, ...]:
        order = sorted(asked, key=lambda row: (row.opened_at, row.kind, row.target, row.rule))
        return tuple(self._item(row, policy) for row in order)

    def _item(self, row: Asked, policy: Policy) -> Item:
        return Item(
            obligation_in_words(as_asked(row), policy),
            row.kind,
            row.binding,
            row.status,
            row.opened_at,
            row.due_at,
            row.closed_at,
            row.clause,
            tuple(row.reasons),
            tuple(Mark(vote.at, "voted", self._vote(vote)) for vote in row.votes),
            tuple(Mark(rung.fired_at, _TIMERS[rung.action], _fired(rung)) for rung in row.fired),
        )

    def _vote(self, vote: Ballot) -> str:
        reason = f": {vote.reason}" if vote.reason else ""
        later = " (superseded)" if vote.superseded_at is not None else ""
        return f"{self.name(vote.person)} voted {vote.choice}{reason}{later}"

    def rulings(self, said: tuple[Said, ...]) -> tuple[Ruling, ...]:
        return tuple(
            Ruling(
                row.at,
                sentence(event_in_words(row.event, self.c.policy)),
                row.result.status,
                f"{row.policy_name} {row.policy_version}",
                tuple(row.result.fired),
                tuple(row.result.unknown),
                tuple((rule, tuple(asked)) for rule, asked in row.result.trial.items()),
            )
            for row in said
        )


_TIMERS = {"remind": "reminded", "escalate": "escalated"}


def _fired(rung: Fired) -> str:
    role = words(rung.role)
    return f"The {role} is reminded" if rung.action == "remind" else f"Escalated to the {role}"


def _sort(version: Standing, before: Standing | None) -> str:
    if before is None:
        return "submitted"
    return "updated" if version.status == before.status else "settled"


def _said(version: Standing, before: Standing | None) -> str:
    sort = _sort(version, before)
    return f"is {words(version.status)}" if sort == "settled" else sort


def _in_order(marks: list[Mark], items: tuple[Item, ...]) -> tuple[Mark, ...]:
    more = (mark for item in items for mark in (*item.votes, *item.timers))
    return tuple(sorted([*marks, *more], key=lambda mark: (mark.at, SORTS.index(mark.sort))))


def _fact(kind: Type, value: Any, name: str) -> str:
    typed = from_wire(MoneyType() if isinstance(kind, MoneyType) else unbounded(kind), value, name)
    return typed if kind is STRING else value_in_words(typed)
