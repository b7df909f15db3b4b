"""The reference on disk is what the code makes of itself, and it has a section for everything."""

import importlib.util
import re
from pathlib import Path

import pytest

from pmo_engine.cli.main import COMMANDS, run
from pmo_engine.compiler.kinds import MODELS
from pmo_engine.feel.help import MEANINGS
from pmo_engine.model.life_cycle import LIFE_CYCLES
from pmo_engine.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def pages() -> dict:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAGES


PAGES = pages()


def on_disk(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    fenced = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", fenced, re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_what_lies_on_disk_is_what_the_code_makes(name: str) -> None:
    assert on_disk(name) == PAGES[name](), "run 'make docs'"


@pytest.mark.parametrize("name", PAGES)
def test_headings_are_told_apart_and_links_lead_to_one(name: str) -> None:
    text = on_disk(name)
    anchors = [re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings(text)]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= set(anchors)


def test_everything_has_its_section() -> None:
    assert set(MODELS) <= set(headings(on_disk("kinds.md")))
    assert set(MEANINGS) <= set(headings(on_disk("functions.md")))
    paths = [each.split() for each in headings(on_disk("commands.md")) if each.startswith("pmo ")]
    assert {path[1] for path in paths} == set(COMMANDS)
    assert {each.noun.capitalize() for each in LIFE_CYCLES} <= set(headings(on_disk("states.md")))
    keys = Settings.model_fields
    assert [key for key in keys if f"| `{key}` | `PMO_{key.upper()}` |" not in SETTINGS] == []


SETTINGS = on_disk("settings.md")


def test_every_variable_that_the_code_looks_at_is_a_setting() -> None:
    read = re.compile(r"environ(?:\.get\(|\[)\"((?:PMO_|NO_)\w+)\"")
    sources = (ROOT / "pmo_engine").rglob("*.py")
    named = {name for each in sources for name in read.findall(each.read_text(encoding="utf-8"))}
    assert {"NO_COLOR", "PMO_DEBUG"} <= named
    assert [name for name in sorted(named) if f"`{name}`" not in SETTINGS] == []


def test_every_key_of_a_kind_says_what_it_means() -> None:
    rows = re.findall(r"^\| `\w+` \| (.*?) \| (.*) \|$", on_disk("kinds.md"), re.MULTILINE)
    assert len(rows) > 150
    assert [row for row in rows if not row[0] or not re.search(r"[.:)]", row[1])] == []


def test_the_help_of_every_command_says_what_its_section_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    page = on_disk("commands.md")
    assert run(["policy", "check", "--help"]) == 0
    shown = capsys.readouterr().out
    section = page.partition("\n## pmo policy check\n")[2].partition("\n## ")[0]
    for option in re.findall(r"`(--[\w-]+)`", section):
        assert option in shown
