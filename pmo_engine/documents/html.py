"""A document as one page of HTML that stands alone, for screen, telephone and paper."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.documents.front_matter import (
    MATRIX,
    SIGNATURES,
    colophon,
    front,
    imprint,
    kicker,
    parts,
    signing,
)
from pmo_engine.documents.links import anchor
from pmo_engine.documents.numbering import letters, unbroken
from pmo_engine.documents.pictures import draw_flow, draw_life, draw_time_line
from pmo_engine.drawing.svg import in_page, svg

if TYPE_CHECKING:
    from jinja2 import Environment

    from pmo_engine.documents.model import Document

TEMPLATES = Path(__file__).parent / "templates"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def html(document: Document) -> str:
    """Write the document as HTML; nothing in it is fetched from elsewhere."""
    made = (
        _environment()
        .get_template("document.html.j2")
        .render(
            document=document,
            front=front(document),
            imprint=imprint(document),
            colophon=colophon(document),
            parts=parts(document),
            colophon_text="".join(run.text for run in colophon(document)),
            kicker=kicker(document),
            signing=signing(document),
            matrix_title=MATRIX,
            signatures_title=SIGNATURES,
        )
    )
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", made)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - lazily
    from markupsafe import Markup  # noqa: PLC0415 - lazily

    made = Environment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "anchor": anchor,
        "letters": letters,
        "unbroken": unbroken,
        "kind": lambda value: type(value).__name__,
        "flow": draw_flow,
        "time_line": draw_time_line,
        "life": draw_life,
        "svg": lambda drawing: Markup(in_page(svg(drawing))),  # noqa: S704 - its texts are escaped
        "drawn": lambda written: Markup(in_page(written)),  # noqa: S704 - by `svg`
        "css_text": lambda text: Markup('"{}"').format(Markup(_css(text))),  # noqa: S704 - all escaped
    }
    return made


def _css(text: str) -> str:
    """Escape a text for a string in a style sheet: everything but letters and digits."""
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):x} ", text)
