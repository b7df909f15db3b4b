"""Binds registers: fields with their types, events, and the names that rules can look at."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, get_args

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings
from pmo_engine.compiler.binding.naming.spoken import learn_words
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.compiler.planning.attributes import attributes_read
from pmo_engine.compiler.registers.baselines import baselines, moved_beside, movers_are_there
from pmo_engine.compiler.registers.imports import import_layout
from pmo_engine.compiler.registers.intake import becoming, changing
from pmo_engine.compiler.registers.life_cycles import life_cycle
from pmo_engine.compiler.registers.measured import TOLERATED, tolerated_type
from pmo_engine.compiler.registers.ranges import PERCENT, WHOLE, ranged
from pmo_engine.compiler.registers.relations import records_are_there, relations
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import join
from pmo_engine.model.event_names import EventName
from pmo_engine.model.vocabulary import OFFICE, ReturnState
from pmo_engine.policy.events import OWN_EVENTS
from pmo_engine.policy.registers import EVENTS, IMPLICIT, others_of, record_type
from pmo_engine.policy.rounds import RETURNS
from pmo_engine.policy.strategies import STRATEGY
from pmo_engine.policy.terms import STANDING, SUMS
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Text, key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    Typed: TypeAlias = s.FieldEntry | s.ParameterEntry | s.TableInputEntry | s.TableOutputEntry

TYPES: dict[str, t.Type] = {
    "text": t.STRING,
    "string": t.STRING,
    "number": t.NUMBER,
    "whole number": WHOLE,
    "percent": PERCENT,
    "boolean": t.BOOLEAN,
    "date": t.DATE,
    "date and time": t.MOMENT,
    "duration": t.DAYS_TIME_DURATION,
    "any": t.ANY,
}
AS = ("owner", "producer", "reviewer", "party")
"""As whom a field may name somebody."""
ROLE = "role"
"""The type of what names a role of the policy."""
PROJECT: tuple[tuple[str, t.Type], ...] = (("id", t.STRING), ("name", t.STRING))
IN_OFFICE: tuple[tuple[str, t.Type], ...] = (
    (SUMS, t.ContextType((), SUMS, open=True)),
    ("absent", t.ListType(t.STRING)),
    ("vacant", t.ListType(t.STRING)),
    ("requester", t.ListType(t.STRING)),
)
"""How the office stands: sums of limits, roles that are away, roles of who asks."""
GLOBAL: tuple[tuple[str, t.Type], ...] = (
    ("project", t.ContextType(PROJECT, "project", open=True)),
    ("stage", t.ContextType((("id", t.STRING),), "stage")),
    ("office", t.ContextType((("id", t.STRING),), "office")),
    ("gate", t.ContextType((("id", t.STRING),), "gate")),
    ("actor", t.ContextType((("id", t.STRING),), "actor")),
    (STANDING, t.ContextType(IN_OFFICE, STANDING)),
    ("today", t.DATE),
    ("now", t.MOMENT),
)
EARLIER: tuple[tuple[str, t.Type], ...] = (
    ("event", t.STRING),
    ("at", t.MOMENT),
    ("actor", t.STRING),
)
OTHER_TYPES = {
    "int": "number",
    "integer": "number",
    "%": "percent",
    "percentage": "percent",
    "decimal": "number",
    "float": "number",
    "str": "text",
    "bool": "boolean",
    "datetime": "date and time",
    "timestamp": "date and time",
    "amount": "money",
    "currency": "money",
    "list": "list<text>",
    "yes/no": "boolean",
    "yes or no": "boolean",
    "true/false": "boolean",
    "flag": "boolean",
    "checkbox": "boolean",
    "logical": "boolean",
    "day": "date",
    "words": "text",
    "free text": "text",
    "price": "money",
    "cost": "money",
}
"""What other tools call the types."""
_LIST = re.compile(r"list<(.+)>")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def registers(context: Context) -> dict[str, tree.Register]:
    """Bind all registers, then what is added to them."""
    documents = list(context.reading.of(s.Registers))
    entries = [entry for document in documents for entry in document.declared]
    made = [(entry.register_, _register(context, entry)) for entry in entries]
    found = _unique(context.findings, made)
    for what in ("noun", "root", "plural"):
        _distinct(context.findings, entries, what)
    for document in documents:
        for more in document.extensions:
            if context.findings.known(more.extends, found, codes.UNKNOWN, "register"):
                found[more.extends] = _extended(context, found[more.extends], more)
    learn_words(context)
    declared = (each.fields_ for each in entries)
    added = (each.fields_ for document in documents for each in document.extensions)
    written = (field for each in (*declared, *added) for field in each.values())
    beside = (each.moved_by for document in documents for each in document.extensions)
    movers_are_there(context.findings, written, beside, found)
    records_are_there(context.findings, found)
    return found


def _unique(
    findings: Findings, made: Iterable[tuple[Text, tree.Register]]
) -> dict[str, tree.Register]:
    found: dict[str, tree.Register] = {}
    for name, register in made:
        findings.identified(name, "register")
        first = found.setdefault(str(name), register)
        if first is not register:
            hint = f"first {first.mark}; to add fields to it, write 'extends: {name}'"
            findings.add(
                name.mark, codes.DECLARED_TWICE, f"register '{name}' is declared twice", hint
            )
    return found


def _distinct(findings: Findings, entries: Iterable[s.RegisterEntry], what: str) -> None:
    owner: dict[str, str] = {}
    for entry in entries:
        word: Text = getattr(entry, what)
        findings.identified(word, what)
        first = owner.setdefault(word, str(entry.register_))
        if first != entry.register_:
            findings.add(
                word.mark,
                codes.DECLARED_TWICE,
                f"{what} '{word}' is that of register '{first}' too",
            )


def _extended(context: Context, first: tree.Register, more: s.ExtensionEntry) -> tree.Register:
    """Add fields, events and imports; the field that authority is measured by stays what it is."""
    for name in first.fields.keys() & more.fields_.keys():
        message = f"field '{name}' of '{first.id}' is declared twice"
        context.findings.add(
            more.fields_[name].mark, codes.DECLARED_TWICE, message, "choose another name"
        )
    for what in more.events:
        if EventName.of(first.noun, what) in first.events:
            message = f"event '{what}' of '{first.id}' is declared twice"
            context.findings.add(what.mark, codes.DECLARED_TWICE, message, "leave it out")
    events = (EventName.of(first.noun, what) for what in more.events)
    fields = {**_fields(context, first.id, more.fields_), **first.fields}
    life = first.life
    if more.life_cycle is not None:
        life = life_cycle(context, first.root, more.life_cycle, fields)
    return replace(
        first,
        fields=moved_beside(context.findings, more.moved_by, {**first.fields, **fields}),
        life=life,
        decided=more.decided or first.decided,
        relations=(*first.relations, *_relations(context, more, {**first.fields, **fields})),
        events=tuple(dict.fromkeys((*first.events, *events))),
        imports=(
            *first.imports,
            *(import_layout(context.findings, item, fields) for item in more.imports),
        ),
    )


def _fields(
    context: Context, register: str, entries: Mapping[str, s.FieldEntry]
) -> dict[str, tree.Field]:
    fields = {}
    for name, field in entries.items():
        _check_name(context.findings, name, register, field, key_of(entries, name))
        kind = ranged(context.findings, field, field_type(context, field))
        names = _named(context.findings, field, kind)
        about, setter = str(field.about or ""), _setter(context, field)
        fields[name] = tree.Field(
            name, kind, field.required, about, setter, names, field.asks_anew, mark=field.mark
        )
    return baselines(context.findings, register, entries, fields)


def _setter(context: Context, field: s.FieldEntry) -> str | None:
    """Read the role that alone may set a field: one of the policy's, or a functional one."""
    if field.set_by is None:
        return None
    known = dict.fromkeys((*context.role_names(), *known_packs()))
    is_known = context.findings.known(field.set_by, known, codes.UNKNOWN, "role")
    return str(field.set_by) if is_known else None


