"""Names of the policy as English: records, fields, roles, acts and events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.feel import types as t
from pmo_engine.model.names import words

if TYPE_CHECKING:
    from pmo_engine.policy import Policy

MOMENTS = {"today": "today", "now": "the present moment"}
_STEP = re.compile(r"(\w+)\[(\d+)\]")


def with_article(noun: str) -> str:
    """Put the indefinite article before a noun: "an issue"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def role_in_words(role: str, policy: Policy) -> str:
    """Name a role by its title: "the PMO head"; a functional role as "the risk role"."""
    known = policy.roles.get(role)
    if known is None:
        return f"the {words(role)} role"
    return f"the {known.title or words(role)}"


def act_in_words(act: str) -> str:
    """Say an act of an authority: ``approve change_request`` is "approve a change request"."""
    verb, _, noun = act.partition(" ")
    return f"{words(verb)} {with_article(words(noun))}" if noun else words(verb)


def event_in_words(event: str) -> str:
    """Say an event: ``change_request.submitted`` is "a change request is submitted"."""
    noun, _, what = event.partition(".")
    return f"{with_article(words(noun))} is {words(what)}"


def fact_in_words(name: str) -> str:
    """Name a fact that a rule may look at: "the change", "the changes", "today"."""
    return MOMENTS.get(name) or f"the {words(name)}"


def singular(plural: str, policy: Policy) -> str:
    """Name one record of a list of records: "change" for ``changes``."""
    if plural == "history":
        return "earlier event"
    for register in policy.registers.values():
        if register.plural == plural:
            return words(register.root)
    return f"item of the {words(plural)}"


def possessive(owner: str, name: str) -> str:
    """Say whose field it is: "the change's cost", "the changes' cost"."""
    return f"{owner}{chr(39) if owner.endswith('s') else chr(39) + 's'} {words(name)}"


def path_in_words(path: str, policy: Policy) -> str:
    """Name a fact by its path: ``risks[2].score`` is "the score of risk 2"."""
    first, *rest = path.split(".")
    numbered = _STEP.fullmatch(first)
    said = f"{singular(numbered[1], policy)} {numbered[2]}" if numbered else fact_in_words(first)
    for name in rest:
        said = possessive(said, name)
    return said


def type_in_words(type_: t.Type) -> str:
    """Say what a type is."""
    return t.describe(type_)
