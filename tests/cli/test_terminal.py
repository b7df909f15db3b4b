"""What reaches a terminal, and how a command ends when it is stopped or cannot write."""

import io
import json
import os
import pty
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.cli.errors import report, without_secrets
from pmo_engine.cli.terminal import Printable, printable
from tests.cli.conftest import CITY, Pmo

PMO = [sys.executable, "-c", "from pmo_engine.cli.start import main; main()"]
ODD = "a\x1b[2J\rb\x07\x9b\u202ec\u2066d\u200be\ufefff\x7f\U000e0041\ud800"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("char", [char for char in ODD if not char.isalpha() and char not in "[2"])
def test_odd_characters_are_written_out(char: str) -> None:
    shown = printable(f"a{char}b")
    assert char not in shown
    assert json.loads(f'"{shown}"') == f"a{char}b"


@given(st.text(max_size=30))
def test_what_is_printed_says_what_was_meant(text: str) -> None:
    shown = printable(text)
    assert shown.replace("\n", "").replace("\t", "").isprintable() or all(
        char in "\n\t" or not char.isascii() for char in shown if not char.isprintable()
    )
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@pytest.mark.parametrize("text", ["Grüße\n", "a\tb", "日本語", "שלום", "\N{GRINNING FACE}"])
def test_words_of_any_language_stay(text: str) -> None:
    assert printable(text) == text


def test_a_terminal_gets_styles_and_nothing_else_that_moves_it() -> None:
    stream = Screen()
    screen = Printable(stream)
    screen.write("\x1b[31m\x1b[1mred\x1b[0m \x1b[2J\x1b]0;title\x07\x1b[8mhidden\x1b[38;5;1mx\n")
    screen.write("\r5 rows\rx")
    assert stream.getvalue() == (
        "\x1b[31m\x1b[1mred\x1b[0m \\u001b[2J\\u001b]0;title\\u0007\\u001b[8mhidden"
        "\\u001b[38;5;1mx\n\r5 rows\\u000dx"
    )
    plain = io.StringIO()
    Printable(plain).write("\x1b[31mred\x1b[0m")
    assert plain.getvalue() == "\\u001b[31mred\\u001b[0m"


def test_no_command_prints_what_a_title_hides(office: Pmo) -> None:
    title = ODD[:-1] + "\x1b[31mred\x1b[0m"
    add = ("project", "add", "P-2", title, "--stage", "delivery", "--by", "petra")
    assert office(*add).status == 0
    listed = office("project", "list")
    assert "\\u001b[2J" in listed.out
    as_json = office("project", "list", "--json")
    assert as_json.json[-1]["name"] == title
    wrong = office("submit", "P-1", title, "--by", "sam")
    for text in (listed.out, as_json.out, wrong.err):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066\u200b\ufeff]", text)


def test_a_table_on_a_terminal_has_no_colours_of_others(office: Pmo, tmp_path: Path) -> None:
    name = "\x1b[31mred\x1b[0m"
    assert office("project", "add", "P-2", name, "--stage", "delivery", "--by", "petra").status == 0
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PMO, "project", "list"], stdout=slave, stderr=slave, stdin=slave, cwd=tmp_path
    )
    os.close(slave)
    said = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # the other end is closed
            break
        said += piece
    process.wait()
    os.close(master)
    assert b"\\u001b[31mred" in said
    assert b"\x1b[31m" not in said


# Errors


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at postgresql://ana:pw@h/x: no", "at postgresql://ana:***@h/x: no"),
        ("at postgresql://ana:p@w@h/x", "at postgresql://ana:***@h/x"),
        ("mailto://a:b@c:25/d@e?from=f", "mailto://a:***@c:25/d@e?from=f"),
        ("x?password=pw&a=b", "x?password=***&a=b"),
        ("postgresql://h:5432/x", "postgresql://h:5432/x"),
        ("a@b.example: c", "a@b.example: c"),
    ],
)
def test_secrets_are_left_out_of_errors(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RecursionError(), "something in what was given is nested too deeply to be worked on"),
        (OverflowError("date value out of range"), "is too far out to be worked with"),
        (OSError(28, "No space left on device", "a.xml"), "a.xml: No space left on device"),
        (PermissionError(13, "Permission denied", "b"), "b: Permission denied"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (KeyError("x"), "internal error (KeyError: 'x')"),
    ],
)
def test_an_error_is_one_line(
    error: Exception, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(error) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


# How it ends


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload]
        [*PMO, *arguments], capture_output=False, text=True, check=False, **options
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("policy", "check", str(CITY)),
        ("policy", "render", str(CITY), "--format", "md"),
        ("policy", "render", str(CITY), "--format", "html"),
        ("pack", "list"),
    ],
)
def test_a_full_standard_output_is_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = run(*arguments, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == "standard output cannot be written: No space left on device\n"


def test_a_full_standard_error_is_borne() -> None:
    with Path("/dev/full").open("w") as full:
        assert run("project", "list", "--nonsense", stdout=full, stderr=full).returncode == 2


def test_a_reader_who_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run("policy", "schema", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode in {0, 1}


def test_what_a_terminal_cannot_write_is_written_out() -> None:
    done = run(
        *("feel", '"Grüße \N{GRINNING FACE}"'),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        encoding="latin-1",
    )
    assert done.returncode == 0
    assert "Grüße \\U0001f600" in done.stdout


@pytest.mark.parametrize("moment", range(8))
def test_ctrl_c_at_any_moment_is_one_word(moment: int, tmp_path: Path) -> None:
    """Of the command's own time; before it, the interpreter is not yet ours."""
    code = "import os; from pmo_engine.cli import start; os.write(1, b'.'); start.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "policy", "check", str(CITY), "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    process.stdout.read(1)
    time.sleep(0.02 + moment * 0.06 + random.random() * 0.05)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1].decode()
    assert "Traceback" not in said
    if process.returncode != 0:  # at 0 it was already waiting for changes, and told how to end
        assert process.returncode == 130
        assert re.fullmatch(r"stopped(; what was committed before stays)?\n", said)


def test_ctrl_c_while_a_command_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    process = subprocess.Popen(
        [*PMO, "decide", "--policy", str(CITY), "--event", str(tmp_path / "pipe")],
        stderr=subprocess.PIPE,
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1].decode()
    assert (process.returncode, said.startswith("stopped")) == (130, True)
