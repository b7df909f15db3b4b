"""Register entries: submitted, changed, decided again each time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.authority.titles import role_in_words
from pmo_engine.decisions.published import PublishedDecision
from pmo_engine.feel.wire import to_json
from pmo_engine.model.event_names import SUBMITTED, UPDATED, EventName
from pmo_engine.model.identifiers import IdentifierError, canonical
from pmo_engine.model.life_cycle import UNDECIDED, words
from pmo_engine.model.shape import Shape
from pmo_engine.policy.registers import STATUS
from pmo_engine.queries.obligations import is_answered
from pmo_engine.queries.record_facts import record_of
from pmo_engine.queries.records import changes_since, differing
from pmo_engine.store import tables
from pmo_engine.work.acts import SUBMIT, UPDATE
from pmo_engine.work.approvals import limits
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.facts import entry_event, given_record, require_fields
from pmo_engine.work.intake.carrying_out import require_can_be
from pmo_engine.work.people.projects import require_goes_on, require_takes_records
from pmo_engine.work.permissions import require_update
from pmo_engine.work.records import waited
from pmo_engine.work.records.baselines import require_baselines, with_firsts
from pmo_engine.work.records.derived import worked_out
from pmo_engine.work.records.homes import OfHome, require_home
from pmo_engine.work.records.living import asked_on, is_settled, through
from pmo_engine.work.records.moves import set_state
from pmo_engine.work.records.naming import OfEntry, register_named
from pmo_engine.work.records.open_moves import let_in_by
from pmo_engine.work.records.references import told_of_circles
from pmo_engine.work.records.relations import require_relations
from pmo_engine.work.records.setters import require_setters
from pmo_engine.work.records.settlement import decide_entry, title_of
from pmo_engine.work.records.since_approved import tell_who_approved
from pmo_engine.work.rounds.answers import answer_rounds
from pmo_engine.work.timed.at_once import look_at_projects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Register
    from pmo_engine.work.governance import Context, Governance

OWN_COLUMNS = ("owner", "due")


class Recorded(Shape):
    """An entry as it stands, with the decision about it.

    ``decided``: it was decided before, and no approval of it is asked for by what changed.
    ``answered``: the rules whose exceptions were answered, and are not raised anew.
    """

    project: str
    register_name: str = Field(alias="register")
    key: str
    version: int
    status: str
    decision: PublishedDecision
    decided: bool = Field(default=False, exclude_if=lambda value: not value)
    answered: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    notes: tuple[str, ...] = ()  # what whoever wrote it may want to put right


class Written(Shape):
    """What the journal tells of a record that was entered or changed."""

    register_name: str = Field(alias="register")
    key: str
    version: int
    fields_: Mapping[str, Any] = Field(alias="fields")
    owner: str | None
    due: date | None

    @classmethod
    def of(cls, entry: tables.Entry) -> dict[str, Any]:
        """Give it as a line's body."""
        return cls(
            register_name=entry.register_name,
            key=entry.key,
            version=entry.version,
            fields_=entry.document,
            owner=entry.owner,
            due=entry.due,
        ).model_dump(mode="json")


def submit(
    governance: Governance,
    *,
    project: str,
    register: str,
    fields: Mapping[str, Any],
    by: str,
    key: str | None = None,
    request: str | None = None,
) -> Recorded:
    """Enter a record into a register and decide about it, in one transaction.

    ``project`` is an office for a register of offices. ``fields`` are text or JSON by name;
    ``owner`` and ``due`` are every record's own. Raises
    CommandError for fields that are wrong, StoreError where the store refuses.
    """

    def do(c: Command) -> Recorded:
        declared = register_named(c.policy, register)
        typed = given_record(c, declared, _entered(declared, fields))
        require_fields(declared, typed)
        entry, decision = enter(c, declared, c.on.row.id, typed, key)
        raised = look_at_projects(c, [entry])
        answer_rounds(c, [entry])
        return recorded(c, entry, decision, raised)

    on = OfHome(governance, register, project)
    return carry_out(governance, Order(by, SUBMIT, on, Recorded, request), do)


