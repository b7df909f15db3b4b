"""Turns decisions into work: obligations opened, kept, withdrawn; their timers and notices."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pmo_engine.model.durations import Span
from pmo_engine.model.event_names import EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.ladders import A_PERSON, timetable
from pmo_engine.queries.obligations import (
    ANSWERS,
    MOVE,
    RAISED_BY,
    gave_reasons_before,
    is_answered,
    is_for_same,
    same_as,
)
from pmo_engine.store import tables
from pmo_engine.work.approvals import bodies, rising, windows
from pmo_engine.work.approvals.asking import Put, get_stuck, put_to, tell_stuck
from pmo_engine.work.approvals.counting import as_kept, kept_signatures, signatures_of
from pmo_engine.work.approvals.eligible import About, case_of, new_case
from pmo_engine.work.approvals.signing import (
    asked_before,
    asked_now,
    begin,
    is_held,
    is_turn_of,
)
from pmo_engine.work.approvals.taking_back import release, tell_released
from pmo_engine.work.governance import System
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.asking import (
    is_meant,
    notices_asking,
    notices_to_kept_out,
    tell,
    tell_to,
)
from pmo_engine.work.notices.papers import PAPERS
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.subjects import kind_of
from pmo_engine.work.tolerances.reporting import report, report_anew
from pmo_engine.work.without_rate import RATE, amount_without_rate, who_sets_rates, why_asked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Policy
    from pmo_engine.queries import dossiers
    from pmo_engine.store.tables import ObligationStatus
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


GIVEN = frozenset({"assessment", "evidence", "exception"})
"""What people give to what a record is about, and not to a version of what it says."""
NOT_TIMED = frozenset({"notice", "block", "return"})
"""What nobody is chased for, or for which its round says the time."""
OF_ITSELF = frozenset({"information", "block"})
"""What a record meets by what it says, and nobody gives."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What obligations are about: an entry or a gate review, and how people call it."""

    id: str
    project: str | None  # None: the office itself
    title: str  # "Change request CR-1 of P-1"
    asker: str  # the person who submitted or opened it
    version: int  # of what people are asked about
    kind: str  # of subjects
    row: Any
    since: datetime | None = None  # when it came to be; None: just now
    stands_from: int | None = None  # the version since which what was given stands; None: this one
    changes: tuple[str, ...] = ()  # since they were asked last: "cost: 5,000 GBP, now 9,000 GBP"
    remarks: tuple[str, ...] = ()  # what whoever decides is told beside the reasons
    role: str | None = None  # who is asked where a rule names nobody; None: the asker
    papers: tuple[str, ...] = ()  # what goes to whoever is asked for an approval


GOES_ALONG = (MOVE, ANSWERS, "beside", "independent", "when_time_is_up")
"""The details of an approval that go along where it is asked anew as it was."""
NO_DETAILS: Mapping[str, Any] = MappingProxyType({})
AGAIN = frozenset({"moved", "closed", "reopened"})
"""What may happen to a record several times, of which people hear each time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An obligation that a decision asks for, why, and the id of that decision as it was kept."""

    item: Obligation
    reasons: tuple[str, ...]
    decision_id: str


