"""The only wiring: settings become a policy, an engine, a store, a clock, and their governance."""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine.model.clock import Clock, SimulatedClock, SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.notify.channel import AppriseChannel
    from pmo_engine.store.database import Database
    from pmo_engine.work.governance import Governance

FILE = "pmo.toml"
CLOCK = "clock"
KEYS = {
    "database": "Where records, decisions and the journal are: an address such as "
    "`sqlite:///office.db` or `postgresql://user@host/name`.",
    "policy": "The policy's folder.",
    "engine": "What judges live cases: `durable` (the default on Python 3.11 and 3.12) or "
    "`compiled`.",
    "notice_hosts": "Hosts that notices may go to besides mail servers and web hooks on the "
    "internet, with commas between them: `name`, `name:port` or `*.domain`.",
}
"""What can be set in pmo.toml, and by a variable PMO_..."""


class SettingsError(Exception):
    """Settings that cannot be used; says which and where they come from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are: a database URL, the policy's folder, the engine for live cases."""

    database: str = "sqlite:///pmo.db"
    policy: Path = Path("policies")
    engine: str = "durable" if sys.version_info < (3, 13) else "compiled"
    notice_hosts: tuple[str, ...] = ()


def read_settings(
    given: Mapping[str, str | None] | None = None, folder: Path | None = None
) -> Settings:
    """Read settings: those given first, then PMO_... variables, then pmo.toml, then defaults.

    Paths in pmo.toml count from its folder.
    """
    home = folder or Path.cwd()
    values = _from_file(home / FILE)
    values |= {key: found for key in KEYS if (found := os.environ.get(f"PMO_{key.upper()}"))}
    values |= {key: value for key, value in (given or {}).items() if value is not None}
    if "policy" in values:
        values["policy"] = Path(values["policy"])
    if "notice_hosts" in values:
        values["notice_hosts"] = tuple(values["notice_hosts"].replace(",", " ").split())
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: {error}") from None
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise SettingsError(f"{path}: unknown setting '{unknown[0]}'; known: {', '.join(KEYS)}")
    wrong = [key for key, value in values.items() if not isinstance(value, str)]
    if wrong:
        raise SettingsError(f"{path}: '{wrong[0]}' must be text")
    if "policy" in values:
        values["policy"] = path.parent / values["policy"]
    prefix = "sqlite:///"
    url = values.get("database", "")
    if url.startswith(prefix) and not Path(url[len(prefix) :]).is_absolute():
        values["database"] = f"{prefix}{path.parent / url[len(prefix) :]}"
    return values


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
    from pmo_engine.work.versions.coming_into_force import bring_into_force  # noqa: PLC0415

    settings = settings or read_settings()
    database = open_database(settings)
    folder = cache(partial(open_policy, settings.policy))
    clock = clock_of(database)
    made = Governance(database, clock, roles(), settings.engine, folder, bring_into_force)
    made.begin()
    return made


def open_channel(settings: Settings | None = None) -> AppriseChannel:
    """Make what hands notices over, for one run."""
    from pmo_engine.notify.channel import AppriseChannel  # noqa: PLC0415 - only when needed

    return AppriseChannel(hosts=(settings or read_settings()).notice_hosts)


def folder_aside(settings: Settings, governance: Governance) -> str | None:
    """Say that the policy's folder holds something else than what is adopted; None if not so."""
    from pmo_engine.compiler.opening import is_held_by  # noqa: PLC0415 - slow to import, see above

    if governance.in_force(governance.clock.now()) is None or not settings.policy.exists():
        return None
    policy = governance.rules.policy
    if is_held_by(settings.policy, policy.contents):
        return None
    called = f"version {policy.version} (digest {policy.digest[:12]})"
    return (
        f"{settings.policy} differs from the adopted {called}, which binds; "
        f"'pmo policy draft {settings.policy}' makes a new version of it"
    )


def clock_of(database: Database) -> Clock:
    """Give the store's clock: simulated only where the store was created as a demo."""
    with database.read() as uow:
        moment = uow.settings.get(CLOCK)
    if moment is None:
        return SystemClock()
    try:
        return SimulatedClock(datetime.fromisoformat(moment))
    except (TypeError, ValueError):
        said = f"the store's clock was set to {str(moment)[:40]!r}, which is no time with its zone"
        raise SettingsError(said) from None
