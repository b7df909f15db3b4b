"""Binds who signs: a role, several of one, a list, an expression; all, one or so many of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.acts import asked_act
from pmo_engine.compiler.binding.expressions import words_of
from pmo_engine.compiler.binding.gates import time_up
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.quorum import Part, parse_part
from pmo_engine.source import codes
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.compiler.binding.defaults import Time

Bind: TypeAlias = Callable[[Text], "tree.Expression | None"]
"""Binds an expression, over the names of its rule."""

_OF = re.compile(r"(?P<part>[0-9/]+)(?:\s+of\s+(?P<whom>.+))?")
_NAMES = re.compile(r"[^\s,\[\]]+")
WAY_OUT = "ask a table whose output lists the roles: type: [pmo_head, board]"


@dataclass(frozen=True, slots=True)
class ApprovalBinder:
    """Binds approvals against the roles and acts of the policy."""

    findings: Findings
    roles: Mapping[str, tree.Role]
    acts: Mapping[str, tree.DeclaredAct]

    def approval(self, entry: s.ApprovalEffect, time: Time, bind: Bind) -> tree.Effect | None:
        """Bind an approval; None where it cannot be said who signs."""
        act = asked_act(self.findings, entry.act, self.acts)
        of, needs = self._who(entry, bind)
        if any(each is None for each in of):
            return None
        asked = tuple(each for each in of if each is not None)
        self._check(entry, asked, needs)
        return tree.RequireApproval(
            asked,
            *time,
            act,
            needs,
            entry.in_ == "sequence",
            entry.distinct,
            time_up(self.findings, entry),
        )

    def _who(
        self, entry: s.ApprovalEffect, bind: Bind
    ) -> tuple[Sequence[tree.Asked | None], Part | None]:
        """Give those who are asked, and how many of them have to sign."""
        if entry.from_ is None and entry.of is not None:
            return self._counted(entry.of)
        named, needs = (entry.any_, 1) if entry.any_ is not None else (entry.all_, None)
        given = named if named is not None else entry.from_
        listed = given if isinstance(given, list) else [given]
        of = [self._one(each, bind) for each in listed if each is not None]
        if entry.of is None:
            return of, needs
        part = self._part(entry.of, alone=True)
        one = of[0] if len(of) == 1 else None
        if one is not None and one.chosen_by is None and not isinstance(given, list):
            return [tree.Asked(one.role, part)], None
        return of, part

    def _one(self, written: Text | s.ChosenEntry, bind: Bind) -> tree.Asked | None:
        if isinstance(written, s.ChosenEntry):
            return self._chosen(written.chosen_by, bind)
        found = _OF.fullmatch(written)
        if found is None or found["whom"] is None:
            self._role(written, tree.LEAST_SENIOR)
            return tree.Asked(str(written))
        return self._several(written, found)

    def _several(self, written: Text, found: re.Match[str]) -> tree.Asked:
        """Bind ``2 of treasury_board``: so many of those who hold one role."""
        role = Text(found["whom"], written.place(found.start("whom")))
        self._role(role)
        return tree.Asked(str(role), self._read(Text(found["part"], written.mark)))

    def _counted(self, written: Text) -> tuple[Sequence[tree.Asked | None], Part | None]:
        """Bind ``2 of treasury_board``, or ``2 of [cfo, cio, coo]``."""
        found = _OF.fullmatch(written)
        if found is None or found["whom"] is None:
            message = f"'{written[:60]}' does not say how many of whom have to sign"
            hint = "write it as in '2 of treasury_board' or '2 of [cfo, cio, coo]'"
            self.findings.add(written.mark, codes.WRONG_VALUE, message, hint)
            return [None], None
        names = list(_NAMES.finditer(found["whom"]))
        if len(names) == 1 and "[" not in found["whom"]:
            return [self._several(written, found)], None
        start = found.start("whom")
        of = [Text(each[0], written.place(start + each.start())) for each in names]
        for role in of:
            self._role(role)
        return [tree.Asked(str(role)) for role in of], self._part(written)

    def _part(self, written: Text, *, alone: bool = False) -> Part | None:
        found = _OF.fullmatch(written)
        if found is None or (alone and found["whom"] is not None):
            message = f"'{written[:60]}' is no number of signatures"
            hint = "beside 'from' it is the number alone, as in 'of: 2'"
            self.findings.add(written.mark, codes.WRONG_VALUE, message, hint)
            return None
        return self._read(Text(found["part"], written.mark))

    def _read(self, written: Text) -> Part | None:
        return self.findings.parsed(parse_part, written)

    def _chosen(self, text: Text, bind: Bind) -> tree.Asked | None:
        """Bind an expression that says who signs: known roles, or nobody, whatever it comes to."""
        before = len(self.findings.items)
        chosen = bind(text)
        wrong = any(item.severity == "error" for item in self.findings.items[before:])
        if chosen is None or wrong:
            return None
        roles = words_of(chosen.node)
        if roles is not None:
            for role in sorted(roles - {tree.NOBODY}):
                self._role(Text(role, text.mark))
            return tree.Asked(tree.CHOSEN, None, chosen)
        self.findings.add(text.mark, codes.APPROVER_NO_ROLE, *_why_no_role(chosen))
        return None

    def _role(self, name: Text, *others: str) -> None:
        if name == tree.NOBODY and name not in self.roles:
            hint = "leave the approval out, or let a table say in which cases it is nobody"
            message = "'nobody' cannot be asked"
            self.findings.add(name.mark, codes.UNKNOWN_ROLE, message, hint)
        else:
            known = [*others, *self.roles]
            meant = [e for e in others if e == tree.LEAST_SENIOR and "authority" in name.casefold()]
            self.findings.known(name, known, codes.UNKNOWN_ROLE, "role", meant)

    def _check(self, entry: s.ApprovalEffect, of: Sequence[tree.Asked], needs: Part | None) -> None:
        """Find what can never be signed: more than there are, or one person twice."""
        mark = entry.of.mark if entry.of is not None else entry.mark
        twice = [role for role, times in Counter(_named(of)).items() if times > 1]
        for role in twice:
            hint = f"where several of its holders sign, write '2 of {role}'"
            self.findings.add(mark, codes.DECLARED_TWICE, f"'{role}' is asked twice here", hint)
        fixed = all(each.role != tree.CHOSEN for each in of)
        if fixed and isinstance(needs, int) and needs > len(of):
            message = f"{needs} of {len(of)} can never sign"
            hint = f"ask for {len(of)} of them, or name more"
            self.findings.add(mark, codes.TOO_FEW_TO_SIGN, message, hint)


def _named(of: Sequence[tree.Asked]) -> Iterator[str]:
    return (each.role for each in of if each.role != tree.CHOSEN)


def _why_no_role(chosen: tree.Expression) -> tuple[str, str]:
    """Say why an expression may come to something else than roles, and the way out."""
    if _may_be_null(chosen.node):
        return (
            "may give null where a role is expected",
            f'give "{tree.NOBODY}" where nobody has to approve',
        )
    if chosen.type != t.ANY:
        return f"gives {t.describe(chosen.type)} where a role is expected", WAY_OUT
    return "it is not known beforehand which roles this may give", WAY_OUT


def _may_be_null(node: n.Node) -> bool:
    match node:
        case n.Literal(None):
            return True
        case n.Conditional(_, consequence, alternative):
            return _may_be_null(consequence) or _may_be_null(alternative)
        case n.ListLiteral(items):
            return any(map(_may_be_null, items))
        case _:
            return False


def texts_of(entry: s.ApprovalEffect) -> Iterator[Text]:
    """Give the texts of an approval that are expressions."""
    for given in (entry.from_, entry.all_, entry.any_):
        for each in given if isinstance(given, list) else [given]:
            if isinstance(each, s.ChosenEntry):
                yield each.chosen_by
