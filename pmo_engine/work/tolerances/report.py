"""The exception report of a tolerance: its five parts, drafted from what the registers say."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import LEFT_OUT, PARTS
from pmo_engine.policy.tolerances import rule_of
from pmo_engine.prose.values import value_in_words
from pmo_engine.queries.records import score_of_risk
from pmo_engine.store import tables
from pmo_engine.work.tolerances.granted import ANSWER, kept_tolerances
from pmo_engine.work.tolerances.measuring import is_worse, limit_of, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.authority.tolerances import Standing
    from pmo_engine.policy import Policy, Tolerance
    from pmo_engine.work.governance import Context

MOST = 3
"""So many records are named for a part."""
RISKS, LESSONS = "risks", "lessons"
OPPORTUNITY = "opportunity"
NONE = "nothing is recorded; say it when you answer"


def drafted(
    c: Context, row: tables.Obligation, about: tables.Entry | tables.Project
) -> dict[str, str]:
    """Draft the five parts of an exception that a tolerance raised; nothing of another one."""
    kept = kept_tolerances(c, row)
    found = [(t, first, standing_of(c, t, about, since_first=first)) for t, first in kept]
    known = [(t, first, stands) for t, first, stands in found if stands is not None]
    plans = [(t, stands.against) for t, first, stands in known if not first]
    known = [e for e in known if not e[1] or (e[0], e[2].against) not in plans]
    if not known:
        return {}
    tolerance, _, stands = known[0]
    place = about.project if isinstance(about, tables.Entry) else about.id
    said = (
        "; ".join(_cause(c, *each) for each in known),
        "; ".join(_consequences(c, place, tolerance)) or NONE,
        _options(c, tolerance, stands),
        _recommendation(c, tolerance, stands),
        "; ".join(_lessons(c, place, tolerance)) or NONE,
    )
    return dict(zip(PARTS, said, strict=True))


def told_from(policy: Policy) -> list[str]:
    """Name the registers that an exception report may tell from: what is measured, and risks."""
    measured = {each.measured.register for each in policy.tolerances.values() if each.measured}
    return [
        each.id
        for each in policy.registers.values()
        if each.id in measured or each.plural in {RISKS, LESSONS}
    ]


def in_lines(report: dict[str, str]) -> list[str]:
    """Give a report as the lines of a notice, a part each."""
    return [f"{part.capitalize()}: {text}." for part, text in report.items()]


def _cause(c: Context, tolerance: Tolerance, since_first: bool, stands: Standing) -> str:  # noqa: FBT001 - a part of a triple
    allows = tolerance.on(c.today)
    assert allows is not None  # its rule begins with its first value
    plan = "" if stands.against is None else f", planned {value_in_words(stands.against)}"
    first = " at first" if since_first else ""
    said = f"{words(tolerance.of)}: forecast {value_in_words(stands.forecast)}{plan}{first}"
    worst = ", ".join(f"{key} by {value_in_words(off)}" for key, off in stands.driving[:MOST])
    by = f", most of it {worst}" if worst else ""
    return f"{said}, tolerance of the {tolerance.level} {allows.written}{by}"


def _consequences(c: Context, project: str, broken: Tolerance) -> Iterator[str]:
    """Say how the other tolerances of the project stand, and which risks are open."""
    place = c.uow.projects.get(project)
    for each in c.policy.tolerances.values():
        if each.measured is None or each.measured.each or each is broken:
            continue
        stands, allows = standing_of(c, each, place, since_first=False), each.on(c.today)
        if stands is None or allows is None:
            continue
        over = is_worse(each, stands.forecast, limit_of(c, each, allows, stands))
        kept = "is exceeded as well" if over else "is kept"
        yield f"the {each.level}'s tolerance of {words(each.of)} {kept}"
    threats = [row for row in _open(c, project, RISKS) if row.document.get("type") != OPPORTUNITY]
    yield from _named("open risk", sorted(threats, key=score_of_risk, reverse=True))


def _open(c: Context, project: str, plural: str) -> list[tables.Entry]:
    """Give the records of a register that are not over, where the policy has such a register."""
    register = next((r for r in c.policy.registers.values() if r.plural == plural), None)
    rows = [] if register is None else c.uow.entries.of_project(project, register.id)
    return [each for each in rows if each.closed_at is None and each.standing not in LEFT_OUT]


def _named(noun: str, rows: Iterable[tables.Entry]) -> Iterator[str]:
    for row in islice(rows, MOST):
        title = row.document.get("title")
        yield f"{noun} {row.key}{f', {title}' if title else ''}"


def _options(c: Context, tolerance: Tolerance, stands: Standing) -> str:
    forecast, above = value_in_words(stands.forecast), _above(c, tolerance)
    plan = "" if stands.against is None else f" from {value_in_words(stands.against)}"
    return (
        f"an exception plan that moves the plan{plan}; a concession, which lets it be"
        f" {forecast} and no more; more tolerance{above}; a stop"
    )


def _above(c: Context, tolerance: Tolerance) -> str:
    above = parent_of(c, tolerance)
    value = None if above is None else above.on(c.today)
    return f", up to what the level above has ({value.written})" if value is not None else ""


def parent_of(c: Context, tolerance: Tolerance) -> Tolerance | None:
    """Give the tolerance of the next level above that has one of the kind, in numbers."""
    levels = ("project", "stage", "team")
    for level in reversed(levels[: levels.index(tolerance.level)]):
        found = c.policy.tolerances.get((level, tolerance.of))
        if found is not None and found.values:
            return found
    return None


def _recommendation(c: Context, tolerance: Tolerance, stands: Standing) -> str:
    """Recommend what is enough: more tolerance where the level above has it, else a plan."""
    above = parent_of(c, tolerance)
    allows = None if above is None else above.on(c.today)
    if above is not None and allows is not None:
        limit = limit_of(c, above, allows, stands)
        if not is_worse(above, stands.forecast, limit):
            return f"more tolerance: it is within the {above.level}'s, {allows.written}"
    return "an exception plan: what is forecast is beyond what any level below may decide"


def _lessons(c: Context, project: str, tolerance: Tolerance) -> Iterator[str]:
    """Say what was answered before, and what is recorded as learnt."""
    own = rule_of(tolerance.name)
    for row in c.uow.obligations.of_project(project):
        answer = row.details.get(ANSWER)
        if answer and row.rule.startswith(own):
            yield f"exceeded before: {answer['as']} by {answer['by']}, {row.opened_at:%Y-%m-%d}"
    yield from _named("lesson", _open(c, project, LESSONS))
