"""Rules as sections: those of the policy by register, those of packs by pack; and the annexes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import titled, with_the
from pmo_engine.documents.model import Provision, Row, Run, Section, Table
from pmo_engine.documents.numbering import Numbering, plain
from pmo_engine.documents.sections.dates import when_in_force
from pmo_engine.documents.sections.packs import pack_blocks
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import words
from pmo_engine.policy.suites.asserting import asserts_of
from pmo_engine.prose.names import records_in_words, sentence
from pmo_engine.prose.rules import rule_in_words
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pmo_engine.documents.links import Places
    from pmo_engine.documents.model import Block, Clause, Words
    from pmo_engine.policy import Policy, Rule, Suite

BINDING = {
    "shall": "Binding.",
    "should": "Expected; a departure from it is explained.",
    "may": "Advice.",
    "trial": "On trial: it is evaluated and recorded, and binds nobody.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that stand in one section, each with all it says in the course of time."""

    id: str
    title: str
    rules: Mapping[str, list[Rule]]  # by id; several where the dated values of one change
    pack: str | None = None


def groups(policy: Policy) -> list[Group]:
    """Group the policy's own rules by what they are about, then those of packs by pack."""
    own: dict[str, dict[str, list[Rule]]] = {}
    departed = {item.pack: item for item in policy.departures}
    packs: dict[str, dict[str, list[Rule]]] = {pack: {} for pack in (*policy.parameters, *departed)}
    for rule in policy.rules:
        noun = rule.on[0].noun
        group = own.setdefault(noun, {}) if rule.pack is None else packs.setdefault(rule.pack, {})
        group.setdefault(rule.id, []).append(rule)
    found = [
        Group(f"rules/{noun}", f"Rules on {_plural(noun, policy)}", rules)
        for noun, rules in own.items()
    ]
    return found + [
        Group(f"pack/{pack}", f"Rules of the {words(pack)} pack", rules, pack)
        for pack, rules in sorted(packs.items())
        if rules or policy.parameters.get(pack) or pack in departed
    ]


def _plural(noun: str, policy: Policy) -> str:
    register = policy.register_of(noun)
    return f"{words(noun)}s" if register is None else records_in_words(register, policy)


def rules_section(group: Group, policy: Policy, number: str, *, on: date) -> Section:
    """Make the section of one group: what is fixed for the pack, then a clause for each rule."""
    numbering = Numbering(number)
    blocks: list[Block] = []
    if group.pack is not None:
        blocks += pack_blocks(group.pack, policy, numbering, on)
    for spans in group.rules.values():
        first, text = spans[0], "\n".join(_said(spans, policy))
        clause = numbering.clause(f"rule/{first.id}", first.title.rstrip("."), text, first.mark)
        blocks.append(Provision(clause, notes=tuple(_notes(spans, on))))
    return Section(group.id, number, group.title, tuple(blocks), "framework")


def _said(spans: list[Rule], policy: Policy) -> Iterator[str]:
    """Give what a rule says in each span, how it binds, and where it comes from."""
    for rule in spans:
        yield f"{rule_in_words(rule, policy)}{when_in_force(rule.in_force)}"
    yield BINDING[spans[0].binding]
    origin = [text for text in (spans[0].clause, spans[0].source) if text and text != spans[0].id]
    if origin:
        yield sentence(f"source: {'; '.join(origin)}")


def _notes(spans: list[Rule], on: date) -> Iterator[Words]:
    if not any(on in rule.in_force for rule in spans):
        yield (Run("Not in force on the day of this document.", "emphasis"),)


class Tests:
    """The suites of a policy, by the rules of which they say anything."""

    def __init__(self, policy: Policy) -> None:
        self._named: Mapping[str, list[Suite]] = defaultdict(list)
        self._whole = [suite for suite in policy.suites if not suite.about]
        for suite in policy.suites:
            for rule in suite.about:
                self._named[rule].append(suite)

    def of(self, rule: Rule) -> Words:
        """Say which suites test a rule, with links to them, and by how many cases each."""
        suites = [*self._named.get(rule.id, ()), *self._whole]
        counts = [(suite, _count(suite, rule)) for suite in suites]
        found = [(suite, count) for suite, count in counts if count]
        if not found:
            return plain("suites of its pack" if rule.pack else "no suite")
        runs: list[Run] = []
        for suite, count in found:
            runs += [Run(", ")] if runs else []
            runs += [Run(suite.id, "code", f"suite/{suite.id}"), Run(f" ({_cases(count)})")]
        return tuple(runs)


def _cases(count: int) -> str:
    return f"{count} case{'' if count == 1 else 's'}"


def _count(suite: Suite, rule: Rule) -> int:
    """Count the cases of a suite that say anything of a rule, which is on their event."""
    on_it = (case for case in suite.cases if not case.event.judged_as.isdisjoint(rule.on))
    return sum(asserts_of(suite, case, rule) for case in on_it)


def sources_section(
    policy: Policy, number: str, numbers: Mapping[str, Clause], places: Places
) -> Section:
    """Make the annex of rules as they are written, each linked to its clause and its file."""
    rows, tests = [], Tests(policy)
    for rule in (spans[0] for group in groups(policy) for spans in group.rules.values()):
        clause = numbers[f"rule/{rule.id}"]
        written = (
            (Run(clause.number, to=clause.id),),
            (Run(rule.id, "code"),),
            (Run(", ".join(rule.on), "code"),),
            (Run(_written(rule), "code"),),
            tests.of(rule),
            (places.run(rule.mark),),
        )
        rows.append(Row(written, id=f"source/{rule.id}"))
    table = Table(("Clause", "Rule", "On", "When, as written", "Tested by", "File"), tuple(rows))
    blocks = (table,) if rows else ()
    return Section("sources", number, "Annex: rules as they are written", blocks, "framework")


def _written(rule: Rule) -> str:
    when = rule.condition.text if rule.condition is not None else "always"
    if rule.states:
        when = f"while {' or '.join(rule.states)}; {when}"
    derived = (f"{each.fact} is {each.value.text}" for each in rule.derivations)
    return " ".join("; ".join([when, *derived]).split())


def suites_section(
    policy: Policy, number: str, numbers: Mapping[str, Clause], places: Places
) -> Section:
    """Make the annex of suites, each linked to the clauses that it tests."""
    rows = []
    for suite in policy.suites:
        tested = (
            (Run(suite.id, "code"),),
            _about(suite, numbers, policy),
            plain(_cases(suite.size)),
            (places.run(suite.mark),),
        )
        rows.append(Row(tested, id=f"suite/{suite.id}"))
    table = Table(("Suite", "Tests clauses", "Cases", "File"), tuple(rows))
    return Section("suites", number, "Annex: tests", (table,) if rows else (), "framework")


def _about(suite: Suite, numbers: Mapping[str, Clause], policy: Policy) -> Words:
    if suite.ballots and not suite.cases:
        bodies = dict.fromkeys(titled(each.body, policy) for each in suite.ballots)
        vote = "votes" if len(bodies) == 1 else "vote"
        return plain(f"how {joined([with_the(body) for body in bodies])} {vote}")
    if suite.gates and not suite.cases:
        asked = dict.fromkeys(f"gate {each.gate}" for each in suite.gates)
        judge = "judges" if len(asked) == 1 else "judge"
        return plain(f"what {joined(list(asked))} {judge}")
    clauses = [numbers[f"rule/{rule}"] for rule in suite.about if f"rule/{rule}" in numbers]
    if not clauses:
        return plain("the whole policy")
    runs = [run for clause in clauses for run in (Run(", "), Run(clause.number, to=clause.id))]
    return tuple(runs[1:])
