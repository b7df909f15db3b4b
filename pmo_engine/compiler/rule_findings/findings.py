"""What is wrong between the rules of one event, each time with an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.compiler.checks.expressions import compared_with_none
from pmo_engine.compiler.rule_findings.conditions import space_of
from pmo_engine.compiler.rule_findings.examples import Facts, example, example_in_words
from pmo_engine.compiler.rule_findings.following import Following
from pmo_engine.compiler.rule_findings.laying_out import Judged, Laid, judged
from pmo_engine.compiler.rule_findings.words import record_in_words
from pmo_engine.compiler.table_findings.regions import (
    Box,
    TooMuch,
    Work,
    is_covered,
    meet,
    uncovered,
)
from pmo_engine.policy import Policy
from pmo_engine.policy.as_of import turning_days
from pmo_engine.prose.names import called
from pmo_engine.prose.values import joined, value_in_words
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from pmo_engine.compiler.rule_findings.conditions import Space
    from pmo_engine.policy import Rule
    from pmo_engine.source.diagnostics import Mark

Found: TypeAlias = "tuple[Judged, Diagnostic]"

MOST = 3  # regions of one event that are told
MOST_PAIRS = 50_000
MOST_DAYS = 12


def nothing_asks(policy: Policy) -> Iterator[Found]:
    """Warn of records that no rule asks anybody about, lets pass or blocks.

    Packs add to what a policy asks: only where it has a rule of its own has it to ask about all.
    """
    for each, known in _with_gaps(policy):
        for box, facts in known:
            what = _record(policy, each, box)
            message = f"nothing asks about {what}, and nothing lets it pass"
            if any(laid.asks_somebody and not laid.decides for laid in each.rules):
                message = f"nobody is asked to decide about {what}, and nothing lets it pass"
            such = example_in_words(facts, policy)
            hint = f"{such}let a rule ask somebody, or let it pass with 'auto_approve'"
            yield each, at(_place(each), codes.NOTHING_ASKS, message, hint)


def not_followed(policy: Policy) -> Iterator[Found]:
    """Tell of events of which it is not known whether something asks about all their records."""
    for each, known in _with_gaps(policy):
        if not known and (why := _not_known(policy, each)):
            noun = called(each.event.noun, policy)
            message = f"it cannot be told whether something asks about every {noun}: {why}"
            hint = "a suite can show it, and a rule for all others makes it so"
            yield each, at(_place(each), codes.NOT_FOLLOWED, message, hint)


def _not_known(policy: Policy, each: Judged) -> str:
    """Say what keeps the check from knowing whether there is a gap; nothing where there is none."""
    try:
        rules = _deciding(each)
        if found := _uncovered(each, [(*laid.may, *laid.faults) for laid in rules]):
            return f"whether there is {_record(policy, each, found[0])} is not known"
        vague = [laid for laid in rules if not each.space.follows(laid.when)]
        if vague and _uncovered(each, [_told(laid, each.space, vague) for laid in rules]):
            look = "looks" if len(vague) == 1 else "look"
            return f"what {_rules(vague)} {look} at is not followed"
    except TooMuch:
        return "its rules have too many cases"
    return ""


def _deciding(each: Judged) -> Sequence[Laid]:
    """Leave out rules that have nobody decide: who signs beside others settles nothing."""
    return [laid for laid in each.rules if laid.decides]


def _told(laid: Laid, space: Space, vague: Sequence[Laid]) -> Sequence[Box]:
    return space.boxes(space.told(laid.when)) if laid in vague else (*laid.may, *laid.faults)


def _uncovered(each: Judged, boxes: Iterable[Sequence[Box]]) -> list[Box]:
    return uncovered(each.space.domain, [box for some in boxes for box in some])


@lru_cache(maxsize=1)
def _with_gaps(policy: Policy) -> Sequence[tuple[Judged, Sequence[tuple[Box, Facts]]]]:
    """Find the first gaps of each event whose records rules of the policy's own decide about.

    Where a rule compares with a limit that is none, that is told, and nothing else follows of it.
    """
    asked = (each for each in judged(policy) if each.own is not None)
    return [
        (each, list(islice(gaps(each), MOST)))
        for each in asked
        if not any(any(compared_with_none(policy, laid.rule)) for laid in _deciding(each))
    ]


def gaps(each: Judged) -> Iterator[tuple[Box, Facts]]:
    """Give what no rule decides about, each with facts of one case of it."""
    try:
        found = _uncovered(each, [(*laid.may, *laid.faults) for laid in _deciding(each)])
    except TooMuch:
        return
    for box in found:
        facts = example(box, each.space)
        if facts is not None:
            yield box, facts


def _place(each: Judged) -> Mark:
    """Give the place of a rule of the policy's own that asks that day, or else another day."""
    assert each.own is not None
    held = (laid.rule for laid in each.rules if laid.asks_somebody or laid.passes)
    return next((rule for rule in held if rule.pack is None), each.own).mark


