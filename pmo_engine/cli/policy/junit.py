"""Results of suites as a JUnit file, which build servers read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pmo_engine.cli.writing import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pmo_engine.suites.running import CaseResult

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, results: Sequence[CaseResult]) -> None:
    """Write one test suite element for each suite, one test case for each case."""
    root = ET.Element("testsuites", _figures(results))
    for name in dict.fromkeys(item.suite for item in results):
        mine = [item for item in results if item.suite == name]
        suite = ET.SubElement(root, "testsuite", {"name": _shown(name), **_figures(mine)})
        for item in mine:
            suite.append(_case(item))
    ET.indent(root)
    write_whole(path, ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _figures(results: Sequence[CaseResult]) -> dict[str, str]:
    failures = sum(not item.passed for item in results)
    seconds = sum(item.seconds for item in results)
    figures = {"tests": len(results), "failures": failures, "errors": 0, "skipped": 0}
    return {**{name: str(count) for name, count in figures.items()}, "time": f"{seconds:.6f}"}


def _case(item: CaseResult) -> ET.Element:
    named = {"classname": _shown(item.suite), "name": _shown(item.case)}
    place = {"file": _shown(item.mark.file), "line": str(item.mark.line)}
    case = ET.Element("testcase", {**named, **place, "time": f"{item.seconds:.6f}"})
    if not item.passed:
        said = {"message": _shown(item.failures[0]), "type": "difference"}
        text = "\n".join((f"{item.mark}", *item.failures))
        ET.SubElement(case, "failure", said).text = _shown(text)
    return case


def _shown(text: str) -> str:
    """Leave out what no XML may hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
