"""Figures that there are not: why, in as few words as it takes."""

from pmo_engine.prose.figures import lacking_in_words

LABELS = ("budget", "net value", "net value, planned", "index")


def said(*lacking: tuple[str, str]) -> list[str]:
    return list(lacking_in_words(lacking, LABELS))


def test_those_of_one_reason_stand_together() -> None:
    found = said(
        ("budget", "there is no line"), ("pace", "none is due"), ("cost", "there is no line")
    )
    assert found == [
        "Not available, as there is no line: budget, cost.",
        "Not available, as none is due: pace.",
    ]


def test_what_lacks_another_figure_has_the_reason_of_that_one() -> None:
    index = "net value, planned: budget: there is no line; net value: there is no line"
    assert said(("budget", "there is no line"), ("index", index)) == [
        "Not available, as there is no line: budget, index."
    ]
    two = "budget: there is no line; net value: nothing is planned"
    assert said(("index", two)) == [
        "Not available, as there is no line; nothing is planned: index."
    ]


def test_what_is_no_figure_stays_in_the_reason() -> None:
    assert said(("pace", "not known: benefit B-1's first year")) == [
        "Not available, as not known: benefit B-1's first year: pace."
    ]


def test_names_with_a_comma_are_told_apart() -> None:
    found = said(("net value", "none is due"), ("net value, planned", "none is due"))
    assert found == ["Not available, as none is due: net value; net value, planned."]
