"""Bad input at the command line is one clear line: no internal error, no traceback."""

import io
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from pmo_engine.cli import reading
from pmo_engine.cli.reading import loads, read_bytes, read_json, read_text
from tests.cli.conftest import CITY, Pmo

DEVICES = ["/dev/zero", "/dev/urandom"]


def refused(path: Path | str) -> str:
    with pytest.raises(typer.BadParameter) as raised:
        read_json(Path(path))
    return raised.value.message


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Callable[[bytes], Path]]:
    """Make a named pipe into which something is written, again and again with ``forever``."""
    threads = []

    def make(data: bytes) -> Path:
        path = tmp_path / "pipe"
        os.mkfifo(path)
        threads.append(threading.Thread(target=path.write_bytes, args=(data,)))
        threads[-1].start()
        return path

    yield make
    for thread in threads:
        thread.join()


# Files, devices, pipes


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_is_read_no_further_than_allowed(device: str) -> None:
    assert refused(device) == f"{device}: larger than 16 MiB"


def test_bytes_are_counted_exactly(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 10)
    assert read_bytes(path, 10) == b"x" * 10
    with pytest.raises(typer.BadParameter, match="larger than 9 bytes"):
        read_bytes(path, 9)


def test_a_pipe_is_read_to_its_end_and_no_further_than_allowed(
    pipe: Callable[[bytes], Path],
) -> None:
    path = pipe(b'{"a": "' + b"x" * 200_000 + b'"}')
    assert read_json(path) == {"a": "x" * 200_000}


def test_a_pipe_that_nobody_writes_into_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SILENCE", 0.2)
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe").endswith("pipe: nothing came for 0.2 seconds")


def test_a_pipe_that_drips_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 0.5)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    stop = threading.Event()

    def drip() -> None:
        with path.open("wb", buffering=0) as stream:
            while not stop.wait(0.05):
                stream.write(b" ")

    thread = threading.Thread(target=drip)
    thread.start()
    kept = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # until the writer was told
    try:
        assert "not at its end after 0.5 seconds; write it into a file first" in refused(path)
    finally:
        stop.set()
        thread.join()
        os.close(kept)


def test_standard_input_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": 1}'))
    assert read_json(Path("-")) == {"a": 1}
    with Path("/dev/zero").open("rb") as zeros, io.TextIOWrapper(zeros) as text:
        monkeypatch.setattr("sys.stdin", text)
        assert refused("-") == "-: larger than 16 MiB"


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xff\xfe")
    assert refused(tmp_path / "f").endswith("not UTF-8 text")
    (tmp_path / "f").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_text(tmp_path / "f") == '{"a": 1}'
    assert refused(tmp_path).endswith("Is a directory")
    assert refused(tmp_path / "none").endswith("No such file or directory")


