"""What rules could not be judged: it is said wherever their subject is shown, and somebody hears.

A fault is never taken for no: until the rule is judged again, it stands, whatever else is said of
its subject since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.decisions.published import standing_faults
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.policy import RequireInformation
from pmo_engine.policy.fact_paths import paths_in
from pmo_engine.work.approvals.asking import tell_head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Policy, Rule
    from pmo_engine.store.tables import Decision, Obligation
    from pmo_engine.work.governance import Context


def faults_of(c: Context, subject: str) -> dict[str, str]:
    """Give the rules that could not be judged of a subject when they were last, the clock aside."""
    return standing_faults(c.uow.decisions.results(subject))


def in_sentences(faults: Mapping[str, str]) -> list[str]:
    """Say which rules could not be judged, and why not."""
    return [f"{rule} could not be judged: {text}" for rule, text in faults.items()]


def tell_faults(c: Context, kept: Decision, title: str) -> None:
    """Tell the head of the office which rules a decision could not judge, unless they know.

    A rule on trial tells nobody, of a fault neither.

    ``kept``: the decision as it was stored; ``title``: what it is about, as people call it.
    """
    if not kept.result.faults:
        return
    before = (each for each in c.uow.decisions.of_subject(kept.subject_id) if each.id != kept.id)
    known = standing_faults(each.result for each in before)
    on_trial = {rule.id for rule in c.policy.rules if rule.binding == "trial"}
    faults = kept.result.faults.items()
    new = {r: text for r, text in faults if r not in on_trial and known.get(r) != text}
    if new:
        what = ": not every rule could be judged"
        tell_head(c, f"{kept.id}/faults", title, in_sentences(new), kept.project, what)


def left_unjudged(policy: Policy, obligation: Obligation) -> list[tuple[str, str]]:
    """Name the rules that nobody can judge without a fact that was asked for, and what each does.

    Who lets a record go on without the fact lets it go on without any of that.
    """
    if obligation.kind != "information":
        return []
    asking = {obligation.rule, *obligation.also_rules}
    rules = (each for each in policy.rules if each.id in asking)
    hang = (each for each in rules if _hangs_on(each, FactPath(obligation.target)))
    return list(dict.fromkeys((rule.id, kind) for rule in hang for kind in rule.asks_for))


def _hangs_on(rule: Rule, path: FactPath) -> bool:
    """Tell whether a rule looks at a fact; one that just asks for it is judged without."""
    wanted = (each for each in rule.then if isinstance(each, RequireInformation))
    if not any(path in each.facts for each in wanted):
        return True
    seen = (paths_in(each.node) for each in rule.expressions)
    return any(path.overlaps(each) for paths in seen for each in paths)
