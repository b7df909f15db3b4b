"""Gates, ladders, registers and working time as English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words, titled
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins.temporal import MONTHS
from pmo_engine.model.names import words
from pmo_engine.model.patterns import pattern
from pmo_engine.model.working_time.hours import MIDNIGHT
from pmo_engine.policy.registers import EVENTS, OF_RECORDS
from pmo_engine.policy.selection import head_of
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.names import (
    called,
    climbing_in_words,
    is_of_roles,
    of_it,
    sentence,
    type_in_words,
    with_article,
)
from pmo_engine.prose.time_up import time_up_in_words
from pmo_engine.prose.values import joined, span_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.model.working_time.calendar import Closure, WorkingCalendar
    from pmo_engine.model.working_time.day_rules import DayRule
    from pmo_engine.model.working_time.hours import Hours
    from pmo_engine.policy import (
        Assessing,
        Criterion,
        Evidence,
        Field,
        Gate,
        Policy,
        Register,
        Relation,
        Rung,
    )

ADDRESSEES = {
    "addressee": "whoever was asked",
    "deputy": "the deputy of whoever was asked",
    "senior": "the next more senior role",
}
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WITH_ARTICLE = pattern(r"^United |(?:ands|Philippines|Republic)$")
_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


def gate_in_words(gate: Gate, policy: Policy) -> str:
    """Say a gate: from where to where, who assesses, who decides what, and how soon."""
    decider = role_in_words(gate.decided_by, policy)
    outcomes = joined([words(each) for each in gate.outcomes], "or")
    parts = [f"{decider} decides{_time(gate)} whether {_passage(gate)}", f"it decides {outcomes}"]
    if gate.when_time_is_up is not None:
        parts.append(time_up_in_words(gate.when_time_is_up).removeprefix("; "))
    if gate.assessments:
        roles = joined([words(each) for each in gate.assessments])
        role = "role" if len(gate.assessments) == 1 else "roles"
        parts.append(f"before that, the functional {role} for {roles} must assess the project")
    parts += [_in_person(each) for each in gate.assessing if each.in_person]
    parts += [*_opened(gate, policy), *_decided_with(gate, policy)]
    return " ".join(sentence(part) for part in parts)


def _passage(gate: Gate) -> str:
    start, end = words(gate.from_stage), words(gate.to_stage)
    return (
        f"a project goes on in {end}" if start == end else f"a project passes from {start} to {end}"
    )


def _opened(gate: Gate, policy: Policy) -> Iterator[str]:
    """Say who opens a gate, and when it opens by itself."""
    if gate.opened_by:
        by = joined([role_in_words(each, policy) for each in gate.opened_by], "or")
        yield f"it is opened by {by}"
    for each in gate.opens:
        when = f", if {in_words(each.when, policy)}" if each.when is not None else ""
        if each.on is not None:
            what = f"{words(each.on.noun)} is {words(each.on.what)}"
            yield f"it is opened automatically when {with_article(what)}{when}"
        elif each.of is not None:
            day = _day(in_words(each.of, policy))
            yield f"it is opened automatically {each.before} before {day}"


_HAPPENS_ON = re.compile(r"(?:what )?(the \w+(?:'s \w+)? \w+s) on")


def _day(said: str) -> str:
    """Say a day by what happens on it: "the project's stage ends on" by "on which it ends"."""
    found = _HAPPENS_ON.fullmatch(said)
    return f"the day on which {found[1]}" if found else f"the day that is {said}"


def _decided_with(gate: Gate, policy: Policy) -> Iterator[str]:
    """Say what is recommended to the body, and what a decision comes with."""
    for each in gate.recommend:
        if each.when is not None:
            when = in_words(each.when, policy)
            yield f"{words(each.outcome)} is recommended if {when}: {each.because.rstrip('.')}"
    if gate.repeats:
        yield "it is held again in later stages, and leaves these as they are"
    if gate.resources:
        yield "a decision to pass says which resources it gives"


def _in_person(assessing: Assessing) -> str:
    who = "somebody who performs the role"
    apart = " and has no role in the project" if assessing.independent else ""
    return f"{words(assessing.role)} is assessed by {who}{apart}{span_in_words(assessing.within)}"


def _time(gate: Gate) -> str:
    return f"{span_in_words(gate.within)}{climbing_in_words(gate.ladder)}"


def criterion_in_words(criterion: Criterion, policy: Policy) -> str:
    """Say a criterion of a gate: how strongly it holds, by whose word, when, and on what."""
    hurdle = f", scored at least {criterion.hurdle} of 10" if criterion.hurdle is not None else ""
    weight = f", counted {criterion.weight} times" if criterion.weight > 1 else ""
    rests = [words(each) for each in criterion.evidence]
    on = f", on the evidence of {joined(rests)}" if rests else ""
    judged = _judged(criterion, policy)
    text = criterion.text.rstrip(".")
    return sentence(f"{criterion.level}: {text}{hurdle}{weight}{judged}{on}")


def _judged(criterion: Criterion, policy: Policy) -> str:
    if criterion.when is not None:
        return f", if {in_words(criterion.when, policy)}"
    if criterion.score is not None:
        return f", scored as {in_words(criterion.score, policy)}"
    judge = criterion.judge or head_of(policy)
    says = "says whether it is so" if criterion.level == "must" else "gives the score"
    return f" ({role_in_words(judge, policy)} {says})" if judge else ""


def evidence_in_words(evidence: Evidence, policy: Policy) -> str:
    """Say what a gate wants to see, from whom, and how old it may be when it is decided."""
    text = evidence.text.rstrip(".")
    of = f", of the {words(evidence.register)}" if evidence.register else ""
    giver = evidence.role or ("project_manager" if "project_manager" in policy.roles else "")
    by = f", given by {role_in_words(giver, policy)}" if giver else ""
    soon = span_in_words(evidence.within)
    return sentence(f"{text}{of}{by}{soon}{span_in_words(evidence.max_age, ', no older than ')}")


def moment_in_words(rung: Rung) -> str:
    """Say when a rung comes: "at 50 % of the time allowed", "1 working day after it is due"."""
    if rung.at is not None:
        return "when it is due" if rung.at.fraction == 1 else f"at {rung.at} of the time allowed"
    return f"{rung.after} after it was due"


def action_in_words(rung: Rung, policy: Policy) -> str:
    """Say what a rung does: "a reminder goes to ...", "it goes up to ..."."""
    whom = ADDRESSEES.get(rung.to) or role_in_words(rung.to, policy)
    return f"a reminder goes to {whom}" if rung.action == "remind" else f"it is escalated to {whom}"


def rung_in_words(rung: Rung, policy: Policy) -> str:
    """Say a rung as a sentence."""
    return sentence(f"{moment_in_words(rung)}, {action_in_words(rung, policy)}")


def field_in_words(field: Field, register: Register, policy: Policy) -> str:
    """Say a field of a register: what it is and must be, and what it means."""
    own = [each for each in register.relations if each.name == field.name]
    must = f", {joined([relation_in_words(each, register, policy) for each in own])}" if own else ""
    required = ", must be given" if field.required else ""
    setter = f", set by {role_in_words(field.set_by, policy)} alone" if field.set_by else ""
    quiet = "" if field.asks_anew else ", whose change asks nobody anew"
    about = f": {field.about}" if field.about else ""
    return sentence(f"{kind_in_words(field.type, policy)}{required}{must}{setter}{quiet}{about}")


def relation_in_words(relation: Relation, register: Register, policy: Policy) -> str:
    """Say what a field must be: "not before the start", "a person of the project"."""
    if not relation.other:
        return relation.how
    if relation.how == OF_RECORDS:
        return f"the key of {with_article(called(policy.registers[relation.other].noun, policy))}"
    return f"{relation.how} {of_it(called(relation.other, policy, of=register.root))}"


def kind_in_words(kind: t.Type, policy: Policy) -> str:
    """Say the type of a field; an enumeration lists its values as words, roles by their titles."""
    if isinstance(kind, t.EnumType) and is_of_roles(kind, policy):
        return f"a role: {joined([titled(each, policy) for each in kind.values], 'or')}"
    if isinstance(kind, t.EnumType):
        return f"one of {joined([words(each) or each for each in kind.values], 'or')}"
    return "a list of texts" if kind == t.ListType(t.STRING) else type_in_words(kind)


def register_in_words(register: Register, policy: Policy) -> str:
    """Say what a register is spoken of as, and what happens to its records."""
    own_events = [words(each.what) for each in register.events if each.what not in EVENTS]
    happens = f"it can also be {joined(own_events, 'or')}" if own_events else ""
    value = called(register.value, policy, of=register.root) if register.value else ""
    measured = f" and is measured by its {value}" if value else ""
    what = with_article(called(register.noun, policy))
    own = [each for each in register.relations if each.name not in register.fields]
    said = [f"its {each.name} must be {relation_in_words(each, register, policy)}" for each in own]
    if register.stands_unasked:
        said.append("it is decided about only where a rule asks somebody")
    parts = [f"each record is {what}{measured}", *said, *([happens] if happens else [])]
    return sentence("; ".join(parts))


def usual_events_in_words() -> str:
    """Say what can happen to the records of every register."""
    return sentence(f"every record can be {joined(EVENTS, 'or')}")


def holidays_in_words(country: str, part: str | None) -> str:
    """Say whose public holidays are kept: "those of Taranaki, New Zealand"."""
    import holidays  # noqa: PLC0415 - slow to load
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - the same

    key, names = next((k, names) for k, names in COUNTRIES.items() if country in names)
    name = key.replace("_", " ").title()
    article = "the " if _WITH_ARTICLE.search(name) else ""
    if part is None:
        return f"those of {article}{name}"
    called = getattr(holidays, names[0]).subdivisions_aliases
    return f"those of {next((k for k, code in called.items() if code == part), part)}, {name}"


def week_in_words(calendar: WorkingCalendar) -> list[tuple[str, str]]:
    """Give the working hours, days of the same hours together, as "Monday to Friday"."""
    found: list[tuple[list[str], Hours]] = []
    for day, hours in zip(WEEK, calendar.hours, strict=True):
        if found and found[-1][1] == hours:
            found[-1][0].append(day)
        else:
            found.append(([day], hours))
    return [(_days(days), hours_in_words(hours)) for days, hours in found]


def _days(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def hours_in_words(hours: Hours) -> str:
    """Say hours of a day: "09:00 to 12:30 and 13:30 to 17:00", or "closed"."""
    spans = [f"{_clock(first)} to {_clock(last)}" for first, last in hours]
    return joined(spans) or "closed"


def _clock(minutes: int) -> str:
    over = minutes > MIDNIGHT
    minutes -= MIDNIGHT * over
    return f"{minutes // 60:02}:{minutes % 60:02}{' of the next day' * over}"


def day_rule_in_words(rule: DayRule) -> str:
    """Say days that come again: "the last Friday of each month", "24 December of each year"."""
    if rule.before_holidays:
        return "the day before a public holiday"
    months = [MONTHS[month - 1] for month in rule.months]
    if rule.day:
        return f"{rule.day} {joined(months)} of each year"
    days = joined([WEEK[weekday] for weekday in rule.weekdays])
    if rule.place:
        return f"the {_PLACES[rule.place]} {days} of {joined(months) or 'each month'}"
    return f"{days} in {joined(months)}"


def closure_in_words(closure: Closure) -> str:
    """Say a closure by its first and last day."""
    first, last = closure
    return (
        value_in_words(first)
        if first == last
        else f"{value_in_words(first)} to {value_in_words(last)}"
    )
