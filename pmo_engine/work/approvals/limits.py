"""Limits of authority at the vote: held against what is so then; what is beyond them goes up."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, TypeVar, cast

from pmo_engine.authority.limits import covers, least_senior
from pmo_engine.authority.titles import titled
from pmo_engine.feel.functions import LEAST_SENIOR
from pmo_engine.feel.values import Missing
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import APPROVE
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import LOOK_AGAIN
from pmo_engine.work.approvals.counting import signatures_of
from pmo_engine.work.command import Order, carry_out
from pmo_engine.work.errors import Refusal
from pmo_engine.work.facts import limit_event
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.subjects import OfSubject
from pmo_engine.work.versions.open_work import bring_under, judge
from pmo_engine.work.without_rate import RATE, amount_without_rate, unknown_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date

    from pmo_engine.policy import Authority, Policy, Rule
    from pmo_engine.store.tables import Entry, Obligation
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context, Governance

R = TypeVar("R")
BEHIND = frozenset({*UNDECIDED, "rejected", "withdrawn", "ended"})
"""How a record stands whose end bears on what waits behind it alone."""


def require_covered(c: Command, row: Obligation, role: str) -> None:
    """Refuse an approval by authority that the limits of the role do not cover as things are now.

    The sums are locked first, so that of two votes at once the later one sees the earlier.
    """
    entry = entry_of(c, row)
    if entry is None or entry.standing not in UNDECIDED:
        return
    under = c.under(entry)
    if _sought(under, row, role):
        _lock_sums(under, entry)
    if why := beyond(under, row, role, entry):
        by, title = titled(role, under.policy), row.details["title"]
        raise Refusal(f"{title}: the {by} may not approve it by now: {why}")


def beyond(c: Context, row: Obligation, role: str, entry: Entry) -> str:
    """Say why the limits of a role do not cover a record as things are now; empty where they do.

    ``c`` is under the version that governs the record.
    """
    if not _sought(c, row, role):
        return ""
    event = limit_event(c, entry)
    selection, act = c.rules.engine.selection(event), _act(c, row, entry)
    if role not in dict(selection.holders_for(act)):
        return ""  # it came up to a role whose terms say no limit
    found = covers(selection, event.facts, role, act)
    if found.yes is True:
        return ""
    others = least_senior(selection, event.facts, act)
    if not isinstance(others, Missing) and (
        others.role == role or _signs_beside(c, row, role, others.role)
    ):
        return ""  # this is where it goes up to, or who it went up to is asked as well
    if isinstance(found.yes, Missing):
        return unknown_in_words(c, entry, found.yes.paths)
    return found.why


def entry_of(c: Command, row: Obligation) -> Entry | None:
    """Give the record that an approval, on which somebody votes, is about; None for another."""
    is_entry = c.uow.subjects.get(row.subject_id).kind == A_RECORD
    return cast("Entry", c.on.row) if is_entry else None


def _rules_of(c: Context, row: Obligation) -> Iterator[Rule]:
    names = {row.rule, *row.also_rules}
    return (rule for rule in c.policy.rules if rule.id in names)


def _sought(c: Context, row: Obligation, role: str) -> bool:
    """Tell whether a role signs because its authority covers the record, and not by its name."""
    return any(
        role not in effect.named and _seeks(effect)
        for rule in _rules_of(c, row)
        for effect in rule.then
        if isinstance(effect, RequireApproval)
    )


def _signs_beside(c: Context, row: Obligation, role: str, other: str) -> bool:
    """Tell whether a rule asks a role by its name, and whoever has the authority is asked too."""
    effects = (effect for rule in _rules_of(c, row) for effect in rule.then)
    if not any(isinstance(each, RequireApproval) and role in each.named for each in effects):
        return False
    return any(
        each.kind == "approval"
        and each.status in {"open", "met"}
        and other in {part.role for part in signatures_of(each).of}
        for each in c.uow.obligations.of_subject(row.subject_id)
    )


def _seeks(effect: RequireApproval) -> bool:
    return effect.seeks or any(LEAST_SENIOR in each.text for each in effect.choices)


def _act(c: Context, row: Obligation, entry: Entry) -> str:
    return row.act or f"{APPROVE} {c.policy.registers[entry.register_name].noun}"


def _limiting(c: Context, entry: Entry) -> tuple[Authority, ...]:
    """Give the cumulative limits over a record."""
    register = c.policy.registers.get(entry.register_name)
    if register is None:
        return ()
    found = c.rules.authorities(EventName.of(register.noun, UPDATED), c.now)
    return tuple(each for each in found if each.cumulative is not None)


def _is_office_wide(items: Iterable[Authority]) -> bool:
    return any(each.cumulative and each.cumulative.across == "office" for each in items)


def _lock_sums(c: Context, entry: Entry) -> None:
    """Wait for whoever adds up the same: the project's sums first, then those of the office."""
    items = _limiting(c, entry)
    if items:
        c.uow.entries.lock_sums(entry.register_name, entry.project)
    if _is_office_wide(items):
        c.uow.entries.lock_sums(entry.register_name)


