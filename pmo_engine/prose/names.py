"""Names of the policy as English: records, fields, roles, acts and events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import with_the
from pmo_engine.feel import types as t
from pmo_engine.model.event_names import EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.names import words
from pmo_engine.model.patterns import pattern
from pmo_engine.policy.rules import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.model.vocabulary import Rhythm
    from pmo_engine.policy import Policy, Register, TableInput, TableOutput

MOMENTS = {"today": "today", "now": "the present moment"}
_VERB = pattern(r"[^siu]s$|^has$|ies$")
_CLAIMS = pattern(r" (is|are|was|were|has|have) ")
_PLURAL = pattern(r"[^siu]s$")
_DAY = pattern(r"(\w+(?:ed|[dlnf]t|ld|ne|en|wn)) on")
_MOMENT = pattern(r"(\w+(?:ed|[dlnf]t|ld|ne|en|wn)) at")
_UNTIL = pattern(r"(\w+) until")
_DOES = pattern(r"\w*[^siu]s (?:on|in|to|of|for|from|with|by)")
_DONE = pattern(r"(?:\w+ )?\w+(?:ed|[dlnf]t|ld|ne|en|wn)(?: \w+)? (?:by|to|for|from|with|in)")

_OF_SEVERAL = pattern(r"(?:some|no|every|not every|each) ")
APOSTROPHE = "'"
MARKED = "marked as "
KEPT = {"due": "due date", "submitted_by": "requester", "until": "last day"}
"""What the fields are called that the engine keeps, where their names say too little."""


def called(name: str, policy: Policy, of: str = "") -> str:
    """Give what people call something: its label, or its name in words."""
    own = policy.labels.get(f"{of}.{name}" if of else name)
    if own or not of:
        return own or words(name)
    return policy.labels.get(f".{name}") or KEPT.get(name) or words(name)


def plural(noun: str) -> str:
    """Give the plural of a label: "change orders", "policies"."""
    if noun[-1:] == "y" and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def predicate(
    said: str, *, holds: bool = True, marked: str = MARKED, sure: bool | None = None
) -> str:
    """Say what a thing is that has a mark: "is urgent", "does not settle a dispute".

    With ``sure`` it is said to be known, or not known, to be so.
    """
    first, _, rest = said.partition(" ")
    negation = "" if holds else "not "
    if first in {"is", "are"}:
        verb, be = "be", first
    elif not rest or not _VERB.search(first):
        verb, be, rest = "be", "is", f"{marked}{said}"
    else:
        verb, be = _infinitive(first), ""
    if sure is not None:
        return f"{be or 'is'} {'' if sure else 'not '}known {negation}to {verb} {rest}"
    if be:
        return f"{be} {negation}{rest}"
    return said if holds else f"does not {verb} {rest}"


def claim(said: str, value: str, *, holds: bool) -> str:
    """Say a fact that is a claim, with its value: ``order_is_major`` is "the order is major"."""
    found = _CLAIMS.search(said)
    if found is None and said.startswith(("a ", "an ", "is ", "are ", "has ")):
        thing = said.startswith(("a ", "an "))
        does = f"is {'' if holds else 'not '}{said}" if thing else predicate(said, holds=holds)
        return f"it {does}{value}"
    if found is None:
        return f"{said}{value} is {'' if holds else 'not '}true"
    subject, verb, rest = said[: found.start()], found[1], said[found.end() :]
    if subject == "there" and not holds:
        return f"it is not so that {said}{value}"
    if verb in {"has", "have"} and not holds:
        verb, holds = {"has": "does not have", "have": "do not have"}[verb], True
    has_own = subject == "there" or subject.startswith(("the ", "a ", "an "))
    return f"{'' if has_own else 'the '}{subject} {verb} {'' if holds else 'not '}{rest}{value}"


def _infinitive(verb: str) -> str:
    if verb == "has":
        return "have"
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes", "oes")) else verb[:-1]


def with_article(noun: str) -> str:
    """Put the indefinite article before a noun: "an issue"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def climbing_in_words(ladder: str | None) -> str:
    """Say by which ladder somebody is reminded, and over whom it goes; nothing without one."""
    return f" (reminders and escalations by the ladder '{words(ladder)}')" if ladder else ""


def office_in_words(title: str) -> str:
    """Name an office in a sentence: "the portfolio office"."""
    said = with_the(title)
    return f"the{said[3:]}"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


_BEGINS: Mapping[Rhythm, str] = {
    "day": "a working day",
    "week": "a working week",
    "month": "a month",
    "stage": "a stage of the project",
}


def is_of_roles(type_: t.Type, policy: Policy) -> bool:
    """Tell whether a type is that of the policy's roles."""
    return isinstance(type_, t.EnumType) and set(type_.values) - {NOBODY} == policy.roles.keys()


