"""An office's own templates: filled with a report, and harmless whatever stands in them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from jinja2.exceptions import TemplateError

from pmo_engine.documents.boards.report_pages import Cell, Grid, PageSection, Plotted, ReportPages
from pmo_engine.documents.office_templates import looking_through
from pmo_engine.documents.office_templates.child import in_words, sandbox
from pmo_engine.documents.office_templates.filling import filled
from pmo_engine.documents.office_templates.looking_through import BadTemplate, look_through
from pmo_engine.drawing.bars import Group, bars
from pmo_engine.drawing.svg import svg

if TYPE_CHECKING:
    from collections.abc import Callable

NASTY = "Lift <w:p>&{{ title }}\x00"
DRAWING = bars("Benefits", [""], [Group("planned", (None,))])
PAGES = ReportPages(
    report="highlight",
    title="Highlight report",
    about="P-1 Tram",
    period="March 2026",
    audience=("sponsor", "PMO head"),
    as_of="2026-04-02",
    edition=1,
    sections=(
        PageSection(
            title="Money",
            lines=("Two lines.", NASTY),
            grids=(Grid(columns=("Figure", "Now"), rows=((Cell(text="Budget"), Cell(text="5")),)),),
            pictures=(
                Plotted(
                    svg=svg(DRAWING),
                    title=DRAWING.title,
                    about=DRAWING.about,
                    width=DRAWING.width,
                    height=DRAWING.height,
                ),
            ),
        ),
    ),
    figures={"bac": Cell(text="9,700,000 GBP", number="9700000", unit="GBP")},
    policy="Harbour City",
)
GOOD = (
    "{{ title }}, {{ about }}, {{ period }}, for {{ audience }}: {{ figures.bac }}",
    "{%p for section in sections %}",
    "{{ section.title | upper }}",
    "{%p for line in section.lines %}",
    "{{ line }}",
    "{%p endfor %}",
    "{%p for picture in section.pictures %}",
    "{{ picture }}",
    "{%p endfor %}",
    "{%p for table in section.tables %}",
    "{{ table.columns | join('; ') }}: {% for r in table.rows %}{{ r | join('=') }}{% endfor %}",
    "{%p endfor %}",
    "{%p endfor %}",
)


def template(*paragraphs: str) -> bytes:
    """A document of Word in which each text is a paragraph of its own."""
    made = docx.Document()
    for each in paragraphs:
        made.add_paragraph(each)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good template of which one part is another, or is there besides."""
    out = BytesIO()
    with ZipFile(BytesIO(template("x"))) as source, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for each in source.namelist():
            data = source.read(each)
            made.writestr(each, change(data) if each == name else data)
        if name not in source.namelist():
            made.writestr(name, change(b""))
    return out.getvalue()


def test_a_report_fills_a_template() -> None:
    data = filled(template(*GOOD), PAGES)
    made = docx.Document(BytesIO(data))
    texts = [each.text for each in made.paragraphs if each.text.strip()]
    assert texts == [
        "Highlight report, P-1 Tram, March 2026, for sponsor and PMO head: 9,700,000 GBP",
        "MONEY",
        "Two lines.",
        "Lift <w:p>&{{ title }}\N{REPLACEMENT CHARACTER}",
        "Figure; Now: Budget=5",
    ]
    (picture,) = made.inline_shapes
    assert picture._inline.docPr.get("descr") == "planned: not available."


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ titel }}", "does not have: 'titel' is undefined (there are about, as_of"),
        ("{{ figures.eac }}", "does not have: no 'eac' (figures are none)"),
        ("{% for x in range(9) %}{% endfor %}", "a template calls nothing"),
        ("{{ lipsum() }}", "a template calls nothing"),
        ("{{ title.__class__ }}", "what no template may have"),
        ("{{ ''.__class__.__mro__ }}", "what no template may have"),
        ("{{ figures.__init__.__globals__ }}", "what no template may have"),
        ("{{ '{0.__class__}'.format(title) }}", "a template calls nothing"),
        ("{{ sections.append(1) }}", "a template calls nothing"),
        ("{{ title.upper() }}", "a template calls nothing"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "a template calls nothing"),
        ("{{ 'a' * 999999999 }}", "'*' is of numbers alone"),
        ("{{ 9 ** 999999999 }}", "'**' is of numbers alone"),
        ("{{ title | attr('upper') }}", "a tag cannot be read: No filter named 'attr'"),
        ("{{ title | center(999999999) }}", "No filter named 'center'"),
        ("{% include '/etc/passwd' %}", "a template includes, imports and extends nothing"),
        ("{% for line in sections %}", "a tag cannot be read"),
    ],
)
def test_a_template_sees_the_report_and_nothing_else(tag: str, said: str) -> None:
    context = {
        "title": "T",
        "sections": [],
        "figures": {},
        "about": "",
        "as_of": "",
        "audience": "",
    }
    with pytest.raises((TemplateError, TypeError)) as raised:
        sandbox().from_string(tag).render(context)
    assert said in in_words(raised.value, context)