def reconcile(
    c: Command,
    subject: Subject,
    decision: Decision,
    kept: tables.Decision,
    *,
    first: bool = False,
    still: frozenset[str] = frozenset(),
    only: Collection[str] | None = None,
) -> None:
    """Bring open obligations in line with a decision, by rule, kind and target.

    What is still asked keeps its deadline; what is no longer asked is withdrawn (or met, where a
    fact that was asked for has been given), unless rules on another event asked for it, which were
    not judged. A ``first`` decision has none to bring in line.
    ``kept`` is the decision as it was stored. What rules said that hold ``still`` is told no second
    time, nor does time ask again for what they had. ``only``: the rules whose obligations are
    meant, of a record that is decided; they ask for no approval of it any more.
    """
    standing = [] if first else c.uow.obligations.open_for(subject.id)
    judged = judged_by(c, EventName(kept.event), kept.at, standing)
    left = {row.id: row for row in judged if only is None or row.rule in only}
    left = {id: row for id, row in left.items() if not may_still_be(row, decision)}
    apart = [row for row in standing if row.id not in left]
    by_time = EventName(kept.event).rhythm is not None
    given = _still_given(c, subject)
    new, again = [], []
    for each in asked_in(decision, kept, subject.remarks, only):
        if any(same_as(row, each.item) for row in given) or _is_reported(c, subject, each, still):
            continue
        there = (*left.values(), *filter(is_beside, apart))
        same = next((row for row in there if same_as(row, each.item)), None) or next(
            (row for row in there if is_beside(row) and is_for_same(row, each.item)), None
        )
        if same is None:
            if not (by_time and still.issuperset(each.item.rules)) and not _waits(apart, each):
                new.append(each)
        else:
            left.pop(same.id, None)
            again.append((each, same))
    sooner, others = in_turn(c.policy, new)
    for each in sooner:
        open_obligation(c, subject, each)
    for each, row in sorted(again, key=lambda pair: not asked_before(c.policy, pair[0].item)):
        _keep(c, subject, row, each)
    ask_instead(c, subject, left.values(), others)
    time = str(kept.subject_version) if decision.event.name.what in AGAIN else ""
    tell(c, subject, decision, still=still, occasion=time, only=only)


def may_still_be(row: tables.Obligation, decision: Decision) -> bool:
    """Tell whether it cannot be said if something is asked for still, so that it stays asked.

    An approval does not: it was asked of what a record said then, and is asked anew. Nor does what
    hangs on a fact that a new version of the record leaves open: it is asked for by itself.
    """
    rules, found = {row.rule, *row.also_rules}, decision.outcomes
    by_time = decision.event.name.rhythm is not None
    open_ones = found.faults.keys() | (found.unknown.keys() if by_time else set())
    return row.kind in GIVEN and not rules.isdisjoint(open_ones) and rules.isdisjoint(found.fired)


def _waits(apart: Iterable[tables.Obligation], asked: Asked) -> bool:
    """Tell whether an approval is asked for already, by a rule that another event judges."""
    item = asked.item
    wanted = (item.kind, item.target, item.act)
    return item.kind == "approval" and any((r.kind, r.target, r.act) == wanted for r in apart)


def judged_by(
    c: Context, event: EventName, at: datetime, rows: Sequence[tables.Obligation]
) -> list[tables.Obligation]:
    """Choose the obligations that an event has a say in: its rules asked for them.

    What no rule of the policy asks for any more, every event but the clock's has a say in, and in
    what is asked by a rule that is not in force any more; none has in what was asked beside what
    the record says.
    """
    judging: Collection[str] = c.rules.selection(event, at).by_id.keys()
    known = c.rules.rule_ids if event.rhythm is None else None
    if event.rhythm is None and rows:
        judging = c.rules.ever_judging(event)
    return [row for row in rows if not is_beside(row) and _is_of(row, judging, known)]


def _is_of(row: tables.Obligation, judging: Collection[str], known: frozenset[str] | None) -> bool:
    rules = {row.rule, *row.also_rules}
    return not rules.isdisjoint(judging) or (known is not None and rules.isdisjoint(known))


def _still_given(c: Command, subject: Subject) -> list[tables.Obligation]:
    """Give what was answered, and stands though its subject says something else by now."""
    since = subject.stands_from
    if since is None:
        return []
    rows = c.uow.obligations.of_subject(subject.id)
    ended = (row for row in rows if row.status not in {"open", "withdrawn"})
    given = (row for row in ended if row.kind not in OF_ITSELF)
    return [row for row in given if row.subject_version >= since]


