"""Each decision on the house has a number of its own, by which others name it."""

import re
from collections import Counter
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))
LINK = re.compile(r"\[(\d+)\]\((\d{4})-([^)]+)\)")


def test_no_two_have_one_number() -> None:
    numbers = Counter(page.name[:4] for page in PAGES)
    assert [number for number, pages in numbers.items() if pages > 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_title_and_what_it_points_to_have_their_numbers(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(page.name[:4])}. ")
    for said, number, name in LINK.findall(text):
        assert int(said) == int(number)
        assert (page.parent / f"{number}-{name}").is_file()
