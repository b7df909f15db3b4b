"""Paragraphs, tables, links and bookmarks of WordprocessingML (ISO/IEC 29500), as elements.

They are made directly: the tables of python-docx take longer with each row.
"""

from __future__ import annotations

import re
from copy import deepcopy
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.documents.numbering import plain, unbroken_words
from pmo_engine.documents.typesetting import png
from pmo_engine.documents.widths import WIDTH, widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as WordDocument

    from pmo_engine.documents.model import Picture, Run, Words

    Rows: TypeAlias = Sequence[tuple[str | None, tuple[Words, ...]]]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK = "1F5F8B"
_PIXEL = 9525  # in the units of pictures, at 96 to the inch
SIZES = {"Normal": 10.5, "Title": 24, "Heading 1": 18, "Heading 2": 14, "Heading 3": 11}


class Bookmarks:
    """Their names by what they stand at; their names are short, as Word wants them."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._names: dict[str, str] = {}

    def name(self, id: str) -> str:
        """Give the bookmark's name of an id."""
        return self._names.setdefault(id, f"pmo_{len(self._names) + 1}")

    def around(self, id: str, *runs: Any) -> list[Any]:
        """Put a bookmark around runs."""
        number = str(next(self._numbers))
        start = element("w:bookmarkStart", {"w:id": number, "w:name": self.name(id)})
        return [start, *runs, element("w:bookmarkEnd", {"w:id": number})]


def element(tag: str, attributes: dict[str, str], *children: Any) -> Any:
    """Make an element with attributes and children, by their prefixed names."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - slow to load
    from docx.oxml.parser import OxmlElement  # noqa: PLC0415 - the same

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    for child in children:
        made.append(child)
    return made


_GROUNDS = {
    "green": ("FFFFFF", "1D7A4C"),
    "amber": ("1C2733", "F2B233"),
    "red": ("FFFFFF", "A3260F"),
}
"""Letters and ground of colours, which stand there as words, too."""


def cleaned(text: str) -> str:
    """Put the sign for what cannot be shown in the place of characters that XML does not have."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _text(text: str) -> Any:
    made = element("w:t", {"xml:space": "preserve"})
    made.text = " ".join(cleaned(text).splitlines())
    return made


def _run(run: Run, size: int | None) -> Any:
    found = []
    if run.style == "code":
        found.append(element("w:rFonts", {"w:ascii": "Consolas", "w:hAnsi": "Consolas"}))
    if run.style == "strong":
        found.append(element("w:b", {}))
    if run.style == "emphasis":
        found.append(element("w:i", {}))
    if run.to:
        found.append(element("w:color", {"w:val": _LINK}))
    if size is not None:
        found.append(element("w:sz", {"w:val": str(size)}))
    if run.style in _GROUNDS:
        letters, ground = _GROUNDS[run.style]
        found.insert(0, element("w:b", {}))
        found.insert(1, element("w:color", {"w:val": letters}))
        found.append(_shade(ground))
    return element("w:r", {}, element("w:rPr", {}, *found), _text(run.text))


def _runs(words: Words, bookmarks: Bookmarks | None, size: int | None) -> list[Any]:
    found = []
    for run in unbroken_words(words):
        made = _run(run, size)
        if run.to and bookmarks is not None:
            made = element(
                "w:hyperlink", {"w:anchor": bookmarks.name(run.to), "w:history": "1"}, made
            )
        found.append(made)
    return found


def paragraph(
    words: Words,
    bookmarks: Bookmarks | None = None,
    *,
    indent: int = 0,
    size: int | None = None,
    at: str = "",
    before: int = 0,
    after: int = 60,
) -> Any:
    """Make a paragraph, with a bookmark if it stands ``at`` something; sizes in half points."""
    runs = _runs(words, bookmarks, size)
    if at and bookmarks is not None:
        runs = bookmarks.around(at, *runs)
    spacing = element("w:spacing", {"w:before": str(before), "w:after": str(after)})
    properties = element("w:pPr", {}, spacing)
    if indent:
        properties.append(element("w:ind", {"w:left": str(indent)}))
    return element("w:p", {}, properties, *runs)


def heading(
    style: str,
    words: Words,
    bookmarks: Bookmarks | None = None,
    at: str = "",
    *,
    new_page: bool = False,
) -> Any:
    """Make a heading in a style by its id."""
    runs = _runs(words, bookmarks, None)
    if at and bookmarks is not None:
        runs = bookmarks.around(at, *runs)
    properties = element("w:pPr", {}, element("w:pStyle", {"w:val": style}))
    if new_page:
        properties.append(element("w:pageBreakBefore", {}))
    return element("w:p", {}, properties, *runs)


