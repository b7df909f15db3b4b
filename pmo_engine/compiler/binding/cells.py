"""Binds the cells of decision tables: FEEL, and the shorter forms that a column's type allows.

In a column of words a word stands for itself (``scope`` for ``"scope"``); in one of money, dates,
times or durations so does a value (``50000 GBP`` for ``@"50000 GBP"``). A list of tests is met
where one of them is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeAlias

from pmo_engine import policy as tree
from pmo_engine.compiler.binding.context import Findings
from pmo_engine.compiler.binding.mending import Fault, of_problem, of_syntax, tell
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.calls import misfits
from pmo_engine.feel.checking.checker import check, check_condition
from pmo_engine.feel.checking.problems import Problem, Wanted
from pmo_engine.feel.checking.typed import with_types
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.format import to_literal
from pmo_engine.feel.syntax.cells import ANYTHING as ANYTHING_ELSE
from pmo_engine.feel.syntax.hints import Respelling, respelt
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse, parse_unary_tests
from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.values import number_meant
from pmo_engine.model.money import amounts_meant
from pmo_engine.source import codes
from pmo_engine.source.codes import UNKNOWN_NAME, WRONG_TYPE
from pmo_engine.source.diagnostics import Mark, spelt_as
from pmo_engine.source.yaml_source import Text

Written: TypeAlias = "Text | list[Text]"

VALUE = n.Name("?")
ANYTHING = "-"
_STRING = r'@?\s*"(?:[^"\\]|\\.)*"'
_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}|@[\w/]+)?"
_DURATION = r"P(?=[\dT])[\dYMWDTHS.]*[YMWDHS]"
_SHORT = {
    "money": r"\d+(?:\.\d+)?\s*[A-Z]{3}\b",
    "date": _DATE + r"(?![\w-])",
    "date and time": _DATE + "T" + _TIME,
    "time": _TIME,
    "days and time duration": _DURATION,
    "years and months duration": _DURATION,
}
_GROUP = r"\d[,.'\u2019 \u00a0\u2009\u202f]"  # a value does not begin with a number's last figures
_PATTERNS = {
    kind: re.compile(
        rf"{_STRING}|(?<![\w@])(?<![^.]\.)(?<!\d[,.'\u2019 \u00a0\u202f])(?P<short>{short})"
    )
    for kind, short in _SHORT.items()
}
_TWO_NUMBERS = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.])|(?<=[<>=] )\d+,\d+(?![\w.,])")
_TWO_AMOUNTS = re.compile(r"\s*(?:[<>]=?|!?=)?\s*(?P<amount>-?\d[\d.' ]*(?:,\d+)+(?:\.\d+)?)\s*")
_BARE_RANGE = re.compile(r"[^\[\](]+?\.\.[^\[\])]+")


@dataclass(frozen=True, slots=True)
class _Feel:
    """A cell's text as FEEL, and where in the text as written each of its characters comes from."""

    text: str
    origins: tuple[int, ...]

    @classmethod
    def plain(cls, text: str) -> _Feel:
        """Take a text that was put together of others; its places are those of the first."""
        return cls(text, (0,))

    def origin(self, offset: int) -> int:
        return self.origins[min(offset, len(self.origins) - 1)]

    def placed(self, problem: Problem) -> Problem:
        """Give a problem with its places in the text as written."""
        wanted = tuple(Wanted(*self._span(each), each.type) for each in problem.wanted)
        start, end = self._span(problem)
        return replace(problem, start=start, end=end, wanted=wanted)

    def _span(self, of: Problem | Wanted) -> tuple[int, int]:
        return self.origin(of.start), self.origin(of.end - 1) + 1 if of.end else 0


