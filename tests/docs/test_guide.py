"""What the guide and the README show is what happens, block by block."""

import re
import shutil
from pathlib import Path

import pytest

from pmo_engine.compiler.kinds import MODELS
from tests.docs.pages import ROOT, Shown, blocks, like, play

GUIDE = ROOT / "docs/guide"
CHAPTERS = sorted(path.stem for path in GUIDE.glob("*.md") if path.stem != "editors")
FROM_NOTHING = {"index", "first-policy", "intake", "people", "portfolio", "work"}
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def wrong(shown: list[Shown]) -> list[str]:
    """Name the blocks that print something else, or fail where nothing is said of it."""
    return [
        f"line {each.block.line}: {each.block.text}-> {each.status}\n{each.printed}"
        for each in shown
        if not each.as_said or (each.status and each.said is None)
    ]


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with which the first chapter ends, and every later one begins."""
    folder = tmp_path_factory.mktemp("first")
    play(read(GUIDE / "first-policy.md"), folder)
    return folder / "our-office"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_shows_what_happens(chapter: str, first: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    if chapter in FROM_NOTHING:
        folder.mkdir()
    else:
        shutil.copytree(first, folder)
    assert wrong(play(read(GUIDE / f"{chapter}.md"), folder)) == []


def test_the_readme_shows_what_happens(tmp_path: Path) -> None:
    text = re.sub(
        r"^```sh\nmake .*?^```", "", read(ROOT / "README.md"), flags=re.MULTILINE | re.DOTALL
    )
    shown = play(text.replace("../.venv/bin/", "").replace(".venv/bin/", ""), tmp_path)
    assert wrong(shown) == []
    printed = "".join(each.printed for each in shown)
    assert "0 errors, 0 warnings" in printed
    assert "approval by the PMO head within 3 working days" in printed


def test_every_kind_is_shown_whole_in_the_guide() -> None:
    pages = "".join(read(path) for path in GUIDE.glob("*.md"))
    written = "\n".join(b.text for b in blocks(pages) if b.language == "yaml")
    shown = set(re.findall(r"^kind: (\w+)", written, re.MULTILINE))
    assert set(MODELS) <= shown


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])
def test_links_lead_somewhere(path: Path) -> None:
    fenced = re.sub(r"(?ms)^```.*?^```", "", read(path))
    assert [link for link in LINK.findall(fenced) if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("said", "printed", "alike"),
    [
        ("1 error\n", "1 error \n", True),
        ("1 error", "2 errors", False),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nb\nc\ne", False),
        ("policy (...), now", "policy (12ab), now", True),
        ("a.c", "abc", False),
    ],
)
def test_a_text_is_compared_but_for_what_is_left_out(said: str, printed: str, alike: bool) -> None:  # noqa: FBT001 - what is expected
    assert like(said, printed) is alike
