"""Who has an interest in an entry: who asked for it, wrote or owns it, and whom its fields name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.interests import Interest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_engine.authority.interests import Kind
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

_AS: dict[str, tuple[Kind, str]] = {
    "owner": ("owner", "owns it"),
    "producer": ("producer", "produced it"),
    "reviewer": ("reviewer", "reviewed it"),
    "party": ("party", "is a party to it"),
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
            *_named(c.under(entry), entry),
        )
        for entry in entries
    }


def _decided_on(
    c: Context, entry: Entry, wrote: Sequence[tuple[int, str]]
) -> Sequence[tuple[int, str]]:
    """Leave out versions that changed no more than fields whose change asks nobody anew."""
    under = c.under(entry)
    register = under.policy.registers.get(entry.register_name)
    stands = frozenset() if register is None else under.rules.stands_through(register, c.now)
    if not stands or len(wrote) < 2:  # noqa: PLR2004 - the first version has none before it
        return wrote
    says = {}
    for each in c.uow.entries.versions(entry.id):
        document = {name: value for name, value in each.document.items() if name not in stands}
        says[each.version] = (document, each.owner, each.due)
    return [(number, by) for number, by in wrote if says[number] != says.get(number - 1)]


def _askers(entry: Entry, wrote: Iterable[tuple[int, str]]) -> Iterator[Interest]:
    if entry.submitted_by is not None:
        yield Interest(entry.submitted_by, "requester", "asked for this")
    told = {entry.submitted_by}
    for version, by in wrote:
        if by not in told:
            told.add(by)
            yield Interest(by, "author", f"wrote version {version} of this")


def _named(c: Context, entry: Entry) -> Iterator[Interest]:
    if entry.owner is not None:
        yield Interest(entry.owner, *_AS["owner"])
    register = c.policy.registers.get(entry.register_name)
    for field in register.fields.values() if register is not None else ():
        if field.names is not None:
            value = entry.document.get(field.name)
            for name in value if isinstance(value, list) else [value]:
                if isinstance(name, str) and name.strip():
                    yield Interest(name.strip(), *_AS[field.names])