def _named(findings: Findings, field: s.FieldEntry, kind: t.Type) -> str | None:
    """Read as whom a field names somebody, which only text can."""
    if field.names is None or not findings.known(field.names, AS, codes.UNKNOWN, "part"):
        return None
    if kind not in {t.STRING, t.ListType(t.STRING)}:
        message = f"a field that names a {field.names} holds text, or a list of texts"
        findings.add(field.names.mark, codes.WRONG_VALUE, message, "write 'type: text'")
    return str(field.names)


def _register(context: Context, entry: s.RegisterEntry) -> tree.Register:
    context.findings.identified(entry.key_prefix, "key prefix")
    fields = _fields(context, str(entry.register_), entry.fields_)
    return tree.Register(
        id=str(entry.register_),
        noun=str(entry.noun),
        root=str(entry.root),
        plural=str(entry.plural),
        key_prefix=str(entry.key_prefix or _prefix(entry.noun)),
        fields=fields,
        value=_value(context.findings, entry, fields),
        events=tuple(EventName.of(entry.noun, what) for what in (*EVENTS, *entry.events)),
        imports=tuple(import_layout(context.findings, item, fields) for item in entry.imports),
        life=life_cycle(context, str(entry.root), entry.life_cycle, fields),
        relations=_relations(context, entry, fields),
        of=entry.of,
        decided=entry.decided,
        becomes=becoming(context.findings, entry, fields),
        changes=changing(context.findings, entry, fields),
        mark=entry.mark,
    )


