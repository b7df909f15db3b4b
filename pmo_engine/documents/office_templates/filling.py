"""Fills an office's own template of Word with a report."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine.documents.docx import steady
from pmo_engine.documents.docx_elements import cleaned
from pmo_engine.documents.office_templates.looking_through import BadTemplate, look_through
from pmo_engine.documents.typesetting import png
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.documents.boards.report_pages import PageSection, ReportPages

CHILD = "pmo_engine.documents.office_templates.child"
SECONDS = 20  # of the processor, which the child may use
PATIENCE = 60  # seconds by the clock, after which it is ended


def filled(template: bytes, pages: ReportPages, seconds: int = SECONDS) -> bytes:
    """Fill a template with a report; raises BadTemplate.

    It sees `title`, `about`, `period`, `audience`, `as_of`, `edition`, `policy`, `figures` by their
    ids, and `sections`, each with `title`, `lines`, `tables` of `columns` and `rows`, `pictures`
    and `notes`. All texts are escaped.
    """
    look_through(template)
    told = {"context": _context(pages), "seconds": seconds}
    given = json.dumps(told).encode() + b"\n" + template
    command = [sys.executable, "-m", CHILD]  # nothing of the template is in it
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadTemplate("it asks for more time than a template may use") from None
    head, newline, document = done.stdout.partition(b"\n")
    if done.returncode != 0 or not newline:
        raise BadTemplate("it asks for more than a template may use")
    if wrong := json.loads(head)["wrong"]:
        raise BadTemplate(str(wrong))
    look_through(document)
    return steady(document, date.fromisoformat(pages.as_of))


def _context(pages: ReportPages) -> dict[str, Any]:
    return {
        "title": cleaned(pages.title),
        "about": cleaned(pages.about),
        "period": pages.period,
        "audience": cleaned(joined(pages.audience)),
        "as_of": value_in_words(date.fromisoformat(pages.as_of)),
        "edition": pages.edition,
        "policy": cleaned(pages.policy),
        "figures": {id: cleaned(cell.text) for id, cell in pages.figures.items()},
        "sections": [_section(each) for each in pages.sections],
    }


def _section(section: PageSection) -> dict[str, Any]:
    return {
        "title": cleaned(section.title),
        "lines": [cleaned(each) for each in section.lines],
        "tables": [
            {
                "columns": [cleaned(each) for each in grid.columns],
                "rows": [[cleaned(cell.text) for cell in row] for row in grid.rows],
            }
            for grid in section.grids
        ],
        "pictures": [
            {
                "png": b64encode(png(each.svg)).decode(),
                "title": cleaned(each.title),
                "about": cleaned(each.about),
                "width": each.width,
            }
            for each in (*section.pictures, *section.plots)
        ],
        "notes": [cleaned(each) for each in section.notes],
    }
