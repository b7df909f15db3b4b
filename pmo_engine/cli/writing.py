"""Writes what a command makes into a file: whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import typer


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises BadParameter where that cannot be done.

    A device or a pipe takes what it takes.
    """
    if path.is_dir():
        raise typer.BadParameter(f"{path}: is no file")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise typer.BadParameter(f"{path}: {error.strerror}") from None
