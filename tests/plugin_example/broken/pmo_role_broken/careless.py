"""A functional role that raises when it is asked."""

from pathlib import Path

from pmo_engine.api import Assessment, FunctionalRole, Review


class Careless(FunctionalRole):
    """Takes the first entry of a register without asking whether there is one."""

    id = "careless"
    title = "Careless"
    pack = Path(__file__).parent

    def assess(self, review: Review) -> Assessment:
        first = review.register("risks")[0]
        return Assessment.not_met("the first risk", [first])
