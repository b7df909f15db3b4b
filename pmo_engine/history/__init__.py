"""Readers of recorded histories (XES and CSV event logs) and of tables to import (CSV, XLSX).

Files are streamed: an XES log of any length is read in constant memory. Whatever is wrong with a
file is raised as one `HistoryError`, which names the file, the line and the way out.
"""

from pmo_engine.history.errors import HistoryError
from pmo_engine.history.log import RecordedLog, open_log
from pmo_engine.history.records import Columns, RecordedCase, RecordedEvent
from pmo_engine.history.tables import read_table

__all__ = [
    "Columns",
    "HistoryError",
    "RecordedCase",
    "RecordedEvent",
    "RecordedLog",
    "open_log",
    "read_table",
]
