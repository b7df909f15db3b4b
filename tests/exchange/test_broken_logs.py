"""Whatever a log is made of, reading it ends, in cases or in one `HistoryError`."""

import gzip
import os
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.exchange.event_logs import HistoryError, open_log

EVENT = (
    '<event><date key="time:timestamp" value="2026-03-02T09:00:00Z"/>'
    '<string key="concept:name" value="sent"/></event>'
)
XES = "<log>" + "".join(
    f'<trace><string key="concept:name" value="c{n}"/>{EVENT}</trace>\n' for n in range(3)
)
XES = f"{XES}</log>".encode()
CSV = b'case,activity,timestamp,note\r\n1,a,2026-03-02T09:00:00Z,"x, ""y""\r\nz"\r\n'


def outcome(path):
    """The number of cases read, and the error that ended the reading."""
    count, failure = 0, None
    try:
        for _ in open_log(path):
            count += 1
    except HistoryError as error:
        failure = error
    if failure is not None:
        assert str(failure).startswith(f"{path}:{failure.line}:{failure.column}: ")
        assert len(str(failure).splitlines()) == 1
    return count, failure


def test_a_plain_log_cut_off_anywhere_is_said_to_be(tmp_path):
    path = tmp_path / "log.xes"
    for end in range(1, len(XES)):
        path.write_bytes(XES[:end])
        count, error = outcome(path)
        assert error is not None
        assert "cut off" in error.message
        assert count == XES[:end].count(b"</trace>")


def test_the_case_that_is_cut_off_is_named(tmp_path):
    path = tmp_path / "log.xes"
    path.write_bytes(XES[: XES.index(b"</trace>", XES.index(b'"c1"'))])
    _, error = outcome(path)
    assert "in case 'c1'" in str(error)
    assert error.line == 2


def test_a_gzipped_log_cut_off_anywhere_is_said_to_be(tmp_path):
    path = tmp_path / "log.xes.gz"
    packed = gzip.compress(XES, mtime=0)
    for end in range(2, len(packed)):
        path.write_bytes(packed[:end])
        _, error = outcome(path)
        assert error is not None
        assert "cut off" in error.message


@pytest.mark.parametrize("part", [0.0001, 0.1, 0.5, 0.9, 0.99999])
def test_the_real_log_cut_off_gives_the_cases_before_the_cut(shared, tmp_path, part):
    whole = shared / "data" / "travel-declarations" / "DomesticDeclarations.xes.gz"
    path = tmp_path / whole.name
    packed = whole.read_bytes()
    path.write_bytes(packed[: int(len(packed) * part)])
    count, error = outcome(path)
    assert "cut off" in error.message
    assert abs(count - 10_357 * part) < 500
    before = [case.id for case in islice(open_log(whole), 3)]
    assert [case.id for case in islice(open_log(path), 3 if count else 0)] == before[: count and 3]


def test_a_damaged_gzipped_log_is_said_to_be(tmp_path):
    path = tmp_path / "log.xes.gz"
    packed = bytearray(gzip.compress(XES, mtime=0))
    packed[-5] ^= 255
    path.write_bytes(packed)
    assert "damaged" in outcome(path)[1].message


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.csv", "log.csv.gz"])
@given(data=st.data())
def test_random_bytes_give_an_error_or_nothing(scratch, name, data):
    start = gzip.compress(b"", mtime=0)[:10] if name.endswith(".gz") else b""
    path = scratch / name
    path.write_bytes(start + data.draw(st.binary(min_size=1, max_size=200)))
    count, _ = outcome(path)
    assert count == 0


@pytest.mark.parametrize(("name", "whole"), [("log.xes", XES), ("log.csv", CSV)])
@given(data=st.data())
def test_logs_with_bytes_changed_give_cases_or_an_error(scratch, name, whole, data):
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = scratch / name
    path.write_bytes(changed)
    count, error = outcome(path)
    assert error is not None or count > 0


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.csv", "log.csv.gz"])
def test_files_that_are_not_there_or_empty(tmp_path, name):
    path = tmp_path / name
    assert "no such file" in str(outcome(path)[1])
    path.touch()
    assert "empty" in str(outcome(path)[1])
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(b""))
        assert "empty" in str(outcome(path)[1])
        path.write_bytes(XES)
        assert "not a gzip file" in str(outcome(path)[1])
    else:
        path.write_bytes(gzip.compress(XES))
        assert "add .gz" in str(outcome(path)[1])
    path.unlink()
    path.mkdir()
    assert "is a directory" in str(outcome(path)[1])


def test_other_suffixes_are_refused_with_those_that_are_read(tmp_path):
    with pytest.raises(HistoryError, match=r"log\.json:1:1: .* \.xes, \.xes\.gz, \.csv, \.csv\.gz"):
        open_log(tmp_path / "log.json")


@pytest.mark.parametrize("suffix", [".csv", ".xes", ".csv.gz"])
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path, suffix):
    pipe, device = tmp_path / f"pipe{suffix}", tmp_path / f"device{suffix}"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        count, error = outcome(path)
        assert count == 0
        assert "a device or a pipe" in error.message
