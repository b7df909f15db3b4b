"""A document as Markdown (CommonMark with tables), pictures as Mermaid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from pmo_engine.documents.front_matter import MATRIX, SIGNATURES, colophon, front, parts, signing
from pmo_engine.documents.links import anchor
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
from pmo_engine.documents.numbering import BLANK, letters, unbroken, unbroken_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Block, Content, Document, Row, Section, Words

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&]")
_BLANKS = re.compile(rf"[^\S{BLANK}]+")  # all but the one that keeps an amount together
_START = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def markdown(document: Document) -> str:
    """Write the document as Markdown."""
    return "\n".join(_lines(document)).rstrip() + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}\n"
    yield from _tabulated(
        ("", ""), [(escaped(name), _said(words)) for name, words in front(document)]
    )
    yield "## Contents\n"
    yield from [f"- {_link(MATRIX, 'matrix')}"] if document.matrix else []
    for _, title, sections in parts(document):
        yield f"- {title}"
        yield from (f"  - {_link(f'{each.number} {each.title}', each.id)}" for each in sections)
        yield ""
    if document.matrix:
        yield f"{_anchor('matrix')}\n\n## {MATRIX}\n"
        yield from _content(document.matrix)
    for part, title, sections in parts(document):
        yield f"{_anchor(part)}\n\n## {title}\n"
        for each in sections:
            yield from _section(each)
    if document.signatures:
        yield f"{_anchor('signatures')}\n\n## {SIGNATURES}\n\n{_said(signing(document))}\n"
        yield from _content(document.signatures)
    yield f"---\n\n{_said(colophon(document))}"


def _section(section: Section) -> Iterator[str]:
    yield f"{_anchor(section.id)}\n\n### {section.number} {escaped(section.title)}\n"
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if not isinstance(block, Provision):
        yield from _content(block)
        return
    clause = block.clause
    lines = clause.text.splitlines() if block.shown else []
    head = f"{_anchor(clause.id)}**{clause.number} {_line(clause.heading)}**"
    listed = block.listed and len(lines) > 1
    if listed:
        yield f"{head}\n"
        yield from (f"- ({letters(place)}) {_line(line)}" for place, line in enumerate(lines, 1))
        yield ""
    else:
        yield f"{head}  \n{_line(lines[0])}\n" if lines else f"{head}\n"
        yield from (f"{_line(line)}\n" for line in lines[1:])
    yield from (f"{_said(words)}\n" for words in block.notes)
    for content in block.body:
        yield from _content(content)


def _content(content: Content) -> Iterator[str]:
    match content:
        case Paragraph(words, _):
            yield f"{_said(words)}\n"
        case Table(columns, rows, numbers):
            yield from _tabulated(columns, [_row(row) for row in rows], numbers)
        case Flow():
            yield from _fenced(_flow(content))
        case TimeLine():
            yield from _fenced(_time_line(content))
        case Life():
            yield from _fenced(_life(content))
        case Picture(title=title, about=about):
            yield f"*{escaped(title)}* {escaped(about, whole=False)}\n"
        case _:
            assert_never(content)


def _row(row: Row) -> tuple[str, ...]:
    first, *rest = [_said(cell) for cell in row.cells]
    id = row.clause.id if row.clause is not None else row.id
    return (f"{_anchor(id)}{first}" if id else first, *rest)


def _tabulated(
    columns: tuple[str, ...], rows: list[tuple[str, ...]], numbers: frozenset[int] = frozenset()
) -> Iterator[str]:
    yield _piped(columns)
    yield _piped(tuple("--:" if place in numbers else "---" for place in range(len(columns))))
    yield from (_piped(row) for row in rows)
    yield ""


def _piped(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _said(words: Words) -> str:
    return "".join(_run(run) for run in unbroken_words(words))


def _run(run: Run) -> str:
    match run.style:
        case "code":
            text = _code(run.text)
        case "strong":
            text = f"**{escaped(run.text)}**"
        case "emphasis":
            text = f"*{escaped(run.text)}*"
        case _:
            text = escaped(run.text, whole=False)
    if run.to:
        return f"[{text}](#{anchor(run.to)})"
    return f"[{text}](<{run.href}>)" if run.href else text


def _link(text: str, id: str) -> str:
    return f"[{escaped(text)}](#{anchor(id)})"


def _anchor(id: str) -> str:
    return f'<a id="{anchor(id)}"></a>'


def _line(text: str) -> str:
    return escaped(unbroken(text))


def escaped(text: str, *, whole: bool = True) -> str:
    """Write text so that it is only that: nothing in it means anything to Markdown.

    A ``whole`` text may begin a line, where more means something.
    """
    text = _BLANKS.sub(" ", text)
    text = text.strip() if whole else text
    safe = _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), text)
    return _START.sub(_not_a_list, safe) if whole else safe


def _not_a_list(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _code(text: str) -> str:
    """Write code between more backticks than stand in it; a bar would end a table's cell."""
    text = " ".join(text.split()).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}" if text else ""


def _fenced(lines: Iterator[str]) -> Iterator[str]:
    yield "```mermaid"
    yield from lines
    yield "```\n"


def _flow(flow: Flow) -> Iterator[str]:
    names = {stage: f"s{place}" for place, stage in enumerate(flow.stages)}
    yield "flowchart LR"
    for stage, name in names.items():
        yield f'  {name}["{_label(stage)}"]'
    for place, each in enumerate(flow.passages):
        yield f'  g{place}{{"{_label(each.gate)}<br/>{_label(each.decided_by)}"}}'
        yield f"  {names[each.from_stage]} --> g{place} --> {names[each.to_stage]}"


def _time_line(line: TimeLine) -> Iterator[str]:
    yield "flowchart LR"
    yield '  asked(["asked"])'
    before = "asked"
    for place, step in enumerate(line.steps):
        shape = ("[[", "]]") if step.late else ("[", "]")
        yield f'  r{place}{shape[0]}"{_label(step.when)}<br/>{_label(step.what)}"{shape[1]}'
        yield f"  {before} --> r{place}"
        before = f"r{place}"


def _life(life: Life) -> Iterator[str]:
    names = {state: f"s{place}" for place, state in enumerate(life.states)}
    yield "flowchart LR"
    for state, name in names.items():
        first, last = ("([", "])") if state in life.closed else ("[", "]")
        yield f'  {name}{first}"{_label(state)}"{last}'
    for leg in life.legs:
        yield f'  {names[leg.start]} -->|"{_label(leg.number)}"| {names[leg.to]}'


def _label(text: str) -> str:
    """Write a label of Mermaid: what it would read as its own is written as entities."""
    return re.sub(r"[^\w .,:%'()+-]", lambda found: f"#{ord(found[0])};", " ".join(text.split()))
