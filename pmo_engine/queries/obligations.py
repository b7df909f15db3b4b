"""What was asked of somebody, and what became of it, with the votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.authority.titles import role_in_words, titled, with_titles
from pmo_engine.model.event_names import SUBMITTED, UPDATED, EventName
from pmo_engine.model.names import asked_for
from pmo_engine.model.shape import Shape, iso
from pmo_engine.model.vocabulary import MOTION
from pmo_engine.prose.time_up import up_in_words
from pmo_engine.store.tables import Addressee, Obligation, Vote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from pmo_engine.policy import Policy
    from pmo_engine.policy.decision import Obligation as Item
    from pmo_engine.queries.view import View
    from pmo_engine.store.unit_of_work import UnitOfWork


ANSWERED_BY = "answered_by"
"""The detail of what was answered: the person who did so, and the note that they left."""

VOID = "void"
"""The detail of what is voted on: by id, the votes that do not count as was found out, and why."""

CRITERION = "criterion "
"""How the target of an assessment begins that judges a criterion of a gate."""

ADVICE = "advice"
"""The detail of what is decided: what those answered who were asked before, a line each."""
ANSWERS = "answers"
"""The detail of an approval that keeps which answer to which exception is put to a body by it."""
MOVE = "move"
RAISED_BY = "raised_by"
"""Of an exception, or what is put as its answer: who wrote what raised it."""
"""The detail of an approval that keeps the state it lets a record into, who asked, and why."""


def voted(name: str, choice: str, reason: str, outcome: str | None = None) -> str:
    """Say who voted how, for which outcome of a gate where they said one, and why."""
    which = f" for {outcome.replace('_', ' ')}" if outcome else ""
    return f"{name} voted {choice}{which}{f': {reason}' if reason else ''}"


class VoteCast(Shape):
    """How somebody voted, for which role and in whose place; one changed later is superseded.

    ``name`` is the person's, ``behalf_name`` that of for whom it was; ``outcome`` is that of a gate
    which they said. ``void``: why it does not count, as was found out.
    """

    person: str
    name: str
    choice: str
    reason: str
    role: str
    capacity: str
    on_behalf_of: str | None
    at: str
    superseded: bool
    outcome: str | None = None
    behalf_name: str = ""
    void: str = ""
    as_what: str = ""  # the role, by its title

    @property
    def since(self) -> str:
        """Say what became of it; empty of one that counts."""
        if self.void:
            return f"does not count: {self.name} {self.void}"
        return "changed later" if self.superseded else ""

    @property
    def said(self) -> str:
        """Say who voted how, and why."""
        return voted(self.name, self.choice, self.reason, self.outcome)


class ObligationState(Shape):
    """What was asked of somebody, and what became of it."""

    id: str
    kind: str
    target: str
    act: str
    rule: str
    clause: str
    binding: str
    status: str
    opened_at: str | None
    due_at: str | None
    closed_at: str | None
    escalated_to: list[str]
    reasons: list[str]
    votes: list[VoteCast]
    tally: str  # how the votes of a body stand: "3 of 4 in favour; 3 of 4 there"
    outcome: str  # of an approval that was decided: "approve" or "reject"
    when_time_is_up: str = ""  # what becomes of it then: "counts as given (minute 2)"
    time_was_up: bool = False  # and what becomes of it is done with whatever comes next
    decides: bool = True  # else it is a signature beside others, or advice before them
    went_up_to: tuple[str, ...] = ()  # roles that decide it though it was not asked of them
    whose: str = ""  # the target in words: "the PMO head"
    answer: str = ""  # who said that it is there, and what: "Petra Lang: the pump is ordered"

    @property
    def asked(self) -> str:
        """Say what is asked for, and of whom: "approval by the PMO head"."""
        by = "by " if self.kind in {"approval", "assessment"} else ""
        return f"{asked_for(self.kind, self.act)} {by}{self.whose}"


_COLUMNS = tuple(
    col(getattr(Obligation, name))
    for name in ObligationState.model_fields
    if name in Obligation.model_fields
)
_DETAILS = col(Obligation.details)
_BESIDE = frozenset({"does", MOVE, ANSWERS, MOTION})
"""The details of approvals that settle nothing by themselves."""
_ORDER = tuple(
    col(each)
    for each in (
        Obligation.opened_at,
        Obligation.subject_version,
        Obligation.rule,
        Obligation.kind,
        Obligation.target,
        Obligation.id,
    )
)


def obligations_about(view: View, subject: str) -> list[ObligationState]:
    """Give all obligations about a subject, the oldest first, in three looks."""
    return _obligations(view, col(Obligation.subject_id) == subject)


def obligations_by(view: View, decision: str) -> list[ObligationState]:
    """Give the obligations that a decision opened."""
    return _obligations(view, col(Obligation.decision_id) == decision)


def _obligations(view: View, which: ColumnElement[bool]) -> list[ObligationState]:
    ids = select(col(Obligation.id)).where(which)
    rows = view.uow.select(select(*_COLUMNS, _DETAILS).where(which).order_by(*_ORDER))
    void = {id: why for row in rows for id, why in row.details.get(VOID, {}).items()}
    votes, escalated = _votes(view, ids, void), _escalated(view, ids)
    answers = _answers(view, rows)
    return [
        _obligation(
            row,
            escalated.get(row.id, []),
            votes.get(row.id, []),
            whose=_whose(view.policy, row.target, row.details.get("role")),
            answer=answers.get(row.id, ""),
            now=view.now,
        )
        for row in rows
    ]


def _whose(policy: Policy, target: str, role: str | None) -> str:
    """Say of whom something is asked: "the PMO head", "the PMO head on criterion 'goal'"."""
    if not role or not target.startswith(CRITERION):
        return with_titles(target, policy)
    return f"{role_in_words(role, policy)} on criterion '{target.removeprefix(CRITERION)}'"


def _answers(view: View, rows: Sequence[Row[Any]]) -> dict[str, str]:
    """Say of what was answered who did so, and with which words."""
    kept = {row.id: row.details[ANSWERED_BY] for row in rows if ANSWERED_BY in row.details}
    called = view.uow.people.names_of(each["person"] for each in kept.values())
    return {
        id: ": ".join(filter(None, (called[each["person"]], each["note"])))
        for id, each in kept.items()
    }


def _obligation(
    row: Row[Any],
    deciding: list[tuple[str, bool]],
    votes: list[VoteCast],
    *,
    whose: str,
    answer: str,
    now: datetime,
) -> ObligationState:
    values = row._asdict()
    over = row.status == "open" and row.due_at is not None and row.due_at <= now
    details = values.pop("details")
    outcome = details.get("outcome", "")
    values |= {name: iso(values[name]) for name in ("opened_at", "due_at", "closed_at")}
    return ObligationState(
        **values,
        escalated_to=[role for role, by_ladder in deciding if by_ladder],
        went_up_to=tuple(r for r, _ in deciding if r not in _asked(details, row.target)),
        votes=votes,
        tally=tally_of(details),
        outcome=outcome,
        when_time_is_up=time_up_of(details),
        time_was_up=over,
        decides=_BESIDE.isdisjoint(details),
        whose=whose,
        answer=answer,
    )


def _asked(details: Mapping[str, Any], target: str) -> set[str | None]:
    """Name the roles of which it was asked."""
    several = details.get("signatures") or {"of": []}
    return {details.get("role"), target, *(each["role"] for each in several["of"])}


def tally_of(details: Mapping[str, Any]) -> str:
    """Say how the votes of the bodies stand that an approval was put up to."""
    return "; ".join(filter(None, map(_stands, details.get("bodies", {}).values())))


def time_up_of(details: Mapping[str, Any]) -> str:
    """Say what becomes of an approval when its time is up, where that is said of it."""
    said = details.get("when_time_is_up")
    return up_in_words(said["means"], said["source"]) if said else ""


def _stands(body: Mapping[str, Any]) -> str:
    by_silence = body["tally"] and body.get("silence") and not body.get("closed")
    return f"passes unless somebody objects; {body['tally']}" if by_silence else body["tally"]


def _votes(view: View, obligations: Any, void: Mapping[str, str]) -> dict[str, list[VoteCast]]:
    of = col(Vote.obligation_id)
    order = (col(Vote.at), col(Vote.person), col(Vote.id))
    said = (Vote.person, Vote.choice, Vote.reason, Vote.role, Vote.capacity, Vote.on_behalf_of)
    columns = (*said, Vote.at, Vote.superseded_at, Vote.outcome, Vote.id)
    wanted = select(of, *(col(each) for each in columns)).where(of.in_(obligations))
    found: dict[str, list[VoteCast]] = {}
    rows = view.uow.select(wanted.order_by(*order))
    near = (each for row in rows for each in (row.person, row.on_behalf_of) if each is not None)
    called = view.uow.people.names_of(near)
    for id, person, choice, reason, role, capacity, behalf, at, over, outcome, vote_id in rows:
        vote = VoteCast(
            person=person,
            name=called[person],
            choice=choice,
            reason=reason,
            role=role,
            capacity=capacity,
            on_behalf_of=behalf,
            at=at.isoformat(),
            superseded=over is not None,
            outcome=outcome,
            behalf_name="" if behalf is None else called[behalf],
            void=void.get(vote_id, ""),
            as_what=titled(role, view.policy) if role else "",
        )
        found.setdefault(id, []).append(vote)
    return found


def _escalated(view: View, obligations: Any) -> dict[str, list[tuple[str, bool]]]:
    """For which roles each waits, in the order in which it came to them, and if by its ladder."""
    of, role, rung = col(Addressee.obligation_id), col(Addressee.role), col(Addressee.by_rung)
    deciding = (of.in_(obligations), role.is_not(None), col(Addressee.informed).is_(False))
    wanted = select(of, role, rung).where(*deciding)
    found: dict[str, list[tuple[str, bool]]] = {}
    for id, name, by_rung in view.uow.select(wanted.order_by(col(Addressee.since), rung, role)):
        found.setdefault(id, []).append((name, by_rung is not None))
    return found


def same_as(row: Obligation, item: Item) -> bool:
    """Say whether an obligation that was opened is the one that a decision asks for."""
    return is_for_same(row, item) and not {row.rule, *row.also_rules}.isdisjoint(item.rules)


def is_for_same(row: Obligation, item: Item) -> bool:
    """Say whether an obligation asks the same of the same, whichever rule asked for it."""
    return (row.kind, row.target, row.act) == (item.kind, item.target, item.act)


def is_answered(uow: UnitOfWork, subject: str, item: Item) -> bool:
    """Tell whether the exception that a decision asks for was answered, and not raised since."""
    return item.kind == "exception" and _answer(uow.obligations.of_subject(subject), item) != []


def gave_reasons_before(
    uow: UnitOfWork, subject: str, item: Item, reasons: Sequence[str], decision: str
) -> bool:
    """Tell whether the judgement of a record before a ``decision`` gave the same reasons."""
    taken = uow.decisions.untimed(subject)
    whole = [each for each in taken if EventName(each.event).what in {SUBMITTED, UPDATED}]
    before = next((each for each in reversed(whole) if each.id != decision), None)
    said = before.result.obligations if before is not None else ()
    wanted = (item.kind, item.rule, list(reasons))
    return any((each.kind, each.rule, each.reasons) == wanted for each in said)


def answered(
    rows: Sequence[Obligation], asked: Iterable[tuple[Item, Sequence[str]]]
) -> Iterator[Obligation]:
    """Give the exceptions that were answered and are ``asked`` for again for the same reasons."""
    for item, reasons in asked:
        if item.kind == "exception":
            yield from (row for row in _answer(rows, item) if row.reasons == list(reasons))


def _answer(rows: Iterable[Obligation], item: Item) -> list[Obligation]:
    """Give the last that was asked so, where it was answered; else nothing."""
    last = [row for row in rows if same_as(row, item)][-1:]
    return [row for row in last if row.status == "met"]
