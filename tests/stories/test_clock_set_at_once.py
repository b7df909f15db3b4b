"""The clock of a store is set by hand: of two who do so at once, the later time stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from pmo_engine.app import clock_of, set_clock
from pmo_engine.policy import Policy
from pmo_engine.testing import World, at_once, policy_from
from pmo_engine.work.governance import Governance
from tests.stories.conftest import DATABASES
from tests.stories.test_promises import CITY

pytestmark = DATABASES


def set_to(governance: Governance, moment: datetime) -> None:
    set_clock(governance.database, moment)


def test_neither_takes_it_back(make_world: Callable[..., World]) -> None:
    policy: Policy = policy_from(CITY)
    world = make_world(policy)
    start = world.clock.now()
    set_clock(world.database, start)
    for hours in ((2, 1), (4, 3), (6, 5)):
        at_once(world, *(partial(set_to, moment=start + timedelta(hours=h)) for h in hours))
        assert clock_of(world.database).now() == start + timedelta(hours=max(hours))


def test_the_first_is_set_once(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY))
    start = world.clock.now()
    at_once(world, *(partial(set_to, moment=start + timedelta(hours=h)) for h in (1, 1)))
    assert clock_of(world.database).now() == start + timedelta(hours=1)
