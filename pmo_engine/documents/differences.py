"""What one version of a policy says otherwise than another: clause by clause, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING

from pmo_engine.documents import Clause, clauses
from pmo_engine.documents.keys import EXPRESSIONS, around, as_one, is_order, keys
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import LEAST_SENIOR
from pmo_engine.policy.changes import ChangeKind, ClauseChange, Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_engine.model.event_names import EventName
    from pmo_engine.policy import Policy

_TOKEN = re.compile(r"\w+(?:[.,]\w+)*")
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both versions say (" "), or only the old one ("-"), or only the new one ("+")."""

    sign: Sign
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A clause that is new, gone, or says something else; ``id`` is the same in both versions."""

    id: str
    old: Clause | None
    new: Clause | None

    @property
    def kind(self) -> ChangeKind:
        """Say what became of the clause."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def heading(self) -> str:
        """Give the heading of the clause, of the new version where there is one."""
        clause = self.new or self.old
        assert clause is not None  # there is one of them, else there were no difference
        return clause.heading

    def pieces(self) -> tuple[Piece, ...]:
        """Give the words of both versions, put together in reading order."""
        return tuple(_pieces(_said(self.old), _said(self.new)))

    def published(self) -> ClauseChange:
        """Give the shape that the command line prints and the store keeps."""
        return ClauseChange(
            clause=self.id,
            kind=self.kind,
            heading=self.heading,
            old=None if self.old is None else _said(self.old),
            new=None if self.new is None else _said(self.new),
            words=tuple((piece.sign, piece.text) for piece in self.pieces()),
        )


def differences(old: Policy | None, new: Policy) -> tuple[Difference, ...]:
    """Hold a version against an earlier one, in the order of the new one's document.

    A clause that is gone stands after the one that it used to follow. What no clause says, as a
    day on which something begins, an import or a suite, comes after the clauses, key by key.
    Without an ``old`` version everything is new.
    """
    before = {} if old is None else {clause.id: clause for clause in clauses(old)}
    found = _between(before, {clause.id: clause for clause in clauses(new)})
    if old is None or old.contents == new.contents:
        return tuple(found)
    words = {word for each in found for word in _altered(each)}
    before, after = keys(old), keys(new)
    apart = (each for each in _between(before, after) if not _is_told(each, found, words))
    return (*found, *_in_wholes(apart, before, after))


def _in_wholes(
    apart: Iterable[Difference], before: Mapping[str, Clause], after: Mapping[str, Clause]
) -> Iterator[Difference]:
    """Tell of a part of a file that is gone, or new, in one line and not key by key."""
    wholes: dict[str, list[Difference]] = {}
    for each in apart:
        others = {"added": before, "removed": after}.get(each.kind)
        whole = each.id if others is None else around(each.id, others)
        wholes.setdefault(whole, []).append(each)
    for whole, inside in wholes.items():
        clauses = [each.new or each.old for each in inside]
        known = [each for each in clauses if each is not None]
        if len(inside) == 1:
            yield inside[0]
        elif inside[0].old is None:
            yield Difference(whole, None, as_one(whole, known))
        else:
            yield Difference(whole, as_one(whole, known), None)


def _between(before: dict[str, Clause], after: dict[str, Clause]) -> list[Difference]:
    found = [Difference(id, before.get(id), after.get(id)) for id in _in_order(before, after)]
    return [each for each in found if _said(each.old) != _said(each.new)]


def _altered(found: Difference) -> set[str]:
    """Give the words that only one of the versions says."""
    pieces = (piece for piece in found.pieces() if piece.sign != " ")
    return {word for piece in pieces for word in _TOKEN.findall(piece.text)}


def _is_told(key: Difference, clauses: Sequence[Difference], words: set[str]) -> bool:
    """Tell whether a key's change stands in the clauses: in other words, or in these."""
    if is_order(key.id) and not _is_moved(key):
        return True
    steps = key.id.split("/")[2:]
    about = [each for each in clauses if not set(steps).isdisjoint(each.id.split("/"))]
    if key.kind != "changed" and any(each.kind == key.kind for each in about):
        return True
    if steps[-1] in EXPRESSIONS:
        return bool(about)
    values = [set(_TOKEN.findall(each.text)) for each in (key.old, key.new) if each is not None]
    other = reduce(xor, values)
    return bool(other) and other <= words


def _is_moved(key: Difference) -> bool:
    """Tell whether the same items stand in another order."""
    if key.old is None or key.new is None:
        return False
    return sorted(key.old.text.split(", ")) == sorted(key.new.text.split(", "))


def _in_order(before: dict[str, Clause], after: dict[str, Clause]) -> list[str]:
    order = list(after)
    place = 0
    for id in before:
        if id in after:
            place = order.index(id) + 1
        else:
            order.insert(place, id)
            place += 1
    return order


def _said(clause: Clause | None) -> str:
    return "" if clause is None else f"{clause.heading}: {clause.text}"


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            yield Piece(" ", "".join(before[i:j]))
            continue
        if i < j:
            yield Piece("-", "".join(before[i:j]))
        if k < m:
            yield Piece("+", "".join(after[k:m]))


def roles_concerned(old: Policy | None, new: Policy) -> list[str]:
    """Name the roles whose terms change: their own, or those of rules and gates they act in.

    Where nothing that changes names anybody, it concerns all that either version names.
    """
    policies = [new] if old is None else [old, new]
    named: set[str] = set()
    for each in differences(old, new):
        part, name = [*each.id.removeprefix("key/").split("/"), ""][:2]
        for policy in policies:
            named |= _named_in(policy, part, name)
    everybody = {role for policy in policies for role in policy.roles}
    return sorted(named & everybody or everybody)


def _named_in(policy: Policy, part: str, name: str) -> set[str]:
    match part:
        case "terms" | "role" | "terms_of_reference" | "roles":
            return {name}
        case "gate" | "gates":
            gate = policy.gates.get(name)
            return set() if gate is None else {gate.decided_by}
        case "rule" | "rules":
            return {
                role
                for rule in policy.rules
                if rule.id == name
                for effect in rule.then
                for role in _roles_of(policy, rule.on, getattr(effect, "role", None))
            }
        case _:
            return set()


def _roles_of(policy: Policy, events: tuple[EventName, ...], role: str | None) -> set[str]:
    if role != LEAST_SENIOR:
        return set() if role is None else {role}
    acts = {f"approve {event.noun}" for event in events}
    held = ((terms.role, item.act) for terms in policy.terms.values() for item in terms.authority)
    return {role for role, act in held if act in acts}
