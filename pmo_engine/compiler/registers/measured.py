"""What a tolerance measures, as rules: a forecast that leaves the plan too far is an exception."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import LEFT_OUT
from pmo_engine.policy.tolerances import SINCE_FIRST, Measured, rule_of
from pmo_engine.source import codes
from pmo_engine.source.marked import Mapping as MarkedMapping
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.compiler.binding.context import Context, Findings
    from pmo_engine.source.diagnostics import Mark

TOLERATED = "tolerated"
"""The fact that holds up to where a forecast may go, by what was answered to an exception."""
STAGE = "stage"


def measured_of(entry: s.ToleranceEntry, registers: Mapping[str, tree.Register]) -> Measured | None:
    """Give what a tolerance measures, as far as its register is known."""
    written = entry.measured
    if written is None:
        return None
    name = str(written.each or written.sum_of)
    register = registers.get(name)
    against = None if written.against is None else str(written.against)
    fields = {} if register is None else register.fields
    first = next((f.name for f in fields.values() if f.first_of and f.first_of == against), None)
    return Measured(
        register=name,
        each=written.each is not None,
        forecast=str(written.forecast),
        against=against,
        met=None if written.met is None else str(written.met),
        falls=written.falls,
        first=first,
        of_stage=entry.level == STAGE and STAGE in fields,
    )


def rules_of_tolerances(context: Context, registers: Mapping[str, tree.Register]) -> list[Any]:
    """Give the rules, unbound, by which what tolerances measure is compared with them."""
    found: list[Any] = []
    for document in context.reading.of(s.Tolerances):
        for entry in document.tolerances:
            if entry.measured is not None and _is_known(context.findings, entry, registers):
                found += _rules(entry, registers)
    if not found:
        return []
    content = _marked({"kind": "rules", "rules": found}, found[0]["mark"])
    for each, made in zip(found, content["rules"], strict=True):
        made.mark = each["mark"]
        del made["mark"]
    return [s.Rules.model_validate(content)]


def _is_known(
    findings: Findings, entry: s.ToleranceEntry, registers: Mapping[str, tree.Register]
) -> bool:
    """Tell whether what is measured is there, and can be compared with such a tolerance."""
    written = entry.measured
    assert written is not None  # those alone are asked about
    name = written.each or written.sum_of
    assert name is not None  # the schema asks for one of the two
    if not findings.known(name, registers, codes.UNKNOWN, "register"):
        return False
    register = registers[str(name)]
    fields = [f for f in (written.forecast, written.against, written.met) if f is not None]
    if not all(findings.known(f, register.fields, codes.UNKNOWN, "field") for f in fields):
        return False
    kinds = {_name_of(register.fields[str(f)].type) for f in fields}
    kind, wrong = _name_of(register.fields[str(written.forecast)].type), ""
    unit = str(entry.up_to[0].value) if entry.up_to else ""
    if len(kinds) > 1:
        wrong = "what is compared is not of one type"
    elif register.of_offices:
        wrong = f"'{register.id}' is of offices, and tolerances are of projects"
    elif written.sum_of is not None and kind == "date":
        wrong = "days have no sum"
    elif written.against is None and (unit.endswith("%") or kind != "number"):
        wrong = "without 'against' a number alone is held against a number"
    elif kind not in {"date", "money", "number"}:
        wrong = f"'{written.forecast}' is neither an amount nor a number nor a day"
    elif (kind == "date") != any(word in unit for word in ("day", "week", "month", "year")):
        wrong = f"'{unit}' is no measure of '{written.forecast}'"
    if wrong:
        hint = "measure days by days, and amounts by a share or an amount"
        findings.add(written.forecast.mark, codes.WRONG_VALUE, wrong, hint)
    return not wrong


def _name_of(kind: t.Type) -> str:
    return "money" if isinstance(kind, t.MoneyType) else getattr(kind, "name", "")


def _rules(
    entry: s.ToleranceEntry, registers: Mapping[str, tree.Register]
) -> Iterator[dict[str, Any]]:
    measured = measured_of(entry, registers)
    assert measured is not None  # what is known is measured
    assert entry.up_to  # in numbers, as the schema asks
    register, unit = registers[measured.register], str(entry.up_to[0].value)
    name = f"{entry.level}_{entry.of}"
    what = f"The {entry.level}'s tolerance of {entry.of}"
    yield _rule(entry, register, _Condition(entry, measured, register, unit, name), what)
    if measured.first is not None:
        since = replace(measured, against=measured.first)
        condition = _Condition(entry, since, register, unit, name + SINCE_FIRST)
        yield _rule(entry, register, condition, f"{what}, since the first baseline,")


def _rule(
    entry: s.ToleranceEntry, register: tree.Register, condition: _Condition, what: str
) -> dict[str, Any]:
    measured = condition.measured
    raised = {"to": entry.raise_to, "reason": f"{what} is exceeded"}
    raised |= {} if entry.within is None else {"within": entry.within}
    raised |= {} if entry.ladder is None else {"ladder": entry.ladder}
    since = entry.up_to[0].from_ if entry.up_to else None
    judged = {"on": f"{register.noun}.submitted"} if measured.each else {"of": "project"}
    return {
        "id": rule_of(condition.name),
        "title": f"{what} is kept",
        "every": "day",
        **judged,
        "binding": "shall",
        "when": condition.text,
        "then": [{"raise_exception": raised}],
        **({} if since is None else {"in_force_from": since}),
        "mark": entry.mark,
    }


@dataclass(frozen=True)
class _Condition:
    """When a forecast is further from the plan than a tolerance lets it be."""

    entry: s.ToleranceEntry
    measured: Measured
    register: tree.Register
    unit: str
    name: str

    @property
    def text(self) -> str:
        """Say it in FEEL."""
        if not self.measured.each:
            return f"count({self._list}) > 0 and {self._sum_breaks}"
        root = self.register.root
        of_stage = f"{root}.{STAGE} = project.{STAGE} and " if self.measured.of_stage else ""
        return of_stage + (self._day_breaks if self._is_of_days else self._each_breaks)

    @property
    def _is_of_days(self) -> bool:
        return _name_of(self.register.fields[self.measured.forecast].type) == "date"

    def _field(self, name: str) -> str:
        return f"{self.register.root}.{name}"

    @property
    def _list(self) -> str:
        """Give the records that count in the sum."""
        m = self.measured
        known = [f"is_known({each})" for each in (m.forecast, m.against) if each is not None]
        stands = [f'standing != "{each}"' for each in LEFT_OUT]
        of_stage = [f"{STAGE} = project.{STAGE}"] if m.of_stage else []
        return f"{self.register.plural}[{' and '.join([*known, *stands, *of_stage])}]"

    @property
    def _sum_breaks(self) -> str:
        m = self.measured
        against = None if m.against is None else f"sum({self._list}.{m.against})"
        return self._breaks(f"sum({self._list}.{m.forecast})", against)

    @property
    def _each_breaks(self) -> str:
        m = self.measured
        against = None if m.against is None else self._field(m.against)
        known = [f"is_known({each})" for each in (self._field(m.forecast), against) if each]
        expected = " and ".join([*known, self._breaks(self._field(m.forecast), against)])
        if m.met is None:
            return expected
        met = self._field(m.met)
        known = [f"is_known({each})" for each in (met, against) if each]
        came = " and ".join([*known, self._breaks(met, against)])
        return f"({came}) or (not(is_known({met})) and {expected})"

    @property
    def _day_breaks(self) -> str:
        """Say when a day is too late: that forecast, or today where it is past and not met."""
        m = self.measured
        forecast, against = self._field(m.forecast), self._field(str(m.against))
        late = self._breaks(forecast, against)
        past = f"{forecast} < today and {self._breaks('today', against)}"
        expected = f"is_known({forecast}) and (({late}) or ({past}))"
        if m.met is None:
            return f"is_known({against}) and is_known({forecast}) and {late}"
        met = self._field(m.met)
        came = f"is_known({met}) and {self._breaks(met, against)}"
        return f"is_known({against}) and (({came}) or (not(is_known({met})) and {expected}))"

    def _breaks(self, value: str, against: str | None) -> str:
        """Say that a value is beyond the tolerance, and beyond what was granted besides."""
        allows = f'tolerance("{self.entry.level}", "{self.entry.of}")'
        falls, granted = self.measured.falls, f"{TOLERATED}.{self.name}"
        beyond, within = ("<", ">=") if falls else (">", "<=")
        if against is None:
            far = f"{value} {beyond} {allows}"
        elif self.unit.endswith("%"):
            far = f"{value} {beyond} {against} * (1 {'-' if falls else '+'} {allows})"
        elif self._is_of_days and "working" in self.unit:
            far = f"working_days_between({against}, {value}) > {allows}"
        else:
            far = f"{value} {beyond} {against} {'-' if falls else '+'} {allows}"
        return f"{far} and not(is_known({granted}) and {value} {within} {granted})"


def tolerated_type(
    context: Context, registers: Mapping[str, tree.Register]
) -> t.ContextType | None:
    """Give the type of what was granted, by tolerance; None where nothing is measured."""
    entries: dict[str, t.Type] = {}
    for document in context.reading.of(s.Tolerances):
        for entry in document.tolerances:
            measured = measured_of(entry, registers)
            if measured is not None:
                register = registers.get(measured.register)
                field = None if register is None else register.fields.get(measured.forecast)
                kind = t.ANY if field is None else field.type
                name = f"{entry.level}_{entry.of}"
                entries |= {name: kind, name + SINCE_FIRST: kind}
    return t.ContextType(tuple(entries.items()), TOLERATED) if entries else None


def _marked(value: Any, mark: Mark) -> Any:
    """Give plain values as if they had been written in a file, at one place."""
    match value:
        case Text():
            return value
        case str():
            return Text(value, mark)
        case dict():
            made = MarkedMapping(mark)
            made.update({each: _marked(inner, mark) for each, inner in value.items()})
            return made
        case list():
            return [_marked(inner, mark) for inner in value]
        case _:
            return value
