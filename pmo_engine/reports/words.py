"""Terms of reference and rules in words, from the bound policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import words
from pmo_engine.model.quorum import needed
from pmo_engine.prose.names import act_in_words, sentence
from pmo_engine.prose.rules import rule_in_words
from pmo_engine.prose.terms import amount_in_words, cumulative_in_words, scope_in_words
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.policy import Authority, Limit, Policy, Rule, TermsOfReference


@dataclass(frozen=True, slots=True)
class LimitInWords:
    """One dated limit: what it allows, the source that set it, whether it holds today."""

    text: str
    source: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class TermsInWords:
    """The terms of reference of a role or body."""

    title: str
    purpose: str
    responsibilities: tuple[str, ...]
    limits: tuple[LimitInWords, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule as a sentence, with what it is called, how it binds and where it comes from."""

    id: str
    binding: str
    title: str
    text: str
    origin: str


def terms_in_words(policy: Policy, today: date) -> list[TermsInWords]:
    """Say all terms of reference, in the order in which they are written."""
    return [
        TermsInWords(
            title=_capital(role_in_words(terms.role, policy).removeprefix("the ")),
            purpose=terms.purpose,
            responsibilities=terms.responsibilities,
            limits=tuple(
                _limit(item, limit, policy, in_force=limit is item.limit_on(today))
                for item in terms.authority
                for limit in item.limits
            ),
            sentences=tuple(_sentences(terms, policy)),
        )
        for terms in policy.terms.values()
    ]


def _limit(item: Authority, limit: Limit, policy: Policy, *, in_force: bool) -> LimitInWords:
    since = f"from {value_in_words(limit.start)} " if limit.start else ""
    amount = amount_in_words(limit, policy)
    together = ""
    if item.cumulative:
        together = f" {cumulative_in_words(item.cumulative)}"
    reckoned = f"{amount}{together}{scope_in_words(item, policy)}"
    text = sentence(f"{since}may {act_in_words(item.act, policy)} {reckoned}")
    return LimitInWords(text, limit.source, in_force)


def _sentences(terms: TermsOfReference, policy: Policy) -> Iterator[str]:
    if terms.members is not None:
        quorum = ""
        if terms.quorum is not None:
            meet = needed(terms.members, terms.quorum.meet)
            quorum = f"; {meet} must be there to meet"
            if terms.quorum.vote is not None:
                quorum += f", and {needed(terms.members, terms.quorum.vote)} must vote alike"
        yield sentence(f"has {terms.members} members{quorum}")
    if terms.reports_to:
        yield sentence(f"reports to {role_in_words(terms.reports_to, policy)}")
    if terms.escalates_to:
        yield sentence(f"escalates to {role_in_words(terms.escalates_to, policy)}")
    if terms.deputy:
        yield sentence(f"the deputy is {role_in_words(terms.deputy, policy)}")
    if terms.review_every:
        yield sentence(f"these terms are reviewed every {terms.review_every}")


def rules_in_words(policy: Policy) -> tuple[list[RuleInWords], Mapping[str, list[RuleInWords]]]:
    """Say the policy's own rules, and those of its packs by pack."""
    packs: dict[str, list[RuleInWords]] = {}
    own: list[RuleInWords] = []
    for rule in policy.rules:
        chosen = own if rule.pack is None else packs.setdefault(rule.pack, [])
        chosen.append(_rule(rule, policy))
    return own, dict(sorted(packs.items()))


def _rule(rule: Rule, policy: Policy) -> RuleInWords:
    dates = [
        f"{word} {value_in_words(day)}"
        for word, day in (("in force from", rule.in_force.start), ("until", rule.in_force.end))
        if day is not None
    ]
    origin = [text for text in (rule.clause, rule.source, *dates) if text and text != rule.id]
    return RuleInWords(
        rule.id, rule.binding, rule.title, rule_in_words(rule, policy), "; ".join(origin)
    )


def parameters_in_words(policy: Policy, pack: str, today: date) -> str:
    """Say which terms the policy fixed for a pack."""
    given = policy.parameters_on(pack, today)
    return joined([f"{words(name)} {value_in_words(value)}" for name, value in given.items()])


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
