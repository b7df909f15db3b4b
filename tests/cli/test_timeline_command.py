"""``pmo policy timeline``, and ``--on`` for checks and suites."""

from pathlib import Path
from typing import Any

from tests.cli.conftest import CITY

Pmo = Any


def later(tmp_path: Path) -> Path:
    path = tmp_path / "later.yaml"
    text = CITY.read_text()
    day = "{from: 2026-01-01, value: 50000 GBP"
    assert text.count(day) == 1
    path.write_text(text.replace(day, "{from: 2026-03-01, value: 50000 GBP"))
    return path


def test_the_timeline_is_told_day_by_day(pmo: Pmo) -> None:
    text = pmo("policy", "timeline", CITY).out
    assert text.startswith("2026-01-01\n  Version ")
    assert "[Board minutes of November 2025, item 8]" in text
    listed = pmo("policy", "timeline", CITY, "--json").json
    assert [each["day"] for each in listed] == sorted(each["day"] for each in listed)
    limit = next(each for each in listed if each["kind"] == "limit")
    assert set(limit) == {"day", "kind", "id", "text", "source", "file", "line"}
    assert f"id: {limit['id']}" in CITY.read_text().splitlines()[limit["line"] - 1]


def test_without_dates_there_is_nothing_to_tell(pmo: Pmo, tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text('kind: policy\nname: a\nversion: "1"\ncurrency: GBP\n')
    assert pmo("policy", "timeline", path).out == "nothing here has a date\n"


def test_suites_and_checks_can_be_of_a_day(pmo: Pmo, tmp_path: Path) -> None:
    path = later(tmp_path)
    before = pmo("policy", "test", path, "--on", "2026-02-28")
    assert (before.status, "1 failed" in before.out) == (1, True)
    assert pmo("policy", "test", path, "--on", "2026-03-01").status == 0
    found = pmo("policy", "check", path, "--on", "2026-02-28", "--json").json
    # A body without a ballot, its vote in words alone, and what small changes would wait for.
    assert [each["code"] for each in found] == ["PMO097", "PMO095", "PMO090"]
    assert pmo("policy", "check", path, "--on", "28 February").status == 2
