"""Serves the deployments of prefect.yaml from one process; each run is a process of its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import yaml
from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

HOME = Path(__file__).parents[1]
NAME = "prefect.yaml"


def deployments() -> list[RunnerDeployment]:
    """Read the deployments of the office's own prefect.yaml, or of ours where it has none."""
    file = next(path for path in (Path(NAME), HOME / NAME) if path.is_file())
    declared = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    return [_deployment(entry) for entry in declared]


def _deployment(entry: dict[str, Any]) -> RunnerDeployment:
    return RunnerDeployment.from_entrypoint(
        str(HOME / entry["entrypoint"]),
        name=entry["name"],
        description=entry["description"],
        tags=entry["tags"],
        concurrency_limit=ConcurrencyLimitConfig(**entry["concurrency_limit"]),
        schedules=[
            Cron(one["cron"], timezone=one["timezone"], slug=one["slug"])
            for one in entry.get("schedules", ())
        ],
        paused=False,
    )


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description=__doc__)
    parser.add_argument("--limit", type=int, default=3, help="runs at the same time")
    serve(*deployments(), limit=parser.parse_args().limit, print_starting_message=False)


if __name__ == "__main__":
    main()
