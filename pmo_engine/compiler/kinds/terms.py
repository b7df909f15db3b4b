"""Terms of reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import terms
from pmo_engine.compiler.checks import acts, bodies, idle_keys, standing, sums
from pmo_engine.compiler.checks import terms as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.kinds.unkept import Told

if TYPE_CHECKING:
    from collections.abc import Sequence


def _in_words(voting: Any, _around: Sequence[Any]) -> bool:
    """Tell whether it is said in a sentence how a body votes."""
    return isinstance(voting, str)


KIND = Kind(
    s.Terms,
    parts=(part("terms", terms.terms, "roles functional registers header"),),
    checks=(
        checks.authority_exists,
        checks.limits_are_reached,
        checks.seniors_may_more,
        checks.authority_goes_on,
        checks.reserved_acts_are_left_alone,
        checks.limits_are_measured,
        idle_keys.keys_do_something,
        sums.sums_do_not_decide_alone,
        acts.verbs_are_known,
        acts.bodies_act_by_their_vote,
        acts.authority_is_asked_for,
        acts.limits_are_held,
        acts.acts_are_held,
        acts.acts_of_the_engine_ask_the_terms,
        acts.acts_of_the_engine_are_done_to_something,
        standing.nobody_is_above_themselves,
        standing.somebody_heads_the_office,
        standing.matters_go_up,
        standing.one_role_takes_a_case,
        bodies.a_tie_decides_nothing,
        bodies.whoever_meets_can_decide,
        bodies.bodies_vote,
        bodies.voting_fits_the_body,
    ),
    told={
        "voting": Told(
            "words about voting are printed, and nothing keeps them", _in_words, alone=True
        ),
        "authority.basis": Told(
            "the basis is printed, and limits are held against amounts as given"
        ),
    },
    printed=frozenset(
        {
            "purpose",
            "remit",
            "exclusions",
            "responsibilities",
            "cadence",
            "inputs",
            "outputs",
            "conflicts",
            "review_every",
            "authority.up_to.source",
        }
    ),
    bare=frozenset({"delegation", "delegation.acts", "voting"}),
)
