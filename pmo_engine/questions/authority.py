"""Questions about authority: who may decide this, what may a role or person do, which records wait.

They only read. The answer is the one that votes are judged by.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.wire import to_json
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.money import Money
from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import A_GATE, A_RECORD
from pmo_engine.policy.events import make_event, read_event
from pmo_engine.policy.selection import holders_of
from pmo_engine.prose.names import with_article
from pmo_engine.queries.authority import (
    HeldRole,
    OpenRecord,
    Powers,
    RecordsOf,
    WhoMay,
    given,
    held_role,
    powers,
    standings_shown,
)
from pmo_engine.store import tables
from pmo_engine.work.approvals import limits, too_late
from pmo_engine.work.approvals.asking import put_to
from pmo_engine.work.approvals.eligible import About, cases, new_case
from pmo_engine.work.approvals.signing import asked_now, begin, waits_first
from pmo_engine.work.approvals.too_late import NOT_OVER
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import limited_by
from pmo_engine.work.gates.course import body_approval
from pmo_engine.work.gates.judging import target_of
from pmo_engine.work.gates.naming import gate_named, subject_of
from pmo_engine.work.obligations import Asked, Subject, put_up, row_of
from pmo_engine.work.people.gathered import people as gathered
from pmo_engine.work.people.handing_on import require_acts
from pmo_engine.work.records.naming import home_of
from pmo_engine.work.records.settlement import title_of
from pmo_engine.work.seats import no_seat
from pmo_engine.work.subjects import kind_of
from pmo_engine.work.without_rate import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.policy import Authority, Limit, Register
    from pmo_engine.policy.events import Event
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.approvals.too_late import Ended
    from pmo_engine.work.governance import Context


def role_named(c: Context, name: str) -> str:
    """Give a role of the policy back; raises CommandError for one that there is not."""
    if name not in c.policy.roles:
        known = ", ".join(sorted(c.policy.roles))
        raise CommandError(f"the policy has no role '{name}'; it has {known}")
    return name


def register_with(c: Context, project: str, key: str) -> str:
    """Find the register in which a project has a key; raises CommandError for none or several."""
    registers = c.policy.registers
    homes = {id: home_of(c.policy, each, project) for id, each in registers.items()}
    if not any(map(c.uow.projects.is_there, {project, *homes.values()})):
        c.uow.projects.get(project)
    found = [id for id, home in homes.items() if c.uow.entries.has_key(home, id, key)]
    if len(found) != 1:
        said = f"in {' and '.join(sorted(found))}" if found else "in no register"
        raise CommandError(f"{key} of {project} is {said}: give --register, or another key")
    return found[0]


def on_day(c: Context, day: date | None) -> Context:
    """Give the same view as it will be, or was, at noon of a day at the office."""
    if day is None or day == c.today:
        return c
    noon = datetime.combine(day, time(12), c.zone).astimezone(UTC)
    return replace(c, now=noon)


def who_about(c: Context, entry: Entry) -> list[WhoMay]:
    """Say who may act on everything that is open about a record."""
    return _all_shown(c, cases(c, c.uow.obligations.open_for(entry.id)))


def who_at_gate(c: Context, review_id: str) -> list[WhoMay]:
    """Say who may act on everything that is open at a gate, and who will decide it.

    Until its body is asked, whom it would be put to now is said, without an id.
    """
    review = c.uow.gate_reviews.get(review_id)
    under, rows = c.under(review), c.uow.obligations.open_for(review.id)
    found = cases(c, rows)
    item = body_approval(gate_named(under, review.gate))
    asked = any((row.kind, row.target) == ("approval", item.target) for row in rows)
    if review.status != "closed" and not asked:
        found.append(_as_asked(under, subject_of(review), Asked(item, (), "")))
    return _all_shown(c, found)


AFTER_ALL = sys.maxsize
"""The place, in the order of entry, of a record that nobody has entered yet."""

_OF_A_ROLE = frozenset({"approval", "assessment", "evidence", "exception"})


def who_on_event(c: Context, raw: Mapping[str, Any], on: date | None) -> list[WhoMay]:
    """Say who would be asked if an event happened, and who may decide.

    Also those to whom it would go up at once. What limits of authority look at, and the event does
    not say, is as the store has it. Raises EventError, NotFound for a project that there is not.
    """
    event = read_event(c.policy, raw)
    if event.project is None:
        raise CommandError("the event says no 'project', and who holds a role is said by project")
    c.uow.projects.get(event.project)
    subject = _imagined(c, event)
    decision = c.rules.engine.decide(_with_what_is_known(c, event, subject), on=on)
    return [
        _shown(_as_asked(c, subject, Asked(item, (), "")), NOT_OVER)
        for item in decision.obligations
        if item.kind == "information" or (item.kind in _OF_A_ROLE and item.role)
    ]


def _one(register: Register) -> str:
    """Name a record without a key: 'A change request'."""
    named = with_article(words(register.noun))
    return f"{named[:1].upper()}{named[1:]}"


def _as_asked(c: Context, subject: Subject, asked: Asked) -> Case:
    """Give something as it would be asked now, and of whom, without asking anybody."""
    row = row_of(c, subject, asked)
    if row.kind == "approval":
        begin(c, row, asked.item.within)
    roles = asked_now(row)
    put_up(c, row, roles)
    about = About(kind_of(subject.kind), subject.kind, subject.row, subject.since or c.now)
    case = new_case(c, row, about)
    return replace(case, waits=tuple(put_to(case, roles).waits))


def _with_what_is_known(c: Context, event: Event, subject: Subject) -> Event:
    """Give an event of a project that there is what limits look at beside its record."""
    entry = subject.row
    if not isinstance(entry, tables.Entry) or not c.uow.projects.is_there(entry.project):
        return event
    register = c.policy.registers[entry.register_name]
    listed = register.plural in c.rules.looked_at(event.name, c.now)
    known = limited_by(c, entry, register, event.name, listed=listed)
    return make_event(c.policy, event.name, event.at, known | dict(event.facts), event.project)


def _imagined(c: Context, event: Event) -> Subject:
    """Make the record, or the gate, that an event speaks of, without putting it anywhere."""
    actor = str((event.facts.get("actor") or {}).get("id") or "")
    register = c.policy.register_of(event.name.noun)
    if register is None:
        gate = str((event.facts.get("gate") or {}).get("id") or "")
        review = tables.GateReview(
            id="", project=event.project or "", gate=gate, opened_at=c.now, opened_by=actor
        )
        return Subject("", event.project, str(event.name), actor, 1, A_GATE, review, c.now)
    record = event.facts.get(register.root) or {}
    fields = {name: to_json(v) for name, v in record.items() if name in register.fields}
    entry = tables.Entry(
        id="",
        project=event.project or "",
        register_name=register.id,
        key=str(record.get("key") or ""),
        status=register.life.first,
        document=fields,
        submitted_by=str(record.get("submitted_by") or actor) or None,
        owner=record.get("owner"),
        due=record.get("due"),
        entered=AFTER_ALL,
    )
    title = title_of(c, entry) if entry.key else f"{_one(register)} of {event.project}"
    return Subject("", event.project, title, actor, 1, A_RECORD, entry, c.now)


def _all_shown(c: Context, found: Sequence[Case]) -> list[WhoMay]:
    ended = too_late.ended(c, [case.row for case in found])
    return [_shown(case, ended.get(case.row.id, NOT_OVER)) for case in found]


def _shown(case: Case, ended: Ended) -> WhoMay:
    roles = case.deciding or case.asked
    return WhoMay(
        id=case.row.id or None,
        title=case.row.details["title"],
        kind=case.row.kind,
        act=_act(case),
        roles=list(roles),
        clause=case.row.clause,
        version=case.row.subject_version,
        standings=standings_shown(_now(case, _held_to_limits(case), ended), case.people),
    )


def _held_to_limits(case: Case) -> Iterator[Standing]:
    """Judge everybody as their vote would be, by the limits as they are now."""
    row, entry = case.row, case.about.row
    is_record = case.is_decision and case.about.name == A_RECORD
    undecided = is_record and row.id and entry.standing in UNDECIDED
    for each in case.everybody():
        why = limits.beyond(case.c, row, each.role, entry) if undecided and each.may else ""
        why_not = f"may not approve it by now: {why}"
        yield replace(each, may=False, why_not=why_not) if why else each


def _now(case: Case, found: Iterable[Standing], ended: Ended) -> list[Standing]:
    """Say who comes too late, and that nobody decides yet what others are asked about first."""
    if first := waits_first(case.c, case.row):
        why = f"is not asked yet: it waits for {first}"
        return [replace(each, may=False, why_not=why) if each.may else each for each in found]
    return ended.of(found)


def _act(case: Case) -> str:
    """Name the act that is asked for: of what is no decision, what is to be given."""
    row = case.row
    match row.kind:
        case "information" if RATE in row.details:
            return f"set a rate of {row.details[RATE]}"
        case "information":
            return f"say {row.target}"
        case "evidence":
            return f"show {row.target}"
        case "assessment" if row.target.startswith(target_of("")):
            return f"judge {row.target}"
        case "assessment" | "exception":
            return f"give {row.kind}"
    return case.reach.act


def _held(c: Context, each: Any) -> HeldRole:
    return held_role(each, no_seat(c, each.person, each.role, each.project))


def powers_of_role(c: Context, role: str) -> Powers:
    """Say what a role may do on the day, who holds it, and what its holders delegated."""
    people = gathered(c)
    held = [each for each in people.holdings if each.role == role]
    holders = {each.person for each in held}
    terms = c.policy.terms.get(role)
    return Powers(
        on=c.today.isoformat(),
        held=[_held(c, each) for each in held],
        powers=list(powers(c, role)),
        delegations_out=[given(d) for p in sorted(holders) for d in people.given_by(p, c.today)],
        delegations_in=[given(d) for p in sorted(holders) for d in people.given_to(p, c.today)],
        may_not=list(terms.may_not) if terms else [],
        may_despite=[f"{e.interest} ({e.source})" for e in terms.may_despite] if terms else [],
    )


def powers_of_person(c: Context, person: str) -> Powers:
    """Say what somebody may do on the day by the roles that they hold, and for whom; NotFound."""
    c.uow.people.get(person)
    people = gathered(c)
    held = [each for each in people.holdings if each.person == person]
    roles = dict.fromkeys(each.role for each in held)
    return Powers(
        on=c.today.isoformat(),
        held=[_held(c, each) for each in held],
        powers=[power for role in roles for power in powers(c, role)],
        delegations_out=[given(each) for each in people.given_by(person, c.today)],
        delegations_in=[given(each) for each in people.given_to(person, c.today)],
        may_not=[],
        may_despite=[],
    )


def records_of(c: Context, role: str, act: str) -> RecordsOf:
    """List the open records that wait for a role to do an act, the earliest due first.

    Raises CommandError for an act that there is not.
    """
    rows = [row for row in c.uow.obligations.open_for_roles() if row.kind == "approval"]
    found = [case for case in cases(c, rows) if role in case.deciding and case.reach.act == act]
    if not found:
        require_acts(c.policy, [act])
    found.sort(key=lambda case: (case.row.due_at is None, case.row.due_at, case.row.id))
    ended = too_late.ended(c, [case.row for case in found])
    holders = [(name, limits) for name, limits in holders_of(c.policy, act, c.today)]
    names = [name for name, _ in holders]
    below = holders[: names.index(role)] if role in names else []
    return RecordsOf(
        role=role,
        act=act,
        above=_in_words(max(filter(None, (_limit(limits) for _, limits in below)), default=None)),
        up_to=_in_words(_limit(dict(holders).get(role, ()))),
        powers=[each for each in powers(c, role) if each.act == act and role in names],
        records=[_open(case, ended.get(case.row.id, NOT_OVER)) for case in found],
    )


def _limit(limits: Iterable[tuple[Authority, Limit]]) -> Money | None:
    """Give the amount up to which a role may go in each case, whatever else is so."""
    always = (each for item, each in limits if not (item.cumulative or item.is_conditional))
    return min((each.value for each in always if isinstance(each.value, Money)), default=None)


def _in_words(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)


def _open(case: Case, ended: Ended) -> OpenRecord:
    row, amount = case.row, case.reach.amount
    return OpenRecord(
        id=row.id,
        title=row.details["title"],
        project=row.project,
        amount=None if amount is None else str(amount),
        since=row.opened_at.isoformat(),
        due=None if row.due_at is None else row.due_at.isoformat(),
        may=[each.person for each in _now(case, case.standings(), ended) if each.may],
    )
