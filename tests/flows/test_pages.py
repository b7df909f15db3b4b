"""What Prefect's page of a review says of the figures of a role."""

from flows.pages import review_page
from pmo_engine.queries.reviews import RecordedAssessment, ReviewState


def test_the_page_gives_the_figures_that_there_are_and_counts_the_others() -> None:
    none = {"not_available": "there is no budget line"}
    made = RecordedAssessment(
        role="finance",
        result="cannot_tell",
        findings=[],
        missing=["budget_lines"],
        figures={"ac": none, "lines": 0, "bac": "12 GBP", "forecast": none},
        asked_of=None,
        by="system",
        name="the engine",
        at="2026-03-02T09:00:00+00:00",
    )
    stands = {"status": "assessing", "outcome": None, "revision": 1, "awaited": ("risk",)}
    whole = made.model_copy(update={"role": "planning", "figures": {"slip": 3}})
    review = ReviewState(id="1", project="P-1", gate="G2", assessments=(made, whole), **stands)
    page = review_page(review)
    assert "| finance | cannot tell | budget_lines | lines 0, BAC 12 GBP, 2 not available |" in page
    assert "| planning | cannot tell | budget_lines | slip 3 |" in page
    assert "| risk | awaited |  |  |" in page
    assert "{" not in page
