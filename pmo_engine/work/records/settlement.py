"""What the engine is asked about an entry, and what follows: decided, settled, decided again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pmo_engine.decisions.passing import why_it_passes
from pmo_engine.model.event_names import SUBMITTED, UPDATED, EventName
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.policy import AutoApprove, RequireApproval
from pmo_engine.policy.registers import APPROVED
from pmo_engine.queries.obligations import ANSWERS, MOVE
from pmo_engine.store import tables
from pmo_engine.work.approvals.asking import tell_head
from pmo_engine.work.approvals.departing import departs
from pmo_engine.work.approvals.outcome import as_kept, in_words, votes_on
from pmo_engine.work.approvals.signing import DECIDES, asks_before, what_it_does
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.approvals.turns import release
from pmo_engine.work.facts import entry_event, kept_facts
from pmo_engine.work.governance import SYSTEM, System
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Subject, ask_others_anew, reconcile
from pmo_engine.work.records.living import hold_what_is_asked
from pmo_engine.work.records.open_moves import take_moves_back
from pmo_engine.work.records.remarks import remarks_about
from pmo_engine.work.records.undoing import tell_what_stays
from pmo_engine.work.timed import watching
from pmo_engine.work.unjudged import faults_of, in_sentences, tell_faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import RecordLife, Register
    from pmo_engine.policy.events import Event
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot

TELLING = frozenset({"approved", "rejected", "rescinded"})
NO_WORDS: Mapping[str, str] = MappingProxyType({})


def decide_entry(
    c: Command,
    entry: tables.Entry,
    event_name: EventName,
    *,
    settled: bool = False,
    changes: tuple[str, ...] = (),
    stands: bool = False,
) -> Decision:
    """Decide about an entry, keep the decision and do what follows from it.

    Where its outcome is ``settled``, what is recorded since changes nothing that was decided.
    ``changes``: what the record says otherwise than before, in words. Where what was given to the
    version before ``stands``, nobody who was asked is asked anew.
    """
    if event_name.what == UPDATED:
        from pmo_engine.work.records import waited  # noqa: PLC0415 - which keeps its decisions here

        waited.judge_what_waited(c, entry)
    event = entry_event(c, entry, event_name)
    decision = c.rules.engine.decide(event)
    kept, told = keep_decision(c, event, decision, entry.id, entry.version), False
    if not settled:
        since = entry.matter_version if stands else None
        subject = replace(subject_of(c, entry), changes=changes, stands_from=since)
        if any(item.kind == "approval" for item in decision.obligations):
            remarks = (
                *remarks_about(c, entry),
                *(f"{each}." for each in in_sentences(decision.faults)),
            )
            subject = replace(subject, remarks=remarks)
        watched = watching.watched(c, entry)
        still = watching.still(watched, decision)
        first = entry.version == 1 and event_name.what == SUBMITTED
        reconcile(c, subject, decision, kept, first=first, still=still)
        if event_name.what == UPDATED and not stands:
            ask_others_anew(c, subject, event_name)
        watching.keep(c, entry, watched, decision)
        if first:
            c.uow.entries.set_blocked(entry, blocked=decision.status == "blocked")
        else:
            note_blocks(c, entry)  # rules on what happened to it may block it, too
        if asks_before(c.policy):
            release(c, entry.id)
        if entry.standing == APPROVED:
            hold_what_is_asked(c, entry)
        elif (why := why_it_passes(c.policy, decision)) and not _held_by_a_fault(c, entry):
            settle_entry(c, entry, "approved", {"reason": why}, by=SYSTEM)
        elif stands:
            approve_if_done(c, entry)
        elif all(item.kind == "notice" for item in decision.obligations):
            told = tell_unasked(c, entry)
    else:
        judge_state(c, entry, decision, kept)
    if not told:
        tell_faults(c, kept, title_of(c, entry))
    open_gates(c, event, entry)
    return decision


def open_gates(c: Command, event: Event, entry: tables.Entry) -> None:
    """Begin the reviews of gates that an event opens, or that one opens by what is known now."""
    if c.rules.opening_events:
        from pmo_engine.work.gates import on_events  # noqa: PLC0415 - few gates are opened so

        on_events.open_what_waited(c, entry.project)
        on_events.open_on_event(c, event, entry)


def judge_state(c: Command, entry: tables.Entry, decision: Decision, kept: tables.Decision) -> None:
    """Do what follows for an entry that is decided, and not over, from rules on its state."""
    life = c.policy.registers[entry.register_name].life
    rules = c.rules.selection(EventName(kept.event), c.now).rules
    on_state = {rule.id for rule in rules if rule.states}
    if on_state and entry.standing == APPROVED and entry.status not in life.closed:
        subject = replace(subject_of(c, entry), stands_from=0)
        reconcile(c, subject, decision, kept, only=on_state)


def look_at_state(c: Command, entry: tables.Entry) -> None:
    """Judge an entry that is decided by the rules on its state, where there are any."""
    name = EventName.of(c.policy.registers[entry.register_name].noun, UPDATED)
    if any(rule.states for rule in c.rules.selection(name, c.now).rules):
        decide_entry(c, entry, name, settled=True)


def note_blocks(c: Command, entry: tables.Entry) -> None:
    """Keep whether a rule still blocks an entry: what is blocked counts in no sum."""
    rows = c.uow.obligations.open_for(entry.id)
    blocked = any(row.kind == "block" and row.binding == "shall" for row in rows)
    c.uow.entries.set_blocked(entry, blocked=blocked)


def tell_unasked(c: Command, entry: tables.Entry) -> bool:
    """Tell the head of the office of a record about which nobody is asked, and which does not pass.

    Of a register whose records nobody decides about there is nothing to tell; True where there was.
    """
    open_ones = entry.version > 1 and c.uow.obligations.open_for(entry.id)
    if entry.standing not in UNDECIDED or open_ones or not is_decided_about(c, entry):
        return False
    if c.policy.registers[entry.register_name].stands_unasked and not _was_left(c, entry):
        return False
    why, title = why_unasked(c, entry), title_of(c, entry)
    told = tell_head(c, f"{entry.id}/{entry.version}/unasked", title, why, entry.project)
    body = {"key": entry.key, "why": why, "told": told}
    c.journal("record.unasked", body, entry.project, entry.id)
    return True


def _was_left(c: Context, entry: tables.Entry) -> bool:
    """Tell whether somebody was asked to approve an entry, and nobody did in time."""
    rows = c.uow.obligations.of_subject(entry.id) if entry.version > 1 else ()
    return any(row.kind == "approval" and row.status == "lapsed" for row in rows)


def is_decided_about(c: Context, entry: tables.Entry) -> bool:
    """Tell whether rules decide about records like this one at all: some ask, or let pass."""
    register = c.policy.registers.get(entry.register_name)
    if register is None:
        return False
    rules = c.rules.selection(EventName.of(register.noun, UPDATED), c.now).rules
    return any(
        isinstance(effect, RequireApproval | AutoApprove)
        for rule in rules
        if rule.binding != "trial"
        for effect in rule.then
    )


def why_unasked(c: Context, entry: tables.Entry) -> list[str]:
    """Say why nobody is asked about a record, or no more, and it does not pass."""
    if faults := in_sentences(faults_of(c, entry.id)):
        return faults
    rows = c.uow.obligations.of_subject(entry.id)
    if lapsed := _lapsed(entry, rows):
        return [_lapsed_in_words(c, row) for row in lapsed]
    given = [row for row in given_since_changed(entry, rows) if row.kind == "approval"]
    if given:
        asked = " and ".join(_asked_in_words(c, row) for row in given)
        return [f"{asked} was given, but no rule asks anybody to approve it, and none lets it pass"]
    return ["no rule asks anybody about it, and none lets it pass"]


def _asked_in_words(c: Context, row: tables.Obligation) -> str:
    what = f"'{words(row.act)}'" if row.act else row.kind
    return f"the {what} by the {notices.asked_in_words(row, c.policy)}"


def _lapsed_in_words(c: Context, row: tables.Obligation) -> str:
    asked, when = _asked_in_words(c, row), notices.shown(c, row.due_at)
    return (
        f"{asked} lapsed {when}: nobody decided in time. A change of it asks anew, and so do "
        "'pmo withdraw' and 'pmo resubmit'"
    )


def keep_decision(
    c: Command, event: Event, decision: Decision, subject_id: str, version: int
) -> tables.Decision:
    """Store what the engine said, with the facts from which it said it."""
    result = decision.published()
    row = c.uow.decisions.add(
        tables.Decision(
            project=event.project,
            subject_id=subject_id,
            subject_version=version,
            event=event.name,
            at=event.at,
            policy_name=result.policy.name,
            policy_version=result.policy.version,
            policy_digest=result.policy.digest,
            **kept_facts(c, event),
            result=result,
        )
    )
    wanted = any(item.kind == "information" for item in decision.obligations)
    if wanted or decision.unknown or decision.faults:
        from pmo_engine.work.records import waited  # noqa: PLC0415 - which keeps its decisions here

        waited.note(c, subject_id, event, decision)
    told = result.model_dump(mode="json", include={"status", "fired", "policy", "trial"})
    if result.faults:
        told["faults"] = result.faults
    body = {"decision": row.id, "event": event.name, **told}
    c.journal("decided", body, event.project, subject_id)
    return row


def title_of(c: Context, entry: tables.Entry) -> str:
    """Say how people call an entry: 'Change request CR-1 of P-1'."""
    noun = c.policy.registers[entry.register_name].noun.replace("_", " ")
    return f"{noun[:1].upper()}{noun[1:]} {entry.key} of {entry.project}"


def asker_of(entry: tables.Entry) -> str:
    """Name who submitted an entry."""
    assert entry.submitted_by is not None  # every entry has somebody who entered it
    return entry.submitted_by


def subject_of(c: Context, entry: tables.Entry) -> Subject:
    """Give what obligations about an entry are about."""
    return Subject(
        entry.id,
        entry.project,
        title_of(c, entry),
        asker_of(entry),
        entry.version,
        A_RECORD,
        entry,
        entry.submitted_at,
    )


def settle_entry(
    c: Command,
    entry: tables.Entry,
    status: str,
    why: Mapping[str, str] = NO_WORDS,
    heard: Collection[str] = (),
    still_open: Sequence[tables.Obligation] | None = None,
    by: System | None = None,
) -> None:
    """Give an entry its outcome; what is still open is withdrawn, and followers are told.

    ``why``: what else the journal tells of it. ``heard``: who is told of it otherwise.
    ``still_open``: where that is known already. ``by``: the engine, where rules decide it and not
    whoever gives the command.
    """
    register = c.policy.registers[entry.register_name]
    state = entry.status if _goes_on(register.life, entry.status, status) else status
    reason = why.get("reason", "")
    if isinstance(c.actor, System):
        by = c.actor  # of whoever let time pass it is not
    c.uow.entries.revise(
        entry, reason=reason, by=by, status=state, standing=status, decided_at=c.now
    )
    over = f"It is {status} by {c.actor_name}."
    if still_open is None:
        still_open = c.uow.obligations.open_for(entry.id)
    gone = [row for row in still_open if MOVE not in row.details]
    take_back(c, gone, over, {asker_of(entry), *heard})
    take_moves_back(c, entry, still_open, over)
    event_name = EventName.of(register.noun, status)
    by_people = c.on.obligation is not None
    votes = as_kept(votes_on(c, entry.id, entry.matter_version)) if by_people else []
    body = {
        "key": entry.key,
        "version": entry.version,
        **({"votes": votes} if votes else {}),
        **why,
    }
    c.journal(event_name, body, entry.project, entry.id)
    if c.rules.selection(event_name, c.now).rules:
        event = entry_event(c, entry, event_name)
        decision = c.rules.engine.decide(event)
        kept = keep_decision(c, event, decision, entry.id, entry.version)
        reconcile(c, subject_of(c, entry), decision, kept)
        tell_faults(c, kept, title_of(c, entry))
    if status == "rescinded":
        tell_what_stays(c, entry, title_of(c, entry))
    if status == APPROVED:
        _carry_out(c, entry, register)
        look_at_state(c, entry)


def _carry_out(c: Command, entry: tables.Entry, register: Register) -> None:
    if register.becomes is not None or register.changes is not None:
        from pmo_engine.work.intake.carrying_out import carry_out_approved  # noqa: PLC0415 - few do

        carry_out_approved(c, entry)


def _goes_on(life: RecordLife, state: str, outcome: str) -> bool:
    """Tell whether what is approved stays in its state: it is on its way through its life."""
    return outcome == APPROVED and state != life.first


def approve_if_done(c: Command, entry: tables.Entry, ballot: Ballot | None = None) -> None:
    """Approve an entry once somebody did since its last change, and nothing binding is open.

    Silence approves nothing: obligations that are merely met do not. What a move of it waits for
    holds nothing up. A binding rule that came to a
    fault holds it until a change of the record, or of the policy, lets the rule be judged. What
    should be given holds it until the ``ballot``, or one before, says why it is not waited for.
    """
    if entry.standing not in UNDECIDED:  # an approval of what follows from its outcome
        return
    rows = c.uow.obligations.of_subject(entry.id)
    waits = (row for row in rows if row.status == "open" and MOVE not in row.details)
    if any(row.binding == "shall" for row in waits):
        return
    if _held_by_a_fault(c, entry):
        tell_unasked(c, entry)
        return
    if _lapsed(entry, rows):
        return
    if not any(decides(row) for row in given_since_changed(entry, rows)):
        tell_unasked(c, entry)
    elif departs(c, rows, ballot, entry.matter_version):
        still_open = [row for row in rows if row.status == "open"]
        by_time = ballot if isinstance(c.actor, System) else None
        why = NO_WORDS if by_time is None else {"reason": by_time.reason}
        settle_entry(c, entry, "approved", why, still_open=still_open)


def decides(row: tables.Obligation) -> bool:
    """Tell whether an approval settles what it is about.

    Signing beside it, or advice, does not, nor does one that lets it into a state of its life, or
    that answers an exception.
    """
    of_itself = row.kind == "approval" and what_it_does(row) == DECIDES
    return of_itself and row.details.keys().isdisjoint({MOVE, ANSWERS})


def _held_by_a_fault(c: Context, entry: tables.Entry) -> bool:
    """Tell whether a binding rule could not be judged when it was judged of an entry last."""
    binding = {rule.id for rule in c.policy.rules if rule.binding == "shall"}
    return not binding.isdisjoint(faults_of(c, entry.id))


def _lapsed(entry: tables.Entry, rows: Iterable[tables.Obligation]) -> list[tables.Obligation]:
    """Give the binding approvals of what an entry says now that lapsed, and were not asked anew."""
    about = (row for row in rows if MOVE not in row.details and ANSWERS not in row.details)
    last = {row.target: row for row in about if row.kind == "approval" and row.binding == "shall"}
    return [
        row
        for row in last.values()
        if row.status == "lapsed" and row.subject_version >= entry.matter_version
    ]


def given_since_changed(
    entry: tables.Entry, rows: Iterable[tables.Obligation]
) -> list[tables.Obligation]:
    """Choose what people gave to what an entry says now; facts, it holds itself."""
    given = (row for row in rows if row.status == "met" and row.kind != "information")
    return [row for row in given if row.subject_version >= entry.matter_version]


def tell_lapsed(c: Command, entry: tables.Entry, approval: tables.Obligation) -> None:
    """Tell whoever asked that no decision was taken in time, and what asks anew."""
    title = title_of(c, entry)
    said = (f"{title} has lapsed", "No decision was taken in time. A change of it is asked anew.")
    key = f"{approval.id}/lapsed"
    notices.send(c, [notices.notice(c, key, asker_of(entry), *said, entry.project)])


def tell_requester(c: Command, entry: tables.Entry, ballot: Ballot) -> None:
    """Tell whoever asked what was decided, by whom and why, once it is."""
    became = entry.standing  # whose state may be another, where it is on its way through its life
    if became not in TELLING:
        return
    title, votes = title_of(c, entry), votes_on(c, entry.id, entry.matter_version)
    why = f": {ballot.reason}" if ballot.reason else "."
    values = {
        "title": title,
        "project": entry.project,
        "status": became,
        "by": c.actor_name,
        "reason": ballot.reason,
        "votes": "\n".join(in_words(c, votes)),
    }
    said = notices.worded(
        c,
        "decided",
        values,
        f"{title} is {became}",
        f"{became.capitalize()} by {c.actor_name}{why}\n{values['votes']}".strip(),
    )
    key = f"{entry.id}/{entry.version}/{became}"
    notices.send(c, [notices.notice(c, key, asker_of(entry), *said, entry.project)])
