"""Reading folders, and what the schema finds in the words and at the places of the file."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from pathlib import Path

import pytest

from pmo_engine.compiler import reading as r
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.policy_files import digest_of
from pmo_engine.compiler.reading import read_folder, read_text
from pmo_engine.compiler.schema_errors import keys_at


def found(text: str) -> list[str]:
    return [str(item) for item in read_text(text, "f.yaml").diagnostics]


def test_a_document_becomes_its_kind_and_knows_its_place() -> None:
    reading = read_text("kind: roles\nroles:\n  - {id: clerk, body: true}\n", "f.yaml")
    (roles,) = reading.of(s.Roles)
    assert roles.roles[0].id == "clerk"
    assert roles.roles[0].body is True
    assert str(roles.roles[0].mark) == "f.yaml:3:5"
    assert str(roles.roles[0].id.mark) == "f.yaml:3:10"


def test_one_or_many_may_be_written() -> None:
    entry = "kind: rules\nrules:\n  - {id: a, title: a, binding: may, then: [{block: x}], on: "
    for written, read in (("a.b", "a.b"), ("[a.b, c.d]", ["a.b", "c.d"])):
        (rules,) = read_text(f"{entry}{written}}}\n", "f.yaml").of(s.Rules)
        assert rules.rules[0].on == read


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kind: roles\nroles: clerk\n", "2:8: PMO013"),  # a value
        ("kind: roles\nroles:\n- {id: a, colour: red}\n", "3:11: PMO011"),  # a key
        ("kind: roles\nroles:\n- {title: a}\n", "3:3: PMO012"),  # the mapping that lacks one
        (
            "kind: rules\nrules:\n- {id: a, title: a, binding: may, then: [{block: x}], on: [a, {b: c}]}\n",
            "3:63: PMO013",
        ),  # one branch of a union
        ("kind: calendar\nid: a\nzone: b\nhours: {mon: {a: b}}\n", "4:14: PMO013"),
        ("kind: rules\nparameters: {x: {about: a}}\nrules: []\n", "2:17: PMO012"),
    ],
)
def test_each_error_stands_where_it_was_written_and_is_one(text: str, place: str) -> None:
    (error,) = found(text)
    assert error.startswith(f"f.yaml:{place} ")


def test_what_is_wrong_is_left_out_and_the_rest_is_used() -> None:
    text = """
kind: roles
colour: red
roles:
  - {id: first, body: maybe}
  - {id: second, shape: round}
  - {title: third}
  - {id: fourth}
"""
    reading = read_text(text, "f.yaml")
    codes = [item.code for item in sorted(reading.diagnostics)]
    assert codes == ["PMO011", "PMO013", "PMO011", "PMO012"]
    (roles,) = reading.of(s.Roles)
    assert [role.id for role in roles.roles] == ["second", "fourth"]


def test_an_item_that_empties_its_list_takes_its_holder_along() -> None:
    rule = "{id: %s, title: a, on: a.b, binding: may, then: [%s]}"
    good, bad = rule % ("good", "{block: x}"), rule % ("bad", "{blok: x}")
    reading = read_text(f"kind: rules\nrules: [{good}, {bad}]\n", "f.yaml")
    (rules,) = reading.of(s.Rules)
    assert [entry.id for entry in rules.rules] == ["good"]


def test_a_document_beyond_saving_is_left_out() -> None:
    reading = read_text("kind: policy\nname: a\n", "f.yaml")
    assert [item.code for item in reading.diagnostics] == ["PMO012", "PMO012"]
    assert reading.documents == []


def test_known_keys_are_those_of_the_place() -> None:
    assert keys_at(s.Roles, ()) == ["functional", "incompatible", "kind", "roles"]
    assert keys_at(s.Registers, ("registers", 0, "fields", "type")) == [
        "about",
        "asks_anew",
        "baseline_of",
        "derived",
        "from",
        "label",
        "moved_by",
        "names",
        "one_of",
        "required",
        "set_by",
        "to",
        "type",
    ]
    assert keys_at(s.Terms, ("authority", 0, "up_to", "list", 0)) == ["from", "source", "value"]
    assert keys_at(s.Calendar, ("closures", 0, "mapping")) == ["from", "to"]


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.yaml", "a.yml", "sub/c.yaml", ".hidden.yaml", ".git/d.yaml", "e.txt"):
        (tmp_path / name).write_text("kind: roles\nroles: []\n")
    reading = read_folder(tmp_path)
    names = [Path(each.mark.file).relative_to(tmp_path).as_posix() for each in reading.documents]
    assert names == ["a.yml", "b.yaml", "sub/c.yaml"]
    assert list(reading.contents) == names


def test_a_digest_follows_names_and_contents_alone(tmp_path: Path) -> None:
    def digest(folder: str, **files: str) -> str:
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / f"{name}.yaml").write_bytes(text.encode())
        return digest_of(read_folder(tmp_path / folder).contents)

    text = "kind: roles\nroles: []\n"
    first = digest("first", a=text, b=text)
    assert first == digest("again", b=text, a=text.replace("\n", "\r\n"))
    assert first != digest("other", a=text, b=text + "# more\n")
    assert first != digest("named", a=text, c=text)


def test_what_is_wrong_a_thousand_times_is_not_told_more_often() -> None:
    text = f"kind: roles\nroles: [{'a, ' * 1000}a]"
    *told, last = sorted(read_text(text, "f").diagnostics, key=lambda each: each.code == "PMO005")
    assert (len(told), {each.code for each in told}) == (1000, {"PMO013"})
    assert (last.code, last.message) == ("PMO005", "more is wrong here than is told")


def test_folders_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text("kind: roles\nroles: []\n")
    monkeypatch.setattr(r, "MAX_TOTAL", 30)
    (one,) = read_folder(tmp_path).diagnostics
    assert (Path(one.file).name, one.code) == ("b.yaml", "PMO005")
    monkeypatch.setattr(r, "MAX_TOTAL", 1000)
    monkeypatch.setattr(r, "MAX_VALUES", 9)
    (one,) = read_folder(tmp_path).diagnostics  # five values in each
    assert Path(one.file).name == "b.yaml"
    assert one.message == "the policy's files up to this one hold more than 9 values"
    monkeypatch.setattr(r, "MAX_FILES", 2)
    (one,) = read_folder(tmp_path).diagnostics
    assert one.message == "more than 2 policy files"
