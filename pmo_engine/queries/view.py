"""What a query looks at: one reading transaction, at one moment, under a version of the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Self
    from zoneinfo import ZoneInfo

    from pmo_engine.engines.rulebook import Rulebook
    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork


class Governed(Protocol):
    """A piece of work that is under a version of the policy; None: the folder as it stands."""

    @property
    def policy_digest(self) -> str | None: ...


class View(Protocol):
    """What a query is given."""

    @property
    def uow(self) -> UnitOfWork: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def rules(self) -> Rulebook:
        """Give the version of the policy, ready to judge."""

    @property
    def version_in_force(self) -> str | None:
        """Give the id of the adopted version that binds; None: the folder does."""

    @property
    def now(self) -> datetime: ...

    @property
    def today(self) -> date: ...

    @property
    def zone(self) -> ZoneInfo: ...

    def under(self, work: Governed) -> Self:
        """Give the same view under the version that a piece of work is under."""
