"""``pmo policy export-dmn`` and ``pmo policy import-dmn`` from the command line."""

from pathlib import Path
from typing import Any

import pytest

Pmo = Any
POLICY = """
kind: policy
name: museum
version: "1"
currency: GBP
---
kind: table
id: signer
title: Who signs
inputs: [{name: amount, type: money}]
outputs: [{name: role, type: [pmo_head, board]}]
rows:
  - {when: {amount: < 50000 GBP}, then: {role: pmo_head}}
  - {when: {amount: ">= 50000 GBP"}, then: {role: board}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "museum"
    made.mkdir()
    (made / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return made


def test_a_table_goes_out_and_comes_back(pmo: Pmo, folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "signer.dmn"
    out = pmo("policy", "export-dmn", folder, "signer", "-o", model)
    assert (out.status, out.out, out.err) == (0, "", "")
    printed = pmo("policy", "export-dmn", folder)
    assert printed.out == model.read_text(encoding="utf-8")
    again = pmo("policy", "import-dmn", model)
    assert (again.status, again.err) == (0, "")
    assert again.out == (
        "kind: table\nid: signer\ntitle: Who signs\nhit_policy: unique\n"
        "inputs:\n  - {name: amount, type: money}\n"
        "outputs:\n  - {name: role, type: [pmo_head, board]}\n"
        "rows:\n"
        '  - {when: {amount: "< 50000 GBP"}, then: {role: pmo_head}}\n'
        '  - {when: {amount: ">= 50000 GBP"}, then: {role: board}}\n'
    )
    written = folder / "again.yaml"
    assert pmo("policy", "import-dmn", model, "-o", written).status == 0
    assert written.read_text(encoding="utf-8") == again.out


def test_what_cannot_be_done_is_said_in_a_line(pmo: Pmo, folder: Path, tmp_path: Path) -> None:
    unknown = pmo("policy", "export-dmn", folder, "singer")
    assert unknown.status == 2
    assert "no table is called 'singer': did you mean 'signer'?" in unknown.err
    assert pmo("policy", "import-dmn", tmp_path / "none.dmn").status == 2
    wrong = tmp_path / "wrong.dmn"
    wrong.write_text("<html/>", encoding="utf-8")
    refused = pmo("policy", "import-dmn", wrong)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == f"{wrong}: not a DMN model: it begins with 'html'\n"
    (folder / "policy.yaml").write_text(POLICY.partition("---")[0], encoding="utf-8")
    none = pmo("policy", "export-dmn", folder)
    assert (none.status, none.err) == (1, f"{folder}: there is no table in this policy\n")
    (folder / "policy.yaml").write_text("kind: policy\n", encoding="utf-8")
    broken = pmo("policy", "export-dmn", folder)
    assert (broken.status, "PMO012" in broken.err) == (1, True)


def test_what_is_left_out_is_said(pmo: Pmo, folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.dmn"
    assert pmo("policy", "export-dmn", folder, "-o", model).status == 0
    other = '<decision name="Sum"><literalExpression><text>1</text></literalExpression></decision>'
    text = model.read_text(encoding="utf-8").replace("<decision ", f"{other}<decision ", 1)
    model.write_text(text, encoding="utf-8")
    result = pmo("policy", "import-dmn", model)
    assert (result.status, result.err) == (
        0,
        f"{model}: 'Sum' is left out: it is an expression\n",
    )
    assert result.out.startswith("kind: table\nid: signer\n")


def test_tables_of_the_standard_are_run(pmo: Pmo, shared: Path) -> None:
    result = pmo("feel", "--cases", shared / "data/feel/tables.jsonl", "--tables")
    assert result.status == 0
    assert result.out.splitlines()[-1] == "20 passed, 0 failed, 9 skipped"
