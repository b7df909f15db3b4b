"""What Prefect's pages show of a review, in Markdown."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pmo_engine.model.names import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.queries.obligations import VoteCast
    from pmo_engine.queries.reviews import RecordedAssessment, ReviewState


def review_page(review: ReviewState, said: Sequence[str] = ()) -> str:
    """Summarise a review: where it stands, what each functional role found, and what is ``said``.

    That is how the criteria are judged, what was shown, and what is recommended.
    """
    more = ["## How it stands", "\n".join(f"- {_cell(each)}" for each in said)] if said else []
    status = f"Status: {_status(review)}"
    return "\n\n".join([f"# {title(review)}", status, _assessments(review), *more])


def pack_page(review: ReviewState, votes: Sequence[VoteCast], said: Sequence[str] = ()) -> str:
    """Put together what a gate was decided on, by whom, and with which outcome."""
    return "\n\n".join([review_page(review, said), "## Votes", _votes(votes)])


def title(review: ReviewState) -> str:
    """Call a review by its gate and project."""
    return f"Gate {review.gate} of {review.project}"


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Lay out rows as a Markdown table; the cells' own bars and line ends do not break it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def _status(review: ReviewState) -> str:
    return f"**{words(review.outcome or review.status)}**"


def _assessments(review: ReviewState) -> str:
    made = [
        (words(row.role), words(row.result), _because(row), _figures(row))
        for row in review.assessments
    ]
    awaited = [(words(role), "awaited", "", "") for role in review.awaited]
    return table(("Role", "Result", "Because of", "Figures"), sorted([*made, *awaited]))


def _because(row: RecordedAssessment) -> str:
    if row.result == "asked":
        return f"{words(row.asked_of or 'nobody')} is asked"
    return "; ".join(str(item) for item in [*row.findings, *row.missing])


def _figures(row: RecordedAssessment) -> str:
    """Give those that there are, and how many there are not: the board's pack says why of each."""
    there = {name: value for name, value in row.figures.items() if not isinstance(value, dict)}
    lacking = len(row.figures) - len(there)
    said = [f"{words(name)} {value}" for name, value in there.items()]
    return ", ".join([*said, *([f"{lacking} not available"] if lacking else [])])


def _votes(votes: Sequence[VoteCast]) -> str:
    rows = [(v.name, v.choice, words(v.outcome or ""), v.reason, _moment(v.at)) for v in votes]
    return table(("Person", "Vote", "For", "Reason", "At"), rows)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


def _cell(value: Any) -> str:
    return " ".join(str(value).replace("|", r"\|").split())
