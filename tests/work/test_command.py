"""The one door: what collides begins again, and what goes wrong leaves nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from pmo_engine.store.errors import DatabaseLocked, Duplicate, StaleVersion, StoreError
from pmo_engine.store.requests import Request
from pmo_engine.testing import World
from pmo_engine.work import command
from pmo_engine.work.acts import SUBMIT
from pmo_engine.work.approvals import votes
from pmo_engine.work.command import TRIES, Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import delivery, sweep
from pmo_engine.work.subjects import Locked, OfProject
from tests.policies import kept

CITY = Path(__file__).parents[1] / "stories/city.yaml"


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    waited: list[float] = []
    monkeypatch.setattr(command, "sleep", waited.append)
    made = World(kept(CITY), request.getfixturevalue(f"{request.param}_url"))
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    yield made
    made.close()


def colliding(error: Callable[[], StoreError], times: int) -> tuple[list[int], Any]:
    """Give a piece of work that collides so often before it is done, and how often it was tried."""
    tried: list[int] = []

    def do(c: Command) -> str:
        tried.append(len(tried) + 1)
        c.journal("done", {"try": len(tried)})
        if len(tried) <= times:
            raise error()
        return "done"

    return tried, do


def lines(world: World) -> list[dict[str, Any]]:
    return [line.body for line in world.journal("P-1") if line.kind == "done"]


COLLISIONS = [
    lambda: DatabaseLocked("somebody else writes"),
    lambda: StaleVersion("entry", "e-1", 1, 2),
    lambda: Duplicate("entries", "there is one already"),
]
NAMES = ("locked", "stale", "duplicate")


@pytest.mark.parametrize("error", COLLISIONS, ids=NAMES)
def test_what_collides_begins_again_and_is_done_once(
    world: World, error: Callable[[], StoreError]
) -> None:
    tried, do = colliding(error, TRIES - 1)
    order = Order("ana", SUBMIT, OfProject("P-1"), str)
    assert carry_out(world.governance, order, do) == "done"
    assert len(tried) == TRIES
    assert lines(world) == [{"try": TRIES}]


@pytest.mark.parametrize("error", COLLISIONS, ids=NAMES)
def test_what_collides_for_ever_is_given_up_and_leaves_nothing(
    world: World, error: Callable[[], StoreError]
) -> None:
    tried, do = colliding(error, TRIES + 1)
    with pytest.raises(type(error())):
        carry_out(world.governance, Order("ana", SUBMIT, OfProject("P-1"), str), do)
    assert len(tried) == TRIES
    assert lines(world) == []


def test_what_is_no_collision_is_not_tried_again(world: World) -> None:
    tried, do = colliding(lambda: StoreError("the disk is full"), 1)
    with pytest.raises(StoreError, match="the disk is full"):
        carry_out(world.governance, Order("ana", SUBMIT, OfProject("P-1"), str), do)
    assert len(tried) == 1
    assert lines(world) == []


class Overtaken:
    """A subject that another command has done its work on by the time it is locked."""

    def __init__(self, meanwhile: Callable[[], Any]) -> None:
        self.meanwhile = meanwhile

    def lock(self, _uow: Any) -> Locked:
        self.meanwhile()
        return Locked()


def overtaken(
    url: str, error: Exception, request: str | None, first: str | None
) -> tuple[World, Callable[[], None]]:
    """Give an order that fails because of what another one, with a request of its own, has done."""
    world = World(kept(CITY), url)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")

    def fails(_c: Command) -> None:
        raise error

    def does(c: Command) -> None:
        c.journal("done", {"first": True}, chain="P-1")

    def meanwhile() -> None:
        carry_out(world.governance, replace(order, subject=OfProject("P-1"), request=first), does)

    subject = Overtaken(meanwhile)
    order: Order[None] = Order("ana", SUBMIT, subject, NoneType, request, asked="the same")
    return world, lambda: carry_out(world.governance, order, fails)


@pytest.mark.parametrize("error", [CommandError, Refusal, StoreError])
def test_what_the_same_request_has_done_meanwhile_is_its_answer(
    postgresql_url: str, error: type[Exception]
) -> None:
    world, asked = overtaken(postgresql_url, error("it is done already"), "r-1", "r-1")
    asked()
    assert lines(world) == [{"first": True}]
    assert "refused" not in [line.kind for line in world.journal("P-1")]
    world.close()


@pytest.mark.parametrize(("request_id", "first"), [(None, None), (None, "r-1"), ("r-1", "r-2")])
def test_what_another_request_has_done_is_an_error(
    postgresql_url: str, request_id: str | None, first: str | None
) -> None:
    world, asked = overtaken(postgresql_url, CommandError("it is done"), request_id, first)
    with pytest.raises(CommandError, match="it is done"):
        asked()
    world.close()


def test_a_request_has_an_id_that_can_be_kept(world: World) -> None:
    order = Order("ana", SUBMIT, OfProject("P-1"), str, "r\n1")
    with pytest.raises(CommandError, match="request id"):
        carry_out(world.governance, order, lambda _: "done")
    with pytest.raises(CommandError, match="request id"):
        command.answered_before(world.governance, order)


def test_a_request_id_answers_what_it_was_given_for_and_nothing_else(world: World) -> None:
    world.person("petra", "pmo_head")
    for _ in range(2):
        world.submit("P-1", "change_requests", "ana", cost="60000 GBP")
    one, two = (each.id for each in world.waiting_for("petra"))
    give = partial(votes.vote, world.governance, by="petra", request="r-1")
    assert give(one, choice="approve").status == "approved"
    assert give(one, choice="approve").status == "approved"
    for id, choice in ((two, "approve"), (one, "reject")):
        with pytest.raises(CommandError, match="was used to vote, about something else or in"):
            give(id, choice=choice)
    assert [each.id for each in world.waiting_for("petra")] == [two]


def handed_over(_message: Any, _address: str) -> None:
    """A channel that takes everything."""


def test_a_request_id_of_what_takes_several_commands_is_for_the_same_words(world: World) -> None:
    g, about = world.governance, "about something else or in other words"
    swept = partial(sweep.sweep, g, request="s-1")
    first = swept(actions=frozenset({"remind"}))
    assert swept(actions=frozenset({"remind"})) == first
    for other in (None, frozenset({"escalate"})):
        with pytest.raises(CommandError, match=f"'s-1' was used to sweep, {about}"):
            swept(actions=other)
    assert sweep.sweep(g, request="s-2") == sweep.sweep(g, request="s-2")
    delivered = partial(delivery.deliver, g, handed_over, request="d-1")
    assert delivered(kind="notice") == delivered(kind="notice")
    with pytest.raises(CommandError, match=f"'d-1' was used to deliver, {about}"):
        delivered(kind="flow")


def test_what_was_asked_before_anybody_kept_what_for_is_answered_as_it_was(world: World) -> None:
    world.person("petra", "pmo_head")
    world.submit("P-1", "change_requests", "ana", cost="60000 GBP")
    [one] = (each.id for each in world.waiting_for("petra"))
    first = votes.vote(world.governance, one, by="petra", choice="approve")
    kept = {"id": "r-1", "act": "vote", "actor": "petra", "answer": first.model_dump(mode="json")}
    with world.database.unit_of_work("petra", world.clock.now()) as uow:
        uow.requests.add(Request(**kept, at=world.clock.now()))
    again = partial(votes.vote, world.governance, one, by="petra", request="r-1")
    assert again(choice="reject", reason="in other words") == first
