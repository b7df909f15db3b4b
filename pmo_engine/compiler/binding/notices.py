"""Binds notices: quiet hours, and wordings with placeholders that there are."""

from __future__ import annotations

from datetime import time
from string import Formatter
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.source.yaml_source import Text

_OF_OBLIGATION = ("title", "project", "kind", "what", "role", "clause", "due", "reasons")
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "asked": _OF_OBLIGATION,
    "reminded": (*_OF_OBLIGATION, "to"),
    "escalated": (*_OF_OBLIGATION, "to"),
    "told": ("title", "project", "role", "message", "reasons"),
    "decided": ("title", "project", "status", "by", "reason", "votes"),
}
"""What a wording may speak of, by occasion."""


def notices(context: Context) -> tree.Notices:
    """Bind what all documents say of notices."""
    findings = context.findings
    quiet: tree.QuietHours | None = None
    wording: list[tree.Wording] = []
    for document in context.reading.of(s.Notices):
        if document.quiet_hours is not None:
            if quiet is not None:
                findings.add(
                    document.quiet_hours.mark, codes.DECLARED_TWICE, "a second 'quiet_hours'"
                )
            quiet = _quiet(findings, document.quiet_hours) or quiet
        wording += [_wording(findings, entry) for entry in document.wording]
    return tree.Notices(quiet, tuple(wording))


def _quiet(findings: Findings, entry: s.QuietHours) -> tree.QuietHours | None:
    start, end = findings.parsed(_clock, entry.from_), findings.parsed(_clock, entry.to)
    if start is None or end is None:
        return None
    if start == end:
        message = f"from {entry.from_} to {entry.to} is a whole day, and nobody would hear anything"
        findings.add(entry.mark, codes.WRONG_VALUE, message)
        return None
    return tree.QuietHours(start, end)


def _clock(text: str) -> time:
    try:
        hours, minutes = text.split(":")
        return time(int(hours), int(minutes))
    except ValueError:
        raise ValueError(f"'{text[:40]}' is no time of day, as in '19:00'") from None


def _wording(findings: Findings, entry: s.WordingEntry) -> tree.Wording:
    subject, body = (
        _words(findings, text, entry.on) if text is not None else None
        for text in (entry.subject, entry.body)
    )
    return tree.Wording(entry.on, frozenset(entry.of), subject, body, entry.mark)


def _words(findings: Findings, text: Text, occasion: str) -> tree.Words | None:
    """Read placeholders as ``str.format`` does, but names alone: no attributes, no formats."""
    known = PLACEHOLDERS[occasion]
    try:
        parsed = list(Formatter().parse(str(text)))
    except ValueError:
        findings.add(
            text.mark,
            codes.UNKNOWN_PLACEHOLDER,
            "a brace without its other",
            "write {{ for a brace",
        )
        return None
    wrong = False
    for _, name, form, how in parsed:
        if name is None or (name in known and not form and not how):
            continue
        wrong = True
        place = text.place(max(text.find(f"{{{name}}}"), text.find(f"{{{name}"), 0))
        message = f"unknown placeholder '{{{name[:60]}}}'"
        hint = nearest(name, known) or f"on '{occasion}' there are {', '.join(known)}"
        if name in known:
            message, hint = f"'{{{name}}}' takes no format", f"write {{{name}}}"
        findings.add(place, codes.UNKNOWN_PLACEHOLDER, message, hint)
    return None if wrong else tree.Words(tuple((before, name) for before, name, _, _ in parsed))
