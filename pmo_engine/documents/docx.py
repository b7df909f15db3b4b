"""A document as DOCX: headings, clauses with bookmarks, tables; pictures are tables of boxes.

The same document gives the same bytes: the times inside are those of the policy, the parts of
the archive are put in order, and nothing is numbered at random.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, assert_never
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pmo_engine.documents.docx_elements import (
    Bookmarks,
    arranged,
    element,
    foot,
    heading,
    paragraph,
    picture,
    section_end,
    shaded_cell,
    table,
)
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
from pmo_engine.documents.model import (
    Flow,
    Life,
    Paragraph,
    Picture,
    Provision,
    Run,
    Table,
    TimeLine,
)
from pmo_engine.documents.numbering import letters, plain
from pmo_engine.documents.widths import ACROSS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.section import _BaseHeaderFooter

    from pmo_engine.documents.model import Block, Content, Document, Words

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # that an archive can hold
SIZES_BY_LENGTH = ((1500, 18), (2500, 16), (4000, 14), (6000, 12))
"""How large the letters of the matrix are, in half points, by how many there are."""
GREY, BLUE, RED = "F2F2F2", "E3EEF6", "F8E0DC"


def docx(document: Document) -> bytes:
    """Write the document as DOCX."""
    import docx as python_docx  # noqa: PLC0415 - slow to load

    made = python_docx.Document()
    _prepare(made, document)
    body = made.element.body
    last = body[-1]  # the page's own properties stay at the end
    for each in _body(document, made, last):
        last.addprevious(each)
    if document.matrix:  # which has ended the section that begins with the cover
        made.sections[-1].different_first_page_header_footer = False
    stream = BytesIO()
    made.save(stream)
    return steady(stream.getvalue(), document.in_force_from or document.on)


def _prepare(made: WordDocument, document: Document) -> None:
    day = document.in_force_from or document.on
    properties, moment = made.core_properties, _moment(day).replace(tzinfo=None)
    properties.title, properties.author = document.title[:255], document.name[:255]
    properties.version, properties.revision = document.version[:255], 1
    properties.comments, properties.last_modified_by = "", ""
    properties.identifier = document.digest
    properties.created = properties.modified = moment
    properties.language = "en-GB"
    arranged(made)
    section = made.sections[0]
    _replace(section.footer, foot(plain(imprint(document))))
    section.different_first_page_header_footer = not document.facts
    if not document.facts:
        _replace(section.first_page_footer, paragraph(colophon(document), size=14))


def _replace(margin: _BaseHeaderFooter, content: Any) -> None:
    """Put a paragraph in the place of the empty one that a header or footer begins with."""
    first = margin.paragraphs[0]._p  # noqa: SLF001 - the element; there is no other door to it
    first.getparent().replace(first, content)


def _moment(day: date) -> datetime:
    return max(datetime.combine(day, time(), UTC), EARLIEST)


def steady(data: bytes, day: date) -> bytes:
    """Write an archive anew with the time of a day; its first part stays the first."""
    stream, moment = BytesIO(), _moment(day)
    with ZipFile(BytesIO(data)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as made:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = ZipInfo(name, moment.timetuple()[:6])
            info.compress_type, info.create_system = ZIP_DEFLATED, 0
            made.writestr(info, source.read(name))
    return stream.getvalue()


def _body(document: Document, made: WordDocument, last: Any) -> Iterator[Any]:
    names = Bookmarks()
    yield from _cover(document, names)
    if document.contents:
        yield from _contents(document, names)
    if document.matrix:
        yield from _matrix(document.matrix, names, last)
    for place, (part, title, sections) in enumerate(parts(document)):
        new_page = place > 0 or not document.matrix
        if document.contents:
            yield heading("Heading1", plain(title), names, part, new_page=new_page)
        for each in sections:
            number = f"{each.number}  " if document.contents else ""
            yield heading("Heading2", plain(f"{number}{each.title}"), names, each.id)
            for block in each.blocks:
                yield from _block(block, names, made)
    if document.signatures:
        yield heading("Heading1", plain(SIGNATURES), names, "signatures", new_page=True)
        yield paragraph(signing(document), names)
        yield table(*_table(document.signatures), names, space=160)
    yield paragraph(colophon(document), names, size=16)


def _contents(document: Document, names: Bookmarks) -> Iterator[Any]:
    yield heading("Heading1", plain("Contents"), new_page=not document.facts)
    if document.matrix:
        yield paragraph((Run(MATRIX, "strong", to="matrix"),), names)
    for part, title, sections in parts(document):
        yield paragraph((Run(title, "strong", to=part),), names)
        for each in sections:
            line = (Run(f"{each.number}  {each.title}", to=each.id),)
            yield paragraph(line, names, indent=300, after=0)
    if document.signatures:
        yield paragraph((Run(SIGNATURES, "strong", to="signatures"),), names)


def _cover(document: Document, names: Bookmarks) -> Iterator[Any]:
    if not document.facts:
        yield paragraph(plain(kicker(document)), before=4000)
    yield heading("Title", plain(document.title))
    yield table(("", ""), [(None, (plain(name), words)) for name, words in front(document)], names)


def _matrix(matrix: Table, names: Bookmarks, last: Any) -> Iterator[Any]:
    """Set the matrix on a page of its own that lies on its side, in letters that let it fit."""
    yield section_end(last, across=False)
    yield heading("Heading1", plain(MATRIX), names, "matrix")
    letters_of = sum(len(run.text) for row in matrix.rows for cell in row.cells for run in cell)
    size = next((size for most, size in SIZES_BY_LENGTH if letters_of < most), 10)
    yield table(*_table(matrix), names, whole=ACROSS, size=size)
    yield section_end(last, across=True)


def _table(content: Table) -> tuple[tuple[str, ...], list[tuple[str, tuple[Words, ...]]]]:
    rows = [(row.clause.id if row.clause else row.id, row.cells) for row in content.rows]
    return content.columns, rows


def _block(block: Block, names: Bookmarks, made: WordDocument) -> Iterator[Any]:
    if isinstance(block, Picture):
        yield picture(block, made)
        return
    if not isinstance(block, Provision):
        yield from _content(block, names)
        return
    clause = block.clause
    yield heading("Heading3", plain(f"{clause.number}  {clause.heading}"), names, clause.id)
    lines = clause.text.splitlines() if block.shown else []
    listed = block.listed and len(lines) > 1
    for place, line in enumerate(lines, 1):
        text = f"({letters(place)})  {line}" if listed else line
        aside = not block.listed and place > 1
        yield paragraph(plain(text), names, indent=560, size=18 if aside else None)
    for words in block.notes:
        yield paragraph(words, names, indent=560, size=18)
    for content in block.body:
        yield from _content(content, names)


def _content(content: Content, names: Bookmarks) -> Iterator[Any]:
    match content:
        case Paragraph(words, heads):
            made = paragraph(words, names)
            if heads:
                made.pPr.insert(0, element("w:keepNext", {}))
            yield made
        case Table():
            yield table(*_table(content), names, numbers=content.numbers)
            yield paragraph(())
        case Flow():
            yield from _picture(_flow(content), content.about)
        case TimeLine():
            yield from _picture(_time_line(content), content.about)
        case Life():
            yield from _picture(_life(content), content.about)
        case Picture():
            yield paragraph((Run(content.about, "emphasis"),), names)
        case _:
            assert_never(content)


def _picture(rows: Iterator[Any], about: str) -> Iterator[Any]:
    """Draw a picture as a table of shaded boxes, with what it shows below."""
    grid = element("w:tblGrid", {}, element("w:gridCol", {"w:w": "7000"}))
    properties = element("w:tblPr", {}, element("w:tblW", {"w:w": "7000", "w:type": "dxa"}))
    yield element("w:tbl", {}, properties, grid, *rows)
    yield paragraph((Run(about, "emphasis"),), size=18)


def _flow(flow: Flow) -> Iterator[Any]:
    last = None
    for each in flow.passages:
        if each.from_stage != last:
            yield shaded_cell(plain(each.from_stage), GREY)
        yield shaded_cell(plain("↓"))
        gate = (
            Run(f"◇ {each.gate}  {each.title}", "strong"),
            Run(f", decided by {each.decided_by}"),
        )
        yield shaded_cell(gate, BLUE)
        yield shaded_cell(plain("↓"))
        yield shaded_cell(plain(each.to_stage), GREY)
        last = each.to_stage


def _time_line(line: TimeLine) -> Iterator[Any]:
    yield shaded_cell(plain("asked"), GREY)
    for step in line.steps:
        yield shaded_cell(plain("↓"))
        words = (Run(step.when, "strong"), Run(f": {step.what}"))
        yield shaded_cell(words, RED if step.late else BLUE)


def _life(life: Life) -> Iterator[Any]:
    for state in life.states:
        yield shaded_cell(plain(state), BLUE if state in life.closed else GREY)
        for leg in life.legs:
            if leg.start == state:
                yield shaded_cell((Run(f"→ {leg.to}"), Run(f" ({leg.number})", "emphasis")))