# JSON


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1e-999999999999999999999999", "the number 1e-999999999999999999999999 is out of range"),
        ("1e999999999999999999999999", "is out of range (1e-6144 to 1e6144)"),
        ("1e6145", "out of range"),
        ("-1.0e-6145", "out of range"),
        ("1" * 1_001, "has more than 1000 digits"),
        ("0." + "1" * 1_000, "has more than 1000 digits"),
        ("NaN", "NaN is no number of JSON"),
        ("-Infinity", "-Infinity is no number of JSON"),
        ("[" * 51 + "]" * 51, "nested deeper than 50 levels"),
        ("[" * 100_000 + "]" * 100_000, "nested deeper than 50 levels"),
        ('{"a":' * 60 + "1" + "}" * 60, "nested deeper than 50 levels"),
        ('{"a": 1, "a": 2}', "'a' is given twice"),
        (r'["P-\u0000"]', r"'P-\x00' holds a character that no text has"),
        (r'{"\ud800": 1}', r"'\ud800' holds a character that no text has"),
    ],
)
def test_json_that_is_out_of_bounds(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        loads(text)
    (tmp_path / "f.json").write_text(text, encoding="utf-8")
    assert reason in refused(tmp_path / "f.json")


def test_json_within_bounds_is_exact() -> None:
    assert loads("[0.10, 1e6144, 1e-6144, 0e-9999]")[0] == Decimal("0.10")
    assert loads("1" * 1_000) == int("1" * 1_000)
    assert loads("[" * 50 + "]" * 50) is not None
    assert loads(r'"\ud83d\ude00"') == "\N{GRINNING FACE}"


# Commands


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("submit", "P-1", "change_requests", "a=" + "[" * 3_000, "--by", "sam"), "a: nested"),
        (("submit", "P-1", "change_requests", "a=[1e-99999999999999999]", "--by", "sam"), "range"),
        (("submit", "P-1", "change_requests", r'a=["\u0000"]', "--by", "sam"), "no text has"),
        (("project", "add", "P-\udcff", "x", "--stage", "s", "--by", "sam"), "argument 3 is not"),
        (("init", "x" * 300), "File name too long"),
        (("up", "--port", "99999999"), "'--port'"),
        (("up", "--port", "0"), "'--port'"),
        (("up", "--limit", "0"), "'--limit'"),
        (("policy", "schema", "-o", "a-file"), "a-file cannot be a folder"),
        (("policy", "schema", "-o", "a-file/x"), "cannot be a folder"),
        (("policy", "test", str(CITY), "--junit", "/dev/full"), "/dev/full: No space left"),
        (("report", "--out", "/dev/full"), "/dev/full: No space left"),
        (("report", "--out", "x" * 300), "File name too long"),
        (("report", "--out", "."), ".: is no file"),
        (("import", "risks", "/dev/zero", "--by", "sam"), "/dev/zero is a device or a pipe"),
        (("replay", "/dev/zero", "--policy", str(CITY)), "/dev/zero is a device or a pipe"),
        (("decide", "--policy", str(CITY), "--event", "/dev/zero"), "/dev/zero: larger than"),
        (("policy", "explain", str(CITY), "--event", "/dev/zero"), "/dev/zero: larger than"),
        (("policy", "explain", str(CITY), "--event", "large.json"), "larger than 512 KiB"),
        (("feel", "1", "--context", "/dev/zero"), "/dev/zero: larger than"),
        (("feel", "--cases", "/dev/zero"), "/dev/zero: larger than"),
        (("database", "restore", "/dev/zero"), "/dev/zero is a device or a pipe"),
        (("policy", "import-dmn", "/dev/zero"), "/dev/zero is a device or a pipe"),
        (("inbox", "petra", "--limit", "9" * 20), "'--limit': Input should be"),
        (("audit", "log", "P-1", "--limit", "9" * 20), "'--limit': Input should be"),
        (
            ("approve", "x", "--version", "9" * 20, "--by", "sam"),
            "'--version': Input should be",
        ),
        (("policy", "reply", "1", "9" * 20, "x", "--by", "sam"), "'number': Input should be"),
        (
            ("update", "P-1", "change_requests", "C", "--version", "9" * 20, "--by", "s"),
            "less than",
        ),
        (("feel", "--cases", "large.json"), "large.json: line 1: id: field required"),
        (("decide", "--policy", str(CITY), "--event", "e", "--on", "1" * 10**6), "1 ... 1"),
        (("project", "list", "1" * 10**6), "1 ... 1"),
        (("policy", "draft", "x" * 300, "--by", "petra"), "File name too long"),
        (("gate", "open", "P-1", "G\x1b[2J", "--by", "petra"), "no gate is called 'G'"),
    ],
)
def test_bad_input_is_one_line(
    office: Pmo, tmp_path: Path, arguments: tuple[str, ...], reason: str
) -> None:
    (tmp_path / "a-file").write_text("x")
    (tmp_path / "large.json").write_text(f'{{"event": "{"x" * 512 * 1024}"}}')
    result = office(*arguments)
    assert result.status == 2, result
    assert reason in result.err
    assert result.err.count("\n") == 1
    assert len(result.err) < 5_000
    assert (tmp_path / "a-file").read_text() == "x"