class _Seen(NamedTuple):
    """A cell as FEEL, its tree unless it cannot be read, its type, and what is wrong with it."""

    text: str
    node: n.Node | None
    type: t.Type
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class CellBinder:
    """Binds cells over the names that they may use."""

    findings: Findings
    names: Mapping[str, t.Type]

    def test(self, written: Written, type_: t.Type) -> tree.Expression | None:
        """Bind a cell of a column of tests as a condition on ``?``; None where it is none."""
        texts = written if isinstance(written, list) else [written]
        among = len(written) if isinstance(written, list) else 0
        parts = [self._test(text, type_, among) for text in texts]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or not parts:
            return None
        text = ", ".join(known)
        node = self._parsed(texts[0], _Feel.plain(text), parse_unary_tests)
        if node is None:
            return None
        typed = with_types(node, check_condition(node, {**self.names, "?": type_}))
        return tree.Expression(text, typed, t.BOOLEAN, texts[0].mark)

    def anything(self, mark: Mark) -> tree.Expression:
        """Give the cell that every value passes."""
        return tree.Expression(ANYTHING, parse_unary_tests(ANYTHING), t.BOOLEAN, mark)

    def answer(self, written: Written, type_: t.Type, fallback: Mark) -> tree.Expression | None:
        """Bind a cell of a column of answers; None where it is no expression."""
        if not isinstance(written, list):
            return self._answer(written, type_)
        item = type_.item if isinstance(type_, t.ListType) else type_
        mark = written[0].mark if written else fallback
        if item is type_ and type_ != t.ANY:
            message = f"a list where {t.describe(type_)} is expected"
            self.findings.add(mark, WRONG_TYPE, message, "an answer is one value")
            return None
        parts = [self._answer(text, item) for text in written]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        text = f"[{', '.join(part.text for part in known)}]"
        node = self._parsed(written[0], _Feel.plain(text), parse) if written else parse(text)
        if node is None:
            return None
        return tree.Expression(text, with_types(node, check(node, self.names)), type_, mark)

    def _test(self, text: Text, type_: t.Type, among: int) -> str | None:
        """Check one test of a cell, and give it as FEEL."""
        if (word := _word(text, type_)) is not None:
            return to_literal(word)
        look = partial(self._look, type_=type_, test=True, listed=among > 0)
        seen = look(text)
        if among > 1 and isinstance(seen.node, n.Not | n.Literal):
            message = f"'{text[:60]}' is a whole cell and stands in no list"
            self.findings.add(
                text.mark, codes.CELLS_AND_COLUMNS, message, "give it a row of its own"
            )
            return None
        tell(self.findings, text, lambda each: look(each).faults)
        return seen.text if seen.node is not None else None

    def _answer(self, text: Text, type_: t.Type) -> tree.Expression | None:
        if (word := _word(text, type_)) is not None:
            return tree.Expression(to_literal(word), n.Literal(word), type_, text.mark)
        look = partial(self._look, type_=type_, test=False)
        seen = look(text)
        tell(self.findings, text, lambda each: look(each).faults)
        if seen.node is None:
            return None
        node = parse(seen.text)
        typed = with_types(node, check(node, self.names))
        return tree.Expression(seen.text, typed, seen.type, text.mark)

    def _look(self, text: str, type_: t.Type, *, test: bool, listed: bool = False) -> _Seen:
        """Read a text as a cell of a column, and say what is wrong with it."""
        item = type_.item if isinstance(type_, t.ListType) else type_
        feel, writing = (
            _feel(text, type_, listed=listed),
            Writing(self.findings.currency, kind_of(item), test),
        )
        fault = _empty(text, type_, test=test)
        if test:
            fault = fault or _everything(text, writing) or _two_numbers(text, writing)
        if fault:
            return _Seen("", None, type_, [fault])
        try:
            node = (parse_unary_tests if test else parse)(feel.text)
        except FeelSyntaxError as error:
            fault = of_syntax(text, error, feel.origin(error.start), writing)
            if isinstance(type_, t.EnumType) and (near := spelt_as(text, type_.values)):
                hint = f"did you mean '{near}'?"
                fault = fault._replace(
                    hint=hint, respelling=Respelling(0, len(text), (near,), hint)
                )
            return _Seen("", None, type_, [fault])
        if test and (fault := _difference(text, node, writing)):
            return _Seen("", None, type_, [fault])
        if isinstance(type_, t.EnumType):
            node = self._with_words(node) if test else self._as_word(node)
        found, problems = self._checked(node, type_, test=test)
        faults = [of_problem(text, feel.placed(_worded(each, type_)), writing) for each in problems]
        return _Seen(_with_quotes(feel.text, node), node, found, faults)

    def _checked(
        self, node: n.Node, type_: t.Type, *, test: bool
    ) -> tuple[t.Type, Sequence[Problem]]:
        if test:
            return t.BOOLEAN, check_condition(node, {**self.names, "?": type_}).problems
        checked = check(node, self.names)
        if any(problem.severity == "error" for problem in checked.problems):
            return checked.type, checked.problems
        misfit = misfits(node, checked.type, type_, WRONG_TYPE)
        return checked.type, (*checked.problems, *misfit)

    def _parsed(self, text: Text, feel: _Feel, parse: Callable[[str], n.Node]) -> n.Node | None:
        try:
            return parse(feel.text)
        except FeelSyntaxError as error:
            place = text.place(feel.origin(error.start))
            self.findings.add(place, codes.NOT_AN_EXPRESSION, error.message, error.hint)
            return None

    def _with_words(self, node: n.Node) -> n.Node:
        """Take names for words where a test names its value."""
        match node:
            case n.Membership(value, tests) if value == VALUE:
                return replace(node, tests=tuple(self._word_test(each) for each in tests))
            case n.Comparison("=" | "!=", left, right) if left == VALUE:
                return replace(node, right=self._as_word(right))
            case n.Not(operand):
                return replace(node, operand=self._with_words(operand))
            case n.Disjunction(operands) | n.Conjunction(operands):
                return replace(node, operands=tuple(self._with_words(each) for each in operands))
            case _:
                return node

    def _word_test(self, test: n.Node) -> n.Node:
        match test:
            case n.UnaryTest(_, operand):
                return replace(test, operand=self._as_word(operand))
            case n.ListLiteral(items):
                return replace(test, items=tuple(self._as_word(item) for item in items))
            case _:
                return self._as_word(test)

    def _as_word(self, node: n.Node) -> n.Node:
        match node:
            case n.Name(name) if name not in self.names:
                return n.Literal(name, start=node.start, end=node.end)
            case n.Conditional(_, consequence, alternative):
                branches = self._as_word(consequence), self._as_word(alternative)
                return replace(node, consequence=branches[0], alternative=branches[1])
            case _:
                return node


