"""What would alter an obligation: for each single fact the nearest values that would.

Candidates are the values at which the sides of some comparison meet, and a step to each side. The
engine decides every one of them. Where a fact bears on the rules in straight lines only
(``Influence.is_steady``), all between two such values comes to the same, so that a stretch of them
can be claimed; where it does not, a value is given as an example and nothing more is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.analysis.candidates import Candidates
from pmo_engine.analysis.influence import Influence
from pmo_engine.analysis.limits import boundaries_of
from pmo_engine.feel import nodes as n
from pmo_engine.feel.bounds import takes
from pmo_engine.feel.quantities import Quantity, as_number, is_quantity, like
from pmo_engine.feel.values import Missing, Range
from pmo_engine.feel.walk import walk
from pmo_engine.policy.alterations import AllBut, Alteration, Claim, Effect
from pmo_engine.policy.fact_paths import fact, leaves
from pmo_engine.policy.inlining import written_out

if TYPE_CHECKING:
    from pmo_engine.analysis.situation import Situation
    from pmo_engine.decisions.decision import Decision
    from pmo_engine.model.fact_paths import FactPath
    from pmo_engine.policy.decision import Obligation

MOST_FACTS = 100
"""How many single facts are varied; of long lists the rest is left out, and that is said."""

MOST_WORK = 500_000
"""How many facts are looked at in all; an event of many facts is decided again fewer times."""

REACH = 20
"""How often the distance is made four times as long in looking for a value that alters anything."""

Key: TypeAlias = tuple[str, str, str]


Run: TypeAlias = "list[tuple[Decimal, Effect | None]]"
"""Neighbouring numbers, each with what it makes of an obligation."""


class WhatIf:
    """Varies the facts of a situation one at a time."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.boundaries = boundaries_of(situation.selection.policy, situation.selection.rules)
        self.size = 200 + sum(1 for _ in leaves(situation.event.facts))
        self.decisions = 0
        self.varied = 0

    @cached_property
    def facts(self) -> tuple[FactPath, ...]:
        """Name the facts that bear on the rules in force, those of lists last."""
        rules = self.situation.selection.rules
        nodes = list(written_out(self.situation.engine.policy, rules))
        nodes += [each.comparison for each in self.boundaries]
        named = _names_in(nodes) | {"key", "status", "decided_at"}
        derived = {each.fact for rule in rules for each in rule.derivations}
        found = []
        for path in self.situation.looked_at(*nodes):
            root, *rest = path.steps
            declared = root in self.situation.engine.policy.facts and root not in derived
            if declared and rest and (isinstance(rest[0], str) or rest[-1] in named):
                found.append(path)
        return tuple(sorted(found, key=lambda path: "[" in path))

    @property
    def is_spent(self) -> bool:
        """Tell whether no more is to be looked at."""
        return self.decisions * self.size > MOST_WORK

    @property
    def left_out(self) -> int:
        """Count the facts that were not varied, once the alterations are known."""
        return len(self.facts) - self.varied

    def alterations(self) -> dict[str, list[Alteration]]:
        """Give what would alter each obligation, by its id; facts in the order of the rules."""
        found: dict[str, list[Alteration]] = {
            item.id: [] for item in self.situation.decision.obligations
        }
        for path in self.facts[:MOST_FACTS]:
            if self.is_spent:
                break
            self.varied += 1
            for item in _Varied(self, path).alterations():
                found[item.obligation.id].append(item)
        return found


def _names_in(nodes: list[n.Node]) -> set[str]:
    return {each.name for node in nodes for each in walk(node) if isinstance(each, n.Name | n.Path)}


class _Varied:
    """One fact of a situation, varied."""

    def __init__(self, of: WhatIf, path: FactPath) -> None:
        self.of, self.situation, self.path = of, of.situation, path
        self.influence = Influence(of.situation.selection, path)
        self.was = fact(of.situation.event.facts, path)
        self.candidates = Candidates(of.situation, of.boundaries, self.influence)
        of.decisions += len(self.candidates.boundaries)
        self.decided: dict[Any, Decision] = {}

    def alterations(self) -> Iterator[Alteration]:
        start = self.candidates.start
        for obligation in self.situation.decision.obligations:
            if isinstance(self.was, Missing) and self.path not in obligation.facts:
                continue
            if is_quantity(start):
                yield from _Line(self, start).alterations(obligation)
            else:
                yield from self._among_values(obligation)

    def decide(self, value: Any) -> Decision:
        """Decide the case with this value of the fact."""
        found = self.decided.get(value)
        if found is None:
            found = self.decided[value] = self.situation.having(self.path, value).decision
            self.of.decisions += 1
        return found

    def effect(self, obligation: Obligation, value: Any) -> Effect | None:
        """Say what a value makes of an obligation; ``None`` where nothing, or a rule then fails."""
        return effect_on(obligation, self.situation.decision, self.decide(value))

    def _among_values(self, obligation: Obligation) -> Iterator[Alteration]:
        alike = _in_full if isinstance(self.was, Missing) else _replaced
        values, others = self.candidates.values()
        effects = [(value, self.effect(obligation, value)) for value in values]
        if others and (effect := self.effect(obligation, others[0])) is not None:
            same = [value for value, each in effects if alike(each) == alike(effect)]
            yield self._of_all_others(obligation, others, [v for v in values if v not in same])
            effects = [(value, each) for value, each in effects if value not in same]
        while effects:
            value, effect = effects[0]
            same = [each for each, its in effects if alike(its) == alike(effect)]
            effects = [(each, its) for each, its in effects if each not in same]
            if effect is not None:
                yield Alteration(obligation, self.path, self.was, value, tuple(same), effect)

    def _of_all_others(
        self, obligation: Obligation, others: tuple[str, ...], but: list[Any]
    ) -> Alteration:
        """Say what any text but some makes of an obligation; it may be asked for by that text."""
        one, other = (self.effect(obligation, text) for text in others)
        assert one is not None
        left = tuple(each for each in (self.was, *but) if _said(each))
        claim: Claim = AllBut(left) if self.influence.is_steady else None
        uniform = _alike(one, other)
        return Alteration(obligation, self.path, self.was, others[0], claim, one, uniform)


