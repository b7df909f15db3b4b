"""Binds packs in use: what their parameters are since when, and which rules do not hold here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, in_order, unique
from pmo_engine.compiler.binding.registers import field_type
from pmo_engine.compiler.binding.tolerances import measured
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import ordered
from pmo_engine.feel.functions import TOLERANCE
from pmo_engine.feel.wire import WireError, from_wire, to_json
from pmo_engine.model.money import Money
from pmo_engine.model.patterns import pattern
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.source.diagnostics import Mark

    Parameters = dict[str, dict[str, tree.Parameter]]  # by pack and name

_ASKED = pattern(rf"""\s*{TOLERANCE}\(\s*["'](\w+)["']\s*,\s*["'](\w+)["']\s*\)\s*""")
"""A parameter's value that is a tolerance of the policy's: ``tolerance("project", "cost")``."""


def parameters(
    context: Context, uses: Mapping[str, s.PackUse], in_force_from: date | None
) -> Parameters:
    """Bind the parameters of every pack."""
    found: Parameters = {}
    for document in context.reading.of(s.Rules):
        if document.pack is None:
            if document.parameters:
                message = "parameters belong to a pack, and this file names none"
                context.findings.add(
                    document.mark, codes.MISSING_KEY, message, "add 'pack:' with its name"
                )
            continue
        pack = str(document.pack)
        for name, entry in document.parameters.items():
            binder = _Binder(context, entry, uses.get(pack), in_force_from)
            found.setdefault(pack, {})[name] = binder.parameter(pack, name)
    for use in uses.values():
        _check_names(context.findings, use, found.get(str(use.use), {}))
    return found


def _check_names(findings: Findings, use: s.PackUse, known: Mapping[str, tree.Parameter]) -> None:
    for name in use.with_.keys() - known.keys():
        hint = nearest(name, known) or f"it has {', '.join(known) or 'none'}"
        message = f"pack '{use.use}' has no parameter '{name}'"
        findings.add(getattr(use.with_, "keys_at", {})[name], codes.UNKNOWN, message, hint)


class _Binder:
    """Binds one parameter: what the pack declares of it, and what the policy sets."""

    def __init__(
        self,
        context: Context,
        entry: s.ParameterEntry,
        use: s.PackUse | None,
        in_force_from: date | None,
    ) -> None:
        self.findings = context.findings
        self.reading = context.reading
        self.kind = field_type(context, entry)
        self.entry = entry
        self.use = use
        self.in_force_from = in_force_from

    def parameter(self, pack: str, name: str) -> tree.Parameter:
        """Bind it; without a value, which is a finding, where neither sets one."""
        entry = self.entry
        # Money in a pack's currency is no error of a policy in another that sets its own.
        quiet = self.findings if self.use is None else Findings()
        made = tree.Parameter(
            pack=pack,
            name=name,
            type=self.kind,
            about=str(entry.about or ""),
            default=self._read(name, entry.default, entry.mark, Findings()),
            least=self._bound(name, entry.at_least, quiet),
            most=self._bound(name, entry.at_most, quiet),
            values=(),
            bound=self.use is not None and name in self.use.with_,
            mark=entry.mark,
        )
        values = self._given(made) if made.bound else self._declared(made)
        return replace(made, values=tuple(values))

    def _declared(self, made: tree.Parameter) -> list[tree.DatedValue]:
        """Give the pack's default; on its own, a pack may be run with an example."""
        value, use = self.entry.default, self.use
        if value is None and use is None:
            value = self.entry.example
        if value is not None and use is not None and self._is_foreign(made.name, value):
            self._ask_for(made, use, f"has {value} for its parameter '{made.name}'")
            return []
        if value is not None:
            return self._dated(made, s.DatedValue(value=value), self.entry.mark)
        if use is None:
            message = f"parameter '{made.name}' has neither a default nor an example"
            hint = "add 'example:', with which the pack's own suites are run"
            self.findings.add(self.entry.mark, codes.PARAMETER_WITHOUT_VALUE, message, hint)
        else:
            self._ask_for(made, use, f"needs its parameter '{made.name}'")
        return []

    def _is_foreign(self, name: str, value: Any) -> bool:
        """Tell whether the pack's own value cannot be the policy's: it is in another currency."""
        return self._read(name, value, self.entry.mark, Findings()) is None

    def _ask_for(self, made: tree.Parameter, use: s.PackUse, what: str) -> None:
        kind = t.describe(made.type)
        about = f", {made.about}" if made.about else ""
        message, hint = f"pack '{use.use}' {what}", f"add it under 'with:' ({kind}{about})"
        self.findings.add(use.use.mark, codes.PARAMETER_WITHOUT_VALUE, message, hint)

    def _given(self, made: tree.Parameter) -> list[tree.DatedValue]:
        """Give what the policy sets; where that begins later than the policy, first the default."""
        assert self.use is not None
        given, mark = self.use.with_[made.name], self.use.mark
        if given == [] and self.reading.diagnostics:
            return []  # what stood there could not be read
        dated = self._dated_values(made, given, mark)
        found = [value for each in dated for value in self._dated(made, each, mark)]
        in_order(self.findings, dated, "value")
        found.sort(key=lambda value: value.start or date.min)
        first = found[0].start if found else None
        if first is None or (self.in_force_from is not None and first <= self.in_force_from):
            return found
        if self.entry.default is not None:
            return [*self._declared(made), *found]
        self._report_gap(made, dated[0].mark, first)
        return found

    def _dated_values(self, made: tree.Parameter, given: Any, mark: Mark) -> list[s.DatedValue]:
        """Give what is written as dated values; those of a tolerance are the tolerance's own."""
        if _is_dated(given):
            return list(given)
        asked = _ASKED.fullmatch(given) if isinstance(given, str) else None
        if asked is None or made.type == t.STRING:
            return [s.DatedValue(value=given)]
        return list(self._of_tolerance(made, (asked[1], asked[2]), mark_of(given, mark)))

    def _of_tolerance(
        self, made: tree.Parameter, asked: tuple[str, str], mark: Mark
    ) -> Iterator[s.DatedValue]:
        declared = [each for d in self.reading.of(s.Tolerances) for each in d.tolerances]
        found = next((each for each in declared if (each.level, each.of) == asked), None)
        if found is None or not found.up_to:
            message = f"no {asked[0]}'s tolerance of {asked[1]} is declared in numbers"
            names = [f"{e.level}, {e.of}" for e in declared if e.up_to]
            hint = nearest(", ".join(asked), names) or f"there are {'; '.join(names) or 'none'}"
            self.findings.add(mark, codes.UNKNOWN, message, hint)
        for each in found.up_to or () if found is not None else ():
            read = self.findings.parsed(measured, each.value)
            value = _as_parameter(read[0]) if read is not None else None
            if read is not None and value is None:
                message = f"'{each.value}' cannot be the value of '{made.name}'"
                hint = f"write {t.describe(made.type)}"
                self.findings.add(mark, codes.WRONG_VALUE, message, hint)
            elif value is not None:
                yield s.DatedValue(**{"from": each.from_}, value=value, source=each.source)

    def _report_gap(self, made: tree.Parameter, mark: Mark, first: date) -> None:
        message = f"parameter '{made.name}' has no value before {first}"
        begin = self.in_force_from
        hint = f"as the policy is in force from {begin}, add the value of that day"
        hint = hint if begin else "add a value without 'from:', which holds until then"
        self.findings.add(mark, codes.GAP_BEFORE_VALUE, message, hint)

    def _dated(
        self, made: tree.Parameter, entry: s.DatedValue, fallback: Mark
    ) -> list[tree.DatedValue]:
        mark = mark_of(entry.value, fallback)
        value = self._read(made.name, entry.value, mark, self.findings)
        if value is None:
            return []
        self._check_bounds(made, value, mark)
        return [tree.DatedValue(entry.from_, value, str(entry.source))]

    def _read(self, name: str, value: Any, mark: Mark, findings: Findings) -> Any:
        """Read a value; what is wrong with one that is written is a finding, and gives None."""
        if value is None:
            return None
        try:
            found = from_wire(self.kind, value, name)
        except WireError as error:
            findings.misread(error.value, mark_of(value, mark), codes.WRONG_VALUE, error)
            return None
        if found is None:
            hint = "give a value, or leave the key out"
            findings.add(
                mark_of(value, mark), codes.WRONG_VALUE, f"{name}: nothing is written here", hint
            )
        return found

    def _bound(self, name: str, value: Any, findings: Findings) -> Any:
        if value is not None and not ordered(self.kind, self.kind):
            message = f"{t.describe(self.kind)} has no order, so '{name}' has no bounds"
            findings.add(mark_of(value, self.entry.mark), codes.WRONG_VALUE, message)
            return None
        return self._read(name, value, self.entry.mark, findings)

    def _check_bounds(self, made: tree.Parameter, value: Any, mark: Mark) -> None:
        low = made.least is not None and value < made.least
        high = made.most is not None and value > made.most
        if low or high:
            most = f"more than {to_json(made.most)}"
            side = f"less than {to_json(made.least)}" if low else most
            message = f"{made.name}: {to_json(value)} is {side}"
            self.findings.add(mark, codes.BEYOND_BOUNDS, message, made.about)


def _as_parameter(value: Any) -> Any:
    """Give an amount of a tolerance as a parameter holds it: days are a number; months are none."""
    if isinstance(value, timedelta):
        return value.days
    return str(value) if isinstance(value, Money) else value if isinstance(value, Decimal) else None


def _is_dated(given: Any) -> bool:
    return isinstance(given, list) and any(isinstance(each, s.DatedValue) for each in given)


def departures(context: Context, uses: Mapping[str, s.PackUse]) -> tuple[tree.Departure, ...]:
    """Bind the departures from every pack; the rules that they name must exist."""
    findings = context.findings
    documents = list(context.reading.of(s.Rules))
    own = {str(e.id) for d in documents for e in d.rules if d.pack is None}
    found: list[tree.Departure] = []
    for pack, use in uses.items():
        theirs = {str(e.id): e for d in documents for e in d.rules if d.pack == pack}
        for entry in unique(
            findings, [(e.rule, e) for e in use.without], "departure from"
        ).values():
            if entry.replaced_by is not None:
                findings.known(entry.replaced_by, own, codes.UNKNOWN, "rule")
            if findings.known(entry.rule, theirs, codes.UNKNOWN, "rule"):
                found.append(_departure(findings, pack, theirs[entry.rule], entry))
    return tuple(found)


def _departure(
    findings: Findings, pack: str, rule: s.RuleEntry, entry: s.DepartureEntry
) -> tree.Departure:
    in_force = tree.InForce(entry.from_, entry.to)
    if not in_force:
        message = f"this never holds: from {entry.from_} to {entry.to}"
        hint = "'to' is the first day on which the rule holds again"
        findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
    return tree.Departure(
        pack=pack,
        rule=str(entry.rule),
        title=str(rule.title),
        binding=rule.binding,
        replaced_by=None if entry.replaced_by is None else str(entry.replaced_by),
        reason=str(entry.reason),
        source=str(entry.source or ""),
        derives=frozenset(str(e.derive.fact) for e in rule.then if e.derive is not None),
        in_force=in_force,
        mark=entry.mark,
    )
