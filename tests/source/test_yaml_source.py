"""Composing files: places, and what is refused before it can do harm."""

import time
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.compiler.loading import check_policy
from pmo_engine.source.diagnostics import Mark
from pmo_engine.source.yaml_source import MAX_DEPTH, Mapping, SourceError, Text, compose, read_file


def value_of(text: str, key: str = "a") -> Text:
    document, *_ = compose(text, "f.yaml")
    assert isinstance(document.content, Mapping)
    value = document.content[key]
    assert isinstance(value, Text)
    return value


def refused(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        compose(text, "f.yaml")
    return str(caught.value.diagnostic)


def test_values_and_keys_know_their_place() -> None:
    document, second = compose("a: 1\nb:\n  - {c: x, d: [y]}\n---\nkind: z\n", "f.yaml")
    content = document.content
    assert isinstance(content, Mapping)
    assert content["a"].mark == Mark("f.yaml", 1, 4)
    assert content["b"].mark == Mark("f.yaml", 3, 3)
    item = content["b"][0]
    assert item.mark == Mark("f.yaml", 3, 5)
    assert item.keys_at == {"c": Mark("f.yaml", 3, 6), "d": Mark("f.yaml", 3, 12)}
    assert item["d"].mark == Mark("f.yaml", 3, 15)
    assert second.mark == Mark("f.yaml", 5, 1)


def test_every_scalar_stays_what_was_written() -> None:
    written = (
        "2026.10",
        "1_000",
        "0x1F",
        "yes",
        "null",
        "~",
        "1e3",
        "12:30:45",
        ".inf",
        "2026-01-01",
    )
    for each in written:
        assert value_of(f"a: {each}") == each
        assert value_of(f"a: {each}").plain
    assert not value_of("a: '1'").plain


@pytest.mark.parametrize(
    ("text", "needle", "line", "column"),
    [
        ("a: one two", "two", 1, 8),
        ("a: 'it''s two'", "two", 1, 11),
        ('a: "x\\"y\\tz \\u0041 two"', "two", 1, 20),
        ('a: "x\\x20two"', "two", 1, 10),
        ('a: "x\\  two"', "two", 1, 9),
        ('a: "one\\\n  two"', "two", 2, 3),
        ("a: one\n  two\n\n  three", "three", 4, 3),
        ("a: 'one\n\n  two'", "two", 3, 3),
        ("a: |\n  one\n   two\n", "two", 3, 4),
        ("a: |2-\n\n    one two\n", "two", 3, 9),
        ("a: | # why\n  one\n  two\n", "two", 3, 3),
        ("a: >\n  one\n  two\n\n  three\n", "three", 5, 3),
        ("b: 1\na: é two", "two", 2, 6),
        ("{b: 1, a: one two}", "two", 1, 15),
        ("b: 1\r\na: |\r\n  one\r\n  two\r\n", "two", 4, 3),
    ],
)
def test_a_place_inside_a_value_is_found_in_the_file(
    text: str, needle: str, line: int, column: int
) -> None:
    value = value_of(text)
    assert value.place(value.index(needle)) == Mark("f.yaml", line, column)


def test_the_end_of_a_value_is_after_its_last_character() -> None:
    value = value_of("a: |\n  one\n  two\n")
    assert value.place(len(value)) == value.place(len("one\ntwo")) == Mark("f.yaml", 3, 6)
    assert value_of("a: ''").place(0) == Mark("f.yaml", 1, 4)
    assert Text("made in code").place(3) == Text("made in code").mark


STYLES = st.sampled_from(["'", '"', "|", ">", ""])


@given(st.lists(st.text("abcxyz<>=()+", min_size=1, max_size=8), min_size=1, max_size=12), STYLES)
def test_every_character_is_found_where_it_stands(words: list[str], style: str) -> None:
    text = yaml.safe_dump({"key": {"a": " ".join(words)}}, default_style=style, width=20)
    outer = compose(text, "f.yaml")[0].content
    assert isinstance(outer, Mapping)
    value = outer["key"]["a"]
    lines = text.splitlines()
    for offset, character in enumerate(value):
        if not character.isspace():
            place = value.place(offset)
            assert lines[place.line - 1][place.column - 1] == character


def test_columns_count_characters_and_a_byte_order_mark_is_none(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfkind: x\n")
    (document,), _ = read_file(path, "f.yaml")
    assert document.mark == Mark("f.yaml", 1, 1)


def test_line_ends_do_not_alter_what_is_read(tmp_path: Path) -> None:
    for name, data in (("unix", b"kind: x\na: |\n  b\n"), ("dos", b"kind: x\r\na: |\r\n  b\r\n")):
        (tmp_path / name).write_bytes(data)
    (unix,), first = read_file(tmp_path / "unix", "f")
    (dos,), second = read_file(tmp_path / "dos", "f")
    assert unix.content == dos.content
    assert first == second


@pytest.mark.parametrize("data", [b"kind: \xff\n", "kind: é\n".encode("latin-1"), b"\xff\xfek\x00"])
def test_bytes_that_are_not_utf_8_are_refused_with_their_place(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"^f.yaml:1:[17]: PMO001 not UTF-8 text"):
        read_file(path, "f.yaml")


def test_what_ends_too_early_is_wrong_at_the_end_of_the_last_line() -> None:
    with pytest.raises(SourceError, match=r"^f:2:4: PMO001 not YAML: a line that has no ': '"):
        compose("l: {e: []}\nfee", "f")


def test_empty_texts_and_empty_documents_hold_nothing() -> None:
    assert compose("", "f") == compose("# only a remark\n", "f") == compose("---\n---\n", "f") == []


def test_an_alias_is_refused_before_it_is_followed() -> None:
    laughs = "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 30))
    started = time.perf_counter()
    assert refused(f"k0: &k0 ha\n{laughs}").startswith("f.yaml:1:5: PMO004 an anchor or alias")
    assert time.perf_counter() - started < 1


def test_depth_is_bounded_and_deep_enough() -> None:
    deep = "[" * (MAX_DEPTH - 2) + "]" * (MAX_DEPTH - 2)
    assert compose(f"a: {deep}", "f.yaml")
    assert "PMO005 nested deeper" in refused(f"a: [[{deep}]]")
    assert "PMO005 nested deeper" in refused("[" * 1_000_000)
    assert "PMO005 nested deeper" in refused("- " * 100_000)


def test_the_number_of_values_is_bounded() -> None:
    assert "PMO005 more than 200,000 values" in refused("-\n" * 200_001)


def test_all_duplicate_keys_of_a_file_are_found() -> None:
    (document,) = compose("a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml")
    assert [(item.line, item.column, item.code) for item in document.problems] == [
        (2, 1, "PMO003"),
        (3, 11, "PMO003"),
    ]
    assert document.content == {"a": "1", "b": {"c": "1"}}


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "large.yaml").open("wb") as stream:
        for _ in range(50):
            stream.write(b"- x: 12345\n" * (1024 * 1024 // 11))
    tracemalloc.start()
    found = check_policy(tmp_path).diagnostics
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(item.code, item.message) for item in found] == [("PMO005", "larger than 4 MiB")]
    assert peak < 10 * 1024 * 1024


def test_a_file_that_cannot_be_opened_is_one_finding(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="PMO001 cannot be read: Is a directory"):
        read_file(tmp_path, "f.yaml")


@pytest.mark.parametrize("text", ["?", "? ", "? a", "a:", "- ", "a: |", "? |", "a:\n  -"])
def test_nothing_at_the_end_of_a_file_has_its_place_there(text: str) -> None:
    lines = text.split("\n")
    [document] = compose(text, "f.yaml")
    content = document.content
    assert not isinstance(content, Text)
    for each in content.values() if isinstance(content, Mapping) else content:
        for mark in (*each, each) if isinstance(each, list) else (each,):
            assert mark.mark.line <= len(lines)
            assert mark.mark.column <= len(lines[mark.mark.line - 1]) + 1
