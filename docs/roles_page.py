"""The reference of roles, as their packs and classes have it: registers, rules, figures, tests."""

from __future__ import annotations

from collections.abc import Iterator

from pmo_engine.compiler.loading import load_policy
from pmo_engine.model.names import words
from pmo_engine.policy import Figure, Policy, Rule
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import FunctionalRole
from pmo_engine.roles.registry import roles

BY_TIME = "tests/stories/test_packs_by_time.py"
ON_ENTRY = "tests/stories/test_every_rule_of_the_packs.py"
INTRODUCTION = f"""# Roles

What each role looks after: its registers, the rules of its pack, what it assesses at a gate, and
its figures. All of it is files that can be changed; see [Packs](../guide/packs.md).

Each rule is fired by a story through the whole engine: those that hang on time (*by time*) by
`{BY_TIME}`, the others (*on entry*) by
`{ON_ENTRY}`, which fails where a rule of a pack has no story.
Each rule has a suite in its pack as well, and each figure an example worked out by hand
(`worked.yaml` in the pack); `pmo policy test rules/finance` runs both.

A figure that is not available says why, and is never 0. Records that are blocked, rejected,
withdrawn or rescinded are in none, unless it is said.
"""
STRUCTURAL = """
## The structural roles

| role | looks after | with |
|---|---|---|
| PMO head | dependencies between projects, rounds of health checks, what nobody may act on | the register `dependencies` and its rules ([planning](#planning)), `health-round` ([performance](#performance)), `pmo stuck`, `pmo portfolio`, `pmo figures` over all projects |
| Project specialist | approved courses, good documents, fast-track support | the registers `courses`, `documents` and `support_requests` ([office](#office)) with their rules and figures |
| Project officer | reports that are due, minutes and actions, plans | `report-late` ([reporting](#reporting)), `meeting-minutes` and `action-overdue` ([secretariat](#secretariat)), `milestone-slip` ([planning](#planning)) |
"""  # noqa: E501 - a row of a table is a line


def page() -> str:
    """Say for every functional role, and for the office, what there is."""
    found = roles()
    rows = [_overview(each) for each in found.values()]
    head = "| role | registers | rules | figures |\n|---|---|---|---|"
    parts = [INTRODUCTION, f"\n{head}\n" + "\n".join(rows) + "\n"]
    parts += [_role(each) for each in found.values()]
    parts += [_pack("office", "The office", "What the office keeps beside the functional roles.")]
    asked = "What is asked for before it is a project, and what changes the portfolio."
    parts += [_pack("intake", "Intake", asked)]
    return "".join([*parts, STRUCTURAL])


def _overview(role: FunctionalRole) -> str:
    policy = load_policy(role.pack)
    registers = ", ".join(f"`{each}`" for each in _registers(policy, role.id))
    figures = len(_figures(policy, role.id))
    return (
        f"| [{role.title}](#{role.id}) | {registers} | {len(_rules(policy, role.id))} | {figures} |"
    )


def _role(role: FunctionalRole) -> str:
    about = " ".join((type(role).__doc__ or "").split())
    return _pack(role.id, role.title, f"At a gate: {about}")


def _pack(pack: str, title: str, about: str) -> str:
    policy = load_policy(rules_dir() / pack)
    parts = [f"\n## {pack}\n\n*{title}.* {about}\n"]
    for name in _registers(policy, pack):
        fields = ", ".join(f"`{each}`" for each in policy.registers[name].fields)
        parts.append(f"\nRegister `{name}`: {fields}.\n")
    rows = [_rule(each) for each in _rules(policy, pack)]
    parts.append(
        "\n| rule | binding | says | fired |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )
    rows = [_figure(policy, each) for each in _figures(policy, pack)]
    head = "| figure | of | unit | formula | not available | source |\n|---|---|---|---|---|---|"
    parts.append(f"\n{head}\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _registers(policy: Policy, pack: str) -> Iterator[str]:
    return (name for name, each in policy.registers.items() if each.mark.file.startswith(_of(pack)))


def _of(pack: str) -> str:
    return f"{rules_dir() / pack}/"


def _rules(policy: Policy, pack: str) -> list[Rule]:
    found = {each.id: each for each in policy.rules if each.pack == pack}
    return list(found.values())


def _figures(policy: Policy, pack: str) -> list[Figure]:
    return [each for each in policy.figures if each.pack == pack]


def _rule(rule: Rule) -> str:
    fired = "by time" if any(each.rhythm for each in rule.on) else "on entry"
    return f"| `{rule.id}` | {rule.binding} | {_cell(rule.title)} | {fired} |"


def _figure(policy: Policy, figure: Figure) -> str:
    of = "project" if figure.of is None else words(policy.registers[figure.of].noun)
    formula = f"`{' '.join(figure.formula.text.split())}`"
    none = figure.because or "where a part is not known"
    label = f"`{figure.id}`: {figure.label}"
    cells = (label, of, figure.unit, formula, none, figure.source)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
