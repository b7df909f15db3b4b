"""What durable_rules cannot express is worked out beforehand: as few terms as possible, pinned."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.durable import hoisted_terms
from pmo_engine.policy.selection import Selector
from pmo_engine.resources import policies_dir, rules_dir

SHARED_WITH_OFFICE = 7  # what `office` judges of courses, documents and requests for support
OF_CHANGES = 9  # of `change_control`, by whose changes budget lines and milestones are moved
HOISTED = {
    "benefits": 16,
    "change_control": OF_CHANGES,
    "commercial": 5,
    "finance": 9 + OF_CHANGES,
    "information": 13,
    "intake": 3,
    "issues": 14,
    "office": 0,
    "performance": 3,
    "planning": 12 + OF_CHANGES,
    "quality": 9,
    "reporting": 4,
    "resources": 4,
    "risk": 16,
    "secretariat": 12,
    "stakeholders": 5,
    "tools": 8,
}
COMPARISONS = (" < ", " > ", " <= ", " >= ")


def terms_of(folder):
    policy = load_policy(folder)
    selector = Selector(policy, ZoneInfo("UTC"))
    events = sorted({event for rule in policy.rules for event in rule.on})
    chosen = (selector.select(event, date(2026, 6, 1)) for event in events)
    return {term for selection in chosen for term in hoisted_terms(selection)}


def test_every_pack_is_pinned():
    assert {folder.name for folder in rules_dir().iterdir() if folder.is_dir()} == set(HOISTED)


@pytest.mark.parametrize("pack", HOISTED)
def test_the_terms_of_each_pack(pack):
    terms = terms_of(rules_dir() / pack)
    assert len(terms) == HOISTED[pack] + SHARED_WITH_OFFICE
    assert not [term for term in terms for sign in COMPARISONS if sign in term]


def test_the_terms_of_the_policies():
    counts = {name: len(terms_of(policies_dir() / name)) for name in ("demo", "travel-approvals")}
    assert counts == {"demo": 116, "travel-approvals": 1}
