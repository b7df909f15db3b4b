"""Which rules bind an event at a moment, and with which dated values."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.feel.nodes import Literal
from pmo_engine.model.event_names import EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.as_of import turning_days
from pmo_engine.policy.rules import RequireAssessment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from pmo_engine.policy import Authority, Limit, Policy, Register, Rule, Table

HEAD = "pmo_head"
"""The role that heads an office whose policy names no other."""
_TRUE = Literal(True)  # noqa: FBT003 - a constant of the language
Holders: TypeAlias = "tuple[tuple[str, tuple[tuple[Authority, Limit], ...]], ...]"
"""Roles, the least senior first, each with its authorities and their limits of a day."""


@dataclass(frozen=True, eq=False)
class Selection:
    """The rules of one event in one epoch: a span of days in which no dated value changes."""

    policy: Policy
    event: EventName
    day: date  # the first day of the epoch
    rules: tuple[Rule, ...]  # in the policy's order

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """Find a rule by its id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Name the rules in the policy's order."""
        return tuple(rule.id for rule in self.rules)

    @cached_property
    def position(self) -> dict[str, int]:
        """Say where in the policy's order a rule stands."""
        return {name: index for index, name in enumerate(self.order)}

    @cached_property
    def strata(self) -> tuple[tuple[Rule, ...], ...]:
        """Group the rules so that each group sees what earlier ones derived."""
        chosen = self.by_id
        groups = (
            tuple(chosen[name] for name in stratum if name in chosen)
            for stratum in self.policy.strata
        )
        return tuple(group for group in groups if group)

    @cached_property
    def underived(self) -> dict[str, bool | None]:
        """Say what each fact that rules may derive is where none does.

        A fact that rules only ever set to true is false; any other is null.
        """
        flags = only_true(self.policy)
        facts = {each.fact for rule in self.policy.rules for each in rule.derivations}
        return {fact: False if fact in flags else None for fact in facts}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Find a decision table by its id, with the rows that are in force."""
        return {name: table.on(self.day) for name, table in self.policy.tables.items()}

    @cached_property
    def register(self) -> Register | None:
        """Give the register whose record the event is about."""
        return self.policy.register_of(self.event.noun)

    @cached_property
    def holders(self) -> Holders:
        """List who may approve the event's record, least senior first, with dated limits."""
        return self.holders_for(f"approve {self.event.noun}")

    def holders_for(self, act: str) -> Holders:
        """List who may do an act, least senior first, with the limits of the epoch."""
        found = self._holders.get(act)
        if found is None:
            found = self._holders[act] = holders_of(self.policy, act, self.day)
        return found

    @cached_property
    def _holders(self) -> dict[str, Holders]:
        return {}


def holders_of(policy: Policy, act: str, day: date) -> Holders:
    """List the roles whose terms let them do ``act`` on ``day``, least senior first.

    An act that is reserved is left to those who reserve it, whatever others' terms say. Roles of
    one standing come by their names, so that the order of files decides nothing.
    """
    found = []
    reserving = {role for role, terms in policy.terms.items() if act in terms.reserved_acts}
    for role, terms in policy.terms.items():
        if reserving and role not in reserving:
            continue
        limits = tuple(
            (authority, limit)
            for authority in terms.authority
            if authority.act == act and (limit := authority.limit_on(day)) is not None
        )
        if limits or reserving:
            found.append((role, limits))
    return tuple(sorted(found, key=lambda item: (-seniority_depth(policy, item[0]), item[0])))


def only_true(policy: Policy) -> frozenset[str]:
    """Name the facts that rules derive and only ever set to true."""
    effects = [each for rule in policy.rules for each in rule.derivations]
    others = {each.fact for each in effects if each.value.node != _TRUE}
    return frozenset(each.fact for each in effects) - others