def records_in_words(register: Register, policy: Policy) -> str:
    """Name the records of a register: by their label, or by the register's name."""
    label = policy.labels.get(register.root)
    return plural(label) if label else words(register.id)


def act_in_words(act: str, policy: Policy) -> str:
    """Say an act of an authority: ``approve change_request`` is "approve a change request"."""
    verb, _, noun = act.partition(" ")
    if label := policy.labels.get(act):
        return label
    said = verb_in_words(verb, policy)
    return f"{said} {with_article(called(noun, policy))}" if noun else said


def verb_in_words(verb: str, policy: Policy) -> str:
    """Say the verb of an act: "approve", "be consulted on"; by its label where it has one."""
    known = policy.acts.get(verb)
    return known.label if known is not None and known.label else words(verb)


def event_in_words(event: str, policy: Policy) -> str:
    """Say an event: ``change_request.submitted`` is "a change request is submitted"."""
    named = EventName(event)
    if named.rhythm is not None:
        return f"{_BEGINS[named.rhythm]} begins"
    return f"{with_article(called(named.noun, policy))} is {words(named.what)}"


def timed_in_words(event: EventName, policy: Policy) -> str:
    """Say for what the clock raises an event: "for each open risk"."""
    is_place = policy.register_of(event.noun) is None
    return f"for each {'' if is_place else 'open '}{called(event.noun, policy)}"


def fact_in_words(name: str, policy: Policy) -> str:
    """Name a fact that a rule may look at: "the change", "the changes", "today"."""
    said = MOMENTS.get(name) or called(name, policy)
    return said if name in MOMENTS or said.startswith(("the ", "a ", "an ")) else f"the {said}"


def singular(plural: str, policy: Policy) -> str:
    """Name one record of a list of records: "change" for ``changes``."""
    if plural == "history":
        return "earlier event"
    for register in policy.registers.values():
        if register.plural == plural:
            return called(register.root, policy)
    return f"item of the {words(plural)}"


def possessive(owner: str, field: str) -> str:
    """Say whose field it is: "the change's cost", "the day the issue was raised"."""
    if (said := _of_owner(owner, field)) is not None:
        return said
    if owner == "it":
        return f"its {field}"
    return f"{owner}{APOSTROPHE if _PLURAL.search(owner) else APOSTROPHE + 's'} {field}"


def of_it(field: str) -> str:
    """Name a field of one item in hand: "the cost", "the day it was raised"."""
    return _of_owner("it", field) or f"the {field}"


def _of_owner(owner: str, field: str) -> str | None:
    """Say a field that is called by what is done: "what the milestone depends on"."""
    if field == "event" and owner.endswith("earlier event"):
        return owner
    was, be = ("were", "are") if owner != "it" and _PLURAL.search(owner) else ("was", "is")
    if day := _DAY.fullmatch(field):
        if _OF_SEVERAL.match(owner):
            return f"{owner}{APOSTROPHE}s day {day[1]}"
        return f"the day {owner} {was} {day[1]}"
    if _OF_SEVERAL.match(owner):
        return None
    if moment := _MOMENT.fullmatch(field):
        return f"the moment {owner} {was} {moment[1]}"
    if until := _UNTIL.fullmatch(field):
        return f"the day until which {owner} {be} {until[1]}"
    if _DOES.fullmatch(field):
        return f"what {owner} {field}"
    return f"the one {owner} {was} {field}" if _DONE.fullmatch(field) else None


def column_in_words(column: TableInput | TableOutput) -> str:
    """Give what people call a column of a table."""
    return column.label or words(column.name)


def path_in_words(path: str, policy: Policy) -> str:
    """Name a fact by its path: ``risks[2].score`` is "the score of risk 2", by its key as well."""
    root, *rest = FactPath(path).steps
    said = fact_in_words(str(root), policy)
    if rest and path.startswith("[", len(str(root))):
        said = f"{singular(str(root), policy)} {rest.pop(0)}"
    for name in rest[:-1]:
        said = possessive(said, called(str(name), policy, of=str(root)))
    return part_in_words(said, str(root), str(rest[-1]), policy) if rest else said


WHETHER = "whether "


def part_in_words(owner: str, root: str, name: str, policy: Policy) -> str:
    """Name what a thing has, or whether it is so: "whether the change is marked as urgent"."""
    field = called(name, policy, of=root)
    if not _is_a_mark(root, name, policy):
        return possessive(owner, field)
    return f"{WHETHER}{owner} {predicate(field, marked=MARKED if field == words(name) else '')}"


def _is_a_mark(root: str, name: str, policy: Policy) -> bool:
    """Tell whether a field of a register's records is true or false."""
    registers = (each for each in policy.registers.values() if root in {each.root, each.plural})
    fields = (each.fields.get(name) for each in registers)
    return any(each is not None and each.type == t.BOOLEAN for each in fields)


def type_in_words(type_: t.Type) -> str:
    """Say what a type is."""
    return t.describe(type_)