def _entered(register: Register, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a new record, which may say the state that it is entered in."""
    state, first = fields.get(STATUS), register.life.first
    if state is not None and str(state) != first:
        raise CommandError(
            f"{register.root}.{STATUS}: a record is entered as '{first}', not '{state}'; what it"
            " becomes then is a decision or a move ('pmo move', 'pmo close')"
        )
    return {name: value for name, value in fields.items() if name != STATUS}


def enter(
    c: Command,
    register: Register,
    project: str,
    typed: Mapping[str, Any],
    key: str | None = None,
    *,
    follows: str | None = None,
) -> tuple[tables.Entry, Decision]:
    """Enter a record within a command; ``typed`` are its fields.

    ``follows``: the id of an earlier one, which is asked for again. Raises Refusal for a field that
    is another's to set.
    """
    place = c.uow.projects.get(project)
    require_home(register, place)
    worked = worked_out(c, register, typed, typed, project)
    typed = {**typed, **{name: value for name, value in worked.items() if value is not None}}
    require_takes_records(place)
    require_setters(c, register, project, {n for n in typed if typed[n] is not None})
    require_relations(c, register, project, typed if key is None else {**typed, "key": key})
    require_can_be(c, register, typed)
    entry = tables.Entry(
        project=project,
        register_name=register.id,
        key=_given_key(c, register, project, key)
        or c.uow.entries.next_key(project, register.id, register.key_prefix),
        status=register.life.first,
        owner=typed.get("owner"),
        due=typed.get("due"),
        document=with_firsts(register, {}, _document(typed)),
        submitted_by=c.actor,
        submitted_at=c.now,
        policy_digest=c.policy.digest,
        follows=follows,
    )
    c.uow.entries.add(entry, title_of(c, entry), c.actor)
    event = EventName.of(register.noun, SUBMITTED)
    c.journal(event, Written.of(entry), project, entry.id)
    return entry, decide_entry(c, entry, event)


def _given_key(c: Context, register: Register, project: str, key: str | None) -> str | None:
    if key is not None and (why := why_not_keyed(c, register, project, key)):
        raise CommandError(why)
    return key


def why_not_keyed(c: Context, register: Register, project: str, key: str) -> str | None:
    """Say why a new record cannot have the key that somebody gives it; None where it can."""
    try:
        canonical(key, "key")
    except IdentifierError as error:
        return str(error)
    if c.uow.entries.has_key(project, register.id, key):
        return f"{register.plural} of {project} has a {key} already"
    begins = f"{register.key_prefix}-"
    if not key.startswith(begins) and key.lower().startswith(begins.lower()):
        written = f"{begins}{key[len(begins) :]}"
        return f"{key} would be taken for {written}: keys here begin with '{begins}'"
    if alike := c.uow.entries.key_but_for_case(project, register.id, key):
        return f"{register.plural} of {project} has a {alike} already, so no {key}"
    return None


def update(  # noqa: PLR0913 - what a change says, and what it is made for
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    changes: Mapping[str, Any],
    by: str,
    expected: int | None = None,
    reason: str = "",
    request: str | None = None,
) -> Recorded:
    """Change fields of a record and decide about it again; ``None`` takes a field away.

    An approval was given to what the record said then, so a change asks for it anew, but for that
    of a field whose register says otherwise; what changes nothing is no change. A ``status`` that
    is given is a move of the record, after the change, for the ``reason``: see ``moves.move``; the
    decision is that about the record as it is then. Raises Refusal for what
    a decision that was taken looked at, and where the record is not at the version ``expected``.
    """

    def do(c: Command) -> Recorded:
        entry: tables.Entry = c.on.row
        under = c.under(entry)
        require_version(under, entry, expected)
        said = {name: value for name, value in changes.items() if name != STATUS}
        given = {name: value for name, value in said.items() if value is not None}
        typed = given_record(under, under.policy.registers[entry.register_name], given)
        gone, before = set(said) - set(given), entry.version
        undecided = entry.standing in UNDECIDED
        require_update(under, entry, changed_by(entry, typed, gone))
        _, decision = revise(under, entry, typed, gone)
        if changes.get(STATUS) is not None:
            set_state(under, entry, str(changes[STATUS]), reason)
            name = EventName.of(under.policy.registers[entry.register_name].noun, UPDATED)
            decision = under.rules.engine.decide(entry_event(under, entry, name))
        asks = undecided or any(
            row.kind == "approval" for row in under.uow.obligations.open_for(entry.id)
        )
        raised: list[str] = []
        if entry.version != before:
            touched[:] = limits.touched(c, entry)
            plural = under.policy.registers[entry.register_name].plural
            waiting[:] = waited.have_come(c, entry.project, [plural])
            raised = look_at_projects(c, [entry])
            answer_rounds(c, [entry])
        made = recorded(c, entry, decision, raised)
        return made.model_copy(update={"decided": not asks})

    touched: list[str] = []
    waiting: list[str] = []
    subject = OfEntry(governance, project, register, key)
    made = carry_out(governance, Order(by, UPDATE, subject, Recorded, request), do)
    limits.look_again(governance, touched)
    waited.look_again(governance, waiting)
    return made


def require_version(c: Context, entry: tables.Entry, expected: int | None) -> None:
    """Refuse a command about a version that somebody read, where the record has moved on."""
    if expected is None or entry.version == expected:
        return
    said = "; ".join(changes_since(c, entry, expected)) or "its status"
    raise Refusal(
        f"{entry.key} is at version {entry.version}, not {expected}: it changed since it was read"
        f" ({said})"
    )


def revise(
    c: Command, entry: tables.Entry, typed: Mapping[str, Any], gone: Collection[str]
) -> tuple[tables.Entry, Decision]:
    """Change a record within a command: ``typed`` fields are set, those ``gone`` taken away.

    ``c`` is under the version of the policy that the record is under.
    """
    register = c.policy.registers[entry.register_name]
    event = EventName.of(register.noun, UPDATED)
    typed = with_derived(c, register, entry, typed, gone)
    after = _after(entry, typed, gone)
    require_goes_on(c.uow.projects.get(entry.project))
    refuse_decided(c, entry, typed, gone)
    changed = _changed(entry, after)
    require_baselines(register, entry, changed)
    require_setters(c, register, entry.project, changed)
    if not changed:
        return entry, c.rules.engine.decide(entry_event(c, entry, event))
    values = values_after(c, register, entry, typed, gone)
    require_relations(c, register, entry.project, values, changed)
    left = through(c, entry, changed)
    if not left.settled:
        require_can_be(c, register, values)
    before = dict(entry.document)
    changes = tuple(differing(before, after["document"]))
    quiet = changed <= c.rules.stands_through(register, c.now)
    stands = left.stands if left.lives else quiet
    after["document"] = with_firsts(register, entry.document, after["document"])
    now = {**after, **left.now, "policy_digest": c.policy.digest}
    c.uow.entries.revise(entry, stands=stands, **now)
    c.journal(event, Written.of(entry), entry.project, entry.id)
    decision = decide_entry(c, entry, event, settled=left.settled, changes=changes, stands=stands)
    if left.settled or left.lives:
        tell_who_approved(c, entry, before, register)
    return entry, decision


def values_after(
    c: Context,
    register: Register,
    entry: tables.Entry,
    typed: Mapping[str, Any],
    gone: Collection[str],
) -> dict[str, Any]:
    """Give the typed fields of a record as they would be once some are set and others gone."""
    kept = record_of(c.policy, register, entry, register.root, c.today)
    return {**{name: kept[name] for name in kept if name not in gone}, **typed}


def with_derived(
    c: Context,
    register: Register,
    entry: tables.Entry,
    typed: Mapping[str, Any],
    gone: Collection[str],
) -> dict[str, Any]:
    """Give what is set in a record, with the fields that are worked out from all it then says."""
    values = values_after(c, register, entry, typed, gone)
    return {**typed, **worked_out(c, register, values, typed, entry.project)}


def changed_by(entry: tables.Entry, typed: Mapping[str, Any], gone: Collection[str]) -> set[str]:
    """Name the fields that would have another value."""
    return _changed(entry, _after(entry, typed, gone))


def would_change(entry: tables.Entry, typed: Mapping[str, Any], gone: Collection[str]) -> bool:
    """Tell whether a record would say something else."""
    return bool(changed_by(entry, typed, gone))


def _after(entry: tables.Entry, typed: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    kept = {name: value for name, value in entry.document.items() if name not in gone}
    return {
        "document": rewritten(kept, _document(typed)),
        "owner": typed.get("owner", None if "owner" in gone else entry.owner),
        "due": typed.get("due", None if "due" in gone else entry.due),
    }


def _changed(entry: tables.Entry, after: Mapping[str, Any]) -> set[str]:
    """Name what would be another value than it is."""
    names = {*entry.document, *after["document"]}
    changed = {n for n in names if entry.document.get(n) != after["document"].get(n)}
    return changed | {n for n in OWN_COLUMNS if getattr(entry, n) != after[n]}


def recorded(
    c: Context, entry: tables.Entry, decision: Decision, raised: Iterable[str] = ()
) -> Recorded:
    """Give an entry with the decision about it, and what it ``raised`` of its project."""
    return Recorded(
        project=entry.project,
        register_name=entry.register_name,
        key=entry.key,
        version=entry.version,
        status=entry.status,
        decision=decision.published(),
        answered=tuple(
            item.rule for item in decision.obligations if is_answered(c.uow, entry.id, item)
        ),
        notes=(*_notes(c, entry), *raised),
    )


def _notes(c: Context, entry: tables.Entry) -> Iterator[str]:
    """Say of an owner whom nobody here knows that they hear of nothing, and of circles."""
    if entry.owner is not None and not c.uow.people.is_there(entry.owner):
        yield f"its owner '{entry.owner}' is nobody whom the office knows, and hears nothing"
    under = c.under(entry)  # which has its register, though the version in force may not
    yield from told_of_circles(under, under.policy.registers[entry.register_name], entry)


def refuse_decided(
    c: Context, entry: tables.Entry, typed: Mapping[str, Any], gone: Collection[str]
) -> None:
    """Refuse a change to what the decision about an entry looked at; the rest is recorded.

    What is closed is not changed at all. Where its project takes no new records, what waits is
    decided as it is, though what is missing may be given.
    """
    if entry.closed_at is not None and would_change(entry, typed, gone):
        raise Refusal(
            f"{entry.key} is {words(entry.status)}, and is not changed; open it again first"
            f" ('pmo reopen {entry.project} {entry.register_name} {entry.key}')"
        )
    changed = _changed(entry, _after(entry, typed, gone))
    register = c.policy.registers[entry.register_name]
    touched = sorted(changed & c.rules.fields_decided_on(register, c.now))
    if not is_settled(c, entry):
        if any(entry.document.get(name) is not None for name in touched):
            require_takes_records(c.uow.projects.get(entry.project))
        if touched and (by := let_in_by(c, entry)):
            raise Refusal(
                f"{entry.key} is {words(entry.status)} by the approval of"
                f" {role_in_words(by, c.policy)}, on {', '.join(touched)} among others; move it on"
                f" first ('pmo move'), or submit a new {register.noun}"
            )
        return
    touched = touched or sorted(
        changed & asked_on(c, entry, c.uow.obligations.of_subject(entry.id))
    )
    if touched:
        raise Refusal(
            f"{entry.key} is {entry.status} already, on {', '.join(touched)} among others; "
            f"submit a new {register.noun} instead"
        )


def _document(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in typed.items() if name not in OWN_COLUMNS}


def rewritten(document: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Give a document with what is set by a change; what that works out to nothing is not there."""
    kept = {name: value for name, value in document.items() if name not in more}
    return kept | {name: value for name, value in more.items() if value is not None}