def seniority_depth(policy: Policy, role: str) -> int:
    """Count the roles above ``role``: the most senior has 0."""
    depth, current = 0, policy.roles.get(role)
    while current is not None and current.senior is not None and depth <= len(policy.roles):
        depth, current = depth + 1, policy.roles.get(current.senior)
    return depth


def superior(policy: Policy, role: str) -> str | None:
    """Say to whom a matter goes that ``role`` may not settle.

    From a functional role it goes to the head of the office whose people perform it.
    """
    terms = policy.terms.get(role)
    upward = (terms.escalates_to or terms.reports_to) if terms else None
    if role in policy.roles:
        return upward or policy.roles[role].senior
    return upward or (head_of(policy) if is_functional(policy, role) else None)


def setter_of(policy: Policy, path: str) -> str | None:
    """Name the role that alone sets the field of a record at a path; None where anybody does."""
    root, _, name = path.partition(".")
    fields = (each.fields.get(name) for each in policy.registers.values() if each.root == root)
    return next((field.set_by for field in fields if field is not None), None)


def is_functional(policy: Policy, role: str) -> bool:
    """Tell whether a role is a functional one: performed, asked by a rule, or setting a field."""
    if role in policy.functional:
        return True
    effects = (effect for rule in policy.rules for effect in rule.then)
    if any(isinstance(effect, RequireAssessment) and effect.role == role for effect in effects):
        return True
    return role not in policy.roles and role in _setters(policy)


def _setters(policy: Policy) -> set[str | None]:
    """Name the roles that alone set some field."""
    return {each.set_by for of in policy.registers.values() for each in of.fields.values()}


def head_of(policy: Policy) -> str | None:
    """Name the role that heads the office: the one that the policy names, or who comes next to it.

    That is ``pmo_head``, or else the most senior role that is accountable and no body, or a body.
    """
    return next(iter(may_be_head(policy)), None)


def may_be_head(policy: Policy) -> tuple[str, ...]:
    """Name the roles of which none comes before another as the head of the office, by their ids."""
    if policy.named_head is not None or HEAD in policy.roles:
        return (policy.named_head or HEAD,)
    ranks = {
        role.id: (role.body, seniority_depth(policy, role.id))
        for role in policy.roles.values()
        if role.accountable
    }
    first = min(ranks.values(), default=None)
    return tuple(sorted(role for role, rank in ranks.items() if rank == first))


class Selector:
    """Choose the rules in force for events of one policy; remembers each epoch's choice."""

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        self.policy = policy
        self._turns = sorted(turning_days(policy))
        self._instants = [_beginning(day, zone) for day in self._turns]
        epochs = len(self._turns) + 1
        self._known: dict[str, list[Selection | None]] = defaultdict(lambda: [None] * epochs)

    def at(self, event: str, moment: datetime) -> Selection:
        """Choose for ``event`` at ``moment`` (UTC)."""
        epoch = bisect_right(self._instants, moment)
        return self._known[event][epoch] or self._choose(event, epoch)

    def select(self, event: str, day: date) -> Selection:
        """Choose for ``event`` on ``day`` (in the office's zone)."""
        epoch = bisect_right(self._turns, day)
        return self._known[event][epoch] or self._choose(event, epoch)

    def _choose(self, event: str, epoch: int) -> Selection:
        first = self._turns[epoch - 1] if epoch else date.min
        name = EventName(event)
        chosen = Selection(self.policy, name, first, _in_force(self.policy, name, first))
        self._known[event][epoch] = chosen
        return chosen


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    """Give the moment (UTC) at which ``day`` begins, kept within what a datetime can hold."""
    inside = min(max(day, date(2, 1, 1)), date(9998, 12, 31))
    return datetime.combine(inside, time(), zone).astimezone(UTC)


def _in_force(policy: Policy, event: EventName, day: date) -> tuple[Rule, ...]:
    names = event.judged_as
    return tuple(
        rule for rule in policy.rules if day in rule.in_force and not names.isdisjoint(rule.on)
    )