@pytest.mark.parametrize("far", [("--within", "25000 working days"), ("--until", "9999-12-31")])
def test_a_time_too_far_out_is_one_line(office: Pmo, far: tuple[str, str]) -> None:
    assert office("policy", "draft", CITY, "--by", "petra").status == 0
    version = office("policy", "versions", "--json").json[-1]["version"]
    result = office("policy", "circulate", version, *far, "--by", "petra")
    assert result.status == 2
    assert result.err.count("\n") == 1


def test_a_database_of_a_newer_program_is_told_so(office: Pmo) -> None:
    with sqlite3.connect("pmo.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (("project", "list"), ("database", "status"), ("database", "migrate")):
        result = office(*command)
        assert result.status == 2
        assert "was set up by a newer version of pmo (schema 9999;" in result.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:hunter22@127.0.0.1:1/office",
        "postgresql://ana:hunter22@127.0.0.1:1/office?password=hunter22&sslpassword=hunter22",
        "postgresql://ana:hun@ter22@127.0.0.1:1/office",
        "postgresql://ana:hunter22@127.0.0.1:port/office",
        "mysql://ana:hunter22@127.0.0.1/office",
        "ana:hunter22@127.0.0.1/office",
        "postgresql:ana:hunter22@127.0.0.1/office",
        "sqlite+hunter22://ana:hunter22@x",
    ],
)
def test_no_password_of_a_database_is_said(
    pmo: Pmo, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PMO_DATABASE", url)
    for command in (("database", "status"), ("database", "migrate"), ("audit", "verify")):
        result = pmo(*command)
        assert result.status == 2
        assert "ter22" not in result.err.replace("sqlite+hunter22", "")
        assert result.out == ""


def test_the_store_is_for_its_owner_alone(pmo: Pmo, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        assert pmo("database", "migrate").status == 0
    finally:
        os.umask(old)
    path = tmp_path / "pmo.db"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert pmo("database", "migrate").status == 0
    assert path.stat().st_mode & 0o777 == 0o600


# init


@pytest.mark.parametrize(
    "name",
    [
        *("a: b", "*x", "@x", "- a", "'", '"', "#", "{name}", "%", "~", "yes", "1.0", "\\n"),
        *("a\nb", "p\u0435tra", "\u202ex", "pmo-engine", " x ", "x" * 255, "日本"),
    ],
)
def test_a_folder_of_any_name_is_made_and_checks(pmo: Pmo, tmp_path: Path, name: str) -> None:
    made = pmo("init", f"./{name}")
    assert made.status == 0, made.err
    checked = pmo("policy", "check", tmp_path / name / "policies")
    assert (checked.status, "0 errors, 0 warnings" in checked.out) == (0, True), checked.out


def test_an_interrupted_init_is_repeated(pmo: Pmo, tmp_path: Path) -> None:
    assert pmo("init", "office").status == 0
    folder = tmp_path / "office"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        whole = path.read_bytes()
        path.unlink()
        path.with_name(f".{path.name}.pmo-init").write_bytes(whole[:5])
        assert pmo("init", "office").status == 0
        assert path.read_bytes() == whole
        assert sorted(path for path in folder.rglob("*") if path.is_file()) == files
    assert "holds something already" in pmo("init", "office").err


@pytest.mark.parametrize("other", ["pmo.toml", "notes.txt", "policies/policy.yaml"])
def test_init_touches_nothing_that_is_somebody_elses(pmo: Pmo, tmp_path: Path, other: str) -> None:
    path = tmp_path / "office" / other
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff mine")
    assert "holds something already" in pmo("init", "office").err
    assert [each for each in (tmp_path / "office").rglob("*") if each.is_file()] == [path]
    assert path.read_bytes() == b"\xff mine"
