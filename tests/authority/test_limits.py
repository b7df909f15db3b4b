"""Who may do what up to how much: per case, together, within a window, with facts missing."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.authority.functions import authority, authority_on, headroom, who_may
from pmo_engine.authority.limits import Approver, covers, least_senior
from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.feel.values import Missing
from pmo_engine.model.money import Money
from pmo_engine.policy import Policy
from pmo_engine.policy.events import read_event
from pmo_engine.policy.selection import Selection, Selector
from pmo_engine.prose.rules import rule_in_words
from tests.small_policy import HEADER

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
    given.setdefault("changes", [])  # none before it
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
        ("200.01 GBP", "board", "beyond the authority of the PMO head"),
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
    assert authority(selection, {}, "pmo_head", ACT) == Money(Decimal(200), "GBP")
    assert authority(selection, {}, "board", ACT) is None
    assert authority(selection, {}, "pmo_head", "approve nothing") is None


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
    found = headroom(selection_of(policy), facts_of(policy), "pmo_head", ACT)
    assert found == Money(Decimal(500), "GBP")


def test_a_history_that_nobody_gave_is_not_known(policy: Policy) -> None:
    """It is no empty one, except where it makes no difference."""
    selection = selection_of(policy)
    unsaid = {**facts_of(policy, change={"cost": "100 GBP"})}
    del unsaid["changes"]
    assert least_senior(selection, unsaid) == Missing(("changes",))
    assert headroom(selection, unsaid, "pmo_head", ACT) == Missing(("changes",))
    found = covers(selection, unsaid, "pmo_head", ACT)
    assert (found.yes, found.why) == (Missing(("changes",)), "changes is not known")
    unsaid["change"]["cost"] = Money(Decimal(201), "GBP")  # beyond the limit of each case
    assert least_senior(selection, unsaid) == Approver(
        "board", "beyond the authority of the PMO head"
    )
    unsaid["change"]["cost"] = Money(Decimal(50), "GBP")
    assert least_senior(selection, unsaid) == Approver("project_manager", "small (minute 1)")


def test_a_record_of_which_nobody_said_what_became_of_it_is_not_known(policy: Policy) -> None:
    found = approver(policy, change={"cost": "100 GBP"}, changes=[{"key": "a", "cost": "5 GBP"}])
    assert found == Missing(("changes[1].status",))


def waiting(key: str, cost: str | None) -> dict[str, Any]:
    return {"key": key, "status": "submitted", **({} if cost is None else {"cost": cost})}


OWN = {"key": "own", "status": "submitted", "cost": "100 GBP"}


@pytest.mark.parametrize(
    ("others", "role"),
    [
        ([waiting("a", "400 GBP")], "pmo_head"),
        ([waiting("a", "400.01 GBP")], "board"),
        ([waiting("a", "400.01 GBP"), OWN], "board"),  # a stands before it
        ([OWN, waiting("a", "400.01 GBP")], "pmo_head"),  # a came later
        ([OWN, earlier("a", "400.01 GBP", "2026-04-01")], "board"),  # approved, whenever it came
        ([waiting("a", None), waiting("b", "400 GBP")], "pmo_head"),
        ([waiting("a", "-50 GBP"), waiting("b", "400.01 GBP")], "board"),  # frees nothing yet
        ([earlier("a", "-50 GBP", "2026-04-01"), waiting("b", "450 GBP")], "pmo_head"),
    ],
)
def test_what_waits_before_a_record_counts(
    policy: Policy, others: list[dict[str, Any]], role: str
) -> None:
    found = approver(policy, change=OWN, changes=others)
    assert isinstance(found, Approver)
    assert found.role == role


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
    assert approver(policy, change={"cost": "1 GBP"}) == Approver("board", "reserved to the board")
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
                    "facts": {"change": {"cost": cost}, "changes": []},
                }
            ).outcomes.fired
            for cost in ("50 GBP", "50.01 GBP", "1000 GBP")
        ]
        assert fired == [(), ("told",), ("told",)], name


def terms(*entries: str, role: str = "pmo_head") -> str:
    lines = "".join(f"  - {{{each}}}\n" for each in entries)
    return f"kind: terms_of_reference\nfor: {role}\nauthority:\n{lines}"


FIELDS = """
kind: registers
registers:
  - extends: changes
    fields:
      price: {type: money}
      supplier: {type: text}
