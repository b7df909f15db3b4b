"""Checks of acts: verbs that nothing knows, authority that nobody asks for, acts nobody holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from pmo_engine.compiler.checks.check import check
from pmo_engine.feel.functions import ADDING_UP, LEAST_SENIOR
from pmo_engine.feel.mentions import acts_named, acts_sought
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import ObligationKind
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import ADOPT_POLICY, APPROVE, OF_TERMS, READ, VERBS, noun_of, verb_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Authority, Policy, Rule
    from pmo_engine.source.diagnostics import Mark

_ASKING = {*ADDING_UP, LEAST_SENIOR, "authority"}


@check(codes.UNKNOWN_VERB)
def verbs_are_known(policy: Policy) -> Iterator[Diagnostic]:
    """Find acts whose verb nobody knows: nothing ever asks whether they may be done."""
    known = [ADOPT_POLICY, *(f"{APPROVE} {each.noun}" for each in policy.registers.values())]
    held = ((item.act, item.mark) for item in _authorities(policy))
    for act, mark in (*held, *_of_terms(policy), *_asked_about(policy)):
        if not is_known(policy, act):
            message = f"nobody can be asked to '{act}'"
            plain = f"acts are {', '.join(policy.acts)}; declare others with 'kind: acts'"
            hint = _meant(act, known, [*VERBS, *policy.acts]) or plain
            yield at(mark, codes.UNKNOWN_VERB, message, hint)


def _of_terms(policy: Policy) -> Iterator[tuple[str, Mark]]:
    """Go through what terms reserve to a role, or let its holders hand on."""
    for terms in policy.terms.values():
        handed = terms.delegation.acts if terms.delegation is not None else None
        for act in (*terms.reserved_acts, *(handed or ())):
            yield act, terms.mark


def is_known(policy: Policy, act: str) -> bool:
    """Tell whether something knows the verb of an act."""
    verb = verb_of(act)
    return act == ADOPT_POLICY or (verb != "adopt" and (verb in VERBS or verb in policy.acts))


@check(codes.NOT_KEPT)
def acts_of_the_engine_ask_the_terms(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of acts of the engine's own about which it never asks the terms of anybody."""
    for named, verb, _ in _of_the_engine(policy):
        if verb not in OF_TERMS:
            message = (
                f"no terms are asked who may {named.act}, so that {named.what} changes nothing"
            )
            hint = f"leave it out; asked are {', '.join(sorted(OF_TERMS))}"
            yield at(named.mark, codes.NOT_KEPT, message, hint)


@check(codes.UNKNOWN)
def acts_of_the_engine_are_done_to_something(policy: Policy) -> Iterator[Diagnostic]:
    """Find acts of the engine's own on what there is not: nothing ever asks who may."""
    for named, verb, noun in _of_the_engine(policy):
        known = _done_to(policy, verb) if verb in OF_TERMS else [noun]
        if noun and noun not in known:
            hint = f"known here: {', '.join(known) or f'{verb} alone'}"
            message = f"nothing asks who may {named.act}"
            yield at(named.mark, codes.UNKNOWN, message, nearest(noun, known) or hint)
    yield from _read(policy)


def _read(policy: Policy) -> Iterator[Diagnostic]:
    """Find acts of reading something that is no register: what was to be kept would be open."""
    names = [name for r in policy.registers.values() for name in (r.id, r.noun, r.plural)]
    for named in _named_by_terms(policy):
        noun = noun_of(named.act)
        if verb_of(named.act) == READ and noun not in names:
            hint = nearest(noun, names) or f"registers: {', '.join(sorted(policy.registers))}"
            yield at(named.mark, codes.UNKNOWN, f"unknown register '{noun[:60]}' to read", hint)


@dataclass(frozen=True, slots=True)
class _Named:
    """An act that terms let somebody do or reserve, where, and what it is called that says so."""

    act: str
    mark: Mark
    what: str


def _named_by_terms(policy: Policy) -> Iterator[_Named]:
    for item in _authorities(policy):
        yield _Named(item.act, item.mark, f"'{item.id}'")
    for terms in policy.terms.values():
        for act in terms.reserved_acts:
            yield _Named(act, terms.mark, f"reserving it to '{terms.role}'")


def _of_the_engine(policy: Policy) -> Iterator[tuple[_Named, str, str]]:
    for named in _named_by_terms(policy):
        verb = verb_of(named.act)
        if verb in VERBS and verb not in {APPROVE, READ, verb_of(ADOPT_POLICY)}:
            yield named, verb, noun_of(named.act)


def _done_to(policy: Policy, verb: str) -> list[str]:
    """Name what an act of the engine's is done to."""
    nouns = [each.noun for each in policy.registers.values()]
    own = {"appoint": [*policy.roles], "waive": [*get_args(ObligationKind)]}
    return [
        *OF_TERMS[verb],
        *own.get(verb, nouns if verb in {"move", "close", "reopen", "rebaseline"} else []),
    ]


def _meant(act: str, known: list[str], verbs: list[str]) -> str:
    """Suggest the act that was meant: the whole of it, or a verb with the same noun."""
    if whole := nearest(act, known):
        return whole
    if verb_of(act) in verbs:
        return f"did you mean '{ADOPT_POLICY}'?"  # the one verb that is known of one noun alone
    verb = nearest(verb_of(act), verbs)
    return verb.replace("'?", f" {noun_of(act)}'?") if verb else ""


BY_VOTE = frozenset(f"{verb} project" for verb in ("start", "hold", "close", "stop"))
"""What a body does by its vote, though it is a command that asks for it."""


