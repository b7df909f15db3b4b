"""Each figure of each pack: declared with a source, and worked out by hand in an example."""

import pytest

from pmo_engine.policy import Figure
from pmo_engine.resources import rules_dir
from pmo_engine.roles import registry
from pmo_engine.suites.worked import NOT_AVAILABLE

from .conftest import loaded, review_of

PACKS = sorted(each.name for each in rules_dir().iterdir() if each.is_dir())
FIGURES = [
    pytest.param(pack, figure, id=f"{pack}-{figure.id}")
    for pack in PACKS
    for figure in loaded(rules_dir() / pack).figures
    if figure.pack == pack
]


def given(pack: str, figure: Figure) -> list[object]:
    worked = loaded(rules_dir() / pack).worked
    return [
        value
        for example in worked
        for name, value in example.gives.items()
        if name.rpartition(".")[2] == figure.id
    ]


@pytest.mark.parametrize("pack", [each for each in PACKS if each != "intake"])
def test_every_role_declares_figures_of_records_and_of_projects(pack: str) -> None:
    own = [each for each in loaded(rules_dir() / pack).figures if each.pack == pack]
    assert any(each.of is None for each in own)
    assert any(each.of is not None for each in own)


@pytest.mark.parametrize(("pack", "figure"), FIGURES)
def test_a_figure_is_worked_out_by_hand_and_where_there_is_none(pack: str, figure: Figure) -> None:
    found = given(pack, figure)
    texts = [each for each in found if str(each).startswith(NOT_AVAILABLE)]
    assert len(found) > len(texts)
    assert texts or figure.unavailable is None
    assert figure.source
    assert (figure.unavailable is None) == (figure.because == "")


def test_what_an_assessment_carries_is_what_the_pack_declares() -> None:
    found = registry.assess(registry.role("issues"), review_of("issues", {"issues": []}))
    every = loaded(rules_dir() / "issues").figures
    declared = {each.id for each in every if each.of is None and each.pack == "issues"}
    assert found.figures.keys() == declared
    assert str(found.figures["open_issues"]) == "0"
    assert found.figures["breaches"] == {"not_available": "none is open"}