---
"""
OTHER = "---\n" + terms("id: any, may: approve change, up_to: unlimited", role="board")
GREATER = "id: a, may: approve change, up_to: greater of 100 GBP and 10 % of change.price"
LESSER = "id: a, may: approve change, up_to: [{value: lesser of 100 GBP and 10 % of change.price}]"
SHARE = "id: a, may: approve change, up_to: 10 % of change.price"


def measured_policy(make_policy: Callable[[str], Policy], *entries: str) -> Policy:
    return make_policy(FIELDS + terms(*entries) + OTHER)


@pytest.mark.parametrize(
    ("entry", "cost", "price", "found"),
    [
        (SHARE, "100 GBP", "1000 GBP", "pmo_head"),
        (SHARE, "100.01 GBP", "1000 GBP", "board"),
        (SHARE, "100 GBP", "999.99 GBP", "board"),  # 99.999
        (SHARE, "100 GBP", None, "change.price"),
        (GREATER, "100 GBP", None, "pmo_head"),  # whatever the price is
        (GREATER, "100.01 GBP", None, "change.price"),
        (GREATER, "150 GBP", "1500 GBP", "pmo_head"),
        (GREATER, "150.01 GBP", "1500 GBP", "board"),
        (GREATER, "100 GBP", "1 GBP", "pmo_head"),
        (LESSER, "100 GBP", "1000 GBP", "pmo_head"),
        (LESSER, "100 GBP", "999 GBP", "board"),
        (LESSER, "100.01 GBP", None, "board"),
        (LESSER, "100 GBP", None, "change.price"),
        (LESSER, "100.01 GBP", "9999 GBP", "board"),
    ],
)
def test_a_limit_may_be_a_share_and_the_greater_or_lesser_of_two(
    make_policy: Callable[[str], Policy], entry: str, cost: str, price: str | None, found: str
) -> None:
    change = {"cost": cost, **({} if price is None else {"price": price})}
    policy = measured_policy(make_policy, entry)
    who = approver(policy, change=change)
    assert found == (who.paths[0] if isinstance(who, Missing) else who.role)
    asked = covers(selection_of(policy), facts_of(policy, change=change), "pmo_head", ACT)
    assert asked.yes == ({"pmo_head": True, "board": False}.get(found, who))


def test_what_a_limit_comes_to_is_told_for_the_record(make_policy: Callable[[str], Policy]) -> None:
    policy = measured_policy(make_policy, GREATER)
    selection, facts = selection_of(policy), facts_of(policy, change={"price": "1500 GBP"})
    assert authority(selection, facts, "pmo_head", ACT) == Money(Decimal(150), "GBP")
    assert authority(selection, facts_of(policy), "pmo_head", ACT) == Missing(("change.price",))
    assert authority_on(policy, "pmo_head", ACT, DAY) is None


CAPITAL = "id: a, may: approve change, of: {category: [scope, time]}, up_to: [{value: 100 GBP}]"
ALL = "id: b, may: approve change, up_to: [{value: 500 GBP}]"
OF_TEXT = "id: a, may: approve change, of: {supplier: ACME Ltd}, up_to: unlimited"


@pytest.mark.parametrize(
    ("entries", "change", "found"),
    [
        ([CAPITAL], {"cost": "100 GBP", "category": "time"}, "pmo_head"),
        ([CAPITAL], {"cost": "1 GBP", "category": "cost"}, "board"),  # no authority at all
        ([CAPITAL], {"cost": "1 GBP"}, "change.category"),
        ([CAPITAL], {"cost": "100.01 GBP"}, "change.category"),
        ([CAPITAL, ALL], {"cost": "101 GBP", "category": "time"}, "board"),
        ([ALL, CAPITAL], {"cost": "101 GBP", "category": "cost"}, "pmo_head"),
        ([ALL, CAPITAL], {"cost": "101 GBP"}, "change.category"),
        ([ALL, CAPITAL], {"cost": "100 GBP"}, "pmo_head"),  # within both
        ([ALL, CAPITAL], {"cost": "501 GBP"}, "board"),
        ([OF_TEXT], {"cost": "9 GBP", "supplier": " acme  LTD"}, "pmo_head"),
        ([OF_TEXT], {"cost": "9 GBP", "supplier": "acme"}, "board"),
    ],
)
def test_authority_may_be_over_some_records_alone(
    make_policy: Callable[[str], Policy], entries: list[str], change: dict[str, str], found: str
) -> None:
    who = approver(measured_policy(make_policy, *entries), change=change)
    assert found == (who.paths[0] if isinstance(who, Missing) else who.role)


def cumulative(how: str, more: str = "") -> str:
    return f"id: s, may: approve change, cumulative: {{{how}}}, {more}up_to: [{{value: 500 GBP}}]"


@pytest.mark.parametrize(
    ("how", "decided", "role"),
    [
        ("over: ever", "1990-01-01", "board"),
        ("over: financial year", "2026-04-06", "board"),
        ("over: financial year", "2026-04-05", "pmo_head"),
        ("by: supplier, over: contract life", "1990-01-01", "board"),
        ("by: requester, over: 90 days", "2026-04-01", "board"),
    ],
)
def test_sums_run_over_the_year_the_contract_or_without_end(
    make_policy: Callable[[str], Policy], how: str, decided: str, role: str
) -> None:
    text = FIELDS + terms(cumulative(how)) + OTHER
    policy = policy_of_year(text)
    own = {"key": "own", "cost": "100 GBP", "supplier": "ACME", "submitted_by": "ana"}
    before = {**earlier("a", "400.01 GBP", decided), "supplier": "acme ", "submitted_by": "ana"}
    assert approver(policy, change=own, changes=[before]).role == role
    other = {**before, "supplier": "Bolt", "submitted_by": "ben"}
    alike = "by:" not in how
    assert approver(policy, change=own, changes=[other]).role == (role if alike else "pmo_head")


def policy_of_year(text: str) -> Policy:
    whole = HEADER.replace("currency: GBP", "currency: GBP\nfinancial_year_from: 6 April")
    found = bind(read_text(whole + text, "policy.yaml"), Path("policy.yaml"))
    assert found.policy is not None, found.diagnostics
    return found.policy


def test_a_sum_of_the_office_is_given_and_a_limit_with_a_condition_counts_its_own(
    make_policy: Callable[[str], Policy],
) -> None:
    policy = measured_policy(make_policy, cumulative("across: office, over: ever"))
    given = {"sums": {"s": "400 GBP"}}
    assert approver(policy, change={"cost": "100 GBP"}, standing=given).role == "pmo_head"
    assert approver(policy, change={"cost": "100.01 GBP"}, standing=given).role == "board"
    assert approver(policy, change={"cost": "100 GBP"}) == Missing(("standing.sums",))
    of = measured_policy(make_policy, cumulative("over: ever", "of: {category: time}, "))
    changes = [
        {**earlier("a", "400.01 GBP", "2026-04-01"), "category": "cost"},
        {**earlier("b", "400 GBP", "2026-04-01"), "category": "time"},
    ]
    own = {"key": "own", "cost": "100 GBP", "category": "time"}
    assert approver(of, change=own, changes=changes).role == "pmo_head"


def test_authority_may_hang_on_who_asks_and_who_is_away(
    make_policy: Callable[[str], Policy],
) -> None:
    entry = "id: {}, may: approve change, {}, up_to: unlimited"
    line = measured_policy(make_policy, entry.format("l", "of: {requester: pmo_head}"))
    change = {"cost": "1 GBP"}

    def who(policy: Policy, **standing: list[str]) -> str:
        found = approver(policy, change=change, standing=standing)
        return found.paths[0] if isinstance(found, Missing) else found.role

    assert who(line, requester=["project_manager"]) == "pmo_head"  # below the head
    assert who(line, requester=["pmo_head"]) == "pmo_head"
    assert who(line, requester=["board"]) == "board"
    assert who(line, requester=[]) == "board"
    assert who(line) == "standing.requester"
    absent = measured_policy(make_policy, entry.format("a", "in_absence_of: board"))
    assert who(absent, absent=["board"]) == "pmo_head"
    assert who(absent, absent=["project_manager"]) == "board"
    assert who(absent) == "standing.absent"
    vacant = measured_policy(make_policy, entry.format("v", "while_vacant: board"))
    assert who(vacant, vacant=["board"]) == "pmo_head"
    assert who(vacant, vacant=[]) == "board"


def test_a_limit_that_is_passed_says_by_what(policy: Policy) -> None:
    selection = selection_of(policy)
    facts = facts_of(
        policy, change=OWN, changes=[earlier("a", "350 GBP", "2026-04-01"), waiting("b", "60 GBP")]
    )
    found = covers(selection, facts, "pmo_head", ACT)
    assert (found.yes, found.clause) == (False, "together")
    assert found.why == (
        "together goes up to 500 GBP in 90 days: 410 GBP of it are taken, and this is 100 GBP"
    )


def test_an_act_on_no_register_is_measured_by_the_record_in_hand(
    make_policy: Callable[[str], Policy],
) -> None:
    policy = measured_policy(make_policy, "id: f, may: fund work, up_to: [{value: 50 GBP}]")
    selection = selection_of(policy)
    for cost, yes in (("50 GBP", True), ("50.01 GBP", False)):
        facts = facts_of(policy, change={"cost": cost})
        assert covers(selection, facts, "pmo_head", "fund work").yes is yes
    assert least_senior(selection, facts, "fund work").role == "board"


@pytest.mark.parametrize(
    ("now", "decided", "counts"),
    [
        ("2026-02-01T12:00:00Z", "2025-04-06T00:00:00Z", True),  # the year before has begun then
        ("2026-02-01T12:00:00Z", "2025-04-05T22:59:59Z", False),
        ("2026-04-06T12:00:00Z", "2026-04-05T23:00:00Z", True),  # midnight in London
        ("2026-04-06T12:00:00Z", "2026-04-05T22:59:59Z", False),
        ("2026-04-05T22:59:00Z", "2025-05-01T12:00:00Z", True),
        ("2026-04-05T23:00:00Z", "2026-04-05T22:59:59Z", False),
    ],
)
def test_the_financial_year_begins_at_midnight_of_its_day(
    now: str, decided: str, *, counts: bool
) -> None:
    policy = policy_of_year(FIELDS + terms(cumulative("over: financial year")) + OTHER)
    before = {"key": "a", "status": "approved", "cost": "400.01 GBP", "decided_at": decided}
    facts = {"change": {"cost": "100 GBP"}, "changes": [before]}
    event = read_event(policy, {"event": "change.submitted", "at": now, "facts": facts})
    found = least_senior(selection_of(policy), event.facts)
    assert found == (Approver("board", "any") if counts else Approver("pmo_head", "s"))


@pytest.mark.parametrize("day", ["31 April", "29 February", "April 1", "0 May", "1 april", "1"])
def test_a_financial_year_begins_on_a_day_of_every_year(day: str) -> None:
    text = HEADER.replace("currency: GBP", f"currency: GBP\nfinancial_year_from: {day}")
    found = bind(read_text(text, "policy.yaml"), Path("policy.yaml"))
    [only] = [each for each in found.diagnostics if each.severity == "error"]
    assert f"'{day}' is not a day of every year: write it as in '1 April'" in only.message
