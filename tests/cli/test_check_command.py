"""``pmo policy check`` for people, editors, code hosts and hooks; ``pmo policy code``."""

import io
import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import typer

from pmo_engine.cli.policy import checking
from pmo_engine.cli.start import Interruption
from tests.compiler.rule_findings.test_following import SUITE, rule, with_fields

Pmo = Any
MAIN = "from pmo_engine.cli.main import main; main()"
HEADER = 'kind: policy\nname: a\nversion: "1"\ncurrency: GBP\n'
ROLES = "kind: roles\nroles:\n  - {id: head, senior: bord}\n  - {id: board, body: true}\n"
UNTESTED = """kind: rules
rules:
  - id: late
    title: Late
    on: case.closed
    binding: may
    then: [{finding: late}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy with an unknown role, and a rule without a suite."""
    made = tmp_path / "policy"
    made.mkdir()
    (made / "policy.yaml").write_text(HEADER)
    (made / "roles.yaml").write_text(ROLES)
    return made


def test_text_shows_the_line_and_what_is_meant_in_it(pmo: Pmo, folder: Path) -> None:
    result = pmo("policy", "check", "policy", "--format", "text")
    assert result.status == 1
    assert result.out.splitlines() == [
        "policy/roles.yaml:3:24: PMO014 unknown role 'bord'",
        "    3 |   - {id: head, senior: bord}",
        "      |                        ^^^^ did you mean 'board'?",
        "1 error, 0 warnings",
        "'pmo policy code PMO014' says more, with an example",
    ]


def test_without_a_terminal_a_finding_is_one_line(pmo: Pmo, folder: Path) -> None:
    assert pmo("policy", "check", "policy").out.splitlines() == [
        "policy/roles.yaml:3:24: PMO014 unknown role 'bord' (did you mean 'board'?)",
        "1 error, 0 warnings",
    ]


def test_carets_stand_under_wide_characters_and_in_long_lines(pmo: Pmo, folder: Path) -> None:
    wide = f"  - {{title: 変更, id: head, senior: bord, {' ' * 300}accountable: maybe}}"
    (folder / "roles.yaml").write_text(f"kind: roles\nroles:\n{wide}\n")
    found = pmo("policy", "check", "policy", "--format", "text").out.splitlines()
    (where,) = [n for n, line in enumerate(found) if "PMO013 " in line]
    line, caret = found[where + 1], found[where + 2]
    start = caret.index("^")
    assert line[start : start + 5] == "maybe"
    assert caret.count("^") == 5
    assert max(map(len, found)) < 205  # COLUMNS is 200
    (folder / "roles.yaml").write_text(
        "kind: roles\nroles:\n  - {title: 変更, senior: bord, id: a}\n"
    )
    line, caret = pmo("policy", "check", "policy", "--format", "text").out.splitlines()[1:3]
    assert caret.index("^") == line.index("bord") + 2  # two characters take two places each


def test_a_file_cannot_steer_the_terminal(pmo: Pmo, folder: Path) -> None:
    (folder / "roles.yaml").write_text('kind: roles\nroles: [{id: a, senior: "\\e[2J"}]\n')
    for form in ("text", "short"):
        out = pmo("policy", "check", "policy", "--format", form).out
        assert "PMO014" in out
        assert "\x1b" not in out


