"""All benchmarks, one after another; or those whose names are given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Run them, each in a process of its own; the status is that of the worst."""
    scripts = sorted(HERE.glob("bench_*.py"))
    chosen = [s for s in scripts if not wanted or s.stem.removeprefix("bench_") in wanted]
    if not chosen:
        names = ", ".join(script.stem.removeprefix("bench_") for script in scripts)
        print(f"no such benchmark; there are {names}", file=sys.stderr)
        return 2
    worst = 0
    for script in chosen:
        print(f"== {script.stem.removeprefix('bench_')}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, script], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
