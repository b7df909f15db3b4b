"""Checks of bodies: whether a quorum lets them decide, and only one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.model.quorum import needed
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy, TermsOfReference

    Counted = tuple[TermsOfReference, int, int, int]  # members, to meet, to decide


@check(codes.TIE_DECIDES)
def a_tie_decides_nothing(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a quorum at which as many votes decide on either side."""
    for terms, members, _, vote in _bodies(policy):
        if 2 * vote <= members:
            message = f"{vote} of {members} votes decide, so that {vote} against {vote} both would"
            hint = f"ask for {members // 2 + 1} votes, more than half"
            yield at(terms.mark, codes.TIE_DECIDES, message, hint)


@check(codes.CANNOT_DECIDE)
def whoever_meets_can_decide(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a body that may meet with fewer than it takes to decide."""
    for terms, members, meet, vote in _bodies(policy):
        if meet < vote <= members:
            message = f"{meet} of {members} members may meet, and {vote} votes decide"
            hint = f"let it take {vote} to meet, or fewer votes to decide"
            yield at(terms.mark, codes.CANNOT_DECIDE, message, hint)


def _bodies(policy: Policy) -> Iterator[Counted]:
    for terms in policy.terms.values():
        if terms.quorum is not None and terms.members is not None:
            meet, vote = (needed(terms.members, p) for p in (terms.quorum.meet, terms.quorum.vote))
            yield terms, terms.members, meet, vote
