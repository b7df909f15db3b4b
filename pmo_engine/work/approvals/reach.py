"""How far the terms let roles decide about one subject, and to whom it goes where they do not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pmo_engine.authority.limits import Covered, covers
from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.selection import holders_of, is_functional, seniority_depth, superior
from pmo_engine.work.facts import limit_event
from pmo_engine.work.people.places import heads_of
from pmo_engine.work.without_rate import unknown_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.model.money import Money
    from pmo_engine.policy import Policy, Register
    from pmo_engine.policy.events import Event
    from pmo_engine.policy.selection import Holders, Selection
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context


@dataclass(frozen=True)
class Reach:
    """What the terms say about one act and one subject; ``c`` is under the version that governs it.

    ``entry`` is the record, where it is one: its value and what was approved before are looked at.
    """

    c: Context
    act: str
    entry: Entry | None

    @property
    def policy(self) -> Policy:
        """Give the policy whose terms are asked."""
        return self.c.policy

    @cached_property
    def holders(self) -> Holders:
        """List the roles that the terms let do it, the least senior first."""
        if self._selection is not None:
            return self._selection.holders_for(self.act)
        return holders_of(self.policy, self.act, self.c.today)

    @property
    def _register(self) -> Register | None:
        if self.entry is None:
            return None
        return self.policy.registers.get(self.entry.register_name)

    @cached_property
    def _event(self) -> Event | None:
        if self.entry is None or self._register is None:
            return None
        return limit_event(self.c, self.entry)

    @cached_property
    def _selection(self) -> Selection | None:
        return None if self._event is None else self.c.rules.engine.selection(self._event)

    @property
    def amount(self) -> Money | None:
        """Give what the record is worth, by the field that authority is measured by."""
        register = self._register
        if self._event is None or register is None or register.value is None:
            return None
        value: Money | None = self._event.facts[register.root].get(register.value)
        return value

    def covered(self, role: str) -> Covered:
        """Tell whether a role's terms let it decide; looked at once."""
        found = self._covered.get(role)
        if found is None:
            found = self._covered[role] = self._looked_at(role)
        return found

    @cached_property
    def _covered(self) -> dict[str, Covered]:
        return {}

    def _looked_at(self, role: str) -> Covered:
        if self._selection is not None and self._event is not None:
            return covers(self._selection, self._event.facts, role, self.act)
        named = role in dict(self.holders)
        why = f"the terms do not let {role_in_words(role, self.policy)} {self.act}"
        return Covered(named, "", "" if named else why)

    def without_authority(self, role: str) -> str:
        """Say why it may not go up to a role for a decision; empty where it may.

        Where the terms name nobody for the act, whoever is above those that are asked may.
        """
        if not self.holders:
            return ""
        covered = self.covered(role)
        if covered.yes is True:
            return ""
        unknown = covered.yes.paths if isinstance(covered.yes, Missing) else ()
        why = unknown_in_words(self.c, self.entry, unknown) if unknown else covered.why
        return f"has no authority for it: {why}"

    def above(self, role: str) -> Iterator[str]:
        """Name the roles to which it goes by the terms, then more senior ones with authority."""
        seen = {role}
        for line in _line_of(self.policy, role):
            seen.add(line)
            yield line
        depth = seniority_depth(self.policy, role)
        for other, _ in self.holders:
            if other not in seen and seniority_depth(self.policy, other) < depth:
                yield other


def line_above(c: Context, reach: Reach, role: str, project: str | None) -> Iterator[str]:
    """Name the roles to which a matter goes up from one: by the terms, then by the offices.

    What a functional role cannot do goes to the heads of the offices first; to one who answers to
    the role itself nothing goes up from it.
    """
    heads = heads_of(c, project) if c.policy.offices else []
    heads = [each for each in heads if role not in _line_of(c.policy, each)]
    by_terms = reach.above(role)
    ordered = (*heads, *by_terms) if is_functional(c.policy, role) else (*by_terms, *heads)
    return (each for each in dict.fromkeys(ordered) if each != role)


def _line_of(policy: Policy, role: str) -> list[str]:
    """Name the roles above one by the terms, the nearest first; of a circle each once."""
    found: list[str] = []
    line = superior(policy, role)
    while line is not None and line != role and line not in found:
        found.append(line)
        line = superior(policy, line)
    return found
