"""The life of records in words: states, and the moves between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.names import words
from pmo_engine.policy.registers import OWNER, REQUESTER
from pmo_engine.prose.names import called, sentence, with_article
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from pmo_engine.policy import Move, Policy, RecordLife, Register


def life_in_words(life: RecordLife) -> str:
    """Say in which state a record is entered, in which it is over, and which a decision makes."""
    entered = f"a record is entered as {words(life.first)}"
    over = joined([words(each) for each in life.closed], "or")
    ends = f"it is over once it is {over}" if over else "no state of it is said to be its end"
    others = [words(each) for each in life.states if each not in {life.first, *life.closed}]
    between = [f"in between it may be {joined(others, 'or')}"] if others else []
    decided = "a decision about it makes it approved, rejected, withdrawn or rescinded"
    return "\n".join(sentence(each) for each in (entered, *between, ends, decided))


def move_in_words(move: Move, register: Register, policy: Policy) -> str:
    """Say a move: from where to where, who makes it, and what it needs."""
    start = joined([words(each) for each in move.start], "or")
    what = with_article(called(register.noun, policy))
    by = maker_in_words(move, policy)
    said = [f"{what} that is {start} is moved to {words(move.to)} by {by}"]
    if needs := needs_in_words(move, register, policy):
        said.append(f"{joined(needs)} must be given")
    if move.approval is not None:
        said.append(f"{role_in_words(move.approval, policy)} must have approved it before")
    return sentence("; ".join(said))


def maker_in_words(move: Move, policy: Policy) -> str:
    """Say who makes a move."""
    own = {OWNER: "its owner", REQUESTER: "whoever asked for it"}
    named = [own.get(each) or role_in_words(each, policy) for each in move.by]
    return (
        joined(named, "or") or "whom the terms of reference name, or else by whoever may change it"
    )


def needs_in_words(move: Move, register: Register, policy: Policy) -> list[str]:
    """Name what a move needs beside an approval."""
    fields = [f"its {called(each, policy, of=register.root)}" for each in move.fields]
    return ["a reason"] * move.reason + fields
