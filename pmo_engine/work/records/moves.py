"""The life of a record beside its decision: moved from state to state, closed, opened again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.model.acts import Act
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import UNDECIDED, words
from pmo_engine.model.shape import Shape
from pmo_engine.policy.registers import APPROVED, REFUSED
from pmo_engine.queries.obligations import MOVE as MOVE_ASKED
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.acts import CLOSE, MOVE, REOPEN
from pmo_engine.work.approvals import limits
from pmo_engine.work.approvals.signing import DECIDES, what_it_does
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.command import Command, Order
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.facts import entry_event
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import reconcile
from pmo_engine.work.permissions import require_move
from pmo_engine.work.records.move_approvals import ask_for
from pmo_engine.work.records.naming import OfEntry
from pmo_engine.work.records.open_moves import fits, take_moves_back
from pmo_engine.work.records.settlement import (
    asker_of,
    decide_entry,
    keep_decision,
    look_at_state,
    open_gates,
    subject_of,
    title_of,
)
from pmo_engine.work.rounds.answers import answer_rounds
from pmo_engine.work.timed import watching
from pmo_engine.work.unjudged import tell_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.policy import Move, RecordLife
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.subjects import Ballot

EVENTS = {MOVE: "moved", CLOSE: "closed", REOPEN: "reopened"}


class Moved(Shape):
    """A record in the state it is in now; ``asked``: those whose approval the move waits for."""

    project: str
    register_name: str = Field(alias="register")
    key: str
    version: int
    status: str
    told: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A move of one record: the act it is, the state it leads to, and why it is made."""

    act: Act
    to: str
    reason: str


def move(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    to: str,
    by: str,
    reason: str = "",
    request: str | None = None,
) -> Moved:
    """Bring a record into another open state, as its register's life cycle lets it.

    Raises CommandError for a state that there is not; Refusal where no move leads there, somebody
    else makes it, or what it needs is not given.
    """
    subject = OfEntry(governance, project, register, key)
    order = Order(by, MOVE, subject, Moved, request)
    return limits.carry_out_and_look(governance, order, partial(_to, to=to, reason=reason))


def close(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    by: str,
    to: str | None = None,
    reason: str = "",
    request: str | None = None,
) -> Moved:
    """End a record's life; ``to`` names the state where several are closed.

    Raises as ``move``, and Refusal while something binding about it is open.
    """
    subject = OfEntry(governance, project, register, key)
    order = Order(by, CLOSE, subject, Moved, request)
    return limits.carry_out_and_look(governance, order, partial(_close, to=to, reason=reason))


def reopen(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    by: str,
    to: str | None = None,
    reason: str = "",
    request: str | None = None,
) -> Moved:
    """Open a record again that was closed, in the state in which it was, or ``to``.

    It is decided about again. Raises as ``move``.
    """
    subject = OfEntry(governance, project, register, key)
    order = Order(by, REOPEN, subject, Moved, request)
    return limits.carry_out_and_look(governance, order, partial(_reopen, to=to, reason=reason))


# Which move it is


def life_of(c: Command, entry: tables.Entry) -> RecordLife:
    """Give the life of a record under the version of the policy that it is under."""
    return c.policy.registers[entry.register_name].life


def _to(c: Command, *, to: str, reason: str) -> Moved:
    under = c.under(c.on.row)
    return _made(under, c.on.row, Step(_act(life_of(under, c.on.row), c.on.row, to), to, reason))


def _act(life: RecordLife, entry: tables.Entry, to: str) -> Act:
    """Say which act it is to bring a record into a state."""
    if to in life.closed and entry.status not in life.closed:
        return CLOSE
    return REOPEN if entry.status in life.closed and to not in life.closed else MOVE


def _close(c: Command, *, to: str | None, reason: str) -> Moved:
    under, entry = c.under(c.on.row), c.on.row
    life = life_of(under, entry)
    if entry.status in life.closed:
        raise Refusal(f"{entry.key} is {words(entry.status)} already")
    if not life.closed:
        raise Refusal(f"{entry.key} ends by its decision: its register has no state that is closed")
    if to is not None and to in life.every and to not in life.closed:
        raise CommandError(f"'{to}' is no state that is closed; those are {_named(life.closed)}")
    target = to or _only(life.targets(entry.status, life.closed), life, entry, "closed as", "--as")
    return _made(under, entry, Step(CLOSE, target, reason))


