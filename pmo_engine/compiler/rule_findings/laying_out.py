"""The rules that decide about the records of one event, laid out as boxes of its facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.compiler.rule_findings.conditions import Space, space_of
from pmo_engine.compiler.rule_findings.following import Following
from pmo_engine.compiler.table_findings.regions import Box
from pmo_engine.feel.nodes import Conjunction
from pmo_engine.model.event_names import SUBMITTED, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import (
    CHOSEN,
    LEAST_SENIOR,
    NOBODY,
    AutoApprove,
    Block,
    InForce,
    Policy,
    RequireApproval,
    Rule,
)
from pmo_engine.policy.acts import does
from pmo_engine.policy.as_of import turning_days

if TYPE_CHECKING:
    from pmo_engine.feel.nodes import Node

Asking: TypeAlias = "tuple[frozenset[str], str, Node]"  # roles, the act, and when
Held: TypeAlias = "tuple[Rule, Node, Sequence[Asking]]"  # a rule on a day, and when it fires

MOST_DAYS = 12  # on which rules of one event change


@dataclass(frozen=True, slots=True)
class Asked:
    """Roles that a rule asks for one act, and where, if that is known."""

    roles: frozenset[str]
    act: str
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Laid:
    """A rule that decides about records, as boxes: where it may fire, and where it surely does.

    Where a fault of it holds the record, as far as that is known, are boxes as well. ``when`` is
    what its condition comes to.
    """

    rule: Rule
    when: Node
    may: Sequence[Box]
    surely: Sequence[Box]
    faults: Sequence[Box]
    asks: Sequence[Asked]
    decides: bool  # it asks somebody to decide, not only to sign or answer beside; passes or blocks

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
    """An event on a day, with the rules that decide about its records laid out.

    ``own`` is a rule of the policy's own that asks about such records, or lets them pass, some day.
    """

    event: EventName
    day: date
    space: Space
    rules: Sequence[Laid]
    own: Rule | None


@lru_cache(maxsize=1)
def judged(policy: Policy) -> tuple[Judged, ...]:
    """Lay out the rules of each event whose records somebody approves, on each day they change."""
    deciding = [rule for rule in policy.rules if rule.binding != "trial" and _decides(rule)]
    events = dict.fromkeys(event for rule in deciding for event in rule.on)
    return tuple(
        found
        for event in events
        if policy.register_of(event.noun) is not None and _is_decided(event)
        for found in _on_days(policy, event, _judging(event, deciding))
    )


def _judging(event: EventName, rules: Sequence[Rule]) -> Sequence[Rule]:
    names = event.judged_as
    return [rule for rule in rules if not names.isdisjoint(rule.on)]


def _is_decided(event: EventName) -> bool:
    return SUBMITTED in {name.what for name in event.judged_as}


def _decides(rule: Rule) -> bool:
    return any(isinstance(each, RequireApproval | AutoApprove | Block) for each in rule.then)


def _settles(rule: Rule) -> bool:
    return any(isinstance(each, RequireApproval | AutoApprove) for each in rule.then)


def _on_days(policy: Policy, event: EventName, rules: Sequence[Rule]) -> Iterator[Judged]:
    """Lay rules out on each day on which what they come to changes."""
    own = next((rule for rule in rules if rule.pack is None and _settles(rule)), None)
    turns = list(_turns(policy, event, rules))
    ends = [day for day, *_ in turns[1:]]
    for (day, following, held), end in zip(turns, [*ends, None], strict=True):
        space = _space(following, held, InForce(day, end))
        yield Judged(event, day, space, [_laid(policy, space, *each) for each in held], own)


def _turns(
    policy: Policy, event: EventName, rules: Sequence[Rule]
) -> Iterator[tuple[date, Following, Sequence[Held]]]:
    """Give what rules come to on each day on which that changes, of the first such days."""
    first = policy.in_force_from or date.min
    before: Sequence[Held] | None = None
    laid_out = 0
    for day in [first, *sorted(day for day in turning_days(policy) if day > first)]:
        following = Following(policy, event, day)
        held = [_held(following, rule) for rule in rules if day in rule.in_force]
        if held != before and laid_out < MOST_DAYS:
            laid_out += 1
            yield day, following, held
        before = held


def _held(following: Following, rule: Rule) -> Held:
    node = following.condition(rule)
    return rule, node, list(_asked(following, rule, node))


def _space(following: Following, held: Sequence[Held], days: InForce) -> Space:
    nodes = [node for _, when, asks in held for node in (when, *(each for *_, each in asks))]
    return space_of(following.policy, nodes, days)


def _laid(policy: Policy, space: Space, rule: Rule, node: Node, asks: Sequence[Asking]) -> Laid:
    may, surely = where = _where(space, node)
    told = []
    for roles, act, each in asks:
        at_most, at_least = where if each is node else _where(space, each)
        if at_most == at_least:  # where it is known
            told.append(Asked(roles, act, at_most))
    plain = rule.when is None or node is rule.when.node
    faults = [] if plain else space.boxes(space.faults(node))
    return Laid(rule, node, may, surely, faults, told, _is_decisive(policy, rule))


def _is_decisive(policy: Policy, rule: Rule) -> bool:
    """Tell whether a rule decides, or has somebody decide: a signature beside settles nothing."""
    return any(
        isinstance(each, AutoApprove | Block)
        or (isinstance(each, RequireApproval) and does(policy.acts, each.act or "") == "decides")
        for each in rule.then
    )


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
        roles = frozenset(role for each in asks for role in _roles(each))
        if not roles & {LEAST_SENIOR, CHOSEN}:
            yield roles, act, when
        elif roles == {CHOSEN} and len(asks) == 1 and len(asks[0].choices) == 1:
            for role, node in following.choices(asks[0].choices[0]):
                asked = frozenset({role} - {NOBODY})
                yield asked, act, Conjunction((when, node))


def _roles(effect: RequireApproval) -> Iterator[str]:
    """Name those whom an approval asks, each with the number of them who sign."""
    return (
        each.role if each.count is None else f"{each.count} of {each.role}" for each in effect.of
    )
