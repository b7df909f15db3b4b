"""``pmo --help`` beside the help of a bare typer program with as many commands."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pmo_engine.cli.main import COMMANDS

RUNS = 15


def bare_program() -> str:
    """Write a typer program that has our commands' names and texts, and does nothing."""
    lines = ["import typer", "app = typer.Typer()"]
    for name, (_, text) in COMMANDS.items():
        lines += [f"@app.command({name!r})", f"def c_{name}() -> None:", f"    {text!r}"]
    return "\n".join([*lines, "app(prog_name='bare')"])


def seconds(command: list[str]) -> float:
    """Give the wall time of one run."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Run both in turn and print the ratio of the best."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "bare.py"
        program.write_text(bare_program(), encoding="utf-8")
        ours = [sys.executable, "-c", "from pmo_engine.cli.main import main; main()", "--help"]
        theirs = [sys.executable, str(program), "--help"]
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(RUNS)]
    best, floor = min(a for a, _ in pairs), min(b for _, b in pairs)
    print(
        f"pmo --help {best * 1e3:.0f} ms, bare typer {floor * 1e3:.0f} ms,"
        f" ratio {best / floor:.2f} (at most 1.2 wanted)"
    )


if __name__ == "__main__":
    main()
