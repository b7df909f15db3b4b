"""Rules as sections: those of the policy by register, those of packs by pack; and the annexes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmo_engine.policy.prose import rule_in_words
from pmo_engine.policy.prose.names import sentence, words
from pmo_engine.policy.prose.values import value_in_words
from pmo_engine.policy.render.model import Provision, Row, Run, Section, Table
from pmo_engine.policy.render.numbering import Numbering, capital, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pmo_engine.policy.render.model import Block, Clause, Words
    from pmo_engine.policy.tree import Policy, Rule, Suite

BINDING = {
    "shall": "Binding: it holds.",
    "should": "Expected: a departure is explained.",
    "may": "Advice.",
    "trial": "On trial: evaluated and recorded, binds nobody.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that stand in one section."""

    id: str
    title: str
    rules: tuple[Rule, ...]
    pack: str | None = None


def groups(policy: Policy) -> list[Group]:
    """Group the policy's own rules by what they are about, then those of packs by pack."""
    own: dict[str, list[Rule]] = defaultdict(list)
    packs: dict[str, list[Rule]] = {pack: [] for pack in policy.parameters}
    for rule in policy.rules:
        if rule.pack is None:
            own[rule.on[0].partition(".")[0]].append(rule)
        else:
            packs.setdefault(rule.pack, []).append(rule)
    found = [
        Group(f"rules/{noun}", f"Rules on {_plural(noun, policy)}", tuple(rules))
        for noun, rules in own.items()
    ]
    return found + [
        Group(f"pack/{pack}", f"Rules of the pack {words(pack)}", tuple(packs[pack]), pack)
        for pack in sorted(packs)
        if packs[pack] or policy.parameters.get(pack)
    ]


def _plural(noun: str, policy: Policy) -> str:
    register = policy.register_of(noun)
    return words(register.id) if register is not None else f"{words(noun)}s"


def rules_section(group: Group, policy: Policy, number: str, *, tests: Tests, on: date) -> Section:
    """Make the section of one group: what is fixed for the pack, then a clause for each rule."""
    numbering = Numbering(number)
    blocks: list[Block] = []
    if group.pack is not None and policy.parameters.get(group.pack):
        blocks.append(_parameters(group.pack, policy, numbering))
    for rule in group.rules:
        text = "\n".join(_said(rule, policy))
        clause = numbering.clause(f"rule/{rule.id}", rule.title.rstrip("."), text, rule.mark)
        blocks.append(Provision(clause, notes=tuple(_notes(rule, tests, on))))
    return Section(group.id, number, group.title, tuple(blocks), "framework")


def _parameters(pack: str, policy: Policy, numbering: Numbering) -> Table:
    rows = []
    for name, value in policy.parameters[pack].items():
        said = value_in_words(value)
        mark = next(rule.mark for rule in policy.rules if rule.pack == pack)
        clause = numbering.clause(f"pack/{pack}/{name}", words(name), sentence(said), mark)
        cells = (clause.number, capital(words(name)), said)
        rows.append(Row(tuple(plain(cell) for cell in cells), clause))
    return Table(("Clause", "Parameter", "Value"), tuple(rows))


def _said(rule: Rule, policy: Policy) -> Iterator[str]:
    """Give what a rule says: the sentence, how it binds, when it holds, where it comes from."""
    yield rule_in_words(rule, policy)
    start, end = rule.in_force.start, rule.in_force.end
    yield BINDING[rule.binding]
    if start is not None:
        yield sentence(f"in force from {value_in_words(start)}")
    if end is not None:
        yield sentence(f"no longer in force from {value_in_words(end)}")
    origin = [text for text in (rule.clause, rule.source) if text and text != rule.id]
    if origin:
        yield sentence("; ".join(origin))


def _notes(rule: Rule, tests: Tests, on: date) -> Iterator[Words]:
    if on not in rule.in_force:
        yield (Run("Not in force on the day of this document.", "emphasis"),)
    yield (Run("Rule "), Run(rule.id, "code", f"source/{rule.id}"), *tests.of(rule))


class Tests:
    """The suites of a policy, by the rules that they are about."""

    def __init__(self, policy: Policy) -> None:
        self._named: Mapping[str, list[Suite]] = defaultdict(list)
        self._whole = [suite for suite in policy.suites if not suite.about]
        for suite in policy.suites:
            for rule in suite.about:
                self._named[rule].append(suite)

    def of(self, rule: Rule) -> Words:
        """Say which suites test a rule, with links to them."""
        suites = [*self._named.get(rule.id, ()), *self._whole]
        if not suites:
            return plain("; tested with its pack." if rule.pack else "; no suite tests it.")
        runs: list[Run] = []
        for suite in suites:
            runs.append(Run(", " if runs else "; tested by "))
            runs += [Run(suite.id, "code", f"suite/{suite.id}"), Run(f" ({_count(suite)})")]
        return (*runs, Run("."))


def _count(suite: Suite) -> str:
    count = len(suite.cases)
    return f"{count} case{'' if count == 1 else 's'}"


def sources_section(policy: Policy, number: str, numbers: Mapping[str, Clause]) -> Section:
    """Make the annex of rules as they are written, each linked to its clause and its file."""
    rows = []
    for rule in policy.rules:
        clause = numbers[f"rule/{rule.id}"]
        cells = (
            (Run(clause.number, "", clause.id),),
            (Run(rule.id, "code"),),
            (Run(", ".join(rule.on), "code"),),
            (Run(" ".join(rule.when.text.split()) if rule.when else "always", "code"),),
            (Run(f"{rule.mark.file}:{rule.mark.line}", "code", file=rule.mark),),
        )
        rows.append(Row(cells, id=f"source/{rule.id}"))
    columns = ("Clause", "Rule", "On", "When, as written", "File")
    table = Table(columns, tuple(rows))
    return Section("sources", number, "Annex: rules as written", (table,), "framework")


def suites_section(policy: Policy, number: str, numbers: Mapping[str, Clause]) -> Section:
    """Make the annex of suites, each linked to the clauses that it tests."""
    rows = []
    for suite in policy.suites:
        cells = (
            (Run(suite.id, "code"),),
            _about(suite, numbers),
            plain(_count(suite)),
            (Run(f"{suite.mark.file}:{suite.mark.line}", "code", file=suite.mark),),
        )
        rows.append(Row(cells, id=f"suite/{suite.id}"))
    columns = ("Suite", "Clauses that it tests", "Cases", "File")
    table = Table(columns, tuple(rows))
    return Section("suites", number, "Annex: tests", (table,), "framework")


def _about(suite: Suite, numbers: Mapping[str, Clause]) -> Words:
    clauses = [numbers[f"rule/{rule}"] for rule in suite.about if f"rule/{rule}" in numbers]
    if not clauses:
        return plain("the whole policy")
    runs: Sequence[Run] = [
        run for clause in clauses for run in (Run(", "), Run(clause.number, "", clause.id))
    ]
    return tuple(runs[1:])
