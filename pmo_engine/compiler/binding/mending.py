"""What is wrong with an expression, and the expression as it may have been meant.

Each fault may have a respelling of its own. They are made one after another until nothing is
wrong any more: what is offered as a fix has been read and checked as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from pmo_engine.compiler.binding.context import Findings
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.problems import Problem
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.syntax.hints import Respelling, meant, respelt
from pmo_engine.feel.syntax.parser import FeelSyntaxError
from pmo_engine.feel.syntax.writing import Writing, duration_meant
from pmo_engine.model.hints.times import day_among, day_meant, in_one_order
from pmo_engine.model.hints.values import Readings, number_meant, yes_or_no
from pmo_engine.model.money import amounts_meant, other_currency
from pmo_engine.source.codes import NOT_AN_EXPRESSION, UNKNOWN_NAME, Code, Severity
from pmo_engine.source.diagnostics import closest
from pmo_engine.source.yaml_source import Text, rewritings

STEPS = 8  # respellings that are made in one expression
SHOWN = 120  # characters of a whole expression in a hint
CHOICES = 12  # texts that are looked at after each


class Fault(NamedTuple):
    """Something wrong with an expression, and how it may be respelt."""

    start: int
    code: Code
    message: str
    hint: str = ""
    severity: Severity = "error"
    respelling: Respelling | None = None


Faults: TypeAlias = Callable[[str], Sequence[Fault]]


def of_syntax(text: str, error: FeelSyntaxError, at: int, writing: Writing) -> Fault:
    """Make a fault of what cannot be read."""
    found = respelt(text, at, writing)
    hint = found.why if found and found.why else error.hint
    return Fault(at, NOT_AN_EXPRESSION, error.message, hint, "error", found)


def of_problem(text: str, problem: Problem, writing: Writing) -> Fault:
    """Make a fault of what was found in checking, which has its places in the text."""
    start, code = problem.start, problem.code
    found = _of_wanted(text, problem, writing) or meant(text, start, writing, code, problem.of)
    found = found or _of_known(problem)
    hint = found.why if found and found.why else problem.hint
    return Fault(problem.start, problem.code, problem.message, hint, problem.severity, found)


def _of_known(problem: Problem) -> Respelling | None:
    if not problem.known:
        return None
    return Respelling(problem.start, problem.end, problem.known, "")


def _of_wanted(text: str, problem: Problem, writing: Writing) -> Respelling | None:
    """Read what stands where another type is wanted as a value of that type."""
    for start, end, type_ in problem.wanted:
        texts = _read(text[start:end], type_, writing, text)
        if texts and texts != (text[start:end],):
            why = "" if isinstance(type_, t.EnumType) else f"write {' or '.join(texts)}"
            return Respelling(start, end, texts, why)
        if why := other_currency(text[start:end], getattr(type_, "currency", None) or ""):
            return Respelling(start, end, (), why)
    return None


def _read(written: str, type_: t.Type, writing: Writing, text: str) -> Readings:
    inner = written.removeprefix("@").strip().strip('"')
    is_quoted = written.endswith('"')
    match kind_of(type_):
        case "money":
            return writing.literals(amounts_meant(inner, getattr(type_, "currency", "")))
        case "date":
            return writing.literals((inner,) if _is_day(inner) else day_among(text, inner))
        case "days and time duration" if inner.isdecimal():
            return writing.literals((f"P{inner}D",))
        case "days and time duration" | "years and months duration":
            return writing.literals(duration_meant(inner))
        case "number":
            return number_meant(inner)
        case "boolean":
            return yes_or_no(inner) if is_quoted else _FIGURES.get(written, ())
        case "string" if isinstance(type_, t.EnumType):
            near = closest(inner, type_.values)
            return tuple(f'"{each}"' for each in near) if is_quoted else near
        case "string" if number_meant(written):
            return (f'"{written}"',)
        case _:
            return ()


_FIGURES: dict[str, Readings] = {"1": ("true",), "0": ("false",)}


def _is_day(text: str) -> bool:
    return day_meant(text) == (text,)


def tell(findings: Findings, text: Text, faults_of: Faults) -> None:
    """Note what is wrong with an expression, with the ways out."""
    faults = faults_of(text)
    wrong = any(fault.severity == "error" for fault in faults)
    whole = text.before_comment() if wrong else None
    if whole is not None and not _errors(faults_of(whole)):
        [edit] = whole.quoted()
        place, hint = text.place(faults[0].start), f"quote it: {edit.text}"
        findings.add(place, NOT_AN_EXPRESSION, _COMMENT, hint, fixes=[edit])
        return
    mends = mended(text, faults_of) if wrong else ()
    if faults and _is_word_in_quotes(text) and faults[0].code is UNKNOWN_NAME:
        faults = [_as_text(text, faults[0]) if not faults[0].hint else faults[0]]
    for fault in faults:
        alone = _leading_on(text, fault.respelling, faults_of) if fault.respelling else ()
        fixes = rewritings(text, mends or alone) if fault.severity == "error" else ()
        place, code, severity = text.place(fault.start), fault.code, fault.severity
        hint = _whole(fault, mends, alone) if severity == "error" else fault.hint
        findings.add(place, code, fault.message, hint, severity, fixes)


def _leading_on(text: str, respelling: Respelling, faults_of: Faults) -> Readings:
    """Give a text with one respelling, unless it or what stands right behind is not understood.

    ``£5,000 p.a.`` is not 5,000 GBP: what is not read whole is not rewritten.
    """
    behind = len(text) - respelling.end
    return tuple(
        each
        for each in _meant(text, respelling, faults_of)
        if not any(
            _stops(each, fault, respelling.start, len(each) - behind)
            for fault in _errors(faults_of(each))
        )
    )


def _stops(text: str, fault: Fault, start: int, end: int) -> bool:
    """Tell whether a fault is right behind what is written, or in it if that cannot be read."""
    if fault.start < end:
        return fault.code is NOT_AN_EXPRESSION and fault.start >= start
    return not text[end : fault.start].strip()


def _whole(fault: Fault, mends: Readings, alone: Readings) -> str:
    """Say the whole that was meant, where a part of it would not do."""
    if len(mends) != 1 or mends == alone or len(mends[0]) > SHOWN or fault.respelling is None:
        return fault.hint
    part = f"write {' or '.join(fault.respelling.texts)}"
    is_part = fault.hint == part or _ONE_SIGN.fullmatch(fault.hint)
    return f"write {mends[0]}" if is_part else fault.hint


def _is_word_in_quotes(text: Text) -> bool:
    """Tell whether a word alone stands in the quotes that YAML takes away."""
    return text.style in {'"', "'"} and str(text).isidentifier()


def _as_text(text: Text, fault: Fault) -> Fault:
    meant = Respelling(0, len(text), (f'"{text}"',), "")
    hint = f"a text has quotes of its own: '\"{text}\"'"
    return fault._replace(hint=hint, respelling=meant)


_ONE_SIGN = re.compile(r"(?:write|join with) '[^']+'")
_COMMENT = "what stands behind the # is a comment"


def mended(text: str, faults_of: Faults) -> Readings:
    """Give what a text may have meant: with nothing wrong, and as little changed as can be."""
    level: tuple[str, ...] = (str(text),)
    for _ in range(STEPS):
        following: dict[str, None] = {}
        right = []
        for each in level[:CHOICES]:
            errors = _errors(faults_of(each))
            if not errors:
                right.append(each)
            elif errors[0].respelling is not None:
                following |= dict.fromkeys(_meant(each, errors[0].respelling, faults_of))
        if right:
            return in_one_order(text, tuple(right))
        level = tuple(following)
    return ()


def _meant(text: str, respelling: Respelling, faults_of: Faults) -> Iterator[str]:
    """Give a text with a respelling; of a final one only where nothing is wrong with it."""
    for each in respelling.applied(text):
        end = len(each) - (len(text) - respelling.end)
        if not respelling.final or not any(
            respelling.start <= (fault.respelling or fault).start < end
            for fault in _errors(faults_of(each))
        ):
            yield each


def _errors(faults: Sequence[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.severity == "error"]
