"""Prints constraints.txt: every package that `.[dev,demo]` brings, pinned, for each interpreter.

Usage: python .ci/lock.py PYTHON... ; run by `make lock`. pip resolves, with whatever index it is
set up for; only names and versions are written.
"""

import json
import re
import subprocess
import sys

RESOLVE = ("-m", "pip", "install", "-qq", "--dry-run", "--ignore-installed", "--report", "-")


def resolve(python: str) -> dict[str, str]:
    """Versions by normalised name, as this interpreter would install them."""
    report = json.loads(subprocess.check_output([python, *RESOLVE, ".[dev,demo]"]))
    found = (install["metadata"] for install in report["install"])
    return {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in found}


def version_of(python: str) -> str:
    """The interpreter's version as markers write it, such as 3.11."""
    show = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.check_output([python, "-c", show], text=True).strip()


def lines(pins: dict[str, dict[str, str]]) -> list[str]:
    """One line for each package where the interpreters agree, else one for each of them."""
    out = []
    for name in sorted(set().union(*pins.values()) - {"pmo-engine"}):
        found = {python: pinned[name] for python, pinned in pins.items() if name in pinned}
        if len(found) == len(pins) and len(set(found.values())) == 1:
            out.append(f"{name}=={next(iter(found.values()))}")
        else:
            out += [f'{name}=={v} ; python_version == "{p}"' for p, v in found.items()]
    return out


print("# Made by `make lock`: the versions that are tested, for Python 3.11 and 3.12.")
print(*lines({version_of(python): resolve(python) for python in sys.argv[1:]}), sep="\n")
