"""Collection rounds in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.names import words
from pmo_engine.prose.names import climbing_in_words, records_in_words, sentence
from pmo_engine.prose.values import joined, span_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.policy.rounds import Round


def round_in_words(item: Round, policy: Policy) -> str:
    """Say what a round collects, from whom, when, by when, and how it ends."""
    return " ".join(sentence(each) for each in _said(item, policy))


def collected_in_words(register: str, policy: Policy) -> str:
    """Name what is collected: the records of a register, as people call them."""
    declared = policy.registers.get(register)
    return words(register) if declared is None else records_in_words(declared, policy)


def _said(item: Round, policy: Policy) -> Iterator[str]:
    if item.purpose:
        yield item.purpose
    what = {each.register: collected_in_words(each.register, policy) for each in item.collects}
    who = {each.register: role_in_words(each.role, policy) for each in item.collects}
    asked = joined([f"the {said} from {who[register]}" for register, said in what.items()])
    yield f"after each {item.every}, each project that is under way is asked for {asked}"
    yield f"the answer is due{span_in_words(item.within)}{climbing_in_words(item.ladder)}"
    yield (
        "whoever is asked enters or changes a record, or says that nothing changed; a project that"
        " is on hold or closed is not asked"
    )
    closes = role_in_words(item.closed_by, policy)
    yield (
        f"the round is closed when all have answered, by {closes} for a reason, or when the next"
        " one begins"
    )
