"""Results of suites as a JUnit file, which build servers read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pmo_engine.policy.suites import CaseResult


def write_junit(path: Path, results: Sequence[CaseResult]) -> None:
    """Write one test suite element for each suite, one test case for each case."""
    root = ET.Element("testsuites")
    for name in dict.fromkeys(item.suite for item in results):
        mine = [item for item in results if item.suite == name]
        failures = sum(not item.passed for item in mine)
        suite = ET.SubElement(
            root, "testsuite", name=name, tests=str(len(mine)), failures=str(failures)
        )
        for item in mine:
            case = ET.SubElement(suite, "testcase", classname=name, name=item.case)
            if not item.passed:
                text = "\n".join(item.failures)
                ET.SubElement(case, "failure", message=text).text = f"{item.mark}: {text}"
    ET.indent(root)
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
