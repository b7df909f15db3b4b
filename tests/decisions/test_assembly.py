"""From what fired to what follows: put together, merged, in a stable order."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from pmo_engine.decisions.assembly import Assembler
from pmo_engine.model.durations import Span
from pmo_engine.policy import Policy
from pmo_engine.policy.decision import Obligation, Outcomes
from pmo_engine.policy.events import read_event
from pmo_engine.policy.selection import Selector

TERMS = """
kind: terms_of_reference
for: project_manager
authority: [{id: small, may: approve change, up_to: [{value: 50 GBP}]}]
---
"""
EMPTY: Mapping[str, Any] = MappingProxyType({})


def rule(name: str, then: str, binding: str = "shall", more: str = "") -> str:
    head = f"  - {{id: {name}, title: {name}, on: change.submitted, binding: {binding}{more}"
    return f"{head}, then: [{then}]}}\n"


def approval(role: str, within: str = "", ladder: str = "") -> str:
    more = (f", within: {within}" if within else "") + (f", ladder: {ladder}" if ladder else "")
    return f"{{require_approval: {{from: {role}{more}}}}}"


@pytest.fixture
def follow(make_policy: Callable[[str], Policy]) -> Callable[..., tuple[Obligation, ...]]:
    def follow(
        *rules: str,
        fired: tuple[str, ...] = (),
        unknown: Mapping[str, tuple[str, ...]] = EMPTY,
        change: Mapping[str, Any] = EMPTY,
    ) -> tuple[Obligation, ...]:
        policy = make_policy(TERMS + "kind: rules\nrules:\n" + "".join(rules))
        facts = {"change": dict(change)} if change else {}
        raw = {"event": "change.submitted", "at": "2026-05-01T12:00:00Z", "facts": facts}
        event = read_event(policy, raw)
        zone = policy.calendar._zone
        selection = Selector(policy, zone).at(event.name, event.at)
        chosen = fired or tuple(name for name in selection.order if name not in unknown)
        outcomes = Outcomes(selection.order, chosen, unknown, {}, {})
        return Assembler(selection, zone).obligations(outcomes, event.facts)

    return follow


Follow = Callable[..., tuple[Obligation, ...]]


def test_each_effect_is_an_obligation_of_its_kind(follow: Follow) -> None:
    then = [
        "{notify: {to: board, message: look}}",
        approval("board", "3 working days", "standard"),
        "{raise_exception: {to: pmo_head, reason: too late, within: 1 day}}",
        "{require_assessment: {from: finance, within: 2 days}}",
        "{require_evidence: {evidence: plan, from: project_manager}}",
        "{require_information: {facts: [change.cost, change.weeks], from: board}}",
        "{block: stop}",
        "{finding: seen}",
        "{derive: {fact: x, value: 1}}",
        "{auto_approve: {source: minute 1}}",
    ]
    found = follow(rule("all", ", ".join(then), more=", clause: '4.1'"))
    assert [(o.kind, o.target, o.role, o.within, o.ladder, o.text) for o in found] == [
        ("block", "all", None, None, None, "stop"),
        ("information", "change.cost", "board", None, None, ""),
        ("information", "change.weeks", "board", None, None, ""),
        ("evidence", "plan", "project_manager", None, None, ""),
        ("assessment", "finance", "finance", Span(2, "day"), None, ""),
        ("exception", "pmo_head", "pmo_head", Span(1, "day"), None, "too late"),
        ("approval", "board", "board", Span(3, "working_day"), "standard", ""),
        ("notice", "board", "board", None, None, "look"),
    ]
    assert {o.clause for o in found} == {"4.1"}
    assert found[1].facts == ("change.cost",)
    assert found[0].id == "all/block/all"


@pytest.mark.parametrize(
    ("verb", "of"),
    [
        ("require_assessment", "from: finance"),
        ("require_evidence", "evidence: plan, from: project_manager"),
        ("require_information", "facts: [change.cost], from: board"),
        ("raise_exception", "to: pmo_head, reason: too late"),
    ],
)
def test_whatever_is_asked_for_has_its_time_and_its_ladder(
    follow: Follow, verb: str, of: str
) -> None:
    [found] = follow(rule("one", f"{{{verb}: {{{of}, within: 2 days, ladder: standard}}}}"))
    assert (found.within, found.ladder) == (Span(2, "day"), "standard")
    [found] = follow(rule("one", f"{{{verb}: {{{of}}}}}"))
    assert (found.within, found.ladder) == (None, None)


def test_approvals_go_from_the_least_senior_up(follow: Follow) -> None:
    found = follow(*(rule(f"r-{r}", approval(r)) for r in ("board", "project_manager", "pmo_head")))
    assert [o.role for o in found] == ["project_manager", "pmo_head", "board"]


@pytest.mark.parametrize(
    ("one", "other", "shorter"),
    [
        ("3 working days", "2 working days", "2 working days"),
        ("2 working days", "3 working days", "2 working days"),
        ("1 week", "5 days", "5 days"),
        ("1 month", "5 weeks", "1 month"),
        ("1 year", "13 months", "1 year"),
        ("1 working day", "30 hours", "30 hours"),
        ("8 working hours", "2 days", "8 working hours"),
        ("90 minutes", "2 hours", "90 minutes"),
        ("", "1 year", "1 year"),
        ("1 year", "", "1 year"),
    ],
)
def test_the_same_approval_twice_is_one_with_the_shorter_time(
    follow: Follow, one: str, other: str, shorter: str
) -> None:
    (found,) = follow(rule("a", approval("board", one)), rule("b", approval("board", other)))
    assert (found.rule, found.also, found.within) == ("a", ("b",), Span.parse(shorter))


def test_merged_obligations_keep_the_stronger_binding_and_a_ladder(follow: Follow) -> None:
    weak, strong = rule("a", approval("board"), "may"), rule("b", approval("board", "", "standard"))
    (found,) = follow(weak, strong)
    assert (found.binding, found.ladder, found.rules) == ("shall", "standard", ("a", "b"))


def test_a_rule_that_asks_twice_asks_once(follow: Follow) -> None:
    (found,) = follow(rule("a", f"{approval('board')}, {approval('board')}"))
    assert found.also == ()


def test_notices_merge_only_when_they_say_the_same(follow: Follow) -> None:
    def notify(message: str) -> str:
        return f"{{notify: {{to: board, message: {message}}}}}"

    found = follow(rule("a", notify("x")), rule("b", notify("x")), rule("c", notify("y")))
    assert [(o.text, o.rules) for o in found] == [("x", ("a", "b")), ("y", ("c",))]


def test_blocks_of_different_rules_stay_apart(follow: Follow) -> None:
    found = follow(rule("a", "{block: x}"), rule("b", "{block: x}"))
    assert [o.rule for o in found] == ["a", "b"]


@pytest.mark.parametrize("binding", ["shall", "should", "may"])
def test_what_binds_says_how(follow: Follow, binding: str) -> None:
    (found,) = follow(rule("a", approval("board"), binding))
    assert found.binding == binding


def test_a_rule_on_trial_binds_nobody(follow: Follow) -> None:
    assert follow(rule("a", approval("board"), "trial")) == ()


@pytest.mark.parametrize(
    ("binding", "asks"), [("shall", 1), ("should", 0), ("may", 0), ("trial", 0)]
)
def test_what_is_missing_is_asked_for_by_binding_rules_alone(
    follow: Follow, binding: str, asks: int
) -> None:
    found = follow(rule("a", "{block: x}", binding), unknown={"a": ("change.cost",)})
    assert [(o.kind, o.facts) for o in found] == asks * [("information", ("change.cost",))]


def test_two_rules_that_lack_the_same_fact_ask_for_it_once(follow: Follow) -> None:
    rules = rule("a", "{block: x}"), rule("b", "{block: x}")
    missing = {"a": ("change.cost", "change.weeks"), "b": ("change.weeks",)}
    found = follow(*rules, unknown=missing)
    assert [(o.target, o.rules) for o in found] == [
        ("change.cost", ("a",)),
        ("change.weeks", ("a", "b")),
    ]


@pytest.mark.parametrize(
    ("change", "kind", "target", "clause"),
    [
        ({"cost": "50 GBP"}, "approval", "project_manager", "small"),
        ({"cost": "51 GBP"}, "approval", "pmo_head", "beyond the authority of the project manager"),
        ({"weeks": 1}, "information", "change.cost", "a"),
    ],
)
def test_the_least_senior_role_is_found_or_what_it_takes_to_find_it(
    follow: Follow, change: dict[str, Any], kind: str, target: str, clause: str
) -> None:
    (found,) = follow(rule("a", approval("least_senior_with_authority")), change=change)
    assert (found.kind, found.target, found.clause) == (kind, target, clause)


def test_the_one_found_and_the_one_named_merge(follow: Follow) -> None:
    rules = (
        rule("a", approval("least_senior_with_authority")),
        rule("b", approval("project_manager")),
    )
    (found,) = follow(*rules, change={"cost": "50 GBP"})
    assert (found.rules, found.clause) == (("a", "b"), "small")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_quickest_of_several_keeps_the_ladder_of_another(
    follow: Follow, order: tuple[int, ...]
) -> None:
    asked = [
        rule("slow", approval("board", "3 weeks", "standard"), binding="may"),
        rule("quick", approval("board", "2 hours"), binding="should"),
        rule("idle", approval("board"), binding="may"),
    ]
    [found] = follow(*(asked[place] for place in order))
    assert (found.within, found.ladder, found.binding) == (Span(2, "hour"), "standard", "should")
    assert set(found.rules) == {"slow", "quick", "idle"}
