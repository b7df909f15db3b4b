"""The demo is interrupted at a bad moment, and stops all the same."""

import io
import subprocess
import sys

import pytest
from rich.console import Console

from pmo_engine.demo.screen import Screen

WHILE_PYTHON_TIDIES_UP = """
import os, signal, sys
from pmo_engine.demo import __main__ as demo
from pmo_engine.demo.screen import Screen

class Interrupts:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(100))

def play(path, policy, is_stopped):
    Interrupts()
    Screen(is_stopped=is_stopped).say("it goes on")

demo.play = play
sys.exit(demo.main(["--folder", sys.argv[1]]))
"""


def test_an_interrupt_that_python_swallows_stops_it_at_the_next_line(tmp_path):
    command = [sys.executable, "-c", WHILE_PYTHON_TIDIES_UP, str(tmp_path / "out")]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 130
    assert found.stderr == "stopped; nothing was left running, and it can be run again\n"
    assert "it goes on" not in found.stdout


def test_nothing_is_printed_once_it_is_stopped():
    shown = io.StringIO()
    screen = Screen(Console(file=shown), is_stopped=lambda: True)
    for each in (
        lambda: screen.say("a"),
        lambda: screen.bad("b"),
        lambda: screen.table(["c"], [["d"]]),
        lambda: screen.step("e").__enter__(),
    ):
        with pytest.raises(KeyboardInterrupt):
            each()
    assert shown.getvalue() == ""
