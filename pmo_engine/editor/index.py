"""What the documents of a policy and its packs declare, by name, as far as they can be read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.registers import EVENTS, GLOBAL, IMPLICIT, TYPES
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.feel import types as t
from pmo_engine.policy.events import OWN_EVENTS
from pmo_engine.source.diagnostics import NOWHERE, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.compiler.schema.located import Located

What: TypeAlias = Literal[
    "role",
    "functional",
    "ladder",
    "rule",
    "gate",
    "stage",
    "event",
    "act",
    "calendar",
    "pack",
    "table",
    "register",
    "type",
    "fact",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a name: what it is in a few words, what there is to say, and its place."""

    name: str
    detail: str = ""
    about: str = ""
    mark: Mark = NOWHERE
    choices: tuple[str, ...] = ()  # the values that a field may have


@dataclass(slots=True)
class Index:
    """Everything that can be named, by what it is; records have fields, packs parameters."""

    named: defaultdict[What, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[str, dict[str, Entry]] = field(default_factory=dict)  # by the record's root
    plurals: dict[str, str] = field(default_factory=dict)  # a plural and the root of its records
    nouns: dict[str, str] = field(default_factory=dict)  # a noun and the root of its records
    parameters: defaultdict[str, dict[str, Entry]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, what: What, entry: Entry) -> None:
        """Enter something; the first of a name stays."""
        self.named[what].setdefault(entry.name, entry)


def index_of(documents: Iterable[Located]) -> Index:
    """Make an index of documents."""
    documents = list(documents)
    index = Index()
    for name in known_packs():
        index.add("functional", Entry(name, "functional role"))
        index.add("pack", Entry(name, "pack"))
    for event in OWN_EVENTS:
        index.add("event", Entry(event, "brought about by the engine"))
    for name in (*TYPES, "money", "list<text>"):
        index.add("type", Entry(name, "type"))
    for name, kind in GLOBAL:
        index.add("fact", Entry(name, t.describe(kind)))
        if isinstance(kind, t.ContextType):
            index.records[name] = {each: Entry(each, t.describe(k)) for each, k in kind.entries}
    index.add("act", Entry("adopt policy", "act"))
    for document in documents:
        _add(index, document)
    _extend(index, documents)
    return index


def _add(index: Index, document: Located) -> None:
    match document:
        case s.Roles():
            for role in document.roles:
                index.add("role", _role(role))
        case s.Registers():
            for register in document.declared:
                _add_register(index, register)
        case s.Ladders():
            for ladder in document.ladders:
                index.add("ladder", Entry(str(ladder.id), "ladder", _rungs(ladder), ladder.mark))
        case s.Rules():
            _add_rules(index, document)
        case s.Gates():
            for stage in document.stages:
                index.add("stage", Entry(str(stage), "stage", mark=stage.mark))
            for gate in document.gates:
                index.add("gate", Entry(str(gate.id), "gate", str(gate.title), gate.mark))
        case s.Calendar():
            about = f"{document.zone}"
            index.add("calendar", Entry(str(document.id), "calendar", about, document.mark))
        case s.TableEntry():
            index.add("table", _table(document))
        case _:
            pass


def _role(role: s.RoleEntry) -> Entry:
    detail = "body" if role.body else "role"
    above = f"Senior: `{role.senior}`." if role.senior is not None else ""
    about = "\n\n".join(filter(None, [str(role.title or ""), above]))
    return Entry(str(role.id), detail, about, role.mark)


def _rungs(ladder: s.LadderEntry) -> str:
    return "\n".join(f"- {_rung(rung)}" for rung in ladder.rungs)


def _rung(rung: s.RungEntry) -> str:
    moment = f"at {rung.at}" if rung.at is not None else f"{rung.after} after the due moment"
    to = f"remind {rung.remind}" if rung.remind is not None else f"escalate to {rung.escalate}"
    return f"{moment}: {to}"


def _add_register(index: Index, register: s.RegisterEntry) -> None:
    root, noun = str(register.root), str(register.noun)
    about = f"Conditions call the record `{root}`, the project's records `{register.plural}`."
    index.add("register", Entry(str(register.register_), "register", about, register.mark))
    index.add("fact", Entry(root, f"the {noun} in hand", mark=register.root.mark))
    plural = Entry(str(register.plural), f"the project's {noun} records", mark=register.plural.mark)
    index.add("fact", plural)
    index.plurals[str(register.plural)] = index.nouns[noun] = root
    fields = index.records.setdefault(root, {})
    for name, kind in IMPLICIT:
        fields.setdefault(name, Entry(name, t.describe(kind), "Every record has it."))
    fields.update({name: _field(name, entry) for name, entry in register.fields_.items()})
    for what in (*EVENTS, *register.events):
        index.add("event", Entry(f"{noun}.{what}", f"a {noun} is {what}", mark=register.mark))
    index.add("act", Entry(f"approve {noun}", "act", mark=register.mark))


def _extend(index: Index, documents: Iterable[Located]) -> None:
    """Add what registers got from others, once all are known."""
    found = [each for each in documents if isinstance(each, s.Registers)]
    registers = {str(each.register_): each for document in found for each in document.declared}
    for document in found:
        for more in document.extensions:
            register = registers.get(str(more.extends))
            if register is None:
                continue
            fields = index.records[str(register.root)]
            fields.update({name: _field(name, entry) for name, entry in more.fields_.items()})
            for what in more.events:
                event, about = f"{register.noun}.{what}", f"a {register.noun} is {what}"
                index.add("event", Entry(event, about, mark=what.mark))


def _field(name: str, entry: s.FieldEntry | s.ParameterEntry) -> Entry:
    choices = tuple(map(str, entry.type)) if isinstance(entry.type, list) else ()
    detail = f"one of {', '.join(choices)}" if choices else str(entry.type)
    return Entry(name, detail, str(entry.about or ""), entry.mark, choices)


def _add_rules(index: Index, document: s.Rules) -> None:
    if document.pack is not None:
        pack = str(document.pack)
        index.named["pack"][pack] = Entry(pack, "pack", mark=document.mark)
        fields = {name: _field(name, entry) for name, entry in document.parameters.items()}
        index.parameters[pack].update(fields)
    for rule in document.rules:
        index.add("rule", Entry(str(rule.id), rule.binding, str(rule.title), rule.mark))
        for derive in _derived(rule):
            about = f"Derived by rule `{rule.id}`: `{derive.value}`"
            index.add("fact", Entry(str(derive.fact), "derived fact", about, derive.fact.mark))


def _derived(rule: s.RuleEntry) -> Iterator[s.DeriveEffect]:
    return (effect.derive for effect in rule.then if effect.derive is not None)


def _table(table: s.TableEntry) -> Entry:
    inputs = ", ".join(str(each.name) for each in table.inputs)
    about = "\n\n".join(filter(None, [str(table.title), str(table.about or "")]))
    return Entry(str(table.id), f"{table.id}({inputs})", about, table.mark)


def variables(index: Index, expression: str) -> Mapping[str, str]:
    """Give the roots of the records that the variables of an expression stand for."""
    found: dict[str, str] = {}
    words = expression.replace("(", " ").replace(",", " ").split()
    for name, word, domain in zip(words, words[1:], words[2:], strict=False):
        if word == "in" and domain in index.plurals:
            found[name] = index.plurals[domain]
    return found
