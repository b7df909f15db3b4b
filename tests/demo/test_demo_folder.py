"""The demo's folder: only what a demo made is replaced."""

import subprocess
import sys

import pytest

from pmo_engine.demo.folder import MARK, DemoError, prepared


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DemoError, match="was not made by a demo"), prepared(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "note").write_text("mine")
    with pytest.raises(DemoError, match="was not made by a demo"), prepared(tmp_path / "note"):
        pass


def test_what_an_earlier_demo_made_goes_and_the_rest_stays(tmp_path):
    with prepared(tmp_path / "out") as folder:
        (folder.mail / "001-petra.eml").write_text("mail")
        folder.page.write_text("page")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with prepared(tmp_path / "out") as folder:
        left = sorted(path.name for path in folder.path.iterdir())
    assert left == sorted([MARK, "mail", "notes.txt"])
    assert list(folder.mail.iterdir()) == []


def test_one_demo_at_a_time(tmp_path):
    with (
        prepared(tmp_path / "out"),
        pytest.raises(DemoError, match="another demo is at work"),
        prepared(tmp_path / "out"),
    ):
        pass


def test_the_command_says_it_in_one_line(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    command = [sys.executable, "-m", "pmo_engine.demo", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("demo: ")


PMO_DEMO = ("-c", "from pmo_engine.cli import start; start.main()", "demo")


@pytest.mark.parametrize("demo", [("-m", "pmo_engine.demo"), PMO_DEMO])
def test_a_policy_that_is_none_is_said_with_its_place(tmp_path, demo):
    policy = tmp_path / "policy"
    policy.mkdir()
    (policy / "policy.yaml").write_text("kind: policy\nname: x\n\tversion: 1\n")
    command = [sys.executable, *demo]
    command += ["--folder", str(tmp_path / "out"), "--policy", str(policy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "policy.yaml:3:1: " in done.stderr
    assert "Traceback" not in done.stderr
