"""What is wrong between the rules of one event, each time with an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.compiler.rule_findings.conditions import Space, space_of
from pmo_engine.compiler.rule_findings.examples import example_in_words
from pmo_engine.compiler.rule_findings.following import Following
from pmo_engine.compiler.table_findings.regions import (
    Box,
    TooMuch,
    Work,
    is_covered,
    meet,
    uncovered,
)
from pmo_engine.compiler.table_findings.words import box_in_words
from pmo_engine.feel.nodes import Conjunction
from pmo_engine.model.names import words
from pmo_engine.policy import CHOSEN, LEAST_SENIOR, AutoApprove, Block, Policy, RequireApproval
from pmo_engine.policy.as_of import turning_days
from pmo_engine.policy.selection import triggers
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from pmo_engine.feel.nodes import Node
    from pmo_engine.policy import Rule

Asking: TypeAlias = "tuple[frozenset[str], str, Node]"  # roles, the act, and when
Held: TypeAlias = "tuple[Rule, Node, Sequence[Asking]]"  # a rule on a day, and when it fires

MOST = 3  # regions of one event that are told
MOST_DAYS = 12  # on which rules of one event change
MOST_PAIRS = 50_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Roles that a rule asks for one act, and where, if that is known."""

    roles: frozenset[str]
    act: str
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Laid:
    """A rule that decides about records, as boxes: where it may fire, and where it surely does.

    Where a fault of it holds the record, as far as that is known, are boxes as well.
    """

    rule: Rule
    may: Sequence[Box]
    surely: Sequence[Box]
    faults: Sequence[Box]
    asks: Sequence[Asked]

    @property
    def asks_somebody(self) -> bool:
        """Say whether it asks for an approval."""
        return any(isinstance(each, RequireApproval) for each in self.rule.then)

    @property
    def blocks(self) -> bool:
        """Say whether it stops a record."""
        return any(isinstance(each, Block) for each in self.rule.then)

    @property
    def passes(self) -> bool:
        """Say whether it lets a record pass."""
        return any(isinstance(each, AutoApprove) for each in self.rule.then)


@dataclass(frozen=True, slots=True)
class Judged:
    """An event on a day, with the rules that decide about its records laid out."""

    event: str
    space: Space
    rules: Sequence[Laid]


@lru_cache(maxsize=1)
def judged(policy: Policy) -> tuple[Judged, ...]:
    """Lay out the rules of each event whose records somebody approves, on each day they change."""
    by_event: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        if rule.binding != "trial" and _decides(rule):
            for event in rule.on:
                by_event.setdefault(event, []).append(rule)
    return tuple(
        found
        for event, rules in by_event.items()
        if policy.register_of(event) is not None and _is_decided(event)
        for found in _on_days(policy, event, rules)
    )


def _is_decided(event: str) -> bool:
    return "submitted" in {name.partition(".")[2] for name in triggers(event)}


def _decides(rule: Rule) -> bool:
    return any(isinstance(each, RequireApproval | AutoApprove | Block) for each in rule.then)


def _on_days(policy: Policy, event: str, rules: Sequence[Rule]) -> Iterator[Judged]:
    """Lay rules out on each day on which what they come to changes."""
    first = policy.in_force_from or date.min
    later = sorted(day for day in turning_days(policy) if day > first)
    before: Sequence[Held] = ()
    laid_out = 0
    for day in [first, *later]:
        following = Following(policy, event, day)
        held = [_held(following, rule) for rule in rules if day in rule.in_force]
        if held and held != before and laid_out < MOST_DAYS:
            laid_out += 1
            yield _laid_out(following, held)
        before = held


def _held(following: Following, rule: Rule) -> Held:
    node = following.condition(rule)
    return rule, node, list(_asked(following, rule, node))


def _laid_out(following: Following, held: Sequence[Held]) -> Judged:
    nodes = [node for _, when, asks in held for node in (when, *(each for *_, each in asks))]
    space = space_of(following.policy, nodes)
    return Judged(following.event, space, [_one_laid_out(space, *each) for each in held])


def _one_laid_out(space: Space, rule: Rule, node: Node, asks: Sequence[Asking]) -> Laid:
    may, surely = where = _where(space, node)
    told = []
    for roles, act, each in asks:
        at_most, at_least = where if each is node else _where(space, each)
        if at_most == at_least:  # where it is known
            told.append(Asked(roles, act, at_most))
    plain = rule.when is None or node is rule.when.node
    return Laid(rule, may, surely, [] if plain else space.boxes(space.faults(node)), told)


