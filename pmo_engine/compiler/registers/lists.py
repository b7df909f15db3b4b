"""Binds lists of records, and what their data have to be, against fields and figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.compiler.binding.expressions import bind_expression
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.policy.registers import IMPORTED, record_type
from pmo_engine.source import codes
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OF_THE_DAY: Mapping[str, t.Type] = {"today": t.DATE, "now": t.MOMENT}
WHERE = ("project", "version")
"""What a list can show of a record beside its own."""
_DAYS = re.compile(r"([1-9][0-9]{0,4})\s*(day|week)s?")


def views(
    context: Context, registers: Mapping[str, tree.Register], figures: Iterable[tree.Figure]
) -> dict[str, tree.View]:
    """Bind the lists of a policy, by their ids."""
    entries = [each for document in context.reading.of(s.Views) for each in document.views]
    unique(context.findings, [(each.id, each) for each in entries], "view")
    binder = Lists(context.findings, registers, figures)
    return {view.id: view for each in entries if (view := binder.view(each)) is not None}


def quality(
    context: Context, registers: Mapping[str, tree.Register], figures: Iterable[tree.Figure]
) -> dict[str, tree.Quality]:
    """Bind what the records of each register have to be."""
    entries = [each for document in context.reading.of(s.Quality) for each in document.quality]
    unique(context.findings, [(each.of, each) for each in entries], "quality of")
    binder = Lists(context.findings, registers, figures)
    return {made.of: made for each in entries if (made := binder.quality(each)) is not None}


class Lists:
    """Binds what is said of the records of registers, with their figures."""

    def __init__(
        self,
        findings: Findings,
        registers: Mapping[str, tree.Register],
        figures: Iterable[tree.Figure],
    ) -> None:
        self.findings, self.registers = findings, registers
        self.figures = [each for each in figures if each.of is not None]

    def view(self, entry: s.ViewEntry) -> tree.View | None:
        """Bind one list; None where there is no such register."""
        if not self.findings.known(entry.of, self.registers, codes.UNKNOWN, "register"):
            return None
        register = self.registers[str(entry.of)]
        kinds = self.kinds(register)
        return tree.View(
            id=str(entry.id),
            of=register.id,
            title=str(entry.title or ""),
            where=self._condition(register, entry.where),
            sort=tuple(self._sorted(each, kinds) for each in _listed(entry.sort)),
            show=tuple(self._column(each, kinds) for each in _listed(entry.show)),
            mark=entry.mark,
        )

    def quality(self, entry: s.QualityEntry) -> tree.Quality | None:
        """Bind what the records of one register have to be."""
        if not self.findings.known(entry.of, self.registers, codes.UNKNOWN, "register"):
            return None
        register = self.registers[str(entry.of)]
        given = {*register.fields, *IMPORTED}
        complete = [
            each
            for each in _listed(entry.complete)
            if self.findings.known(each, given, codes.UNKNOWN, "field")
        ]
        found = [(self._condition(register, e.when), str(e.says)) for e in entry.contradictions]
        return tree.Quality(
            of=register.id,
            complete=tuple(map(str, complete)),
            stale_days=self._days(entry),
            since=self._since(register, entry),
            contradictions=tuple(tree.Contradiction(w, says) for w, says in found if w is not None),
            mark=entry.mark,
        )

    def kinds(self, register: tree.Register) -> dict[str, t.Type]:
        """Give the type of each field and figure of a register's records."""
        figures = {each.id: each.formula.type for each in self.figures if each.of == register.id}
        return {**dict(record_type(register).entries), **figures}

    def _condition(self, register: tree.Register, text: Text | None) -> tree.Expression | None:
        if text is None:
            return None
        record = t.ContextType(tuple(self.kinds(register).items()), register.root)
        names = {**OF_THE_DAY, register.root: record}
        return bind_expression(self.findings, text, names, {}, condition=True)

    def _sorted(self, text: Text, kinds: Mapping[str, t.Type]) -> tuple[str, bool]:
        name = Text(text.removeprefix("-"), text.mark)
        return self._column(name, kinds), text.startswith("-")

    def _column(self, name: Text, kinds: Mapping[str, t.Type]) -> str:
        self.findings.known(name, {*WHERE, *kinds}, codes.UNKNOWN, "field or figure")
        return str(name)

    def _days(self, entry: s.QualityEntry) -> int | None:
        if entry.stale_after is None:
            return None
        found = _DAYS.fullmatch(entry.stale_after.strip())
        if found is None:
            message = f"'{entry.stale_after[:60]}' is no number of days"
            hint = "write as in 30 days, or 6 weeks"
            self.findings.add(entry.stale_after.mark, codes.WRONG_VALUE, message, hint)
            return None
        return int(found[1]) * (7 if found[2] == "week" else 1)

    def _since(self, register: tree.Register, entry: s.QualityEntry) -> str | None:
        if entry.since is None:
            return None
        days = [
            name
            for name, kind in record_type(register).entries
            if kind_of(kind) in {kind_of(t.DATE), kind_of(t.MOMENT)}
        ]
        self.findings.known(entry.since, days, codes.WRONG_VALUE, "day of the record")
        if entry.stale_after is None:
            message = "'since' says from when, and nothing says for how long"
            self.findings.add(entry.since.mark, codes.MISSING_KEY, message, "add 'stale_after:'")
        return str(entry.since)


def _listed(written: Text | list[Text] | None) -> list[Text]:
    if written is None:
        return []
    return written if isinstance(written, list) else [written]
