"""Findings that can be put right at once."""

import pytest

from pmo_engine.editor.fixes import fix_of
from pmo_engine.source.codes import DECLARED
from pmo_engine.source.diagnostics import Mark, at


def fixed(line: str, column: int, code: str, message: str, hint: str) -> str | None:
    fix = fix_of(at(Mark("a.yaml", 1, column), DECLARED[code], message, hint), line)
    return line[: fix.start] + fix.text + line[fix.end :] if fix else None


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
            "value: £50,000",
            8,
            "PMO013",
            "'£50,000' is not money: write 50000 GBP",
            "",
            "value: 50000 GBP",
        ),
        (
            "in_force_from: 31/03/2026",
            16,
            "PMO013",
            "'31/03/2026' is not a day, as in 2026-03-31",
            "write 2026-03-31",
            "in_force_from: 2026-03-31",
        ),
        (
            "roles: [clerk]",
            9,
            "PMO013",
            "'clerk' is not a mapping",
            "write {id: clerk}",
            "roles: [{id: clerk}]",
        ),
        (
            '    when: @"5 GBP" < change.cost',
            11,
            "PMO001",
            "not YAML: '@' cannot begin a value",
            "quote it: when: '@\"5 GBP\" < change.cost'",
            "    when: '@\"5 GBP\" < change.cost'",
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
