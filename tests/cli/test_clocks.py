"""What is shown, listed and worked out of a record's moments goes by the office's clocks."""

from pathlib import Path

import pytest

from tests.cli.conftest import Pmo

POLICY = """\
kind: policy
name: clocks
version: "1"
in_force_from: 2020-01-01
currency: GBP
calendar: c
---
kind: calendar
id: c
zone: ZONE
hours: {mon-fri: "09:00-17:00"}
---
kind: roles
roles: [{id: head}]
---
kind: registers
registers:
  - register: visits
    noun: visit
    root: visit
    plural: visits
    key_prefix: V
    fields:
      began: {type: date and time}
      day: {type: date, derived: date(visit.began)}
---
kind: figures
figures:
  - {id: hour, label: hour of day, of: visit, unit: count, source: Us, formula: visit.began.hour}
"""
SET_UP = (
    ("database", "migrate"),
    ("person", "add", "ana", "Ana", "--by", "ana"),
    ("person", "hold", "ana", "head", "--by", "ana"),
    ("project", "add", "P-1", "One", "--stage", "plan", "--by", "ana"),
)


@pytest.mark.parametrize(
    ("zone", "began", "shown", "hour"),
    [
        ("Europe/London", "2026-03-29T00:59:00Z", "2026-03-29 00:59 GMT", "0"),
        ("Europe/London", "2026-03-29T01:01:00Z", "2026-03-29 02:01 BST", "2"),
        ("Europe/London", "2026-10-25T00:30:00Z", "2026-10-25 01:30 BST", "1"),
        ("Europe/London", "2026-10-25T01:30:05Z", "2026-10-25 01:30:05 GMT", "1"),
        ("America/New_York", "2026-03-08T06:59:00Z", "2026-03-08 01:59 EST", "1"),
        ("America/New_York", "2026-03-08T07:01:00Z", "2026-03-08 03:01 EDT", "3"),
        ("America/New_York", "2026-10-25T00:30:00Z", "2026-10-24 20:30 EDT", "20"),
        ("America/New_York", "2026-11-01T06:30:00Z", "2026-11-01 01:30 EST", "1"),
        ("Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05 01:45 +11", "1"),
        ("Australia/Lord_Howe", "2026-04-04T15:15:00Z", "2026-04-05 01:45 +1030", "1"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04 02:30 +11", "2"),
    ],
)
def test_a_moment_is_that_of_the_office(
    pmo: Pmo, tmp_path: Path, zone: str, began: str, shown: str, hour: str
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "p.yaml").write_text(POLICY.replace("ZONE", zone), encoding="utf-8")
    for step in SET_UP:
        assert pmo(*step).status == 0
    assert pmo("submit", "P-1", "visits", f"began={began}", "--by", "ana").status == 0
    day = shown[:10]
    for said in (
        pmo("show", "P-1", "visits", "V-1").out,
        pmo("show", "P-1", "visits").out,
        pmo("records", "list", "visits").out,
    ):
        assert shown in said
        assert day in said.replace(shown, "")
    assert f"hour of day: {hour}" in pmo("show", "P-1", "visits", "V-1").out
    on_it = f'date(visit.began) = @"{day}" and visit.began.hour = {hour} and visit.hour = {hour}'
    found = pmo("records", "list", "visits", "--where", on_it, "--json")
    assert found.err == ""
    [row] = found.json["rows"]
    assert (row["began"], row["day"]) == (began, day)
