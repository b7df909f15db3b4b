"""The evidence of a gate: asked for, shown, and how old it is on the day that counts."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.decisions.gate_standing import OUT_OF_DATE, VOID, EvidenceStanding
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.registers import APPROVED, DECIDED
from pmo_engine.prose.values import value_in_words
from pmo_engine.store import tables
from pmo_engine.work.acts import GIVE_EVIDENCE
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates.naming import gate_named, giver_of, require_open, subject_of
from pmo_engine.work.obligations import Asked, close_all, open_obligation
from pmo_engine.work.records.attachments import attachments
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.policy import Evidence, Gate
    from pmo_engine.work.governance import Context, Governance

FALLEN = frozenset(DECIDED) - {APPROVED}
"""What becomes of a record that bears nothing out any more."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: an entry (``register``, ``key``), a file by its digest, or a document.

    A ``file`` with an entry is one that is attached to it, by its name there. ``dated``: the day
    from which its age counts; that of an entry is its last change, that of what is attached the
    day on which it was, if none is given.
    """

    register: str | None = None
    key: str = ""
    file: str | None = None
    digest: str | None = None
    document: str | None = None
    dated: date | None = None
    note: str = ""


class EvidenceGiven(Shape):
    """What was shown for what, and until when it counts."""

    review: str
    given: EvidenceStanding


def give(
    governance: Governance,
    *,
    review_id: str,
    evidence: str,
    shown: Shown,
    by: str,
    request: str | None = None,
) -> EvidenceGiven:
    """Show evidence at a gate; what was shown before for the same counts no more.

    Raises CommandError for evidence that the gate does not ask for, that is not there, that is of
    a day to come or counts no more; Refusal once the gate is decided.
    """
    order = Order(by, GIVE_EVIDENCE, OfSubject(review_id), EvidenceGiven, request)
    return carry_out(governance, order, partial(_give, evidence=evidence, shown=shown))


def _give(c: Command, *, evidence: str, shown: Shown) -> EvidenceGiven:
    from pmo_engine.work.gates.advising import (  # noqa: PLC0415 - which tell of it
        advise_again,
        let_vote_anew,
    )

    review: tables.GateReview = c.on.row
    under = c.under(review)
    declared = gate_named(under, review.gate)
    require_open(review, f"evidence for '{evidence}'")
    wanted = declared.evidence_called(evidence)
    if wanted is None:
        known = ", ".join(each.id for each in declared.evidence) or "none"
        raise CommandError(f"gate {review.gate} asks for no evidence '{evidence}'; it has {known}")
    row = _row(under, review, wanted, shown)
    row.review_id = review.id
    if row.dated > c.today:
        raise CommandError(
            f"the evidence '{evidence}' is of {row.dated}, which is yet to come; it is {c.today}"
        )
    given = _stands(under, review, wanted, row)
    if given.state == VOID:
        raise CommandError(
            f"the evidence '{evidence}' is {given.reference}, which is {given.became}; show what"
            " counts"
        )
    if given.state == OUT_OF_DATE:
        raise CommandError(
            f"the evidence '{evidence}' of {row.dated} counted until {given.valid_until}; show what"
            f" is no older than {wanted.max_age}"
        )
    c.uow.evidence.add(row)
    asked = c.uow.obligations.open_for(review.id)
    close_all(c, [r for r in asked if (r.kind, r.target) == ("evidence", evidence)], "met")
    c.journal("gate.shown", {"review": review.id, **given.model_dump(mode="json")})
    advise_again(under, review)
    let_vote_anew(under, review, f"{c.actor_name} shows the evidence '{evidence}' anew")
    return EvidenceGiven(review=review.id, given=given)


def _row(
    c: Command, review: tables.GateReview, wanted: Evidence, shown: Shown
) -> tables.GivenEvidence:
    one = [each for each in (shown.register or shown.file, shown.document) if each]
    if len(one) != 1 or (shown.file and not shown.register and shown.digest is None):
        raise CommandError(
            "show one thing: --entry REGISTER/KEY (with --attached NAME, a file of it), --file PATH"
            " or --document NAME"
        )
    if wanted.register is not None and shown.register != wanted.register:
        raise CommandError(
            f"the evidence '{wanted.id}' is an entry of {wanted.register}; give it with"
            f" --entry {wanted.register}/KEY"
        )
    if shown.register is not None:
        if shown.dated is not None and not shown.file:
            raise CommandError("an entry is of the day of its last change; leave --dated out")
        entry = _entry_named(c, review, shown)
        return _file(c, entry, wanted, shown) if shown.file else _entry(c, entry, wanted, shown)
    if shown.dated is None:
        raise CommandError("say of which day it is: --dated 2026-03-31")
    return tables.GivenEvidence(
        evidence=wanted.id,
        kind="file" if shown.file else "document",
        reference=str(shown.file or shown.document),
        digest=shown.digest,
        dated=shown.dated,
        note=shown.note,
        at=c.now,
        by=c.actor,
    )


def _entry_named(c: Command, review: tables.GateReview, shown: Shown) -> tables.Entry:
    rows = c.uow.entries.of_project(review.project, str(shown.register))
    entry = next((each for each in rows if each.key == shown.key), None)
    if entry is None:
        raise CommandError(f"{review.project} has no {shown.key} in {shown.register}")
    return entry


def _file(c: Command, entry: tables.Entry, wanted: Evidence, shown: Shown) -> tables.GivenEvidence:
    """Give a file that is attached to an entry, by the digest that it had then."""
    known = {each.name: each for each in attachments(c, entry)}
    found = known.get(str(shown.file))
    if found is None:
        names = ", ".join(known) or "none"
        raise CommandError(f"{entry.key} has no file '{shown.file}' attached; it has {names}")
    return tables.GivenEvidence(
        evidence=wanted.id,
        kind="file",
        reference=f"{entry.register_name}/{entry.key}/{found.name}",
        digest=found.digest,
        dated=shown.dated or c.rules.day_of(datetime.fromisoformat(found.at)),
        note=shown.note,
        at=c.now,
        by=c.actor,
    )


def _entry(c: Command, entry: tables.Entry, wanted: Evidence, shown: Shown) -> tables.GivenEvidence:
    changed = next(v.at for v in c.uow.entries.versions(entry.id) if v.version == entry.version)
    return tables.GivenEvidence(
        evidence=wanted.id,
        kind="entry",
        reference=f"{entry.register_name}/{entry.key}",
        entry_version=entry.version,
        dated=c.rules.day_of(changed),
        note=shown.note,
        at=c.now,
        by=c.actor,
    )


def evidence_of(
    c: Context, review: tables.GateReview, declared: Gate
) -> Sequence[EvidenceStanding]:
    """Say of all that a gate wants to see whether it was shown, and counts on this day."""
    if not declared.evidence:
        return []
    given = c.uow.evidence.latest(review.id)
    c.uow.people.names_of(row.by for row in given.values())
    return [_stands(c, review, each, given.get(each.id)) for each in declared.evidence]


def _stands(
    c: Context, review: tables.GateReview, wanted: Evidence, row: tables.GivenEvidence | None
) -> EvidenceStanding:
    if row is None:
        return EvidenceStanding(id=wanted.id, text=wanted.text, state="missing")
    until, became = valid_until(c, wanted, row.dated), _became(c, review, row)
    old = until is not None and until < c.today
    return EvidenceStanding(
        id=wanted.id,
        text=wanted.text,
        state=VOID if became else OUT_OF_DATE if old else "there",
        became=became,
        kind=row.kind,
        reference=row.reference,
        version=row.entry_version,
        digest=row.digest,
        dated=row.dated.isoformat(),
        valid_until=None if until is None else until.isoformat(),
        note=row.note,
        by=row.by,
        name=c.uow.people.name_of(row.by),
        at=row.at.isoformat(),
    )


def _became(c: Context, review: tables.GateReview, row: tables.GivenEvidence) -> str:
    """Say that a record that was shown was refused, taken back or undone; else nothing."""
    if row.kind != "entry":
        return ""
    register, _, key = row.reference.partition("/")
    entry = c.uow.entries.by_key(review.project, register, key)
    return entry.standing if entry.standing in FALLEN else ""


def valid_until(c: Context, wanted: Evidence, dated: date) -> date | None:
    """Give the last day on which evidence of a day counts; None: it does for good."""
    if wanted.max_age is None:
        return None
    start = datetime.combine(dated, time(12), c.zone)
    return c.rules.day_of(c.policy.calendar.deadline(start, wanted.max_age))


def expired(c: Context, review: tables.GateReview) -> bool:
    """Tell whether evidence that was shown counts no more, and nobody is asked for newer one."""
    declared, given = gate_named(c, review.gate), c.uow.evidence.latest(review.id)
    old = {each.id for each in declared.evidence if _is_old(c, review, each, given.get(each.id))}
    return bool(old) and bool(old - _asked_for(c.uow.obligations.open_for(review.id), declared))


def _is_old(
    c: Context, review: tables.GateReview, wanted: Evidence, row: tables.GivenEvidence | None
) -> bool:
    return row is not None and _stands(c, review, wanted, row).state in {OUT_OF_DATE, VOID}


def _asked_for(rows: Iterable[tables.Obligation], declared: Gate) -> set[str]:
    return {row.target for row in rows if (row.kind, row.rule) == ("evidence", declared.id)}


def ask_for_evidence(c: Command, review: tables.GateReview, decision: str) -> None:
    """Ask for what a gate wants to see and nobody is asked for, nor has shown so that it counts."""
    declared = gate_named(c, review.gate)
    given = c.uow.evidence.latest(review.id)
    asked = _asked_for(c.uow.obligations.of_subject(review.id), declared)
    still = _asked_for(c.uow.obligations.open_for(review.id), declared)
    for each in declared.evidence:
        shown = given.get(each.id)
        anew = _is_old(c, review, each, shown) and each.id not in still
        if anew or each.id not in {*asked, *given}:
            _ask(c, review, declared, each, decision, shown)


def _ask(
    c: Command,
    review: tables.GateReview,
    declared: Gate,
    wanted: Evidence,
    decision: str,
    shown: tables.GivenEvidence | None,
) -> None:
    item = Obligation(
        "evidence",
        declared.id,
        wanted.id,
        "shall",
        role=giver_of(c, declared, wanted.role),
        within=wanted.within or declared.within,
        ladder=wanted.ladder or declared.ladder,
    )
    age = f", no older than {wanted.max_age} when the gate is decided" if wanted.max_age else ""
    why = [f"Gate {declared.id} wants to see: {wanted.text.rstrip('.')}{age}."]
    if shown is not None:
        became = _became(c, review, shown)
        old = f"of {value_in_words(shown.dated)}"
        said = f"{shown.reference}, which is {became}" if became else old
        why.append(f"What was shown is {said}, and counts no more.")
    open_obligation(c, subject_of(review), Asked(item, tuple(why), decision))
