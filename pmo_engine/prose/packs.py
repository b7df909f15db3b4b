"""What a policy makes of packs, as English: the terms that it fixes, the rules that it lifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.prose.names import sentence
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import DatedValue, Departure, Parameter, Policy


def parameter_in_words(item: Parameter) -> str:
    """Say a parameter of a pack: what it is about, its dated values, what it may be."""
    said = [item.about, *(_dated(each) for each in item.values), latitude_in_words(item)]
    return "\n".join(sentence(" ".join(part.split())) for part in said if part)


def _dated(item: DatedValue) -> str:
    since = f" from {value_in_words(item.start)}" if item.start else ""
    source = f" ({item.source})" if item.source else ""
    return f"it is {value_in_words(item.value)}{since}{source}"


def latitude_in_words(item: Parameter) -> str:
    """Say what a parameter may be: "at least 1; 15 unless a policy says otherwise"."""
    least = f"at least {value_in_words(item.least)}" if item.least is not None else ""
    most = f"at most {value_in_words(item.most)}" if item.most is not None else ""
    bounds = " and ".join(part for part in (least, most) if part)
    default = value_in_words(item.default) if item.default is not None else ""
    usual = f"{default} unless a policy says otherwise" if default else "each policy sets it"
    return f"{bounds}; {usual}" if bounds else usual


def departure_in_words(item: Departure, policy: Policy) -> str:
    """Say which rule of a pack does not hold, what stands in its place, and why."""
    titles = {each.id: each.title.rstrip(".") for each in policy.rules}
    other = item.replaced_by and titles.get(item.replaced_by, item.replaced_by)
    instead = f", and the rule '{other}' stands in its place" if other else ""
    title = item.title.rstrip(".")
    said = [f"the rule '{title}' of the pack does not hold here{instead}", item.reason]
    if item.source:
        said.append(f"source: {item.source}")
    return "\n".join(sentence(" ".join(part.split())) for part in said)
