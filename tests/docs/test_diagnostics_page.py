"""The page of diagnostics: every code is on it, and its examples do what they are there for."""

import re
from pathlib import Path

import pytest

from pmo_engine.source.codes import DECLARED, NO_SUITE, TAB, UNKNOWN_ROLE
from pmo_engine.source.diagnostics import Diagnostic, Mark, at, nearest
from pmo_engine.source.published import PublishedDiagnostic
from tests.held import findings, said_in

ROOT = Path(__file__).parents[2]
INDEX = (ROOT / "docs/reference/diagnostics.md").read_text(encoding="utf-8")
PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs/reference/diagnostics").glob("*.md"))
}
BLOCK = re.compile(r"```yaml (\w+)( alone)?\n(.*?)```", re.DOTALL)
(BASE,) = (text for name, _, text in BLOCK.findall(INDEX) if name == "base")
SECTIONS = {code: BLOCK.findall(page) for code, page in PAGES.items()}


def found_in(folder: Path, text: str, alone: str) -> dict[str, str]:
    (folder / "example.yaml").write_text(text, encoding="utf-8")
    if not alone:
        (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return {item.code: item.severity for item in findings(folder, said_in(text))}


def test_every_code_has_its_page_and_its_line_in_the_index() -> None:
    titles = [page.splitlines()[0].removeprefix("# ").partition(": ") for page in PAGES.values()]
    assert [(code, title) for code, _, title in titles] == [(c, c.words) for c in DECLARED.values()]
    assert list(PAGES) == sorted(DECLARED)
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
    assert str(at(mark, UNKNOWN_ROLE, "unknown role", "use one")) == (
        "a.yaml:3:7: PMO014 unknown role (use one)"
    )
    warning = at(mark, NO_SUITE, "no suite")
    assert str(warning) == "a.yaml:3:7: PMO040 warning: no suite"
    told = {"file", "line", "column", "code", "severity", "message", "hint"}
    assert (
        set(dict(PublishedDiagnostic.of(warning))) == told == set(Diagnostic.__slots__) - {"fixes"}
    )
    assert at(mark, TAB, "x") < at(mark, UNKNOWN_ROLE, "a") < at(Mark("b.yaml", 1, 1), TAB, "")


def test_only_a_near_name_is_suggested() -> None:
    assert nearest("pmo_haed", ["board", "pmo_head"]) == "did you mean 'pmo_head'?"
    assert nearest("zoo", ["board", "pmo_head"]) == nearest("a", []) == ""
