"""The folder that a demo works in: its own, known by a mark, and made afresh each time."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = ".pmo-demo"
DATABASE, SETTINGS, PAGE, MAIL, PREFECT = "pmo.db", "pmo.toml", "report.html", "mail", "prefect"
PICTURE, BOARD = "organisation.svg", "board.html"
BOARD_PACK = ("board-pack.html", "board-pack.pdf")
MADE = (
    DATABASE,
    f"{DATABASE}-wal",
    f"{DATABASE}-shm",
    SETTINGS,
    PAGE,
    PICTURE,
    BOARD,
    *BOARD_PACK,
    MAIL,
    PREFECT,
)


class DemoError(Exception):
    """Why the demo cannot go on, in one line."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the things of a demo are."""

    path: Path

    @property
    def database(self) -> str:
        """Give the URL of the store."""
        return f"sqlite:///{self.path / DATABASE}"

    @property
    def page(self) -> Path:
        """Give the path of the page that it ends with."""
        return self.path / PAGE

    @property
    def picture(self) -> Path:
        """Give the path of the picture of the organisation."""
        return self.path / PICTURE

    @property
    def board_pack(self) -> tuple[Path, ...]:
        """Give the paths of what is put before the board, as a page and on paper."""
        return tuple(self.path / name for name in BOARD_PACK)

    @property
    def board(self) -> Path:
        """Give the path of the board's page."""
        return self.path / BOARD

    @property
    def mail(self) -> Path:
        """Give the folder of the mails that arrived."""
        return self.path / MAIL

    @property
    def prefect(self) -> Path:
        """Give Prefect's home."""
        return self.path / PREFECT

    def write_settings(self, policy: Path) -> None:
        """Let ``pmo`` find the store and the policy when it is called in this folder."""
        lines = (f'database = "{self.database}"', f'policy = "{policy}"')
        (self.path / SETTINGS).write_text("\n".join((*lines, "")), encoding="utf-8")


@contextmanager
def prepared(path: Path) -> Iterator[Folder]:
    """Take a folder for one demo at a time, and take away what an earlier one made there.

    Raises DemoError where it holds what no demo made, or another demo is at work.
    """
    path = path.resolve()
    if path.exists() and not (path / MARK).is_file() and (path.is_file() or any(path.iterdir())):
        raise DemoError(f"{path} was not made by a demo; choose another place with --folder")
    path.mkdir(parents=True, exist_ok=True)
    with (path / MARK).open("a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoError(f"another demo is at work in {path}") from None
        _clear(path)
        (path / MAIL).mkdir()
        yield Folder(path)


def _clear(path: Path) -> None:
    for name in MADE:
        made = path / name
        if made.is_dir():
            shutil.rmtree(made)
        else:
            made.unlink(missing_ok=True)
