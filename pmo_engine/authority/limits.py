"""Whether the terms of a role cover a record, and whose are the least senior that do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.authority.bounds import amount, applies, every, shares, some, within
from pmo_engine.authority.sums import spent
from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel.values import Missing
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money, grouped
from pmo_engine.policy.selection import Holders, Selection, superior
from pmo_engine.policy.terms import STANDING, SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_engine.policy import Authority, Limit, Register


def measured(selection: Selection, act: str, facts: Mapping[str, Any]) -> Register | None:
    """Give the register by whose record an act is measured.

    That is the one that the act names, or where the event has none of its records, the event's.
    """
    named = selection.policy.register_of(act.partition(" ")[2])
    if named is None or (selection.register is not None and named.root not in facts):
        return selection.register or named
    return named


def looked_at(selection: Selection, *, in_sum: bool = True) -> frozenset[FactPath]:
    """Name the facts of the record in hand that some limit looks at, and how the office stands.

    Those that add up are left out unless they are asked for ``in_sum``.
    """
    return frozenset(
        FactPath(path)
        for terms in selection.policy.terms.values()
        for item in terms.authority
        if in_sum or item.cumulative is None
        for path in _looked_at(selection, item)
    )


def _looked_at(selection: Selection, item: Authority) -> Iterator[str]:
    register = selection.policy.register_of(item.act.partition(" ")[2]) or selection.register
    fields = [each.field for each in item.of]
    if item.cumulative is not None:
        fields += [item.cumulative.field] if item.cumulative.field is not None else []
        if item.cumulative.across == "office":
            yield f"{STANDING}.{SUMS}"
    if register is not None:
        yield from (f"{register.root}.{name}" for name in fields)
    for limit in item.limits:
        yield from (each.of for each in shares(limit.value))
    away = {"absent": item.in_absence_of, "vacant": item.while_vacant, "requester": item.requesters}
    yield from (f"{STANDING}.{what}" for what, asked in away.items() if asked)


Said: TypeAlias = "tuple[bool | Missing, bool | Missing]"
"""Whether a limit is there for a record, and whether it covers it."""


@dataclass(frozen=True, slots=True)
class Approver:
    """Who must approve, by which authority, with which limit in words."""

    role: str
    clause: str


def least_senior(
    selection: Selection, facts: Mapping[str, Any], act: str = ""
) -> Approver | Missing:
    """Find the least senior role whose terms let it do ``act`` to the event's record.

    Without an act, to approve it. Where nobody's terms cover it, it goes up from the most senior of
    those who may do it at all, by the terms of reference.
    """
    register = measured(selection, act, facts) if act else selection.register
    value = value_of(register, facts)
    if isinstance(value, Missing):
        return value
    holders = selection.holders_for(act) if act else selection.holders
    return least_of(selection, holders, register, value, facts)


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether a role's terms let it do an act to a record, by which clause, and why in words.

    ``yes`` is ``Missing`` where it cannot be told; ``clause`` cites what decides it.
    """

    yes: bool | Missing
    clause: str
    why: str


def covers(selection: Selection, facts: Mapping[str, Any], role: str, act: str) -> Covered:
    """Tell whether ``role`` may do ``act`` (``approve change_request``) to the record of ``facts``.

    Asked when somebody is asked, and again at the vote with the facts of that moment.
    """
    held, named = dict(selection.holders_for(act)), role_in_words(role, selection.policy)
    if role not in held:
        return Covered(yes=False, clause="", why=f"the terms do not let {named} {act}")
    register, limits = measured(selection, act, facts), held[role]
    if not limits:
        reserved = f"reserved to {named}"
        return Covered(yes=True, clause=reserved, why=f"{act} is {reserved}")
    value = value_of(register, facts)
    if isinstance(value, Missing):
        return _unknown(value, "")
    looked = [_considered(selection, register, role, each, value, facts) for each in limits]
    yes = _together([(each.there, each.covers) for each in looked])
    if isinstance(yes, Missing):
        return _unknown(yes, clause_of(*limits[0]))
    if yes:
        first = next(each for each in looked if each.there is True)
        return Covered(yes, first.clause, f"{first.clause} lets {named} {act}")
    beyond = [each for each in looked if each.there is True and each.covers is False]
    why = "; ".join(map(beyond_in_words, beyond)) or f"the terms do not let {named} {act} of this"
    return Covered(yes, beyond[0].clause if beyond else clause_of(*limits[0]), why)


def _unknown(missing: Missing, clause: str) -> Covered:
    return Covered(missing, clause, f"{', '.join(missing.paths)} is not known")


def beyond_in_words(item: Considered) -> str:
    """Say by how much a limit is passed, and what of it is taken up."""
    if item.bound is None or item.total is None or item.value is None:
        return f"{item.clause} is passed"
    cumulative = item.authority.cumulative
    limit = f"{item.clause} goes up to {grouped(item.bound)}"
    if cumulative is None:
        return f"{limit}, and this is {grouped(item.value)}"
    used = grouped(item.total - item.value)
    return (
        f"{limit} in {cumulative.over}: {used} of it are taken, and this is {grouped(item.value)}"
    )


def least_of(
    selection: Selection,
    holders: Holders,
    register: Register | None,
    value: Money | None,
    facts: Mapping[str, Any],
) -> Approver | Missing:
    """Find the first of some holders whose limits cover a value; where none do, it goes up."""
    policy = selection.policy
    for role, limits in holders:
        covered, clause = _covered(selection, register, limits, value, facts)
        if isinstance(covered, Missing):
            return covered
        if covered:
            return Approver(role, clause or f"reserved to {role_in_words(role, policy)}")
    last = holders[-1][0] if holders else ""
    upward = superior(policy, last) or last
    return Approver(upward, f"beyond the authority of {role_in_words(last, policy)}")


