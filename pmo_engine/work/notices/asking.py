"""What people are told of an obligation: that something waits for them, or is for them to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import titled
from pmo_engine.prose.time_up import up_in_words
from pmo_engine.queries.asked.matters import matter_asked, matter_of
from pmo_engine.queries.obligations import ADVICE
from pmo_engine.work.approvals.bodies import bodies_of, could_object
from pmo_engine.work.approvals.signing import what_it_does
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.papers import PAPERS, enclosed
from pmo_engine.work.notices.to_do import to_do
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.reading import hidden_from
from pmo_engine.work.subjects import about_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Policy
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.policy.events import Event
    from pmo_engine.queries.asked.matters import About
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.obligations import Subject

YOURS = {
    "decides": "your decision",
    "signs": "your signature",
    "is asked": "your answer, before it is decided",
}


def tell_to(
    c: Command, row: tables.Obligation, people: Iterable[str], key: str, *more: str
) -> None:
    """Tell people that something waits for them; ``more`` is said before what it is about."""
    c.uow.outbox.add_new(_asking(c, row, people, key, more, about_of(c.uow, row)))


def notices_asking(
    c: Context,
    row: tables.Obligation,
    people: Iterable[str],
    changes: Iterable[str] = (),
    about: About | None = None,
) -> list[tables.Message]:
    """Word the notices that something waits for people; each has a key of its own.

    ``about``: the kind and row of its subject, where they are at hand.
    """
    changed = [f"Changed since it was asked: {each}." for each in changes]
    return _asking(c, row, people, f"{row.id}/opened", changed, about or about_of(c.uow, row))


def _asking(
    c: Context,
    row: tables.Obligation,
    people: Iterable[str],
    key: str,
    more: Iterable[str],
    about: About,
) -> list[tables.Message]:
    matter, papers = matter_asked(c, row, about), row.details.get(PAPERS, [])
    body = "\n".join(
        [
            *more,
            *matter.lines,
            *row.reasons,
            *row.details.get(ADVICE, ()),
            *enclosed(papers),
            *closing(c, row),
            *due_line(c, row),
            *filter(None, [to_do(c, row, about)]),
        ]
    )
    subject = matter.behind(opening(row, c.policy))
    said = notices.worded(c, "asked", notices.values_of(c, row), subject, body)
    told = dict.fromkeys(people)
    return [notices.notice(c, key, each, *said, row.project, papers) for each in told]


def due_line(c: Context, row: tables.Obligation) -> list[str]:
    """Say until when it waits, where that is said."""
    return [f"Due {notices.shown(c, row.due_at)}."] if row.due_at else []


def closing(c: Context, row: tables.Obligation) -> Iterator[str]:
    """Say until when bodies vote on it, and what silence means: of theirs, and in the end."""
    calendar = calendar_for(c, row.project)
    for body in bodies_of(row).values():
        terms = c.policy.terms.get(body.role)  # the version that has them may be an earlier one
        voting = None if terms is None or body.closed else terms.voting
        if voting is None or not could_object(c, row, body, c.uow.votes.current(row.id)):
            continue
        if body.silence and voting.silence is not None:
            closes = body.closes_at or calendar.deadline(c.now, voting.silence.within)
            until = notices.shown(c, closes)
            yield f"It passes unless somebody objects by {until} ({voting.silence.source})."
        elif voting.written is not None:
            closes = body.closes_at or calendar.deadline(c.now, voting.written.within)
            yield f"The vote is open until {notices.shown(c, closes)}."
    said = row.details.get("when_time_is_up")
    if said and row.due_at is not None and c.now < row.due_at:
        then = up_in_words(said["means"], said["source"])
        yield f"If nobody has decided by {notices.shown(c, row.due_at)}, it {then}."


def notices_to_kept_out(
    c: Context, row: tables.Obligation, kept_out: Mapping[str, str], asker: str
) -> list[tables.Message]:
    """Word the notices that something is asked of a role whose holder may not decide it."""
    title = row.details["title"]
    return [
        notices.notice(
            c,
            f"{row.id}/kept-out",
            person,
            f"{title} is decided without you",
            f"A role that you hold is asked, but {c.uow.people.name_of(person)} {why}.\n"
            f"Where that is wrong, tell {c.uow.people.name_of(asker)}, who asked for it, "
            "or the head of the office.",
            row.project,
        )
        for person, why in kept_out.items()
    ]


def opening(row: tables.Obligation, policy: Policy) -> str:
    """Give the subject line of the notice that an obligation is open."""
    title = row.details["title"]
    match row.kind:
        case "approval":
            return f"{title} needs {YOURS[what_it_does(row)]}"
        case "information":
            return f"{title} waits for {notices.asked_in_words(row, policy)}"
        case "assessment":
            return f"{title} needs your assessment"
        case "exception":
            return f"{title}: exception report"
        case "condition" | "recommendation":
            return f"{title}: {row.target}"
        case "return":
            return f"{title}: {notices.asked_in_words(row, policy)}"
        case _:
            return f"{title}: {row.kind} {row.target}"


def is_meant(item: Obligation, only: Collection[str] | None) -> bool:
    """Tell whether it follows from ``only`` some rules; what is decided they approve no more."""
    if only is None:
        return True
    return not set(only).isdisjoint(item.rules) and (item.kind != "approval" or bool(item.act))


def tell(
    c: Command,
    subject: Subject,
    decision: Decision,
    *,
    still: frozenset[str] = frozenset(),
    occasion: str = "",
    only: Collection[str] | None = None,
) -> None:
    """Tell those whom a decision says are to be told; each once, but for rules on time.

    What these say is told whenever it begins to hold, and not while it ``still`` does. What
    happened on another ``occasion`` is told again. ``only``: what these rules say.
    """
    for item in decision.obligations:
        if item.kind != "notice" or item.role is None or still.issuperset(item.rules):
            continue
        if not is_meant(item, only):
            continue
        timed = not c.rules.timed_rules.isdisjoint(item.rules)
        since = _since(subject, decision.event) if timed else ""
        key = f"{subject.id}/{item.id}{since}{occasion and f'/{occasion}'}"
        notices.send(c, _telling(c, subject, item, decision.reasons(item), key))


def _telling(
    c: Command, subject: Subject, item: Obligation, reasons: Sequence[str], key: str
) -> Iterator[tables.Message]:
    """Word what a rule tells a role; whoever may not read the record hears none of it."""
    role, about = str(item.role), (subject.kind, subject.row)
    matter = matter_of(c, item.rules, subject.project, about)
    values = {
        "title": subject.title,
        "project": subject.project or "",
        "role": titled(role, c.policy),
        "message": item.text,
    }
    for person in holders(c, role, subject.project):
        hidden = hidden_from(c, person, about)
        why = "\n".join([hidden] if hidden else reasons)
        line = subject.title if hidden else matter.behind(subject.title)
        lines = [item.text, *([] if hidden else matter.lines), why]
        said = {**values, "reasons": why}
        words = notices.worded(c, "told", said, line, "\n".join(filter(None, lines)))
        yield notices.notice(c, key, person, *words, subject.project)


def _since(subject: Subject, event: Event) -> str:
    """Tell apart when something began to hold: at a time of the clock, or with a version."""
    if event.name.rhythm is None:
        return f"/{subject.version}"
    return f"/{event.name.what}/{event.at.isoformat()}"
