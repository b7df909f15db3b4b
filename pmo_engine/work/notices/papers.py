"""The papers that go with a notice: kept by a word and an id, written when it is handed over."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pmo_engine.notify.papers import Paper
    from pmo_engine.work.governance import Governance

PAPERS = "papers"
"""Under which an obligation, and a message about it, keep what goes with them: ``gate-pack/ID``."""
GATE_PACK, MANDATE = "gate-pack", "mandate"
PDF = "application/pdf"


SAID = {
    GATE_PACK: "The pack is attached; 'pmo gate pack {id}' writes it, too.",
    MANDATE: "So is the mandate; 'pmo mandate {id}' writes it, too.",
}


def enclosed(papers: Iterable[str]) -> list[str]:
    """Say in a notice what goes with it, and how else it is read."""
    named = (each.partition("/") for each in papers)
    return [SAID[word].format(id=id[:8]) for word, _, id in named]


def writer(governance: Governance) -> Callable[[str], Paper]:
    """Give what finds papers; one that goes to several people is written once."""
    return cache(partial(_paper, governance))


def _paper(governance: Governance, paper: str) -> Paper:
    from pmo_engine.notify.papers import Paper  # noqa: PLC0415 - only who hands over needs it

    word, _, id = paper.partition("/")
    with governance.reading() as c:
        if word == MANDATE:
            name = f"Mandate {c.uow.entries.get(id).key}"
        else:
            review = c.uow.gate_reviews.get(id)
            name = f"Gate {review.gate} of {review.project}"
    return Paper(f"{name}.pdf", PDF, cache(partial(_written, governance, word, id)))


def _written(governance: Governance, word: str, id: str) -> bytes:
    from pmo_engine.documents import written  # noqa: PLC0415 - slow to import, and seldom needed
    from pmo_engine.documents.boards.gate_pack import pack_document  # noqa: PLC0415 - as above
    from pmo_engine.work.gates.packs import pack_of  # noqa: PLC0415 - which sends notices itself
    from pmo_engine.work.intake.mandates import mandate_of  # noqa: PLC0415 - as above

    with governance.reading() as c:
        found = mandate_of(c, id) if word == MANDATE else pack_document(pack_of(c, id))
    return written(found, "pdf")


def papers_in(payload: dict[str, Sequence[str]]) -> Sequence[str]:
    """Name the papers that go with a message."""
    return payload.get(PAPERS, ())
