"""Two commands at the same moment: each in a process of its own, held at a barrier until all wait.

won, lost = at_once(
world,
partial(votes.vote, obligation=one, by="petra", choice="approve"),
partial(votes.vote, obligation=other, by="bo", choice="approve"),
)
"""

from __future__ import annotations

import os
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.stored_files import load_kept
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.model.frozen import dataclass
from pmo_engine.roles.registry import roles
from pmo_engine.store.database import Database
from pmo_engine.work.governance import Governance
from pmo_engine.work.versions.coming_into_force import bring_into_force

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from multiprocessing.connection import Connection
    from threading import Barrier

    from pmo_engine.testing.world import World

PATIENCE = 120  # seconds, for a process to begin and for a command to end
# One process loads the engine, once; that of a command is a copy of it.
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "holidays.countries", "psycopg"])


@dataclass(frozen=True, slots=True)
class Failed:
    """A command that raised: the name of the exception, and what it says."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the commands are carried out, in a form that another process can be given."""

    url: str
    contents: dict[str, bytes]
    backend: str
    now: datetime
    with_roles: bool

    def governance(self) -> Governance:
        policy = load_kept(self.contents, "policy")
        clock = SimulatedClock(self.now)
        return Governance(
            Database(self.url),
            clock,
            roles() if self.with_roles else {},
            self.backend,
            lambda: policy,
            bring_into_force,
        )


def at_once(
    world: World, *commands: Callable[[Governance], Any] | Sequence[Callable[[Governance], Any]]
) -> list[Any]:
    """Carry commands out at the same moment; gives what each gave, or how it ``Failed``.

    A command is a ``partial`` of a function of a module, without its governance. Where one is a
    sequence all are, and of the same length: each round begins together, and gives a list.
    """
    rounds = [[each] if callable(each) else list(each) for each in commands]
    barrier = _PROCESSES.Barrier(len(rounds))
    place = _Place(
        world.url,
        dict(world.policy.contents),
        world.governance.backend,
        world.clock.now(),
        bool(world.governance.roles),
    )
    started = []
    for each in rounds:
        here, there = _PROCESSES.Pipe(duplex=False)
        process = _PROCESSES.Process(
            target=_carry_out, args=(place, each, barrier, there), daemon=True
        )
        process.start()
        there.close()
        started.append((process, here))
    answers = [_answers(here, len(rounds[0])) for _, here in started]
    for process, _ in started:
        process.join(PATIENCE)
    single = all(callable(each) for each in commands)
    return [each[0] for each in answers] if single else answers


def _answers(here: Connection, number: int) -> list[Any]:
    if not here.poll(PATIENCE):
        raise TimeoutError("a command that was to be carried out at once did not end")
    found: list[Any] = here.recv()
    assert len(found) == number
    return found


def _carry_out(
    place: _Place,
    commands: Sequence[Callable[[Governance], Any]],
    barrier: Barrier,
    there: Connection,
) -> None:
    governance = place.governance()
    governance.begin()
    answers: list[Any] = []
    for command in commands:
        barrier.wait(PATIENCE)
        try:
            answers.append(command(governance))
        except Exception as error:  # noqa: BLE001 - the test is told of whatever is raised
            answers.append(Failed(type(error).__name__, str(error)))
    there.send(answers)
    there.close()
    os._exit(0)  # nothing of the test's own process is to be tidied up here