def picture(shown: Picture, made: WordDocument) -> Any:
    """Put a picture, which says in words what it shows, into a paragraph of a document."""
    inline = made.part.new_pic_inline(BytesIO(png(shown.svg)), width=round(_PIXEL * shown.width))
    inline.docPr.set("title", cleaned(shown.title))
    inline.docPr.set("descr", cleaned(shown.about))
    return element("w:p", {}, element("w:r", {}, element("w:drawing", {}, inline)))


def table(
    columns: tuple[str, ...],
    rows: Rows,
    bookmarks: Bookmarks,
    *,
    numbers: frozenset[int] = frozenset(),
    whole: int = WIDTH,
    size: int = 18,
    space: int = 30,
) -> Any:
    """Make a table; a row with an id has a bookmark in its first cell.

    ``whole`` is its width, ``space`` what is above and below a line, in twentieths of a point;
    ``numbers`` are the places of the columns that are set to the right.
    """
    shares = widths(columns, [cells for _, cells in rows], whole)
    made = element(
        "w:tbl",
        {},
        element(
            "w:tblPr",
            {},
            element("w:tblStyle", {"w:val": "TableGrid"}),
            element("w:tblW", {"w:w": str(sum(shares)), "w:type": "dxa"}),
            element("w:tblLayout", {"w:type": "fixed"}),
        ),
        element("w:tblGrid", {}, *(element("w:gridCol", {"w:w": str(width)}) for width in shares)),
    )
    if any(columns):
        head = [plain(column) for column in columns]
        made.append(_row(head, shares, bookmarks, None, numbers, size=size, space=space, head=True))
    for id, cells in rows:
        made.append(_row(cells, shares, bookmarks, id, numbers, size=size, space=space))
    return made


def _row(
    cells: Sequence[Words],
    shares: Sequence[int],
    bookmarks: Bookmarks,
    id: str | None,
    numbers: frozenset[int],
    *,
    size: int,
    space: int,
    head: bool = False,
) -> Any:
    properties = element("w:trPr", {}, element("w:cantSplit", {}))
    if head:
        properties.append(element("w:tblHeader", {}))
    made = element("w:tr", {}, properties)
    for place, (words, width) in enumerate(zip(cells, shares, strict=True)):
        at = id or "" if place == 0 else ""
        shading = "F2F2F2" if head else ""
        content = paragraph(words, bookmarks, size=size, at=at, before=space, after=space)
        if place in numbers:
            content.pPr.append(element("w:jc", {"w:val": "right"}))
        made.append(_cell(content, width, shading))
    return made


def _cell(content: Any, width: int, shading: str = "") -> Any:
    properties = element("w:tcPr", {}, element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
    if shading:
        properties.append(_shade(shading))
    return element("w:tc", {}, properties, content)


def _shade(colour: str) -> Any:
    return element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": colour})


def shaded_cell(words: Words, colour: str = "") -> Any:
    """Make a row of one centred cell: a box of a picture, or with no colour what is between."""
    content = paragraph(words, before=60)
    content.pPr.insert(0, element("w:keepNext", {}))
    content.pPr.append(element("w:jc", {"w:val": "center"}))
    cell = _cell(content, 7000, colour)
    return element("w:tr", {}, element("w:trPr", {}, element("w:cantSplit", {})), cell)


def foot(said: Words) -> Any:
    """Make the line at the foot of a page: what is said, and the page's number on the right."""
    fields = []
    for name, between in (("PAGE", " / "), ("NUMPAGES", "")):
        field = element("w:fldSimple", {"w:instr": name}, element("w:r", {}, _text("1")))
        fields += [field, element("w:r", {}, _text(between))]
    made = paragraph(said, size=14)
    stop = element("w:tab", {"w:val": "right", "w:pos": str(WIDTH)})
    made.pPr.insert(0, element("w:tabs", {}, stop))
    made.append(element("w:r", {}, element("w:tab", {})))
    for each in fields:
        made.append(each)
    return made


def section_end(last: Any, *, across: bool) -> Any:
    """Make a paragraph that ends a section of pages like the last ones, or on their side."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - slow to load

    properties = deepcopy(last)
    for each in properties.findall(qn("w:titlePg")) if across else ():
        properties.remove(each)
    if across:
        page = properties.find(qn("w:pgSz"))
        width, height = page.get(qn("w:w")), page.get(qn("w:h"))
        page.set(qn("w:w"), height)
        page.set(qn("w:h"), width)
        page.set(qn("w:orient"), "landscape")
    return element("w:p", {}, element("w:pPr", {}, properties))


def arranged(made: WordDocument) -> None:
    """Set page, margins and sizes of the styles that are used."""
    from docx.shared import Mm, Pt  # noqa: PLC0415 - slow to load

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    for name, size in (
        ("Normal", 10.5),
        ("Title", 24),
        ("Heading 1", 18),
        ("Heading 2", 14),
        ("Heading 3", 11),
    ):
        made.styles[name].font.size = Pt(size)
    made.styles["Normal"].font.name = "Calibri"
