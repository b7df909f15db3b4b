"""Values as YAML that the reader of policy files takes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.source.yaml_source import compose
from pmo_engine.source.yaml_writing import in_yaml


def test_what_needs_no_quotes_has_none() -> None:
    value = {"change": {"cost": "50000.01 GBP", "on": "2026-03-02", "at": "2026-03-02T09:00:00Z"}}
    assert in_yaml(value) == (
        "{change: {cost: 50000.01 GBP, on: 2026-03-02, at: 2026-03-02T09:00:00Z}}"
    )
    assert in_yaml([True, None, "c[1].cost", "x, y"]) == '[true, null, "c[1].cost", "x, y"]'


@pytest.mark.parametrize("text", ["null", "~", "", "a: b", "a:", "- x", "-", "#", "x #y", "x:{"])
def test_what_would_be_read_otherwise_is_quoted(text: str) -> None:
    assert in_yaml(text).startswith('"')


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"])),
        max_size=3,
    )
)
def test_texts_come_back_as_they_were(value: dict[str, str]) -> None:
    [document] = compose(f"kind: x\nvalue: {in_yaml(value)}\n", "x.yaml")
    assert document.content["value"] == value
