"""What the journal tells of people, imports and the folder is said in words."""

from collections.abc import Callable
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.queries.told import in_words

GIVEN = {
    "owner": "ana",
    "delegate": "ben",
    "acts": ["approve change"],
    "projects": ["P-1"],
    "up_to": "5 GBP",
    "since": "2026-03-02",
    "until": "2026-03-06",
}
LINES: list[tuple[str, dict[str, Any], str]] = [
    (
        "delegation.made",
        GIVEN,
        "ben decides for ana from 2026-03-02 to 2026-03-06: approve change in P-1 up to 5 GBP",
    ),
    (
        "delegation.made",
        {"owner": "ana", "delegate": "ben", "acts": [], "projects": [], "since": "2026-03-02"},
        "ben decides for ana from 2026-03-02 on",
    ),
    (
        "delegation.ended",
        {**GIVEN, "from": "2026-03-04"},
        "ben decides for ana no more, from 2026-03-04 on",
    ),
    (
        "person.away",
        {"person": "ana", "since": "2026-03-02", "until": "2026-03-06", "deputy": "ben"},
        "ana is away from 2026-03-02 to 2026-03-06; ben stands in",
    ),
    ("person.away", {"person": "ana", "since": "2026-03-02"}, "ana is away from 2026-03-02 on"),
    ("person.back", {"person": "ana", "on": "2026-03-03"}, "ana is back on 2026-03-03"),
    ("accounts.joined", {"accounts": ["ana", "ana2"]}, "ana and ana2 are one person"),
    ("accounts.parted", {"accounts": ["ana", "ana2"]}, "ana and ana2 are two people"),
    (
        "people.imported",
        {"file": "a.csv", "added": 2, "changed": 1, "appointed": 3},
        "people imported from a.csv: 2 added, 1 changed, 3 appointments",
    ),
    (
        "import.staged",
        {"file": "a.csv", "rows": 3, "register": "change_requests"},
        "3 rows of a.csv are to go into change requests",
    ),
    (
        "imported",
        {
            "file": "a.csv",
            "register": "risks",
            "added": 2,
            "changed": 1,
            "unchanged": 0,
            "left": {},
        },
        "a.csv imported into risks: 2 added, 1 changed, 0 as they were",
    ),
    (
        "imported",
        {
            "file": "a.csv",
            "register": "risks",
            "added": 0,
            "changed": 0,
            "unchanged": 1,
            "left": {"7": "R-7 is closed", "9": "R-9 is too"},
        },
        "1 as they were; left out: line 7: R-7 is closed, line 9: R-9 is too",
    ),
    (
        "policy.folder_changed",
        {
            "from": {"name": "city", "version": "1", "digest": "a" * 64},
            "to": {"name": "city", "version": "2", "digest": "b" * 64},
        },
        (
            f"the policy's folder was taken over: city 2 ({'b' * 12}) binds, and no longer "
            f"city 1 ({'a' * 12})"
        ),
    ),
    (
        "clock.set",
        {"to": "2026-03-02 08:00 UTC", "account": "ana@desk"},
        "the clock was set to 2026-03-02 08:00 UTC by ana@desk",
    ),
    ("project.moved", {"from": "a", "to": "b", "on_behalf_of": "petra"}, "for petra"),
]


@pytest.mark.parametrize(("kind", "body", "said"), LINES)
def test_a_line_is_said_in_words(
    make_policy: Callable[[str], Policy], kind: str, body: dict[str, Any], said: str
) -> None:
    assert said in in_words(kind, body, make_policy(""))
