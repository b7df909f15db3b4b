"""``pmo policy draft``, ``circulate``, ``comment``, ``adopt`` and the rest, as people type them."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CITY, done

Pmo = Any
ADOPTS = "  - id: the-policy\n    may: adopt policy\n    up_to: unlimited\n"

SUITE = "change_request.submitted of by-authority"


def write(path: Path, version: str, limit: str = "50000", header: str = "") -> Path:
    """The town's policy in a version of its own; the board adopts its next one."""
    text = CITY.read_text(encoding="utf-8")
    text = text.replace('version: "2026.1"', f'version: "{version}"\n{header}'.rstrip())
    text = text.replace("  - id: board-changes\n", f"{ADOPTS}  - id: board-changes\n")
    text = text.replace("value: 50000 GBP", f"value: {limit} GBP")
    for cost in ("50000 GBP", "50000.01 GBP"):
        text = text.replace(f"cost: {cost}", f"cost: {cost.replace('50000', limit)}")
    text = text.replace(".01 GBP}}", ".01 GBP}, changes: []}")  # the head's limit counts them
    path.mkdir(parents=True, exist_ok=True)
    (path / "policy.yaml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(office: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office's own policy folder."""
    monkeypatch.setenv("PMO_POLICY", str(tmp_path / "policies"))
    return write(tmp_path / "policies", "2026.1")


@pytest.fixture
def town(office: Pmo, folder: Path) -> Pmo:
    """The office once it has adopted the first version of its policy."""
    assert office("policy", "adopt", folder, "--by", "petra").status == 0
    vote(office)
    return office


def vote(pmo: Pmo, choice: str = "approve", by: str = "bo") -> Any:
    [row] = pmo("inbox", by, "--json").json
    done = pmo(choice, row["id"][:8], "--by", by, "--json")
    assert done.status == 0, done.err
    return done.json


def submit(pmo: Pmo, cost: str = "30000 GBP") -> list[str]:
    done = pmo("submit", "P-1", "change_requests", f"cost={cost}", "--by", "sam", "--json")
    return [each["from"] for each in done.json["decision"]["obligations"]]


def test_from_draft_to_adoption(town: Pmo, folder: Path) -> None:
    write(folder, "2026.2", "20000")
    assert submit(town) == ["project_manager"]
    drafted = town("policy", "draft", folder, "--by", "petra")
    assert drafted.out.startswith("town-works 2026.2 (")
    assert drafted.out.endswith("): draft\n")
    circulated = town("policy", "circulate", "2026.2", "--within", "1 working day", "--by", "petra")
    assert "): comment until " in circulated.out
    clause = "terms/project_manager/authority/pm-changes"
    said = town("policy", "comment", "2026.2", "Too low", "--clause", clause, "--by", "ana")
    assert "comments not answered: 1" in said.out
    early = town("policy", "adopt", "2026.2", "--by", "petra")
    assert (early.status, "is out for comment until" in early.err) == (2, True)
    answered = ("policy", "reply", "2026.2", "1", "Audit finding 12", "--by", "petra")
    assert town(*answered).status == 0
    assert "Audit finding 12" in town("policy", "comments", "2026.2").out


def test_adoption_shows_what_changes_and_then_binds(town: Pmo, folder: Path) -> None:
    submit(town)
    other = write(folder.parent / "next", "2026.2", "20000", "applies_to_open: true")
    put_up = town("policy", "adopt", other, "--by", "petra")
    assert put_up.status == 0
    assert "changed: terms/project_manager/authority/pm-changes" in put_up.out
    assert "up to [-50,000-]{+20,000+} GBP" in put_up.out
    assert "Open work comes under it on its day; where it would be asked otherwise:" in put_up.out
    assert "+ The PMO head must approve the change request within 3 working days" in put_up.out
    assert "portfolio_board: open, due " in put_up.out
    assert vote(town)["status"] == "adopted"
    assert submit(town) == ["pmo_head"]
    titles = {row["title"] for row in town("inbox", "petra", "--json").json}
    assert titles == {"Change request CR-1 of P-1", "Change request CR-2 of P-1"}
    states = {row["version"]: row["status"] for row in town("policy", "versions", "--json").json}
    assert states == {"2026.1": "superseded", "2026.2": "adopted"}
    first = town("policy", "versions", "--limit", 1)
    assert ("2026.1" in first.out, "2026.2" in first.out) == (True, False)
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d", first.out)  # by the office's clock
    place = first.out.rpartition("--after ")[2].strip()
    rest = town("policy", "versions", "--after", place[:12], "--json").json
    assert [(row["version"], row["in_force"]) for row in rest] == [("2026.2", True)]
    shown = town("policy", "show", "2026.2")
    assert "Bo Chen voted approve" in shown.out
    assert town("audit", "verify").status == 0
    assert "policy.took_force" in town("audit", "log", "office").out


def test_a_folder_that_differs_is_said_and_does_not_bind(town: Pmo, folder: Path) -> None:
    asking = ("authority", "show", "--role", "project_manager")
    assert town(*asking).err == ""
    write(folder, "2026.2", "20000")
    assert submit(town) == ["project_manager"]
    loud = town(*asking)
    assert loud.status == 0
    assert loud.err.startswith(f"{folder} differs from the adopted version 2026.1 (digest ")
    assert loud.err.count("\n") == 1
    assert town("policy", "versions").err == ""
    assert town("project", "change", "P-1", "tier=2", "--by", "bo").err == loud.err
    for shows in (("project", "list"), ("inbox", "petra"), ("portfolio",)):
        assert town(*shows).err == ""
    (folder / "policy.yaml").write_text("kind: nonsense\n", encoding="utf-8")
    assert submit(town) == ["project_manager"]
    shutil.rmtree(folder)
    assert town(*asking).err == ""


def test_a_rejected_version_binds_nobody(town: Pmo, folder: Path) -> None:
    town("policy", "adopt", write(folder.parent / "next", "2026.2", "20000"), "--by", "petra")
    assert vote(town, "reject")["status"] == "rejected"
    assert submit(town) == ["project_manager"]


def test_withdrawn_by_who_put_it_up(town: Pmo, folder: Path) -> None:
    town("policy", "adopt", write(folder.parent / "next", "2026.2"), "--by", "petra")
    done = town("policy", "withdraw", "2026.2", "--reason", "too early", "--by", "petra")
    assert done.out.endswith("): withdrawn\n")
    assert town("inbox", "bo").out == "nothing waits for Bo Chen\n"


def test_the_difference_of_two_folders_needs_no_store(pmo: Pmo, tmp_path: Path) -> None:
    old, new = write(tmp_path / "a", "1"), write(tmp_path / "b", "2", "20000")
    found = pmo("policy", "diff", old, new, "--json").json
    assert [(each["clause"], each["kind"]) for each in found["clauses"]] == [
        ("terms/project_manager/authority/pm-changes", "changed"),
        (f"key/suite/{SUITE}/cases/one penny more is not", "changed"),
    ]
    words = found["clauses"][0]["words"]
    assert [piece for piece in words if piece[0] != " "] == [["-", "50,000"], ["+", "20,000"]]
    assert "the two say the same" in pmo("policy", "diff", old, old).out


def test_the_difference_with_what_is_in_force(town: Pmo, folder: Path) -> None:
    submit(town)
    write(folder, "2026.2", "20000")
    shown = town("policy", "diff", folder, "--open")
    assert "[-50,000-]{+20,000+}" in shown.out
    assert "Open work keeps its own version; where it would be asked otherwise:" in shown.out
    assert town("policy", "diff", "2026.1", folder, "--json").json["old"]["version"] == "2026.1"


def test_a_draft_checks_and_passes_its_tests(town: Pmo, folder: Path) -> None:
    path = write(folder.parent / "next", "2026.2") / "policy.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("approvals: [project_manager]", "approvals: []"), "utf-8")
    failed = town("policy", "draft", path.parent, "--by", "petra")
    assert failed.status == 1
    assert "the limit itself is the project manager's: approvals: expected none" in failed.err
    assert failed.err.endswith("1 of 4 cases fail, so it is no draft yet\n")
    path.write_text(good.replace("from: pmo_head", "from: pmo_haed"), encoding="utf-8")
    wrong = town("policy", "draft", path.parent, "--by", "petra")
    assert (wrong.status, "PMO014" in wrong.err) == (1, True)
    assert len(town("policy", "versions", "--json").json) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("policy", "adopt", "2027.9", "--by", "petra"), "no version of the policy is called"),
        (("policy", "adopt", "2026.1"), "Missing option '--by'"),
        (("policy", "show", "2027.9"), "no version of the policy is called '2027.9'; there are"),
        (("policy", "draft", "nowhere", "--by", "petra"), "no such policy: nowhere"),
        (("policy", "draft", "policies", "--by", "zoe"), "nobody here is called 'zoe'"),
        (("policy", "comment", "2026.1", "?", "--by", "ana"), "takes no more comments"),
        (("policy", "reply", "2026.1", "x", "?", "--by", "ana"), "should be a valid integer"),
        (
            (
                *("policy", "circulate", "2026.1", "--by", "ana"),
                *("--until", "2026-03-01", "--within", "1 day"),
            ),
            "give --until or --within, not both",
        ),
        (("policy", "withdraw", "2026.1", "--reason", "x", "--by", "petra"), "cannot be withdrawn"),
        (("policy", "diff", "nowhere"), "no version of the policy is called 'nowhere'"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    town: Pmo, arguments: tuple[str, ...], said: str
) -> None:
    before = done(town)
    result = town(*arguments)
    assert result.status == 2
    assert (result.err.count("\n"), said in result.err) == (1, True), result.err
    assert done(town) == before


