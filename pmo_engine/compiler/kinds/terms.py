"""Terms of reference."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import terms
from pmo_engine.compiler.checks import terms as checks
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(
    s.Terms,
    parts=(part("terms", terms.terms, "roles registers"),),
    checks=(
        checks.authority_exists,
        checks.seniors_may_more,
        checks.authority_goes_on,
        checks.reserved_acts_are_left_alone,
        checks.limits_are_measured,
    ),
)
