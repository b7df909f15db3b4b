"""The page of diagnostics: every code is on it, and its examples do what they are there for."""

import re
from pathlib import Path

import pytest

from pmo_engine.compiler.checks import CHECKS
from pmo_engine.compiler.loading import check_policy
from pmo_engine.source.diagnostics import Diagnostic, Mark, at, nearest

ROOT = Path(__file__).parents[2]
INDEX = (ROOT / "docs/reference/diagnostics.md").read_text(encoding="utf-8")
PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs/reference/diagnostics").glob("*.md"))
}
BLOCK = re.compile(r"```yaml (\w+)( alone)?\n(.*?)```", re.DOTALL)
(BASE,) = (text for name, _, text in BLOCK.findall(INDEX) if name == "base")
SECTIONS = {code: BLOCK.findall(page) for code, page in PAGES.items()}


def codes_in_use() -> set[str]:
    sources = (ROOT / "pmo_engine").rglob("*.py")
    found = {code for path in sources for code in re.findall(r'"(PMO\d{3})"', path.read_text())}
    return found | set(CHECKS)


def found_in(folder: Path, text: str, alone: str) -> dict[str, str]:
    (folder / "example.yaml").write_text(text, encoding="utf-8")
    if not alone:
        (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return {item.code: item.severity for item in check_policy(folder).diagnostics}


def test_every_code_has_its_page_and_its_line_in_the_index() -> None:
    titles = [page.splitlines()[0].removeprefix("# ").partition(": ") for page in PAGES.values()]
    assert [code for code, _, _ in titles] == list(PAGES) == sorted(codes_in_use())
    rows = re.findall(r"^\| \[(PMO\d{3})\]\(diagnostics/\1\.md\) \| (.*) \|$", INDEX, re.MULTILINE)
    assert rows == [(code, title) for code, _, title in titles]


@pytest.mark.parametrize("code", SECTIONS)
def test_the_bad_example_gives_the_code_and_the_good_one_nothing(code: str, tmp_path: Path) -> None:
    (bad, alone, wrong), (good, _, right) = SECTIONS[code]
    assert (bad, good) == ("bad", "good")
    found = found_in(tmp_path, wrong, alone)
    assert set(found) - {"PMO040"} or code == "PMO040"
    assert code in found
    left = found_in(tmp_path, right, alone)
    assert code not in left
    assert "error" not in left.values()


def test_a_title_that_says_warning_is_one(tmp_path: Path) -> None:
    warnings = [code for code, page in PAGES.items() if "A warning" in page.partition("```yaml")[0]]
    for code in SECTIONS:
        _, alone, wrong = SECTIONS[code][0]
        folder = tmp_path / code
        folder.mkdir()
        severity = found_in(folder, wrong, alone)[code]
        assert (severity == "warning") == (code in warnings), code


def test_a_diagnostic_prints_its_place_and_the_way_out() -> None:
    mark = Mark("a.yaml", 3, 7)
    assert str(mark) == "a.yaml:3:7"
    assert str(at(mark, "PMO014", "unknown role", "use one")) == (
        "a.yaml:3:7: PMO014 unknown role (use one)"
    )
    warning = at(mark, "PMO040", "no suite", severity="warning")
    assert str(warning) == "a.yaml:3:7: PMO040 warning: no suite"
    assert set(warning.as_dict()) == set(Diagnostic.__slots__)
    assert at(mark, "PMO002", "x") < at(mark, "PMO003", "a") < at(Mark("b.yaml", 1, 1), "A", "")


def test_only_a_near_name_is_suggested() -> None:
    assert nearest("pmo_haed", ["board", "pmo_head"]) == "did you mean 'pmo_head'?"
    assert nearest("zoo", ["board", "pmo_head"]) == nearest("a", []) == ""
