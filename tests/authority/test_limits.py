"""Who may do what up to how much: per case, together, within a window, with facts missing."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo_engine.authority.limits import Approver, authority, covers, headroom, least_senior, who_may
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.feel.values import Missing
from pmo_engine.model.money import Money
from pmo_engine.policy import Policy
from pmo_engine.policy.events import read_event
from pmo_engine.policy.selection import Selection, Selector
from pmo_engine.prose.rules import rule_in_words

ACT = "approve change"
TEXT = """
kind: terms_of_reference
for: project_manager
authority:
  - {id: small, may: approve change, up_to: [{value: 50 GBP, source: minute 1}]}
---
kind: terms_of_reference
for: pmo_head
authority:
  - {id: large, may: approve change, up_to: [{value: 200 GBP}, {from: 2026-06-01, value: 300 GBP}]}
  - {id: together, may: approve change, cumulative: {by: project, over: 90 days}, up_to: [{value: 500 GBP}]}
"""
BOARD = """
---
kind: terms_of_reference
for: board
authority:
  - {id: any, may: approve change, up_to: unlimited}
"""
DAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def policy(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy(TEXT)


def selection_of(policy: Policy, day: date = DAY) -> Selection:
    return Selector(policy, policy.calendar._zone).select("change.submitted", day)


def facts_of(policy: Policy, **given: Any) -> dict[str, Any]:
    raw = {"event": "change.submitted", "at": "2026-05-01T12:00:00Z", "facts": given}
    return dict(read_event(policy, raw).facts)


def approver(policy: Policy, day: date = DAY, **given: Any) -> Approver | Missing:
    return least_senior(selection_of(policy, day), facts_of(policy, **given))


def earlier(key: str, cost: str, decided: str | None, status: str = "approved") -> dict[str, Any]:
    moment = {} if decided is None else {"decided_at": f"{decided}T12:00:00Z"}
    return {"key": key, "status": status, "cost": cost, **moment}


@pytest.mark.parametrize(
    ("cost", "role", "clause"),
    [
        ("0 GBP", "project_manager", "small (minute 1)"),
        ("50 GBP", "project_manager", "small (minute 1)"),
        ("50.01 GBP", "pmo_head", "large"),
        ("200 GBP", "pmo_head", "large"),
        ("200.01 GBP", "board", "beyond the authority of pmo_head"),
    ],
)
def test_the_least_senior_role_whose_limit_covers_it_approves(
    policy: Policy, cost: str, role: str, clause: str
) -> None:
    assert approver(policy, change={"cost": cost}) == Approver(role, clause)


def test_the_limit_is_that_of_the_day(policy: Policy) -> None:
    assert approver(policy, date(2026, 5, 31), change={"cost": "300 GBP"}).role == "board"
    assert approver(policy, date(2026, 6, 1), change={"cost": "300 GBP"}).role == "pmo_head"


def test_unlimited_covers_everything(make_policy: Callable[[str], Policy]) -> None:
    found = approver(make_policy(TEXT + BOARD), change={"cost": "99999999 GBP"})
    assert found == Approver("board", "any")


@pytest.mark.parametrize(
    ("others", "role"),
    [
        ([], "pmo_head"),
        ([earlier("a", "400 GBP", "2026-04-01")], "pmo_head"),
        ([earlier("a", "400.01 GBP", "2026-04-01")], "board"),
        (
            [earlier("a", "250 GBP", "2026-04-01"), earlier("b", "150.01 GBP", "2026-03-01")],
            "board",
        ),
        ([earlier("a", "400.01 GBP", "2026-01-31")], "board"),  # 90 days before, to the minute
        ([earlier("a", "400.01 GBP", "2026-01-30")], "pmo_head"),
        ([earlier("a", "400.01 GBP", None)], "board"),  # approved, and nobody knows when
        ([earlier("a", "400.01 GBP", "2026-04-01", "rejected")], "pmo_head"),
        ([earlier("own", "400.01 GBP", "2026-04-01")], "pmo_head"),  # the record itself
    ],
)
def test_what_was_approved_together_counts_within_its_window(
    policy: Policy, others: list[dict[str, Any]], role: str
) -> None:
    found = approver(policy, change={"key": "own", "cost": "100 GBP"}, changes=others)
    assert isinstance(found, Approver)
    assert found.role == role


@pytest.mark.parametrize(
    ("role", "cost", "yes", "clause"),
    [
        ("project_manager", "50 GBP", True, "small (minute 1)"),
        ("project_manager", "50.01 GBP", False, "small (minute 1)"),
        ("pmo_head", "200.01 GBP", False, "large"),
        ("pmo_head", "10 GBP", True, "large"),  # somebody less senior may, too
        ("board", "10 GBP", False, ""),
    ],
)
def test_whether_a_role_covers_a_record(
    policy: Policy, *, role: str, cost: str, yes: bool, clause: str
) -> None:
    found = covers(selection_of(policy), facts_of(policy, change={"cost": cost}), role, ACT)
    assert (found.yes, found.clause) == (yes, clause)


def test_missing_values_are_named(policy: Policy) -> None:
    assert approver(policy) == Missing(("change",))
    assert approver(policy, change={}) == Missing(("change.cost",))
    assert approver(policy, change={"cost": None}) == Missing(("change.cost",))
    unknown = {"key": "a", "status": "approved"}
    found = approver(policy, change={"cost": "100 GBP"}, changes=[unknown])
    assert found == Missing(("changes[1].cost",))


def test_what_is_missing_does_not_matter_to_whom_it_does_not_bind(policy: Policy) -> None:
    unknown = {"key": "a", "status": "approved"}
    found = approver(policy, change={"cost": "50 GBP"}, changes=[unknown])
    assert isinstance(found, Approver)
    assert found.role == "project_manager"


def test_authority_is_the_limit_of_one_case(policy: Policy) -> None:
    selection = selection_of(policy)
    assert authority(selection, "pmo_head", ACT) == Money(Decimal(200), "GBP")
    assert authority(selection, "board", ACT) is None
    assert authority(selection, "pmo_head", "approve nothing") is None


def test_headroom_is_what_cumulative_limits_leave(policy: Policy) -> None:
    selection = selection_of(policy)
    facts = facts_of(policy, changes=[earlier("a", "120 GBP", "2026-04-01")])
    assert headroom(selection, facts, "pmo_head", ACT) == Money(Decimal(380), "GBP")
    assert headroom(selection, facts, "project_manager", ACT) is None
    unknown = facts_of(policy, changes=[{"status": "approved"}])
    assert headroom(selection, unknown, "pmo_head", ACT) == Missing(("changes[1].cost",))


def test_of_several_cumulative_limits_the_least_is_left(
    make_policy: Callable[[str], Policy],
) -> None:
    """Two windows: 500 GBP in 90 days, 150 GBP in 10; what is left is the less of the two."""
    text = TEXT.rstrip() + (
        "\n  - {id: lately, may: approve change, cumulative: {by: project, over: 10 days},"
        " up_to: [{value: 150 GBP}]}\n"
    )
    policy = make_policy(text)
    changes = [earlier("a", "400 GBP", "2026-04-01"), earlier("b", "20 GBP", "2026-04-29")]
    left = {
        1: headroom(selection_of(policy), facts_of(policy, changes=changes[:1]), "pmo_head", ACT),
        2: headroom(selection_of(policy), facts_of(policy, changes=changes), "pmo_head", ACT),
        0: headroom(selection_of(policy), facts_of(policy, changes=changes[1:]), "pmo_head", ACT),
    }
    assert {n: str(each) for n, each in left.items()} == {1: "100 GBP", 2: "80 GBP", 0: "130 GBP"}


def test_a_cumulative_limit_with_nothing_to_add_up_leaves_all(policy: Policy) -> None:
    facts = {"now": datetime(2026, 5, 1, tzinfo=UTC)}
    found = headroom(selection_of(policy), facts, "pmo_head", ACT)
    assert found == Money(Decimal(500), "GBP")


BY_CATEGORY = """
kind: terms_of_reference
for: pmo_head
authority:
  - {id: alike, may: approve change, cumulative: {by: {field: category}, over: 3 months}, up_to: [{value: 500 GBP}]}
