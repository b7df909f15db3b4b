"""The wheel is built, installed into an empty environment and run outside the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ROLES = """
from importlib.metadata import distribution
print(*(role.load().id for role in distribution("pmo-engine").entry_points
        if role.group == "pmo_engine.roles"))
"""


def run(*command: str | Path, cwd: Path) -> str:
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed in `env`; the tests' environment lends what it needs."""
    home = tmp_path_factory.mktemp("wheel")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", home, CHECKOUT)
    run(sys.executable, *build, cwd=home)
    [wheel] = home.glob("*.whl")
    venv.create(home / "env", symlinks=True)
    install = ("--python", home / "env/bin/python", "install", "--no-index", "--no-deps", wheel)
    run(sys.executable, "-m", "pip", *install, cwd=home)
    (installed(home) / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return home


def installed(home: Path) -> Path:
    [packages] = home.glob("env/lib/python*/site-packages")
    return packages


def python(home: Path, code: str) -> str:
    return run(home / "env/bin/python", "-c", code, cwd=home)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"__pycache__"}


def test_one_package_is_installed(home: Path) -> None:
    own = names(installed(home)) - {"lent.pth"}
    assert {name for name in own if not name.endswith(".dist-info")} == {"pmo_engine"}


@pytest.mark.parametrize("folder", ["rules", "policies", "flows", "docs/reference/diagnostics"])
def test_the_folders_travel_inside(home: Path, folder: str) -> None:
    name = Path(folder).name
    carried = Path(python(home, f"from pmo_engine import resources; print(resources.{name}_dir())"))
    assert carried.is_relative_to(home)
    assert names(carried) == names(CHECKOUT / folder)


def test_the_deployments_travel_beside_the_flows(home: Path) -> None:
    code = "from pmo_engine import resources; print(resources.flows_dir().parent / 'prefect.yaml')"
    assert Path(python(home, code)).read_bytes() == (CHECKOUT / "prefect.yaml").read_bytes()


def test_a_package_without_its_folders_says_so(tmp_path: Path) -> None:
    package = tmp_path / "pmo_engine"
    package.mkdir()
    for name in ("__init__.py", "resources.py"):
        shutil.copy(CHECKOUT / "pmo_engine" / name, package)
    code = "from pmo_engine import resources; resources.rules_dir()"
    command = (sys.executable, "-c", code)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "the folder 'rules' is missing" in done.stderr.splitlines()[-1]


def test_the_command_runs(home: Path) -> None:
    assert "policy" in run(home / "env/bin/pmo", "--help", cwd=home)


def test_the_page_of_a_code_is_at_hand(home: Path) -> None:
    page = CHECKOUT / "docs/reference/diagnostics/PMO022.md"
    assert (
        run(home / "env/bin/pmo", "policy", "code", "PMO022", cwd=home) == page.read_text().strip()
    )


def test_the_fifteen_roles_are_registered(home: Path) -> None:
    packs = {path.parent.name for path in (CHECKOUT / "rules").glob("*/register.yaml")}
    loaded = python(home, ROLES).split()
    assert len(loaded) == 15
    assert len(set(loaded)) == 15
    assert set(loaded) >= packs
