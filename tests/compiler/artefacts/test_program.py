"""The program's fingerprint changes with whatever binding runs, and with nothing else."""

import shutil

import pytest

from pmo_engine.compiler.artefacts.program import LAYERS, PACKAGE, fingerprint, program


@pytest.fixture
def package(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def test_a_copy_is_the_same_program(package):
    assert fingerprint(package) == program()
    (package / "cli" / "main.py").write_text("", encoding="utf-8")
    (package / "feel" / "__pycache__").mkdir()
    (package / "feel" / "__pycache__" / "nodes.pyc").write_bytes(b"compiled")
    assert fingerprint(package) == program()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_byte_of_any_layer_makes_another(package, layer):
    file = package / layer / "__init__.py"
    file.write_bytes(file.read_bytes() + b"\n")
    assert fingerprint(package) != program()


def test_other_bytes_of_the_same_number_make_another(package):
    file = package / "feel" / "nodes.py"
    text = file.read_bytes()
    file.write_bytes(text[:-1] + b" ")
    assert file.stat().st_size == len(text)
    assert fingerprint(package) != program()


@pytest.mark.parametrize(
    "folder", ["holidays-0.0.dist-info/METADATA", "holidays.egg-info/PKG-INFO"]
)
def test_another_version_of_the_library_of_holidays_makes_another(
    package, folder, tmp_path, monkeypatch
):
    named = tmp_path / folder
    named.parent.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    known = set()
    for version in ("0.0", "0.1"):
        named.write_text(f"Name: holidays\nVersion: {version}\n", encoding="utf-8")
        known.add(fingerprint(package))
    assert len(known | {program()}) == 3


def test_a_file_more_or_elsewhere_makes_another(package):
    shutil.move(package / "feel" / "nodes.py", package / "feel" / "knots.py")
    moved = fingerprint(package)
    (package / "feel" / "checking" / "more.py").write_text("", encoding="utf-8")
    assert len({program(), moved, fingerprint(package)}) == 3


def test_the_layers_are_all_that_the_compiler_stands_on():
    """As the contract of the layers has them, from the compiler down; what is found is no code."""
    import tomllib

    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    names = [layer.strip("()").removeprefix("pmo_engine.") for layer in layers]
    below = names[names.index("compiler") :]
    assert {*below} - {"resources"} == {*LAYERS}