def _reopen(c: Command, *, to: str | None, reason: str) -> Moved:
    under, entry = c.under(c.on.row), c.on.row
    life = life_of(under, entry)
    if entry.status not in life.closed:
        raise Refusal(f"{entry.key} is {words(entry.status)}; what is closed is opened again")
    target = to
    if target is None:
        ways = [each for each in life.targets(entry.status, life.open) if fits(entry, life, each)]
        before = _state_before(c, entry, life)
        target = before if before in ways else _only(ways, life, entry, "opened again as", "--to")
    return _made(under, entry, Step(REOPEN, target, reason))


def _only(
    found: Sequence[str], life: RecordLife, entry: tables.Entry, how: str, option: str
) -> str:
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refusal(_no_way(life, entry))
    raise CommandError(f"{entry.key} can be {how} {_named(found)}; say which with {option}")


def _state_before(c: Command, entry: tables.Entry, life: RecordLife) -> str:
    """Give the state that a record was in before it was closed."""
    states = (each.status for each in reversed(c.uow.entries.versions(entry.id)))
    return next((state for state in states if state not in life.closed), "")


def _no_way(life: RecordLife, entry: tables.Entry) -> str:
    ways = [each for each in life.targets(entry.status, life.every) if fits(entry, life, each)]
    then = f"it can become {_named(ways)}" if ways else "no move leads on from there"
    return f"{entry.key} is {words(entry.status)}, and {then}"


def _named(states: Sequence[str]) -> str:
    return " or ".join(words(state) for state in states) or "none"


def set_state(c: Command, entry: tables.Entry, to: str, reason: str = "") -> None:
    """Bring a record into a state that a change of it names; to stay there is no move."""
    if to != entry.status:
        make(c, entry, Step(_act(life_of(c, entry), entry, to), to, reason))


# The move itself


def _made(c: Command, entry: tables.Entry, step: Step) -> Moved:
    """Make a move that somebody asks for; it answers a round that collects such records."""
    before = entry.version
    made = make(c, entry, step)
    if entry.version != before:
        answer_rounds(c.by_rules(c.governance.rules), [entry])
    return made


def make(c: Command, entry: tables.Entry, step: Step) -> Moved:
    """Make a move, or ask for the approval that it needs; ``c`` is under the record's version."""
    life = life_of(c, entry)
    chosen = _chosen(c, entry, life, step)
    _require_needs(c, entry, chosen, step)
    if chosen.approval is not None:
        asked = ask_for(c, entry, chosen.approval, step.act, step.to, step.reason)
        return _answer(entry, asked=asked)
    return go(c, entry, step)


def _chosen(c: Command, entry: tables.Entry, life: RecordLife, step: Step) -> Move:
    """Choose the move that the actor may make; raises for none, saying why."""
    if step.to not in life.every:
        hint = nearest(step.to, life.every) or f"states: {', '.join(life.every)}"
        raise CommandError(f"'{step.to}' is no state of {entry.register_name} ({hint})")
    if step.to == entry.status:
        raise Refusal(f"{entry.key} is {words(entry.status)} already")
    found = life.between(entry.status, step.to)
    if not found or not fits(entry, life, step.to):
        decided = step.to in {APPROVED, *REFUSED} and not found
        why = "; that is decided by a vote, and is no move" if decided else ""
        raise Refusal(f"{_no_way(life, entry)}{why}")
    return require_move(c, entry, step.act, found)


def _require_needs(c: Command, entry: tables.Entry, chosen: Move, step: Step) -> None:
    if chosen.reason and not step.reason.strip():
        raise CommandError(
            f"{entry.key} becomes {words(step.to)} for a reason; give it with --reason"
        )
    given = {**entry.document, "owner": entry.owner, "due": entry.due}
    lacking = [name for name in chosen.fields if given.get(name) in {None, ""}]
    if lacking:
        root = c.policy.registers[entry.register_name].root
        facts = ", ".join(f"{root}.{name}" for name in lacking)
        raise Refusal(
            f"{entry.key} cannot become {words(step.to)} before {facts} is given: "
            f"'pmo update {entry.project} {entry.register_name} {entry.key} {lacking[0]}=...'"
        )
    if step.act == CLOSE:
        _require_nothing_binding(c, entry, step)


def _require_nothing_binding(c: Command, entry: tables.Entry, step: Step) -> None:
    """Refuse to close what something binding is open about, but what asks for its own decision."""
    ends = entry.standing in UNDECIDED
    for row in c.uow.obligations.open_for(entry.id):
        own = row.kind in {"information", "block"} or (
            row.kind == "approval" and what_it_does(row) == DECIDES and not row.act
        )
        if row.binding == "shall" and not (ends and own):
            raise Refusal(
                f"{entry.key} cannot become {words(step.to)} while {row.kind} {row.target} is open"
                f" about it; see to it first, or have it waived ('pmo waive {row.id}')"
            )


