"""What there is to say about what a cursor points at, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.schema_errors import fields_at
from pmo_engine.editor.flow import unquoted
from pmo_engine.prose.rules import rule_in_words
from pmo_engine.prose.terms import amount_in_words, scope_in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.source.codes import pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.compiler.names import Entry
    from pmo_engine.editor.target import Target
    from pmo_engine.policy import Authority, Policy
    from pmo_engine.source.diagnostics import Diagnostic


def hover(target: Target, policy: Policy | None) -> str:
    """Say what is pointed at; nothing where there is nothing to say."""
    parts = [_about_key(target) if target.is_key and target.entry is None else ""]
    if target.entry is not None:
        parts.append(_about(target.entry))
    if policy is not None:
        parts.append(_in_words(target, policy))
    return "\n\n".join(part for part in parts if part)


def _about(entry: Entry) -> str:
    return "\n\n".join(filter(None, [f"**{entry.name}** ({entry.detail})", entry.about]))


def _about_key(target: Target) -> str:
    model = target.meaning.model
    info = fields_at(model, ()).get(target.name) if model is not None else None
    return f"**{target.name}**: {info.description}" if info is not None else ""


def _in_words(target: Target, policy: Policy) -> str:
    if target.what == "role":
        return _terms(target.name, policy)
    rule = target.name if target.what == "rule" else _rule_of(target)
    return _rule(rule, policy) if rule else ""


def _rule_of(target: Target) -> str:
    """Give the id of the rule that a key belongs to."""
    if target.is_key and target.meaning.model is s.RuleEntry:
        return unquoted(target.place.beside.get("id", ""))
    return ""


def _rule(name: str, policy: Policy) -> str:
    found = next((rule for rule in policy.rules if rule.id == name), None)
    return f"> {rule_in_words(found, policy)}" if found is not None else ""


def _terms(role: str, policy: Policy) -> str:
    terms = policy.terms.get(role)
    if terms is None:
        return ""
    lines = [f"- {line}" for item in terms.authority for line in _limits(item, policy)]
    return "\n\n".join(filter(None, [terms.purpose, "\n".join(lines)]))


def _limits(item: Authority, policy: Policy) -> Iterable[str]:
    for limit in item.limits:
        value = "without limit" if limit.value is None else amount_in_words(limit, policy)
        start = f" from {value_in_words(limit.start)}" if limit.start is not None else ""
        source = f" ({limit.source})" if limit.source else ""
        together = " in sum" if item.cumulative is not None else ""
        yield f"may {item.act} {value}{together}{scope_in_words(item, policy)}{start}{source}"


def about_code(found: Diagnostic) -> str:
    """Say what a finding's code means."""
    page = pages().get(found.code)
    return f"**{page.code}: {page.title}**\n\n{page.about}" if page is not None else ""