def _covered(
    selection: Selection,
    register: Register | None,
    limits: tuple[tuple[Authority, Limit], ...],
    value: Money | None,
    facts: Mapping[str, Any],
) -> tuple[bool | Missing, str]:
    """Tell whether a role's limits cover a record, and by which clause.

    Every limit that is there has to; one that certainly does not decides, whatever is missing.
    """
    clause, said = "", []
    for item, limit in limits:
        bound = limit.value
        if item.of or item.requesters or item.in_absence_of or item.while_vacant:
            there, held = _said(selection, register, item, limit, value, facts)
        elif bound is None or value is None:
            there = held = True
        elif item.cumulative is None and isinstance(bound, Money):
            there, held = True, value <= bound
        else:
            there, held = True, _within(selection, register, item, limit, value, facts)
        if there is True:
            if held is False:
                return False, ""
            clause = clause or clause_of(item, limit)
        if there is not True or held is not True:
            said.append((there, held))
    if not said:
        return True, clause
    return _together([*said, (True, True)] if clause else said), clause


def _said(
    selection: Selection,
    register: Register | None,
    item: Authority,
    limit: Limit,
    value: Money | None,
    facts: Mapping[str, Any],
) -> Said:
    """Tell whether a limit is there for a record, and whether it covers it."""
    there = applies(selection.policy, item, register, facts)
    if there is False or value is None:
        return there, True
    return there, _within(selection, register, item, limit, value, facts)


def _together(said: Sequence[Said]) -> bool | Missing:
    """Join what the limits of a role say: one has to be there, and all that are have to cover."""
    if all(there is held is True for there, held in said):
        return True
    there = some(there for there, _ in said)
    gone = ((there if isinstance(there, Missing) else not there, held) for there, held in said)
    return every((there, *map(some, gone)))


def _within(
    selection: Selection,
    register: Register | None,
    item: Authority,
    limit: Limit,
    value: Money,
    facts: Mapping[str, Any],
) -> bool | Missing:
    if limit.value is None:
        return True
    total = _total(selection, register, item, value, facts)
    return total if isinstance(total, Missing) else within(total, limit.value, facts)


def _total(
    selection: Selection,
    register: Register | None,
    item: Authority,
    value: Money,
    facts: Mapping[str, Any],
) -> Money | Missing:
    """Give what a limit is held against: the value, with what was approved before if it adds up."""
    if item.cumulative is None:
        return value
    used = spent(selection.policy, register, item, facts)
    return used if isinstance(used, Missing) else value + used


def clause_of(item: Authority, limit: Limit) -> str:
    """Cite an authority with the source of its value."""
    return f"{item.id} ({limit.source})" if limit.source else item.id


def value_of(register: Register | None, facts: Mapping[str, Any]) -> Money | Missing | None:
    """Give what the record in hand amounts to; None where its register is not measured."""
    if register is None or register.value is None:
        return None
    record = facts.get(register.root)
    if record is None:
        return Missing((register.root,))
    value: Money | None = record.get(register.value)
    return Missing((f"{register.root}.{register.value}",)) if value is None else value


@dataclass(frozen=True, slots=True)
class Considered:
    """A limit that was looked at for a record: ``total`` is what is held against ``bound``.

    Both are ``None`` for a record without a value, or where the limit is none. ``there``: whether
    the authority is there for the record, ``covers``: whether it covers it.
    """

    role: str
    authority: Authority
    limit: Limit
    value: Money | None
    total: Money | None
    bound: Money | None
    there: bool | Missing
    covers: bool | Missing

    @property
    def clause(self) -> str:
        """Cite it."""
        return clause_of(self.authority, self.limit)


def considered(
    selection: Selection, facts: Mapping[str, Any], act: str = ""
) -> Iterator[Considered]:
    """Give the limits that are looked at, up to and with those of the role that covers the record.

    Nothing where the value, or what was approved before, is not known.
    """
    act = act or f"approve {selection.event.noun}"
    register = measured(selection, act, facts)
    value = value_of(register, facts)
    if isinstance(value, Missing):
        return
    for role, limits in selection.holders_for(act):
        each = [_considered(selection, register, role, item, value, facts) for item in limits]
        covered = _together([(item.there, item.covers) for item in each]) if each else True
        if isinstance(covered, Missing):
            return
        yield from (item for item in each if item.there is True)
        if covered:
            return


def _considered(
    selection: Selection,
    register: Register | None,
    role: str,
    held: tuple[Authority, Limit],
    value: Money | None,
    facts: Mapping[str, Any],
) -> Considered:
    item, limit = held
    there, covers_it = _said(selection, register, item, limit, value, facts)
    counts = limit.value is not None and value is not None
    total = (
        _total(selection, register, item, value, facts) if counts and value is not None else None
    )
    bound = amount(limit.value, facts)
    return Considered(
        role,
        item,
        limit,
        value,
        None if isinstance(total, Missing) else total,
        None if isinstance(bound, Missing) else bound,
        there,
        covers_it,
    )


def limits_of(selection: Selection, role: str, act: str) -> tuple[tuple[Authority, Limit], ...]:
    """Give the limits of a role for an act, in the epoch."""
    return dict(selection.holders_for(act)).get(role, ())
