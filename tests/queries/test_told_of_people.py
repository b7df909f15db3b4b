"""What the journal tells of people is said in words."""

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
    ("project.moved", {"from": "a", "to": "b", "on_behalf_of": "petra"}, "for petra"),
]


@pytest.mark.parametrize(("kind", "body", "said"), LINES)
def test_a_line_about_people_is_said_in_words(
    make_policy: Callable[[str], Policy], kind: str, body: dict[str, Any], said: str
) -> None:
    assert said in in_words(kind, body, make_policy(""))
