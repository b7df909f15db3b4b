"""An empty store is set up by whoever founds it, until work begins; later only as terms say."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from pmo_engine.model.clock import SimulatedClock
from pmo_engine.store.database import Database
from pmo_engine.testing.at_once import Failed, at_once
from pmo_engine.testing.world import START, World
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.governance import Governance
from pmo_engine.work.people.appointments import hold, leave
from pmo_engine.work.people.people import add_person, change_person
from pmo_engine.work.people.projects import add_project
from pmo_engine.work.records.submission import submit
from pmo_engine.work.versions.coming_into_force import bring_into_force
from tests.policies import kept
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES


class Empty:
    """A store in which nobody is, yet."""

    def __init__(self, backend: str, url: str) -> None:
        self.url, self.policy = url, kept(CITY)
        self.database, self.clock = Database(url), SimulatedClock(START)
        self.governance = Governance(
            self.database, self.clock, {}, backend, lambda: self.policy, bring_into_force
        )


@pytest.fixture
def empty(place: tuple[str, str]) -> Iterator[Any]:
    made = Empty(*place)
    yield made
    made.governance.close()
    made.database.close()


def told(empty: Any) -> list[tuple[str, str, Any]]:
    with empty.database.read() as uow:
        lines = uow.journal.read("office")
        return [(line.kind, line.actor, line.body.get("by_founder")) for line in lines]


def found(empty: Any) -> None:
    add_person(empty.governance, person="petra", name="Petra", by="petra")
    add_person(empty.governance, person="ana", name="Ana", by="petra")
    add_project(empty.governance, project="P-1", name="Bridge", stage="delivery", by="petra")


def work(empty: Any, by: str = "ana") -> None:
    fields = {"cost": "5 GBP"}
    submit(empty.governance, project="P-1", register="changes", fields=fields, by=by)


def test_the_founder_sets_it_up_and_that_is_told(empty: Any) -> None:
    first = add_person(empty.governance, person="petra", name="Petra", by="petra")
    assert first.by_founder == "set-up"
    made = hold(empty.governance, person="petra", role="portfolio_board", by="petra")
    assert (made.changed, made.by_founder) == (True, "set-up")
    assert told(empty) == [
        ("person.added", "petra", "set-up"),
        ("role.held", "petra", "set-up"),
    ]


def test_the_first_person_is_added_by_themself(empty: Any) -> None:
    with pytest.raises(Refusal, match="the first person is added by themself: --by petra"):
        add_person(empty.governance, person="petra", name="Petra", by="sam")
    with pytest.raises(Refusal, match="nobody here is called ''"):
        add_project(empty.governance, project="P-1", name="B", stage="delivery", by="")
    with pytest.raises(CommandError, match="engine's own name"):
        add_person(empty.governance, person="pmo-engine", name="E", by="pmo-engine")


def test_whoever_comes_second_is_not_added_by_themself(empty: Any) -> None:
    add_person(empty.governance, person="petra", name="Petra", by="petra")
    with pytest.raises(Refusal, match="nobody here is called 'zoe'; add them with 'pmo person"):
        add_person(empty.governance, person="zoe", name="Zoe", by="zoe")


def test_nobody_else_sets_it_up(empty: Any) -> None:
    found(empty)
    for command in (
        partial(add_person, person="sock", name="Sock"),
        partial(hold, person="ana", role="portfolio_board"),
        partial(add_project, project="P-2", name="B", stage="delivery"),
    ):
        with pytest.raises(Refusal, match="Ana may not"):
            command(empty.governance, by="ana")


def test_with_the_first_record_the_set_up_ends(empty: Any) -> None:
    found(empty)
    hold(empty.governance, person="ana", role="portfolio_board", by="petra")
    work(empty)
    for command in (
        partial(add_person, person="sock", name="Sock"),
        partial(hold, person="petra", role="portfolio_board"),
        partial(change_person, person="ana", name="Other"),
    ):
        with pytest.raises(Refusal, match="Petra may not"):
            command(empty.governance, by="petra")
    made = hold(empty.governance, person="petra", role="pmo_head", by="ana")
    assert made.by_founder is None


def test_where_nobody_holds_the_right_the_founder_stands_in_but_not_for_themself(
    empty: Any,
) -> None:
    found(empty)
    work(empty)
    with pytest.raises(Refusal, match="nobody appoints themself"):
        hold(empty.governance, person="petra", role="portfolio_board", by="petra")
    made = hold(empty.governance, person="ana", role="portfolio_board", by="petra")
    assert made.by_founder == "nobody else"
    assert told(empty)[-1] == ("role.held", "petra", "nobody else")
    with pytest.raises(Refusal, match="Petra may not appoint the PMO head"):
        hold(empty.governance, person="ana", role="pmo_head", by="petra")


def test_a_founder_who_leaves_is_founder_no_more(empty: Any) -> None:
    found(empty)
    leave(empty.governance, person="petra", by="petra")
    with pytest.raises(Refusal, match="Petra may not"):
        hold(empty.governance, person="ana", role="pmo_head", by="petra")


def test_a_store_has_one_founder(empty: Any) -> None:
    answers = at_once(
        empty,
        partial(add_person, person="petra", name="Petra", by="petra"),
        partial(add_person, person="ana", name="Ana", by="ana"),
        partial(add_person, person="sam", name="Sam", by="sam"),
    )
    failed = [each for each in answers if isinstance(each, Failed)]
    assert {each.kind for each in failed} == {"Refusal"}
    assert len(failed) == 2
    with empty.database.read() as uow:
        [only] = uow.people.all()
        assert uow.settings.get("founder") == only.id


def test_a_world_is_not_being_set_up(make_world: Callable[..., World]) -> None:
    world = make_world()
    with pytest.raises(Refusal, match="Administrator may not add person"):
        add_person(world.governance, person="sock", name="Sock", by="administrator")
