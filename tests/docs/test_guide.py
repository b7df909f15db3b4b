"""The guide's and the README's commands run as they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> str:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = [block for block in BLOCK.findall(text) if not block.startswith("make ")]
    return "set -e\n" + "".join(blocks).replace("../.venv/bin/", "").replace(".venv/bin/", "")


@pytest.mark.parametrize("page", ["README.md", "docs/guide.md"])
def test_commands_run_as_written(page: str, tmp_path: Path) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PMO_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    script = commands(page)
    assert "pmo policy check" in script
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "0 errors, 0 warnings" in done.stdout
    assert "approval by pmo_head within 3 working days" in done.stdout