def test_a_template_with_a_field_that_there_is_not_is_told() -> None:
    with pytest.raises(BadTemplate, match="'titel' is undefined"):
        filled(template("{{ titel }}"), PAGES)


def test_a_loop_without_end_is_ended() -> None:
    names = "abcdefghijklmnop"
    loops = "".join(f"{{% for {each} in title %}}" for each in names)
    with pytest.raises(BadTemplate, match="more than a template may use"):
        filled(template(loops + "{% endfor %}" * len(names)), PAGES, seconds=1)


ELSEWHERE = b"""<Relationship Id="r9" TargetMode="External" Target="http://there.example/x.dotm"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>"""
EMBEDDED = b"""<Relationship Id="r9" Target="embeddings/a.bin"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"/>"""
DECLARED = b"<!DOCTYPE x [<!ELEMENT x ANY>]><x/>"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
END, RELS = b"</Relationships>", "word/_rels/document.xml.rels"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: b"PK no zip", "no file of Word"),
        (lambda: with_part("word/vbaProject.bin", lambda _: b"x"), "has macros"),
        (lambda: with_part("word/document.xml", lambda _: ENTITIES), "is not plain XML"),
        (lambda: with_part("word/document.xml", lambda data: data[:99]), "is not plain XML"),
        (lambda: with_part("word/document.xml", lambda _: DECLARED), "is not plain XML"),
        (
            lambda: with_part(RELS, lambda data: data.replace(END, ELSEWHERE + END)),
            "links to elsewhere: 'http://there.example/x.dotm'",
        ),
        (
            lambda: with_part(RELS, lambda data: data.replace(END, EMBEDDED + END)),
            "run or embedded: 'embeddings/a.bin'",
        ),
    ],
    ids=["no zip", "macros", "entities", "cut", "declared", "elsewhere", "embedded"],
)
def test_what_is_no_plain_document_is_refused(data: Callable[[], bytes], said: str) -> None:
    with pytest.raises(BadTemplate) as raised:
        look_through(data())
    assert said in str(raised.value)


def test_a_document_without_a_body_is_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr("mimetype", "x")
    with pytest.raises(BadTemplate, match=r"has no 'word/document\.xml'"):
        look_through(out.getvalue())


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_part("word/media/a.png", lambda _: bytes(1 << 22))
    assert len(bomb) < 1 << 17
    look_through(bomb)  # within bounds it is a large picture
    monkeypatch.setattr(looking_through, "MOST_UNPACKED", 1 << 21)
    with pytest.raises(BadTemplate, match="unpacked it has more than 2 MB"):
        look_through(bomb)


def test_bytes_of_all_parts_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_through, "MOST_UNPACKED", 1 << 21)
    with pytest.raises(BadTemplate, match="unpacked it has more than 2 MB"):
        look_through(with_part("word/media/a.png", lambda _: bytes((1 << 21) - 1)))


def test_bounds_count_parts_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    good = template("x")
    monkeypatch.setattr(looking_through, "MOST_PARTS", 3)
    with pytest.raises(BadTemplate, match="more than 3 parts"):
        look_through(good)
    monkeypatch.setattr(looking_through, "MOST_BYTES", len(good) - 1)
    with pytest.raises(BadTemplate, match="leave out large pictures"):
        look_through(good)
