"""What stands where an effect says what follows is told if it is of a wrong kind, for each verb."""

from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from pmo_engine.compiler.schema import Located
from pmo_engine.compiler.schema.rules import EffectEntry
from pmo_engine.source.diagnostics import Diagnostic
from tests.compile.test_compile_cases import lay_out
from tests.compile.test_mistakes import errors_in, first_fixes, mend

VERBS = tuple(EffectEntry.model_fields)
WRONG = ("true", "no", "3", "-1.5", "null", "[]", "{}", "''", "2026-01-01", "board", "change.cost")
NAMES_SOMETHING = {
    *product(("require_approval", "raise_exception", "notify", "auto_approve"), ("board",)),
    ("require_assessment", "board"),
    ("require_information", "change.cost"),
}
"""What is nearly right: the fix writes it with its key."""
RIGHT = {
    "require_approval": {"from": "board"},
    "require_assessment": {"from": "risk"},
    "require_information": {"facts": "[change.cost]"},
    "require_evidence": {"evidence": "business_case"},
    "raise_exception": {"to": "board", "reason": "Too dear"},
    "notify": {"to": "board", "message": "Look at it"},
    "auto_approve": {"source": "the board in May"},
    "derive": {"fact": "dear", "value": "change.urgent"},
}
MAY_BE = {
    ("require_approval", "distinct", "true"),
    ("derive", "value", "true"),
    ("derive", "value", "3"),
    ("derive", "value", "null"),
}


def files_with(effect: str) -> dict[str, str]:
    rule = f"{{id: r, title: A rule, on: change.submitted, binding: shall, then: [{effect}]}}"
    functional = "kind: roles\nroles: []\nfunctional:\n  - {role: risk, performed_by: specialist}\n"
    return {"case.yaml": f"kind: rules\nrules:\n  - {rule}\n", "more.yaml": functional}


def told(folder: Path) -> list[Diagnostic]:
    return [item for item in errors_in(folder) if Path(item.file).name == "case.yaml"]


@pytest.mark.parametrize(("verb", "value"), [*product(VERBS, WRONG)])
def test_a_value_of_a_wrong_kind_is_told(verb: str, value: str, tmp_path: Path) -> None:
    found = told(lay_out(tmp_path, files_with(f"{{{verb}: {value}}}")))
    assert found
    assert all(item.hint or "says" in item.message for item in found)
    assert bool(first_fixes(tmp_path)) == ((verb, value) in NAMES_SOMETHING)


@pytest.mark.parametrize(("verb", "value"), sorted(NAMES_SOMETHING))
def test_what_is_nearly_right_is_written_with_its_key(
    verb: str, value: str, tmp_path: Path
) -> None:
    before = told(lay_out(tmp_path, files_with(f"{{{verb}: {value}}}")))
    mend(tmp_path)
    key = next(iter(RIGHT[verb]))
    wanted = f"[{value}]" if key == "facts" else value
    assert f"{{{verb}: {{{key}: {wanted}}}}}" in (tmp_path / "case.yaml").read_text("utf-8")
    assert before[0].message not in {item.message for item in told(tmp_path)}


def _keys() -> list[tuple[str, str]]:
    models: list[tuple[str, Any]] = [
        (verb, inner)
        for verb, field in EffectEntry.model_fields.items()
        for inner in get_args(field.annotation)
        if isinstance(inner, type) and issubclass(inner, Located)
    ]
    return [
        (verb, info.alias or name)
        for verb, model in models
        for name, info in model.model_fields.items()
    ]


@pytest.mark.parametrize(
    ("verb", "key", "value"),
    [(*each, value) for each in _keys() for value in ("true", "3", "null", "[]", "{}", "''")],
)
def test_a_part_of_a_wrong_kind_is_told(verb: str, key: str, value: str, tmp_path: Path) -> None:
    parts = {**RIGHT[verb], key: value}
    if key in {"all", "any", "of"}:
        parts.pop("from")
    effect = ", ".join(f"{each}: {written}" for each, written in parts.items())
    found = told(lay_out(tmp_path, files_with(f"{{{verb}: {{{effect}}}}}")))
    assert bool(found) == ((verb, key, value) not in MAY_BE)


def test_every_verb_has_its_right_form(tmp_path: Path) -> None:
    assert {verb for verb, _ in _keys()} == RIGHT.keys()
    for verb, parts in RIGHT.items():
        effect = ", ".join(f"{each}: {written}" for each, written in parts.items())
        assert told(lay_out(tmp_path, files_with(f"{{{verb}: {{{effect}}}}}"))) == []
