"""Checks of what becomes of an approval when its time is up: that there is a time."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.acts import acts_of
from pmo_engine.compiler.checks.check import check
from pmo_engine.model.durations import HOURS
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.selection import holders_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.model.durations import Span
    from pmo_engine.policy import Gate, Policy, Rule
    from pmo_engine.source.diagnostics import Mark


@check(codes.NO_TIME_TO_BE_UP)
def there_is_a_time_to_be_up(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of approvals that say what happens when their time is up, and have none."""
    for gate in policy.gates.values():
        yield from _without_time(gate, gate.mark)
    for rule in policy.rules:
        for effect in rule.then:
            if isinstance(effect, RequireApproval):
                yield from _without_time(effect, rule.mark)


@check(codes.TWO_TIMES)
def a_vote_has_one_time(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of an approval whose time is up while a body that is asked for it still votes."""
    for gate in policy.gates.values():
        yield from _cut_short(policy, gate, [gate.decided_by], gate.mark)
    for rule in policy.rules:
        for effect in rule.then:
            if isinstance(effect, RequireApproval):
                yield from _cut_short(policy, effect, _asked(policy, rule, effect), rule.mark)


def _asked(policy: Policy, rule: Rule, effect: RequireApproval) -> dict[str, None]:
    """Name the roles that it asks, or may come to ask as the least senior who may."""
    acts = acts_of(effect, rule) if effect.seeks else ()
    sought = (role for act in acts for role, _ in holders_of(policy, act, date.max))
    return dict.fromkeys((*(each.role for each in effect.of), *sought))


def _cut_short(
    policy: Policy, asked: Gate | RequireApproval, roles: Iterable[str], mark: Mark
) -> Iterator[Diagnostic]:
    if asked.when_time_is_up is None or asked.within is None:
        return
    for role in roles:
        terms = policy.terms.get(role)
        voting = None if terms is None else terms.voting
        vote = voting and (voting.silence or voting.written)
        if vote and _hours(asked.within) < _hours(vote.within):
            message = (
                f"its time is up after {asked.within}, while {role} may vote for {vote.within}"
                " by its terms: what follows then comes before the vote is over"
            )
            yield at(mark, codes.TWO_TIMES, message, f"write 'within: {vote.within}', or more")


def _hours(span: Span) -> Fraction:
    return Fraction(span.amount) * HOURS[span.unit]


def _without_time(asked: Gate | RequireApproval, mark: Mark) -> Iterator[Diagnostic]:
    if asked.when_time_is_up is not None and asked.within is None:
        message = f"it '{asked.when_time_is_up.means}' when its time is up, and no time is given"
        hint = "add 'within:', as in 'within: 5 working days'"
        yield at(mark, codes.NO_TIME_TO_BE_UP, message, hint)
