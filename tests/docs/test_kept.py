"""What the language accepts is kept, printed or told: every key of every kind is one of these."""

import re
from pathlib import Path

import pytest
import yaml

from pmo_engine.compiler.kinds import KINDS
from pmo_engine.compiler.kinds.paths import key_paths, standing

ROOT = Path(__file__).parents[2]
KEPT = yaml.safe_load((ROOT / "docs/kept.yaml").read_text(encoding="utf-8"))
KEYS = [(kind, path) for kind in KINDS for path in key_paths(KINDS[kind].model)]
TESTS = sorted({test for by_key in KEPT.values() for test in by_key.values()})


def above(path: str) -> set[str]:
    steps = path.split(".")
    return {".".join(steps[:length]) for length in range(1, len(steps) + 1)}


@pytest.mark.parametrize(("kind", "path"), KEYS)
def test_a_key_is_kept_by_a_test_or_printed_or_told(kind: str, path: str) -> None:
    shown = above(path) & set(KEPT[kind])
    assert bool(shown) or standing(KINDS[kind], path) != "kept"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_keys_is_about_keys_there_are(kind: str) -> None:
    paths = set(key_paths(KINDS[kind].model))
    said = {*KINDS[kind].told, *KINDS[kind].printed}
    assert said | set(KEPT[kind]) <= paths
    assert said & set(KEPT[kind]) == set()


@pytest.mark.parametrize("test", TESTS)
def test_the_test_that_is_named_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    if file.endswith("test_compile_cases.py"):
        assert (ROOT / "tests/compile" / f"{name}.yaml").is_file()
    else:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE)
