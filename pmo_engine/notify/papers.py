"""What is attached to a notice: a document, written when it is handed over."""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.lines import one_line
from pmo_engine.notify.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Paper:
    """A document by the name of its file and its media type (``application/pdf``)."""

    name: str
    type: str
    write: Callable[[], bytes]


def as_text(paper: Paper) -> dict[str, str]:
    """Give a paper as an errand carries it."""
    data = b64encode(paper.write()).decode("ascii")
    return {"name": paper.name, "type": paper.type, "data": data}


def of_text(text: Mapping[str, str]) -> Paper:
    """Read a paper from an errand."""
    return Paper(text["name"], text["type"], partial(b64decode, text["data"]))


def as_texts(papers: Iterable[Paper]) -> tuple[list[dict[str, str]], list[DeliveryError]]:
    """Give papers as an errand carries them, and which of them cannot be written: none is lost."""
    texts, errors = [], []
    for each in papers:
        try:
            texts.append(as_text(each))
        except Exception as error:  # noqa: BLE001 - a notice goes out also without its papers
            why = one_line(f"{type(error).__name__}: {error}")
            errors.append(DeliveryError(f"{each.name} could not be written: {why}"))
    return texts, errors
