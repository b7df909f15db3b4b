"""A document as PDF, set by Typst from data: nothing in it is read as markup or from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, assert_never

from pmo_engine.documents.front_matter import colophon, front, imprint, parts
from pmo_engine.documents.html import TEMPLATES
from pmo_engine.documents.model import Flow, Life, Paragraph, Provision, Table, TimeLine
from pmo_engine.documents.numbering import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Block, Content, Document, Words

TEMPLATE = "document.typ"


def pdf(document: Document) -> bytes:
    """Write the document as PDF; the same one gives the same bytes."""
    import typst  # noqa: PLC0415 - a compiler, slow to load

    day = document.in_force_from or document.on
    data = {
        "title": document.title,
        "day": [day.year, day.month, day.day],
        "front": [[name, _words(words)] for name, words in front(document)],
        "imprint": imprint(document),
        "colophon": _words(colophon(document)),
        "parts": [
            {"title": title, "sections": [_section(each) for each in sections]}
            for _, title, sections in parts(document)
        ],
    }
    inputs = {"document": json.dumps(data, ensure_ascii=False)}
    made = typst.compile(
        (TEMPLATES / TEMPLATE).read_bytes(), sys_inputs=inputs, format="pdf", timestamp=0
    )
    assert isinstance(made, bytes)
    return made


def _section(section: Any) -> dict[str, Any]:
    blocks = [made for block in section.blocks for made in _block(block)]
    return {"title": f"{section.number}  {section.title}", "blocks": blocks}


def _block(block: Block) -> Iterator[dict[str, Any]]:
    if not isinstance(block, Provision):
        yield from _content(block)
        return
    clause = block.clause
    yield {"kind": "heading", "text": f"{clause.number}  {clause.heading}"}
    lines = clause.text.splitlines() if block.shown else []
    listed = block.listed and len(lines) > 1
    for place, line in enumerate(lines, 1):
        yield _text(f"({letters(place)})  {line}" if listed else line)
    for words in block.notes:
        yield {"kind": "words", "words": _words(words)}
    for content in block.body:
        yield from _content(content)


def _content(content: Content) -> Iterator[dict[str, Any]]:
    match content:
        case Paragraph(words):
            yield {"kind": "words", "words": _words(words)}
        case Table(columns, rows):
            cells = [[_words(cell) for cell in row.cells] for row in rows]
            yield {"kind": "table", "columns": list(columns), "rows": cells}
        case Flow(_, passages, about):
            for each in passages:
                gate = f"{each.gate} {each.title}, decided by {each.decided_by}"
                yield _text(f"{each.from_stage} → {each.to_stage}: {gate}")
            yield _text(about)
        case TimeLine(steps, about):
            yield from (_text(f"{step.when}: {step.what}") for step in steps)
            yield _text(about)
        case Life(states, closed, legs, about):
            over = f"; over: {', '.join(closed)}" if closed else ""
            yield _text(f"States: {', '.join(states)}{over}")
            yield from (_text(f"{leg.start} → {leg.to} ({leg.number})") for leg in legs)
            yield _text(about)
        case _:
            assert_never(content)


def _text(text: str) -> dict[str, Any]:
    return {"kind": "words", "words": [[text, ""]]}


def _words(words: Words) -> list[list[str]]:
    return [[run.text, run.style] for run in words]
