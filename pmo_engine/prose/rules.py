"""Rules, obligations and reasons as English sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from pmo_engine.authority.functions import functions
from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.model.event_names import EventName
from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import Binding, Rhythm
from pmo_engine.policy import (
    AutoApprove,
    Block,
    Derive,
    Effect,
    Finding,
    Notify,
    RaiseException,
    RequireApproval,
    RequireAssessment,
    RequireEvidence,
    RequireInformation,
    Rule,
)
from pmo_engine.policy.acts import does
from pmo_engine.policy.tolerances import kept_by
from pmo_engine.prose.expressions import derived_in_words, in_words, with_values
from pmo_engine.prose.names import (
    WHETHER,
    called,
    climbing_in_words,
    event_in_words,
    path_in_words,
    sentence,
    timed_in_words,
)
from pmo_engine.prose.plain import plain
from pmo_engine.prose.signatures import (
    asked_in_words,
    beside_in_words,
    done_in_words,
    signatures_in_words,
)
from pmo_engine.prose.time_up import time_up_in_words
from pmo_engine.prose.tolerances import exceeded_in_words
from pmo_engine.prose.values import joined, span_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.model.durations import Span
    from pmo_engine.policy import Policy
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.policy.selection import Selection

EVERY: dict[Rhythm, str] = {
    "day": "every working day",
    "week": "on the first working day of every week",
    "month": "on the first working day of every month",
    "stage": "at the beginning of every stage",
}
APART = (n.Disjunction, n.Conditional, n.Quantified)
"""Conditions that read as going on with the occasion, unless they are set apart from it."""
MODAL: dict[Binding, str] = {"shall": "must", "should": "should", "may": "may", "trial": "must"}


def rule_in_words(rule: Rule, policy: Policy) -> str:
    """Say a rule: "When a change request is submitted and ..., the PMO head must approve it."."""
    noun = _one_noun(rule.on)
    effects = joined([_effect(each, MODAL[rule.binding], noun, policy) for each in rule.then])
    trial = " (on trial, binds nobody)" if rule.binding == "trial" else ""
    return sentence(f"{_occasion(rule, policy)}, {effects or 'nothing follows'}{trial}")


def _occasion(rule: Rule, policy: Policy) -> str:
    """Say when a rule holds: "when a risk is submitted and ...", "every working day, if ..."."""
    condition = in_words(rule.condition, policy) if rule.condition else ""
    times = joined([_time_in_words(event, policy) for event in rule.on if event.rhythm], "or")
    others = [event_in_words(event, policy) for event in rule.on if not event.rhythm]
    if not others:
        return f"{times}{condition and ', if '}{condition}"
    if rule.states:
        states = joined([words(state) for state in rule.states], "or")
        state = event_in_words(EventName.of(rule.on[0].noun, states), policy)
        return f"while {state}{condition and ' and '}{condition}"
    again = f", and {times}" if times else ""
    parts = rule.condition is not None and isinstance(plain(rule.condition.node), APART)
    before = ", if " if len(rule.on) > 1 or parts else " and "
    return f"when {joined(others, 'or')}{again}{condition and before}{condition}"


def _time_in_words(event: EventName, policy: Policy) -> str:
    """Say when and for what the clock raises an event."""
    assert event.rhythm is not None  # it is one that the clock raises
    return f"{EVERY[event.rhythm]} {timed_in_words(event, policy)}"


def obligation_in_words(obligation: Obligation, policy: Policy) -> str:
    """Say who must do what: "The PMO head must approve the change request within ..."."""
    must = "would have to" if obligation.binding == "trial" else MODAL[obligation.binding]
    what = _subject(obligation.rule, policy)
    who = _who(obligation.role, policy)
    time = _time(obligation.within, obligation.ladder)
    match obligation.kind:
        case "approval":
            if obligation.signatures is not None:
                who = signatures_in_words(obligation.signatures, policy)
            done = done_in_words(obligation.act, what, _noun(obligation.rule, policy), policy)
            up = time_up_in_words(obligation.when_time_is_up)
            said = f"{who} {must}{beside_in_words(obligation.act, policy)} {done}{time}{up}"
        case "assessment":
            said = f"{who} {must} assess {what}{time}"
        case "information":
            paths = [path_in_words(path, policy) for path in obligation.facts]
            said = _given(who, must, joined(paths), "give", time)
        case "evidence":
            said = _given(who, must, f"evidence ({words(obligation.target)})", "provide", time)
        case "exception":
            said = f"an exception report on {what} {must} go to {who}{time}{_note(obligation.text)}"
        case "notice":
            done = done_in_words(obligation.act, what, _noun(obligation.rule, policy), policy)
            to = f", to {done}" if obligation.act else ""
            said = f"{who} {must} be told{to}{_note(obligation.text)}"
        case "block":
            stays = "would" if obligation.binding == "trial" else must
            said = f"{what} {stays} not go on{_note(obligation.text)}"
        case "condition" | "recommendation":
            said = f"{who} {must} see to it{time}{_note(obligation.text)}"
        case "return":
            said = _given(who, must, f"the {words(obligation.target)}", "bring up to date", time)
        case _:
            assert_never(obligation.kind)
    return sentence(said)


def passing_in_words(rule: Rule, effect: AutoApprove, policy: Policy) -> str:
    """Say that a record would be approved automatically, were its rule not on trial."""
    return sentence(
        f"{_subject(rule.id, policy)} would be approved automatically{_note(effect.source)}"
    )


def reasons(
    selection: Selection, facts: Mapping[str, Any], obligation: Obligation
) -> tuple[str, ...]:
    """Say for each of the obligation's rules, with this case's values, why it follows."""
    scope = {**facts, **functions(selection, facts)}
    found = []
    for name in obligation.rules:
        rule = selection.by_id[name]
        if obligation.kind == "information" and not _asks(rule, obligation.facts):
            found.append(_not_judged(rule, obligation.facts, selection.policy))
        else:
            found.append(_because(rule, scope, selection.policy))
    return tuple(found)


def _because(rule: Rule, scope: Mapping[str, Any], policy: Policy) -> str:
    title = rule.title.rstrip(".")
    if rule.condition is None:
        return sentence(title)
    if (kept := kept_by(rule.id, policy.tolerances.values())) is not None:
        return exceeded_in_words(kept[0], scope, policy, since_first=kept[1])
    return sentence(f"{title}: {with_values(rule.condition, policy, scope)}")


def _not_judged(rule: Rule, paths: tuple[str, ...], policy: Policy) -> str:
    missing = joined([_unknown(path_in_words(path, policy)) for path in paths])
    return sentence(f'"{rule.title.rstrip(".")}" cannot be judged: {missing}')


def _unknown(said: str) -> str:
    return f"it is not known {said}" if said.startswith(WHETHER) else f"{said} is not known"


def _asks(rule: Rule, paths: tuple[str, ...]) -> bool:
    """Tell whether the rule itself asks for these facts, rather than waits for them."""
    asked = {
        path for each in rule.then if isinstance(each, RequireInformation) for path in each.facts
    }
    return asked.issuperset(paths)


def _effect(effect: Effect, must: str, noun: str, policy: Policy) -> str:
    match effect:
        case RequireApproval():
            return _approval(effect, must, noun, policy)
        case RequireAssessment(role, within, ladder):
            return f"{role_in_words(role, policy)} {must} assess it{_time(within, ladder)}"
        case RequireInformation(paths, role, within, ladder):
            what = joined([path_in_words(path, policy) for path in paths])
            return _given(_who(role, policy), must, what, "give", _time(within, ladder))
        case RequireEvidence(evidence, role, max_age, within, ladder):
            age = span_in_words(max_age, " no older than ")
            what = f"evidence ({words(evidence)}){age}"
            return _given(_who(role, policy), must, what, "provide", _time(within, ladder))
        case RaiseException(role, reason, within, ladder):
            who = role_in_words(role, policy)
            return f"an exception report {must} go to {who}{_time(within, ladder)}{_note(reason)}"
        case Notify(role, message):
            return f"{role_in_words(role, policy)} {must} be told{_note(message)}"
        case Block(reason):
            return f"it {must} not go on{_note(reason)}"
        case AutoApprove(source):
            return f"it is approved automatically{_note(source)}"
        case Derive(fact, value):
            return derived_in_words(fact, value, policy)
        case Finding(text):
            return f"a finding is counted{_note(text)}"
        case _:
            assert_never(effect)


def _approval(effect: RequireApproval, must: str, noun: str, policy: Policy) -> str:
    act, who = effect.act or "", asked_in_words(effect, policy)
    done = done_in_words(act, "it", noun, policy)
    if does(policy.acts, act) == "is told":
        return f"{who} {must} be told, to {done}"
    time = _time(effect.within, effect.ladder)
    up = time_up_in_words(effect.when_time_is_up)
    return f"{who} {must}{beside_in_words(act, policy)} {done}{time}{up}"


def _who(role: str | None, policy: Policy) -> str | None:
    return role_in_words(role, policy) if role else None


def _given(who: str | None, must: str, what: str, verb: str, time: str) -> str:
    if what.startswith(WHETHER):
        return f"{who} {must} say {what}{time}" if who else f"it {must} be said {what}{time}"
    return f"{who} {must} {verb} {what}{time}" if who else f"{what} {must} be given{time}"


def _time(within: Span | None, ladder: str | None) -> str:
    return f"{span_in_words(within)}{climbing_in_words(ladder)}"


def _note(text: str) -> str:
    return f' ("{text}")' if text else ""


def _subject(name: str, policy: Policy) -> str:
    """Name the record that a rule is about, by its events."""
    noun = _noun(name, policy)
    return f"the {called(noun, policy)}" if noun else "it"


def _noun(name: str, policy: Policy) -> str:
    """Give the noun of the records that a rule is about; nothing where there are several."""
    return _one_noun(next((rule.on for rule in policy.rules if rule.id == name), ()))


def _one_noun(events: Iterable[EventName]) -> str:
    nouns = {event.noun for event in events}
    return nouns.pop() if len(nouns) == 1 else ""