# What follows for others


def touched_by_end(c: Command) -> list[str]:
    """Name the open records on which it bears that the record of a command has come to its end."""
    if c.on.subject is None or c.uow.subjects.get(c.on.subject).kind != A_RECORD:
        return []
    entry: Entry = c.on.row
    return [] if entry.standing in UNDECIDED else touched(c, entry)


def touched(c: Command, entry: Entry) -> list[str]:
    """Name the open records whose limits the end, or a change, of a record bears on.

    Where one is refused or withdrawn, those that waited behind it have more; where one is approved
    before its turn, those that were before it have less.
    """
    under = c.under(entry)
    items = _limiting(under, entry)
    if not items:
        return []
    place = (entry.entered, entry.id)
    project = None if _is_office_wide(items) else entry.project
    waiting = c.uow.entries.waiting(project, entry.register_name)
    if entry.standing == "approved":
        return [id for id, entered in waiting if (entered, id) < place]
    behind = entry.standing in BEHIND
    others = ((id, entered) for id, entered in waiting if id != entry.id)
    return [id for id, entered in others if not behind or (entered, id) > place]


def _has_moved(c: Context, entry: Entry) -> bool:
    """Tell whether an approval by authority is asked of another role than it has to be by now.

    Or a rate that was missing is there, so that it can be told who is asked.
    """
    if entry.register_name not in c.policy.registers:
        return False
    event = limit_event(c, entry)
    selection = c.rules.engine.selection(event)
    for row in c.uow.obligations.open_for(entry.id):
        if RATE in row.details and amount_without_rate(c, entry, row.target) is None:
            return True
        roles = {each.role for each in signatures_of(row).of} if row.kind == "approval" else set()
        if any(_sought(c, row, role) for role in roles):
            found = least_senior(selection, event.facts, _act(c, row, entry))
            if isinstance(found, Missing) or found.role not in roles:
                return True
    return False


def can_change(policy: Policy) -> bool:
    """Tell whether any limit covers more or less on another day, or by who is there."""
    items = [item for terms in policy.terms.values() for item in terms.authority]
    away = any(item.in_absence_of or item.while_vacant for item in items)
    return away or bool(policy.rates) or any(len(item.limits) > 1 for item in items)


def last_changed(policy: Policy, on: date) -> date | None:
    """Give the last day up to one from which a limit, or what it is measured by, is another."""
    items = (item for terms in policy.terms.values() for item in terms.authority)
    starts = (limit.start for item in items for limit in item.limits)
    days = chain(starts, *(rates.turns() for rates in policy.rates.values()))
    return max((day for day in days if day is not None and day <= on), default=None)


def carry_out_and_look(governance: Governance, order: Order[R], do: Callable[[Command], R]) -> R:
    """Carry out a command about a record; then look at those again on whose limits it bears."""
    found: list[str] = []
    result = carry_out(governance, order, partial(_and_note, do, found))
    look_again(governance, found)
    return result


def _and_note(do: Callable[[Command], R], found: list[str], c: Command) -> R:
    result = do(c)
    found[:] = touched(c, c.on.row)
    return result


def look_again(governance: Governance, subjects: Iterable[str]) -> None:
    """Let open records go to whom they have to by now, each in a command of its own.

    What led to this is kept already: where the store refuses now, the next vote sees to it.
    """
    for subject in _moved(governance, list(subjects)):
        order = Order(SYSTEM, LOOK_AGAIN, OfSubject(subject), NoneType)
        with suppress(StoreError):
            carry_out(governance, order, _look_again)


def _moved(governance: Governance, subjects: Collection[str]) -> list[str]:
    """Name those of some open records that are to go elsewhere, in their order; mostly none.

    Whoever changes anything after this has looked does so themselves.
    """
    if not subjects:
        return []
    with suppress(StoreError), governance.reading() as c:
        entries = {each.id: each for each in c.uow.entries.many(subjects)}
        known = (entries[id] for id in subjects if id in entries)
        return [each.id for each in known if _has_moved(c.under(each), each)]
    return []


def _look_again(c: Command) -> None:
    if c.uow.subjects.get(c.on.row.id).kind != A_RECORD or c.on.row.standing not in UNDECIDED:
        return
    under = c.under(c.on.row)
    if not _has_moved(under, c.on.row):
        return
    judged = judge(under, A_RECORD, c.on.row)
    if not isinstance(judged, str) and (judged.new or judged.gone):
        bring_under(under, A_RECORD, judged)
