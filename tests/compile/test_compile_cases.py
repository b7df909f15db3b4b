"""Each file here is a folder of policy files, and everything that a check finds in it.

``files`` lie beside those of ``base/`` and replace them by name (null leaves one out); ``found``
is the whole list, in order. ``held`` says who holds which roles, where appointments are checked
too. After a change of wording that is meant, write the lists anew with
``PMO_REGENERATE=1 pytest tests/compile`` and read the difference.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from pmo_engine.source.codes import DECLARED
from tests.held import findings

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.yaml"))


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as a block."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def found_in(folder: Path, held: dict[str, list[str]] | None = None) -> list[dict[str, str]]:
    found = []
    for item in findings(folder, held):
        name = item.file.removeprefix(str(folder)).removeprefix("/") or "."
        told = {"at": f"{name}:{item.line}:{item.column}", "code": item.code}
        more = {
            "message": item.message.replace(f"{folder}/", ""),
            "hint": item.hint.replace(f"{folder}/", ""),
        }
        severity = {"severity": "warning"} if item.severity == "warning" else {}
        found.append({**told, **more, **severity})
    return found


def lay_out(folder: Path, files: dict[str, str | None]) -> Path:
    shutil.copytree(HERE / "base", folder, dirs_exist_ok=True)
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def regenerate(path: Path, case: dict[str, Any]) -> None:
    text = yaml.dump(case, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_finds_exactly_what_the_case_says(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = found_in(lay_out(tmp_path, case["files"]), case.get("held"))
    if os.environ.get("PMO_REGENERATE"):
        regenerate(path, {**case, "found": found})
    else:
        assert found == case["found"]


def test_the_base_alone_is_fine(tmp_path: Path) -> None:
    assert found_in(lay_out(tmp_path, {})) == []


def test_every_code_has_a_case() -> None:
    found = {item["code"] for path in CASES for item in yaml.safe_load(path.read_text())["found"]}
    assert set(DECLARED) - found == set()
