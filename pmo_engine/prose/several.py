"""Lists in English: some or every record, those for which something is so, each in turn."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.walk import walk
from pmo_engine.model.names import words
from pmo_engine.prose import names
from pmo_engine.prose import vocabulary as v
from pmo_engine.prose.plain import plain
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_engine.prose.sentences import Speaker

ANOTHER = " with another key"
KEY = "key"


def quantified_in_words(to: Speaker, node: n.Quantified, *, holds: bool) -> str:
    """Say that something is so of some record, of every, of none or not of every."""
    some = node.quantifier == "some"
    if some and len(node.iterators) == 1 and _is_compound(node.condition):
        return _there_is(to, node.iterators[0], node.condition, holds=holds)
    word = ("some" if some else "every") if holds else ("no" if some else "not every")
    among = any(not _is_named(to, each) for each in node.iterators)
    nested = among or _has_several(node.condition)
    with introduced(to, node.iterators, word) as first:
        if nested:  # whose variable comes first in the sentence would turn the meaning around
            to.said |= {name: to.again[name] for name in first}
        clause = to.clause(node.condition)
        unsaid = list(first.values()) if nested else _unsaid(to, first)
    return f"for {joined(unsaid)}, {clause}" if unsaid else clause


def _is_compound(condition: n.Node) -> bool:
    return isinstance(plain(condition), n.Conjunction | n.Disjunction) and not _has_several(
        condition
    )


def _has_several(condition: n.Node) -> bool:
    return any(isinstance(each, n.Quantified | n.ForLoop | n.Filter) for each in walk(condition))


def _there_is(to: Speaker, iterator: n.Iterator, condition: n.Node, *, holds: bool) -> str:
    """Say "there is a change for which its cost is ... and its reason is ..."."""
    with introduced(to, [iterator], "") as first:
        item, other = first[iterator.name].strip(), _other(to, iterator, condition)
        to.said[iterator.name] = to.again[iterator.name] = "it"
        clause = to.clause(condition if other is None else other)
    such = f"{item}{'' if other is None else ANOTHER} for which {clause}"
    return f"there is {names.with_article(such) if holds else f'no {such}'}"


def _other(to: Speaker, iterator: n.Iterator, condition: n.Node) -> n.Node | None:
    """Give what is left of a condition that asks first that the record is not the one in hand."""
    own, root = n.Path(n.Name(iterator.name), KEY), to.root_of(iterator.domain)
    return None if to.is_local(root) else _without_key(condition, own, root)


def _without_key(condition: n.Node, own: n.Node, root: str) -> n.Node | None:
    another = n.Comparison("!=", own, n.Path(n.Name(root), KEY))
    match condition:
        case n.Conjunction(operands) if another in operands:
            rest = tuple(each for each in operands if each != another)
            return rest[0] if len(rest) == 1 else n.Conjunction(rest)
        case _:
            return None


@contextmanager
def introduced(to: Speaker, iterators: Sequence[n.Iterator], word: str) -> Iterator[dict[str, str]]:
    """Speak of "some risk" where a variable comes first, and of "that risk" from then on."""
    around, first = (dict(to.said), dict(to.again)), {}
    roots, to.roots = to.roots, to.roots | {e.name: to.record_of(e.domain) for e in iterators}
    among = to.this
    to.this = among | {to.root_of(each.domain) for each in iterators}
    for each in iterators:
        item, one = _item(to, each)
        if f"that {one}" in to.again.values():
            item, one = item.replace(one, f"{one} {each.name}", 1), f"{one} {each.name}"
        to.said[each.name] = first[each.name] = f"{word} {item}"
        to.again[each.name] = f"that {one}"
    yield first
    to.this, to.roots = among, roots
    for names_now, names_before in zip((to.said, to.again), around, strict=True):
        for name in first:
            del names_now[name]
        names_now.update({k: said for k, said in names_before.items() if k in first})


def _unsaid(to: Speaker, first: Mapping[str, str]) -> list[str]:
    """List the variables that the clause inside never spoke of."""
    return [phrase for name, phrase in first.items() if to.said[name] == phrase]


def _is_named(to: Speaker, iterator: n.Iterator) -> bool:
    """Tell whether a list is one of the records that have a name of their own."""
    if not isinstance(iterator.domain, n.Name) or iterator.until is not None:
        return False
    return iterator.domain.name not in to.said and iterator.domain.name not in to.own


def _item(to: Speaker, iterator: n.Iterator) -> tuple[str, str]:
    """Give what one item of a list is called with and without the list that it is of."""
    if _is_named(to, iterator) and isinstance(iterator.domain, n.Name):
        name = names.singular(iterator.domain.name, to.policy)
        return name, name.partition(" of ")[0]
    one = words(iterator.name)
    return f"{one} {among_in_words(to, iterator)}", one


def among_in_words(to: Speaker, iterator: n.Iterator) -> str:
    """Say what an iterator goes over: "among the ...", "from 1 to 3"."""
    if iterator.until is None:
        return f"among {to.noun(iterator.domain)}"
    return f"from {to.noun(iterator.domain)} to {to.noun(iterator.until)}"


def loop_in_words(to: Speaker, node: n.ForLoop, of: str = "the list") -> str:
    """Say what a loop gives, or what is made ``of`` that: "the sum of each change's cost"."""
    short = isinstance(node.body, n.Path) and all(_is_named(to, each) for each in node.iterators)
    with introduced(to, node.iterators, "each") as first:
        if not short:
            to.said |= {name: to.again[name] for name in first}
            return f"{of} (over {joined(list(first.values()))}) of {to.anything(node.body, t.ANY)}"
        said = to.anything(node.body, t.ANY)
        unsaid = _unsaid(to, first)
    return f"{of} of {said}{f' for {joined(unsaid)}' if unsaid else ''}"


def filtered_in_words(to: Speaker, base: n.Node, condition: n.Node) -> str:
    """Say which of a list's items are meant: the last, or those for which something is so."""
    return _such(to, base, condition, to.noun(base))


