"""Binds figures, each after those that it names."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.compiler.binding.expressions import bind_expression, mentioned
from pmo_engine.compiler.binding.naming.taken import table_in, taken
from pmo_engine.compiler.binding.norms import Norms
from pmo_engine.feel import types as t
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.nodes import Name, Path
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse
from pmo_engine.feel.walk import walk
from pmo_engine.model.graphs import beginning_at
from pmo_engine.policy.figures import COUNTING, measures
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.source.yaml_source import Text


UNSEEN = ("actor", "gate", "history", "standing")
"""What is told of an event, and is not there where a figure is worked out."""


def figures(
    context: Context,
    registers: Mapping[str, tree.Register],
    facts: Mapping[str, t.Type],
    functions: Mapping[str, t.Type],
    norms: Norms,
) -> tuple[tree.Figure, ...]:
    """Bind all figures: those of records first, for those of projects look at them."""
    return _Binder(context, registers, facts, functions, norms).bind()


class _Binder:
    """Binds the figures of one policy against what is known by then."""

    def __init__(
        self,
        context: Context,
        registers: Mapping[str, tree.Register],
        facts: Mapping[str, t.Type],
        functions: Mapping[str, t.Type],
        norms: Norms,
    ) -> None:
        self.context, self.findings = context, context.findings
        self.registers = {each.noun: each for each in registers.values()}
        roots = {each.root for each in registers.values()} - {"project"}
        seen = {name: kind for name, kind in facts.items() if name not in {*roots, *UNSEEN}}
        self.facts = {**functions, **seen}
        self.records = {each.noun: facts[each.root] for each in registers.values()}
        self.known = {*facts, *functions}
        self.norms = norms

    def bind(self) -> tuple[tree.Figure, ...]:
        """Bind every figure once, in the order in which they can be worked out."""
        documents = list(self.context.reading.of(s.Figures))
        entries = [(document, entry) for document in documents for entry in document.figures]
        unique(self.findings, [(entry.id, entry) for _, entry in entries], "figure")
        found: list[tree.Figure] = []
        for of_records in (True, False):
            mine = [each for each in entries if (each[1].of is not None) == of_records]
            found += [made for each in self._in_order(mine) if (made := self._figure(*each))]
            if of_records:
                self._see_records(found)
        return tuple(found)

    def _see_records(self, found: Iterable[tree.Figure]) -> None:
        """Let figures of projects see those of the records in the registers."""
        del found
        for register in self.registers.values():
            self.facts[register.plural] = t.ListType(self.records[register.noun])

    def _in_order(
        self, entries: list[tuple[s.Figures, s.FigureEntry]]
    ) -> list[tuple[s.Figures, s.FigureEntry]]:
        by_id = {str(entry.id): (document, entry) for document, entry in entries}
        needs = {
            id: sorted((_named(each) & by_id.keys()) - {id}) for id, (_, each) in by_id.items()
        }
        try:
            return [by_id[id] for id in TopologicalSorter(needs).static_order()]
        except CycleError as error:
            first = next(id for id in by_id if id in error.args[1])
            named = " -> ".join(beginning_at(first, error.args[1]))
            message = f"these figures are worked out from one another: {named}"
            hint = "let one of them look only at registers"
            self.findings.add(by_id[first][1].mark, codes.CIRCLE, message, hint)
            return list(by_id.values())

    def _figure(self, document: s.Figures, entry: s.FigureEntry) -> tree.Figure | None:
        register = self._register(entry)
        self._check_name(entry, register)
        names = dict(self.facts)
        if register is not None:
            names[register.root] = self.records[register.noun]
        names |= self._parameters(document)
        formula, unavailable = self._expressions(entry, names)
        self._check_functions(entry)
        self._check_reason(entry)
        kind = t.ANY if formula is None else formula.type
        self._declare(entry, register, kind)
        if formula is None:
            return None
        self._check_unit(entry, kind)
        return tree.Figure(
            id=str(entry.id),
            label=str(entry.label),
            unit=entry.unit,
            formula=formula,
            source=str(entry.source),
            about=str(entry.about or ""),
            of=None if register is None else register.id,
            over=entry.over,
            across=entry.across,
            unavailable=unavailable,
            because=str(entry.because or ""),
            pack=None if document.pack is None else str(document.pack),
            mark=entry.mark,
        )

    def _expressions(
        self, entry: s.FigureEntry, names: Mapping[str, t.Type]
    ) -> tuple[tree.Expression | None, tree.Expression | None]:
        """Bind the formula, and the condition under which it is not asked for what is not there."""
        if entry.not_available_when is None:
            return self._bound(self.findings, entry.formula, names), None
        quiet = Findings(currency=self.findings.currency)
        formula = self._bound(quiet, entry.formula, names)
        self.findings.items += [each for each in quiet.items if each.code != codes.OF_NOTHING]
        none = entry.not_available_when
        return formula, self._bound(self.findings, none, names, condition=True)

    def _bound(
        self,
        findings: Findings,
        text: Text,
        names: Mapping[str, t.Type],
        *,
        condition: bool = False,
    ) -> tree.Expression | None:
        """Bind an expression over the records that the figure says to be ``over``, all of them."""
        return bind_expression(findings, text, names, {}, condition=condition, counted=False)

    def _register(self, entry: s.FigureEntry) -> tree.Register | None:
        if entry.of is None:
            return None
        self.findings.known(entry.of, self.registers, codes.UNKNOWN, "record")
        return self.registers.get(str(entry.of))

    def _parameters(self, document: s.Figures) -> dict[str, t.Type]:
        if document.pack is None:
            return {}
        known = self.norms.parameters
        if str(document.pack) not in known:
            packs = {*known, *(str(each.pack) for each in self.context.reading.of(s.Rules))}
            self.findings.known(document.pack, packs, codes.UNKNOWN, "pack")
        return {name: each.type for name, each in known.get(str(document.pack), {}).items()}

    def _check_name(self, entry: s.FigureEntry, register: tree.Register | None) -> None:
        """Find a figure that would hide a field of its records, or a name of expressions."""
        if register is not None:
            if register.noun in self.records and entry.id in _fields(self.records[register.noun]):
                message = f"every {register.noun} has '{entry.id}' already"
                hint = "choose another id for the figure"
                self.findings.add(entry.id.mark, codes.DECLARED_TWICE, message, hint)
        elif entry.id in self.known:
            why = (
                taken(self.context, entry.id) or f"it is a table{table_in(self.context, entry.id)}"
            )
            message = f"'{entry.id}' cannot be a figure: {why}"
            hint = f"choose another id, such as {entry.id}_figure"
            self.findings.add(entry.id.mark, codes.DECLARED_TWICE, message, hint)

    def _check_functions(self, entry: s.FigureEntry) -> None:
        """Find functions of governance that ask for a role, an act or a level: none is in hand."""
        texts = filter(None, (entry.formula, entry.not_available_when))
        asked = sorted({name for text in texts for name in mentioned(text)} & GOVERNANCE.keys())
        for name in asked:
            if name not in {COUNTING, "is_known"}:
                message = f"figure '{entry.id}' asks '{name}', which only rules can"
                hint = "work it out from registers, parameters and other figures"
                self.findings.add(entry.formula.mark, codes.WRONG_VALUE, message, hint)

    def _check_reason(self, entry: s.FigureEntry) -> None:
        if (entry.because is None) != (entry.not_available_when is None):
            given, other = ("because", "not_available_when")
            if entry.because is None:
                given, other = other, given
            message = f"figure '{entry.id}' has '{given}' without '{other}'"
            self.findings.add(entry.mark, codes.MISSING_KEY, message, f"add '{other}:'")

    def _declare(self, entry: s.FigureEntry, register: tree.Register | None, kind: t.Type) -> None:
        """Let figures after this one see it."""
        if entry.of is None:
            self.facts[str(entry.id)] = kind
        elif register is not None:
            record = self.records[register.noun]
            assert isinstance(record, t.ContextType)  # the type of every register's records
            entries = (*record.entries, (str(entry.id), kind))
            self.records[register.noun] = t.ContextType(entries, record.name, record.open)

    def _check_unit(self, entry: s.FigureEntry, kind: t.Type) -> None:
        if not measures(entry.unit, kind):
            message = f"figure '{entry.id}' is {t.describe(kind)}, which '{entry.unit}' is not of"
            hint = "'money' is of amounts, 'words' of texts and days, any other unit of numbers"
            self.findings.add(entry.formula.mark, codes.WRONG_VALUE, message, hint)


def _fields(record: t.Type) -> frozenset[str]:
    return frozenset(dict(record.entries)) if isinstance(record, t.ContextType) else frozenset()


def _named(entry: s.FigureEntry) -> frozenset[str]:
    """Name what a figure's expressions name; for one of records, parts of a record as well."""
    kinds = (Name,) if entry.of is None else (Name, Path)
    found: set[str] = set()
    for text in filter(None, (entry.formula, entry.not_available_when)):
        try:
            nodes = list(walk(parse(str(text))))
        except FeelSyntaxError:
            continue  # whoever binds it says so
        found |= {each.name for each in nodes if isinstance(each, kinds)}
    return frozenset(found)
