"""What is wrong between the rules of one event, each time with an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, islice
from typing import TYPE_CHECKING

from pmo_engine.compiler.rule_findings.conditions import Space, space_of, with_limits
from pmo_engine.compiler.rule_findings.examples import example_in_words
from pmo_engine.compiler.table_findings.regions import (
    Box,
    TooMuch,
    Work,
    is_covered,
    meet,
    uncovered,
)
from pmo_engine.compiler.table_findings.words import box_in_words
from pmo_engine.model.names import words
from pmo_engine.policy import CHOSEN, LEAST_SENIOR, AutoApprove, Block, Policy, RequireApproval
from pmo_engine.policy.selection import triggers
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from pmo_engine.policy import Rule

MOST = 3  # regions of one event that are told
MOST_DAYS = 12  # on which rules of one event change
MOST_PAIRS = 50_000


@dataclass(frozen=True, slots=True)
class Laid:
    """A rule that decides about records, as boxes: where it may fire, and where it surely does."""

    rule: Rule
    may: Sequence[Box]
    surely: Sequence[Box]
    roles: frozenset[str]
    blocks: bool
    passes: bool

    @property
    def is_exact(self) -> bool:
        """Say whether it is known where it fires."""
        return list(self.may) == list(self.surely)


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
    first = policy.in_force_from or date.min
    turns = {day for rule in rules for day in (rule.in_force.start, rule.in_force.end)}
    later = sorted(day for day in turns if day is not None and day > first)
    for day in [first, *later][:MOST_DAYS]:
        held = [rule for rule in rules if day in rule.in_force]
        if held:
            yield _laid_out(policy, event, held, day)


def _laid_out(policy: Policy, event: str, rules: Sequence[Rule], day: date) -> Judged:
    nodes = [None if r.when is None else with_limits(policy, r.when, day) for r in rules]
    space = space_of(policy, [node for node in nodes if node is not None])
    laid = []
    for rule, node in zip(rules, nodes, strict=True):
        may, surely = space.boxes(space.may(node)), space.boxes(space.surely(node))
        asks = [each for each in rule.then if isinstance(each, RequireApproval)]
        laid.append(
            Laid(
                rule,
                may,
                surely,
                roles=frozenset(each.role for each in asks),
                blocks=any(isinstance(each, Block) for each in rule.then),
                passes=any(isinstance(each, AutoApprove) for each in rule.then),
            )
        )
    return Judged(event, space, laid)


def nothing_asks(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of records that no rule asks anybody about, lets pass or blocks.

    Packs add to what a policy asks: only where it has a rule of its own has it to ask about all.
    """
    for each in judged(policy):
        asking = [laid.rule for laid in each.rules if laid.roles or laid.passes]
        own = next((rule for rule in asking if rule.pack is None), None)
        if own is None:
            continue
        domain, boxes = each.space.domain, [box for laid in each.rules for box in laid.may]
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
                    does = "asks for an approval of" if other.roles else "lets pass"
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
        asking = [laid for laid in each.rules if laid.is_exact and _names_roles(laid)]
        for one, other in islice(combinations(asking, 2), MOST_PAIRS):
            if one.roles != other.roles and (shared := _shared(one, other)):
                pair = " and ".join(sorted(one.roles ^ other.roles))
                message = (
                    f"rules '{one.rule.id}' and '{other.rule.id}' ask {pair} about "
                    f"{_record(each, shared)}"
                )
                hint = "let them exclude each other, or ask both in one rule"
                yield at(other.rule.mark, codes.TWO_ROLES, message, hint)


def _names_roles(laid: Laid) -> bool:
    return bool(laid.roles) and not laid.roles & {LEAST_SENIOR, CHOSEN}


def _shared(one: Laid, other: Laid) -> Box | None:
    """Give what two rules share, unless one of them only adds to the other in some of its cases.

    Rules that differ in more than one fact are asked for reasons of their own.
    """
    pairs = ((a, b) for a in one.may for b in other.may if _apart(a, b) <= 1)
    shared = next((both for a, b in pairs if all(both := meet(a, b))), None)
    if shared is None:
        return None
    inner, outer = (_within(one, other), _within(other, one))
    return shared if inner == outer else None


def _apart(one: Box, other: Box) -> int:
    """Count the facts in which two boxes differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _within(one: Laid, other: Laid) -> bool:
    try:
        return all(is_covered(box, other.may, Work()) for box in one.may)
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
