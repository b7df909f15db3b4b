"""How people are called: by name, read in one look, with the account where two are called alike."""

import pytest

from pmo_engine.queries.view import View
from pmo_engine.store.repository import AT_ONCE
from pmo_engine.testing import World
from tests.queries.conftest import statements


def test_a_name_is_told_and_of_two_alike_the_accounts(world: World) -> None:
    with world.governance.reading() as c:
        assert c.uow.people.name_of("sam") == "Sam"
        assert c.uow.people.name_of("nobody-here") == "nobody-here"
        assert c.uow.people.name_of("pmo-engine") == "pmo-engine"
        assert c.uow.people.name_of("") == ""
    with world.database.unit_of_work("sam", world.clock.now()) as uow:
        assert uow.people.name_of("sam") == "Sam"
        uow.people.add(uow.people.model(id="sam-2", name="Sam"))
        uow.write()
        assert uow.people.name_of("sam") == "Sam (sam)"
        uow.people.change(uow.people.lock("sam-2"), name="Sue")
        assert uow.people.name_of("sam") == "Sam"
        uow.people.change(uow.people.lock("sam"), name="Sue")
    with world.governance.reading() as c:
        called = c.uow.people.names_of(["sam-2", "sam", "petra"])
        told = [called[each] for each in ("sam", "sam-2", "petra")]
        assert told == ["Sue (sam)", "Sue (sam-2)", "Petra"]


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_names_of_many_are_read_in_one_look_and_once(world: World) -> None:
    ids = [f"x{number}" for number in range(AT_ONCE)]

    def ask(c: View, *asked: str) -> None:
        names = c.uow.people.names_of(asked)
        assert all(names[each] == each for each in asked)
        assert c.uow.people.name_of(asked[0]) == asked[0]

    assert statements(world, lambda c: ask(c, *ids)) == 1
    assert statements(world, lambda c: ask(c, *ids, "one-more")) == 2
    assert statements(world, lambda c: ask(c, "pmo-engine")) == 0
