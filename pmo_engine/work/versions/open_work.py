"""What a version of the policy asks about open work, beside what stands: shown, or carried out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.obligations import is_for_same, same_as
from pmo_engine.work.notices.asking import tell
from pmo_engine.work.obligations import (
    Asked,
    Subject,
    ask_instead,
    may_still_be,
)
from pmo_engine.work.records.settlement import keep_decision
from pmo_engine.work.subjects import MODULES, kind_of
from pmo_engine.work.unjudged import tell_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.policy.events import Event
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


class Work(Protocol):
    """A piece of open work: the row of a subject that is under a version of the policy."""

    id: str
    version: int
    policy_digest: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An obligation that a version asks for, why, and by which of its decisions."""

    item: Obligation
    reasons: tuple[str, ...]
    decision: int


@dataclass(frozen=True)
class Judged:
    """A piece of open work as a version of the policy sees it.

    ``standing`` are the open obligations that it may change, ``done`` what people gave already,
    ``beside`` what is open because of something that happened.
    """

    work: Work
    subject: Subject
    decisions: tuple[tuple[Event, Decision], ...]
    asked: tuple[Wanted, ...]
    standing: tuple[tables.Obligation, ...]
    done: tuple[tables.Obligation, ...]
    beside: tuple[tables.Obligation, ...] = ()

    @cached_property
    def kept(self) -> list[tuple[tables.Obligation, Obligation]]:
        """Pair what stands with what is asked for all the same."""
        return [
            (row, each.item)
            for row in self.standing
            for each in self.asked
            if same_as(row, each.item)
        ]

    @cached_property
    def gone(self) -> list[tables.Obligation]:
        """List what stands and would no longer be asked for."""
        kept = {row.id for row, _ in self.kept}
        found = [decision for _, decision in self.decisions]
        return [
            row
            for row in self.standing
            if row.id not in kept and not any(may_still_be(row, each) for each in found)
        ]

    @cached_property
    def new(self) -> list[Wanted]:
        """List what would be asked for anew."""
        there = (*self.standing, *self.done)
        return [
            each
            for each in self.asked
            if not any(same_as(row, each.item) for row in there)
            and not any(is_for_same(row, each.item) for row in self.beside)
        ]


def open_work(c: Context) -> list[tuple[str, Work]]:
    """List what is open in all projects, each piece after the name of its kind."""
    return [(kind, row) for kind in MODULES for row in kind_of(kind).open(c)]


def wanted(decision: Decision, number: int = 0) -> Iterator[Wanted]:
    """Give what a decision asks for; ``number`` says which of several it is."""
    for item in decision.obligations:
        if item.kind != "notice":
            yield Wanted(item, decision.reasons(item), number)


def judge(c: Context, kind: str, work: Work) -> Judged | str:
    """See a piece of work with the eyes of a version; a text says why it cannot."""
    try:
        return kind_of(kind).judge(c, work)
    except EvaluationLimit as error:
        return str(error)


def lock_open_work(c: Command) -> list[tuple[str, Work]]:
    """Lock what is open in all projects, in one order, and give it as it is then."""
    c.uow.subjects.lock_all([work.id for _, work in open_work(c)])
    c.uow.forget()
    return open_work(c)


def bring_under(c: Command, kind: str, judged: Judged) -> None:
    """Bring work under the version: what stays asked keeps its deadline."""
    work = judged.work
    kept = [
        keep_decision(c, event, decision, work.id, work.version)
        for event, decision in judged.decisions
    ]
    new = [Asked(each.item, each.reasons, kept[each.decision].id) for each in judged.new]
    ask_instead(c, judged.subject, judged.gone, new)
    for (_, decision), row in zip(judged.decisions, kept, strict=True):
        tell(c, judged.subject, decision)
        tell_faults(c, row, judged.subject.title)
    kind_of(kind).go_on_under(c, judged)
