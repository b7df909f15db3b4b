"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pmo_engine import __version__
from pmo_engine.source.codes import pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.source.codes import Page
    from pmo_engine.source.diagnostics import Diagnostic

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Make a log of one run; columns count characters, and rules are the codes that were found."""
    codes = sorted({item.code for item in diagnostics})
    driver = {
        "name": "pmo",
        "semanticVersion": __version__,
        "rules": [_rule(pages()[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, codes.index(item.code)) for item in diagnostics],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(page: Page) -> dict[str, Any]:
    return {
        "id": page.code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.about},
        "help": {"text": page.about, "markdown": page.text},
    }


def _result(item: Diagnostic, index: int) -> dict[str, Any]:
    region = {"startLine": item.line, "startColumn": item.column}
    place = {"artifactLocation": {"uri": _uri(item.file)}, "region": region}
    return {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.severity,
        "message": {"text": f"{item.message} ({item.hint})" if item.hint else item.message},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: str) -> str:
    if Path(file).is_absolute():
        return Path(file).as_uri()
    return quote(PurePath(file).as_posix())
