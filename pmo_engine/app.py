"""The only wiring: settings become a policy, an engine, a store, a clock, and their governance."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from functools import cache, partial
from socket import gethostname
from typing import TYPE_CHECKING, Any

from pmo_engine.model.clock import Clock, SimulatedClock, SystemClock
from pmo_engine.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from pmo_engine.notify.channel import AppriseChannel
    from pmo_engine.store.database import Database
    from pmo_engine.store.policies.versions import Term
    from pmo_engine.work.governance import Governance

CLOCK = "clock"


def open_database(settings: Settings) -> Database:
    """Open the store; raises StoreError where there is none that fits this version."""
    from pmo_engine.store.database import Database  # noqa: PLC0415 - a driver, only when needed
    from pmo_engine.store.errors import NotMigrated  # noqa: PLC0415

    database = Database(settings.database)
    if not database.schema_is_current():
        raise NotMigrated(
            f"{database.place} is not set up for this version; run 'pmo database migrate'"
        )
    return database


def open_governance(settings: Settings | None = None) -> Governance:
    """Put together what commands work with; a version whose day has come takes force first."""
    from pmo_engine.compiler.opening import open_policy  # noqa: PLC0415 - slow to import, see above
    from pmo_engine.roles.registry import roles  # noqa: PLC0415
    from pmo_engine.work.governance import Governance  # noqa: PLC0415

    settings = settings or read_settings()
    database = open_database(settings)
    folder = cache(partial(open_policy, settings.policy))
    clock = clock_of(database)
    made = Governance(
        database,
        clock,
        roles(),
        settings.engine,
        folder,
        _bring_into_force,
        account(),
        clock_by_hand=not isinstance(clock, SystemClock),
    )
    made.begin()
    return made


def _bring_into_force(governance: Governance, due: list[Term]) -> None:
    from pmo_engine.work.versions.coming_into_force import (  # noqa: PLC0415 - slow, and seldom due
        bring_into_force,
    )

    bring_into_force(governance, due)


def account() -> str:
    """Name the account of the operating system that runs this, as ``ana@host``.

    What variables say of it is not asked: anybody can set them.
    """
    if sys.platform == "win32":
        name = os.getlogin()
    else:
        import pwd  # noqa: PLC0415 - not everywhere

        try:
            name = pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            name = str(os.getuid())
    return f"{name}@{gethostname()}"


def open_channel(settings: Settings | None = None) -> AppriseChannel:
    """Make what hands notices over, for one run."""
    from pmo_engine.notify.channel import AppriseChannel  # noqa: PLC0415 - only when needed

    return AppriseChannel(hosts=(settings or read_settings()).notice_hosts)


def folder_aside(settings: Settings, governance: Governance) -> str | None:
    """Say that the policy's folder holds something else than what is adopted; None if not so."""
    from pmo_engine.compiler.opening import is_held_by  # noqa: PLC0415 - slow to import, see above

    if not settings.policy.exists():
        return None
    if governance.in_force(governance.clock.now()) is None:
        return _began_aside(settings, governance)
    policy = governance.rules.policy
    if is_held_by(settings.policy, policy.contents):
        return None
    called = f"version {policy.version} (digest {policy.digest[:12]})"
    return (
        f"{settings.policy} differs from the adopted {called}, which binds; "
        f"'pmo policy draft {settings.policy}' makes a new version of it"
    )


def _began_aside(settings: Settings, governance: Governance) -> str | None:
    """Say that the folder is another than that under which work began; None if not so."""
    if governance.folder_aside() is None:
        return None
    from pmo_engine.work.folder import takes_over  # noqa: PLC0415 - slow to import, see above

    policy = governance.rules.policy
    called = f"version {policy.version} (digest {policy.digest[:12]})"
    alone = takes_over(policy, governance.rules.day_of(governance.clock.now()))
    way = "With a command of whoever may adopt a policy this folder binds from then on; "
    return (
        f"{settings.policy} is not {called}, under which work began here, and which binds. "
        f"{way if alone else ''}'pmo policy draft {settings.policy}' puts it up for adoption"
    )


def set_clock(database: Database, moment: datetime, *, by: str | None = None) -> None:
    """Set the clock of a store by hand, on which time stands still until it is set again.

    Only where nobody worked yet, or where it was set by hand before, and never back; the journal
    has it where it is said ``by`` which account. Raises SettingsError.
    """
    from pmo_engine.store.tables import OFFICE  # noqa: PLC0415 - slow to import, see above
    from pmo_engine.work.governance import SYSTEM  # noqa: PLC0415 - slow to import, see above

    with database.unit_of_work(SYSTEM, moment) as uow:
        before = _clock(uow.settings.locked(CLOCK))
        if isinstance(before, SystemClock) and uow.journal.chains():
            raise SettingsError(
                "work has begun here by the clock of the machine, which stays; rehearse in a store"
                " of its own, as with --database sqlite:///rehearsal.db"
            )
        if isinstance(before, SimulatedClock) and moment < before.now():
            raise SettingsError(
                f"the clock never goes back: it is {before.now():%Y-%m-%d %H:%M} UTC there"
            )
        put = uow.settings.put if isinstance(before, SimulatedClock) else uow.settings.put_first
        put(CLOCK, moment.astimezone(UTC).isoformat())
        if by is not None:
            to = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            uow.journal.add(OFFICE, "clock.set", {"to": to, "account": by})


def clock_of(database: Database) -> Clock:
    """Give the store's clock: simulated only where it was set by hand, as in a demonstration's."""
    with database.read() as uow:
        return _clock(uow.settings.get(CLOCK))


def _clock(moment: Any) -> Clock:
    if moment is None:
        return SystemClock()
    try:
        return SimulatedClock(datetime.fromisoformat(moment))
    except (TypeError, ValueError):
        said = f"the store's clock was set to {str(moment)[:40]!r}, which is no time with its zone"
        raise SettingsError(said) from None
