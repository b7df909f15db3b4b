"""Binds the life cycle of a register: states, what is closed, moves with who makes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.policy.registers import (
    CLOSED,
    DECIDED,
    IMPORTED,
    OWNER,
    REASON,
    REFUSED,
    REQUESTER,
    USUAL,
)
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Context

_STATE = re.compile(r"[^\W\d]\w*")
_APPROVAL = re.compile(r"approval\s+of\s+(\S+)")


def life_cycle(
    context: Context, root: str, entry: s.LifeCycleEntry | None, fields: Collection[str]
) -> tree.RecordLife:
    """Bind the life of records; as every register has it where none is declared."""
    if entry is None:
        return USUAL
    return _Binder(context, root, entry, fields).bind()


class _Binder:
    """Binds one life cycle against the states and fields that it may name."""

    def __init__(
        self, context: Context, root: str, entry: s.LifeCycleEntry, fields: Collection[str]
    ) -> None:
        self.findings = context.findings
        self.context = context
        self.root = root
        self.entry = entry
        self.fields = [*fields, *sorted(IMPORTED)]
        self.states = tuple(dict.fromkeys(map(str, entry.states)))

    def bind(self) -> tree.RecordLife:
        """Bind it whole; what is wrong becomes findings."""
        self._check_states()
        moves = tuple(self._move(each) for each in self.entry.moves)
        return tree.RecordLife(self.states, self._closed(), moves, mark=self.entry.mark)

    def _check_states(self) -> None:
        for number, state in enumerate(self.entry.states):
            if state in map(str, self.entry.states[:number]):
                message = f"state '{state}' is declared twice"
                self.findings.add(state.mark, codes.DECLARED_TWICE, message, "leave it out")
            elif not _STATE.fullmatch(state):
                joined = re.sub(r"\W+", "_", state).strip("_")
                message = f"state '{state[:60]}' is no name that an expression can use"
                hint = f"write {joined}" if _STATE.fullmatch(joined) else "use letters and _"
                self.findings.add(state.mark, codes.WRONG_VALUE, message, hint)
        first = self.entry.states[0]
        if first in {*DECIDED, *map(str, _listed(self.entry.closed))}:
            message = f"no record can be entered as '{first}'"
            hint = "the state in which records are entered comes first under 'states'"
            self.findings.add(first.mark, codes.WRONG_VALUE, message, hint)

    def _closed(self) -> tuple[str, ...]:
        written = _listed(self.entry.closed)
        for state in written:
            if state in DECIDED:
                message = f"'{state}' is what a decision makes of a record, and no state it ends in"
                hint = "name a state that a move leads to, as in closed"
                self.findings.add(state.mark, codes.WRONG_VALUE, message, hint)
            else:
                self._known(state, self.states)
        if self.entry.closed is None:
            return tuple(state for state in self.states if state == CLOSED)
        return tuple(dict.fromkeys(map(str, written)))

    def _move(self, entry: s.MoveEntry) -> tree.Move:
        every = (*self.states, *DECIDED)
        for state in (*_listed(entry.from_), entry.to):
            self._known(state, every)
        if entry.to in REFUSED:
            message = f"'{entry.to}' is what a decision makes of a record, and no move does"
            hint = "name a state of its own, as in dropped"
            self.findings.add(entry.to.mark, codes.WRONG_VALUE, message, hint)
        needs = [self._need(each) for each in _listed(entry.needs)]
        self._one_approval(_listed(entry.needs))
        return tree.Move(
            tuple(dict.fromkeys(map(str, _listed(entry.from_)))),
            str(entry.to),
            tuple(dict.fromkeys(str(each) for each in _listed(entry.by) if self._by(each))),
            reason=(REASON, "") in needs,
            fields=tuple(dict.fromkeys(name for kind, name in needs if kind == "field")),
            approval=next((name for kind, name in needs if kind == "approval"), None),
            mark=entry.mark,
        )

    def _one_approval(self, written: list[Text]) -> None:
        """Say where more approvals are needed than one, which alone would be asked for."""
        for each in [text for text in written if _APPROVAL.fullmatch(text)][1:]:
            message = "a move needs one approval at most"
            hint = "name a body whose terms say how it votes, or let a rule ask the others"
            self.findings.add(each.mark, codes.WRONG_VALUE, message, hint)

    def _known(self, state: Text, among: Iterable[str]) -> None:
        self.findings.known(state, among, codes.UNKNOWN, "state")

    def _by(self, name: Text) -> bool:
        known = dict.fromkeys((*self.context.role_names(), *known_packs(), OWNER, REQUESTER))
        return self.findings.known(name, known, codes.UNKNOWN_ROLE, "role")

    def _need(self, written: Text) -> tuple[str, str]:
        """Read what a move takes: a reason, an approval, or a field of the record."""
        if written == REASON:
            return REASON, ""
        found = _APPROVAL.fullmatch(written)
        if found is not None:
            role = Text(found[1], written.mark)
            self.findings.known(role, self.context.role_names(), codes.UNKNOWN_ROLE, "role")
            return "approval", found[1]
        name = written.removeprefix(f"{self.root}.")
        if name not in self.fields:
            hint = nearest(name, [REASON, *self.fields])
            message = f"a move cannot need '{written[:60]}': it is no field of '{self.root}'"
            way = "write reason, a field of the record, or 'approval of ROLE'"
            self.findings.add(written.mark, codes.UNKNOWN, message, hint or way)
        return "field", str(name)


def _listed(written: Text | list[Text] | None) -> list[Text]:
    if written is None:
        return []
    return written if isinstance(written, list) else [written]
