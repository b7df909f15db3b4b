"""Binds who: roles, terms of reference, ladders."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pmo_engine.model.quorum import parse_fraction
from pmo_engine.policy import schema as s
from pmo_engine.policy import tree
from pmo_engine.policy.binding.context import Context, Findings, unique

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.policy.source import Text

ADDRESSEES = ("addressee", "deputy", "senior")


def roles(context: Context) -> dict[str, tree.Role]:
    """Bind all roles; who is senior to whom must be known and lead upward."""
    entries = [entry for document in context.reading.of(s.Roles) for entry in document.roles]
    found = unique(context.findings, [(e.id, _role(e)) for e in entries], "role")
    for entry in entries:
        if entry.senior is not None and context.findings.known(
            entry.senior, found, "PMO014", "role"
        ):
            _refuse_circle(context.findings, entry.senior, entry.id, found)
    return found


def _role(entry: s.RoleEntry) -> tree.Role:
    title = str(entry.title or _titled(entry.id))
    senior = None if entry.senior is None else str(entry.senior)
    return tree.Role(str(entry.id), title, senior, entry.body, entry.accountable, entry.mark)


def _titled(name: str) -> str:
    words = name.split("_")
    return " ".join(word.upper() if word in {"pmo", "p3o", "it", "hr"} else word for word in words)


def _refuse_circle(
    findings: Findings, senior: Text, role: str, found: Mapping[str, tree.Role]
) -> None:
    current: str | None = str(senior)
    for _ in found:
        if current == role:
            findings.add(senior.mark, "PMO017", f"'{role}' would be senior to itself")
            return
        above = found.get(current) if current else None
        current = above.senior if above else None


def functional(context: Context) -> dict[str, tree.FunctionalAssignment]:
    """Bind who performs each functional role."""
    entries = [entry for document in context.reading.of(s.Roles) for entry in document.functional]
    made = [
        (e.role, tree.FunctionalAssignment(str(e.role), e.performed_by, str(e.office)))
        for e in entries
    ]
    return unique(context.findings, made, "functional role")


def terms(
    context: Context, known: Mapping[str, tree.Role], nouns: Collection[str]
) -> dict[str, tree.TermsOfReference]:
    """Bind the terms of reference of each role; what they approve are records of registers."""
    made = []
    for document in context.reading.of(s.Terms):
        findings = context.findings
        findings.known(document.for_, known, "PMO014", "role")
        for name in (document.reports_to, document.escalates_to, document.deputy, document.chair):
            if name is not None:
                findings.known(name, known, "PMO014", "role")
        for entry in document.authority:
            _check_act(context.findings, entry.may, nouns)
        made.append((document.for_, _terms(context, document)))
    found = unique(context.findings, made, "terms of reference for")
    unique(
        context.findings,
        [(e.id, e) for d in context.reading.of(s.Terms) for e in d.authority],
        "authority",
    )
    return found


def _check_act(findings: Findings, act: Text, nouns: Collection[str]) -> None:
    verb, _, noun = act.partition(" ")
    if verb == "approve" and noun not in nouns:
        findings.known(act, [f"approve {each}" for each in nouns], "PMO018", "act")


def _terms(context: Context, document: s.Terms) -> tree.TermsOfReference:
    authority = tuple(
        made
        for entry in document.authority
        if (made := _authority(context, str(document.for_), entry)) is not None
    )
    return tree.TermsOfReference(
        role=str(document.for_),
        purpose=str(document.purpose or ""),
        responsibilities=tuple(str(item) for item in document.responsibilities),
        authority=authority,
        members=document.members,
        quorum=_quorum(context.findings, document.quorum),
        deputy=_optional(document.deputy),
        reports_to=_optional(document.reports_to),
        escalates_to=_optional(document.escalates_to),
        review_every=_optional(document.review_every),
        mark=document.mark,
    )


def _optional(text: Text | None) -> str | None:
    return None if text is None else str(text)


def _quorum(findings: Findings, entry: s.QuorumEntry | None) -> tree.Quorum | None:
    if entry is None:
        return None
    meet = findings.parsed(parse_fraction, entry.meet)
    vote = findings.parsed(parse_fraction, entry.vote)
    return tree.Quorum(meet, vote) if meet is not None and vote is not None else None


def _authority(context: Context, role: str, entry: s.AuthorityEntry) -> tree.Authority | None:
    limits = _limits(context, entry)
    cumulative = None
    if entry.cumulative is not None:
        span = context.findings.span(entry.cumulative.over)
        if span is None:
            return None
        if span.unit != "day":
            message = "a cumulative limit runs over days, as in '90 days'"
            context.findings.add(entry.cumulative.over.mark, "PMO013", message)
        cumulative = tree.Cumulative(entry.cumulative.by, int(span.amount))
    return tree.Authority(str(entry.id), role, str(entry.may), limits, cumulative, entry.mark)


def _limits(context: Context, entry: s.AuthorityEntry) -> tuple[tree.Limit, ...]:
    if isinstance(entry.up_to, str):
        return (tree.Limit(None, None, ""),)
    found: list[tree.Limit] = []
    for item in entry.up_to:
        value = context.findings.money(item.value, context.currency)
        if value is not None:
            found.append(tree.Limit(item.from_, value, str(item.source)))
    _check_order(context.findings, entry.up_to)
    return tuple(sorted(found, key=lambda limit: limit.start or date.min))


def _check_order(findings: Findings, limits: list[s.DatedLimit]) -> None:
    for earlier, later in pairwise(limits):
        if (later.from_ or date.min) <= (earlier.from_ or date.min):
            message = (
                f"this limit does not begin after the one before it ({earlier.from_ or 'always'})"
            )
            hint = "write limits in the order of their days, each with its own 'from:'"
            findings.add(later.mark, "PMO031", message, hint)


def ladders(context: Context, known: Mapping[str, tree.Role]) -> dict[str, tree.Ladder]:
    """Bind the ladders."""
    made = []
    for document in context.reading.of(s.Ladders):
        for entry in document.ladders:
            rungs = tuple(_rung(context.findings, rung, known) for rung in entry.rungs)
            made.append((entry.id, tree.Ladder(str(entry.id), rungs, entry.mark)))
    return unique(context.findings, made, "ladder")


def _rung(findings: Findings, entry: s.RungEntry, known: Mapping[str, tree.Role]) -> tree.Rung:
    to = entry.remind or entry.escalate
    assert to is not None  # the schema asks for one of them
    findings.known(to, [*ADDRESSEES, *known], "PMO014", "role")
    action: Literal["remind", "escalate"] = "remind" if entry.remind is not None else "escalate"
    share = findings.share(entry.at)
    if entry.at is not None and share is not None and share.fraction > 1:
        message = f"'{entry.at}' is more than the time allowed"
        findings.add(entry.at.mark, "PMO013", message, "write 'after:' and the time beyond it")
    return tree.Rung(share, findings.span(entry.after), action, str(to))
