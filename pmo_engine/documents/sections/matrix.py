"""Who may do what and up to how much, on one page: a row for each role, a column for each act."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.documents.model import Row, Run, Table
from pmo_engine.documents.numbering import capital, plain
from pmo_engine.documents.sections.terms import in_order
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.acts import does
from pmo_engine.policy.selection import seniority_depth
from pmo_engine.prose.names import act_in_words
from pmo_engine.prose.terms import amount_in_words, is_measured, reckoning_in_words, scope_in_words
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.documents.model import Clause, Words
    from pmo_engine.policy import Authority, Limit, Policy, Rule

    Asked = Mapping[tuple[str, str], list[str]]

GATES = "Decide at gates"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the matrix is made of: who may do what on a day, and which rules ask it of them."""

    policy: Policy
    on: date
    asked: Asked  # the ids of rules by role and act

    def table(self, numbers: Mapping[str, Clause]) -> Table | None:
        """Give the matrix; None where no role has an authority, is asked or decides at a gate."""
        acts = list(dict.fromkeys(act for role in self._roles() for act in self._acts(role)))
        gates = [GATES] if self.policy.gates else []
        rows = [
            Row((self._name(role), *(self._cell(role, act, numbers) for act in acts), *decides))
            for role in self._roles()
            for decides in [[plain(self._gates(role) or NOTHING) for _ in gates]]
            if self._acts(role) or self._gates(role)
        ]
        columns = ("Role", *(capital(act_in_words(act, self.policy)) for act in acts), *gates)
        return Table(columns, tuple(rows)) if rows else None

    def _roles(self) -> list[str]:
        """Give the roles, the most senior first; then functional ones with terms of their own."""
        roles = self.policy.roles
        ordered = sorted(roles, key=lambda role: (seniority_depth(self.policy, role), role))
        return [*ordered, *(each.role for each in in_order(self.policy) if each.role not in roles)]

    def _name(self, role: str) -> Words:
        title = capital(role_in_words(role, self.policy).removeprefix("the "))
        return (Run(title, to=f"terms/{role}" if role in self.policy.terms else ""),)

    def _acts(self, role: str) -> list[str]:
        terms = self.policy.terms.get(role)
        own = [] if terms is None else [item.act for item in terms.authority]
        alone = () if terms is None else terms.reserved_acts
        return [*own, *alone, *(act for who, act in self.asked if who == role)]

    def _gates(self, role: str) -> str:
        gates = self.policy.gates.values()
        return joined([gate.id for gate in gates if gate.decided_by == role])

    def _cell(self, role: str, act: str, numbers: Mapping[str, Clause]) -> Words:
        """Say up to how much a role may do an act, and which clauses ask it to."""
        terms = self.policy.terms.get(role)
        items = [] if terms is None else [item for item in terms.authority if item.act == act]
        said = [part for item in items for part in self._limits(item)]
        said += ["nobody else may"] if terms is not None and act in terms.reserved_acts else []
        runs = [Run("; ".join(said))] if said else []
        rules = self.asked.get((role, act), ())
        for place, rule in enumerate(rules):
            between = " and " if place == len(rules) - 1 else ", "
            before = between if place else f"{'; ' if said else ''}where asked by "
            runs += [Run(before), Run(numbers[rule].number, to=rule)]
        return tuple(runs) or plain(NOTHING)

    def _limits(self, item: Authority) -> Iterator[str]:
        present = item.limit_on(self.on)
        if present is not None:
            yield self._limit(item, present)
        for limit in item.limits:
            if limit.start is not None and limit.start > self.on:
                yield f"from {value_in_words(limit.start)} {self._limit(item, limit)}"

    def _limit(self, item: Authority, limit: Limit) -> str:
        scope = scope_in_words(item, self.policy)
        if not is_measured(item):
            return f"may{scope}"
        return f"{amount_in_words(limit, self.policy)}{reckoning_in_words(item)}{scope}"


def matrix_of(policy: Policy, on: date, numbers: Mapping[str, Clause]) -> Table | None:
    """Give the matrix as of a day; None where there is nothing to show in it."""
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule in policy.rules:
        if on in rule.in_force and rule.binding != "trial":
            for key in _asked_by(rule, policy):
                asked[key] += [id for id in [f"rule/{rule.id}"] if id not in asked[key]]
    return Matrix(policy, on, asked).table(numbers)


def _asked_by(rule: Rule, policy: Policy) -> Iterator[tuple[str, str]]:
    """Give whom a rule asks by name to decide, and the act that it asks for."""
    for effect in rule.then:
        if isinstance(effect, RequireApproval) and does(policy.acts, effect.act or "") != "is told":
            act = effect.act or f"approve {rule.on[0].noun}"
            yield from ((each.role, act) for each in effect.of if each.role in policy.roles)
