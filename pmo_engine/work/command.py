"""The one door: who acts, what is locked, whether they may, what is done, what is journalled."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import field, fields, is_dataclass, replace
from functools import cached_property, partial
from hashlib import sha256
from random import uniform
from time import sleep
from types import NoneType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import IdentifierError, canonical, problem, shown
from pmo_engine.model.names import words
from pmo_engine.store.errors import (
    DatabaseLocked,
    DatabaseReadOnly,
    Duplicate,
    StaleVersion,
    StoreError,
)
from pmo_engine.work.accounts import require_own_name, signed
from pmo_engine.work.acts import SWEEP, TAKE_FORCE
from pmo_engine.work.approvals.eligible import About, standing_of
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.folder import remember, take_over
from pmo_engine.work.governance import Context, System
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.permissions import require, require_known
from pmo_engine.work.subjects import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.model.acts import Act
    from pmo_engine.store.requests import Request
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Found, Governance
    from pmo_engine.work.subjects import Locked, Subject

R = TypeVar("R")


class TimeIsUp(Exception):
    """The time of a vote on a subject was up before anybody acted on it again."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject


TRIES = 10
FIRST_WAIT = 0.02  # seconds; twice as long after each try, and as much again by chance
LONGEST_WAIT = 2.0
LONGEST_REASON = 500  # characters of a refusal that the journal keeps
COLLISIONS = (DatabaseLocked, StaleVersion, Duplicate)
"""What another command may have caused: begun again, this one sees what that one left."""


@dataclass(frozen=True, slots=True)
class Order(Generic[R]):
    """What somebody asks for: who, which act, about what, under which request id.

    The same ``request`` again gives the first answer, for which ``gives`` names its model.
    """

    by: str
    act: Act
    subject: Subject
    gives: type[R]
    request: str | None = None
    carried_on: bool = False  # in the name of whoever began it, and whoever goes on with it
    asked: str = ""  # what it is for, in short, where the same request is to be known again


@dataclass(frozen=True)
class Command(Context):
    """An order that is being carried out; ``behalf`` names those for whom the actor does it."""

    actor: str
    act: Act
    on: Locked
    behalf: list[str] = field(default_factory=list)

    @cached_property
    def standing(self) -> Standing:
        """Say how the actor stands to what the command is about, as it is under its lock."""
        row = self.on.obligation
        assert row is not None  # the subject of a vote or an answer locks it
        subject = self.uow.subjects.get(row.subject_id)
        about = About(kind_of(subject.kind), subject.kind, self.on.row, subject.created_at)
        return standing_of(self, row, self.actor, about)

    @cached_property
    def actor_name(self) -> str:
        """Say how people call the actor."""
        return self.uow.people.name_of(self.actor)

    def roles_in(self, project: str | None) -> list[str]:
        """Name the roles that the actor holds today for a project, or for the office."""
        return roles_of(self, self.actor, project)

    def journal(
        self,
        kind: str,
        body: dict[str, Any],
        chain: str | None = None,
        subject: str | None = None,
    ) -> None:
        """Tell the journal what happened to a subject, in its chain; the one that is locked.

        Another one is named, with its chain. What is done for somebody else says for whom, and
        what the engine does by itself while somebody's command runs, whose that is.
        """
        told = {**body, "on_behalf_of": self.behalf[-1]} if self.behalf else body
        who, ran_by = None, self.uow.journal.actor
        if isinstance(self.actor, System) and self.actor != ran_by:
            who, told = self.actor, {**told, "ran_by": ran_by}
        self.uow.journal.add(chain or self.on.chain, kind, told, subject or self.on.subject, who)


def carry_out(governance: Governance, order: Order[R], do: Callable[[Command], R]) -> R:
    """Carry out an order in one transaction, or nothing of it.

    On a deadlock, a stale version or a locked database it begins again at the first step. Raises
    Refusal, which is journalled, for what the actor may not do; CommandError; StoreError.
    """
    order = _signed(governance, order, do)
    for tried in range(1, TRIES + 1):
        try:
            return _after_time(governance, order, do)
        except COLLISIONS:
            if tried == TRIES:
                raise
            _wait(tried)
        except (CommandError, StoreError) as error:
            if (earlier := _request(governance, order)) is not None:
                # what is in the way is what it did itself
                return _first_answer(governance, order, earlier)
            if isinstance(error, Refusal):
                _journal_refusal(governance, order, error)
            raise
    raise AssertionError("the last try returns or raises")


def carry_out_all(governance: Governance, order: Order[R], run: Callable[[], R]) -> R:
    """Carry out what takes several commands, each of which can be repeated without harm.

    The right is judged first, for there may be nothing to do. Asked for again under the same
    request id it is not run again, and the first answer is given.
    """
    judged = Order(order.by, order.act, order.subject, NoneType)
    carry_out(governance, judged, lambda _: None)
    if order.request is None:
        return run()
    order = replace(order, asked=_digest(order.subject, order.asked or None))
    earlier = answered_before(governance, order)
    if earlier is not None:
        return earlier
    answer = run()
    return carry_out(governance, order, lambda _: answer)


def answered_before(governance: Governance, order: Order[R]) -> R | None:
    """Give the first answer to the request of an order; None where nobody asked for it before."""
    order = _signed(governance, order)
    earlier = _request(governance, order)
    return None if earlier is None else _first_answer(governance, order, earlier)