def test_a_hint_without_a_line_is_not_lost(pmo: Pmo, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    out = pmo("policy", "check", "empty", "--format", "text").out
    assert "empty:1:1: PMO007 no policy here (policy files end in .yaml" in out


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Give what a user sees whose standard output is a terminal."""
    ours, theirs = pty.openpty()
    own = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    command = [sys.executable, "-c", MAIN, *arguments]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=own | environment) as running:
        os.close(theirs)
        said = b""
        try:
            while more := os.read(ours, 4096):
                said += more
        except OSError:  # the other end is closed
            pass
        running.wait(30)
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_unless_they_are_not_wanted(folder: Path) -> None:
    coloured = on_a_terminal("policy", "check", str(folder))
    plain = on_a_terminal("policy", "check", str(folder), NO_COLOR="1")
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert "^^^^ did you mean 'board'?" in plain


def test_sarif_has_what_readers_of_it_need(pmo: Pmo, folder: Path) -> None:
    (folder / "odd name.yaml").write_text("kind: role\n")
    (folder / "roles.yaml").write_text(ROLES.replace("senior", "senoir"))
    log = pmo("policy", "check", "policy", "--format", "sarif").json
    assert (log["version"], log["$schema"].endswith("sarif-schema-2.1.0.json")) == ("2.1.0", True)
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], run["columnKind"]) == ("pmo", "unicodeCodePoints")
    assert [rule["id"] for rule in driver["rules"]] == ["PMO006", "PMO011"]
    assert all(rule["help"]["markdown"].startswith(f"# {rule['id']}") for rule in driver["rules"])
    first, second = run["results"] if run["results"][0]["ruleId"] == "PMO006" else ({}, {})
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "policy/odd%20name.yaml"},
        "region": {"startLine": 1, "startColumn": 7},
    }
    assert second["ruleId"] == "PMO011"
    assert driver["rules"][second["ruleIndex"]]["id"] == "PMO011"
    assert second["level"] == "error"
    assert second["message"]["text"] == "unknown key 'senoir' (did you mean 'senior'?)"
    whole = pmo("policy", "check", folder, "--format", "sarif").json["runs"][0]["results"][0]
    uri = whole["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (folder / "odd name.yaml").as_uri()


def test_sarif_of_a_good_policy_is_a_run_without_results(pmo: Pmo, folder: Path) -> None:
    (folder / "roles.yaml").unlink()
    [run] = pmo("policy", "check", "policy", "--format", "sarif").json["runs"]
    assert run["results"] == run["tool"]["driver"]["rules"] == []


def test_github_gets_workflow_commands(pmo: Pmo, folder: Path) -> None:
    (folder / "roles.yaml").rename(folder / "a,b.yaml")
    (folder / "a,b.yaml").write_text(ROLES.replace("bord", "100%"))
    assert pmo("policy", "check", "policy", "--format", "github").out == (
        "::error file=policy/a%2Cb.yaml,line=3,col=24,title=PMO014"
        "::unknown role '100%25' (known: board, head)\n"
    )


def test_an_unknown_format_is_refused(pmo: Pmo, folder: Path) -> None:
    result = pmo("policy", "check", "policy", "--format", "xml")
    assert result.status == 2
    assert "'xml' is no format; formats are text, short, json, sarif, github" in result.err


def test_several_policies_are_checked_in_one_go(pmo: Pmo, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/policy.yaml").write_text(HEADER)
    result = pmo("policy", "check", "policy", "other", "policy", "--json")
    assert [item["file"] for item in result.json] == ["policy/roles.yaml"]
    assert pmo("policy", "check", "other", "nowhere").status == 2


def test_a_part_is_checked_as_its_folder(pmo: Pmo, folder: Path) -> None:
    for arguments in (["policy/roles.yaml"], ["policy/policy.yaml", "policy/roles.yaml"]):
        result = pmo("policy", "check", *arguments, "--folders", "--json")
        assert [item["code"] for item in result.json] == ["PMO014"]
    assert pmo("policy", "check", "policy/roles.yaml", "--json").json[0]["code"] == "PMO014"
    assert pmo("policy", "check", "policy/policy.yaml", "--json").json == []


def test_standard_input_is_a_policy(
    pmo: Pmo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = f"{HEADER}---\n{ROLES}"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    out = pmo("policy", "check", "-", "--format", "text").out
    assert out.startswith("<stdin>:8:24: PMO014 unknown role 'bord'\n    8 |   - {id: head,")


def test_strict_fails_on_warnings(pmo: Pmo, folder: Path) -> None:
    (folder / "roles.yaml").write_text(UNTESTED)
    lenient = pmo("policy", "check", "policy")
    assert lenient.status == 0
    assert "PMO040 warning: no suite tests rule 'late'" in lenient.out
    assert lenient.out.endswith("0 errors, 1 warning, 1 rule\n")
    assert pmo("policy", "check", "policy", "--strict").status == 1


def test_a_note_is_no_warning_in_any_form(pmo: Pmo, folder: Path) -> None:
    (folder / "policy.yaml").write_text(with_fields("").removesuffix("---\n"))
    (folder / "roles.yaml").unlink()
    asked = "require_approval: {from: board, within: 2 days}"
    rules = [rule(f"r{n}", f"change.weeks ** 2 {by} 4", asked) for n, by in enumerate("<>")]
    (folder / "rules.yaml").write_text(f"kind: rules\nrules:\n{''.join(rules)}{SUITE}")
    result = pmo("policy", "check", "policy", "--strict")
    assert result.status == 0
    assert "policy/rules.yaml:3:5: PMO089 note: it cannot be told whether something" in result.out
    assert result.out.endswith("\n0 errors, 0 warnings, 1 note, 2 rules\n")
    github = pmo("policy", "check", "policy", "--format", "github").out
    assert github.startswith("::notice file=policy/rules.yaml,line=3,col=5,title=PMO089::it ")
    sarif = pmo("policy", "check", "policy", "--format", "sarif").json
    assert [each["level"] for each in sarif["runs"][0]["results"]] == ["note"]
    assert [each["severity"] for each in pmo("policy", "check", "policy", "--json").json] == [
        "note"
    ]


def test_watching_checks_again_after_a_change(folder: Path) -> None:
    command = [sys.executable, "-u", "-c", MAIN, "policy", "check", str(folder), "--watch"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert "PMO014" in running.stdout.readline()
        assert running.stdout.readline() == "1 error, 0 warnings\n"
        assert "waiting for changes" in running.stderr.readline()
        (folder / "roles.yaml").write_text(ROLES.replace("bord", "board"))
        assert running.stdout.readline() == "0 errors, 0 warnings\n"
        assert "waiting for changes" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0


def test_a_code_has_its_page_at_hand(pmo: Pmo) -> None:
    page = pmo("policy", "code", "PMO014").out
    assert page.startswith("# PMO014: an unknown role\n")
    assert page == pmo("policy", "code", "14").out == pmo("policy", "code", "pmo014").out
    told = pmo("policy", "code", "14", "--json").json
    assert set(told) == {"code", "title", "about", "bad", "good"}
    assert "from: bord" in told["bad"]
    assert "from: board" in told["good"]
    listed = pmo("policy", "code", "--json").json
    assert {"code": "PMO014", "title": "an unknown role"} in listed
    assert "PMO045" in pmo("policy", "code").out
    unknown = pmo("policy", "code", "PMO999")
    assert (unknown.status, unknown.err.count("\n")) == (2, 1)


def test_a_page_on_a_terminal_tells_wrong_from_right() -> None:
    said = on_a_terminal("policy", "code", "PMO014", NO_COLOR="1", COLUMNS="60")
    assert said.splitlines()[0] == "PMO014: an unknown role"
    assert said.index("wrong:") < said.index("from: bord") < said.index("right:")
    assert max(len(line) for line in said.partition("wrong:")[0].splitlines()) <= 60


def test_watching_ends_where_an_interrupt_was_swallowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    interruption = Interruption()
    with suppress(KeyboardInterrupt):
        interruption(signal.SIGINT, None)
    monkeypatch.setattr(signal, "getsignal", lambda _: interruption)
    with pytest.raises(typer.Exit):
        checking._wait([tmp_path], checking._state([tmp_path]))