def always_blocked(policy: Policy) -> Iterator[Found]:
    """Warn of approvals, and of what passes, in cases that other rules block every time."""
    for each in judged(policy):
        work = Work()
        blocking = [laid for laid in each.rules if laid.blocks]
        for other in each.rules if blocking else ():
            if not other.blocks and (why := _covering(other, blocking, work)):
                does = "asks for an approval of" if other.asks_somebody else "lets pass"
                block = "blocks" if len(why) == 1 else "block"
                message = f"rule '{other.rule.id}' {does} what {_rules(why)} {block} each time"
                hint = f"for example {_record(policy, each, other.may[0])}"
                yield each, at(other.rule.mark, codes.ALWAYS_BLOCKED, message, hint)


def always_asked(policy: Policy) -> Iterator[Found]:
    """Warn of what passes by itself where others ask every time, or one does in a part of it.

    Where a rule asks about nothing but a part of what passes, that is an exception.
    """
    for each in judged(policy):
        work = Work()
        asking = [
            laid for laid in each.rules if laid.asks_somebody and laid.rule.binding == "shall"
        ]
        for other in each.rules if asking else ():
            passes = other.passes and not other.asks_somebody and not other.blocks
            if passes and (why := _covering(other, asking, work)):
                ask = "asks" if len(why) == 1 else "ask"
                message = (
                    f"rule '{other.rule.id}' lets pass what {_rules(why)} {ask} about each time"
                )
                hint = f"it waits all the same, as {_record(policy, each, other.may[0])} does"
                yield each, at(other.rule.mark, codes.PASSES_AND_ASKED, message, hint)
            elif passes:
                yield from _asked_in_part(policy, each, other, asking)


def _asked_in_part(
    policy: Policy, each: Judged, passing: Laid, asking: Sequence[Laid]
) -> Iterator[Found]:
    for laid in asking:
        if shared := _shared(passing.may, laid.surely, each.space):
            what = _record(policy, each, shared)
            message = f"rule '{passing.rule.id}' lets pass {what}, and rule '{laid.rule.id}' asks"
            hint = "it waits all the same: let the two exclude each other"
            yield each, at(passing.rule.mark, codes.PASSES_AND_ASKED, message, hint)


def _covering(other: Laid, others: Sequence[Laid], work: Work) -> Sequence[Laid]:
    """Give the one rule that surely fires wherever another may, or those that do together."""
    near = [one for one in others if any(all(meet(a, b)) for a in one.surely for b in other.may)]
    for group in (*([one] for one in near), near):
        if other.may and _all_in(other.may, [box for each in group for box in each.surely], work):
            return group
    return ()


def _all_in(inner: Sequence[Box], outer: Sequence[Box], work: Work) -> bool:
    try:
        return all(is_covered(box, outer, work) for box in inner)
    except TooMuch:
        return False


