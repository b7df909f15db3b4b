"""What a pack takes over from the one before it."""

from pmo_engine.work.gates.packs import there_then


def test_of_the_pack_before_only_figures_count_that_there_were() -> None:
    figures = [
        {"label": "cost", "now": "0.95", "before": "", "why": ""},
        {
            "label": "slip",
            "now": "not available: no milestone",
            "before": "",
            "why": "no milestone",
        },
        {"label": "old", "now": "3", "before": ""},  # kept before reasons were
    ]
    assert there_then({"figures": figures}) == {"cost": "0.95", "old": "3"}
    assert there_then({}) == {}