def _said(value: Any) -> bool:
    return not isinstance(value, Missing)


class _Line:
    """A fact that is a quantity: its candidates in order, and the stretches between them."""

    def __init__(self, varied: _Varied, start: Quantity) -> None:
        self.varied, self.start = varied, start
        self.step = varied.candidates.step
        self.numbers, self.exact = varied.candidates.numbers()

    def alterations(self, obligation: Obligation) -> Iterator[Alteration]:
        effects = [(number, self._effect(obligation, number)) for number in self.numbers]
        here = as_number(self.start)
        if isinstance(self.varied.was, Missing):
            for run in _runs(effects, _in_full):
                yield from self._alteration(obligation, run, nearest=run[0][0])
            return
        below = [run for run in _runs(effects, _kind) if run[-1][0] < here]
        above = [run for run in _runs(effects, _kind) if run[0][0] > here]
        if below:
            yield from self._alteration(obligation, below[-1], nearest=below[-1][-1][0])
        if above:
            yield from self._alteration(obligation, above[0], nearest=above[0][0][0])
        if not self.varied.influence.is_steady:
            for sign, found in ((-1, below), (1, above)):
                if not found:
                    yield from self._searched(obligation, here, sign)

    def _effect(self, obligation: Obligation, number: Decimal) -> Effect | None:
        value = like(self.start, number)
        if value is None or not takes(self.varied.candidates.type, value):
            return None
        return self.varied.effect(obligation, value)

    def _alteration(
        self, obligation: Obligation, run: Run, nearest: Decimal
    ) -> Iterator[Alteration]:
        value = like(self.start, nearest)
        effect = self._effect(obligation, nearest)
        if effect is None:
            return
        claim = self._stretch(run) if self.varied.influence.is_steady else None
        uniform = all(_alike(effect, each) for _, each in run)
        path, was = self.varied.path, self.varied.was
        yield Alteration(obligation, path, was, value, claim, effect, uniform)

    def _stretch(self, run: Run) -> Range:
        first, last = run[0][0], run[-1][0]
        low, low_included = self._end(first, -1)
        high, high_included = self._end(last, 1)
        return Range(low, high, low_included, high_included)

    def _end(self, number: Decimal, sign: int) -> tuple[Quantity | None, bool]:
        """Give an end of a stretch: open where nothing follows; a limit beside it is left out."""
        if number == (self.numbers[0] if sign < 0 else self.numbers[-1]):
            return None, False
        beside = number + sign * self.step
        if self.varied.candidates.is_dense and beside in self.exact:
            return like(self.start, beside), False
        return like(self.start, number), True

    def _searched(self, obligation: Obligation, here: Decimal, sign: int) -> Iterator[Alteration]:
        """Look further and further off, then halve the way back, for a value that alters it."""
        if self.varied.of.is_spent:
            return
        step = self.step * sign
        reached = (4**k for k in range(REACH))
        high = next((far for far in reached if self._effect(obligation, here + step * far)), None)
        if high is None:
            return
        low = high // 4
        while high - low > 1:
            middle = (low + high) // 2
            if self._effect(obligation, here + step * middle):
                high = middle
            else:
                low = middle
        number = here + step * high
        effect, value = self._effect(obligation, number), like(self.start, number)
        if effect is not None:
            yield Alteration(obligation, self.varied.path, self.varied.was, value, None, effect)


def _runs(effects: Run, kind: Callable[[Effect | None], Any]) -> list[Run]:
    """Group neighbours that come to the same, and leave out those that alter nothing."""
    groups = [list(group) for _, group in groupby(effects, lambda each: kind(each[1]))]
    return [group for group in groups if group[0][1] is not None]


def _kind(effect: Effect | None) -> Any:
    return None if effect is None else (effect.changed is None, _terms(effect.changed))


def _replaced(effect: Effect | None) -> Any:
    return None if effect is None else (_kind(effect), [key_of(each) for each in effect.instead])


def _in_full(effect: Effect | None) -> Any:
    gone = [] if effect is None else [key_of(each) for each in effect.also_gone]
    return None if effect is None else (_replaced(effect), gone)


def _alike(one: Effect | None, other: Effect | None) -> bool:
    return bool(_replaced(one) == _replaced(other))


def key_of(item: Obligation) -> Key:
    """Tell obligations of one decision apart."""
    return item.kind, item.target, item.text if item.kind == "notice" else ""


def _terms(item: Obligation | None) -> Any:
    return None if item is None else (item.binding, item.within, item.ladder)


def effect_on(obligation: Obligation, before: Decision, after: Decision) -> Effect | None:
    """Say what another decision makes of an obligation; ``None`` where nothing, or a rule fails."""
    if not set(after.faults) <= set(before.faults):
        return None
    found = {key_of(item): item for item in after.obligations}
    changed = found.get(key_of(obligation))
    if changed is not None and _terms(changed) == _terms(obligation):
        return None
    earlier = {key_of(item): item for item in before.obligations if item is not obligation}
    mine = key_of(obligation)
    instead = tuple(item for key, item in found.items() if key not in earlier and key != mine)
    also_gone = tuple(item for key, item in earlier.items() if key not in found)
    return Effect(changed, instead, also_gone)
