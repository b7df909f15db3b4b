"""A folder that its owner alone can write to: what lies in it was put there by the owner."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPPORTED = os.name == "posix"
OWNER_ONLY, OWNER_FILE = 0o700, 0o600
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def user_cache() -> Path:
    """Give the folder that the user's caches are in, as the XDG specification has it."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".cache"


class PrivateFolder:
    """Files of one user; whatever another could have written is as if it were not there.

    Nothing is followed that is a symbolic link. Reading and writing never raise OSError: what
    cannot be had is not there, and what cannot be kept is not kept.
    """

    def __init__(self, path: Path, most: int, most_bytes: int) -> None:
        """Keep at most so many files, of at most so many bytes each."""
        self.path = path
        self._most = most
        self._most_bytes = most_bytes

    def read(self, name: str) -> bytes | None:
        """Give a file's bytes; ``None`` where there is none that can be trusted."""
        with suppress(OSError), self._opened() as folder:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            with open(file, "rb") as stream:  # noqa: PTH123 - what is open, not what a path leads to
                found = os.fstat(file)
                if stat.S_ISREG(found.st_mode) and _ours(found):
                    data = stream.read(self._most_bytes + 1)
                    return data if len(data) <= self._most_bytes else None
        return None

    def write(self, name: str, data: bytes) -> None:
        """Put a file in place, whole or not at all; the oldest makes room."""
        if len(data) > self._most_bytes:
            return
        with suppress(OSError):
            self._make()
            with self._opened() as folder:
                self._put(folder, name, data)
                self._make_room(folder)

    def _make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            self.path.mkdir(OWNER_ONLY)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """Open the folder itself; raises OSError where it is not the user's alone."""
        if not SUPPORTED:
            raise PermissionError(f"{self.path}: nothing says here who wrote a file")
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if not _ours(os.fstat(folder)):
                raise PermissionError(f"{self.path} can be written to by others")
            yield folder
        finally:
            os.close(folder)

    def _put(self, folder: int, name: str, data: bytes) -> None:
        """Write beside it and move it there, so that nobody ever reads half of it."""
        beside = f".{name}.{os.urandom(8).hex()}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        file = os.open(beside, flags, OWNER_FILE, dir_fd=folder)
        try:
            with open(file, "wb") as stream:  # noqa: PTH123 - the same
                stream.write(data)
            os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            os.unlink(beside, dir_fd=folder)
            raise

    def _make_room(self, folder: int) -> None:
        with os.scandir(folder) as entries:
            dated = [(each.stat(follow_symlinks=False).st_mtime, each.name) for each in entries]
        for _, name in sorted(dated)[: -self._most]:
            os.unlink(name, dir_fd=folder)


def _ours(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & OTHERS_WRITE
