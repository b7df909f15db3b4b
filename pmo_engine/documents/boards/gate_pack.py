"""The pack that a body reads before it decides at a gate: what was found, and the question put."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.decisions.gate_recommendation import Recommendation
from pmo_engine.decisions.gate_standing import GateStanding, without_place
from pmo_engine.documents.model import Document, Paragraph, Row, Run, Section, Table
from pmo_engine.documents.numbering import capital, plain
from pmo_engine.model.identifiers import ENGINE
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import lacking_in_words
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pmo_engine.documents.model import Block

NONE = "none"
OTHERS = "Others"  # figures that no functional role looks at


class PackFigure(Shape):
    """A figure of the project with its unit, and what it was in the pack before.

    ``why``: why there is none now; ``of``: the title of the functional role that looks at it.
    """

    label: str
    now: str
    before: str
    why: str = ""
    of: str = ""


class PackAssessment(Shape):
    """What a functional role found, by whom, in sentences."""

    role: str
    result: str
    by: str
    findings: tuple[str, ...]
    name: str = ""  # of who it was


class PackRecord(Shape):
    """A record of a register: what it is, how it stands, and what is said of it here."""

    register_name: str
    key: str
    title: str
    status: str
    note: str


class GatePack(Shape):
    """Everything of a pack, as it was frozen when the body was asked; times are ISO 8601."""

    project: str
    name: str
    gate: str
    title: str
    question: str
    body: str
    made_on: str
    due: str | None
    recommendation: Recommendation | None
    standing: GateStanding
    figures: tuple[PackFigure, ...]
    assessments: tuple[PackAssessment, ...]
    put: tuple[str, ...]
    carried: tuple[str, ...]
    risks: tuple[PackRecord, ...]
    changes: tuple[PackRecord, ...]
    since: str | None
    policy: str
    digest: str = ""
    entered: str = ""  # how many records of each register were entered, where they are many


def pack_document(pack: GatePack) -> Document:
    """Lay a pack out as a document: the question first, then what it is answered on."""
    sections = [
        Section(f"pack-{number}", str(number), title, tuple(blocks), "pack")
        for number, (title, blocks) in enumerate(_sections(pack), 1)
    ]
    made = date.fromisoformat(pack.made_on)
    due = [("Decision due", _day(each)) for each in (pack.due,) if each is not None]
    facts = (
        ("Project", f"{pack.project} {pack.name}"),
        ("Gate", f"{pack.gate} {pack.title}"),
        ("For decision by", pack.body),
        ("As of", value_in_words(made)),
        *due,
    )
    return Document(
        title=f"Gate {pack.gate} of {pack.name}",
        name=pack.policy,
        version="",
        digest=pack.digest,
        in_force_from=None,
        on=made,
        check="",
        sections=tuple(sections),
        facts=facts,
    )


def _sections(pack: GatePack) -> Iterator[tuple[str, list[Block]]]:
    yield "The question", [*_question(pack)]
    yield "Criteria", [*_criteria(pack.standing)]
    yield "Evidence", [_evidence(pack.standing)]
    found = (
        (capital(each.role), each.result, "; ".join(each.findings), _by(each.by, each.name))
        for each in pack.assessments
    )
    yield "Assessments", [_table(("Role", "Result", "Found", "By"), found)]
    yield "Put with the question", _lines(pack.put)
    yield "Open of earlier gates", _lines(pack.carried)
    yield "Risks and issues", [_records(pack.risks)]
    since = f"Since {_day(pack.since)}." if pack.since else ""
    changes = [_records(pack.changes)] if pack.changes or not pack.entered else []
    yield "Changes since the last gate", [*_paragraphs([since, pack.entered]), *changes]
    if pack.figures:
        yield "Figures", [*_figures(pack.figures)]


def told(pack: GatePack) -> tuple[str, ...]:
    """Say in sentences how a project stands before a gate, what is recommended, and what is put."""
    advice = pack.recommendation
    reasons = () if advice is None else advice.reasons
    outcome = "" if advice is None else f"Recommended: {_said(advice.outcome)}."
    criteria = (
        f"{each.level.capitalize()} '{each.id}', {each.text.rstrip('.')}:"
        f" {_said(each.answer)}{f', {each.score} of 10' if each.score else ''}"
        f" ({'asked of' if each.answer == 'asked' else 'by'} {each.name})."
        for each in pack.standing.criteria
    )
    evidence = (
        f"Evidence '{each.id}': {each.state}{f', {each.reference}' if each.reference else ''}."
        for each in pack.standing.evidence
    )
    said = (f"{each[:1].upper()}{each[1:]}." for each in reasons)
    return (*filter(None, [outcome]), *said, *criteria, *evidence, *pack.put, *pack.carried)


class Found(Protocol):
    """What a functional role found."""

    @property
    def role(self) -> str: ...

    @property
    def result(self) -> str: ...

    @property
    def findings(self) -> Sequence[Any]: ...

    @property
    def missing(self) -> Sequence[Any]: ...


def summary(rows: Sequence[Found], in_words: Callable[[str], str] = str) -> tuple[str, ...]:
    """Say in a few sentences what the functional roles found, each thing as ``in_words`` has it."""
    if not rows:
        return ("No functional role is asked for an assessment.",)
    met = sum(row.result == "met" for row in rows)
    lines = [f"{met} of {len(rows)} assessments are met."]
    for row in rows:
        who = capital(_said(row.role))
        if row.result == "cannot_tell" and row.missing:
            missing = ", ".join(in_words(str(each)) for each in row.missing)
            lines.append(f"{who} cannot tell without {missing}.")
        elif row.findings:
            cannot = " cannot tell" if row.result == "cannot_tell" else ""
            lines.append(f"{who}{cannot}: {'; '.join(in_words(str(e)) for e in row.findings)}.")
    return tuple(lines)


def _question(pack: GatePack) -> Iterator[Block]:
    yield Paragraph((Run(pack.question, "strong"),))
    advice = pack.recommendation
    if advice is not None:
        yield Paragraph((Run("Recommended: "), Run(_said(advice.outcome), "strong"), Run(".")))
        yield from _paragraphs(f"{each[:1].upper()}{each[1:]}." for each in advice.reasons)
    if pack.standing.against:
        left = ", ".join(_said(each) for each in pack.standing.left) or NONE
        yield Paragraph(plain(f"It may not be passed as things stand. The outcomes left: {left}."))


def _figures(figures: Sequence[PackFigure]) -> Iterator[Block]:
    """Give the figures that there are, or were, by the roles; of the others why there is none."""
    there = [each for each in figures if not each.why or each.before]
    for of in sorted(dict.fromkeys(each.of for each in there), key=lambda of: not of):
        yield Paragraph((Run(of or OTHERS, "strong"),), heads=True)
        rows = ((capital(e.label), e.now, e.before) for e in there if e.of == of)
        yield _table(("Figure", "Now", "At the gate before"), rows, numbers=(1, 2))
    lacking = [(each.label, each.why) for each in figures if each not in there]
    yield from _paragraphs(lacking_in_words(lacking, {each.label for each in figures}))


def _criteria(standing: GateStanding) -> Iterator[Block]:
    shown = {each.id: each.text.rstrip(".") for each in standing.evidence}
    yield _table(
        ("Criterion", "Level", "Judged", "By", "On", "Because of"),
        (
            (
                each.text,
                each.level,
                _said(each.answer) if each.score is None else f"{each.score} of 10",
                _by(each.by, each.name),
                ", ".join(shown.get(id, id) for id in each.evidence),
                "; ".join(map(without_place, each.findings)),
            )
            for each in standing.criteria
        ),
    )
    if standing.score is not None:
        said = (
            f"What is scored comes to {_number(standing.score)} of 10 together;"
            f" {_number(standing.hurdle)} is asked for."
        )
        yield Paragraph(plain(said))


def _evidence(standing: GateStanding) -> Table | Paragraph:
    return _table(
        ("Evidence", "State", "What was shown", "Of", "Counts until", "By"),
        (
            (
                each.text,
                each.state,
                f"{each.reference or ''}{f' at version {each.version}' if each.version else ''}",
                _day(each.dated) if each.dated else "",
                _day(each.valid_until) if each.valid_until else "",
                each.name or each.by or "",
            )
            for each in standing.evidence
        ),
    )


def _records(records: Sequence[PackRecord]) -> Table | Paragraph:
    rows = ((f"{r.register_name} {r.key}", r.title, r.status, r.note) for r in records)
    return _table(("Record", "Title", "Status", "What is said of it"), rows)


def _table(
    columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], numbers: Iterable[int] = ()
) -> Table | Paragraph:
    """Make a table, without the columns in which nothing stands in any row, or say that none is."""
    made = list(rows)
    if not made:
        return Paragraph(plain("None."))
    places = [place for place in range(len(columns)) if not place or any(r[place] for r in made)]
    return Table(
        tuple(columns[place] for place in places),
        tuple(Row(tuple(plain(row[place]) for place in places)) for row in made),
        frozenset(new for new, place in enumerate(places) if place in set(numbers)),
    )


def _by(account: str, name: str) -> str:
    """Say who judged; what was worked out has nobody's name."""
    return "worked out" if account == ENGINE else name or account


def _lines(lines: Iterable[str]) -> list[Block]:
    return [*_paragraphs(lines)] or [Paragraph(plain("None."))]


def _paragraphs(lines: Iterable[str]) -> Iterator[Block]:
    return (Paragraph(plain(each)) for each in lines if each)


def _day(text: str) -> str:
    return value_in_words(date.fromisoformat(text))


def _number(text: str | None) -> str:
    return "nothing" if text is None else value_in_words(Decimal(text))


def _said(word: str) -> str:
    return word.replace("_", " ")
