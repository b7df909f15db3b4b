"""What every back-end offers: the outcome of each rule in force for an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.authority.functions import functions
from pmo_engine.feel.values import missing_in
from pmo_engine.policy.decision import Outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy import Rule
    from pmo_engine.policy.selection import Selection


class Backend(Protocol):
    """A pass over the bound policy that finds which rules are true."""

    def outcomes(self, selection: Selection, facts: Mapping[str, Any]) -> Outcomes:
        """Judge every rule of ``selection``; ``facts`` are typed and are not altered."""

    def close(self) -> None:
        """Give back what the back-end holds."""


def scope_of(selection: Selection, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an expression can see: facts, functions of governance, decision tables.

    A fact that rules derive is there before any did, so that nobody is asked for it.
    """
    return {**selection.underived, **facts, **functions(selection, facts), **selection.tables}


class Tally:
    """Collects the outcomes of rules in the order of the policy."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._fired: set[str] = set()
        self._unknown: dict[str, tuple[str, ...]] = {}
        self._faults: dict[str, list[str]] = {}
        self._chosen: dict[str, tuple[Any, ...]] = {}
        self.derived: dict[str, Any] = {}

    def fired(self, rule: Rule) -> None:
        """Record that the rule's condition is true."""
        self._fired.add(rule.id)

    def fired_all(self, names: Iterable[str]) -> None:
        """Record that the conditions of all these rules are true."""
        self._fired.update(names)

    def unknown(self, rule: Rule, paths: tuple[str, ...]) -> None:
        """Record which missing facts the rule's condition depends on."""
        self._unknown[rule.id] = paths

    def fault(self, rule: Rule, texts: Iterable[str]) -> None:
        """Record what went wrong in the rule's condition, or in what follows from it."""
        self._faults.setdefault(rule.id, []).extend(texts)

    def choose(self, rule: Rule, approvers: tuple[Any, ...]) -> None:
        """Record who must approve by the rule's expressions: roles, or what is missing to say."""
        self._chosen[rule.id] = approvers

    def derive(self, name: str, value: Any) -> None:
        """Record a derived fact; one in which something is missing is passed on, not published."""
        self.derived[name] = value

    def outcomes(self) -> Outcomes:
        """Give everything found; rules of which nothing was recorded did not fire."""
        derived = sorted(self.derived.items())
        open_ = {name: value for name, value in derived if missing_in(value)}
        known = {name: value for name, value in derived if name not in open_}
        return Outcomes(
            self._selection.order,
            tuple(self._in_order(self._fired)),
            {name: self._unknown[name] for name in self._in_order(self._unknown)},
            {name: _joined(self._faults[name]) for name in self._in_order(self._faults)},
            known,
            {name: self._chosen[name] for name in self._in_order(self._chosen)},
            open_,
        )

    def _in_order(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=self._selection.position.__getitem__)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
