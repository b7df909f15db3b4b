"""What the documents of a policy and its packs declare, by name, as far as they can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.binding.registers import GLOBAL, ROLE, TYPES
from pmo_engine.compiler.kinds import KINDS
from pmo_engine.compiler.names import Entry, Index
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.feel import types as t
from pmo_engine.policy.events import OWN_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.compiler.schema.located import Located


def index_of(documents: Iterable[Located]) -> Index:
    """Make an index of documents."""
    documents = list(documents)
    index = Index()
    for name in known_packs():
        index.add("functional", Entry(name, "functional role"))
        index.add("pack", Entry(name, "pack"))
    for event in OWN_EVENTS:
        index.add("event", Entry(event, "brought about by the engine"))
    for name in (*TYPES, "money", ROLE, "list<text>"):
        index.add("type", Entry(name, "type"))
    for name, kind in GLOBAL:
        index.add("fact", Entry(name, t.describe(kind)))
        if isinstance(kind, t.ContextType):
            index.records[name] = {each: Entry(each, t.describe(k)) for each, k in kind.entries}
    index.add("act", Entry("adopt policy", "act"))
    for each in KINDS.values():
        each.declare([found for found in documents if isinstance(found, each.model)], index)
    return index


def variables(index: Index, expression: str) -> Mapping[str, str]:
    """Give the roots of the records that the variables of an expression stand for."""
    found: dict[str, str] = {}
    words = expression.replace("(", " ").replace(",", " ").split()
    for name, word, domain in zip(words, words[1:], words[2:], strict=False):
        if word == "in" and domain in index.plurals:
            found[name] = index.plurals[domain]
    return found
