"""Binds planning strategies: their stages follow the gates, and what is planned can be entered."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import unique
from pmo_engine.compiler.planning.attributes import attributes_read
from pmo_engine.compiler.planning.choosing import Choosing
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.durations import HOURS, Span
from pmo_engine.source import codes
from pmo_engine.source.marked import Mapping as Written
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_engine.compiler.binding.context import Context, Findings
    from pmo_engine.source.diagnostics import Mark

WHOLE_DAYS = ("working_day", "day", "week", "month", "year")
NO_TIME = Span(0, "day")
"""Stands for the time that is missing in a stage that has a finding."""


def strategies(context: Context, *needs: Any) -> tree.Strategies | None:
    """Bind the strategies that there are; a second document of them is a finding."""
    documents = list(context.reading.of(s.StrategiesDocument))
    for again in documents[1:]:
        message = f"a second 'kind: strategies' (the first is {documents[0].mark})"
        hint = "a policy chooses among the strategies of one document"
        context.findings.add(again.mark, codes.DECLARED_TWICE, message, hint)
    return _Binder(context, documents[0], *needs).bound() if documents else None


class _Binder:
    """Binds one document against the registers, tables and gates that there are."""

    def __init__(
        self,
        context: Context,
        document: s.StrategiesDocument,
        registers: Mapping[str, tree.Register],
        tables: Mapping[str, tree.Table],
        fact_types: Mapping[str, t.Type],
        functions: Mapping[str, t.Type],
        tolerances: Mapping[tuple[str, str], tree.Tolerance],
        gates: Mapping[str, tree.Gate],
    ) -> None:
        self.context, self.document, self.registers = context, document, registers
        self.findings: Findings = context.findings
        self.fact_types = fact_types
        visible = {**functions, **fact_types}
        self.choosing = Choosing(context.findings, registers, tables, visible, tolerances)
        self.ways = {(each.from_stage, each.to_stage) for each in gates.values()}
        declared = [str(each) for one in context.reading.of(s.Gates) for each in one.stages]
        passed = [each for way in self.ways for each in way]
        self.stages = list(dict.fromkeys(declared or sorted(passed)))
        self.in_order = bool(declared)

    def bound(self) -> tree.Strategies | None:
        entry = self.document
        register = self._register(entry.register_name)
        self._check_fields(entry, register)
        ways = [(each.id, each) for each in entry.strategies]
        found = unique(self.findings, ways, "strategy")
        made = {id: self._strategy(each, register) for id, each in found.items()}
        chosen_by = self.choosing.bound(entry.chosen_by, made)
        if chosen_by is None:
            return None
        return tree.Strategies(
            register=str(entry.register_name),
            title_in=str(entry.title_in),
            days_in=tuple(map(str, entry.days_in)),
            chosen_by=chosen_by,
            attributes=self._attributes(),
            ways=made,
            mark=entry.mark,
        )

    def _attributes(self) -> dict[str, t.Type]:
        """Give the types in which what is known of a project is read."""
        project = self.fact_types["project"]
        assert isinstance(project, t.ContextType)
        read = dict(attributes_read(self.context))
        return {name: kind for name, kind in project.entries if name in read}

    def _register(self, name: Text) -> tree.Register | None:
        if not self.findings.known(name, self.registers, codes.UNKNOWN, "register"):
            return None
        if self.registers[str(name)].of_offices:
            message = f"the register '{name}' is kept by offices, and a plan is a project's"
            hint = "name a register that projects keep"
            self.findings.add(name.mark, codes.WRONG_VALUE, message, hint)
            return None
        return self.registers[str(name)]

    def _check_fields(self, entry: s.StrategiesDocument, register: tree.Register | None) -> None:
        """Check that the title goes into a text, and the days into dates, each once."""
        if register is None:
            return
        mark = entry.title_in.mark if "title_in" in entry.model_fields_set else entry.mark
        self._check_field(Text(entry.title_in, mark), register, t.STRING, "a text")
        for each in entry.days_in:
            self._check_field(each, register, t.DATE, "a day")
        self._once(entry.days_in, "day")

    def _check_field(self, name: Text, register: tree.Register, wanted: t.Type, what: str) -> None:
        if not self._known_field(name, register):
            return
        found = register.given[str(name)].type
        if found != wanted:
            message = f"'{name}' of {register.id} is {t.describe(found)}, and takes no {what[2:]}"
            self.findings.add(name.mark, codes.WRONG_VALUE, message, f"name a field that is {what}")

    def _known_field(self, name: Text, register: tree.Register) -> bool:
        what = f"field of {register.id}"
        return self.findings.known(name, register.given, codes.UNKNOWN_FIELD, what)

    def _once(self, names: Iterable[Text], what: str) -> None:
        first: dict[str, Mark] = {}
        for each in names:
            if each in first:
                message = f"the {what} '{each}' is named twice"
                self.findings.add(each.mark, codes.DECLARED_TWICE, message, f"first {first[each]}")
            first.setdefault(str(each), each.mark)

    def _strategy(self, entry: s.StrategyEntry, register: tree.Register | None) -> tree.Strategy:
        for each in entry.stages:
            if self.stages:
                self.findings.known(each.stage, self.stages, codes.UNKNOWN, "stage")
            else:
                self.findings.identified(each.stage, "stage")
        self._once([each.stage for each in entry.stages], "stage")
        for before, after in pairwise(each.stage for each in entry.stages):
            self._check_way(before, after)
        return tree.Strategy(
            id=str(entry.id),
            title=str(entry.title),
            about=str(entry.about or ""),
            stages=tuple(self._stage(each, register) for each in entry.stages),
            mark=entry.mark,
        )

    def _check_way(self, before: Text, after: Text) -> None:
        """Check that a gate leads from a stage to the one behind it in a plan."""
        if before == after or not {before, after} <= set(self.stages):
            return
        places = [self.stages.index(str(each)) for each in (before, after)]
        if self.in_order and places[1] < places[0]:
            message = f"the stage '{after}' comes before '{before}'"
            hint = f"stages come in this order: {', '.join(self.stages)}"
            self.findings.add(after.mark, codes.OUT_OF_ORDER, message, hint)
        elif (str(before), str(after)) not in self.ways:
            left_out = " and ".join(self._left_out(str(before), str(after)))
            between = f": it leaves out {left_out}" if left_out else ""
            message = f"no gate leads from '{before}' to '{after}'{between}"
            beyond = [there for here, there in sorted(self.ways) if here == before != there]
            hint = f"from '{before}' a gate leads to {' or '.join(beyond) or 'no other stage'}"
            self.findings.add(after.mark, codes.WRONG_VALUE, message, hint)

    def _left_out(self, before: str, after: str) -> Sequence[str]:
        """Name the stages through which gates lead from one to another; none where none do."""
        paths, seen = [[before]], {before}
        while paths:
            path = paths.pop(0)
            if path[-1] == after:
                return path[1:-1]
            following = sorted(there for here, there in self.ways if here == path[-1])
            paths += [[*path, each] for each in following if each not in seen]
            seen.update(following)
        return []

    def _stage(
        self, entry: s.PlannedStageEntry, register: tree.Register | None
    ) -> tree.PlannedStage:
        lasts = self._days(entry.lasts)
        if lasts is not None and not lasts.amount:
            message = f"the stage '{entry.stage}' lasts no time"
            self.findings.add(entry.lasts.mark, codes.WRONG_VALUE, message, "say '4 weeks'")
        items = unique(self.findings, [(each.id, each) for each in entry.plan], "planned item")
        if register is not None:
            for each in items.values():
                key = Text(f"{register.key_prefix}-{entry.stage}-{each.id}", each.id.mark)
                self.findings.identified(key, "key")
        return tree.PlannedStage(
            stage=str(entry.stage),
            lasts=lasts or NO_TIME,
            plan=tuple(self._item(each, lasts, register) for each in items.values()),
            mark=entry.mark,
        )

    def _days(self, text: Text | None) -> Span | None:
        span = self.findings.span(text)
        if text is None or span is None or span.unit in WHOLE_DAYS:
            return span
        message = f"'{text}' is no number of days, and what is planned falls on a day"
        hint = "count working days, days, weeks, months or years"
        self.findings.add(text.mark, codes.WRONG_VALUE, message, hint)
        return None

    def _item(
        self, entry: s.PlannedEntry, lasts: Span | None, register: tree.Register | None
    ) -> tree.PlannedItem:
        if (entry.after is None) == (entry.at is None):
            message = f"'{entry.id}' is planned so long 'after' the stage begins, or 'at' its end"
            hint = "write {after: 3 weeks} or {at: end}"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
        after = self._days(entry.after)
        if entry.after is not None and after and lasts and _hours(after) > _hours(lasts):
            message = f"'{entry.id}' comes {after} after a stage begins that lasts {lasts}"
            hint = "plan it within the stage, or let the stage last longer"
            self.findings.add(entry.after.mark, codes.WRONG_VALUE, message, hint)
        if register is not None:
            self._check_sets(entry, register)
        sets = {name: str(value) for name, value in entry.sets.items()}
        return tree.PlannedItem(str(entry.id), str(entry.title), entry.at, after, sets, entry.mark)

    def _check_sets(self, entry: s.PlannedEntry, register: tree.Register) -> None:
        own = {str(self.document.title_in), *map(str, self.document.days_in)}
        for key, value in zip(_keys(entry.sets), entry.sets.values(), strict=True):
            if key in own:
                message = f"'{key}' is set by the plan itself"
                self.findings.add(key.mark, codes.DECLARED_TWICE, message, "leave it out")
            elif self._known_field(key, register):
                kind = dict(register.record.entries)[str(key)]
                self._read(kind, value, f"{register.root}.{key}")
        needed = (each.name for each in register.fields.values() if each.required)
        if lacking := [each for each in needed if each not in {*own, *entry.sets}]:
            message = f"'{entry.id}' lacks {', '.join(lacking)}, which {register.id} require"
            hint = f"add 'sets: {{{lacking[0]}: ...}}'"
            self.findings.add(entry.mark, codes.MISSING_KEY, message, hint)

    def _read(self, kind: t.Type, value: Text, path: str) -> None:
        try:
            from_wire(kind, value, path)
        except WireError as error:
            self.findings.misread(value, value.mark, codes.WRONG_VALUE, error)


def _keys(written: Mapping[str, Text]) -> Iterator[Text]:
    """Give the keys of a mapping with their places."""
    for name, value in written.items():
        mark = written.keys_at[name] if isinstance(written, Written) else value.mark
        yield Text(name, mark)


def _hours(span: Span) -> Fraction:
    return Fraction(span.amount) * HOURS[span.unit]
