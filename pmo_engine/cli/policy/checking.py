"""``pmo policy check``."""

from __future__ import annotations

import gc
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_engine.cli.output import Database, Json, On, day_of
from pmo_engine.cli.policy.group import policy_app
from pmo_engine.cli.policy.places import policies_at
from pmo_engine.cli.start import Interruption

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pmo_engine.cli.findings import Report

PathsArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Folders of policies or packs, or policies in one file; - is standard input. A part"
        " of a policy stands for its folder. Without any, the policy that PMO_POLICY or pmo.toml"
        " names.",
        default_factory=list,
        callback=policies_at,
        show_default=False,
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="text (with the lines that are meant; the default on a terminal), short, json, sarif"
        " or github.",
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")]
FoldersOption = Annotated[
    bool,
    typer.Option(
        "--folders", help="Check the whole folder that a file is a part of, as hooks need it."
    ),
]
WatchOption = Annotated[
    bool, typer.Option("--watch", help="Check again whenever a file changes, until stopped.")
]
StoreOption = Annotated[
    bool, typer.Option("--store", help="Also hold it against who holds which role in the store.")
]
STANDARD_INPUT = "<stdin>"
PAUSE = 0.3  # seconds between two looks at the files


@policy_app.command()
def check(
    paths: PathsArgument,
    on: On = None,
    form: FormatOption = None,
    as_json: Json = False,
    strict: StrictOption = False,
    folders: FoldersOption = False,
    watch: WatchOption = False,
    store: StoreOption = False,
    database: Database = None,
) -> None:
    """Print every diagnostic of policies: file:line:column: CODE message.

    With --on, what can be read is checked as far as it is in force on that day. With --store, also
    what the appointments of that day, or of today, break and leave open.

    Example: pmo policy check policies
    """
    from pmo_engine.cli.findings import FORMATS, print_report

    form = "json" if as_json else form or ("text" if sys.stdout.isatty() else "short")
    if store and watch:
        raise typer.BadParameter("--watch looks at files alone, and does not go with --store")
    if form not in FORMATS:
        raise typer.BadParameter(f"'{form}' is no format; formats are {', '.join(FORMATS)}")
    while True:
        chosen = _chosen(paths, whole=folders)
        seen = _state(chosen) if watch else ()
        report = _check(chosen, day_of(on)) if watch else _check_once(chosen, day_of(on))
        if store:
            report = _with_appointments(report, chosen, database, day_of(on))
        print_report(report, form)
        if not watch:
            break
        _wait(chosen, seen)
    if report.errors or (strict and report.warnings):
        raise typer.Exit(1)


def _chosen(paths: Sequence[Path], *, whole: bool) -> list[Path]:
    """Give what to check, each once."""
    from pmo_engine.compiler.folders import policy_of

    return list(dict.fromkeys(policy_of(path, whole=whole) for path in paths))


def _check_once(paths: Sequence[Path], on: date | None) -> Report:
    """Check in a process that ends soon: to look through all that was built would not pay."""
    gc.disable()
    try:
        return _check(paths, on)
    finally:
        gc.freeze()
        gc.enable()


def _check(paths: Sequence[Path], on: date | None) -> Report:
    from pmo_engine.cli.findings import Report
    from pmo_engine.cli.reading import read_bytes
    from pmo_engine.compiler.loading import check_data, check_policy
    from pmo_engine.policy.as_of import as_of
    from pmo_engine.source.yaml_source import MAX_BYTES

    texts: dict[str, str] = {}
    found = []
    for path in paths:
        if str(path) == "-":
            data = read_bytes(path, MAX_BYTES)
            texts[STANDARD_INPUT] = data.decode("utf-8-sig", "replace")
            found.append(check_data(data, STANDARD_INPUT, Path.cwd(), on))
        else:
            found.append(check_policy(path, on=on))
    diagnostics = {item for checked in found for item in checked.diagnostics}
    policies = [checked.policy for checked in found if checked.policy is not None]
    rules = sum((each if on is None else as_of(each, on)).rule_count for each in policies)
    return Report(tuple(sorted(diagnostics)), rules, texts)


def _with_appointments(
    report: Report, paths: Sequence[Path], database: str | None, on: date | None
) -> Report:
    """Add what the appointments of the store make of each policy that can be read as one."""
    from dataclasses import replace

    from pmo_engine.cli.output import governance
    from pmo_engine.compiler.checks.appointments import appointments
    from pmo_engine.compiler.loading import check_policy
    from pmo_engine.work.people.gathered import people, units_of

    found = set(report.diagnostics)
    folder = next((path for path in paths if path.is_dir()), None)
    with governance(database, folder).reading() as c:
        day = on or c.today
        held = people(c, day)
        active = [each.id for each in c.uow.projects.all() if each.status == "active"]
        placed = c.uow.programmes.placed()
    for path in paths:
        policy = check_policy(path).policy
        if policy is not None:
            people_of = replace(held, units=units_of(policy, placed, day))
            found |= set(appointments(policy, people_of, active, day))
    return replace(report, diagnostics=tuple(sorted(found)))


def _state(paths: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Give name, time of change and size of every file that a check reads."""
    from pmo_engine.compiler.reading import DISK

    files = sorted({file for path in paths for file in DISK.below(path)})
    stats = [(str(file), file.stat()) for file in files if file.exists()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _wait(paths: Sequence[Path], seen: tuple[tuple[str, int, int], ...]) -> None:
    """Wait until a file has changed; Ctrl-C ends the command."""
    told = signal.getsignal(signal.SIGINT)
    try:
        typer.secho("waiting for changes; Ctrl-C ends", dim=True, err=True)
        while _state(paths) == seen:
            if isinstance(told, Interruption) and told:  # Python swallowed it while it tidied up
                raise KeyboardInterrupt  # noqa: TRY301 - as if it came now
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        raise typer.Exit from None
