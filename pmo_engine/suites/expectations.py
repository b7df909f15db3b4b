"""How a decision differs from what a case of a suite expects of it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, from_wire, to_json
from pmo_engine.model.durations import DurationError, Span
from pmo_engine.model.money import Money
from pmo_engine.policy.suites.expectations import (
    APPROVALS,
    BY_ROLE,
    BY_TARGET,
    OF_OBLIGATIONS,
    OF_RULES,
    OF_TIME,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.model.signatures import Signatures
    from pmo_engine.model.vocabulary import ObligationKind
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.policy.ladders import Due


class Findings:
    """What a decision says as far as a suite judges it, and which rungs of ladders have fired."""

    def __init__(
        self,
        decision: Decision,
        about: Collection[str],
        fired_rungs: Sequence[Due] = (),
    ) -> None:
        self._decision = decision
        self._about = frozenset(about)
        self._rungs = fired_rungs

    def of(self, key: str) -> Any:
        """Give what came out under a key of ``expect``, as JSON."""
        if key == APPROVALS:
            return sorted(asked_of(item) for item in self.of_kind("approval"))
        if key in BY_ROLE:
            return sorted(str(item.role) for item in self.of_kind(BY_ROLE[key]))
        if key in BY_TARGET:
            return sorted(item.target for item in self.of_kind(BY_TARGET[key]))
        if key in OF_RULES:
            return sorted(self._judged(self._rules(key)))
        if key in OF_TIME:
            action = "remind" if key == "reminded" else "escalate"
            return sorted({each.role for each in self._rungs if each.rung.action == action})
        if key == "blocked":
            return bool(self.of_kind("block"))
        return self._decision.status

    @property
    def derived(self) -> Mapping[str, Any]:
        """Give the facts that rules derived."""
        return self._decision.outcomes.derived

    @property
    def faults(self) -> Mapping[str, str]:
        """Give the judged rules in which something went wrong, with what."""
        faults = self._decision.faults
        return {rule: faults[rule] for rule in self._judged(faults)}

    @property
    def obligations(self) -> list[Obligation]:
        """Give the obligations that a judged rule asks for."""
        return [item for item in self._decision.obligations if self._judged(item.rules)]

    def reasons(self, item: Obligation) -> tuple[str, ...]:
        """Say why an obligation follows."""
        return self._decision.reasons(item)

    def _rules(self, key: str) -> Iterable[str]:
        outcomes = self._decision.outcomes
        match key:
            case "fired":
                return outcomes.fired
            case "not_fired":
                return outcomes.not_fired
            case "unknown":
                return outcomes.unknown
            case "faults":
                return outcomes.faults
            case _:
                return self._decision.trial

    def _judged(self, rules: Iterable[str]) -> list[str]:
        return [rule for rule in rules if not self._about or rule in self._about]

    @property
    def noun(self) -> str:
        """Give the noun of the record that the decision is about."""
        return self._decision.noun

    def of_kind(self, kind: ObligationKind) -> list[Obligation]:
        """Give the obligations of a kind that a judged rule asks for."""
        return [item for item in self.obligations if item.kind == kind]


def differences(expect: Mapping[str, Any], found: Findings) -> Iterator[str]:
    """Say how a decision differs from what is expected; nothing where it does not.

    A fault that is not expected is a difference, whatever else is: the rule was not judged.
    """
    if "faults" not in expect:
        yield from (f"faults: {rule}: {why}" for rule, why in found.faults.items())
    for key, wanted in expect.items():
        if key == "facts":
            yield from _other_facts(wanted, found.derived)
        elif key in OF_OBLIGATIONS:
            yield from _other_obligations(key, wanted, found)
        elif key == "reasons":
            yield from _other_reasons(wanted, found)
        elif key == APPROVALS:
            yield from _other_approvals(wanted, found)
        elif _ordered(wanted) != _ordered(came := found.of(key)):
            yield f"{key}: expected {_shown(wanted)}, got {_shown(came)}"


# Obligations in part


def asked_of(item: Obligation) -> str:
    """Name who is asked for an approval; where it is for another act, that too."""
    return f"{item.target} to {item.act}" if item.act else item.target


def _other_approvals(wanted: Sequence[Any], found: Findings) -> Iterator[str]:
    """Hold approvals against what is expected: a role alone, or a mapping of what is asked."""
    approvals = found.of_kind("approval")
    asked = [each if isinstance(each, Mapping) else {"from": each} for each in wanted]
    taken = _matched(asked, approvals, found)
    if len(taken) < max(len(asked), len(approvals)):
        said = sorted(_shown_approval(each) for each in wanted)
        came = found.of(APPROVALS)
        yield f"{APPROVALS}: expected {_shown(said)}, got {_shown(came)}"


def _shown_approval(wanted: Any) -> str:
    return f"{{{_detailed(wanted)}}}" if isinstance(wanted, Mapping) else str(wanted)


def _other_obligations(
    key: str, wanted: Sequence[Mapping[str, Any]], found: Findings
) -> Iterator[str]:
    obligations = found.obligations
    taken = _matched(wanted, obligations, found)
    for place, item in enumerate(wanted):
        if place not in taken.values():
            yield f"{key}: expected {_detailed(item)}, {_nearest(item, obligations, found)}"
    if key == "only":
        for place, obligation in enumerate(obligations):
            if place not in taken:
                yield f"only: got {_told(obligation)} too"


def _matched(
    wanted: Sequence[Mapping[str, Any]], obligations: Sequence[Obligation], found: Findings
) -> dict[int, int]:
    """Give each obligation at most one of the expectations, so that as many as can be are met."""
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for number, obligation in enumerate(obligations):
            if number in tried or _unlike(wanted[one], obligation, found):
                continue
            tried.add(number)
            if number not in taken or place(taken[number], tried):
                taken[number] = one
                return True
        return False

    for one in range(len(wanted)):
        place(one, set())
    return taken


def _unlike(wanted: Mapping[str, Any], item: Obligation, found: Findings) -> list[str]:
    return [key for key, value in wanted.items() if not _is(key, value, item, found)]


def _is(key: str, expected: Any, item: Obligation, found: Findings) -> bool:
    value = str(expected)
    match key:
        case "from" if isinstance(expected, list):
            signed = item.signatures
            names = [str(each) for each in signed.of] if signed is not None else [item.role]
            return sorted(map(str, expected)) == sorted(map(str, names))
        case "from" if item.kind == "approval":
            return value in {asked_of(item), item.target, _alone(item)}
        case "needs" if item.signatures is not None:
            return value in {item.signatures.needed, _number(item.signatures)}
        case "act" if not item.act:
            return value == f"approve {found.noun}"
        case "rule":
            return value in item.rules
        case "within":
            return item.within is not None and _span(value) == item.within
        case "reason":
            return any(value in reason for reason in found.reasons(item))
        case _:
            return value == _detail(key, item)


def _alone(item: Obligation) -> str:
    """Name the role that is asked, where it is one alone."""
    several = item.signatures is not None and len(item.signatures.of) > 1
    return "" if several else str(item.role or "none")


def _number(signatures: Signatures) -> str:
    """Give how many have to sign as a number, beside the words for it."""
    return str(signatures.needs if len(signatures.of) > 1 else signatures.of[0].count or 1)


def _detail(key: str, item: Obligation) -> str:
    signed = item.signatures
    match key:
        case "from":
            return item.target if signed is not None else str(item.role or "none")
        case "needs":
            return "all" if signed is None else signed.needed
        case "sequence":
            return str(signed is not None and signed.in_sequence).lower()
        case "distinct":
            return str(signed is None or signed.distinct).lower()
        case _:
            return str(getattr(item, key) or "none")


def _span(text: str) -> Span | None:
    try:
        return Span.parse(text)
    except DurationError:
        return None


def _nearest(wanted: Mapping[str, Any], obligations: Sequence[Obligation], found: Findings) -> str:
    """Say what comes nearest, and in what it differs."""
    if not obligations:
        return "got no obligation"
    alike = [item for item in obligations if "kind" in wanted and item.kind == wanted["kind"]]
    near = min(alike or obligations, key=lambda item: len(_unlike(wanted, item, found)))
    unlike = _unlike(wanted, near, found)
    got = [f"{key}: {_got(key, near, found)}" for key in unlike]
    return f"got {_told(near)} with {', '.join(got)}" if unlike else "which is there only once"


def _got(key: str, item: Obligation, found: Findings) -> str:
    if key == "rule":
        return ", ".join(item.rules)
    return " ".join(found.reasons(item)) if key == "reason" else _detail(key, item)


def _told(item: Obligation) -> str:
    return f"{item.kind} {item.target} of {', '.join(item.rules)}"


def _detailed(wanted: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in wanted.items())


def _other_reasons(wanted: Sequence[Any], found: Findings) -> Iterator[str]:
    said = [reason for item in found.obligations for reason in found.reasons(item)]
    for text in wanted:
        if not any(str(text) in reason for reason in said):
            yield f"reasons: no reason says '{text}'; they are: {' '.join(said) or 'none'}"


# Facts and lists


def _other_facts(wanted: Mapping[str, Any], derived: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        if name not in derived:
            yield f"facts.{name}: expected {_shown(value)}, and no rule derived it"
        elif not _same(value, derived[name]):
            yield f"facts.{name}: expected {_shown(value)}, got {_shown(to_json(derived[name]))}"


def _same(wanted: Any, value: Any) -> bool:
    """Compare what a file says with a value: numbers and money by value, not by how written."""
    match value:
        case dict():
            alike = isinstance(wanted, dict) and wanted.keys() == value.keys()
            return alike and all(_same(wanted[name], item) for name, item in value.items())
        case list() | tuple():
            alike = isinstance(wanted, list) and len(wanted) == len(value)
            return alike and all(map(_same, wanted, value))
        case Decimal() | Money():
            kind = t.MoneyType() if isinstance(value, Money) else t.NUMBER
            try:
                return bool(from_wire(kind, wanted, "") == value)
            except WireError:
                return False
        case _:
            return str(wanted) == _shown(to_json(value))


def _ordered(value: Any) -> Any:
    return sorted(str(item) for item in value) if isinstance(value, list) else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_shown(item)}" for name, item in value.items()) or "none"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
