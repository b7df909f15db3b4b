"""How something was decided: by which rule and clause, and each vote as what it was cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import titled
from pmo_engine.queries.obligations import ANSWERS, MOVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store.tables import Obligation, Vote
    from pmo_engine.work.governance import Context


def votes_on(c: Context, subject: str, since: int = 0) -> list[tuple[Obligation, Vote]]:
    """Give the votes that count on a subject, on what it said from a version on.

    Those on moving it, or on the answer to an exception about it, are on something else.
    """
    found = c.uow.votes.about([subject])
    return [
        (row, vote)
        for row, vote in found
        if row.subject_version >= since and row.details.keys().isdisjoint({MOVE, ANSWERS})
    ]


def in_words(c: Context, votes: Iterable[tuple[Obligation, Vote]]) -> list[str]:
    """Say each vote in a sentence, with rule, clause, capacity, version and reason."""
    cast = list(votes)
    c.uow.people.names_of(
        who for _, vote in cast for who in (vote.person, vote.on_behalf_of) if who is not None
    )
    return [_vote(c, row, vote) for row, vote in cast]


def _vote(c: Context, row: Obligation, vote: Vote) -> str:
    why = f": {vote.reason}" if vote.reason else ""
    clause = f", {row.clause}" if row.clause and row.clause != row.rule else ""
    return (
        f"{c.uow.people.name_of(vote.person)} voted {vote.choice} as {_as_what(c, vote, row)}"
        f" on version {vote.subject_version} ({row.rule}{clause}){why}."
    )


def _as_what(c: Context, vote: Vote, row: Obligation) -> str:
    """Say for which role somebody voted, and how they came to it."""
    role = titled(vote.role or row.target, c.policy)
    whose = f" of {c.uow.people.name_of(vote.on_behalf_of)}" if vote.on_behalf_of else ""
    return (
        f"{role}{whose}"
        if vote.capacity in {"", "own role"}
        else f"{role} ({vote.capacity}{whose})"
    )


def as_kept(votes: Iterable[tuple[Obligation, Vote]]) -> list[dict[str, Any]]:
    """Give the votes as the journal keeps them with an outcome."""
    return [
        {
            "rule": row.rule,
            "clause": row.clause,
            "person": vote.person,
            "choice": vote.choice,
            "role": vote.role,
            "capacity": vote.capacity,
            "on_behalf_of": vote.on_behalf_of,
            "version": vote.subject_version,
        }
        for row, vote in votes
    ]