def _is_reported(c: Command, subject: Subject, asked: Asked, still: frozenset[str]) -> bool:
    """Tell whether an exception was answered, and its cause is what it was.

    Either the rule on time that raised it holds ``still``, or the reasons are those of before.
    """
    item = asked.item
    if subject.version == 1 or not is_answered(c.uow, subject.id, item):
        return False
    return still.issuperset(item.rules) or gave_reasons_before(
        c.uow, subject.id, item, asked.reasons, asked.decision_id
    )


def in_turn(policy: Policy, new: Iterable[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Tell those who are asked before others decide from the others."""
    found: tuple[list[Asked], list[Asked]] = ([], [])
    for each in new:
        found[not asked_before(policy, each.item)].append(each)
    return found


def asked_in(
    decision: Decision,
    kept: tables.Decision,
    remarks: tuple[str, ...] = (),
    only: Collection[str] | None = None,
) -> Iterator[Asked]:
    """Give what a decision asks of people, each with its reasons; ``only``: what rules ask."""
    for item, said in zip(decision.obligations, kept.result.obligations, strict=True):
        if item.kind != "notice" and is_meant(item, only):
            more = remarks if item.kind == "approval" else ()
            yield Asked(item, (*said.reasons, *more), kept.id)


def is_beside(row: tables.Obligation) -> bool:
    """Say whether it was asked for by what happened to a record, and not by what this says."""
    return bool(row.details.get("beside"))


def _keep(c: Command, subject: Subject, row: tables.Obligation, asked: Asked) -> None:
    """Keep what is asked all the same; an approval is asked anew, since a vote is on a version."""
    if row.kind in GIVEN:
        _join(c, subject, row, asked)
    if row.kind == "exception":
        report_anew(c, row, subject.row)
    if row.subject_version == subject.version:
        return
    stands = subject.stands_from is not None and row.subject_version >= subject.stands_from
    if row.kind == "approval" and not stands:
        _ask_anew(c, subject, row, asked)
    else:
        c.uow.obligations.change(row, subject_version=subject.version, reasons=list(asked.reasons))
        report(c, subject, row)


def _join(c: Command, subject: Subject, row: tables.Obligation, asked: Asked) -> None:
    """Let more rules ask for what is asked already; what else is raised to people they hear."""
    more = [each for each in asked.item.rules if each not in {row.rule, *row.also_rules}]
    if not more:
        return
    joined = [*row.also_rules, *more]
    c.uow.obligations.change(row, also_rules=joined, reasons=list(asked.reasons))
    report(c, subject, row)
    if row.kind == "exception":
        key, said = f"{row.id}/{asked.decision_id}", "More is raised than you were told of."
        tell_to(c, row, notices.waited_for(c, row), key, said)


def _ask_anew(
    c: Command,
    subject: Subject,
    row: tables.Obligation,
    asked: Asked,
    more: Mapping[str, Any] = NO_DETAILS,
) -> None:
    """Open an approval again under another id, where it is open in its place; its time runs on."""
    before = None
    if row.status == "open":
        before = row
        c.uow.obligations.close(row, "withdrawn", cancel_rungs=False)
    new = open_obligation(c, subject, asked, before=before, more=more)
    details = {**row.details, "asked_anew": new.id, "changes": list(subject.changes)}
    c.uow.obligations.change(row, details=details)


def ask_others_anew(c: Command, subject: Subject, event: EventName) -> None:
    """Ask anew what was asked, and given, beside what a record says or by what happened to it.

    Whoever voted or assessed did so on what it said before. What the ``event`` of its change
    judges is asked for by that.
    """
    rows = c.uow.obligations.of_subject(subject.id)
    judged = {row.id for row in judged_by(c, event, c.now, rows)}
    for row in rows:
        older = row.subject_version < subject.version and "asked_anew" not in row.details
        if row.id in judged or not older or not _is_void(row):
            continue
        within = windows.time_for(c, row)
        item = replace(as_asked(row), also=tuple(row.also_rules), within=within)
        kept = {name: row.details[name] for name in GOES_ALONG if name in row.details}
        _ask_anew(c, subject, row, Asked(item, tuple(row.reasons), row.decision_id), kept)


def _is_void(row: tables.Obligation) -> bool:
    """Tell whether what is asked, or was given, hangs on what its subject said."""
    if row.status == "open":
        return row.kind == "approval"
    done = MOVE in row.details or ANSWERS in row.details
    return row.status == "met" and row.kind in {"approval", "assessment"} and not done


def ask_instead(
    c: Command, subject: Subject, gone: Collection[tables.Obligation], new: Iterable[Asked]
) -> None:
    """Ask for what is new instead of what is gone; a fact that was asked for has been given.

    Whoever is asked about it no more hears so, unless something else about it waits for them.
    """
    new = list(new)
    why = "; ".join(subject.changes) or "no rule asks for it any more"
    said = f"It is not asked for any more: {why}."
    for row in [each for each in gone if each.kind == "information"]:
        meet(c, row)
    facts = [each for each in new if each.item.kind == "information"]
    whys = {row.id: _unjudged_by_now(c, subject, row, facts) or said for row in gone}
    released = [(release(c, [row], whys[row.id]), whys[row.id]) for row in gone]
    for each in new:
        open_obligation(c, subject, each)
    if any(rows for rows, _ in released):
        still = c.uow.obligations.open_for(subject.id)
        heard = {person for row in still for person in notices.waited_for(c, row)}
        for rows, because in released:
            tell_released(c, rows, because, heard)


def _unjudged_by_now(
    c: Context, subject: Subject, row: tables.Obligation, facts: Iterable[Asked]
) -> str:
    """Say why nothing can be said of what was asked: a fact is asked for that its rule needs."""
    rules = {row.rule, *row.also_rules}
    missing = next((each for each in facts if not rules.isdisjoint(each.item.rules)), None)
    if missing is None:
        return ""
    asked, _ = _of_a_rate(c, subject, missing)
    return "\n".join(["It is not asked of you by now.", *asked.reasons])


def meet(c: Command, row: tables.Obligation) -> None:
    """Close what was asked for and is there."""
    c.uow.obligations.close(row, "met")
    c.journal("obligation.met", {"obligation": row.id, "rule": row.rule}, row.chain, row.subject_id)


def open_obligation(
    c: Command,
    subject: Subject,
    asked: Asked,
    before: tables.Obligation | None = None,
    *,
    beside: bool = False,
    independent: bool = False,
    due: datetime | None = None,
    more: Mapping[str, Any] = NO_DETAILS,
) -> tables.Obligation:
    """Open an obligation: its row, its timers, notices to those who may act, the journal.

    One that is asked anew has the deadline and timers of that ``before`` it. What is asked
    ``beside`` what the record says stays when that changes. ``independent``: of nobody who has a
    role in its project. ``due``: when, where it is no time allowed from now on. ``more``: what else
    is kept with it.
    """
    asked = _by_default(c, asked, due)
    row = row_of(c, subject, asked)
    row.details |= more
    if row.kind == "exception" and not isinstance(c.actor, System):
        row.details.setdefault(RAISED_BY, str(c.actor))
    report(c, subject, row)
    row.due_at = due or row.due_at
    if independent:
        row.details["independent"] = True
    if beside:
        row.details["beside"] = True
    if row.kind == "approval":
        begin(c, row, asked.item.within)
    goes_on = before is not None and not (is_held(before) or is_held(row))
    if before is not None and goes_on:
        row.opened_at, row.due_at = before.opened_at, before.due_at
    put_up(c, row, asked_now(row))
    waiting = [] if before is None or is_held(row) else c.uow.addressees.of(before.id)
    put = _put_to(c, row, subject, waiting)
    row.details["told"] = put.people
    row.stuck_since = c.now if put.why_nobody else None
    c.uow.obligations.add(row)
    c.uow.votes.begin(row.id)
    if before is not None and goes_on:
        c.uow.rungs.pass_on(before.id, row.id)
    else:
        of_person = row.details["role"] is None and row.kind != "approval"
        start_timers(c, row, [A_PERSON] if of_person else asked_now(row))
        if before is not None:
            c.uow.rungs.cancel(before.id)
    c.uow.addressees.add_new(_of(row, each) for each in put.waits)
    _journal_opened(c, row, subject, put)
    about = subject.kind, subject.row
    c.uow.outbox.add_new(notices_asking(c, row, put.people, subject.changes, about))
    c.uow.outbox.add_new(notices_to_kept_out(c, row, put.kept_out, subject.asker))
    if put.why_nobody:
        tell_stuck(c, row, put.why_nobody, new=True)
    elif windows.start(c, row, asked_now(row)) or _went_up(row, put):
        rising.begin(c, row)
    return row


def _by_default(c: Context, asked: Asked, due: datetime | None) -> Asked:
    """Give what the engine itself asks of somebody the time and the ladder of the policy."""
    item, policy = asked.item, c.policy
    timed = due is not None or item.within is not None or policy.default_within is None
    if item.kind in NOT_TIMED or (timed and (item.ladder or policy.default_ladder is None)):
        return asked
    within = item.within if timed else policy.default_within
    ladder = item.ladder or policy.default_ladder
    return replace(asked, item=replace(item, within=within, ladder=ladder))


def _went_up(row: tables.Obligation, put: Put) -> bool:
    """Tell whether an approval waits for others than it was asked of."""
    asked = {*asked_now(row)}
    return row.kind == "approval" and any(each.role not in asked for each in put.waits)


def put_up(c: Context, row: tables.Obligation, roles: Iterable[str]) -> None:
    """Fix the members of each body that votes on an approval, when it is asked."""
    if row.kind != "approval":
        return
    for each in signatures_of(row).of:
        if each.role in roles and each.count is None and bodies.has_ballot(c.policy, each.role):
            body = bodies.put_up(c, each.role, row.project)
            row.details = bodies.with_body(row.details, body)


def _of(row: tables.Obligation, waiting: tables.Addressee) -> tables.Addressee:
    waiting.obligation_id = row.id
    return waiting


def _put_to(
    c: Command, row: tables.Obligation, subject: Subject, before: list[tables.Addressee]
) -> Put:
    """Find for whom a new obligation waits, and who is told."""
    if row.details["role"] is None and "signatures" not in row.details:
        return Put([tables.Addressee(person=subject.asker)], [subject.asker])
    about = About(kind_of(subject.kind), subject.kind, subject.row, subject.since or c.now)
    still = [each for each in before if each.role and is_turn_of(row, each.role)]
    return put_to(new_case(c, row, about, still), asked_now(row), still)


def _journal_opened(c: Command, row: tables.Obligation, subject: Subject, put: Put) -> None:
    body: dict[str, Any] = {
        "obligation": row.id,
        "subject": subject.title,
        "kind": row.kind,
        "rule": row.rule,
        "target": row.target,
        "due": None if row.due_at is None else row.due_at.isoformat(),
        "clause": row.clause,
        "told": put.people,
        **({"act": row.act} if row.act else {}),
    }
    if put.kept_out:
        body["kept_out"] = put.kept_out
    c.journal("obligation.opened", body, row.chain, row.subject_id)


def address_to(c: Command, row: tables.Obligation, roles: Sequence[str]) -> list[str]:
    """Let it wait for roles too, and give who is told; where nobody may act for one, it goes up."""
    put_up(c, row, roles)
    case = case_of(c, row)
    put, there = put_to(case, roles), {each.role for each in case.waits}
    c.uow.addressees.add_new(_of(row, each) for each in put.waits if each.role not in there)
    if put.why_nobody:
        get_stuck(c, row, put.why_nobody)
    elif windows.start(c, row, roles) or _went_up(row, put):
        rising.begin(c, row)
    return put.people


def row_of(c: Context, subject: Subject, asked: Asked) -> tables.Obligation:
    """Make the row of what a decision asks for; it is nowhere yet."""
    asked, lacking = _of_a_rate(c, subject, asked)
    item, within = asked.item, asked.item.within
    up, calendar = item.when_time_is_up, calendar_for(c, subject.project)
    return tables.Obligation(
        project=subject.project,
        subject_id=subject.id,
        subject_version=subject.version,
        decision_id=asked.decision_id,
        rule=item.rule,
        kind=item.kind,
        target=item.target,
        act=item.act,
        also_rules=list(item.also),
        binding=item.binding,
        opened_at=c.now,
        due_at=None if within is None else calendar.deadline(c.now, within),
        ladder=item.ladder,
        clause=item.clause,
        reasons=list(asked.reasons),
        details={
            "title": subject.title,
            "role": item.role or subject.role,
            "text": item.text,
            **({} if lacking is None else {RATE: lacking}),
            **({PAPERS: [*subject.papers]} if item.kind == "approval" and subject.papers else {}),
            **({} if item.max_age is None else _aging(item)),
            **({} if item.signatures is None else {"signatures": as_kept(item.signatures)}),
            **({} if up is None else {"when_time_is_up": {"means": up.means, "source": up.source}}),
        },
    )


def _of_a_rate(c: Context, subject: Subject, asked: Asked) -> tuple[Asked, str | None]:
    """Ask a rate that is missing of who can set it, and not of who said the amount.

    Gives which currency's it is, too; None where no rate is missing.
    """
    item = asked.item
    if item.kind != "information" or not isinstance(subject.row, tables.Entry):
        return asked, None
    amount = amount_without_rate(c, subject.row, item.target)
    if amount is None:
        return asked, None
    of_whom = replace(item, role=who_sets_rates(c))
    return replace(asked, item=of_whom, reasons=why_asked(c, item.target, amount)), amount.currency


def _aging(item: Obligation) -> dict[str, str]:
    """Keep how old evidence may be, and how long it takes to give it."""
    within = {} if item.within is None else {"within": str(item.within)}
    return {"max_age": str(item.max_age), **within}


def start_timers(
    c: Command, row: tables.Obligation, roles: Iterable[str], since: datetime | None = None
) -> None:
    """Set the rungs of an obligation's ladder for those who are asked, each at its moment.

    Two roles whose rungs would do the same at the same time have one of it.
    """
    windows.start_own(c, row)
    ladder = c.policy.ladders.get(row.ladder) if row.ladder is not None else None
    if ladder is None or row.due_at is None:
        return
    start = since or row.opened_at
    calendar, due = calendar_for(c, row.project), row.due_at
    found = [d for r in roles for d in timetable(c.policy, ladder, r, start, due, calendar)]
    once = {(each.moment, each.rung.action, each.role): each for each in found}
    first = 1 if since is None else len(c.uow.rungs.of_obligation(row.id)) + 1
    plain = len(once) == len({each.number for each in once.values()}) and first == 1
    c.uow.rungs.add_all(
        tables.Rung(
            obligation_id=row.id,
            rung=each.number if plain else place,
            due_at=each.moment,
            action=each.rung.action,
            role=each.role,
        )
        for place, each in enumerate(once.values(), first)
    )


def close_all(c: Context, rows: Iterable[tables.Obligation], status: ObligationStatus) -> None:
    """Close what is open of some obligations."""
    for row in rows:
        if row.status == "open":
            c.uow.obligations.close(row, status)


def as_asked(row: tables.Obligation | dossiers.Asked) -> Obligation:
    """Give an obligation as the engine asked for it, which is what prose speaks of."""
    facts = (FactPath(row.target),) if row.kind == "information" else ()
    return Obligation(
        row.kind,
        row.rule,
        row.target,
        row.binding,
        role=row.details["role"],
        ladder=row.ladder,
        facts=facts,
        clause=row.clause,
        text=row.details["text"],
        act=row.act,
        signatures=kept_signatures(row),
        within=_span(row, "within"),
        max_age=_span(row, "max_age"),
    )


def _span(row: tables.Obligation | dossiers.Asked, name: str) -> Span | None:
    return Span.parse(row.details[name]) if name in row.details else None
