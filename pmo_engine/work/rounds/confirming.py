"""Whoever is asked in a round says that nothing changed, for one register or for all that wait."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.acts import ANSWER_ROUND
from pmo_engine.work.approvals.eligible import standing_of
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.rounds.ending import keep_answer
from pmo_engine.work.rounds.naming import return_of, round_named
from pmo_engine.work.rounds.subject import KIND
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.store import tables
    from pmo_engine.work.governance import Governance


class Confirmed(Shape):
    """What was confirmed of a project in a round, and whether there is more to give."""

    title: str
    registers: tuple[str, ...]
    status: str


def confirm(
    governance: Governance,
    *,
    name: str,
    project: str,
    by: str,
    registers: Collection[str] | None = None,
    note: str = "",
    period: str | None = None,
    request: str | None = None,
) -> Confirmed:
    """Say of registers, all that are waited for unless some are named, that they are as they are.

    Raises Refusal for somebody who may not answer for one of them, and for what is over;
    CommandError for a round, or a register in it, that there is not.
    """
    with governance.reading() as c:
        row = return_of(c, round_named(c, name, period), project)
    order = Order(by, ANSWER_ROUND, OfSubject(row.id), Confirmed, request)
    return carry_out(governance, order, partial(_confirm, registers=registers, note=note))


def _confirm(c: Command, *, registers: Collection[str] | None, note: str) -> Confirmed:
    row: tables.Return = c.on.row
    asked = {each.target: each for each in c.uow.obligations.of_subject(row.id)}
    chosen = _chosen(row, asked, registers)
    may = {each.target: standing_of(c, each, c.actor) for each in chosen}
    if registers is None:
        chosen = [each for each in chosen if may[each.target].may] or chosen
    for each in chosen:
        if not (standing := may[each.target]).may:
            why = standing.why_not
            said = why if why.startswith("it is for") else f"{c.actor_name} {why}"
            raise Refusal(f"{c.actor_name} may not answer for {each.target} in {row.title}: {said}")
        c.uow.obligations.close(each, "met")
        keep_answer(c, each, "confirmed", note)
        body = {"obligation": each.id, "subject": row.title, "kind": each.kind, "note": note}
        c.journal("answered", body, each.chain)
    names = tuple(each.target for each in chosen)
    return Confirmed(title=row.title, registers=names, status=KIND.answered(c, row))


def _chosen(
    row: tables.Return,
    asked: dict[str, tables.Obligation],
    registers: Collection[str] | None,
) -> list[tables.Obligation]:
    """Give what is answered; raises for a register that is not asked for, or not any more."""
    if registers is None:
        chosen = [each for each in asked.values() if each.status == "open"]
        if not chosen:
            raise Refusal(f"{row.title}: nothing is waited for any more")
        return chosen
    for name in registers:
        if name not in asked:
            hint = nearest(name, asked) or f"it asks for {', '.join(asked)}"
            raise CommandError(f"{row.title} does not ask for '{name}' ({hint})")
        if asked[name].status != "open":
            raise Refusal(f"{row.title}: {name} is {asked[name].status} already")
    return [asked[name] for name in dict.fromkeys(registers)]
