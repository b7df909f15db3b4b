"""Null that is given on purpose, and the rows and rules that do not reckon with it."""

import pytest

from tests.small_policy import check_text

POLICY = """
kind: table
id: size_of
title: T
inputs: [{{name: urgent, type: boolean{allowed}}}]
outputs: [{{name: size, type: text{default}}}]
rows:
  - {{when: ["true"], then: '"low"'}}
  - {{when: ["false"], then: '"high"'}}
{row}
---
kind: table
id: maybe
title: T
hit_policy: first
inputs: [{{name: weeks, type: number}}]
outputs: [{{name: yes, type: boolean}}, {{name: why, type: text, default: 'null'}}]
rows:
  - {{when: ["> 3"], then: ["true", '"a"']}}
  - {{when: ["> 2"], then: ["null", '"b"']}}
  - {{when: ["-"], then: ["false", '"c"']}}
---
kind: rules
rules:
  - {{id: gives, title: a, on: change.submitted, binding: may, then: [{{derive: {{fact: flag, value: '{flag}'}}}}]}}
  - {{id: looks, title: a, on: change.submitted, binding: may, then: [{{derive: {{fact: size, value: 'size_of({argument})'}}}}]}}
---
kind: suite
event: change.submitted
cases: [{{name: a, expect: {{status: clear}}}}]
"""  # noqa: E501 - a rule stands on one line
GAP = "table 'size_of' has no row for urgent null"
UNSAID = "'flag' may be null, and rule 'looks' does not say what holds then"


def told(argument: str, flag: str = "change.urgent", **parts: str) -> set[str]:
    parts = {"allowed": "", "default": "", "row": "", **parts}
    found = check_text(POLICY.format(argument=argument, flag=flag, **parts)).diagnostics
    return {item.message for item in found if item.code in {"PMO046", "PMO050"}}


@pytest.mark.parametrize(
    "argument",
    [
        "null",
        "if change.weeks > 3 then true else null",
        "if change.weeks > 3 then null else true",
        "get or else(change.urgent, null)",
        "maybe(change.weeks).yes",
        "urgent: if change.weeks > 3 then true else null",
    ],
)
def test_a_row_for_null_is_missed_where_null_is_given_on_purpose(argument: str) -> None:
    assert told(argument) == {GAP}
    assert not told(argument, row="  - {when: ['null'], then: '\"none\"'}")
    assert not told(argument, row="  - {when: ['-'], then: '\"any\"'}") - {GAP}
    assert not told(argument, default=", default: '\"none\"'")
    assert GAP not in told(argument, allowed=", allowed: 'true, false'")


@pytest.mark.parametrize(
    "argument",
    [
        "change.urgent",
        "if change.weeks > 3 then true else false",
        "get or else(change.urgent, false)",
        'maybe(change.weeks).why = "a"',
        "is defined(maybe(change.weeks).yes)",
    ],
)
def test_no_row_for_null_is_missed_where_there_is_none(argument: str) -> None:
    assert not told(argument)


def test_a_fact_that_is_derived_as_null_needs_a_way_out() -> None:
    flag = "if change.weeks > 3 then true else null"
    assert told("flag", flag) == {GAP, UNSAID}
    assert not told("get or else(flag, false)", flag)
    assert not told("if flag = null then false else true", flag)
    assert not told("flag", "maybe(change.weeks).yes = true")
    assert not told("flag", "flag")  # in a circle, which is told elsewhere
