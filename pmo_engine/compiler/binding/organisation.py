"""Binds who: roles and ladders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.model.vocabulary import RungAction
    from pmo_engine.source.yaml_source import Text

ADDRESSEES = ("addressee", "deputy", "senior")


def roles(context: Context) -> dict[str, tree.Role]:
    """Bind all roles; who is senior to whom must be known and lead upward."""
    entries = [entry for document in context.reading.of(s.Roles) for entry in document.roles]
    found = unique(context.findings, [(e.id, _role(e)) for e in entries], "role")
    for entry in entries:
        if entry.id == tree.NOBODY:
            message = f"'{tree.NOBODY}' is written where nobody has to approve, and is no role"
            context.findings.add(
                entry.id.mark, codes.DECLARED_TWICE, message, "choose another name"
            )
        if entry.senior is not None and context.findings.known(
            entry.senior, found, codes.UNKNOWN_ROLE, "role"
        ):
            _refuse_circle(context.findings, entry.senior, entry.id, found)
    return found


def _role(entry: s.RoleEntry) -> tree.Role:
    title = str(entry.title or _titled(entry.id))
    senior = None if entry.senior is None else str(entry.senior)
    apart = tuple(str(each) for each in entry.not_with)
    held = (entry.body, entry.accountable, entry.mark, apart, entry.rank)
    return tree.Role(str(entry.id), title, senior, *held)


def _titled(name: str) -> str:
    words = name.split("_")
    return " ".join(word.upper() if word in {"pmo", "p3o", "it", "hr"} else word for word in words)


def _refuse_circle(
    findings: Findings, senior: Text, role: str, found: Mapping[str, tree.Role]
) -> None:
    current: str | None = str(senior)
    for _ in found:
        if current == role:
            findings.add(senior.mark, codes.SENIOR_TO_ITSELF, f"'{role}' would be senior to itself")
            return
        above = found.get(current) if current else None
        current = above.senior if above else None


def functional(context: Context) -> dict[str, tree.FunctionalAssignment]:
    """Bind who performs each functional role."""
    entries = [entry for document in context.reading.of(s.Roles) for entry in document.functional]
    for entry in entries:
        context.findings.identified(entry.office, "office")
    made = [
        (e.role, tree.FunctionalAssignment(str(e.role), e.performed_by, str(e.office), e.mark))
        for e in entries
    ]
    return unique(context.findings, made, "functional role")


def incompatible(
    context: Context,
    known: Mapping[str, tree.Role],
    performed: Mapping[str, tree.FunctionalAssignment],
) -> tuple[tree.Incompatible, ...]:
    """Bind which roles nobody holds together; those of a role's ``not_with`` have to be known."""
    documents = list(context.reading.of(s.Roles))
    for role in (role for document in documents for role in document.roles):
        for name in role.not_with:
            _require_apart(context.findings, name, {*known, *performed}, [str(role.id)])
    entries = [entry for document in documents for entry in document.incompatible]
    for entry in entries:
        for number, name in enumerate(entry.roles):
            before = [str(each) for each in entry.roles[:number]]
            _require_apart(context.findings, name, {*known, *performed}, before)
    return tuple(
        tree.Incompatible(tuple(map(str, each.roles)), str(each.source), each.mark)
        for each in entries
    )


def _require_apart(
    findings: Findings, name: Text, known: Iterable[str], others: Iterable[str]
) -> None:
    """Find a role that there is not, and one that nobody could hold beside itself."""
    findings.known(name, known, codes.UNKNOWN_ROLE, "role")
    if str(name) in others:
        message = f"nobody could hold '{name}' beside itself"
        findings.add(name.mark, codes.WRONG_VALUE, message, "name another role")


def ladders(context: Context, known: Mapping[str, tree.Role]) -> dict[str, tree.Ladder]:
    """Bind the ladders."""
    made = []
    for document in context.reading.of(s.Ladders):
        for entry in document.ladders:
            rungs = tuple(_rung(context.findings, rung, known) for rung in entry.rungs)
            made.append((entry.id, tree.Ladder(str(entry.id), rungs, entry.mark)))
    return unique(context.findings, made, "ladder")


def _rung(findings: Findings, entry: s.RungEntry, known: Mapping[str, tree.Role]) -> tree.Rung:
    to = entry.escalate if entry.remind is None else entry.remind
    assert to is not None  # the schema asks for one of them
    findings.known(to, [*ADDRESSEES, *known], codes.UNKNOWN_ROLE, "role")
    action: RungAction = "remind" if entry.remind is not None else "escalate"
    share = findings.share(entry.at)
    if entry.at is not None and share is not None and share.fraction > 1:
        message = f"'{entry.at}' is more than the time allowed"
        findings.add(
            entry.at.mark, codes.WRONG_VALUE, message, "write 'after:' and the time beyond it"
        )
    return tree.Rung(share, findings.span(entry.after), action, str(to))
