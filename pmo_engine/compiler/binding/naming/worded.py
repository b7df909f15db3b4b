"""What a rule says in words or asks for by a name, where a role or a fact stands in its place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.source.diagnostics import Diagnostic
    from pmo_engine.source.yaml_source import Text

_EVIDENCE = re.compile(r"\{evidence: (\w+)\}")
_PATH = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)+")


def check_words(
    findings: Findings, effect: s.EffectEntry, roles: Collection[str], roots: Collection[str]
) -> None:
    """Find a role or a fact where evidence is named, or a reason is to be said."""
    for key, text in _words(effect):
        is_fact = _PATH.fullmatch(text) and text.split(".")[0] in roots
        if text in roles or is_fact:
            what = "a role" if text in roles else "a fact"
            hint = _of(key, text if text in roles else "")
            findings.add(text.mark, codes.WRONG_VALUE, f"'{text}' is {what}, and no {key}", hint)


def _words(effect: s.EffectEntry) -> Iterator[tuple[str, Text]]:
    if effect.require_evidence is not None:
        yield "evidence", effect.require_evidence.evidence
    if effect.block is not None:
        yield "reason", effect.block
    if effect.finding is not None:
        yield "finding", effect.finding
    if effect.notify is not None:
        yield "message", effect.notify.message
    if effect.raise_exception is not None:
        yield "reason", effect.raise_exception.reason


def _of(key: str, role: str) -> str:
    if key != "evidence":
        return "say it in words, for whoever reads it"
    whose = f", from: {role}" if role else ""
    return f"say what has to be there: {{evidence: business_case{whose}}}"


def without_roles(found: Iterable[Diagnostic], roles: Collection[str]) -> list[Diagnostic]:
    """Give the findings, without the advice to call a role evidence."""
    return [_of_no_role(each, roles) for each in found]


def _of_no_role(item: Diagnostic, roles: Collection[str]) -> Diagnostic:
    named = [each for fix in item.fixes if (each := _EVIDENCE.fullmatch(fix.text))]
    if not named or named[0][1] not in roles:
        return item
    return replace(item, hint=_of("evidence", named[0][1]), fixes=())
