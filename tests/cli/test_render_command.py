"""``pmo policy render`` from the command line."""

from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import pytest

Pmo = Any
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "policies" / "demo"


def test_markdown_is_printed(pmo: Pmo) -> None:
    result = pmo("policy", "render", DEMO)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("# Governance of the capital programme of Harbour City\n")
    assert "**1.3 Authority**" in result.out


def test_html_is_printed_too(pmo: Pmo) -> None:
    assert "<!DOCTYPE html>" in pmo("policy", "render", DEMO, "--format", "html").out


@pytest.mark.parametrize("form", ["md", "html", "docx"])
def test_a_file_is_written_and_its_clauses_counted(pmo: Pmo, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"governance.{form}"
    out.write_text("old")
    result = pmo("policy", "render", DEMO, "--format", form, "-o", out)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(f"wrote {out} (")
    assert result.out.endswith(" clauses)\n")
    assert out.read_bytes() != b"old"
    assert is_zipfile(out) == (form == "docx")
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_docx_is_not_printed(pmo: Pmo) -> None:
    result = pmo("policy", "render", DEMO, "--format", "docx")
    assert (result.status, result.out) == (2, "")
    assert "name a file with -o" in result.err


def test_where_nothing_can_be_written(pmo: Pmo, tmp_path: Path) -> None:
    for out in (tmp_path / "no" / "such.md", tmp_path):
        result = pmo("policy", "render", DEMO, "-o", out)
        assert (result.status, result.out) == (2, "")
        assert str(out) in result.err
        assert len(result.err.splitlines()) == 1


def test_one_document_of_the_two(pmo: Pmo) -> None:
    terms = pmo("policy", "render", DEMO, "--document", "terms").out
    framework = pmo("policy", "render", DEMO, "--document", "framework").out
    assert "## Terms of reference" in terms
    assert "## Governance framework" not in terms
    assert "## Terms of reference" not in framework
    assert "Stages and gates" in framework


def test_the_values_of_a_day(pmo: Pmo) -> None:
    said = pmo("policy", "render", DEMO, "--on", "2026-07-01").out.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "250,000 GBP |  | 1 July 2026 | Portfolio board 2026-03-11, item 2 | in force |" in said


def test_a_pack_alone_and_a_new_folder(pmo: Pmo) -> None:
    assert "### 1 Roles" in pmo("policy", "render", ROOT / "rules" / "risk").out
    assert pmo("init", "office").status == 0
    result = pmo("policy", "render", "office/policies", "-o", "office/governance.md")
    assert result.status == 0
    text = Path("office/governance.md").read_text(encoding="utf-8")
    assert "](<policies/policy.yaml#L" in text


def test_a_policy_that_cannot_be_read_is_not_rendered(pmo: Pmo, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("kind: policy\n")
    result = pmo("policy", "render", bad)
    assert (result.status, result.out) == (1, "")
    assert "PMO012" in result.err
