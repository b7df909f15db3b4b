"""Where the policy is that a command means: as it is called, or as pmo.toml names it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

_HELP = (
    "A policy's folder, a pack's, or one file; else the policy that PMO_POLICY or pmo.toml names."
)


def policy_at(path: Path | None) -> Path:
    """Give the policy that is meant: of nothing, and of a folder with a pmo.toml, what that names.

    Raises typer.BadParameter where nothing names one.
    """
    return _named() if path is None else _in_project(path)


def policies_at(paths: list[Path] | None) -> list[Path]:
    """Give the policies that are meant, as ``policy_at`` does for each."""
    return [_in_project(path) for path in paths] if paths else [_named()]


def _named() -> Path:
    from pmo_engine.settings import FILE, read_settings

    found = read_settings().policy
    if not found.exists():
        why = "" if Path(FILE).exists() else f"no {FILE} here names one, and "
        raise typer.BadParameter(f"name the policy's folder: {why}there is no {_short(found)}")
    return _short(found)


def _in_project(path: Path) -> Path:
    """Give the policy of a project's folder, saying which other files there are left out."""
    from pmo_engine.compiler.folders import is_header_in, yaml_in
    from pmo_engine.compiler.policy_files import OF_OTHERS
    from pmo_engine.settings import policy_named_in

    if not path.is_dir():
        return path
    beside = yaml_in(path)
    if is_header_in(path):
        _say_left_out(f"{path}:", [each for each in beside if each.name in OF_OTHERS])
        return path
    found = policy_named_in(path)
    if found == path or not found.exists():
        return path
    typer.secho(f"{path}: the policy is {_short(found)}", dim=True, err=True)
    _say_left_out(f"{path}:", [each for each in beside if each != found])
    return _short(found)


def _say_left_out(where: str, files: Sequence[Path]) -> None:
    if files:
        said = ", ".join(each.name for each in files)
        typer.secho(f"{where} left out: {said}", dim=True, err=True)


def _short(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd()) if path.is_absolute() else path
    except ValueError:
        return path


PolicyArgument: TypeAlias = Annotated[
    Path,
    typer.Argument(
        help=_HELP, default_factory=lambda: None, callback=policy_at, show_default=False
    ),
]
PolicyOption: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--policy",
        help=_HELP,
        default_factory=lambda: None,
        callback=policy_at,
        show_default=False,
    ),
]
