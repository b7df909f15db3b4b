"""Binds collection rounds: what they collect is there, and whoever is asked can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import unique
from pmo_engine.model.durations import Span
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.compiler.binding.context import Context, Findings
    from pmo_engine.compiler.binding.defaults import Defaults

NO_TIME = Span(0, "working_day")
"""Stands for the time that is missing in a round that has a finding."""


def rounds(
    context: Context,
    roles: Mapping[str, tree.Role],
    registers: Mapping[str, tree.Register],
    defaults: Defaults,
) -> dict[str, tree.Round]:
    """Bind all rounds, by their ids."""
    binder = _Binder(context.findings, roles, registers, defaults)
    entries = [each for document in context.reading.of(s.Rounds) for each in document.rounds]
    declared = unique(context.findings, [(each.id, each) for each in entries], "round")
    return {id: binder.round(each) for id, each in declared.items()}


class _Binder:
    """Binds rounds against the roles, registers and ladders that there are."""

    def __init__(
        self,
        findings: Findings,
        roles: Mapping[str, tree.Role],
        registers: Mapping[str, tree.Register],
        defaults: Defaults,
    ) -> None:
        self.findings, self.roles, self.registers = findings, roles, registers
        self.defaults = defaults

    def round(self, entry: s.RoundEntry) -> tree.Round:
        """Bind one round."""
        self.findings.known(entry.closed_by, self.roles, codes.UNKNOWN_ROLE, "role")
        within, ladder = self.defaults.of(self.findings, entry)
        if entry.within is None and within is None:
            message = f"the round '{entry.id}' says no time by which it is answered"
            hint = "add 'within: 5 working days', or a 'default_within' to the policy"
            self.findings.add(entry.mark, codes.MISSING_KEY, message, hint)
        return tree.Round(
            id=str(entry.id),
            title=str(entry.title),
            every=entry.every,
            collects=tuple(self._collected(entry)),
            within=within or NO_TIME,
            closed_by=str(entry.closed_by),
            mark=entry.mark,
            ladder=ladder,
            purpose=str(entry.purpose or ""),
        )

    def _collected(self, entry: s.RoundEntry) -> Iterator[tree.Collected]:
        seen: dict[str, s.CollectedEntry] = {}
        for each in entry.collect:
            self._check(each)
            name = str(each.register_name)
            if name in seen:
                message = f"the round '{entry.id}' collects '{name}' twice"
                hint = f"first {seen[name].mark}; whom else to ask is a round of its own"
                self.findings.add(each.mark, codes.DECLARED_TWICE, message, hint)
            seen.setdefault(name, each)
            yield tree.Collected(name, str(each.from_))

    def _check(self, entry: s.CollectedEntry) -> None:
        self.findings.known(entry.from_, self.roles, codes.UNKNOWN_ROLE, "role")
        name = entry.register_name
        known = self.findings.known(name, self.registers, codes.UNKNOWN, "register")
        if known and self.registers[str(name)].of_offices:
            message = f"the register '{name}' is kept by offices, and a round asks projects"
            hint = "name a register that projects keep"
            self.findings.add(name.mark, codes.WRONG_VALUE, message, hint)
