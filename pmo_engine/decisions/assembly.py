"""From what fired to what follows: obligations put together, merged and put in order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.authority.limits import Approver, least_senior
from pmo_engine.decisions.signers import NOT_SOUGHT, Approvers, Sought, other_act, signers
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import HOURS
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.quorum import needed
from pmo_engine.model.signatures import Signatory, Signatures
from pmo_engine.model.vocabulary import ObligationKind
from pmo_engine.policy import (
    AutoApprove,
    Block,
    Effect,
    Notify,
    RaiseException,
    RequireApproval,
    RequireAssessment,
    RequireEvidence,
    RequireInformation,
    Rule,
)
from pmo_engine.policy.acts import APPROVE, does
from pmo_engine.policy.decision import Obligation, Outcomes, PolicyReference, strictest
from pmo_engine.policy.fact_paths import fact, paths_in
from pmo_engine.policy.selection import Selection, seniority_depth, setter_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from pmo_engine.model.durations import Span
    from pmo_engine.model.vocabulary import Binding
    from pmo_engine.policy.events import Event

KIND_ORDER: tuple[ObligationKind, ...] = (
    "block",
    "information",
    "evidence",
    "assessment",
    "exception",
    "approval",
    "notice",
)
BINDING_ORDER: tuple[Binding, ...] = ("shall", "should", "may")
REMEMBERED = 2_000

Given: TypeAlias = frozenset[FactPath]
NOTHING_GIVEN: Given = frozenset()
Unknown: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]  # rules and the facts they miss

PARTS_OF_AN_HOUR = 300  # of which all units are whole numbers, and whole numbers compare quickly


@dataclass(frozen=True, slots=True)
class Part:
    """An obligation as one rule asks for it, with what merging and sorting look at."""

    obligation: Obligation
    key: tuple[str, str, str]  # two of the same key are one
    rank: tuple[int, int]
    strength: int  # of its binding: the least is the strongest
    allowed: tuple[bool, int | Fraction]  # the time for it, as it is compared


class Assembler:
    """Put obligations together for one selection; what is constant is made once."""

    def __init__(self, selection: Selection, zone: ZoneInfo) -> None:
        self.selection = selection
        self._zone = zone
        self._sought = {rule.id: acts for rule in selection.rules if (acts := self._acts(rule))}
        self._seeking = frozenset(self._sought)
        self._wants = {rule.id: paths for rule in selection.rules if (paths := _wanted(rule))}
        self._trial = frozenset(rule.id for rule in selection.rules if rule.binding == "trial")
        self._parts: dict[tuple[str, Approvers, Given], tuple[Part, ...]] = {}
        self._wanted: dict[tuple[str, str], Part] = {}
        self._constant: dict[str, tuple[Part, ...]] = {}  # those of rules that look for nobody
        self._known: dict[Any, tuple[Obligation, ...]] = {}

    def obligations(self, outcomes: Outcomes, facts: Mapping[str, Any]) -> tuple[Obligation, ...]:
        """Give the obligations of these outcomes, in stable order."""
        fired, sought = outcomes.fired, NOT_SOUGHT
        unknown: Unknown = ()
        key: Any = fired
        if self._seeking and not self._seeking.isdisjoint(fired):
            sought = self._least_senior(fired, facts)
        given = self._given(fired, facts) if self._wants else NOTHING_GIVEN
        if sought or given or outcomes.unknown or outcomes.chosen:
            unknown = tuple(outcomes.unknown.items())
            key = fired, unknown, sought, given, tuple(outcomes.chosen.items())
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._assemble(outcomes, sought, given, unknown)
        return found

    def _given(self, fired: Iterable[str], facts: Mapping[str, Any]) -> Given:
        """Name the facts that rules which fired ask for, and that are there: nobody is asked."""
        paths = (path for rule in fired for path in self._wants.get(rule, ()))
        return frozenset(path for path in paths if not isinstance(fact(facts, path), Missing))

    def _acts(self, rule: Rule) -> tuple[str, ...]:
        """Give the acts for which a rule asks the least senior who may; empty is to approve."""
        approvals = (each for each in rule.then if isinstance(each, RequireApproval))
        own = self._own
        return tuple(dict.fromkeys(other_act(each.act, own) for each in approvals if each.seeks))

    @property
    def _own(self) -> str:
        return f"{APPROVE} {self.selection.event.noun}"

    def _least_senior(self, fired: Iterable[str], facts: Mapping[str, Any]) -> Sought:
        """Find the least senior who may, for each act for which rules that fired look for them."""
        acts = dict.fromkeys(act for rule in fired for act in self._sought.get(rule, ()))
        return tuple((act, least_senior(self.selection, facts, act)) for act in acts)

    def _approvers(self, rule: str, outcomes: Outcomes, sought: Sought) -> Approvers:
        """Give who must approve by one rule, of what was found for all of them."""
        mine = sought if rule in self._seeking else NOT_SOUGHT
        return Approvers(mine, outcomes.chosen.get(rule, ()))

    def on_trial(self, outcomes: Outcomes, facts: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Say what each rule on trial that fired would have asked for, if it bound anybody."""
        tried = [name for name in outcomes.fired if name in self._trial]
        if not tried:
            return {}
        sought, given = self._least_senior(tried, facts), self._given(tried, facts)
        rules = self.selection.by_id
        return {
            name: self._tried(rules[name], self._approvers(name, outcomes, sought), given)
            for name in tried
        }

    def _tried(self, rule: Rule, approvers: Approvers, given: Given) -> tuple[str, ...]:
        from pmo_engine.prose.rules import obligation_in_words, passing_in_words  # noqa: PLC0415 - slow

        policy = self.selection.policy
        asked = self._asked(rule, approvers, given)
        words = [obligation_in_words(each, policy) for each in asked]
        words += [
            passing_in_words(rule, e, policy) for e in rule.then if isinstance(e, AutoApprove)
        ]
        return tuple(words)

    def reasons(self, obligation: Obligation, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Say in words, with this case's values, why ``obligation`` follows."""
        from pmo_engine.prose.rules import reasons  # noqa: PLC0415 - slow, and seldom asked for

        return reasons(self.selection, facts, obligation)

    def binds(self, rule: str) -> bool:
        """Tell whether a rule holds for everybody (*shall*)."""
        return self.selection.by_id[rule].binding == "shall"

    def reference(self, day: date | None, event: Event) -> PolicyReference:
        """Say which policy decides ``event``, with the dated values of ``day`` or of its own."""
        return PolicyReference.of(self.selection.policy, day or event.day(self._zone))

    def _assemble(
        self, outcomes: Outcomes, sought: Sought, given: Given, unknown: Unknown
    ) -> tuple[Obligation, ...]:
        rules, constant = self.selection.by_id, self._constant
        made: list[Part] = []
        for name in outcomes.fired:
            parts = constant.get(name)
            if parts is None:
                approvers = self._approvers(name, outcomes, sought)
                parts = self._parts_of(rules[name], approvers, given)
            made += parts
        for name, paths in unknown:
            if rules[name].binding == "shall":
                made += [self._wanting(rules[name], path) for path in paths]
        ordered = sorted(_merged(made), key=lambda part: part.rank)
        return tuple(part.obligation for part in ordered)

    def _parts_of(self, rule: Rule, approvers: Approvers, given: Given) -> tuple[Part, ...]:
        mine = given.intersection(self._wants.get(rule.id, ()))
        found = self._parts.get((rule.id, approvers, mine))
        if found is None:
            asked = () if rule.binding == "trial" else self._asked(rule, approvers, mine)
            found = self._parts[rule.id, approvers, mine] = tuple(map(self._part, asked))
        hangs_on_facts = rule.id in self._seeking or rule.id in self._wants or any(rule.choices)
        if not hangs_on_facts:
            self._constant[rule.id] = found
        return found

    def _wanting(self, rule: Rule, path: str) -> Part:
        found = self._wanted.get((rule.id, path))
        if found is None:
            found = self._wanted[rule.id, path] = self._part(self._missing(rule, path))
        return found

    def _asked(self, rule: Rule, approvers: Approvers, given: Given) -> Iterator[Obligation]:
        """Give everything that a rule asks for, but for facts that are ``given``."""
        choices = iter(approvers.chosen)
        for effect in rule.then:
            if isinstance(effect, RequireApproval):
                yield from self._approval(rule, effect, dict(approvers.sought), choices)
                continue
            made = map(self._of_its_setter, _obligations(rule, effect))
            yield from (e for e in made if e.kind != "information" or e.target not in given)

    def _approval(
        self,
        rule: Rule,
        effect: RequireApproval,
        sought: Mapping[str, Approver | Missing],
        choices: Iterator[tuple[str, ...] | Missing],
    ) -> Iterator[Obligation]:
        """Give what an approval asks for: signatures, notices, or the facts that say whose."""
        policy, act = self.selection.policy, other_act(effect.act, self._own)
        found = signers(effect, policy, sought.get(act), choices)
        if isinstance(found, Missing):
            yield from (self._missing(rule, path) for path in found.paths)
        elif found and does(policy.acts, act) == "is told":
            for each in found:
                made = _obligation(rule, "notice", each.role, role=each.role)
                yield replace(made, act=act)
        elif found:
            made = _signed(rule, effect, found)
            approver = sought.get(act) if effect.seeks and len(found) == 1 else None
            clause = approver.clause if isinstance(approver, Approver) else made.clause
            yield replace(made, act=act, clause=clause)

    def _of_its_setter(self, item: Obligation) -> Obligation:
        """Ask a fact that names nobody of whom alone may set it, where it is not anybody's."""
        if item.kind != "information" or item.role is not None:
            return item
        return replace(item, role=setter_of(self.selection.policy, item.target))

    def _missing(self, rule: Rule, path: str) -> Obligation:
        policy = self.selection.policy
        made = replace(_obligation(rule, "information", path), facts=(FactPath(path),))
        made = self._of_its_setter(made)
        return replace(made, within=policy.default_within, ladder=policy.default_ladder)

    def _part(self, item: Obligation) -> Part:
        distinct = item.act or (item.text if item.kind == "notice" else "")
        depth = seniority_depth(self.selection.policy, item.role) if item.role else 0
        rank = (KIND_ORDER.index(item.kind), -depth)
        key = item.kind, item.target, distinct
        return Part(item, key, rank, BINDING_ORDER.index(item.binding), _time_allowed(item))


def _wanted(rule: Rule) -> tuple[FactPath, ...]:
    """Name the facts that a rule asks for whatever they are, so that it asks while they are not.

    Where its condition looks at a fact, that says itself when it is asked for.
    """
    asked = [p for each in rule.then if isinstance(each, RequireInformation) for p in each.facts]
    seen = [p for each in rule.expressions for p in paths_in(each.node)] if asked else []
    return tuple(path for path in asked if not any(map(path.overlaps, seen)))


def _obligations(rule: Rule, effect: Effect) -> Iterator[Obligation]:
    match effect:
        case RequireAssessment(role, within, ladder):
            yield _obligation(rule, "assessment", role, role=role, within=within, ladder=ladder)
        case RequireInformation(paths, role, within, ladder):
            for path in paths:
                made = _obligation(
                    rule, "information", path, role=role, within=within, ladder=ladder
                )
                yield replace(made, facts=(path,))
        case RequireEvidence(evidence, role, age, within, ladder):
            made = _obligation(rule, "evidence", evidence, role=role, within=within, ladder=ladder)
            yield replace(made, max_age=age)
        case RaiseException(role, reason, within, ladder):
            made = _obligation(rule, "exception", role, role=role, within=within, ladder=ladder)
            yield replace(made, text=reason)
        case Notify(role, message):
            yield replace(_obligation(rule, "notice", role, role=role), text=message)
        case Block(reason):
            yield replace(_obligation(rule, "block", rule.id), text=reason)


def _signed(rule: Rule, effect: RequireApproval, of: tuple[Signatory, ...]) -> Obligation:
    """Give the obligation that some sign."""
    needs = len(of) if effect.needs is None else needed(len(of), effect.needs)
    wanted = Signatures(of, min(needs, len(of)), effect.in_sequence, effect.distinct)
    made = _obligation(
        rule,
        "approval",
        str(wanted),
        role=of[0].role,
        within=effect.within,
        ladder=effect.ladder,
    )
    made = replace(made, when_time_is_up=effect.when_time_is_up)
    return made if wanted.is_plain else replace(made, signatures=wanted)


def _obligation(
    rule: Rule,
    kind: ObligationKind,
    target: str,
    *,
    role: str | None = None,
    within: Span | None = None,
    ladder: str | None = None,
) -> Obligation:
    return Obligation(
        kind,
        rule.id,
        target,
        rule.binding,
        role=role,
        within=within,
        ladder=ladder,
        clause=rule.clause or rule.id,
    )


def _merged(made: Iterable[Part]) -> Iterable[Part]:
    alike: dict[tuple[str, str, str], list[Part]] = {}
    for part in made:
        alike.setdefault(part.key, []).append(part)
    return [parts[0] if len(parts) == 1 else _joined(parts) for parts in alike.values()]


def _joined(parts: Sequence[Part]) -> Part:
    """Make one of several that ask for the same: the strongest binding, the shortest time."""
    first, *others = parts
    quickest, ladder = first, first.obligation.ladder
    rules = {first.obligation.rule: first.strength}
    for part in others:
        item = part.obligation
        if item.rule in rules:
            continue
        rules[item.rule] = part.strength
        if part.allowed < quickest.allowed:
            quickest, ladder = part, item.ladder or ladder
        else:
            ladder = ladder or item.ladder
    if len(rules) == 1:
        return first
    obligation = replace(
        first.obligation,
        binding=BINDING_ORDER[min(rules.values())],
        within=quickest.obligation.within,
        ladder=ladder,
        also=tuple(rules)[1:],
        when_time_is_up=strictest(part.obligation.when_time_is_up for part in parts),
        signatures=_strictest([part.obligation.signatures for part in parts]),
    )
    return Part(obligation, first.key, first.rank, first.strength, first.allowed)


def _strictest(asked: Sequence[Signatures | None]) -> Signatures | None:
    """Give the signatures that every rule asks for: of distinct persons where one says so."""
    strict = [each for each in asked if each is None or each.distinct]
    return (strict or asked)[0]


def _time_allowed(item: Obligation) -> tuple[bool, int | Fraction]:
    """Order by the time allowed; no time at all is the longest."""
    if item.within is None:
        return True, 0
    parts = Fraction(item.within.amount) * HOURS[item.within.unit] * PARTS_OF_AN_HOUR
    return False, parts.numerator if parts.denominator == 1 else parts