def _rules(laid: Sequence[Laid]) -> str:
    ids = [f"'{each.rule.id}'" for each in laid]
    return f"rule {ids[0]}" if len(ids) == 1 else f"rules {joined(ids)}"


def never_fires(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rules whose condition never holds, as what they look at is derived or answered."""
    if not policy.tables and not any(each for rule in policy.rules for each in rule.derivations):
        return
    known: dict[tuple[str, date], Following] = {}
    alive: set[str] = set()
    for rule in policy.rules:
        if rule.id not in alive and not _is_dead(policy, rule, known):
            alive.add(rule.id)
    for rule in policy.rules:
        if rule.id not in alive:
            alive.add(rule.id)
            hint = "look at what the facts that it looks at can come to"
            yield at(rule.mark, codes.NEVER, f"rule '{rule.id}' never fires", hint)


def _is_dead(policy: Policy, rule: Rule, known: dict[tuple[str, date], Following]) -> bool:
    """Tell whether a rule can neither fire nor fault on any of its events and days."""
    first = max(policy.in_force_from or date.min, rule.in_force.start or date.min)
    later = sorted(day for day in turning_days(policy) if day > first)
    days = [day for day in [first, *later] if day in rule.in_force][:MOST_DAYS]
    return bool(days) and all(
        _never(policy, rule, known.setdefault((event, day), Following(policy, event, day)))
        for event in rule.on
        for day in days
    )


def _never(policy: Policy, rule: Rule, following: Following) -> bool:
    node = following.condition(rule)
    if rule.when is None or node is rule.when.node:
        return False  # what it says by itself is told of the expression
    space = space_of(policy, [node])
    return not space.boxes(space.may(node)) and not space.boxes(space.faults(node))


def two_roles(policy: Policy) -> Iterator[Found]:
    """Warn of rules that ask different roles about the same records, neither an addition."""
    for each in judged(policy):
        asking = [(laid.rule, asked) for laid in each.rules for asked in laid.asks]
        for (rule, one), (later, other) in islice(combinations(asking, 2), MOST_PAIRS):
            if rule is later or one.roles == other.roles or one.act != other.act:
                continue
            if shared := _shared(one.boxes, other.boxes, each.space):
                pair = " and ".join(sorted(one.roles ^ other.roles))
                what = _record(policy, each, shared)
                message = f"rules '{rule.id}' and '{later.id}' ask {pair} about {what}"
                hint = "let them exclude each other, or ask both in one rule"
                yield each, at(later.mark, codes.TWO_ROLES, message, hint)


def _shared(one: Sequence[Box], other: Sequence[Box], space: Space) -> Box | None:
    """Give what two rules share, unless one of them only adds to the other in some of its cases.

    Rules that differ in more than one fact are asked for reasons of their own.
    """
    pairs = ((a, b) for a in one for b in other if _apart(a, b) <= 1)
    met = (both for a, b in pairs if all(both := meet(a, b)))
    shared = next((both for both in met if example(both, space) is not None), None)
    if shared is None:
        return None
    inner, outer = (_within(one, other), _within(other, one))
    return shared if inner == outer else None


def _apart(one: Box, other: Box) -> int:
    """Count the facts in which two boxes differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _within(one: Sequence[Box], other: Sequence[Box]) -> bool:
    try:
        return all(is_covered(box, other, Work()) for box in one)
    except TooMuch:
        return False


def _record(policy: Policy, each: Judged, box: Box) -> str:
    """Say which records a box is of: "a change request with cost up to 0 GBP"."""
    return record_in_words(each.event.noun, box, each.space, policy)


def told_once(policy: Policy, found: Iterable[Found]) -> Iterator[Diagnostic]:
    """Leave out what was told of another day already; of a later day it says which."""
    told = set()
    for each, diagnostic in found:
        if diagnostic not in told:
            told.add(diagnostic)
            first = each.day == (policy.in_force_from or date.min)
            day = "" if first else f", on {value_in_words(each.day)}"
            yield replace(diagnostic, message=diagnostic.message + day)
