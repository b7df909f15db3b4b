"""Of which rules the cases of a suite say anything: what a case expects, held against effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.policy import (
    AutoApprove,
    Block,
    Derive,
    Effect,
    Finding,
    Notify,
    RaiseException,
    RequireApproval,
    RequireAssessment,
    RequireEvidence,
    RequireInformation,
)
from pmo_engine.policy.suites.expectations import BY_ROLE, BY_TARGET, OF_TIME

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.policy import Case, Rule, Suite

_SPEAKS_OF: Mapping[type[Effect], Collection[str]] = {
    RequireApproval: {"approvals", *OF_TIME},
    RequireAssessment: {"assessments", *OF_TIME},
    RequireInformation: set(OF_TIME),
    RequireEvidence: {"evidence"},
    RaiseException: {"exceptions", *OF_TIME},
    Notify: {"notices"},
    Block: (),
    Derive: {"facts"},
    AutoApprove: (),
    Finding: (),
}
"""What a case may expect on account of an effect, beside what it may of every rule."""
OF_EFFECTS = frozenset({*BY_ROLE, *BY_TARGET, *OF_TIME, "facts"}) - {"information"}
"""Keys of an expectation that speak of some effects alone."""


def asserts_of(suite: Suite, case: Case, rule: Rule) -> bool:
    """Tell whether a case says anything of a rule: one that its suite is not about, it does not."""
    if suite.about and rule.id not in suite.about:
        return False
    return says_of(case.expect, rule)


def says_of(keys: Collection[str], rule: Rule) -> bool:
    """Tell whether what is expected speaks of a rule, or of something that it brings about."""
    return any(key not in OF_EFFECTS or key in spoken_of(rule) for key in keys)


def spoken_of(rule: Rule) -> set[str]:
    """Give what may be expected on account of a rule's effects."""
    return {key for effect in rule.then for key in _SPEAKS_OF[type(effect)]}
