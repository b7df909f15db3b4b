"""A document as PDF, set by Typst from data: nothing in it is read as markup or from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, assert_never

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
from pmo_engine.documents.html import TEMPLATES
from pmo_engine.documents.model import (
    Flow,
    Life,
    Paragraph,
    Picture,
    Provision,
    Table,
    TimeLine,
)
from pmo_engine.documents.numbering import letters, unbroken, unbroken_words
from pmo_engine.documents.pictures import draw_flow, draw_life, draw_time_line
from pmo_engine.documents.typesetting import typeset
from pmo_engine.documents.widths import ACROSS, WIDTH, widths
from pmo_engine.drawing.svg import svg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Block, Content, Document, Section, Words
    from pmo_engine.drawing.shapes import Drawing

TEMPLATE = "document.typ"


def pdf(document: Document) -> bytes:
    """Write the document as PDF; the same one gives the same bytes."""
    day = document.in_force_from or document.on
    data = {
        "title": document.title,
        "kicker": kicker(document),
        "cover": not document.facts,
        "matrix": _sheet(MATRIX, document.matrix, ACROSS),
        "signing": _words(signing(document)),
        "signatures": _sheet(SIGNATURES, document.signatures),
        "day": [day.year, day.month, day.day],
        "front": [[name, _words(words)] for name, words in front(document)],
        "imprint": imprint(document),
        "colophon": _words(colophon(document)),
        "parts": [
            {
                "title": title if document.contents else "",
                "sections": [_section(each, numbered=document.contents) for each in sections],
            }
            for _, title, sections in parts(document)
        ],
    }
    inputs = {"document": json.dumps(data, ensure_ascii=False)}
    return typeset((TEMPLATES / TEMPLATE).read_bytes(), inputs, "pdf")


def _sheet(title: str, content: Table | None, whole: int = WIDTH) -> dict[str, Any] | None:
    return None if content is None else {"title": title, **_table(content, whole)}


def _table(content: Table, whole: int = WIDTH) -> dict[str, Any]:
    rows = [row.cells for row in content.rows]
    return {
        "kind": "table",
        "columns": list(content.columns),
        "widths": widths(content.columns, rows, whole),
        "right": sorted(content.numbers),
        "rows": [[_words(cell) for cell in cells] for cells in rows],
    }


def _section(section: Section, *, numbered: bool) -> dict[str, Any]:
    blocks = [made for block in section.blocks for made in _block(block)]
    number = f"{section.number}  " if numbered else ""
    return {"title": f"{number}{section.title}", "blocks": blocks}


def _block(block: Block) -> Iterator[dict[str, Any]]:
    if not isinstance(block, Provision):
        yield from _content(block)
        return
    clause = block.clause
    yield {"kind": "heading", "text": unbroken(f"{clause.number}  {clause.heading}")}
    lines = clause.text.splitlines() if block.shown else []
    listed = block.listed and len(lines) > 1
    for place, line in enumerate(lines, 1):
        aside = place > 1 and not block.listed
        yield _text(f"({letters(place)})  {line}" if listed else line, aside=aside)
    for words in block.notes:
        yield {"kind": "words", "words": _words(words), "aside": True, "heads": False}
    for content in block.body:
        yield from _content(content)


def _content(content: Content) -> Iterator[dict[str, Any]]:
    match content:
        case Paragraph(words, heads):
            yield {"kind": "words", "words": _words(words), "aside": False, "heads": heads}
        case Table():
            yield _table(content)
        case Flow():
            yield _drawn(draw_flow(content))
        case TimeLine():
            yield _drawn(draw_time_line(content))
        case Life():
            yield _drawn(draw_life(content))
        case Picture():
            yield _picture(content)
        case _:
            assert_never(content)


def _drawn(drawing: Drawing) -> dict[str, Any]:
    made = Picture(svg(drawing), drawing.title, drawing.about, drawing.width, drawing.height)
    return {**_picture(made), "caption": drawing.title}


def _picture(picture: Picture) -> dict[str, Any]:
    about = f"{picture.title}. {picture.about}"
    size = {"width": picture.width, "height": picture.height}
    return {"kind": "picture", "svg": picture.svg, "about": about, **size}


def _text(text: str, *, aside: bool) -> dict[str, Any]:
    return {"kind": "words", "words": [[unbroken(text), ""]], "aside": aside, "heads": False}


def _words(words: Words) -> list[list[str]]:
    return [[run.text, run.style] for run in unbroken_words(words)]
