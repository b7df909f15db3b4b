"""Settings: options first, then PMO_... variables, a folder of secrets, pmo.toml, defaults."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

FILE = "pmo.toml"
PREFIX = "PMO_"
SECRETS = "PMO_SECRETS"
"""The variable that names the folder of secrets, with a file for each setting that is one."""

_SQLITE = "sqlite:///"


class SettingsError(Exception):
    """Settings that cannot be used; says which and where they come from."""


class Settings(BaseModel):
    """Where things are, and what may be done with them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str = Field(
        default="sqlite:///pmo.db",
        description="Where records, decisions and the journal are: an address such as "
        "`sqlite:///office.db` or `postgresql://user@host/name`.",
    )
    policy: Path = Field(default=Path("policies"), description="The policy's folder.")
    engine: Literal["compiled", "durable", "tracing"] = Field(
        default="durable" if sys.version_info < (3, 13) else "compiled",
        description="What judges live cases: `durable` (the default on Python 3.11 and 3.12), "
        "`compiled` or `tracing`.",
    )
    notice_hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts that notices may go to besides mail servers and web hooks on the "
        "internet: `name`, `name:port` or `*.domain`; a list, or with commas between them.",
    )

    @field_validator("notice_hosts", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return value.replace(",", " ").split() if isinstance(value, str) else value


def read_settings(
    given: Mapping[str, str | None] | None = None, folder: Path | None = None
) -> Settings:
    """Read settings; paths in pmo.toml, which lies in ``folder``, count from there.

    Raises:
        SettingsError: one that is unknown or cannot be used.
    """
    home = folder or Path.cwd()
    chosen = {key: value for key, value in (given or {}).items() if value is not None}
    secrets = _secrets()
    try:
        if secrets is None and _is_all_given(home / FILE):
            return Settings.model_validate(chosen)
        read = _reader(home / FILE, secrets)(**chosen)
    except ValidationError as error:
        raise SettingsError(_said(error.errors()[0], chosen, secrets, home / FILE)) from None
    except (OSError, ValueError) as error:  # of the file itself
        raise SettingsError(f"{home / FILE}: {error}") from None
    return Settings.model_validate(read.model_dump())


def _is_all_given(file: Path) -> bool:
    """Tell whether there is neither a file nor a variable to read."""
    set_ = {name.upper() for name, value in os.environ.items() if value}
    return not file.is_file() and set_.isdisjoint(
        f"{PREFIX}{name.upper()}" for name in Settings.model_fields
    )


def _reader(file: Path, secrets: Path | None) -> Callable[..., Settings]:
    """Make the class that reads: pydantic-settings takes a while to load, and few need it."""
    from pydantic_settings import (  # noqa: PLC0415 - as said
        BaseSettings,
        PydanticBaseSettingsSource,
        SettingsConfigDict,
        TomlConfigSettingsSource,
    )

    class File(TomlConfigSettingsSource):
        def __call__(self) -> dict[str, Any]:
            return _from_folder(super().__call__(), file.parent)

    class Reader(BaseSettings, Settings):
        model_config = SettingsConfigDict(
            env_prefix=PREFIX, env_ignore_empty=True, enable_decoding=False, secrets_dir=secrets
        )

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del dotenv_settings
            last = File(settings_cls, file)
            return (init_settings, env_settings, file_secret_settings, last)

    return Reader


def policy_named_in(folder: Path) -> Path:
    """Give the policy that the pmo.toml of a folder names; the folder itself where there is none.

    Raises:
        SettingsError: a file that cannot be read as one.
    """
    import tomllib  # noqa: PLC0415 - few need it

    file = folder / FILE
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from None
    named = read.get("policy", Settings.model_fields["policy"].default if read else "")
    return folder / named if isinstance(named, str | Path) else folder


def _secrets() -> Path | None:
    named = os.environ.get(SECRETS)
    if not named:
        return None
    if not Path(named).is_dir():
        raise SettingsError(f"{SECRETS}: there is no folder {named}")
    return Path(named)


def _from_folder(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let paths count from the folder of the file that they stand in."""
    if isinstance(values.get("policy"), str):
        values["policy"] = folder / values["policy"]
    url = values.get("database", "")
    if isinstance(url, str) and url.startswith(_SQLITE):
        path = Path(url.removeprefix(_SQLITE))
        values["database"] = url if path.is_absolute() else f"{_SQLITE}{folder / path}"
    return values


def _said(error: ErrorDetails, given: Mapping[str, str], secrets: Path | None, file: Path) -> str:
    """Say where a wrong setting comes from and what is wrong, but not its value."""
    key = str(error["loc"][0])
    where = str(file)
    if key in given:
        where = f"--{key}"
    elif os.environ.get(f"{PREFIX}{key.upper()}"):
        where = f"{PREFIX}{key.upper()}"
    elif secrets is not None and (secrets / f"{PREFIX}{key}".lower()).exists():
        where = str(secrets / f"{PREFIX}{key}".lower())
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown setting '{key}'; known: {', '.join(Settings.model_fields)}"
    return f"{where}: '{key}' cannot be used: {error['msg'][0].lower()}{error['msg'][1:]}"