def _relations(
    context: Context,
    entry: s.RegisterEntry | s.ExtensionEntry,
    fields: Mapping[str, tree.Field],
) -> tuple[tree.Relation, ...]:
    return relations(context.findings, entry.must_be, fields)


def _check_name(
    findings: Findings, name: str, register: str, field: s.FieldEntry, key: Text
) -> None:
    if not _IDENTIFIER.fullmatch(name):
        message = f"field '{name}' is no name that an expression can use"
        joined = re.sub(r"\W+", "_", name).strip("_")
        hint = f"write {joined}" if _IDENTIFIER.fullmatch(joined) else "use letters, digits and _"
        fixes = key.instead(joined) if _IDENTIFIER.fullmatch(joined) else ()
        findings.add(field.mark, codes.WRONG_VALUE, message, hint, fixes=fixes)
    findings.identified(Text(name, field.mark), "field")
    if name in dict(IMPLICIT):
        message = f"every record of '{register}' has '{name}' already"
        findings.add(
            field.mark, codes.DECLARED_TWICE, message, "leave it out or choose another name"
        )


def _prefix(noun: str) -> str:
    words = noun.split("_")
    return "".join(word[0] for word in words).upper() if len(words) > 1 else noun[:1].upper()


def _value(
    findings: Findings, entry: s.RegisterEntry, fields: Mapping[str, tree.Field]
) -> str | None:
    money = [name for name, field in fields.items() if isinstance(field.type, t.MoneyType)]
    if entry.value is not None:
        findings.known(entry.value, money, codes.WRONG_VALUE, "money field")
        return str(entry.value)
    return money[0] if len(money) == 1 else None


def field_type(context: Context, entry: Typed) -> t.Type:
    """Give the type that a field, parameter or column declares."""
    if isinstance(entry.type, list):
        return t.EnumType(tuple(str(item) for item in entry.type))
    return _named_type(context, entry.type)


def _named_type(context: Context, name: Text) -> t.Type:
    inner = _LIST.fullmatch(name)
    if name == "money":
        return t.MoneyType(context.currency)
    if inner:
        return t.ListType(_named_type(context, Text(inner[1], name.mark)))
    if name in TYPES:
        return TYPES[name]
    if name == ROLE:
        return t.EnumType(context.role_names())
    known = [*TYPES, "money", ROLE, "list<text>"]
    other = OTHER_TYPES.get(name.casefold())
    hint = f"did you mean '{other}'?" if other else nearest(name, known)
    hint = hint or f"known: {', '.join(known)}"
    context.findings.add(name.mark, codes.WRONG_VALUE, f"unknown type '{name[:60]}'", hint)
    return t.ANY


def fact_types(context: Context, registers: Mapping[str, tree.Register]) -> dict[str, t.Type]:
    """Give the type of every name that some event offers, derived facts apart."""
    names: dict[str, t.Type] = dict(GLOBAL)
    names[STANDING] = t.ContextType(((SUMS, _sums_type(context)), *IN_OFFICE[1:]), STANDING)
    own = (*PROJECT, ("stage", _stage_type(context)), *_strategy_type(context))
    names["project"] = t.ContextType(own, "project", open=True)
    for register in registers.values():
        kind = record_type(register)
        if register.root == "project":
            kind = t.ContextType((*kind.entries, *own), "project")
        names[register.root] = kind
        names[register.plural] = t.ListType(kind)
        if not register.of_offices:
            names[others_of(register)] = t.ListType(kind)
    vacancy = (("role", t.EnumType(context.role_names())), ("since", t.DATE))
    names.setdefault("vacancies", t.ListType(t.ContextType(vacancy, "vacancy")))
    if (asked := _return_type(context)) is not None:
        names.setdefault(RETURNS, t.ListType(asked))
    if (tolerated := tolerated_type(context, registers)) is not None:
        names[TOLERATED] = tolerated
    names["history"] = t.ListType(_earlier_event(context, registers.values()))
    return names


