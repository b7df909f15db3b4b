"""From tables to a DMN model (1.3 or 1.5): decisions with their input data, and a diagram of them.

A table that another one calls becomes a business knowledge model, which is the standard's function.
The same tables always give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pmo_engine.compiler.binding.tables import calls
from pmo_engine.exchange.dmn.diagram import add_diagram
from pmo_engine.exchange.dmn.texts import standard
from pmo_engine.exchange.dmn.vocabulary import (
    ANNOTATIONS,
    DC,
    DI,
    EXPORTER,
    HIT_POLICIES,
    IDENTIFIED,
    NAMESPACES,
    OWN,
    TYPES,
    DmnError,
    Version,
)
from pmo_engine.feel import types as t
from pmo_engine.feel.format import to_literal
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.nodes import Literal

if TYPE_CHECKING:
    from pmo_engine.policy import Expression, Table, TableInput, TableOutput, TableRow

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_tables(
    tables: Sequence[Table], known: Mapping[str, Table], name: str, version: Version = "1.3"
) -> bytes:
    """Write tables, and those of the ``known`` that they call, as one model.

    Version 1.3 is what modellers open. Raises DmnError for what the standard cannot hold.
    """
    return _Model(name, _with_called(tables, known), version).written()


def _with_called(tables: Sequence[Table], known: Mapping[str, Table]) -> dict[str, Table]:
    found: dict[str, Table] = {}
    waiting = list(tables)
    while waiting:
        table = waiting.pop(0)
        if table.id not in found:
            found[table.id] = table
            waiting += [known[name] for name in sorted(set(calls(table))) if name in known]
    return found


class _Model:
    """One ``definitions`` element in the making."""

    def __init__(self, name: str, tables: Mapping[str, Table], version: Version) -> None:
        written = NAMESPACES[version]
        self.draws_notes = version != "1.3"
        self.tables = tables
        called = {each for table in tables.values() for each in calls(table)}
        self.called = [table for table in tables.values() if table.id in called]
        self.decisions = [table for table in tables.values() if table.id not in called]
        self.types: dict[str, ET.Element] = {}
        self.root = ET.Element(
            "definitions",
            {
                "xmlns": f"{written}MODEL/",
                "xmlns:dmndi": f"{written}DMNDI/",
                "xmlns:dc": DC,
                "xmlns:di": DI,
                "xmlns:pmo": OWN,
                "id": "model",
                "name": name,
                "namespace": f"{OWN}:{name}",
                "expressionLanguage": f"{written}FEEL/",
                "exporter": EXPORTER,
            },
        )

    def written(self) -> bytes:
        inputs = self._inputs()
        for table in self.tables.values():
            self._check(table)
        elements = [self._input_data(column) for column in inputs.values()]
        elements += [self._knowledge(table) for table in self.called]
        elements += [self._decision(table) for table in self.decisions]
        self.root.extend([*self.types.values(), *elements])
        self._identify()
        add_diagram(self.root)
        ET.indent(self.root)
        written = ET.tostring(self.root, encoding="unicode")
        if odd := _NOT_IN_XML.search(written):
            raise DmnError(f"a text holds the character {odd[0]!r}, which XML cannot")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()

    def _identify(self) -> None:
        """Give an id to every element that may have one and has none, from where it stands."""
        for element in list(self.root):
            if element.tag == "itemDefinition":
                element.set("id", f"type-{element.get('name')}")
            waiting = [element]
            while waiting:
                parent = waiting.pop()
                for number, each in enumerate(parent, 1):
                    if each.tag in IDENTIFIED and "id" not in each.attrib:
                        each.set("id", f"{parent.get('id')}-{each.tag}-{number}")
                    waiting.append(each)

    def _inputs(self) -> dict[str, TableInput]:
        """Give the inputs of all decisions by name; two of one name must be of one type."""
        found: dict[str, TableInput] = {}
        for table in self.decisions:
            for column in table.inputs:
                other = found.setdefault(column.name, column)
                if other.type != column.type:
                    raise DmnError(
                        f"'{column.name}' is {t.describe(other.type)} in one table and "
                        f"{t.describe(column.type)} in '{table.id}': export them one by one"
                    )
        return found

    def _check(self, table: Table) -> None:
        for name in calls(table):
            if name in GOVERNANCE:
                raise DmnError(f"table '{table.id}' uses '{name}', which DMN does not know")

    def _input_data(self, column: TableInput) -> ET.Element:
        element = ET.Element("inputData", {"id": f"input_{column.name}", "name": column.name})
        _described(element, column.about)
        self._variable(element, column.name, self._type(column.type, column.name))
        return element

    def _decision(self, table: Table) -> ET.Element:
        element = self._named("decision", table)
        self._variable(element, table.id, self._type(table.result, table.id))
        for column in table.inputs:
            _requires(element, "information", "Input", table.id, f"input_{column.name}")
        self._requires_tables(element, table)
        element.append(self._table(table))
        return element

    def _knowledge(self, table: Table) -> ET.Element:
        element = self._named("businessKnowledgeModel", table)
        logic = ET.SubElement(element, "encapsulatedLogic", {"id": f"logic_{table.id}"})
        for column in table.inputs:
            kind = self._type(column.type, f"{table.id}_{column.name}")
            parameter = {"id": f"parameter_{table.id}-{column.name}", "name": column.name}
            ET.SubElement(logic, "formalParameter", {**parameter, "typeRef": kind})
        logic.append(self._table(table))
        self._requires_tables(element, table)
        return element

    def _named(self, tag: str, table: Table) -> ET.Element:
        label = {"label": table.title} if table.title != table.id else {}
        element = ET.Element(tag, {"id": f"table_{table.id}", "name": table.id, **label})
        _described(element, table.about)
        _extended(element, {key: getattr(table, key) for key in ("clause", "source")})
        return element

    def _requires_tables(self, element: ET.Element, table: Table) -> None:
        for name in sorted(set(calls(table)) & self.tables.keys()):
            _requires(element, "knowledge", "Knowledge", table.id, f"table_{name}")

    def _variable(self, element: ET.Element, name: str, kind: str) -> None:
        ET.SubElement(
            element, "variable", {"id": f"{element.get('id')}-value", "name": name, "typeRef": kind}
        )

    def _table(self, table: Table) -> ET.Element:
        policy, aggregation = HIT_POLICIES[table.hit_policy]
        more = {"aggregation": aggregation} if aggregation else {}
        element = ET.Element(
            "decisionTable", {"id": f"rows_{table.id}", "hitPolicy": policy, **more}
        )
        for column in table.inputs:
            self._input(element, table, column)
        for output in table.outputs:
            self._output(element, table, output)
        notes = {said: [_note(row, key) for row in table.rows] for said, key in ANNOTATIONS.items()}
        used = {said: texts for said, texts in notes.items() if self.draws_notes and any(texts)}
        for said in used:
            ET.SubElement(element, "annotation", {"name": said})
        for place, row in enumerate(table.rows):
            self._row(element, table, row, [texts[place] for texts in used.values()])
        return element

    def _input(self, element: ET.Element, table: Table, column: TableInput) -> None:
        label = {"label": column.label} if column.label else {}
        own = {"id": f"column_{table.id}-{column.name}", **label}
        clause = ET.SubElement(element, "input", own)
        _described(clause, column.about)
        kind = self._type(column.type, self._place(table, column.name))
        expression = ET.SubElement(clause, "inputExpression", {"typeRef": kind})
        ET.SubElement(expression, "text").text = column.name
        if column.allowed is not None:
            _text(clause, "inputValues", _standard(table, column.allowed))
        elif isinstance(column.type, t.EnumType):
            _text(clause, "inputValues", _words(column.type))

    def _output(self, element: ET.Element, table: Table, output: TableOutput) -> None:
        kind = self._type(output.type, f"{table.id}_{output.name}")
        label = {"label": output.label} if output.label else {}
        own = {"id": f"answer_{table.id}-{output.name}", "name": output.name, "typeRef": kind}
        clause = ET.SubElement(element, "output", {**own, **label})
        _described(clause, output.about)
        if any(each.node == Literal(True) for each in output.allowed):  # noqa: FBT003 - a constant
            raise DmnError(f"'-' is among what '{output.name}' of '{table.id}' allows")
        if output.allowed:
            allowed = ", ".join(_standard(table, each) for each in output.allowed)
            _text(clause, "outputValues", allowed)
        if output.default is not None:
            _text(clause, "defaultOutputEntry", _standard(table, output.default))

    def _row(self, element: ET.Element, table: Table, row: TableRow, notes: Iterable[str]) -> None:
        rule = ET.SubElement(element, "rule", {"id": f"row_{table.id}-{row.number}"})
        _described(rule, row.about)
        if not self.draws_notes:
            _extended(rule, {key: _note(row, key) for key in ANNOTATIONS.values()})
        for cell in row.when:
            _text(rule, "inputEntry", _standard(table, cell))
        for cell in row.then:
            _text(rule, "outputEntry", _standard(table, cell))
        for note in notes:
            _text(rule, "annotationEntry", note)

    def _place(self, table: Table, column: str) -> str:
        return column if table in self.decisions else f"{table.id}_{column}"

    def _type(self, type_: t.Type, place: str) -> str:
        """Name a type, defining it where the standard has none; ``place`` is where it is used."""
        match type_:
            case t.MoneyType(currency):
                element = _definition(f"money_{currency}", "number")
                element.insert(0, _description(f"An amount of money in {currency}."))
            case t.EnumType():
                element = _definition(f"t_{place}", "string")
                _text(element, "allowedValues", _words(type_))
            case t.ListType(item):
                inner = self._type(item, f"{place}_item")
                element = _definition(f"list_of_{inner.replace(' ', '_')}", inner)
                element.set("isCollection", "true")
            case t.ContextType(entries):
                element = _definition(f"t_{place}", "")
                for name, kind in entries:
                    component = ET.SubElement(element, "itemComponent", {"name": name})
                    ET.SubElement(component, "typeRef").text = self._type(kind, f"{place}_{name}")
            case _:
                return TYPES.get(type_, "Any")
        return self._defined(element)

    def _defined(self, element: ET.Element) -> str:
        """Keep a definition; another one of the same name is called otherwise."""
        name = element.get("name", "")
        known = self.types.setdefault(name, element)
        if ET.tostring(known) == ET.tostring(element):
            return name
        element.set("name", f"{name}_")
        return self._defined(element)


def _definition(name: str, base: str) -> ET.Element:
    element = ET.Element("itemDefinition", {"name": name})
    if base:
        ET.SubElement(element, "typeRef").text = base
    return element


def _description(about: str) -> ET.Element:
    element = ET.Element("description")
    element.text = about
    return element


def _described(element: ET.Element, about: str) -> None:
    if about:
        element.append(_description(about))


def _extended(element: ET.Element, own: Mapping[str, str]) -> None:
    """Say what is ours where every reader passes over what it does not know."""
    if not any(own.values()):
        return
    extension = ET.SubElement(element, "extensionElements")
    for key, text in own.items():
        if text:
            ET.SubElement(extension, f"pmo:{key}").text = text


def _text(element: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(ET.SubElement(element, tag), "text").text = text


def _requires(element: ET.Element, kind: str, what: str, table: str, of: str) -> None:
    requirement = ET.SubElement(element, f"{kind}Requirement", {"id": f"needs_{table}-{of}"})
    ET.SubElement(requirement, f"required{what}", {"href": f"#{of}"})


def _standard(table: Table, cell: Expression) -> str:
    return standard(cell.text, cell.node, frozenset(column.name for column in table.inputs))


def _words(type_: t.EnumType) -> str:
    return ", ".join(map(to_literal, type_.values))


def _note(row: TableRow, key: str) -> str:
    match key:
        case "in_force_from":
            return str(row.in_force.start or "")
        case "in_force_to":
            return str(row.in_force.end or "")
        case _:
            return str(getattr(row, key))
