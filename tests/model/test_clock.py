"""Clocks tell aware UTC; a simulated one only goes forward."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import pmo_engine
from pmo_engine.model.clock import Clock, SimulatedClock, SystemClock

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_machine_s_clock_is_utc_and_moves():
    clock: Clock = SystemClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert first <= clock.now()


def test_a_simulated_clock_stands_still_until_moved():
    clock = SimulatedClock(START)
    assert clock.now() == clock.now() == START
    clock.forward(timedelta(days=3))
    assert clock.now() == START + timedelta(days=3)
    clock.set(START + timedelta(days=4))
    assert clock.now() == START + timedelta(days=4)


def test_moments_are_turned_to_utc():
    clock = SimulatedClock(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/London")))
    assert clock.now() == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_it_never_goes_back():
    clock = SimulatedClock(START)
    with pytest.raises(ValueError, match="never goes back"):
        clock.forward(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="never goes back"):
        clock.set(START - timedelta(seconds=1))
    assert clock.now() == START


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        SimulatedClock(datetime(2026, 11, 23, 9))


def test_no_other_module_of_the_model_reads_the_time():
    reads = re.compile(r"\.now\(|\.today\(|\.utcnow\(|\btime\.(time|monotonic|perf_counter)")
    files = Path(pmo_engine.__file__).parent.joinpath("model").glob("*.py")
    assert {file.name for file in files if reads.search(file.read_text())} == {"clock.py"}
