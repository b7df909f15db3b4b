"""Findings as workflow commands, which GitHub shows beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_engine.source.diagnostics import Diagnostic


def workflow_command(item: Diagnostic) -> str:
    """Write ``::error file=...,line=...,col=...,title=CODE::message``."""
    place = f"file={_property(item.file)},line={item.line},col={item.column}"
    message = f"{item.message} ({item.hint})" if item.hint else item.message
    command = "notice" if item.severity == "note" else item.severity
    return f"::{command} {place},title={item.code}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