"""


def of(category: str | None, earlier: dict[str, Any]) -> dict[str, Any]:
    return earlier if category is None else {**earlier, "category": category}


@pytest.mark.parametrize(
    ("others", "role"),
    [
        ([of("cost", earlier("a", "400 GBP", "2026-04-01"))], "pmo_head"),
        ([of("cost", earlier("a", "400.01 GBP", "2026-04-01"))], "board"),
        ([of("time", earlier("a", "400.01 GBP", "2026-04-01"))], "pmo_head"),
        ([of("cost", earlier("a", "400.01 GBP", "2026-02-02"))], "board"),
        # Three months before one in the afternoon is one in the afternoon: this was at noon.
        ([of("cost", earlier("a", "400.01 GBP", "2026-02-01"))], "pmo_head"),
    ],
)
def test_a_limit_by_a_field_adds_up_what_agrees_in_it(
    make_policy: Callable[[str], Policy], others: list[dict[str, Any]], role: str
) -> None:
    own = {"key": "own", "cost": "100 GBP", "category": "cost"}
    found = approver(make_policy(BY_CATEGORY), change=own, changes=others)
    assert isinstance(found, Approver)
    assert found.role == role


def test_what_the_field_is_matters_only_where_something_was_approved(
    make_policy: Callable[[str], Policy],
) -> None:
    policy, own = make_policy(BY_CATEGORY), {"key": "own", "cost": "100 GBP"}
    assert isinstance(approver(policy, change=own, changes=[]), Approver)
    others = [of("cost", earlier("a", "100 GBP", "2026-04-01"))]
    assert approver(policy, change=own, changes=others) == Missing(("change.category",))
    unsaid = [of(None, earlier("a", "100 GBP", "2026-04-01"))]
    known = {**own, "category": "cost"}
    assert approver(policy, change=known, changes=unsaid) == Missing(("changes[1].category",))


RESERVED = """
---
kind: terms_of_reference
for: board
reserved: [strategy, {act: approve change}]
"""


def test_what_is_reserved_is_nobody_elses_to_approve(make_policy: Callable[[str], Policy]) -> None:
    policy = make_policy(TEXT + RESERVED)
    assert approver(policy, change={"cost": "1 GBP"}) == Approver("board", "reserved to board")
    assert policy.terms["board"].reserved == ("strategy",)


@pytest.mark.parametrize(
    ("amount", "role"),
    [
        ("50 GBP", "project_manager"),
        ("50.01 GBP", "pmo_head"),
        ("200.01 GBP", "board"),
        ("5 EUR", None),
    ],
)
def test_who_may_is_asked_for_an_amount(policy: Policy, amount: str, role: str | None) -> None:
    facts = facts_of(policy, change={"cost": "5 GBP"})
    assert who_may(selection_of(policy), facts, ACT, Money.parse(amount)) == role


def test_without_an_amount_it_is_the_events_record(policy: Policy) -> None:
    selection = selection_of(policy)
    assert who_may(selection, facts_of(policy, change={"cost": "200 GBP"}), ACT) == "pmo_head"
    assert who_may(selection, facts_of(policy, change={}), ACT) == Missing(("change.cost",))
    others = [earlier("a", "400.01 GBP", "2026-04-01")]
    facts = facts_of(policy, change={"key": "own", "cost": "100 GBP"}, changes=others)
    assert who_may(selection, facts, ACT) == "board"


def test_nobody_may_what_no_terms_speak_of(policy: Policy) -> None:
    facts = facts_of(policy, change={"cost": "5 GBP"})
    assert who_may(selection_of(policy), facts, "approve nothing") is None
    assert who_may(selection_of(policy), facts, "adopt policy", Money.parse("5 GBP")) is None


def test_rules_ask_who_is_least_senior(make_policy: Callable[[str], Policy]) -> None:
    rule = """
---
kind: rules
rules:
  - id: told
    title: Told
    on: change.submitted
    binding: may
    when: least_senior("approve change", change.cost) in ("pmo_head", "board")
    then: [{notify: {to: board}}]
"""
    policy = make_policy(TEXT + rule)
    (told,) = policy.rules
    assert rule_in_words(told, policy).startswith(
        "When a change is submitted and the least senior role that may approve a change of the "
        "change's cost is"
    )
    for name in BACKENDS:
        engine = Engine(policy, name)
        fired = [
            engine.decide(
                {
                    "event": "change.submitted",
                    "at": "2026-05-01T12:00:00Z",
                    "facts": {"change": {"cost": cost}},
                }
            ).outcomes.fired
            for cost in ("50 GBP", "50.01 GBP", "1000 GBP")
        ]
        assert fired == [(), ("told",), ("told",)], name
