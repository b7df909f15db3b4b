"""What a cursor points at, what is said of it, and where it is declared."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.compiler.names import Index
from pmo_engine.compiler.reading import read_text
from pmo_engine.editor.buffers import Buffers
from pmo_engine.editor.hover import about_code, hover
from pmo_engine.editor.project import Project, root_of
from pmo_engine.editor.symbols import outline
from pmo_engine.editor.target import Target, target_at
from pmo_engine.source.codes import UNKNOWN_ROLE, Code
from pmo_engine.source.diagnostics import Mark
from pmo_engine.source.diagnostics import at as found_at
from tests.editor.conftest import PACK, POLICY, marked

Point = Callable[[str], Target | None]
RULE = "kind: rules\nrules:\n  - id: new\n    on: change.submitted\n    binding: shall\n"
WHEN = f"{RULE}    when: "
THEN = f"{RULE}    then:\n      - "
TERMS = "kind: terms_of_reference\nauthority:\n"
CASE = "kind: suite\nevent: change.submitted\ncases:\n  - {name: a, "


@pytest.fixture
def point(index: Index) -> Point:
    def point(text: str) -> Target | None:
        found = marked(text)
        return target_at(found.lines, found.line, found.column, index)

    return point


@pytest.fixture
def project(folder: Path) -> Project:
    made = Project(folder, Buffers())
    made.check()
    return made


@pytest.mark.parametrize(
    ("text", "name", "declared"),
    [
        (f"{THEN}require_approval: {{from: pmo_^head, within", "pmo_head", "{id: pmo_head"),
        (f"{THEN}require_approval:\n          from: bo^ard", "board", "{id: board"),
        (f"{THEN}require_approval: {{ladder: ^standard}}", "standard", "id: standard"),
        ("kind: suite\nabout: [de^ar]", "dear", "id: dear"),
        ("kind: suite\nevent: change.^submitted", "change.submitted", "register: changes"),
        (
            "kind: terms_of_reference\nauthority:\n  - {may: appr^ove change, up_to",
            "approve change",
            "register: changes",
        ),
        ("kind: policy\npacks:\n  - {use: ^spills}", "spills", "kind: rules"),
        (f"{WHEN}change.co^st > 4", "cost", "{type: money"),
        (f"{WHEN}ch^ange.cost > 4", "change", "change\n"),
        (f"{WHEN}some c in chan^ges satisfies true", "changes", "changes\n"),
        (f"{WHEN}some c in changes satisfies c.w^eeks > 4", "weeks", "{type: number}"),
        (f"{WHEN}not(sl^ow)", "slow", "slow, value"),
        (
            f'{WHEN}change.cost > authority("pmo_^head", "approve change")',
            "pmo_head",
            "{id: pmo_head",
        ),
        (f"{CASE}facts: {{change: {{co^st: 4 GBP}}}}", "cost", "{type: money"),
        (f"{CASE}expect: {{approvals: [pmo^_head]}}", "pmo_head", "{id: pmo_head"),
        (
            "kind: policy\npacks:\n  - {use: spills, with: {mo^st: 5}}",
            "most",
            "{type: number",
        ),
    ],
)
def test_what_has_a_name_is_found_where_it_is_declared(
    point: Point, text: str, name: str, declared: str
) -> None:
    found = point(text)
    assert found is not None
    assert found.entry is not None
    assert found.name == name
    mark = found.entry.mark
    lines = {"policy.yaml": POLICY, "spills.yaml": PACK}[mark.file].splitlines(keepends=True)
    assert lines[mark.line - 1][mark.column - 1 :].startswith(declared)


@pytest.mark.parametrize(
    "text",
    [
        "^",
        f"{RULE}    title: Some ti^tle",
        f"{THEN}require_approval: {{from: nobo^dy}}",
        f"{THEN}require_approval: {{from: board^y}}",
        f"{WHEN}change.nothing^ > 4",
        f"{WHEN}4^2 > 4",
        "kind: nonsense\na: b^",
    ],
)
def test_what_means_nothing_is_nothing(point: Point, text: str) -> None:
    assert point(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{RULE}    ti^tle: A", "**title**: The rule in one sentence"),
        (f"{WHEN}change.co^st > 4", "**cost** (money)\n\nthe whole cost"),
        (f"{WHEN}change.cat^egory = 4", "one of scope, time, cost"),
        (f"{WHEN}string le^ngth(change.reason)", "string length(string: text)"),
        (f"{WHEN}working_days^_between(today, today)", "The working days after the first day"),
        (f"{WHEN}not(sl^ow)", "Derived by rule `dear`: `change.weeks > 4`"),
        (f"{THEN}require_approval: {{ladder: ^standard}}", "- at 50 %: remind addressee"),
        ("kind: policy\npacks:\n  - {use: spills, with: {mo^st: 5}}", "How many spills"),
    ],
)
def test_there_is_something_to_say(point: Point, text: str, said: str) -> None:
    found = point(text)
    assert found is not None
    assert said in hover(found, None)


def test_a_rule_is_said_in_words(project: Project) -> None:
    lines = POLICY.split("\n")
    for mark in ("id: dear", "when: change", "- {name: dear", "about: [dear"):
        (line,) = [n for n, text in enumerate(lines) if mark in text]
        column = lines[line].index(mark) + (len(mark) - 2 if mark != "when: change" else 1)
        target = target_at(lines, line, column, project.index)
        if mark == "- {name: dear":  # a name of a case is the writer's own
            assert target is None
            continue
        assert target is not None
        assert "> When a change is submitted and the change's cost is above 500 GBP" in hover(
            target, project.policy
        )


def test_what_cannot_be_read_is_remembered(project: Project, folder: Path) -> None:
    file = folder / "policy.yaml"
    project.buffers.put(file, POLICY + "---\nkind: [\n")
    project.check()
    assert [item.code for item in project.diagnostics[file]] == ["PMO001"]
    assert "pmo_head" in project.index.named["role"]
    assert project.policy is not None
    project.buffers.put(file, POLICY.replace("pmo_head, title", "head, title"))
    project.check()
    assert "pmo_head" not in project.index.named["role"]
    project.buffers.drop(file)
    project.check()
    assert {item.severity for item in project.diagnostics.get(file, ())} <= {"warning"}


def test_packs_are_found_where_they_lie(project: Project, folder: Path) -> None:
    mark = project.index.parameters["spills"]["most"].mark
    assert project.path_of(mark.file) == folder.parent / "packs/spills/rules.yaml"
    assert project.path_of("nowhere/rules.yaml") == Path("nowhere/rules.yaml")


def test_a_file_that_is_not_saved_belongs_to_the_policy_beside_it(folder: Path) -> None:
    (folder / "roles.yaml").write_text("kind: roles\nroles: []\n")
    assert root_of(folder / "new.yaml") == folder
    alone = folder.parent / "other/new.yaml"
    assert root_of(alone) == alone
    buffers = Buffers()
    buffers.put(alone, "kind: roles\nroles: []\n")
    project = Project(alone, buffers)
    project.check()
    assert [item.code for item in project.diagnostics[alone]] == ["PMO008"]


def test_an_outline_has_documents_and_entries() -> None:
    found = outline(read_text(POLICY, "policy.yaml").documents)
    assert [each.name for each in found][:3] == ["policy", "roles", "registers"]
    registers = found[2]
    assert [(each.name, each.detail) for each in registers.inner] == [
        ("changes", "change"),
        ("risks", "risk"),
    ]
    terms = found[4]
    assert (terms.name, terms.detail) == ("terms_of_reference", "pmo_head")
    assert [each.name for each in terms.inner] == ["large"]


def test_a_code_is_explained() -> None:
    found = found_at(Mark("a", 1, 1), UNKNOWN_ROLE, "unknown role")
    assert about_code(found).startswith("**PMO014: an unknown role**")
    assert about_code(found_at(Mark("a", 1, 1), Code(999, "x", "error"), "x")) == ""
