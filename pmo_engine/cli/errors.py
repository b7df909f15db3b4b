"""Errors as a user sees them: one clear line each, and an exit status."""

from __future__ import annotations

import re

import typer

NO, NOT_CARRIED_OUT = 1, 2
_PASSWORD = re.compile(r"([a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/]*@", re.IGNORECASE)
_OPTION = re.compile(r"([?&](?:pass|password|pwd|token|sslpassword)=)[^\s&'\"]*", re.IGNORECASE)


def report(error: Exception) -> int:
    """Print an error and give the exit status that fits it."""
    from pmo_engine.source.diagnostics import PolicyError
    from pmo_engine.work.errors import SuitesFailed

    if isinstance(error, PolicyError):
        for diagnostic in error.diagnostics:
            typer.echo(str(diagnostic), err=True)
        return NO
    if isinstance(error, SuitesFailed):
        for line in (*error.failures, str(error)):
            typer.echo(line, err=True)
        return NO
    typer.echo(without_secrets(_line(error)), err=True)
    return NOT_CARRIED_OUT


def without_secrets(text: str) -> str:
    """Hide the passwords of any addresses in a text."""
    return _PASSWORD.sub(r"\1***@", _OPTION.sub(r"\1***", text))


def _line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "something in what was given is nested too deeply to be worked on"
    if isinstance(error, OverflowError):
        return "a day, a time or a number in what was given is too far out to be worked with"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = " ".join(str(error).split())
    if _expected(error):
        return text
    kind = type(error).__name__
    return f"internal error ({kind}: {text}); set PMO_DEBUG=1 to see where, and report it"


def _expected(error: Exception) -> bool:
    from pmo_engine.cli.terminal import NotWritten
    from pmo_engine.engines.tracing import EvaluationLimit
    from pmo_engine.exchange.errors import HistoryError, MappingError
    from pmo_engine.model.working_time.calendar import CalendarError
    from pmo_engine.policy.events import EventError
    from pmo_engine.settings import SettingsError
    from pmo_engine.store.errors import StoreError
    from pmo_engine.work.errors import CommandError

    known = (SettingsError, EvaluationLimit, HistoryError, MappingError, EventError, StoreError)
    return isinstance(error, (*known, CommandError, CalendarError, NotWritten, OSError))
