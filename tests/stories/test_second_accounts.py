"""Second accounts: a declared link and a common address make one person of two accounts."""

from functools import partial
from typing import Any

import pytest

from pmo_engine.testing import World, at_once
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.appointments import hold
from pmo_engine.work.people.gathered import people
from pmo_engine.work.people.people import add_person, change_person
from pmo_engine.work.people.second_accounts import same_as
from tests.stories.conftest import DATABASES

pytestmark = DATABASES


@pytest.fixture
def peopled(world: World) -> World:
    for person in ("ben", "ben2", "ben3"):
        world.person(person)
    return world


LINK = partial(same_as, person="ben2", other="ben", by="bo")


def gather(world: World) -> Any:
    with world.governance.reading() as c:
        return people(c)


def test_two_accounts_are_said_to_be_one_person_s_and_not_any_more(peopled: World) -> None:
    made = LINK(peopled.governance)
    assert (made.accounts, made.one_person, made.changed) == (("ben", "ben2"), True, True)
    assert not LINK(peopled.governance, person="ben", other="ben2").changed
    more = LINK(peopled.governance, other="ben3")
    assert more.accounts == ("ben", "ben2", "ben3")
    assert gather(peopled).are_one("ben", "ben3")
    parted = LINK(peopled.governance, taken=True)
    assert (parted.one_person, parted.changed) == (False, True)
    assert not LINK(peopled.governance, taken=True).changed
    assert not gather(peopled).are_one("ben", "ben3")
    kinds = [line.kind for line in peopled.journal("office") if line.kind.startswith("accounts")]
    assert kinds == ["accounts.joined", "accounts.joined", "accounts.parted"]


def test_nobody_says_it_of_themself(peopled: World) -> None:
    with pytest.raises(Refusal, match="somebody else has to say which accounts are Bo's"):
        LINK(peopled.governance, other="bo")
    with pytest.raises(Refusal, match="Ben may not link person: .* for the portfolio board"):
        LINK(peopled.governance, by="ben")
    with pytest.raises(CommandError, match="needs no other to be one person"):
        LINK(peopled.governance, other="ben2")


def test_accounts_with_an_address_in_common_are_one_person_s(world: World) -> None:
    for person, address in (
        ("ben", "json://h/B"),
        ("ben2", " json://h/b"),
        ("cem", ""),
        ("dov", ""),
    ):
        world.person(person, address=address)
    assert gather(world).same == {"ben2": "ben"}
    with pytest.raises(CommandError, match="an address in common"):
        LINK(world.governance, taken=True) if LINK(world.governance) else None


def test_two_say_at_once_that_accounts_are_one_person_s(peopled: World) -> None:
    answers = at_once(peopled, LINK, LINK)
    assert sorted(each.changed for each in answers) == [False, True]
    assert gather(peopled).same == {"ben2": "ben"}


def test_nobody_appoints_themself_through_a_second_account(peopled: World) -> None:
    peopled.person("bo2", "portfolio_board")
    same_as(peopled.governance, person="bo", other="bo2", by="bea")
    appoint = partial(hold, person="bo", role="pmo_head", by="bo2")
    with pytest.raises(Refusal, match="nobody appoints themself"):
        appoint(peopled.governance)


def test_who_gets_the_address_of_another_is_told_to_be_one_person_with_them(world: World) -> None:
    (mine,) = (each.address for each in _people(world) if each.id == "ana")
    add = partial(add_person, name="New", by="bo", hosts=("127.0.0.1",))
    assert add(world.governance, person="new", address=mine.upper()).one_with == ("ana",)
    assert add(world.governance, person="newer").one_with == ()
    change = partial(change_person, person="newer", by="bo", hosts=("127.0.0.1",))
    assert change(world.governance, address=mine).one_with == ("ana", "new")
    assert change(world.governance, name="Newest").one_with == ()


def _people(world: World) -> Any:
    with world.database.read() as uow:
        return uow.people.all()
