"""What a transaction knows of a register: in order, typed once, and added up from where it was."""

from __future__ import annotations

from pmo_engine.feel.values import Record
from pmo_engine.work.seen_records import Seen, Shelf


def seen(id: str, key: str, entered: int, version: int = 1) -> Seen:
    return Seen(id, "P-1", key, version, "waiting", (entered, id), Record("risk", {}))


def test_records_are_listed_by_their_keys_as_they_are_now() -> None:
    shelf = Shelf({}, [])
    for each in (seen("b", "R-2", 1), seen("a", "R-1", 2), seen("b", "R-2", 1, version=2)):
        shelf.put(each)
    assert [(each.key, each.version) for each in shelf.listed()] == [("R-1", 1), ("R-2", 2)]
    assert shelf.last == (2, "a")


def test_sums_go_on_where_a_record_is_added_and_begin_anew_otherwise() -> None:
    shelf = Shelf({}, [])
    shelf.put(seen("a", "R-1", 2))
    shelf.running["sum"] = (1, 5)
    shelf.put(seen("b", "R-2", 3))
    assert shelf.running
    shelf.put(seen("c", "R-3", 1))  # entered before what was added up
    assert not shelf.running
    shelf.running["sum"] = (3, 9)
    shelf.put(seen("a", "R-1", 2, version=2))
    assert not shelf.running


def standing(shelf: Shelf) -> list[str]:
    return [each.id for each in shelf.standing]


def test_what_counts_towards_limits_is_known_in_the_order_of_its_entry() -> None:
    shelf = Shelf({}, [])
    for each in (seen("b", "R-9", 1), seen("c", "R-1", 3), seen("a", "R-2", 2)):
        shelf.put(each)
    assert standing(shelf) == ["b", "a", "c"]
    shelf.put(seen("d", "R-0", 4))
    shelf.put(seen("e", "R-4", 5)._replace(standing="rejected"))
    assert standing(shelf) == ["b", "a", "c", "d"]
    shelf.put(seen("a", "R-2", 2, version=2)._replace(standing="withdrawn"))
    shelf.put(seen("b", "R-9", 1, version=2)._replace(standing="approved"))
    assert standing(shelf) == ["b", "c", "d"]
    assert shelf.standing[0].standing == "approved"
    shelf.put(seen("f", "R-5", 2))  # entered before others
    assert standing(shelf) == ["b", "f", "c", "d"]


def test_it_is_known_how_many_were_rejected() -> None:
    shelf = Shelf({}, [])
    shelf.put(seen("a", "R-1", 1)._replace(standing="rejected"))
    shelf.put(seen("b", "R-2", 2)._replace(standing="rejected"))
    shelf.put(seen("b", "R-2", 2)._replace(standing="rejected"))
    assert shelf.rejected == 2
    shelf.put(seen("a", "R-1", 1, version=2))
    assert shelf.rejected == 1
    shelf.put(seen("a", "R-1", 1, version=3)._replace(standing="rejected"))
    assert shelf.rejected == 2
