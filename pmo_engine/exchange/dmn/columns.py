"""The columns of a table of a model, and how their cells are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.binding.cells import shortened
from pmo_engine.compiler.binding.registers import TYPES
from pmo_engine.exchange.dmn.definitions import (
    child,
    children,
    identifier,
    is_plain,
    local,
    text_of,
    words_of,
)
from pmo_engine.exchange.dmn.texts import with_money
from pmo_engine.exchange.dmn.vocabulary import DmnError
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse, parse_unary_tests
from pmo_engine.feel.walk import walk
from pmo_engine.model.names import words
from pmo_engine.policy import LISTING

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from pmo_engine.exchange.dmn.definitions import Definitions, Renaming, Type
    from pmo_engine.policy import HitPolicy

_TESTED, _ANSWERED = " tested ", " answered "  # columns, among the names of expressions
_OF_MOMENTS = re.compile(r'\bdate and time\s*\(|@"[^"]*T')
_KINDS = {"money": "money", "duration": "days and time duration"}


class Columns:
    """The inputs and outputs of one table, as a policy file has them."""

    def __init__(
        self, definitions: Definitions, element: Element, table: Element, policy: HitPolicy
    ) -> None:
        self.definitions = definitions
        self.element = element
        self._renamed = definitions.renaming(element)
        self._whole = table.get("typeRef")  # what the table gives, where no output says
        self._answers: set[str] = set()
        self._hiding: dict[str, str] = {}
        self._called = frozenset() if definitions.is_ours else _called(table, self._renamed)
        self.names: dict[str, t.Type] = {}
        rules = [list(children(rule, "inputEntry")) for rule in children(table, "rule")]
        self.tested = [
            self._input(each, [text_of(cells[place]) for cells in rules if place < len(cells)])
            for place, each in enumerate(children(table, "input"))
        ]
        self.inputs = list(self.tested)
        self.outputs = [
            self._output(each, place, element, policy)
            for place, each in enumerate(children(table, "output"), 1)
        ]
        self.annotations = [each.get("name") or "" for each in children(table, "annotation")]
        logic = child(element, "encapsulatedLogic")
        if logic is None:
            self._add_mentioned(table)
        else:
            self._take_parameters(logic)

    def count_cells(self, tests: int, answers: int) -> None:
        """Raise DmnError for a row that has another number of cells than there are columns."""
        for what, cells, columns in (
            ("tests", tests, len(self.tested)),
            ("answers", answers, len(self.outputs)),
        ):
            if cells != columns:
                raise DmnError(f"a row has {cells} {what} for {columns} columns")

    def test(self, text: str, column: dict[str, Any]) -> str | list[str] | None:
        """Read a cell of a column of tests; None where everything passes."""
        if text in {"", "-"}:
            return None
        return self._cell(text, column, _TESTED, parse_unary_tests)

    def answer(self, text: str, column: dict[str, Any]) -> str | list[str]:
        """Read a cell of a column of answers."""
        return self._cell(text or "null", column, _ANSWERED, parse)

    def _cell(
        self, text: str, column: dict[str, Any], side: str, parse_cell: Callable[[str], n.Node]
    ) -> str | list[str]:
        written = self._written(text)
        type_ = column["type"]
        if isinstance(type_, list) and (words := _words(written, parse_cell)):
            known = all(word in type_ for word in words)
            return (words[0] if len(words) == 1 else words) if known else written
        known_type = self.names.get(f"{side}{column['name']}", t.ANY)
        names = {**self.names, "?": known_type}
        try:
            written = with_money(written, parse_cell(written), known_type, names)
        except FeelSyntaxError:
            return written  # which a check of the table tells better
        return shortened(written, _KINDS.get(str(type_), str(type_)))

    def _written(self, text: str) -> str:
        """Write an expression with our names; a column that would hide a function has another."""
        written = self._renamed(text)
        for name, ours in self._hiding.items():
            written = re.sub(
                rf'("(?:[^"\\]|\\.)*")|(?<![\w.]){name}(?!\w|\s*\()',
                lambda found, ours=ours: found[1] or ours,  # type: ignore[misc]
                written,
            )
        return written

    def _input(self, element: Element, cells: list[str]) -> dict[str, Any]:
        expression = child(element, "inputExpression")
        written = self._renamed(text_of(expression))
        name = written if is_plain(written) else identifier(element.get("label") or written)
        name = self._free(name)
        if name in self._called:
            self._hiding[name] = name = self._free(f"{name}_")
        if name != written:
            self.definitions.notes.append(f"input '{written}' is called '{name}'")
        reference = expression.get("typeRef") if expression is not None else None
        type_ = self.definitions.type(reference)
        if not reference:
            type_ = self.definitions.type_of_data(written)
        if type_ in ("text", "any"):
            part = self.definitions.type_of_part(text_of(expression))
            type_ = type_ if part == "any" else part
        if type_ == "date" and any(map(_OF_MOMENTS.search, cells)):
            type_ = "date and time"  # Camunda 7 calls it a date
            self.definitions.notes.append(f"input '{name}' is of moments, as its cells are")
        column: dict[str, Any] = {"name": name, "type": type_}
        self._remember(name, type_, reference)
        self._limit(column, text_of(child(element, "inputValues")))
        return self._described(column, element)

    def _limit(self, column: dict[str, Any], allowed: str) -> None:
        """Take over what an input allows: words become its type."""
        words = words_of(allowed)
        if words and not self.definitions.is_ours and column["type"] in ("text", "any"):
            column["type"] = words
        elif allowed not in {"", "-"} and column["type"] != words:
            column["allowed"] = self._cell(allowed, column, _TESTED, parse_unary_tests)

    def _output(
        self, element: Element, place: int, decision: Element, policy: HitPolicy
    ) -> dict[str, Any]:
        written = element.get("name") or element.get("label") or ""
        name = identifier(written) if written else f"answer{'' if place == 1 else place}"
        if name in self._answers:
            self.definitions.notes.append(f"a second output '{written}' is called '{name}_'")
            name = f"{name}_"
        self._answers.add(name)
        reference = element.get("typeRef")
        type_ = self.definitions.type(reference)
        if not reference:
            reference, type_ = self._of_variable(decision, written, policy)
        column: dict[str, Any] = {"name": name, "type": type_}
        self._remember(f"{_ANSWERED}{name}", type_, reference)
        values = text_of(child(element, "outputValues"))
        words = words_of(values)
        if words and not self.definitions.is_ours and type_ in ("text", "any"):
            column["type"] = words
        elif values and type_ != words:
            column["allowed"] = [self._one(each, column) for each in _parts(values)]
        if default := text_of(child(element, "defaultOutputEntry")):
            column["default"] = self.answer(default, column)
        return self._described(column, element)

    def _one(self, test: str, column: dict[str, Any]) -> str:
        cell = self._cell(test, column, _ANSWERED, parse_unary_tests)
        return cell if isinstance(cell, str) else ", ".join(cell)

    def _of_variable(
        self, decision: Element, name: str, policy: HitPolicy
    ) -> tuple[str | None, Type]:
        """Give the type of an output that says none: that of the decision, or an entry of it."""
        variable = child(decision, "variable")
        reference = (variable.get("typeRef") if variable is not None else None) or self._whole
        if name:
            component = self.definitions.component(reference, name)
            if component != "any":
                return None, component
        if policy in LISTING:
            reference = self.definitions.item(reference)
        return reference, "any" if policy == "count" else self.definitions.type(reference)

    def _described(self, column: dict[str, Any], element: Element) -> dict[str, Any]:
        about, label = text_of(child(element, "description")), element.get("label") or ""
        said = label.casefold() not in {words(str(column["name"])).casefold(), ""}
        more = {"label": label if said else "", "about": about}
        return {**column, **{key: text for key, text in more.items() if text}}

    def _remember(self, name: str, type_: Type, reference: str | None) -> None:
        """Keep the type by which the amounts in expressions are found."""
        currency = self.definitions.currency(reference)
        found = TYPES.get(type_, t.ANY) if isinstance(type_, str) else t.STRING
        if currency:
            money = t.MoneyType(currency)
            found = t.ListType(money) if str(type_).startswith("list") else money
        self.names[name] = found
        if not name.startswith(_ANSWERED):
            self.names[f"{_TESTED}{name}"] = found

    def _free(self, name: str) -> str:
        while name in self.names:
            name += "_"
        return name

    def _take_parameters(self, logic: Element) -> None:
        """Put the inputs of a function in the order in which it is called with them."""
        order = []
        for parameter in children(logic, "formalParameter"):
            name = identifier(parameter.get("name") or "")
            if name not in self.names:
                reference = parameter.get("typeRef")
                self.inputs.append({"name": name, "type": self.definitions.type(reference)})
                self._remember(name, self.definitions.type(reference), reference)
            order.append(name)
        places = {name: place for place, name in enumerate(order)}
        self.inputs.sort(key=lambda column: places.get(column["name"], len(places)))

    def _add_mentioned(self, table: Element) -> None:
        """Make inputs of the input data that cells speak of without a column of their own."""
        for entry in table.iter():
            if not entry.tag.endswith(("}inputEntry", "}outputEntry")):
                continue
            for name in _names(self._written(text_of(entry))):
                if name not in self.names and self.definitions.is_data(name, self.element):
                    type_ = self.definitions.type_of_data(name)
                    self.inputs.append({"name": name, "type": type_})
                    self._remember(name, type_, None)


def _parts(tests: str) -> list[str]:
    """Take a list of tests apart."""
    try:
        node = parse_unary_tests(tests)
    except FeelSyntaxError:
        return [tests]
    match node:
        case n.Membership(n.Name("?"), parts):
            found: list[n.Node] = list(parts)
        case n.Disjunction(operands):
            found = [
                part
                for each in operands
                for part in (each.tests if isinstance(each, n.Membership) else (each,))
            ]
        case _:
            return [tests]
    return [tests[each.start : each.end] for each in sorted(found, key=lambda each: each.start)]


def _names(text: str) -> list[str]:
    """Name everything that a cell speaks of, the functions that it calls apart."""
    node = _parsed(text)
    functions = {id(each.function) for each in walk(node) if isinstance(each, n.Call)}
    named = (each for each in walk(node) if isinstance(each, n.Name))
    return [each.name for each in named if id(each) not in functions]


def _called(table: Element, renamed: Renaming) -> frozenset[str]:
    """Name the functions of the language that the cells of a table call."""
    entries = (each for each in table.iter() if local(each) in {"inputEntry", "outputEntry"})
    calls = (
        each.function.name
        for entry in entries
        for each in walk(_parsed(renamed(text_of(entry))))
        if isinstance(each, n.Call) and isinstance(each.function, n.Name)
    )
    return frozenset(calls) & (BUILTINS.keys() | GOVERNANCE.keys())


def _parsed(text: str) -> n.Node:
    for parse_cell in (parse_unary_tests, parse):
        try:
            return parse_cell(text or "-")
        except FeelSyntaxError:
            continue
    return n.Literal(None)


def _words(text: str, parse_cell: Callable[[str], n.Node]) -> list[str]:
    """Give the words that a cell is made of: a text, or tests for some."""
    if parse_cell is parse_unary_tests:
        return words_of(text)
    try:
        node = parse_cell(text)
    except FeelSyntaxError:
        return []
    return [node.value] if isinstance(node, n.Literal) and isinstance(node.value, str) else []
