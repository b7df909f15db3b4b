"""Who signs, as English: one, all, some or so many of them, at once or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.signatures import Signatory, Signatures
from pmo_engine.policy import CHOSEN, LEAST_SENIOR, RequireApproval
from pmo_engine.policy.acts import does, noun_of, verb_of
from pmo_engine.prose.names import act_in_words, verb_in_words
from pmo_engine.prose.tables import chosen_in_words
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.model.quorum import Part
    from pmo_engine.policy import Asked, Policy

LEAST_SENIOR_WORDS = "the least senior role whose authority covers it"
SAME_PERSON = " (one person may sign for several of them)"
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
PARTICLES = frozenset({"off", "up", "down", "out", "back", "over", "away"})
"""What goes behind what is done something to: "write it off"."""
AFTER = " and, after them, "


def signatures_in_words(signatures: Signatures, policy: Policy) -> str:
    """Say who signs: "the finance director and, after them, two members of the board"."""
    names = [signatory_in_words(each, policy) for each in signatures.of]
    needs = None if signatures.needs == len(names) else signatures.needs
    return _put_together(
        names, needs, in_sequence=signatures.in_sequence, distinct=signatures.distinct
    )


def signatory_in_words(signatory: Signatory, policy: Policy) -> str:
    """Name one of those who sign: "the PMO head", "two members of the treasury board"."""
    return _of_role(signatory.role, signatory.count, policy)


def asked_in_words(effect: RequireApproval, policy: Policy) -> str:
    """Say whom a rule asks to sign, before it is known of which case."""
    names = [_asked(each, policy) for each in effect.of]
    return _put_together(
        names, effect.needs, in_sequence=effect.in_sequence, distinct=effect.distinct
    )


def done_in_words(act: str, what: str, noun: str, policy: Policy) -> str:
    """Say what is done: "approve the purchase"; to something else than it, by its own name."""
    if not act:
        return f"approve {what}"
    if not _is_of(act, noun, policy):
        return act_in_words(act, policy)
    said = verb_in_words(verb_of(act), policy)
    verb, _, particle = said.rpartition(" ")
    return f"{verb} {what} {particle}" if particle in PARTICLES else f"{said} {what}"


def beside_in_words(act: str, policy: Policy) -> str:
    """Say when somebody answers who is asked before others decide; nothing of other acts."""
    return ", before it is decided," if does(policy.acts, act) == "is asked" else ""


def _is_of(act: str, noun: str, policy: Policy) -> bool:
    return noun_of(act) == noun and act not in policy.labels


def _asked(asked: Asked, policy: Policy) -> str:
    if asked.chosen_by is not None and asked.role == CHOSEN:
        return chosen_in_words(asked.chosen_by, policy)
    if asked.role == LEAST_SENIOR:
        return LEAST_SENIOR_WORDS
    return _of_role(asked.role, asked.count, policy)


def _of_role(role: str, count: Part | None, policy: Policy) -> str:
    named = role_in_words(role, policy)
    if count is None:
        return named
    known = policy.roles.get(role)
    if known is not None and known.body:
        return f"{number_in_words(count)} {'member' if count == 1 else 'members'} of {named}"
    who = "person who is" if count == 1 else "people who are each"
    return f"{number_in_words(count)} {who} {named}"


def number_in_words(number: Part) -> str:
    """Say a small number in a word, and a part as it is written: "two", "2/3 of"."""
    if not isinstance(number, int):
        return f"{number} of the"
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _put_together(
    names: Sequence[str], needs: Part | None, *, in_sequence: bool, distinct: bool
) -> str:
    free = "" if distinct or len(names) == 1 else SAME_PERSON
    if len(names) == 1 and (needs is None or not isinstance(needs, int)):
        return f"{names[0]}{free}"
    if needs is None:
        return f"{AFTER.join(names) if in_sequence else joined(names)}{free}"
    order = ", in this order" if in_sequence else ""
    if needs == 1 and len(names) > 1:
        return f"{joined(names, 'or')}{order}{free}"
    count = number_in_words(needs) if isinstance(needs, int) else str(needs)
    return f"{count} of {joined(names)}{order}{free}"