def _return_type(context: Context) -> t.Type | None:
    """Give the type of what a round asks of a project; None where there are no rounds."""
    rounds = [each for document in context.reading.of(s.Rounds) for each in document.rounds]
    if not rounds:
        return None
    names = dict.fromkeys(str(each.id) for each in rounds)
    collected = dict.fromkeys(str(item.register_name) for each in rounds for item in each.collect)
    entries: dict[str, t.Type] = {
        "round": t.EnumType(tuple(names)),
        "period": t.STRING,
        "project": t.STRING,
        "register": t.EnumType(tuple(collected)),
        "role": t.EnumType(context.role_names()),
        "state": t.EnumType(get_args(ReturnState)),
        "due": t.MOMENT,
        "answered_at": t.MOMENT,
    }
    return t.ContextType(tuple(entries.items()), "return")


def _sums_type(context: Context) -> t.Type:
    """Give the sums that there are: one of each authority that adds up."""
    money = t.MoneyType(context.currency)
    entries = (entry for each in context.reading.of(s.Terms) for entry in each.authority)
    adding = (str(entry.id) for entry in entries if entry.cumulative is not None)
    return t.ContextType(tuple((name, money) for name in dict.fromkeys(adding)), SUMS)


def _stage_type(context: Context) -> t.Type:
    """Give the stages that gates lie between, where they are declared."""
    stages = [str(each) for document in context.reading.of(s.Gates) for each in document.stages]
    return t.EnumType(tuple(dict.fromkeys(stages)), closed=False) if stages else t.STRING


def _strategy_type(context: Context) -> Iterator[tuple[str, t.Type]]:
    """Give by which strategies a project may be planned, and what chooses among them."""
    documents = context.reading.of(s.StrategiesDocument)
    ids = [str(each.id) for document in documents for each in document.strategies]
    if ids:
        yield STRATEGY, t.EnumType(tuple(dict.fromkeys(ids)))
    own = {STRATEGY, "stage", *dict(PROJECT)}
    for name, column in dict(attributes_read(context)).items():
        if name not in own:
            yield name, field_type(context, column)


def _earlier_event(context: Context, registers: Iterable[tree.Register]) -> t.ContextType:
    """Give the type of an item of ``history``: an event, with the fields of its record."""
    registers = list(registers)
    events = [event for register in registers for event in register.events]
    for document in context.reading.of(s.Rules):
        for rule in document.rules:
            events += map(EventName, rule.events)
    known = tuple(dict.fromkeys((*events, *OWN_EVENTS)))
    entries: dict[str, t.Type] = {}
    for register in registers:
        for name, kind in record_type(register).entries:
            before = entries.get(name, kind)
            one_set = name == "status" or before == kind
            entries[name] = join(before, kind) if one_set else t.ANY
    entries |= {**dict(EARLIER), "event": t.EnumType(known, closed=False)}
    return t.ContextType(tuple(entries.items()), "event", open=True)


class Names(dict[str, t.Type]):
    """What a rule sees; ``absent`` says of records that others see why it does not."""

    def __init__(self, names: Mapping[str, t.Type], absent: Mapping[str, str]) -> None:
        super().__init__(names)
        self.absent = absent


def names_on(
    events: Collection[EventName],
    registers: Mapping[str, tree.Register],
    facts: Mapping[str, t.Type],
) -> Names:
    """Give the names that a rule on these events can see: of the roots, only the record in hand."""
    nouns = {event.noun for event in events}
    of_offices = {each.noun for each in registers.values() if each.of_offices} | {OFFICE}
    hidden = _out_of_office(events, registers) if nouns & of_offices else {}
    hidden |= {
        register.root: f"only events as '{register.noun}.submitted' are about it, and this rule is"
        f" on '{joined}'"
        for joined in (", ".join(events),)
        for register in registers.values()
        if nouns != {register.noun} and register.root != "project"
    }
    hidden |= {
        others_of(register): f"it is of rules on '{register.noun}', and this rule is on '{joined}'"
        for joined in (", ".join(events),)
        for register in registers.values()
        if nouns != {register.noun}
    }
    return Names({name: kind for name, kind in facts.items() if name not in hidden}, hidden)


def _out_of_office(
    events: Collection[EventName], registers: Mapping[str, tree.Register]
) -> dict[str, str]:
    """Name what only projects have, which nobody sees from an office."""
    plurals = [each.plural for each in registers.values() if not each.of_offices]
    why = f"'{', '.join(events)}' is about an office, which has no project nor its registers"
    return dict.fromkeys(("project", "stage", "gate", *plurals), why)
