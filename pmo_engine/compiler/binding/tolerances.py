"""Binds tolerances, and checks the calls by which rules ask for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, in_order
from pmo_engine.compiler.registers.measured import measured_of
from pmo_engine.feel.functions import TOLERANCE
from pmo_engine.feel.nodes import Call, Literal, Name, Node
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.feel.walk import walk
from pmo_engine.model.durations import Months, Share, Span
from pmo_engine.model.money import Money
from pmo_engine.source import codes
from pmo_engine.source.codes import NOT_LITERAL
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy.tolerances import Amount, Measure
    from pmo_engine.source.diagnostics import Mark

Tolerances: TypeAlias = "Mapping[tuple[str, str], tree.Tolerance]"  # by level and kind
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def tolerances(
    context: Context, registers: Mapping[str, tree.Register], roles: Mapping[str, tree.Role]
) -> dict[tuple[str, str], tree.Tolerance]:
    """Bind all tolerances; each level has one of a kind, and its values are of one measure."""
    found: dict[tuple[str, str], tree.Tolerance] = {}
    for document in context.reading.of(s.Tolerances):
        for entry in document.tolerances:
            made = _tolerance(context, entry, registers)
            if entry.raise_to is not None:
                context.findings.known(entry.raise_to, roles, codes.UNKNOWN_ROLE, "role")
            first = found.setdefault((made.level, made.of), made)
            if first is not made:
                message = f"the {made.level}'s tolerance of {made.of} is declared twice"
                context.findings.add(
                    entry.mark, codes.DECLARED_TWICE, message, f"first {first.mark}"
                )
    return found


def _tolerance(
    context: Context, entry: s.ToleranceEntry, registers: Mapping[str, tree.Register]
) -> tree.Tolerance:
    values = [value for each in entry.up_to or () if (value := _allowance(context, each))]
    in_order(context.findings, entry.up_to or [], "value")
    for value in values[1:]:
        if value.measure != values[0].measure:
            message = f"'{value.written}' and '{values[0].written}' are not measured alike"
            hint = "give all values of a tolerance in one measure"
            context.findings.add(value.mark, codes.WRONG_VALUE, message, hint)
    return tree.Tolerance(
        level=entry.level,
        of=entry.of,
        values=tuple(sorted(values, key=lambda each: each.start or date.min)),
        criteria=tuple(_criterion(context.findings, each) for each in entry.criteria or ()),
        about=str(entry.about or ""),
        mark=entry.mark,
        measured=measured_of(entry, registers),
        raise_to=None if entry.raise_to is None else str(entry.raise_to),
    )


def _criterion(findings: Findings, entry: Text | s.ToleranceCriterion) -> tree.ToleranceCriterion:
    if isinstance(entry, Text):
        return tree.ToleranceCriterion(str(entry), tree.InForce(), "")
    in_force = tree.InForce(entry.from_, entry.to)
    if not in_force:
        message = f"this never holds: from {entry.from_} to {entry.to}"
        findings.add(
            entry.mark, codes.WRONG_VALUE, message, "'to' is the first day on which it ends"
        )
    return tree.ToleranceCriterion(str(entry.text), in_force, str(entry.source or ""))


def _allowance(context: Context, entry: s.DatedLimit) -> tree.Allowance | None:
    read = context.findings.parsed(measured, entry.value)
    if read is None:
        return None
    value, measure = read
    if isinstance(value, Money) and value.currency != context.currency:
        message = f"'{entry.value}' is not in the policy's currency {context.currency}"
        context.findings.add(
            entry.value.mark, codes.ANOTHER_CURRENCY, message, f"write it in {context.currency}"
        )
    return tree.Allowance(
        entry.from_, value, measure, str(entry.value), str(entry.source), entry.mark
    )


def measured(text: str) -> tuple[Amount, Measure]:
    """Read an amount: ``10 %``, ``50000 GBP``, ``4 weeks``, ``5 working days``, ``16``."""
    if text.endswith("%"):
        return Share.parse(text).fraction, "percentage"
    if text.replace(".", "", 1).isdecimal():
        return Decimal(text), "number"
    if text[-3:].isupper():
        return Money.parse(text), "money"
    span = Span.parse(text)
    if span.unit in _DAYS:
        return timedelta(days=int(span.amount) * _DAYS[span.unit]), "days"
    if span.unit in _MONTHS:
        return Months(int(span.amount) * _MONTHS[span.unit]), "months"
    if span.unit == "working_day":
        return Decimal(span.amount), "working days"
    raise ValueError(f"'{text}' is too fine for a tolerance; write days or more")


def allowance_like(text: str, like: tree.Allowance, currency: str) -> tree.Allowance:
    """Read an amount that is measured like another one; raises ValueError that says why not."""
    value, measure = measured(text.strip())
    if measure != like.measure:
        raise ValueError(f"'{text}' is not measured like '{like.written}'")
    if isinstance(value, Money) and value.currency != currency:
        raise ValueError(f"'{text}' is not in the policy's currency {currency}")
    return replace(like, value=value, written=text.strip())


def as_constants(node: Node, known: Tolerances) -> Node:
    """Put the latest value of each tolerance in the place of its call, for what has its type."""

    def constant(each: Node) -> Node:
        asked = _asked(each)
        tolerance = known.get(asked) if asked is not None else None
        if tolerance is None or not tolerance.values:
            return each
        return Literal(tolerance.values[-1].value, start=each.start, end=each.end)

    return rewrite(node, constant)


def check_calls(
    findings: Findings, expression: tree.Expression, known: Tolerances, span: tree.InForce
) -> None:
    """Find calls for tolerances that are not declared, or have no value for a part of a span."""
    for call in _calls(expression.node):
        place, asked = expression.place(call), _asked(call)
        if asked is None:
            hint = f'{TOLERANCE}("project", "cost")'
            message = f"'{TOLERANCE}' takes a level and a kind as texts"
            findings.add(place, NOT_LITERAL, message, hint)
            continue
        tolerance = known.get(asked)
        if tolerance is None:
            _report_unknown(findings, place, asked, known)
        elif not tolerance.values:
            message = f"the {asked[0]}'s tolerance of {asked[1]} is given as criteria"
            findings.add(place, codes.UNKNOWN, message, "only one given in numbers has a value")
        elif (first := tolerance.values[0].start) and (span & tree.InForce(None, first)):
            message = f"the {asked[0]}'s tolerance of {asked[1]} has no value before {first}"
            findings.add(place, codes.GAP_BEFORE_VALUE, message, "let the rule begin no earlier")


def _report_unknown(
    findings: Findings, place: Mark, asked: tuple[str, str], known: Tolerances
) -> None:
    for name, names, what in ((asked[0], s.LEVELS, "level"), (asked[1], s.KINDS, "tolerance")):
        if name not in names:
            hint = nearest(name, names) or f"there are {', '.join(names)}"
            findings.add(place, codes.UNKNOWN, f"unknown {what} '{name[:60]}'", hint)
            return
    declared = ", ".join(f"{of} of a {level}" for level, of in known) or "none"
    message = f"no tolerance of {asked[1]} is declared for a {asked[0]}"
    findings.add(place, codes.UNKNOWN, message, f"declared: {declared}")


def _calls(node: Node) -> Iterator[Call]:
    """Give the calls with both arguments; any other is the checker's to report."""
    for each in walk(node):
        match each:
            case Call(Name(name), (_, _)) if name == TOLERANCE:
                yield each


def _asked(node: Node) -> tuple[str, str] | None:
    """Give the level and the kind that a call names; ``None`` if they are not literals."""
    if not isinstance(node, Call) or node.function != Name(TOLERANCE):
        return None
    given = dict(zip(node.names or ("level", "of"), node.arguments, strict=False))
    match given.get("level"), given.get("of"):
        case Literal(str() as level), Literal(str() as of) if len(node.arguments) == len(given):
            return level, of
        case _:
            return None
