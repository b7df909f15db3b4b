"""Findings that can be put right at once."""

import pytest

from pmo_engine.editor.fixes import fixes_of, title_of
from pmo_engine.source.codes import DECLARED
from pmo_engine.source.diagnostics import Edit, Mark, at


def fixed(line: str, column: int, code: str, message: str, hint: str) -> str | None:
    fixes = fixes_of(at(Mark("a.yaml", 1, column), DECLARED[code], message, hint), line)
    return fixes[0].applied([line])[0] if fixes else None


@pytest.mark.parametrize(
    ("line", "column", "code", "message", "hint", "wanted"),
    [
        (
            "from: pmo_haed, to",
            7,
            "PMO014",
            "unknown role 'pmo_haed'",
            "did you mean 'pmo_head'?",
            "from: pmo_head, to",
        ),
        (
            "when: change.wekes > 4",
            14,
            "PMO022",
            "'change' has no field 'wekes'",
            "did you mean 'weeks'?",
            "when: change.weeks > 4",
        ),
        (
            'when: change.category = "Scope"',
            25,
            "PMO025",
            "'Scope' is not one of scope, time",
            "did you mean 'scope'?",
            'when: change.category = "scope"',
        ),
        (
            "may: approve changes",
            6,
            "PMO018",
            "unknown act 'approve changes'",
            "did you mean 'approve change'?",
            "may: approve change",
        ),
        (
            "  - id: late",
            5,
            "PMO045",
            "nothing brings about the event 'change.submited'",
            "did you mean 'change.submitted'?",
            None,
        ),
        (
            "when: change cost > 5",
            14,
            "PMO020",
            "unexpected 'cost' after 'change'",
            "a name has no spaces: write change.cost for a field",
            None,
        ),
        (
            "when: a is b",
            7,
            "PMO021",
            "unknown name 'len'",
            "write string length(...) of a text",
            None,
        ),
        ("", 9, "PMO014", "unknown role 'a'", "did you mean 'b'?", None),
    ],
)
def test_fixes(
    line: str, column: int, code: str, message: str, hint: str, wanted: str | None
) -> None:
    assert fixed(line, column, code, message, hint) == wanted


def test_a_finding_s_own_fixes_come_before_what_its_hint_says() -> None:
    mark = Mark("a.yaml", 1, 6)
    own = (Edit(mark, mark._replace(column=7), "b"), Edit(mark, mark._replace(column=7), "c"))
    found = at(mark, DECLARED["PMO014"], "unknown role 'a'", "did you mean 'd'?", fixes=own)
    assert fixes_of(found, "for: a") == own
    assert [fix.applied(["for: a"]) for fix in own] == [["for: b"], ["for: c"]]


def test_an_edit_may_take_lines_and_give_lines() -> None:
    edit = Edit(Mark("a.yaml", 1, 3), Mark("a.yaml", 2, 2), "1\n2")
    assert edit.applied(["a: b", "cd", "e"]) == ["a:1", "2d", "e"]


def test_titles() -> None:
    mark = Mark("a.yaml", 1, 1)
    assert title_of(Edit(mark, mark, "a\n  b")) == "Write a b"
    assert title_of(Edit(mark, mark, "")) == "Take it away"
    assert title_of(Edit(mark, mark, "a" * 90)) == f"Write {'a' * 80}..."
