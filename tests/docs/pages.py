"""Pages whose examples are run: what a reader would type, in order, and what they would then see.

A block of ``sh`` is run as it stands. A block of ``yaml`` or ``json`` whose first line (for JSON:
whose fence) names a file is written to that file; "name, continued" is put at its end. A block of
``text`` directly after commands is what they print, with ``...`` for what is left out.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pmo_engine.cli.main import run

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w./-]+\.ya?ml)(, continued)?\n")
WHERE = ".where-the-reader-is"
QUIET = {"NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb"}


@dataclass(frozen=True)
class Block:
    """A block of a page: its language, the rest of its first line, its text, its line."""

    language: str
    about: str
    text: str
    line: int


@dataclass(frozen=True)
class Shown:
    """What commands printed, and what the page says that they print (if it says so)."""

    block: Block
    status: int
    printed: str
    said: str | None

    @property
    def as_said(self) -> bool:
        """Whether what was printed is what the page says."""
        return self.said is None or like(self.said, self.printed)


def blocks(text: str) -> list[Block]:
    """Give the blocks of a page."""
    return [
        Block(each[1], each[2] or "", each[3], text.count("\n", 0, each.start()) + 1)
        for each in BLOCK.finditer(text)
    ]


def like(said: str, printed: str) -> bool:
    """Tell whether a text is another one with parts left out at ``...``."""
    lines = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
    pattern = re.escape(said.strip("\n")).replace(re.escape("..."), ".*?")
    return re.fullmatch(pattern, lines, re.DOTALL) is not None


def play(text: str, folder: Path) -> list[Shown]:
    """Do in a folder what a page says, and give what its commands printed."""
    found = blocks(text)
    reader = Reader(folder)
    shown = []
    for number, block in enumerate(found):
        if block.language == "sh":
            status, printed = reader.run(block.text)
            after = found[number + 1] if number + 1 < len(found) else None
            said = after.text if after is not None and after.language == "text" else None
            shown.append(Shown(block, status, printed, said))
        else:
            reader.write(block)
    return shown


class Reader:
    """Somebody who types what a page says; stays in the folder that they went to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, block: Block) -> None:
        """Put a block that names its file there."""
        named = NAMED.match(block.text)
        if block.language == "json" and block.about:
            self._put(block.about, block.text, "w")
        elif block.language == "yaml" and named and named[2]:
            self._put(named[1], block.text[named.end() :], "a")
        elif block.language == "yaml" and named:
            self._put(named[1], block.text, "w")

    def _put(self, name: str, text: str, mode: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)

    def run(self, commands: str) -> tuple[int, str]:
        """Run lines: pmo in this process, which is quick; all else in a shell.

        ``pmo approve ID --by bea`` is about what stands first in the inbox of who does it.
        """
        lines = commands.splitlines()
        if all(re.match(r"pmo [^|<>$;]*$", line) for line in lines):
            return self._pmo(lines)
        script = f"{commands}\nstatus=$?; pwd > {WHERE}; exit $status"
        done = subprocess.run(
            ["bash", "-e", "-c", f"exec 2>&1\n{script}"],
            cwd=self.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        self._follow()
        return done.returncode, done.stdout

    def _follow(self) -> None:
        for note in (self.folder / WHERE, *self.folder.glob(f"*/{WHERE}")):
            if note.exists():
                self.folder = Path(note.read_text(encoding="utf-8").strip())
                note.unlink()
                return

    def _pmo(self, lines: list[str]) -> tuple[int, str]:
        status = 0
        printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            contextlib.chdir(self.folder),
        ):
            for name, value in QUIET.items():
                patch.setenv(name, value)
            for line in lines:
                arguments = [first_for(line) if a == "ID" else a for a in shlex.split(line)[1:]]
                status = status or run(arguments)
        return status, printed.buffer.getvalue().decode()


def first_for(line: str) -> str:
    """Give the id that stands first in the inbox of the person whom a line names."""
    person = line.partition("--by ")[2].split()[0]
    printed, aside = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(aside):
        run(["inbox", person, "--json"])
    return str(json.loads(printed.getvalue())[0]["id"])


def environment() -> dict[str, str]:
    """Give the environment of a reader who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PMO_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, **QUIET}
