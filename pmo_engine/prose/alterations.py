"""What would alter an obligation, and why an authority was passed over, as English sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.feel.values import Missing, Range
from pmo_engine.model.money import Money
from pmo_engine.model.names import words
from pmo_engine.policy.alterations import AllBut, Alteration, Claim, Effect
from pmo_engine.prose.names import (
    WHETHER,
    act_in_words,
    called,
    path_in_words,
    sentence,
    with_article,
)
from pmo_engine.prose.rules import obligation_in_words
from pmo_engine.prose.sentences import Speaker
from pmo_engine.prose.signatures import signatures_in_words
from pmo_engine.prose.terms import bound_in_words, scope_in_words
from pmo_engine.prose.values import joined, value_in_words
from pmo_engine.prose.vocabulary import PLURAL

if TYPE_CHECKING:
    from pmo_engine.authority.limits import Considered
    from pmo_engine.model.fact_paths import FactPath
    from pmo_engine.policy import Authority, Policy
    from pmo_engine.policy.decision import Obligation


def alteration_in_words(item: Alteration, policy: Policy) -> str:
    """Say it: "With a cost of 50,000 GBP or less no approval by the PMO head would be needed."."""
    given = isinstance(item.was, Missing)
    condition = _if_known(item, policy) if given else _condition(item, policy)
    effect = _once_known(item.effect, policy) if given else _effect(item, policy)
    return sentence(f"{condition} {effect}")


def _if_known(item: Alteration, policy: Policy) -> str:
    name = path_in_words(item.fact, policy)
    match item.claim:
        case Range(None, None) | AllBut(()):
            return f"if {_known(name)},"
        case claim if name.startswith(WHETHER):
            example = "for example " if claim is None else ""
            return f"{example}if it were known that {_marked(item, policy)},"
        case None:
            return f"for example if {name} were known to be {value_in_words(item.to)},"
        case claim:
            return f"if {name} were known to be {_span(claim)},"


def _known(name: str) -> str:
    return f"it were known {name}" if name.startswith(WHETHER) else f"{name} were known"


def _marked(item: Alteration, policy: Policy) -> str:
    return Speaker(policy).clause(_node(item.fact), holds=bool(item.to))


def _once_known(effect: Effect, policy: Policy) -> str:
    needed = _needed(effect.instead, policy)
    if not effect.also_gone:
        return needed
    facts = [path_in_words(e.target, policy) for e in effect.also_gone if e.kind == "information"]
    others = [_gone(each, policy) for each in effect.also_gone if each.kind != "information"]
    return f"{needed}, and {joined([*_unasked(facts), *others])}"


def _unasked(facts: list[str]) -> list[str]:
    """Say of facts that nobody would ask for them."""
    marks = [each for each in facts if each.startswith(WHETHER)]
    others = [each for each in facts if each not in marks]
    said = [f"{joined(others)} would not be asked for"] if others else []
    return [*said, *([f"it would not be asked {joined(marks)}"] if marks else [])]


def _condition(item: Alteration, policy: Policy) -> str:
    name = path_in_words(item.fact, policy)
    example = "for example " if item.claim is None else ""
    if isinstance(item.to, bool):
        return f"{example}if {_marked(item, policy)},"
    if _is_amount_of_the_record(item.fact, item.to):
        root = item.fact.root
        field = called(_field(item.fact), policy, of=root)
        return f"{example}with {with_article(field)} of {_values(item)}"
    return f"{example}if {name} were {_values(item)},"


def _values(item: Alteration) -> str:
    return value_in_words(item.to) if item.claim is None else _span(item.claim)


def _span(claim: Claim) -> str:
    match claim:
        case Range():
            return _range(claim)
        case AllBut(values):
            return f"anything but {joined([value_in_words(each) for each in values], 'or')}"
        case tuple():
            return joined([value_in_words(each) for each in claim], "or")
        case None:
            return "another"


def _range(span: Range) -> str:
    low, high = value_in_words(span.low), value_in_words(span.high)
    less, more = ("earlier", "later") if _is_moment(span) else ("less", "more")
    under, over = ("before", "after") if _is_moment(span) else ("less than", "more than")
    if span.low is None:
        return f"{high} or {less}" if span.high_included else f"{under} {high}"
    if span.high is None:
        return f"{low} or {more}" if span.low_included else f"{over} {low}"
    if span.low == span.high:
        return low
    if span.low_included and span.high_included:
        return f"between {low} and {high}"
    first = f"{low} or {more}" if span.low_included else f"{over} {low}"
    return f"{first} and {f'at most {high}' if span.high_included else f'{under} {high}'}"


def _is_moment(span: Range) -> bool:
    return isinstance(span.high if span.low is None else span.low, date)


def _field(path: FactPath) -> str:
    return str(path.steps[-1])


def _is_amount_of_the_record(path: FactPath, value: Any) -> bool:
    """Tell whether a fact reads well as "a cost of 5": an amount, of a record that is clear."""
    return (
        isinstance(value, Money)
        and len(path.steps) == 2  # noqa: PLR2004 - a record and its field
        and not PLURAL.search(_field(path))
    )


def _node(path: FactPath) -> n.Node:
    first, *rest = path.steps
    node: n.Node = n.Name(str(first))
    for step in rest:
        node = n.Path(node, str(step))
    return node


# What becomes of an obligation


def _effect(item: Alteration, policy: Policy) -> str:
    if item.effect.changed is not None:
        return f"it would read: {obligation_in_words(item.effect.changed, policy)}"
    gone = _gone(item.obligation, policy)
    if not item.effect.instead:
        return gone
    where = "" if item.uniform else f"at {value_in_words(item.to)} "
    return f"{gone}; {where}{_needed(item.effect.instead, policy)} instead"


def _gone(item: Obligation, policy: Policy) -> str:
    match item.kind:
        case "information":
            return joined(_unasked([path_in_words(item.target, policy)]))
        case "notice":
            return f"{_role(item, policy)} would not be told"
        case "block":
            return "nothing would keep it from going on"
        case "approval" if item.act:
            return f"{_who(item, policy)} would not have to {act_in_words(item.act, policy)}"
        case _:
            return f"no {_asked(item, policy)} would be needed"


def _needed(items: tuple[Obligation, ...], policy: Policy) -> str:
    blocks = [f'it would not go on ("{each.text}")' for each in items if each.kind == "block"]
    acts = [each for each in items if each.kind == "approval" and each.act]
    does = [f"{_who(each, policy)} would have to {act_in_words(each.act, policy)}" for each in acts]
    others = [each for each in items if each.kind != "block" and each not in acts]
    asked = joined([_asked(each, policy) for each in others])
    needed = [f"{asked} would be needed"] if asked else []
    return joined([*blocks, *does, *needed]) or "nothing more would be needed"


def _asked(item: Obligation, policy: Policy) -> str:
    match item.kind:
        case "approval":
            return f"approval by {_who(item, policy)}"
        case "assessment":
            return f"assessment by {_role(item, policy)}"
        case "information":
            return path_in_words(item.target, policy)
        case "evidence":
            return f"evidence ({words(item.target)})"
        case "exception":
            return f"exception report to {_role(item, policy)}"
        case "notice":
            return f"notice to {_role(item, policy)}"
        case "block":
            return f'block ("{item.text}")'
        case "return":
            return f"{words(item.target)} from {_role(item, policy)}"
        case "condition" | "recommendation":
            return f"{item.kind} for {_role(item, policy)}"
        case _:
            assert_never(item.kind)


def _who(item: Obligation, policy: Policy) -> str:
    """Name who gives an approval."""
    signed = item.signatures
    return _role(item, policy) if signed is None else signatures_in_words(signed, policy)


def _role(item: Obligation, policy: Policy) -> str:
    return role_in_words(item.role or item.target, policy)


# Authority


def considered_in_words(item: Considered, policy: Policy) -> str:
    """Say what a limit is, where from, and what it is held against."""
    act = act_in_words(item.authority.act, policy)
    source = f", {item.limit.source}" if item.limit.source else ""
    clause = f"({item.authority.id}{source})"
    role = role_in_words(item.role, policy)
    if item.limit.value is None:
        return sentence(f"{role} may {act} of any amount {clause}")
    limit = bound_in_words(item.limit.value, policy)
    worked = item.bound is not None and not isinstance(item.limit.value, Money)
    amounts = f" ({value_in_words(item.bound)})" if worked else ""
    together = _together(item.authority, policy)
    scope = scope_in_words(item.authority, policy)
    said = f"{role} may {act} of up to {limit}{amounts}{together}{scope} {clause}"
    return sentence(f"{said}{_held_against(item)}")


def _together(item: Authority, policy: Policy) -> str:
    cumulative = item.cumulative
    if cumulative is None:
        return ""
    window = {"ever": " in sum", "contract life": " over the life of the contract"}
    over = window.get(str(cumulative.over), f" over {cumulative.over}")
    place = " across the office" if cumulative.across == "office" else ""
    root = _root_of(item.act, policy)
    by = cumulative.field
    same = f" for the same {called(by, policy, of=root)}" if by else ""
    return f"{over}{place}{same}"


def _root_of(act: str, policy: Policy) -> str:
    register = policy.register_of(act.partition(" ")[2])
    return "" if register is None else register.root


def _held_against(item: Considered) -> str:
    if item.total is None or item.value is None:
        return ""
    if item.authority.cumulative is None or item.total == item.value:
        return f"; this is {value_in_words(item.value)}"
    before = value_in_words(item.total - item.value)
    return f"; with {before} taken up before, this makes {value_in_words(item.total)}"
