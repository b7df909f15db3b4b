"""The front page, the parts, and the table of contents, as every form of a document has them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.documents.model import Run
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from pmo_engine.documents.model import Document, Part, Section, Words

PACK = "pack"  # the version of a pack, which has none of its own
PARTS: dict[Part, str] = {
    "terms": "Terms of reference",
    "framework": "Governance framework",
    "pack": "Gate pack",
    "mandate": "Mandate",
    "report": "Report",
}
FROZEN: dict[Part, str] = {"mandate": "As it was decided"}
MATRIX, SIGNATURES = "Roles, acts and limits", "Signatures"
SHORT = 12


def front(document: Document) -> list[tuple[str, Words]]:
    """Give what the front page says, each with its name."""
    if document.facts:
        return [(name, (Run(text),)) for name, text in document.facts]
    since, on = document.in_force_from, document.on
    days = {"In force from": since, "Values as of": on if on != date.min else None}
    version = [] if document.version == PACK else [("Version", (Run(document.version),))]
    return [
        *version,
        *((name, (Run(value_in_words(day)),)) for name, day in days.items() if day is not None),
    ]


def signing(document: Document) -> Words:
    """Give the line above the signatures."""
    return (
        Run(f"The undersigned agree to version {document.version} of this document, "),
        Run(f"{document.title}, as it is known by the digest at its foot."),
    )


def kicker(document: Document) -> str:
    """Say of which sort a document is: the parts that it has."""
    return " and ".join(title for _, title, _ in parts(document))


def colophon(document: Document) -> Words:
    """Give the line at the end: what the document was made from, and how that is checked."""
    if not document.digest:
        return ()
    if document.facts:
        how = FROZEN.get(document.sections[0].part, "Frozen when the body was asked")
        return (Run(f"{how}; SHA-256 "), Run(document.digest, "code"))
    what = "pack" if document.version == PACK else "policy"
    version = "" if document.version == PACK else f", version {document.version}"
    made = f"Made from the {what} {document.name}{version}, whose digest is "
    check = (Run("; checked by "), Run(document.check, "code")) if document.check else ()
    return (Run(made), Run(document.digest, "code"), *check, Run("."))


def imprint(document: Document) -> str:
    """Give the line that stands on every page."""
    if document.facts:
        return f"{document.title}, {value_in_words(document.on)}"
    version = "" if document.version == PACK else f", version {document.version}"
    return f"{document.title}{version}, digest {document.digest[:SHORT]}"


def parts(document: Document) -> list[tuple[Part, str, list[Section]]]:
    """Give the parts that are there with their sections."""
    found = [
        (part, title, [each for each in document.sections if each.part == part])
        for part, title in PARTS.items()
    ]
    return [each for each in found if each[2]]
