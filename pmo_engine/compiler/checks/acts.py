"""Checks of acts: verbs that nothing knows, authority that nobody asks for, acts nobody holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.feel.functions import ADDING_UP, LEAST_SENIOR
from pmo_engine.feel.mentions import acts_named
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import ADOPT_POLICY, APPROVE, READ, VERBS, noun_of, verb_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Authority, Policy, Rule

_ASKING = {*ADDING_UP, LEAST_SENIOR, "authority"}


@check(codes.UNKNOWN_VERB)
def verbs_are_known(policy: Policy) -> Iterator[Diagnostic]:
    """Find acts whose verb nobody knows: nothing ever asks whether they may be done."""
    known = [ADOPT_POLICY, *(f"{APPROVE} {each.noun}" for each in policy.registers.values())]
    verbs = [*VERBS, *policy.acts]
    for item in _authorities(policy):
        wrong = verb_of(item.act) not in verbs
        if wrong or (verb_of(item.act) == "adopt" and item.act != ADOPT_POLICY):
            message = f"nobody can be asked to '{item.act}'"
            plain = f"acts are {', '.join(policy.acts)}; declare others with 'kind: acts'"
            hint = _meant(item.act, known, verbs) or plain
            yield at(item.mark, codes.UNKNOWN_VERB, message, hint)


@check(codes.UNKNOWN)
def what_is_read_is_a_register(policy: Policy) -> Iterator[Diagnostic]:
    """Find acts of reading something that is no register: what was to be kept would be open."""
    names = [name for r in policy.registers.values() for name in (r.id, r.noun, r.plural)]
    for item in _authorities(policy):
        noun = noun_of(item.act)
        if verb_of(item.act) == READ and noun not in names:
            hint = nearest(noun, names) or f"registers: {', '.join(sorted(policy.registers))}"
            yield at(item.mark, codes.UNKNOWN, f"unknown register '{noun[:60]}' to read", hint)


def _meant(act: str, known: list[str], verbs: list[str]) -> str:
    """Suggest the act that was meant: the whole of it, or a verb with the same noun."""
    if whole := nearest(act, known):
        return whole
    verb = nearest(verb_of(act), verbs)
    return verb.replace("'?", f" {noun_of(act)}'?") if verb else ""


@check(codes.AUTHORITY_UNASKED)
def authority_is_asked_for(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of authority for acts that no rule asks for, where rules ask for approvals at all."""
    asked = asked_acts(policy)
    for item in _authorities(policy) if asked else ():
        engine = verb_of(item.act) in VERBS and verb_of(item.act) != APPROVE
        if item.act not in asked and not engine:
            message = f"no rule asks anybody to {item.act}, so that '{item.id}' counts for nothing"
            hint = f"let a rule ask for it, or leave it out; asked for: {', '.join(sorted(asked))}"
            yield at(item.mark, codes.AUTHORITY_UNASKED, message, nearest(item.act, asked) or hint)


@check(codes.NOBODY_HOLDS)
def acts_are_held(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of acts that a rule asks for and that no terms of reference let anybody do."""
    held = {item.act for item in _authorities(policy)}
    held |= {act for terms in policy.terms.values() for act in terms.reserved_acts}
    for rule in policy.rules:
        for act in dict.fromkeys(_named_in(rule)):
            if act not in held:
                message = f"rule '{rule.id}' asks for '{act}', which nobody may do"
                known = f"somebody may {', '.join(sorted(held)) or 'do nothing'}"
                yield at(rule.mark, codes.NOBODY_HOLDS, message, nearest(act, held) or known)


def _named_in(rule: Rule) -> Iterator[str]:
    """Give the acts that a rule names itself."""
    for effect in rule.then:
        if isinstance(effect, RequireApproval) and effect.act is not None:
            yield effect.act


def asked_acts(policy: Policy) -> set[str]:
    """Give the acts that rules ask for: as approvals, and in functions of governance."""
    return {act for rule in policy.rules for act in (*_approved(rule), *_asked_about(rule))}


def sought_acts(policy: Policy) -> set[str]:
    """Give the acts for which rules look for the least senior who may."""
    found: set[str] = set()
    for rule in policy.rules:
        effects = [effect for effect in rule.then if isinstance(effect, RequireApproval)]
        for effect in effects:
            found |= set(acts_of(effect, rule)) if effect.seeks else set()
        if any(effect.choices for effect in effects) or rule.when is not None:
            found |= {
                act
                for text in rule.expressions
                if LEAST_SENIOR in text.text
                for act, _ in acts_named(text.node)
            }
    return found


def _approved(rule: Rule) -> Iterator[str]:
    for effect in rule.then:
        if isinstance(effect, RequireApproval):
            yield from acts_of(effect, rule)


def acts_of(effect: RequireApproval, rule: Rule) -> tuple[str, ...]:
    """Give the acts that an approval of a rule asks for: its own, or to approve the record."""
    if effect.act is not None:
        return (effect.act,)
    return tuple(f"{APPROVE} {event.partition('.')[0]}" for event in rule.on)


def _asked_about(rule: Rule) -> Iterator[str]:
    for text in rule.expressions:
        if any(name in text.text for name in _ASKING):
            yield from (act for act, _ in acts_named(text.node))


def _authorities(policy: Policy) -> Iterator[Authority]:
    return (item for terms in policy.terms.values() for item in terms.authority)
