"""``pmo approve`` in a fresh process beside a bare program that commits one row to the same store.

The store is the demo's, freshly loaded; each run works on a copy of its own. The bare program
imports SQLModel, opens the store and commits one row. Modules are compiled before, as those of
whatever was installed are. Wall time on a busy machine says little, so processor time stands
beside it. Then: a policy opened in a fresh process, bound and from its artefact.
"""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pmo_engine
from pmo_engine.demo.__main__ import START
from pmo_engine.demo.data import read_changes
from pmo_engine.demo.entering import enter
from pmo_engine.demo.folder import prepared
from pmo_engine.demo.loading import HEAD, load
from pmo_engine.demo.office import Office, create
from pmo_engine.demo.story import REGISTER
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.resources import policies_dir
from pmo_engine.testing.world import waiting_for

RUNS = 12
POLICY = policies_dir() / "pmo-single"
BARE = """
import sys
from typing import Any
from sqlmodel import JSON, Column, Field, Session, SQLModel, create_engine

class Setting(SQLModel, table=True):
    __tablename__ = "settings"
    key: str = Field(primary_key=True)
    value: Any = Field(sa_column=Column(JSON))

with Session(create_engine(sys.argv[1])) as session:
    session.add(Setting(key="bare", value="row"))
    session.commit()
"""
PMO = "import sys; from pmo_engine.cli.start import main; main()"
OPENED = """
from pathlib import Path
from time import process_time
began = process_time()
import pmo_engine.policy
classes = process_time()
from pmo_engine.compiler.{module} import {name}
{name}(Path({path!r}))
print(classes - began, process_time() - classes)
"""
PARTS = {
    "the library of the database": "sqlmodel",
    "the command line": "pmo_engine.cli.main",
    "the classes of a tree": "pmo_engine.policy",
    "the tables": "pmo_engine.store.unit_of_work",
    "the work": "pmo_engine.work.records.subject",
    "the engine": "pmo_engine.engines.durable.backend",
}
"""What a vote imports, the larger parts one after the other."""
IMPORTED = """
from importlib import import_module
from time import process_time
for name in {names!r}:
    began = process_time()
    import_module(name)
    print(process_time() - began)
"""


class Times(NamedTuple):
    """The seconds that a process took: of the processor, and on the wall."""

    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{self.cpu * 1e3:.0f} ms (wall {self.wall * 1e3:.0f} ms)"


def run(command: list[str], **variables: str) -> Times:
    """Run one process; raises where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **variables})
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Times(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def office_in(path: Path) -> tuple[Path, str, str]:
    """Load the demo's portfolio; give the store, and an approval with the person it waits for."""
    with prepared(path) as folder, InboxServer() as inbox:
        governance = create(folder, POLICY, START)
        office = Office(governance, governance.clock, inbox, folder.mail)
        for _ in load(office):
            pass
        asked = read_changes()
        for fields in asked.requests:
            enter(governance, project=asked.project, register=REGISTER, fields=fields, by=asked.by)
        row = next(row for row in waiting_for(governance, HEAD) if row.kind == "approval")
        governance.close()
        governance.database.close()
        return path / "pmo.db", row.id, HEAD


def commands(folder: Path) -> tuple[Times, Times]:
    """Give the best times of ``pmo approve`` and of the bare program, run in turn."""
    store, obligation, by = office_in(folder / "office")
    bare = folder / "bare.py"
    bare.write_text(BARE, encoding="utf-8")
    copy = folder / "copy.db"
    url = f"sqlite:///{copy}"
    approve = [sys.executable, "-c", PMO, "approve", obligation, "--by", by, "--database", url]
    ours, theirs = [], []
    for _ in range(RUNS):
        shutil.copy(store, copy)
        ours.append(run([*approve, "--policy", str(POLICY)]))
        shutil.copy(store, copy)
        theirs.append(run([sys.executable, str(bare), url]))
    return min(ours[1:]), min(theirs)  # the first may have found nothing ready


def opened(module: str, name: str) -> tuple[float, float]:
    """Give the processor seconds in which a fresh process opens the policy, the best of some.

    Those for the classes that a tree is made of come first: without them there is no policy.
    """
    command = [sys.executable, "-c", OPENED.format(module=module, name=name, path=str(POLICY))]
    printed = [subprocess.check_output(command, text=True).split() for _ in range(RUNS)]
    return min(float(one) for one, _ in printed), min(float(other) for _, other in printed)


def parts() -> dict[str, float]:
    """Give the processor seconds that each part takes to import, the best of some."""
    command = [sys.executable, "-c", IMPORTED.format(names=list(PARTS.values()))]
    runs = [subprocess.check_output(command, text=True).split() for _ in range(RUNS)]
    best = (min(map(float, took)) for took in zip(*runs, strict=True))
    return dict(zip(PARTS, best, strict=True))


def main() -> None:
    """Print the times and their ratios."""
    compileall.compile_dir(Path(pmo_engine.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        ours, theirs = commands(Path(name))
        _, bound = opened("loading", "load_policy")
        classes, ready = opened("opening", "open_policy")
    print(
        f"pmo approve {ours}, a bare program {theirs}:"
        f" ratio {ours.cpu / theirs.cpu:.2f}, wall {ours.wall / theirs.wall:.2f}"
        " (at most 1.5 wanted)"
    )
    took = parts()
    took["to open, to carry out, to end"] = ours.cpu - sum(took.values())
    print("of it " + ", ".join(f"{name} {each * 1e3:.0f} ms" for name, each in took.items()))
    print(
        f"in a fresh process, besides {classes * 1e3:.0f} ms for the classes of a tree, the policy"
        f" bound {bound * 1e3:.0f} ms, ready {ready * 1e3:.0f} ms: ratio {bound / ready:.1f}"
        " (at least 10 wanted)"
    )


if __name__ == "__main__":
    main()
