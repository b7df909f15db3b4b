"""The governance framework as sections: roles, gates, rules, ladders, registers, working time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.incompatible import apart
from pmo_engine.authority.titles import role_in_words
from pmo_engine.documents.model import (
    Flow,
    Paragraph,
    Passage,
    Provision,
    Row,
    Run,
    Section,
    Step,
    Table,
    TimeLine,
)
from pmo_engine.documents.numbering import Numbering, capital, cells, plain, row, tabled
from pmo_engine.documents.sections import lives
from pmo_engine.model.names import words
from pmo_engine.policy.acts import declared
from pmo_engine.policy.selection import seniority_depth
from pmo_engine.prose.names import called, office_in_words, records_in_words, sentence, with_article
from pmo_engine.prose.procedures import (
    action_in_words,
    closure_in_words,
    criterion_in_words,
    day_rule_in_words,
    evidence_in_words,
    field_in_words,
    gate_in_words,
    holidays_in_words,
    hours_in_words,
    moment_in_words,
    register_in_words,
    rung_in_words,
    usual_events_in_words,
    week_in_words,
)
from pmo_engine.prose.values import value_in_words
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.documents.model import Block, Clause
    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy import (
        DeclaredAct,
        FunctionalAssignment,
        Gate,
        Ladder,
        Policy,
        Register,
        Role,
    )
    from pmo_engine.policy.acts import Does


WHAT: Mapping[Does, str] = {
    "decides": "It decides about the record, with the others who do.",
    "signs": "A signature that has to be there beside those who decide.",
    "is asked": "Whoever does it is asked, and answers, before others decide.",
    "is told": "Whoever does it is told.",
}


def roles_section(policy: Policy, number: str) -> Section:
    """Make the section on roles: who is senior to whom, and who performs the functional roles."""
    numbering = Numbering(number)
    rows = [
        row(numbering.clause(f"role/{role.id}", _title(role), _role(role, policy), role.mark))
        for role in sorted(policy.roles.values(), key=lambda each: seniority_depth(policy, each.id))
    ]
    functional = [
        row(
            numbering.clause(
                f"functional/{each.role}",
                capital(words(each.role)),
                _performed(each, policy),
                NOWHERE,
            )
        )
        for each in policy.functional.values()
    ]
    blocks: list[Block] = [Table(("Clause", "Role", "Standing"), tuple(rows))]
    if functional:
        blocks.append(Table(("Clause", "Functional role", "Performed by"), tuple(functional)))
    return Section("roles", number, "Roles", tuple(blocks), "framework")


def _title(role: Role) -> str:
    return capital(role.title)


def _role(role: Role, policy: Policy) -> str:
    above = f"{role_in_words(role.senior, policy)} is senior to it" if role.senior else ""
    kind = "a body that decides by votes" if role.body else ""
    answers = "" if role.accountable else "not accountable"
    others = " or ".join(sorted(_apart(role.id, policy)))
    alone = f"nobody who holds it may also be {others}" if others else ""
    said = [part for part in (kind, above, answers, alone) if part]
    return sentence("; ".join(said) or "nobody is senior to it")


def _apart(role: str, policy: Policy) -> Iterator[str]:
    """Name the roles that nobody holds beside one, and by whose decision."""
    for pair in apart(policy):
        if role in pair:
            (other,) = pair - {role}
            saying = (each for each in policy.incompatible if pair <= set(each.roles))
            source = next((each.source for each in saying), "")
            yield f"{role_in_words(other, policy)}{f' ({source})' if source else ''}"


def acts_section(policy: Policy, number: str) -> Section:
    """Make the section on acts that the policy declares: what each of them is beside others."""
    numbering = Numbering(number)
    rows = [
        row(numbering.clause(f"act/{act.id}", capital(_called(act)), WHAT[act.does], act.mark))
        for act in declared(policy.acts)
    ]
    table = Table(("Clause", "Act", "What it is"), tuple(rows))
    return Section("acts", number, "Acts", (table,), "framework")


def _called(act: DeclaredAct) -> str:
    return act.label or words(act.id)


def _performed(each: FunctionalAssignment, policy: Policy) -> str:
    office = policy.offices.get(each.office)
    title = words(each.office) if office is None else office.title
    return sentence(f"{with_article(each.performed_by)} of {office_in_words(title)}")


def gates_section(policy: Policy, number: str) -> Section:
    """Make the section on stages and gates: a picture, and a clause for each gate."""
    numbering = Numbering(number)
    blocks: list[Block] = [_flow(policy), _passages(policy), *_scales(policy)]
    for gate in policy.gates.values():
        text = gate_in_words(gate, policy)
        heading = f"{gate.id}: {gate.title}"
        clause = numbering.clause(f"gate/{gate.id}", heading, text, gate.mark)
        table = _asked(clause, gate, policy)
        blocks.append(Provision(clause, (table,) if table.rows else ()))
    return Section("gates", number, "Stages and gates", tuple(blocks), "framework")


def _scales(policy: Policy) -> Iterator[Paragraph]:
    """Say on which scale confidence in a project is rated, and from when on."""
    for each in policy.confidence:
        since = f" from {value_in_words(each.since)} on" if each.since is not None else ""
        steps = ", ".join(each.steps)
        yield Paragraph(plain(f"Confidence that a project delivers is rated{since}: {steps}."))


def _passages(policy: Policy) -> Table:
    rows = []
    for gate in policy.gates.values():
        name = Run(gate.id, to=f"gate/{gate.id}")
        stages = words(gate.from_stage), words(gate.to_stage)
        decider = role_in_words(gate.decided_by, policy).removeprefix("the ")
        outcomes = ", ".join(words(each) for each in gate.outcomes)
        rest = cells(gate.title, *stages, decider, str(gate.within or ""), outcomes)
        rows.append(Row(((name,), *rest)))
    columns = ("Gate", "Title", "From", "To", "Decided by", "Within", "Outcomes")
    return Table(columns, tuple(rows))


def _asked(clause: Clause, gate: Gate, policy: Policy) -> Table:
    """Tabulate what a gate asks: criteria and evidence, each a clause."""
    numbering = Numbering(clause.number)
    said = [
        (f"criterion/{each.id}", capital(words(each.id)), criterion_in_words(each, policy))
        for each in gate.criteria
    ]
    said += [
        (f"evidence/{each.id}", capital(words(each.id)), evidence_in_words(each, policy))
        for each in gate.evidence
    ]
    rows = (
        row(numbering.clause(f"{clause.id}/{name}", heading, text, gate.mark))
        for name, heading, text in said
    )
    return Table(("Clause", "Asked", "What must be shown"), tuple(rows))


def _flow(policy: Policy) -> Flow:
    passages = tuple(
        Passage(
            gate.id,
            gate.title,
            words(gate.from_stage),
            words(gate.to_stage),
            role_in_words(gate.decided_by, policy).removeprefix("the "),
        )
        for gate in policy.gates.values()
    )
    stages = dict.fromkeys(stage for each in passages for stage in (each.from_stage, each.to_stage))
    return Flow(tuple(stages), passages, "Stages and the gates between them")


def ladders_section(policy: Policy, number: str) -> Section:
    """Make the section on reminders and escalations: a time line and a table for each ladder."""
    numbering = Numbering(number)
    blocks = []
    for ladder in policy.ladders.values():
        text = "\n".join(rung_in_words(rung, policy) for rung in ladder.rungs)
        clause = numbering.clause(
            f"ladder/{ladder.id}", capital(words(ladder.id)), text, ladder.mark
        )
        blocks.append(tabled(clause, _time_line(ladder, policy), _rungs(ladder, policy)))
    title = "Reminders and escalations"
    return Section("ladders", number, title, tuple(blocks), "framework")


def _rungs(ladder: Ladder, policy: Policy) -> Table:
    rows = (
        Row(
            cells(
                str(place), capital(moment_in_words(rung)), capital(action_in_words(rung, policy))
            )
        )
        for place, rung in enumerate(ladder.rungs, 1)
    )
    return Table(("Rung", "When", "What happens"), tuple(rows))


def _time_line(ladder: Ladder, policy: Policy) -> TimeLine:
    steps = tuple(
        Step(moment_in_words(rung), action_in_words(rung, policy), rung.after is not None)
        for rung in ladder.rungs
    )
    return TimeLine(steps, f"The ladder {words(ladder.id)}")


def registers_section(policy: Policy, number: str) -> Section:
    """Make the section on registers: a table of fields for each."""
    numbering = Numbering(number)
    blocks: list[Block] = [Paragraph(plain(usual_events_in_words()))]
    blocks += [_register(numbering, register, policy) for register in policy.registers.values()]
    return Section("registers", number, "Registers", tuple(blocks), "framework")


def _register(numbering: Numbering, register: Register, policy: Policy) -> Provision:
    name, text = f"register/{register.id}", register_in_words(register, policy)
    clause = numbering.clause(
        name, capital(records_in_words(register, policy)), text, register.mark
    )
    below = Numbering(clause.number)
    rows = (
        row(
            below.clause(
                f"{name}/{each.name}",
                called(each.name, policy, of=register.root),
                field_in_words(each, register, policy),
                register.mark,
            )
        )
        for each in register.fields.values()
    )
    fields = Table(("Clause", "Field", "What it is"), tuple(rows))
    own = lives.life_of(below, register, policy) if register.life.declared else ()
    return Provision(clause, (fields, *own))


def calendar_section(policy: Policy, number: str) -> Section:
    """Make the section on working time."""
    numbering = Numbering(number)
    clauses = (
        numbering.clause(f"calendar/{part}", heading, text, NOWHERE)
        for part, heading, text in _working_time(policy.calendar)
        if text
    )
    blocks = tuple(Provision(clause, listed=True) for clause in clauses)
    return Section("calendar", number, "Working time", blocks, "framework")


def _working_time(calendar: WorkingCalendar) -> Iterator[tuple[str, str, str]]:
    yield "zone", "Time zone", sentence(calendar.zone)
    yield (
        "hours",
        "Hours",
        _sentences(f"{days}: {hours}" for days, hours in week_in_words(calendar)),
    )
    kept = "" if calendar.in_lieu else ", and no day is worked in place of another"
    whose = sentence(f"{holidays_in_words(*calendar.holidays)}{kept}") if calendar.holidays else ""
    yield "holidays", "Public holidays", whose
    yield "closures", "Closed", _sentences(map(closure_in_words, calendar.closures))
    halves = [
        *((value_in_words(day), hours) for day, hours in calendar.half_days),
        *((day_rule_in_words(rule), hours) for rule, hours in calendar.day_rules),
    ]
    said = (f"{days}: {hours_in_words(hours)}" for days, hours in halves)
    yield "half_days", "Half days", _sentences(said)


def _sentences(texts: Iterable[str]) -> str:
    return "\n".join(sentence(text) for text in texts)
