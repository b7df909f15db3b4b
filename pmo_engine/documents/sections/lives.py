"""The life of a register's records: a picture, and a clause for its states and for each move."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pmo_engine.documents.model import Leg, Life, Table
from pmo_engine.documents.numbering import capital, row
from pmo_engine.model.names import words
from pmo_engine.prose.life_cycles import life_in_words, move_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Content
    from pmo_engine.documents.numbering import Numbering
    from pmo_engine.policy import Move, Policy, Register


def life_of(numbering: Numbering, register: Register, policy: Policy) -> tuple[Content, ...]:
    """Give the picture of the life of a register's records, and the table of its clauses."""
    life, name = register.life, f"register/{register.id}/life"
    own = numbering.clause(name, "Life", life_in_words(life), life.mark)
    moves = [
        (
            each,
            numbering.clause(
                f"{name}/{id}", _heading(each), move_in_words(each, register, policy), each.mark
            ),
        )
        for id, each in _with_ids(life.moves)
    ]
    numbers = [(move, clause.number) for move, clause in moves]
    rows = (row(own), *(row(clause) for _, clause in moves))
    return picture_of(register, numbers), Table(("Clause", "Move", "How it is made"), rows)


def picture_of(register: Register, numbers: list[tuple[Move, str]] | None = None) -> Life:
    """Give the picture of a life; moves are called by the numbers of their clauses, or counted."""
    life = register.life
    if numbers is None:
        numbers = [(move, str(place)) for place, move in enumerate(life.moves, 1)]
    moved = {state for move in life.moves for state in (*move.start, move.to)}
    states = [each for each in (*life.states, *sorted(moved)) if each in {*life.states, *moved}]
    return Life(
        states=tuple(dict.fromkeys(words(each) for each in states)),
        closed=tuple(words(each) for each in life.closed),
        legs=tuple(
            Leg(words(start), words(move.to), number)
            for move, number in numbers
            for start in move.start
        ),
        about=f"The life of a {words(register.noun)}",
    )


def _heading(move: Move) -> str:
    return capital(f"{' or '.join(map(words, move.start))} to {words(move.to)}")


def _with_ids(moves: tuple[Move, ...]) -> Iterator[tuple[str, Move]]:
    """Give each move a name that stays the same, whatever stands before and behind it."""
    seen: Counter[str] = Counter()
    for move in moves:
        id = f"{'-'.join(move.start)}-to-{move.to}"
        seen[id] += 1
        yield (id if seen[id] == 1 else f"{id}-{seen[id]}"), move