def go(c: Command, entry: tables.Entry, step: Step) -> Moved:
    """Bring a record into a state, past who may: keep it, tell people, decide what follows."""
    life = life_of(c, entry)
    before, asked = entry.status, _asked(c, entry)
    closing, opening = step.act == CLOSE, step.act == REOPEN
    values: dict[str, Any] = {
        "status": step.to,
        "closed_at": c.now if step.to in life.closed else None,
    }
    if closing and entry.standing in UNDECIDED:
        values["standing"] = "ended"
    elif opening and entry.standing == "ended":
        values["standing"] = "waiting"
    c.uow.entries.revise(entry, reason=step.reason, **values)
    said = f"It is {words(step.to)} by {c.actor_name}."
    open_ones = c.uow.obligations.open_for(entry.id)
    take_moves_back(c, entry, open_ones, said)
    if closing:
        take_back(c, open_ones, said, asked)
    name = EventName.of(c.policy.registers[entry.register_name].noun, EVENTS[step.act])
    told = {"key": entry.key, "version": entry.version, "from": before, "to": step.to}
    reason = {"reason": step.reason} if step.reason else {}
    c.journal(name, {**told, **reason}, entry.project, entry.id)
    people = _tell(c, entry, step, before, asked if closing else set())
    _follow(c, entry, name)
    return _answer(entry, told=people)


def on_approval(c: Command, entry: tables.Entry, ballot: Ballot) -> str:
    """Make a move that was approved; of one that was refused, tell whoever asked for it."""
    asked = ballot.approval.details[MOVE_ASKED]
    step = Step(Act(asked["verb"], "record"), asked["to"], asked["reason"])
    approved = ballot.choice == "approve"
    if approved:
        go(c, entry, step)
    said = "is approved" if approved else "is refused"
    title, why = title_of(c, entry), f": {ballot.reason}" if ballot.reason else "."
    key = f"{ballot.approval.id}/{said}"
    subject = f"{title}: that it become {words(step.to)} {said}"
    body = f"By {c.actor_name}{why}"
    notices.send(c, [notices.notice(c, key, asked["by"], subject, body, entry.project)])
    return entry.status


def _follow(c: Command, entry: tables.Entry, name: EventName) -> None:
    """Decide what follows from a move; what nobody decided yet is judged in its new state, too."""
    if name.what == EVENTS[REOPEN]:
        watching.look_again(c, entry)
    if entry.standing in UNDECIDED:
        decide_entry(c, entry, EventName.of(name.noun, UPDATED), stands=True)
    else:
        look_at_state(c, entry)
    if name in c.rules.opening_events:
        open_gates(c, entry_event(c, entry, name), entry)
    if c.rules.selection(name, c.now).rules:
        event = entry_event(c, entry, name)
        decision = c.rules.engine.decide(event)
        kept = keep_decision(c, event, decision, entry.id, entry.version)
        reconcile(c, subject_of(c, entry), decision, kept)
        tell_faults(c, kept, title_of(c, entry))


def _tell(
    c: Command, entry: tables.Entry, step: Step, before: str, asked: set[str]
) -> tuple[str, ...]:
    people = {asker_of(entry), *asked, *([entry.owner] if entry.owner else [])} - {c.actor}
    known = tuple(sorted(each for each in people if c.uow.people.is_there(each)))
    title, why = title_of(c, entry), f": {step.reason}" if step.reason else "."
    body = f"By {c.actor_name}{why}\nIt was {words(before)}."
    key = f"{entry.id}/{entry.version}/{step.to}"
    said = f"{title} is {words(step.to)}"
    notices.send(c, [notices.notice(c, key, each, said, body, entry.project) for each in known])
    return known


def _asked(c: Command, entry: tables.Entry) -> set[str]:
    rows = c.uow.obligations.open_for(entry.id)
    return {person for row in rows for person in notices.waited_for(c, row)}


def _answer(
    entry: tables.Entry, *, told: tuple[str, ...] = (), asked: tuple[str, ...] = ()
) -> Moved:
    return Moved(
        project=entry.project,
        register_name=entry.register_name,
        key=entry.key,
        version=entry.version,
        status=entry.status,
        told=told,
        asked=asked,
    )
