"""Binds acts, and reads those that approvals name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, unique
from pmo_engine.policy.acts import BUILT_IN, VERBS, noun_of, verb_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.source.yaml_source import Text


def acts(context: Context) -> dict[str, tree.DeclaredAct]:
    """Bind the acts of the policy, beside those that every policy has."""
    entries = [entry for document in context.reading.of(s.Acts) for entry in document.acts]
    for entry in entries:
        if entry.id in set(VERBS) - BUILT_IN.keys():
            message = f"'{entry.id}' is what the engine itself does, and no act of a policy"
            context.findings.add(
                entry.id.mark, codes.DECLARED_TWICE, message, "choose another verb"
            )
        if len(entry.id.split()) != 1:
            message = (
                f"'{entry.id[:60]}' is no verb: what it is done to is said where it is asked for"
            )
            hint = "write one word, and with 'label:' what people call it"
            context.findings.add(entry.id.mark, codes.WRONG_VALUE, message, hint)
    own = unique(context.findings, [(entry.id, _act(entry)) for entry in entries], "act")
    return {**BUILT_IN, **own}


def _act(entry: s.ActEntry) -> tree.DeclaredAct:
    return tree.DeclaredAct(str(entry.id), entry.does, str(entry.label or ""), entry.mark)


def asked_act(
    findings: Findings, written: Text | None, acts: Mapping[str, tree.DeclaredAct]
) -> str | None:
    """Read the act that an approval names: its verb is that of an act, done to something."""
    if written is None:
        return None
    act = " ".join(written.split())
    verb, noun = verb_of(act), noun_of(act)
    if verb not in acts:
        meant = nearest(verb, acts)
        hint = f"did you mean '{nearest_act(verb, acts)} {noun}'?" if meant else ""
        known = f"acts are {', '.join(acts)}; declare others with 'kind: acts'"
        message = f"nobody can be asked to '{act[:60]}'"
        findings.add(written.mark, codes.UNKNOWN_VERB, message, hint or known)
    elif not noun:
        hint = f"say what it is done to, as in '{verb} contract'"
        findings.add(written.mark, codes.WRONG_VALUE, f"'{act[:60]}' names no object", hint)
    return act


def nearest_act(verb: str, acts: Mapping[str, tree.DeclaredAct]) -> str:
    """Give the verb that is nearly this one."""
    return nearest(verb, acts).removeprefix("did you mean '").removesuffix("'?")
