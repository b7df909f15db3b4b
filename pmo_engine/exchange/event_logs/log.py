"""A recorded history, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import tzinfo
from functools import partial
from pathlib import Path

from pmo_engine.exchange.errors import Fault
from pmo_engine.exchange.event_logs.csv_log import read_csv
from pmo_engine.exchange.event_logs.records import Columns, RecordedCase
from pmo_engine.exchange.event_logs.xes import read_xes
from pmo_engine.model.frozen import dataclass

SUFFIXES = (".xes", ".xes.gz", ".csv", ".csv.gz")


@dataclass(slots=True)
class RecordedLog:
    """The cases of one file; each pass over it reads the file anew.

    `reordered` counts the cases of the last pass whose events were not recorded in the order of
    time: they are given in that order, events of the same instant as recorded.
    """

    read: Callable[[], Iterator[tuple[RecordedCase, bool]]] = field(repr=False)
    reordered: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[RecordedCase]:
        """Yield one case after another; raises `HistoryError` where the file is wrong."""
        self.reordered = 0
        for case, moved in self.read():
            self.reordered += moved
            yield case


def open_log(
    path: Path | str,
    *,
    wanted: frozenset[str] | None = None,
    columns: Columns | None = None,
    zone: tzinfo | None = None,
) -> RecordedLog:
    """Open a log by its suffix: `.xes`, `.xes.gz`, `.csv` or `.csv.gz`.

    `wanted` names the attributes to keep (None: all of them), `columns` those of a CSV file that
    hold case, activity and timestamp, `zone` the zone of timestamps that carry no offset. Raises
    `HistoryError`, for all but an unknown suffix only while the cases are read.
    """
    path = Path(path)
    name = path.name.lower()
    if name.endswith((".xes", ".xes.gz")):
        return RecordedLog(partial(read_xes, path, wanted, zone))
    if name.endswith((".csv", ".csv.gz")):
        return RecordedLog(partial(read_csv, path, wanted, zone, columns or Columns()))
    raise Fault("not the name of an event log", f"a log's name ends in {', '.join(SUFFIXES)}").at(
        path
    )
