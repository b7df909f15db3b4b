"""A baseline is moved: by an approved change that names it, or by an exception plan, once each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from re import escape, search
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.wire import to_json
from pmo_engine.model.acts import Act
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.policy.registers import movers_of
from pmo_engine.work.acts import REBASELINE
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.facts import given_record
from pmo_engine.work.permissions import require_right
from pmo_engine.work.records.baselines import with_firsts
from pmo_engine.work.records.living import through
from pmo_engine.work.records.naming import OfEntry
from pmo_engine.work.records.settlement import decide_entry
from pmo_engine.work.records.submission import Recorded, recorded
from pmo_engine.work.records.undoing import MOVED_BY
from pmo_engine.work.timed.at_once import look_at_projects
from pmo_engine.work.tolerances.granted import PLAN, kept_tolerances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance

Movers = dict[str, dict[str, frozenset[str]]]
"""By the baseline: the registers whose records move it, and the fields that name whose."""


def rebaseline(  # noqa: PLR0913 - which record, to what, and what moves it
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    values: Mapping[str, Any],
    by: str,
    change: str | None = None,
    exception: str | None = None,
    request: str | None = None,
) -> Recorded:
    """Move baselines of a record, as an approved ``change`` says that names it, by its key.

    The change is of a register that the baseline is ``moved_by``. Or as the plan that an
    ``exception`` was answered with, by as much of its id as tells it apart. Whoever the terms let
    ``rebaseline`` such a record may, else the most senior role. Each moves the baseline of a record
    once. Raises Refusal, CommandError.
    """
    if (change is None) == (exception is None):
        raise CommandError("say what moves the baseline: --change or --exception")
    subject = OfEntry(governance, project, register, key)
    order = Order(by, REBASELINE, subject, Recorded, request)
    do = partial(_rebaseline, values=values, change=change, exception=exception)
    return carry_out(governance, order, do)


def _rebaseline(
    c: Command, *, values: Mapping[str, Any], change: str | None, exception: str | None
) -> Recorded:
    entry: tables.Entry = c.on.row
    under = c.under(entry)
    register = under.policy.registers[entry.register_name]
    _require_right(c, register)
    _require_are_baselines(register, entry, values)
    typed = given_record(under, register, values)
    moving = {each: movers_of(register.fields[each], under.policy.registers) for each in typed}
    by = _change(c, entry, change, moving) if change else _plan(c, entry, str(exception), typed)
    _require_once(c, entry, by)
    made = recorded(c, *_moved(under, register, entry, typed, by))
    look_at_projects(c, [entry])
    return made


def _require_right(c: Command, register: Register) -> None:
    act = Act(REBASELINE.verb, register.noun)
    here = replace(c, act=act, on=replace(c.on, place=c.on.row.project))
    require_right(here, [act, REBASELINE])


def _require_are_baselines(
    register: Register, entry: tables.Entry, values: Mapping[str, Any]
) -> None:
    own = [name for name, field in register.fields.items() if field.baseline_of is not None]
    if not values:
        raise CommandError(f"say which baseline is moved to what: {', '.join(own)}")
    for name, value in values.items():
        if name not in own:
            known = f"it has {', '.join(own)}" if own else "it has none"
            raise CommandError(f"'{name}' is no baseline of {register.id}; {known}")
        if value is None:
            raise CommandError(f"{register.root}.{name}: a baseline is moved, and not taken away")
        if entry.document.get(name) is None:
            raise CommandError(f"{entry.key} has no {name} yet: give it with 'pmo update'")


def _change(c: Context, entry: tables.Entry, written: str, moving: Movers) -> str:
    """Find an approved record of the project that names the one whose baseline is moved.

    It is of a register that moves all that is moved; where several have one with its key, which is
    written before it, as in ``changes/C-1``.
    """
    found = _written(c, entry, written, moving)
    if found.standing != "approved":
        raise Refusal(f"{found.key} is {found.standing}: an approved change moves a baseline")
    for baseline, movers in moving.items():
        fields = sorted(movers[found.register_name])
        if not any(_names(found.document.get(name), entry.key) for name in fields):
            said = f"in {' or '.join(fields)}" if fields else "in one of its fields"
            raise Refusal(
                f"{found.key} does not name {entry.key}: a change says, {said}, whose"
                f" {baseline} it moves"
            )
    several = len({register for movers in moving.values() for register in movers}) > 1
    return f"{found.register_name}/{found.key}" if several else found.key


def _written(c: Context, entry: tables.Entry, written: str, moving: Movers) -> tables.Entry:
    register, _, key = written.rpartition("/")
    may = set.intersection(*(set(movers) for movers in moving.values()))
    if not may:
        raise Refusal(
            f"no change moves {' and '.join(moving)} of {entry.register_name}: the policy would say"
            " which does with 'moved_by'; an exception plan does ('--exception')"
        )
    named = [e for e in c.uow.entries.of_project(entry.project) if e.key == key]
    named = [e for e in named if e.id != entry.id and register in {"", e.register_name}]
    found = [each for each in named if each.register_name in may]
    if not named:
        raise CommandError(f"{entry.project} has no record {written} beside this one")
    if not found:
        raise Refusal(
            f"{written} is one of {named[0].register_name}, and {' or '.join(sorted(may))} alone"
            f" move {' and '.join(moving)} of {entry.register_name}"
        )
    if len(found) > 1:
        which = " or ".join(f"{each.register_name}/{key}" for each in found)
        raise CommandError(f"{entry.project} has more than one {key}: say {which}")
    return found[0]


def _names(value: Any, key: str) -> bool:
    texts = value if isinstance(value, list) else [value]
    whole = rf"(?<![\w-]){escape(key)}(?![\w-])"
    return any(isinstance(each, str) and search(whole, each) is not None for each in texts)


def _plan(c: Context, entry: tables.Entry, beginning: str, moving: Iterable[str]) -> str:
    """Find an exception in the project that was answered with an exception plan.

    It moves the baselines that its tolerances hold a forecast against, and no others.
    """
    rows = [
        each for each in c.uow.obligations.of_project(entry.project) if each.kind == "exception"
    ]
    ids = [each.id for each in rows if each.id.startswith(beginning)]
    id = the_one(ids, beginning, "exception")
    row = next(each for each in rows if each.id == id)
    if row.details.get("answer", {}).get("as") != "plan":
        raise Refusal(f"exception {id[:8]} was not answered with an exception plan")
    if row.subject_id not in {entry.id, entry.project}:
        raise Refusal(f"exception {id[:8]} is about {row.details['title']}, not {entry.key}")
    held = [each.measured for each, _ in kept_tolerances(c, row) if each.measured is not None]
    own = sorted({str(e.against) for e in held if e.register == entry.register_name and e.against})
    if other := sorted(set(moving) - set(own)):
        about = " and ".join(own) or f"none of {entry.register_name}"
        raise Refusal(
            f"exception {id[:8]} moves {about}, and not {' and '.join(other)}: its plan moves what"
            " its tolerance holds the forecast against"
        )
    _require_plan(c, row)
    return id[:8]


def _require_plan(c: Context, exception: tables.Obligation) -> None:
    """Refuse to move a baseline by an exception plan that nobody has given yet."""
    rows = c.uow.obligations.of_subject(exception.subject_id)
    plans = [e for e in rows if (e.kind, e.target, e.rule) == ("evidence", PLAN, exception.rule)]
    since = [e for e in plans if e.opened_at >= (exception.closed_at or e.opened_at)]
    if not any(e.status in {"met", "waived"} for e in since):
        waits = f": {since[-1].id[:8]} waits for it" if since else ""
        raise Refusal(
            f"the {PLAN} of exception {exception.id[:8]} is not there yet{waits}; whoever is asked"
            " for it gives it with 'pmo answer'"
        )


def _require_once(c: Context, entry: tables.Entry, by: str) -> None:
    if any(each.reason == f"{MOVED_BY}{by}" for each in c.uow.entries.versions(entry.id)):
        raise Refusal(f"{by} moved a baseline of {entry.key} already")


def _moved(
    c: Command, register: Register, entry: tables.Entry, typed: Mapping[str, Any], by: str
) -> tuple[tables.Entry, Decision]:
    given = {name: to_json(value) for name, value in typed.items()}
    before = {name: entry.document[name] for name in given}
    document = with_firsts(register, entry.document, {**entry.document, **given})
    left = through(c, entry, given)
    after = {"document": document, "policy_digest": c.policy.digest, **left.now}
    c.uow.entries.revise(entry, reason=f"{MOVED_BY}{by}", stands=left.stands, **after)
    body = {"key": entry.key, "version": entry.version, "by": by, "from": before, "to": given}
    c.journal(EventName.of(register.noun, "rebaselined"), body, entry.project, entry.id)
    changes = tuple(f"{n}: {before[n]}, now {v}" for n, v in given.items())
    name = EventName.of(register.noun, UPDATED)
    return entry, decide_entry(
        c, entry, name, settled=left.settled, changes=changes, stands=left.stands
    )
