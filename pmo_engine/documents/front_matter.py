"""The front page, the parts, and the table of contents, as every form of a document has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Run
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from pmo_engine.documents.model import Document, Part, Section, Words

PARTS: dict[Part, str] = {"terms": "Terms of reference", "framework": "Governance framework"}
SHORT = 12


def front(document: Document) -> list[tuple[str, Words]]:
    """Give what the front page says, each with its name."""
    since, digest = document.in_force_from, document.digest
    return [
        ("Policy", (Run(document.name),)),
        ("Version", (Run(document.version),)),
        ("In force from", (Run(value_in_words(since) if since else "not said"),)),
        ("Dated values as of", (Run(value_in_words(document.on)),)),
        (
            "Digest",
            (Run(digest[:SHORT], "strong"), Run(" "), Run(digest, "code")),
        ),
        ("Checked by", (Run(document.check, "code"),)),
    ]


def imprint(document: Document) -> str:
    """Give the line that stands on every page."""
    return f"{document.title}, version {document.version}, digest {document.digest[:SHORT]}"


def parts(document: Document) -> list[tuple[Part, str, list[Section]]]:
    """Give the parts that are there with their sections."""
    found = [
        (part, title, [each for each in document.sections if each.part == part])
        for part, title in PARTS.items()
    ]
    return [each for each in found if each[2]]