def test_a_pack_is_no_policy_to_adopt(town: Pmo) -> None:
    from pmo_engine.resources import rules_dir

    result = town("policy", "adopt", rules_dir() / "risk", "--by", "petra")
    assert (result.status, "is a pack and no policy" in result.err) == (2, True)


def test_without_any_version_the_folder_binds_under_which_work_began(
    office: Pmo, folder: Path
) -> None:
    assert "no version was drafted yet" in office("policy", "versions").out
    assert submit(office) == ["project_manager"]
    write(folder, "2026.2", "20000")
    assert office("project", "list").err == ""
    said = office("authority", "show", "--role", "project_manager").err
    assert f"{folder} is not version 2026.1 (digest " in said
    assert "under which work began here, and which binds" in said
    assert f"'pmo policy draft {folder}' puts it up for adoption" in said
    assert submit(office) == ["project_manager"]
    assert office("person", "change", "ana", "--name", "Ana", "--by", "bo").status == 0
    assert submit(office) == ["pmo_head"]
    assert office("authority", "show", "--role", "project_manager").err == ""


def test_a_first_version_is_not_told_clause_by_clause(office: Pmo, folder: Path) -> None:
    said = office("policy", "adopt", folder, "--by", "petra").out
    assert said.startswith("all of it is new: ")
    assert "added:" not in said
    everything = office("policy", "show", "2026.1", "--json").json["changes"]["clauses"]
    assert f"all of it is new: {len(everything)} clauses" in said
