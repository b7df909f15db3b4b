"""Exported tables are opened by those who did not write them."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

from pmo_engine.exchange.dmn import export_tables, import_tables
from tests.exchange.test_dmn import TABLES, bound, tables_of_many_kinds

MODELLER = Path(__file__).parents[2] / ".venv/modeller"
READ = """
import { DmnModdle } from "dmn-moddle";
import { readFileSync } from "node:fs";
const text = readFileSync(0, "utf8");
const { rootElement, warnings } = await new DmnModdle().fromXML(text, "dmn:Definitions");
const rules = rootElement.drgElement.flatMap((each) => each.decisionLogic?.rule ?? []);
console.log(JSON.stringify({
  warnings: warnings.map((each) => each.message),
  names: rootElement.drgElement.map((each) => each.name),
  cells: rules.map((each) => each.inputEntry.map((cell) => [cell.id, cell.text])),
  drawn: rootElement.dmnDI.diagrams[0].diagramElements.length,
}));
"""


def opened(data: bytes) -> dict:
    """Open a model with the reader of the most used modeller."""
    node = shutil.which("node")
    if node is None or not (MODELLER / "node_modules/dmn-moddle").is_dir():
        pytest.skip("the modeller's reader is not installed: make system")
    found = subprocess.run(
        [node, "--input-type=module", "-e", READ],
        cwd=MODELLER,
        input=data,
        capture_output=True,
        check=True,
    )
    return json.loads(found.stdout)


@pytest.fixture(scope="module")
def policy():
    return bound(TABLES)


@pytest.fixture(scope="module")
def data(policy) -> bytes:
    return export_tables(list(policy.tables.values()), policy.tables, policy.name)


def test_the_reader_of_a_modeller_opens_it_without_a_word(data: bytes) -> None:
    found = opened(data)
    assert found["warnings"] == []
    assert found["names"] == ["category", "amount", "due", "note", "size", "signer"]
    assert found["cells"][0][0] == ["row_signer-1-inputEntry-3", '"scope", "time"']
    assert found["drawn"] == 11  # six shapes, five edges


def test_tables_of_every_kind_are_opened_without_a_word() -> None:
    made = bound(tables_of_many_kinds())
    for table in made.tables.values():
        data = export_tables([table], made.tables, made.name)
        assert opened(data)["warnings"] == []


def test_spiffworkflow_reads_the_rows(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signer.dmn"
    path.write_bytes(data)
    parser = BpmnDmnParser()
    parser.add_dmn_file(str(path))
    (found,) = parser.dmn_parsers.values()
    found.parse()
    (table,) = found.decision.decisionTables
    assert [column.expression for column in table.inputs] == ["category", "amount", "due", "note"]
    assert [[entry.text for entry in rule.outputEntries] for rule in table.rules] == [
        ['"project_manager"', "-5", "3"],
        ['"board"', "amount + 3", "7"],
    ]


def test_every_element_of_a_table_has_an_id_of_its_own(data: bytes) -> None:
    without = {"text", "typeRef", "description", "extensionElements", "clause", "source", "Bounds"}
    without |= {"waypoint", "DMNDI", "in_force_from"}
    without |= {"requiredInput", "requiredDecision", "requiredKnowledge"}
    elements = list(ET.fromstring(data).iter())
    bare = {each.tag.rpartition("}")[2] for each in elements if "id" not in each.attrib}
    assert bare <= without
    ids = [each.get("id") for each in elements if "id" in each.attrib]
    assert len(set(ids)) == len(ids)


def test_ids_stay_apart_however_tables_and_columns_are_called() -> None:
    text = """
kind: table
id: a
title: A
inputs: [{name: b_c, type: number}]
outputs: [{name: it, type: number}]
rows: [{when: ['1'], then: ['a_b(b_c)']}, {when: ['2'], then: ['a_value(b_c)']}]
---
kind: table
id: a_b
title: B
inputs: [{name: c, type: number}]
outputs: [{name: it, type: number}]
rows: [{when: ['1'], then: ['1']}]
---
kind: table
id: a_value
title: V
inputs: [{name: c, type: number}]
outputs: [{name: it, type: number}]
rows: [{when: ['1'], then: ['1']}]
"""
    made = bound(text)
    elements = list(
        ET.fromstring(export_tables(list(made.tables.values()), made.tables, "m")).iter()
    )
    ids = [each.get("id") for each in elements if "id" in each.attrib]
    assert len(set(ids)) == len(ids)


def test_version_1_5_draws_what_rows_say_of_themselves(policy) -> None:
    tables = list(policy.tables.values())
    newer = export_tables(tables, policy.tables, policy.name, "1.5")
    root = ET.fromstring(newer)
    model = "{https://www.omg.org/spec/DMN/20230324/MODEL/}"
    assert root.tag == f"{model}definitions"
    assert [each.get("name") for each in root.iter(f"{model}annotation")] == [
        "source",
        "in force from",
    ]
    older = export_tables(tables, policy.tables, policy.name)
    assert import_tables(newer).tables == import_tables(older).tables