def _worded(problem: Problem, type_: t.Type) -> Problem:
    """Say of a name in a column of texts that nobody knows it."""
    if problem.code != UNKNOWN_NAME or problem.hint or type_ != t.STRING:
        return problem
    return replace(problem, hint="a text stands in quotes of its own: '\"text\"'")


def _empty(text: str, type_: t.Type, *, test: bool) -> Fault | None:
    """Find a cell with nothing in it, which may mean that anything passes, or that nothing does."""
    if text.strip():
        return None
    nobody = not test and isinstance(type_, t.EnumType) and tree.NOBODY in type_.values
    word = ANYTHING if test else tree.NOBODY if nobody else "null"
    why = {
        ANYTHING: "a cell that everything passes is written -",
        tree.NOBODY: "write nobody where nobody has to approve",
        "null": "write null where a row has no answer",
    }[word]
    written = Respelling(0, len(text), (word,), why)
    return Fault(0, codes.NOT_AN_EXPRESSION, "the cell is empty", why, "error", written)


def _difference(text: str, node: n.Node, writing: Writing) -> Fault | None:
    """Find a range that is written with a hyphen, which takes one end from the other."""
    tests = node.tests if isinstance(node, n.Membership) else ()
    if not any(map(_of_two_values, tests)):
        return None
    found = respelt(text, 0, writing)
    message = f"'{text[:60]}' takes one value from the other, and is no range"
    why = found.why if found else "a range is written [1..5]"
    return Fault(0, codes.NOT_AN_EXPRESSION, message, why, "error", found)


def _of_two_values(node: n.Node) -> bool:
    match node:
        case n.Arithmetic("-", n.Literal(), n.Literal()):
            return True
        case _:
            return False


def _everything(text: str, writing: Writing) -> Fault | None:
    """Find a word for whatever there is, which is a function or nobody's name."""
    if not re.fullmatch(ANYTHING_ELSE, text.strip()):
        return None
    found = respelt(text, 0, writing)
    message = f"'{text[:60]}' is no test"
    return Fault(0, codes.NOT_AN_EXPRESSION, message, found.why if found else "", "error", found)


def _two_numbers(text: str, writing: Writing) -> Fault | None:
    """Find a number with a comma, which would be a list of two."""
    match writing.kind:
        case "number" if found := _TWO_NUMBERS.search(text):
            (start, end), texts = found.span(), number_meant(found[0])
        case "money" if found := _TWO_AMOUNTS.fullmatch(text):
            (start, end), texts = found.span(1), amounts_meant(found[1], writing.currency)
        case _:
            return None
    why = f"write {' or '.join(texts)}, or a space after the comma" if texts else ""
    message = f"'{text[start:end]}' is two numbers here"
    respelling = Respelling(start, end, texts, why) if texts else None
    return Fault(start, codes.NOT_AN_EXPRESSION, message, why, "error", respelling)


def _word(text: str, type_: t.Type) -> str | None:
    """Give the value of an enumeration that a cell as a whole is."""
    is_value = isinstance(type_, t.EnumType) and text in type_.values
    return str(text) if is_value else None


def _feel(text: str, type_: t.Type, *, listed: bool = False) -> _Feel:
    item = type_.item if isinstance(type_, t.ListType) else type_
    feel, origins = "", []
    pattern = _PATTERNS.get(kind_of(item))
    for start, part, short in _pieces(text, pattern):
        shown = f'@"{part}"' if short else part
        before = 2 * short
        feel += shown
        origins += [start + min(max(at - before, 0), len(part) - 1) for at in range(len(shown))]
    if listed and _BARE_RANGE.fullmatch(text):  # YAML took the brackets for its own
        feel, origins = f"[{feel}]", [0, *origins, len(text)]
    return _Feel(feel, (*origins, len(text)))


def shortened(text: str, kind: str) -> str:
    """Write the values of a kind in an expression in their short form."""
    if kind not in _SHORT:
        return text
    long = re.compile(rf'@\s*"(?P<short>{_SHORT[kind]})"|{_STRING}')
    return long.sub(lambda found: found["short"] or found[0], text)


def _pieces(text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[int, str, bool]]:
    """Split a text into values in a short form and what is between them."""
    last = 0
    for found in pattern.finditer(text) if pattern else ():
        if found["short"]:
            yield last, text[last : found.start()], False
            yield found.start(), found["short"], True
            last = found.end()
    yield last, text[last:], False


def _with_quotes(text: str, node: n.Node) -> str:
    """Quote the words that stand for themselves, so that the text is FEEL."""
    texts = (each for each in walk(node) if isinstance(each, n.Literal))
    words = [each for each in texts if text[each.start : each.end] == each.value]
    for word in sorted(words, key=lambda each: -each.start):
        text = text[: word.start] + to_literal(word.value) + text[word.end :]
    return text