def _signed(
    governance: Governance, order: Order[R], do: Callable[[Command], R] | None = None
) -> Order[R]:
    asked = order.asked
    if order.request is not None:
        try:
            canonical(order.request, "request id")
        except IdentifierError as error:
            raise CommandError(str(error)) from None
        asked = asked or _digest(order.subject, do)
    return replace(order, by=signed(governance, order.by), asked=asked)


def _digest(subject: Subject, asked: Callable[[Command], R] | str | None = None) -> str:
    """Give a short digest of what is asked for: about what, and with which words."""
    return sha256(repr((_said(subject), _said(asked))).encode()).hexdigest()[:32]


def _said(value: Any) -> Any:
    """Give what is the same where the same is asked for again, in another process too."""
    if isinstance(value, partial):
        words = sorted((name, _said(each)) for name, each in value.keywords.items())
        return value.func.__qualname__, [_said(each) for each in value.args], words
    if is_dataclass(value):
        names = (each.name for each in fields(value) if each.name != "governance")
        return type(value).__name__, [_said(getattr(value, name)) for name in names]
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else text


def _request(governance: Governance, order: Order[R]) -> Request | None:
    if order.request is None:
        return None
    with governance.reading() as c:
        return c.uow.requests.find(order.request)


def _wait(tried: int) -> None:
    longest = min(FIRST_WAIT * 2**tried, LONGEST_WAIT)
    sleep(uniform(longest / 2, longest))  # noqa: S311 - so that two do not wait in step


def _once(governance: Governance, order: Order[R], do: Callable[[Command], R]) -> R:
    with _begun(governance, order) as uow:
        found = governance.look_again(uow, order.by)
        if not found.due or order.act == TAKE_FORCE:
            return _answered(governance, order, do, uow, found)
    governance.take_force(found.due)
    return _once(governance, order, do)


def _after_time(governance: Governance, order: Order[R], do: Callable[[Command], R]) -> R:
    """Carry it out after what time has ended: nothing hangs on when anybody looked."""
    while True:
        try:
            return _once(governance, order, do)
        except TimeIsUp as over:
            from pmo_engine.work.notices.sweep import end_what_is_over  # noqa: PLC0415 - seldom

            end_what_is_over(governance, over.subject)


def _begun(governance: Governance, order: Order[R]) -> AbstractContextManager[UnitOfWork]:
    return governance.database.unit_of_work(
        order.by, governance.clock.now(), through=governance.through
    )


def _answered(
    governance: Governance,
    order: Order[R],
    do: Callable[[Command], R],
    uow: UnitOfWork,
    found: Found,
) -> R:
    """Give the first answer to a request that was carried out before; carry it out otherwise."""
    if order.request is None:
        return _through_the_door(governance, order, do, uow, found)
    earlier = uow.requests.find(order.request)
    if earlier is not None:
        return _first_answer(governance, order, earlier)
    answer = _through_the_door(governance, order, do, uow, found)
    said = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else None
    uow.requests.keep(order.request, str(order.act), order.by, said, order.asked)
    return answer


def _first_answer(governance: Governance, order: Order[R], earlier: Request) -> R:
    if (earlier.act, earlier.actor) != (str(order.act), order.by):
        with governance.reading() as c:
            who, act = c.uow.people.name_of(earlier.actor), words(earlier.act)
        raise CommandError(
            f"the request id '{order.request}' was used by {who} to {act}; give another one"
        )
    if earlier.asked not in {None, order.asked}:
        raise CommandError(
            f"the request id '{order.request}' was used to {words(earlier.act)}, about something"
            " else or in other words; give another one"
        )
    if issubclass(order.gives, BaseModel):
        return order.gives.model_validate(earlier.answer)
    return cast("R", None)


def _through_the_door(
    governance: Governance,
    order: Order[R],
    do: Callable[[Command], R],
    uow: UnitOfWork,
    found: Found,
) -> R:
    require_known(uow, order.by, order.act, known=found.known)
    if not isinstance(order.by, System) and not order.carried_on:
        require_own_name(uow, order.by, governance.account)
    on = order.subject.lock(uow)
    let_time_pass = order.act != SWEEP and not isinstance(order.by, System)
    if on.subject and let_time_pass and uow.rungs.is_over(on.subject, uow.at):
        raise TimeIsUp(on.subject)
    uow.people.hold_roles(order.by)
    take_over(governance, uow, order.by)
    rules = governance.rules
    governance.keep(uow, rules.policy)
    c = Command(governance, rules, uow, uow.at, order.by, order.act, on)
    try:
        require(c)
        answer = do(c)
    except Refusal as refusal:
        refusal.chain, refusal.subject = on.chain, on.subject
        raise
    remember(governance, uow)
    # By a project's journal other processes see that what they know of its records is so no more.
    assert not uow.untold, f"to {order.act} wrote records of {sorted(uow.untold)} and told nothing"
    return answer


def _journal_refusal(governance: Governance, order: Order[R], refusal: Refusal) -> None:
    named = isinstance(order.by, System) or problem(order.by) is None
    actor = order.by if named else shown(order.by)
    body = {"act": str(order.act), "reason": str(refusal)[:LONGEST_REASON]}
    with suppress(DatabaseReadOnly), _begun(governance, replace(order, by=actor)) as uow:
        uow.journal.add(refusal.chain, "refused", body, refusal.subject)
