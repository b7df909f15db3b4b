"""Lists of versions are kept in parts that they share."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from pmo_engine.store.decisions import LEAST, MOST, _planted, _split
from pmo_engine.store.errors import NotFound
from pmo_engine.store.tables import Entry, ListingPart

A_REGISTER = [(f"CR-{number}", 2) for number in range(1, 1001)]


def read(parts, digest):
    items = parts[digest]
    while items and isinstance(items[0], str):
        items = tuple(item for each in items for item in parts[each])
    return list(items)


@given(st.lists(st.tuples(st.text(max_size=5), st.integers(1, 3))))
def test_a_list_comes_back_as_it_was(versions):
    parts = {}
    assert read(parts, _planted(tuple(versions), parts)) == versions


@given(st.lists(st.text(), unique=True))
def test_parts_are_neither_too_long_nor_too_short(names):
    split = list(_split(names))
    assert [name for part in split for name in part] == names
    assert all(LEAST <= len(part) <= MOST for part in split[:-1])
    assert all(1 <= len(part) <= MOST for part in split[-1:])


def test_keys_that_all_end_a_part_are_split_as_well():
    parts = {}
    items = [("a", number) for number in range(2000)]  # one key, so that all do or none does
    assert read(parts, _planted(tuple(items), parts)) == items


@pytest.mark.parametrize(
    "change",
    [
        lambda items: [*items, ("CR-1001", 1)],
        lambda items: [("CR-0", 1), *items],
        lambda items: [*items[:500], ("CR-500b", 1), *items[500:]],
        lambda items: [*items[:500], *items[501:]],
        lambda items: [*items[:500], (items[500][0], 3), *items[501:]],
    ],
)
def test_one_more_or_less_is_a_few_parts(change):
    first, second = {}, {}
    _planted(tuple(A_REGISTER), first)
    _planted(tuple(change(A_REGISTER)), second)
    new = {digest: part for digest, part in second.items() if digest not in first}
    assert 2 <= len(new) <= 6
    assert len(json.dumps(list(new.values()))) < len(json.dumps(A_REGISTER)) / 2


def test_a_list_is_kept_once(db, work):
    def count(uow):
        uow.listings.write()
        return uow.listings._session.scalars(select(func.count()).select_from(ListingPart)).one()

    with work() as uow:
        digest = uow.listings.keep(A_REGISTER).digest
        kept = count(uow)
        assert uow.listings.keep(A_REGISTER).digest == digest
        nothing = uow.listings.keep([]).digest
        assert nothing != digest
        assert uow.listings.keep(reversed(A_REGISTER)).digest != digest
    with work() as uow:
        before = count(uow)
        other = uow.listings.keep([*A_REGISTER, ("CR-1001", 1)]).digest
        assert 1 <= count(uow) - before <= 6
    assert kept > 10
    with db.read() as uow:
        assert uow.listings.read(digest) == A_REGISTER
        assert uow.listings.read(other) == [*A_REGISTER, ("CR-1001", 1)]
        assert uow.listings.read(nothing) == []
        with pytest.raises(NotFound, match="no listing 'd'"):
            uow.listings.read("d")


def test_a_list_that_another_process_kept_too_is_none_the_worse(db, work):
    for _ in range(2):  # few parts are written without asking which are there
        with work() as uow:
            digest = uow.listings.keep(A_REGISTER[:50]).digest
            uow.listings.write()
    with db.read() as uow:
        assert uow.listings.read(digest) == A_REGISTER[:50]


def test_parts_that_are_known_to_be_kept_are_not_written(work):
    with work() as uow:
        planted = uow.listings.keep(A_REGISTER[:50])
        assert planted.digest in planted.parts
    with work() as uow:
        assert uow.listings.keep(A_REGISTER[:50], planted.parts) == planted
        assert not uow.listings.keep([("X-1", 1)], {"another"}).parts & planted.parts
        assert uow.listings.read(planted.digest) == A_REGISTER[:50]
    with work() as uow:
        unwritten = uow.listings.keep([("X-2", 1)], uow.listings.keep([("X-2", 1)]).parts).digest
        assert uow.listings.read(unwritten) == [("X-2", 1)]
        lost = uow.listings.keep([("X-3", 1)], _parts([("X-3", 1)])).digest
        with pytest.raises(NotFound):
            uow.listings.read(lost)


def _parts(items):
    parts = {}
    _planted(tuple(items), parts)
    return parts.keys()


def test_records_are_given_as_they_stood(db, work, change):
    with work() as uow:
        for key in ("CR-1", "CR-2"):
            entry = uow.entries.add(change(key, submitted_by="ana"))
            uow.entries.revise(entry, document={"cost": "1 GBP"}, status="approved")
        uow.entries.add(change(register_name="risks"))
    with db.read() as uow:
        stood = uow.entries.as_of("P-1", "change_requests", [("CR-2", 1), ("CR-1", 2)])
        assert [(each.key, each.version, each.status) for each in stood] == [
            ("CR-2", 1, "submitted"),
            ("CR-1", 2, "approved"),
        ]
        assert stood[0].document == {"cost": "80000 GBP"}
        assert stood[0].submitted_by == "ana"
        assert uow.entries.by_key("P-1", "change_requests", "CR-2").version == 2
        assert not [each for each in stood if each in uow.entries._session]
        assert uow.entries.as_of("P-1", "change_requests", []) == []
        with pytest.raises(NotFound, match="CR-1/3"):
            uow.entries.as_of("P-1", "change_requests", [("CR-1", 3)])
        many: list[tuple[str, int]] = [("CR-1", 1)] * 600
        assert {type(each) for each in uow.entries.as_of("P-1", "change_requests", many)} == {Entry}