def one_in_words(to: Speaker, listed: n.Node) -> str:
    """Say one item of a list of records: "change for which the cost is above 5 GBP"."""
    match listed:
        case n.Filter(n.Name(name) as base, condition):
            one = names.singular(name, to.policy)
            clause, other = _meant(to, base, condition)
            return f"{one}{other} for which {clause}"
        case n.Name(name):
            return names.singular(name, to.policy)
        case _:
            return f"item among {to.noun(listed)}"


def _such(to: Speaker, base: n.Node, condition: n.Node, said: str) -> str:
    place = v.place(condition)
    if place is not None:
        return f"{place} of {said}"
    clause, other = _meant(to, base, condition)
    return f"{said}{other} (those for which {clause})"


def _meant(to: Speaker, base: n.Node, condition: n.Node) -> tuple[str, str]:
    """Say what is so of a filter's items, and whether the one in hand is left out."""
    root = to.root_of(base)
    rest = None if to.is_local(root) else _without_key(condition, n.Name(KEY), root)
    around, among = to.own, to.this
    to.own = {**around, "item": "the item", **_fields(to, base, condition)}
    to.this = among | {root}
    clause = to.anything(condition if rest is None else rest, t.BOOLEAN)
    to.own, to.this = around, among
    return clause, "" if rest is None else ANOTHER


def _fields(to: Speaker, base: n.Node, condition: n.Node) -> dict[str, str]:
    """Name the fields of a list's items: those declared, or those that are no known names."""
    items = v.type_of(base)
    if isinstance(items, t.ListType) and isinstance(items.item, t.ContextType):
        fields = [name for name, _ in items.item.entries]
    else:
        mentioned = [each.name for each in walk(condition) if isinstance(each, n.Name)]
        known = to.policy.facts
        fields = [name for name in mentioned if name not in known and name not in to.said]
    root = to.root_of(base) or to.root(base) or "?"
    return {name: names.of_it(names.called(name, to.policy, of=root)) for name in fields}
