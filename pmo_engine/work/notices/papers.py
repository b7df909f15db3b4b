"""The papers that go with a notice: kept by a word and an id, written when it is handed over."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from pmo_engine.notify.papers import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pmo_engine.work.governance import Governance

PAPERS = "papers"
"""Under which an obligation, and a message about it, keep what goes with them: ``gate-pack/ID``."""
GATE_PACK = "gate-pack"
PDF = "application/pdf"


def enclosed(papers: Iterable[str]) -> list[str]:
    """Say in a notice what goes with it, and how else it is read."""
    ids = (id for word, _, id in (each.partition("/") for each in papers) if word == GATE_PACK)
    return [f"The pack is attached; 'pmo gate pack {id[:8]}' writes it, too." for id in ids]


def writer(governance: Governance) -> Callable[[str], Paper]:
    """Give what finds papers; one that goes to several people is written once."""
    return cache(partial(_paper, governance))


def _paper(governance: Governance, paper: str) -> Paper:
    with governance.reading() as c:
        pack = c.uow.gate_reviews.get(paper.partition("/")[2])
        name = f"Gate {pack.gate} of {pack.project}.pdf"
    return Paper(name, PDF, cache(partial(_written, governance, paper)))


def _written(governance: Governance, paper: str) -> bytes:
    from pmo_engine.documents import written  # noqa: PLC0415 - slow to import, and seldom needed
    from pmo_engine.documents.boards.gate_pack import pack_document  # noqa: PLC0415 - as above
    from pmo_engine.work.gates.packs import pack_of  # noqa: PLC0415 - which sends notices itself

    with governance.reading() as c:
        pack = pack_of(c, paper.partition("/")[2])
    return written(pack_document(pack), "pdf")


def papers_in(payload: dict[str, Sequence[str]]) -> Sequence[str]:
    """Name the papers that go with a message."""
    return payload.get(PAPERS, ())
