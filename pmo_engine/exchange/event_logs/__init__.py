"""Readers of recorded histories (XES and CSV event logs).

Files are streamed: an XES log of any length is read in constant memory. Whatever is wrong with a
file is raised as one `HistoryError`, which names the file, the line and the way out.
"""

from pmo_engine.exchange.errors import HistoryError
from pmo_engine.exchange.event_logs.log import RecordedLog, open_log
from pmo_engine.exchange.event_logs.records import Columns, RecordedCase, RecordedEvent

__all__ = [
    "Columns",
    "HistoryError",
    "RecordedCase",
    "RecordedEvent",
    "RecordedLog",
    "open_log",
]
