"""Checks of authority: who may do what, up to how much."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.authority.bounds import shares
from pmo_engine.authority.seniority import exceeding, is_reserved, open_ended, overruled
from pmo_engine.authority.titles import role_in_words
from pmo_engine.compiler.checks.acts import acts_of, approved_acts
from pmo_engine.compiler.checks.check import check
from pmo_engine.model.money import Money
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import noun_of, verb_of
from pmo_engine.policy.selection import holders_of
from pmo_engine.prose.names import act_in_words, called, with_article
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Authority, Policy, Register, Rule
    from pmo_engine.policy.terms import Limit
    from pmo_engine.source.diagnostics import Mark


@check(codes.NOBODY_WITH_AUTHORITY)
def authority_exists(policy: Policy) -> Iterator[Diagnostic]:
    """Find rules that ask the least senior role with authority where nobody has any."""
    for rule in policy.rules:
        for effect in rule.then:
            if isinstance(effect, RequireApproval) and effect.seeks:
                for act in dict.fromkeys(acts_of(effect, rule)):
                    yield from _authority_for(policy, rule.mark, act)


def _authority_for(policy: Policy, mark: Mark, act: str) -> Iterator[Diagnostic]:
    if not holders_of(policy, act, date.max):
        message = f"no terms of reference give authority to '{act}'"
        yield at(
            mark, codes.NOBODY_WITH_AUTHORITY, message, "add 'authority' to the terms of a role"
        )


@check(codes.JUNIOR_MAY_MORE)
def seniors_may_more(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a limit that is above that of somebody senior for the same act."""
    for junior, senior, day in exceeding(policy):
        since = f" from {day}" if day is not None else ""
        one, other = (role_in_words(each.role, policy) for each in (junior, senior))
        message = f"'{junior.id}' lets {one} do more than '{senior.id}' lets {other}"
        hint = f"{other} is senior: raise its limit, or lower this one"
        yield at(junior.mark, codes.JUNIOR_MAY_MORE, message + since, hint)


@check(codes.NEVER_REACHED)
def limits_are_reached(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a limit for each case beside one that is always there and never goes further."""
    for terms in policy.terms.values():
        for item in terms.authority:
            lower = next((each for each in terms.authority if _keeps_below(each, item)), None)
            if lower is not None:
                whom = role_in_words(item.role, policy)
                message = f"'{item.id}' lets {whom} do nothing more: '{lower.id}' is always there"
                message += ", goes less far, and each limit that is there has to cover a case"
                hint = f"give '{lower.id}' a condition that leaves those cases out, or drop this"
                yield at(item.mark, codes.NEVER_REACHED, message, hint)


def _keeps_below(one: Authority, other: Authority) -> bool:
    """Tell whether a limit for each case, there for all, is below another on every day of that."""
    if one is other or one.act != other.act or one.is_conditional:
        return False
    if one.cumulative is not None or other.cumulative is not None:
        return False
    starts = {each.start or date.min for each in (*one.limits, *other.limits)}
    found = [(one.limit_on(day), other.limit_on(day)) for day in sorted(starts)]
    return all(each is None or _is_below(lower, each) for lower, each in found)


def _is_below(lower: Limit | None, limit: Limit) -> bool:
    if lower is None or not isinstance(lower.value, Money):
        return False
    return limit.value is None or (isinstance(limit.value, Money) and lower.value < limit.value)


@check(codes.NOBODY_ABOVE)
def authority_goes_on(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of acts whose highest authority ends somewhere, with nobody above it."""
    for item in open_ended(policy):
        act, role = act_in_words(item.act, policy), role_in_words(item.role, policy)
        message = f"nobody may {act} beyond what '{item.id}' lets {role}"
        asking = next((r.id for r in policy.rules if _asks_least_senior(r, item.act)), None)
        asked = f", and rule '{asking}' asks for it" if asking else ""
        hint = f"give a role authority 'up_to: unlimited', or {item.role} an 'escalates_to'"
        if is_reserved(policy, item.act):
            hint = "it is reserved: write 'up_to: unlimited', or let who is above reserve it, too"
        yield at(item.mark, codes.NOBODY_ABOVE, message + asked, hint)


def _asks_least_senior(rule: Rule, act: str) -> bool:
    seeking = (each for each in rule.then if isinstance(each, RequireApproval) and each.seeks)
    return any(act in acts_of(each, rule) for each in seeking)


@check(codes.RESERVED_TO_ANOTHER)
def reserved_acts_are_left_alone(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of authority that counts for nothing, as the act is reserved to another."""
    for item, role in overruled(policy):
        message = f"'{item.act}' is reserved to {role}, so that '{item.id}' counts for nothing"
        hint = f"take it from the terms of {item.role}, or from what {role} reserves"
        yield at(item.mark, codes.RESERVED_TO_ANOTHER, message, hint)


@check(codes.LIMIT_UNMEASURED)
def limits_are_measured(policy: Policy) -> Iterator[Diagnostic]:
    """Find limits on acts of the office on records of which nobody says what they amount to."""
    for terms in policy.terms.values():
        for item in terms.authority:
            limited = any(limit.value is not None for limit in item.limits)
            for register in _measuring(policy, item.act) if limited else ():
                if register.value is not None:
                    continue
                what = with_article(called(register.noun, policy))
                message = f"nothing says what {what} amounts to, so that '{item.id}' limits nothing"
                hint = (
                    f"add 'value:' to register '{register.id}', with its field of money that counts"
                )
                yield at(item.mark, codes.LIMIT_UNMEASURED, message, hint)
            yield from _of_itself(policy, item)


def _of_itself(policy: Policy, item: Authority) -> Iterator[Diagnostic]:
    """Find a limit that is a share of the very amount that is held against it."""
    held = {f"{each.root}.{each.value}" for each in _measuring(policy, item.act) if each.value}
    named = {str(each.of) for limit in item.limits for each in shares(limit.value)}
    for path in sorted(held & named):
        message = f"'{item.id}' holds {path} against a share of itself, which limits nothing"
        hint = "take the share of another amount, or write 'up_to: unlimited'"
        yield at(item.mark, codes.LIMIT_UNMEASURED, message, hint)


def _measuring(policy: Policy, act: str) -> list[Register]:
    """Give the registers by whose records limits on an act are measured.

    That is the one that the act names, or those on whose events rules ask for it.
    """
    if verb_of(act) not in policy.acts:
        return []
    if (named := policy.register_of(noun_of(act))) is not None:
        return [named]
    rules = [rule for rule in policy.rules if act in approved_acts(rule)]
    nouns = dict.fromkeys(event.partition(".")[0] for rule in rules for event in rule.on)
    return [found for noun in nouns if (found := policy.register_of(noun)) is not None]
