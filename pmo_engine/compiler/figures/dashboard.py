"""Binds a dashboard: its figures and registers, and thresholds in the units of their figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, in_order, unique
from pmo_engine.compiler.binding.tolerances import measured
from pmo_engine.feel import types as t
from pmo_engine.model.money import Money
from pmo_engine.policy.figures.dashboard import Band, Dashboard, Drawn, Threshold
from pmo_engine.policy.registers import record_type
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy.figures import Unit
    from pmo_engine.source.yaml_source import Text

TAKEN: Mapping[Unit, tuple[str, ...]] = {
    "money": ("money",),
    "share": ("percentage", "number"),
    "ratio": ("number", "percentage"),
    "days": ("days", "number"),
    "points": ("number",),
    "count": ("number",),
    "fte": ("number",),
}
"""How thresholds of a unit are written; a figure in words has none."""
EXAMPLES: Mapping[Unit, str] = {"money": "50000 GBP", "share": "10 %", "days": "4 weeks"}
OF_PROJECTS = "a dashboard is of projects, and reads what they keep"
DAY, NUMBER, TEXT = (t.DATE,), (t.NUMBER,), (t.STRING,)
KINDS: Mapping[str, tuple[t.Type, ...]] = {
    **dict.fromkeys(("first", "last", "needed", "promised", "received", "on day"), DAY),
    **dict.fromkeys(("skill", "on", "colour"), TEXT),
    "amount": NUMBER,
}
"""The types of the fields that say what is drawn."""


def thresholds(
    context: Context, figures: Iterable[tree.Figure], registers: Mapping[str, tree.Register]
) -> dict[str, Threshold]:
    """Bind the thresholds of all dashboards, by their figures."""
    binder = _Binder(context, figures, registers)
    entries = [each for document in _documents(context) for each in document.thresholds]
    unique(context.findings, [(each.figure, each) for each in entries], "threshold of")
    found = (binder.threshold(each) for each in entries)
    return {each.figure: each for each in found if each is not None}


def dashboard(
    context: Context, figures: Iterable[tree.Figure], registers: Mapping[str, tree.Register]
) -> Dashboard | None:
    """Bind what is shown; a part that two documents have is a finding."""
    documents = _documents(context)
    if not documents:
        return None
    binder = _Binder(context, figures, registers)
    parts: dict[str, Any] = {}
    for name in ("money", "shows", *DRAWN):
        written = [found for each in documents if (found := getattr(each, name)) is not None]
        for again in written[1:]:
            message = f"'{name}' of the dashboard is declared twice"
            context.findings.add(
                again.mark, codes.DECLARED_TWICE, message, f"first {written[0].mark}"
            )
        if written:
            parts[name] = written[0]
    drawn = {n: _drawn(context.findings, parts[n], registers) for n in DRAWN if n in parts}
    return Dashboard(
        money=binder.shown(parts.get("money")), shows=binder.lists(parts.get("shows")), **drawn
    )


DRAWN = ("stated", "demand", "capacity", "dependencies")


def _documents(context: Context) -> list[s.Dashboard]:
    return list(context.reading.of(s.Dashboard))


class _Binder:
    """Binds names of figures of projects, and values in their units."""

    def __init__(
        self,
        context: Context,
        figures: Iterable[tree.Figure],
        registers: Mapping[str, tree.Register],
    ) -> None:
        self.findings, self.currency = context.findings, context.currency
        self.figures = {each.id: each for each in figures}
        self.of_offices = {each.plural for each in registers.values() if each.of_offices}

    def shown(self, entry: s.MoneyShown | None) -> dict[Any, str]:
        """Give the figures of money by what they say."""
        names = () if entry is None else type(entry).model_fields
        given = {name: figure for name in names if (figure := getattr(entry, name)) is not None}
        found = {name: self._figure(figure) for name, figure in given.items()}
        for name, figure in found.items():
            if figure is not None and figure.unit != "money":
                message = f"the figure '{figure.id}' is in {figure.unit}, and this is of money"
                self.findings.add(given[name].mark, codes.WRONG_VALUE, message, "name one in money")
        return {name: figure.id for name, figure in found.items() if figure is not None}

    def lists(self, entry: s.Shown | None) -> dict[Any, tuple[str, ...]]:
        """Give the other figures by what they are about."""
        names = () if entry is None else type(entry).model_fields
        return {
            name: tuple(f.id for text in getattr(entry, name) if (f := self._figure(text)))
            for name in names
            if getattr(entry, name)
        }

    def _figure(self, name: Text) -> tree.Figure | None:
        """Find a figure of projects; one of records is a finding, as is one that there is not."""
        of_projects = [each.id for each in self.figures.values() if each.of is None]
        figure = self.figures.get(str(name))
        if figure is not None and figure.of is not None:
            message = f"the figure '{name}' is of each record of {figure.of}, not of a project"
            hint = "declare one of the project that sums it up, or takes the highest"
            self.findings.add(name.mark, codes.WRONG_VALUE, message, hint)
            return None
        self.findings.known(name, of_projects, codes.UNKNOWN, "figure of projects")
        if figure is not None and (kept := sorted(self._looked_at(figure) & self.of_offices)):
            message = f"the figure '{name}' looks at {', '.join(kept)}, which offices keep"
            self.findings.add(name.mark, codes.WRONG_VALUE, message, OF_PROJECTS)
        return figure

    def _looked_at(self, figure: tree.Figure) -> set[str]:
        """Name all that a figure looks at, by way of others too."""
        found, waiting = set(figure.names), [*figure.names]
        for name in waiting:
            new = self.figures[name].names - found if name in self.figures else set()
            found |= new
            waiting += new
        return found

    def threshold(self, entry: s.ThresholdEntry) -> Threshold | None:
        """Bind the thresholds of one figure; None where it cannot have any."""
        figure = self._figure(entry.figure)
        if figure is None:
            return None
        if figure.unit not in TAKEN:
            message = f"the figure '{figure.id}' is in {figure.unit}, which has no thresholds"
            self.findings.add(entry.figure.mark, codes.WRONG_VALUE, message, "name one in numbers")
            return None
        in_order(self.findings, entry.bands, "threshold")
        bands = [made for each in entry.bands if (made := self._band(figure, entry, each))]
        return Threshold(
            figure=figure.id,
            of=entry.of,
            bands=tuple(sorted(bands, key=lambda each: each.start or date.min)),
            either_way=entry.either_way,
            optional=entry.optional,
            about=str(entry.about or ""),
            mark=entry.mark,
        )

    def _band(self, figure: tree.Figure, of: s.ThresholdEntry, entry: s.BandEntry) -> Band | None:
        green, amber = self._value(figure, entry.green), self._value(figure, entry.amber)
        if green is None or amber is None:
            return None
        if green == amber:
            message = f"'{entry.green}' is both the end of green and that of amber"
            hint = "amber ends where red begins: above green, or below it where less is worse"
            self.findings.add(entry.amber.mark, codes.WRONG_VALUE, message, hint)
            return None
        if of.either_way and not 0 <= _number(green) < _number(amber):
            message = f"green to {entry.green}, amber to {entry.amber}: distances rise from 0"
            self.findings.add(entry.green.mark, codes.WRONG_VALUE, message, "or drop 'either_way'")
            return None
        return Band(entry.from_, green, amber, str(entry.source), entry.mark)

    def _value(self, figure: tree.Figure, text: Text) -> Decimal | Money | None:
        """Read a value in the unit of its figure; what is below 0 has its sign before it."""
        read = self.findings.parsed(measured, _without_sign(text))
        if read is None:
            return None
        value, measure = read
        if measure not in TAKEN[figure.unit]:
            example = EXAMPLES.get(figure.unit, "2.5")
            message = f"'{text}' is not in {figure.unit}, as the figure '{figure.id}' is"
            self.findings.add(text.mark, codes.WRONG_VALUE, message, f"write as in {example}")
            return None
        if isinstance(value, Money) and value.currency != self.currency:
            message = f"'{text}' is not in the policy's currency {self.currency}"
            self.findings.add(
                text.mark, codes.ANOTHER_CURRENCY, message, f"write it in {self.currency}"
            )
        found = Decimal(value.days) if isinstance(value, timedelta) else value
        assert isinstance(found, Decimal | Money)  # months are in no unit of TAKEN
        return -1 * found if text.startswith("-") else found


def _without_sign(text: Text) -> Text:
    return type(text)(text.removeprefix("-"), text.mark)


def _number(value: Decimal | Money) -> Decimal:
    return value.amount if isinstance(value, Money) else value


def _drawn(findings: Findings, entry: Any, registers: Mapping[str, tree.Register]) -> Drawn | None:
    """Bind the register and the fields of what is drawn, each of the type that it says."""
    if not findings.known(entry.of, registers, codes.UNKNOWN, "register"):
        return None
    register = registers[str(entry.of)]
    if register.of_offices:
        message = f"the register '{register.id}' is kept by offices"
        findings.add(entry.of.mark, codes.WRONG_VALUE, message, OF_PROJECTS)
    kinds = dict(record_type(register).entries)
    fields: dict[str, str] = {}
    for name in type(entry).model_fields:
        text = None if name == "of" else getattr(entry, name)
        if text is None or not findings.known(text, kinds, codes.UNKNOWN, "field"):
            continue
        role = "on day" if isinstance(entry, s.StatedEntry) and name == "on" else name
        if _plain(kinds[str(text)]) not in KINDS[role]:
            wanted = " or ".join(t.describe(each) for each in KINDS[role])
            message = f"the field '{text}' is not {wanted}"
            findings.add(text.mark, codes.WRONG_VALUE, message, f"name one that is {wanted}")
        fields[name] = str(text)
    return Drawn(register.id, fields)


def _plain(kind: t.Type) -> t.Type:
    match kind:
        case t.EnumType():
            return t.STRING
        case t.Simple(name):
            return t.Simple(name)
        case _:
            return kind
