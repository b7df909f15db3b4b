"""A sixteenth functional role: the footprint of what the project delivers."""

from pathlib import Path

from pmo_engine.api import Assessment, FunctionalRole, Review


class Sustainability(FunctionalRole):
    """The forecast footprint stays within tolerance of the one planned."""

    id = "sustainability"
    title = "Sustainability"
    pack = Path(__file__).parent / "pack"

    def assess(self, review: Review) -> Assessment:
        products = review.register("footprints")
        unknown = [p["key"] for p in products if "forecast_tonnes" not in p]
        if unknown:
            return Assessment.cannot_tell([f"{key}.forecast_tonnes" for key in unknown])
        allowed = 1 + review.parameter("footprint_tolerance")
        over = [p for p in products if p["forecast_tonnes"] > p["planned_tonnes"] * allowed]
        if over:
            return Assessment.not_met("footprint beyond tolerance", over)
        return Assessment.met({"largest_tonnes": max(p["forecast_tonnes"] for p in products)})