def _where(space: Space, node: Node) -> tuple[Sequence[Box], Sequence[Box]]:
    """Give where a condition may hold, and where it surely does."""
    return space.boxes(space.may(node)), space.boxes(space.surely(node))


def _asked(following: Following, rule: Rule, when: Node) -> Iterator[Asking]:
    """Give the roles that a rule asks for each act, and when.

    Of who is chosen there is one for each who may be; who is sought by authority is not followed.
    """
    acts: dict[str, list[RequireApproval]] = {}
    for each in rule.then:
        if isinstance(each, RequireApproval):
            acts.setdefault(each.act or "", []).append(each)
    for act, asks in acts.items():
        roles = frozenset(each.role for each in asks)
        if not roles & {LEAST_SENIOR, CHOSEN}:
            yield roles, act, when
        elif roles == {CHOSEN} and (chosen := asks[0].chosen_by) is not None and len(asks) == 1:
            for role, node in following.choices(chosen):
                yield frozenset({role}), act, Conjunction((when, node))


def nothing_asks(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of records that no rule asks anybody about, lets pass or blocks.

    Packs add to what a policy asks: only where it has a rule of its own has it to ask about all.
    """
    for each in judged(policy):
        asking = [laid.rule for laid in each.rules if laid.asks_somebody or laid.passes]
        own = next((rule for rule in asking if rule.pack is None), None)
        if own is None:
            continue
        domain = each.space.domain
        boxes = [box for laid in each.rules for box in (*laid.may, *laid.faults)]
        try:
            found = uncovered(domain, boxes)
        except TooMuch:
            continue
        for box in found[:MOST]:
            what = _record(each, box)
            message = f"nothing asks about {what}, and nothing lets it pass"
            example = example_in_words(box, each.space)
            hint = f"{example}let a rule ask somebody, or let it pass with 'auto_approve'"
            yield at(own.mark, codes.NOTHING_ASKS, message, hint)


def always_blocked(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of approvals, and of what passes, in cases that another rule blocks every time."""
    for each in judged(policy):
        work = Work()
        for block in (laid for laid in each.rules if laid.blocks):
            for other in each.rules:
                if other is not block and not other.blocks and _all_in(other.may, block, work):
                    does = "asks for an approval of" if other.asks_somebody else "lets pass"
                    ids = f"rule '{other.rule.id}' {does} what rule '{block.rule.id}' blocks"
                    message = f"{ids} each time"
                    hint = f"for example {_record(each, other.may[0])}"
                    yield at(other.rule.mark, codes.ALWAYS_BLOCKED, message, hint)


def _all_in(boxes: Sequence[Box], block: Laid, work: Work) -> bool:
    try:
        return bool(boxes) and all(is_covered(box, block.surely, work) for box in boxes)
    except TooMuch:
        return False


def two_roles(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rules that ask different roles about the same records, neither an addition."""
    for each in judged(policy):
        asking = [(laid.rule, asked) for laid in each.rules for asked in laid.asks]
        for (rule, one), (later, other) in islice(combinations(asking, 2), MOST_PAIRS):
            if rule is later or one.roles == other.roles or one.act != other.act:
                continue
            if shared := _shared(one, other):
                pair = " and ".join(sorted(one.roles ^ other.roles))
                what = _record(each, shared)
                message = f"rules '{rule.id}' and '{later.id}' ask {pair} about {what}"
                hint = "let them exclude each other, or ask both in one rule"
                yield at(later.mark, codes.TWO_ROLES, message, hint)


def _shared(one: Asked, other: Asked) -> Box | None:
    """Give what two rules share, unless one of them only adds to the other in some of its cases.

    Rules that differ in more than one fact are asked for reasons of their own.
    """
    pairs = ((a, b) for a in one.boxes for b in other.boxes if _apart(a, b) <= 1)
    shared = next((both for a, b in pairs if all(both := meet(a, b))), None)
    if shared is None:
        return None
    inner, outer = (_within(one, other), _within(other, one))
    return shared if inner == outer else None


def _apart(one: Box, other: Box) -> int:
    """Count the facts in which two boxes differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _within(one: Asked, other: Asked) -> bool:
    try:
        return all(is_covered(box, other.boxes, Work()) for box in one.boxes)
    except TooMuch:
        return False


def _record(each: Judged, box: Box) -> str:
    """Say which records a box is of: "a change request with cost up to 0 GBP"."""
    noun = words(each.event.partition(".")[0])
    article = "an" if noun[:1] in "aeiou" else "a"
    said = box_in_words(box, tuple(each.space.axes.values()), "not given")
    return f"{article} {noun}" + ("" if said == "anything" else f" with {said}")


def told_once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave out what was told of another day already."""
    return iter(dict.fromkeys(found))
