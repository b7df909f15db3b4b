"""The mandate of a project: what was asked for, how it was screened, and who let it begin."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.documents.model import Document, Row, Section, Table
from pmo_engine.documents.numbering import plain
from pmo_engine.model.shape import Shape
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mandate(Shape):
    """What an approved proposal says, by labels and in words; ``on`` is the day of its decision.

    ``project``: what it became, with its stage; ``gate``: its first. ``decided``: each vote in a
    sentence.
    """

    key: str
    title: str
    noun: str
    office: str
    asked_by: str
    asked_on: str
    on: str
    said: tuple[tuple[str, str], ...]
    worked_out: tuple[tuple[str, str], ...]
    project: str
    gate: str
    decided: tuple[str, ...]
    policy: str
    digest: str = ""


def mandate_document(mandate: Mandate) -> Document:
    """Lay a mandate out as a document of three sections."""
    parts = (
        ("What is mandated", _pairs(mandate.said)),
        ("How it was screened", _pairs(mandate.worked_out)),
        ("Decided", _lines(mandate.decided)),
    )
    sections = tuple(
        Section(f"mandate-{number}", str(number), title, (block,), "mandate")
        for number, (title, block) in enumerate(parts, 1)
    )
    asked = f"{mandate.key}, by {mandate.asked_by} on {_day(mandate.asked_on)}"
    facts = (
        ("Project", mandate.project),
        ("First gate", mandate.gate),
        (mandate.noun.capitalize(), asked),
        ("Office", mandate.office),
        ("Mandated on", _day(mandate.on)),
    )
    return Document(
        title=f"Mandate: {mandate.title}",
        name=mandate.policy,
        version="",
        digest=mandate.digest,
        in_force_from=None,
        on=date.fromisoformat(mandate.on),
        check="",
        sections=sections,
        facts=tuple(fact for fact in facts if fact[1]),
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> Table:
    rows = tuple(Row((plain(name), plain(value))) for name, value in pairs)
    return Table(("", ""), rows or (Row((plain("none"), plain(""))),))


def _lines(lines: Iterable[str]) -> Table:
    return Table(("By whom, and why",), tuple(Row((plain(each),)) for each in lines))


def _day(text: str) -> str:
    return value_in_words(date.fromisoformat(text))