@check(codes.DONE_BY_ONE)
def bodies_act_by_their_vote(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of acts that a body which votes is to do by a command: one member does them alone."""
    for terms in policy.terms.values():
        if not (terms.has_ballots and policy.roles[terms.role].body):
            continue
        for item in terms.authority:
            if verb_of(item.act) in OF_TERMS and item.act not in BY_VOTE:
                message = (
                    f"'{item.act}' is done by a command, and any member of '{terms.role}' gives it"
                    " alone: nothing puts it to the vote"
                )
                hint = "let a role of one person do it, once the body has decided so"
                yield at(item.mark, codes.DONE_BY_ONE, message, hint)


@check(codes.AUTHORITY_UNASKED)
def authority_is_asked_for(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of authority for acts that no rule asks for, where rules ask for approvals at all."""
    asked = {act for act in asked_acts(policy) if is_known(policy, act)}
    for named in _named_by_terms(policy) if asked else ():
        engine = verb_of(named.act) in VERBS and verb_of(named.act) != APPROVE
        if named.act not in asked and not engine and is_known(policy, named.act):
            message = (
                f"no rule asks anybody to {named.act}, so that {named.what} counts for nothing"
            )
            hint = f"let a rule ask for it, or leave it out; asked for: {', '.join(sorted(asked))}"
            meant = nearest(named.act, asked)
            yield at(named.mark, codes.AUTHORITY_UNASKED, message, meant or hint)


@check(codes.LIMIT_NOT_HELD)
def limits_are_held(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a limit on what rules ask its role for by name alone, whatever it amounts to."""
    looked_at = sought_acts(policy) | {act for act, _ in _asked_about(policy)}
    for item in _authorities(policy):
        limited = item.act not in looked_at and any(each.value is not None for each in item.limits)
        asking = next(_asking_by_name(policy, item), None) if limited else None
        if asking is not None:
            message = f"'{item.id}' limits nothing: rule '{asking.id}' asks {item.role} by name"
            hint = "ask 'from: least_senior_with_authority', or leave the limit out"
            yield at(item.mark, codes.LIMIT_NOT_HELD, f"{message}, whatever it amounts to", hint)


def _asking_by_name(policy: Policy, item: Authority) -> Iterator[Rule]:
    """Give the rules that ask a role for an act by its name, and look at no amount."""
    register = policy.register_of(noun_of(item.act))
    value = None if register is None else f"{register.root}.{register.value}"
    for rule in policy.rules:
        measured = value is not None and any(value in each.text for each in rule.expressions)
        approvals = (effect for effect in rule.then if isinstance(effect, RequireApproval))
        by_name = (each for each in approvals if item.role in each.named)
        if not measured and any(item.act in acts_of(each, rule) for each in by_name):
            yield rule


@check(codes.NOBODY_HOLDS)
def acts_are_held(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of acts that a rule asks for and that no terms of reference let anybody do."""
    held = {item.act for item in _authorities(policy)}
    held |= {act for terms in policy.terms.values() for act in terms.reserved_acts}
    for rule in policy.rules:
        for act, mark in dict.fromkeys(_named_in(rule)):
            if act not in held and is_known(policy, act):
                message = f"rule '{rule.id}' asks for '{act}', which nobody may do"
                known = f"somebody may {', '.join(sorted(held)) or 'do nothing'}"
                meant = nearest(act, held) if policy.register_of(noun_of(act)) is None else ""
                yield at(mark, codes.NOBODY_HOLDS, message, meant or known)


def _named_in(rule: Rule) -> Iterator[tuple[str, Mark]]:
    """Give the acts that a rule names itself, and for which it looks for somebody, with places."""
    for effect in rule.then:
        if isinstance(effect, RequireApproval) and effect.act is not None:
            yield effect.act, rule.mark
    for text in rule.expressions:
        if LEAST_SENIOR in text.text:
            yield from (
                (act, text.place_at(offset)) for act, offset in acts_sought(text.node) if act
            )


def asked_acts(policy: Policy) -> set[str]:
    """Give the acts that rules ask for: as approvals, and in functions of governance."""
    approved = (act for rule in policy.rules for act in approved_acts(rule))
    return {*approved, *(act for act, _ in _asked_about(policy))}


def sought_acts(policy: Policy) -> set[str]:
    """Give the acts for which rules look for the least senior who may."""
    found: set[str] = set()
    for rule in policy.rules:
        effects = [effect for effect in rule.then if isinstance(effect, RequireApproval)]
        for effect in effects:
            found |= set(acts_of(effect, rule)) if effect.seeks else set()
        found |= {
            act
            for text in rule.expressions
            if LEAST_SENIOR in text.text
            for act, _ in acts_sought(text.node)
        }
    return found


def approved_acts(rule: Rule) -> Iterator[str]:
    """Give the acts that the approvals of a rule ask for."""
    for effect in rule.then:
        if isinstance(effect, RequireApproval):
            yield from acts_of(effect, rule)


def acts_of(effect: RequireApproval, rule: Rule) -> tuple[str, ...]:
    """Give the acts that an approval of a rule asks for: its own, or to approve the record."""
    if effect.act is not None:
        return (effect.act,)
    return tuple(f"{APPROVE} {event.partition('.')[0]}" for event in rule.on)


def _asked_about(policy: Policy) -> Iterator[tuple[str, Mark]]:
    """Give the acts about which expressions of rules ask, with their places."""
    for rule in policy.rules:
        for text in rule.expressions:
            if any(name in text.text for name in _ASKING):
                named = acts_named(text.node)
                yield from ((act, text.place_at(offset)) for act, offset in named if act)


def _authorities(policy: Policy) -> Iterator[Authority]:
    return (item for terms in policy.terms.values() for item in terms.authority)
