"""Planning strategies in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.names import words
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.names import called, path_in_words, records_in_words, sentence
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.policy import PlannedItem, PlannedStage, Policy, Strategies, Strategy


def choice_in_words(item: Strategies, policy: Policy) -> str:
    """Say how a strategy is chosen, and where what it plans is kept."""
    register = policy.registers[item.register]
    days = joined([called(each, policy, register.root) for each in item.days_in])
    kept = records_in_words(register, policy)
    answer = in_words(item.chosen_by, policy)
    chosen = answer if answer.startswith("the ") else f"the strategy that is {answer}"
    said = [
        f"a project is planned by {chosen}",
        f"what is planned is entered among the {kept}, its day as {days}",
        "what falls on a day on which the office is closed is on the next one on which it is open",
        "another strategy is for whoever may tailor a project, and for a reason",
    ]
    return " ".join(map(sentence, said))


def strategy_in_words(item: Strategy, policy: Policy) -> str:
    """Say for what a strategy is, and what it plans stage by stage."""
    return " ".join(sentence(each) for each in _said(item, policy))


def _said(item: Strategy, policy: Policy) -> Iterator[str]:
    if item.about:
        yield item.about
    for each in item.stages:
        yield _stage(each, policy)


def _stage(stage: PlannedStage, policy: Policy) -> str:
    planned = joined([_item(each) for each in stage.plan])
    said = f": {planned}" if planned else ""
    return f"the stage '{called(stage.stage, policy)}' lasts {stage.lasts}{said}"


def _item(item: PlannedItem) -> str:
    more = [
        words(name) if value == "true" else f"{words(name)}: {value}"
        for name, value in item.sets.items()
    ]
    said = f" ({', '.join(more)})" if more else ""
    return f"'{item.title}' {when_in_words(item)}{said}"


def when_in_words(item: PlannedItem) -> str:
    """Say when in its stage something is planned."""
    if item.after is not None:
        return f"{item.after} after it begins"
    return f"on the day on which it {'begins' if item.at == 'start' else 'ends'}"


def unchosen_in_words(
    project: str, missing: Sequence[str], faults: Sequence[str], policy: Policy
) -> str:
    """Say why no strategy is chosen for a project: which facts are missing, or what is wrong."""
    if faults:
        return f"no strategy can be chosen for {project}: {'; '.join(faults)}"
    named = joined([f"{path_in_words(path, policy)} ({path})" for path in missing])
    own = [path.removeprefix("project.") for path in missing if path.startswith("project.")]
    given = " ".join(f"{name}=..." for name in own)
    return (
        f"no strategy can be chosen for {project} yet: not known: {named}; what is known of a"
        f" project is said with 'pmo project change {project} {given}'"
    )
