"""Errors as a user sees them: one clear line each, and an exit status."""

from __future__ import annotations

import typer

NO, NOT_CARRIED_OUT = 1, 2


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
    typer.echo(_line(error), err=True)
    return NOT_CARRIED_OUT


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    if _expected(error):
        return text
    kind = type(error).__name__
    return f"internal error ({kind}: {text}); set PMO_DEBUG=1 to see where, and report it"


def _expected(error: Exception) -> bool:
    from pmo_engine.app import SettingsError
    from pmo_engine.engines.tracing import EvaluationLimit
    from pmo_engine.exchange.errors import HistoryError
    from pmo_engine.policy.events import EventError
    from pmo_engine.store.errors import StoreError
    from pmo_engine.work.errors import CommandError

    known = (SettingsError, EvaluationLimit, HistoryError, EventError, StoreError, CommandError)
    return isinstance(error, (*known, FileNotFoundError))
