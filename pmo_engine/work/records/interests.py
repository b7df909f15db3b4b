"""Who has an interest in an entry: who asked for it, wrote or owns it, and whom its fields name.

Whoever owned it, or was named, while it was asked for keeps the interest: an owner who hands it
over before the vote has it still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.interests import Interest
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.names import alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_engine.authority.interests import Kind
    from pmo_engine.policy.registers import Field
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

    Wrote = Sequence[tuple[int, str, str | None]]
    Written = Iterator[tuple[Field, str]]

_AS: dict[str, tuple[Kind, str, str]] = {
    "owner": ("owner", "owns it", "owned it"),
    "producer": ("producer", "produced it", "was its producer"),
    "reviewer": ("reviewer", "reviewed it", "was its reviewer"),
    "party": ("party", "is a party to it", "was a party to it"),
}


def interests_of(c: Context, entries: Sequence[Entry]) -> dict[str, tuple[Interest, ...]]:
    """Name everybody with an interest in each of some entries, by its id.

    Whoever decided about one wrote its later versions, and has no interest by that.
    """
    changed = [entry.id for entry in entries if entry.version > 1]
    wrote = c.uow.entries.authors(changed) if changed else {}
    return {
        entry.id: (
            *_askers(entry, _decided_on(c, entry, wrote.get(entry.id, ()))),
            *_once(_named(c, entry, wrote.get(entry.id, ()))),
        )
        for entry in entries
    }


def _decided_on(c: Context, entry: Entry, wrote: Wrote) -> Wrote:
    """Leave out versions in which somebody asked for nothing else.

    They moved it, or said that something happened to it; or they changed no more than fields whose
    change asks nobody anew, or that are a role's to set.
    """
    under = c.under(entry)
    register = under.policy.registers.get(entry.register_name)
    if register is None or all(by == entry.submitted_by for _, by, _ in wrote):
        return wrote
    free = under.rules.nobodys_to_approve(register, c.now)
    says = {}
    for each in c.uow.entries.versions(entry.id):
        document = {name: value for name, value in each.document.items() if name not in free}
        says[each.version] = (document, each.owner, each.due)
    return [each for each in wrote if says[each[0]] != says.get(each[0] - 1)]


def _askers(entry: Entry, wrote: Wrote) -> Iterator[Interest]:
    if entry.submitted_by is not None:
        yield Interest(entry.submitted_by, "requester", "asked for this")
    told = {entry.submitted_by}
    for version, by, _ in wrote:
        if by not in told:
            told.add(by)
            yield Interest(by, "author", f"wrote version {version} of this")


def _named(c: Context, entry: Entry, wrote: Wrote) -> Iterator[Interest]:
    """Name the owner and whom fields name, now and, after them, in earlier versions."""
    fields = fields_that_name(c.under(entry), entry)
    written = list(_written(fields, entry.document))
    before = []
    if fields and entry.version > 1:
        versions = c.uow.entries.versions(entry.id)
        before = [
            (each.version, field, text)
            for each in versions
            if each.version < entry.version and each.standing in UNDECIDED
            for field, text in _written(fields, each.document)
        ]
    people = accounts(c, [*(text for _, text in written), *(text for *_, text in before)])
    if entry.owner is not None:
        yield _interest(entry.owner, "owner")
    for field, text in written:
        yield from (_interest(each, str(field.names)) for each in people[text])
    for version, _, owner in wrote:
        if owner is not None:
            yield _interest(owner, "owner", version)
    for version, field, text in before:
        yield from (_interest(each, str(field.names), version) for each in people[text])


def _interest(person: str, named: str, version: int | None = None) -> Interest:
    kind, why, before = _AS[named]
    return Interest(person, kind, why if version is None else f"{before} in version {version}")


def _once(found: Iterable[Interest]) -> Iterator[Interest]:
    """Give each kind of interest of somebody once, as it is said first."""
    told: set[tuple[str, Kind]] = set()
    for each in found:
        if (each.person, each.kind) not in told:
            told.add((each.person, each.kind))
            yield each


def fields_that_name(c: Context, entry: Entry) -> list[Field]:
    """List the fields of an entry's register that name people, by the policy it is under."""
    register = c.policy.registers.get(entry.register_name)
    declared = register.fields.values() if register is not None else ()
    return [field for field in declared if field.names is not None]


def _written(fields: Iterable[Field], document: Mapping[str, object]) -> Written:
    for field in fields:
        value = document.get(field.name)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text.strip():
                yield field, text.strip()


def accounts(c: Context, written: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Find the accounts that are meant by what is written: an id, or a full name, in any spelling.

    What names nobody here stands for itself: a supplier, or somebody outside.
    """
    texts = dict.fromkeys(written)
    if not texts:
        return {}
    known: dict[str, list[str]] = {}
    for id, name in c.uow.people.names():
        for each in {alike(id), alike(name)}:
            known.setdefault(each, []).append(id)
    return {text: tuple(known.get(alike(text), [text])) for text in texts}


def unknown_names(c: Context, entry: Entry) -> Written:
    """Give what fields name, parties apart, that is nobody here and keeps nobody from deciding."""
    fields = [each for each in fields_that_name(c, entry) if each.names != "party"]
    written = list(_written(fields, entry.document))
    found = accounts(c, [text for _, text in written])
    ids = {id for id, _ in c.uow.people.names()} if written else set()
    return ((field, text) for field, text in written if ids.isdisjoint(found[text]))
