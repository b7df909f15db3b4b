"""Each module of the store can be the first that a process loads: tables are declared on demand."""

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "pmo_engine"
ALONE = """
import os, sys
from importlib import import_module
import pydantic, sqlalchemy, sqlmodel  # what all load, once for all
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def of_tables():
    for room in ("store", "queries"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            if "migrations" not in parts:
                yield ".".join(each for each in parts if each != "__init__")


def test_every_module_of_tables_can_be_loaded_first():
    run = [sys.executable, "-c", ALONE, *of_tables()]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout == ""
