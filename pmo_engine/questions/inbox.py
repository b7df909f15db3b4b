"""What waits for somebody: what they may act on in whatever capacity, and what they hear of."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.policy.selection import head_of
from pmo_engine.queries.asked.inbox import Waiting, place_of, waiting
from pmo_engine.queries.asked.matters import in_short
from pmo_engine.queries.paging import ALL, Listing, Page, listing
from pmo_engine.work.approvals.eligible import cases
from pmo_engine.work.approvals.roles_near import roles_near
from pmo_engine.work.approvals.stuck import Stuck, stuck
from pmo_engine.work.approvals.too_late import NOT_OVER, ended
from pmo_engine.work.notices.wording import asked_in_words
from pmo_engine.work.people.gathered import people as gathered
from pmo_engine.work.reading import unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.approvals.stuck import Unread
    from pmo_engine.work.approvals.too_late import Ended
    from pmo_engine.work.governance import Context

FEWEST = 50
"""At least so many are judged together."""


def inbox(
    c: Context, person: str, page: Page = ALL, *, reader: str | None = None
) -> Listing[Waiting]:
    """List what somebody may act on, the earliest due first; a page goes on after an id.

    What they are only told of is marked; the head of the office sees, after it, what is stuck.
    ``reader``: who looks, where that is somebody else; what is not theirs to read has its key only.
    """
    c.uow.people.get(person)
    hides = partial(unread, c, reader or person)
    nobodys = stuck(c, hides) if _heads(c, person) else []
    shown = _all(c, person, page, [each for each in nobodys if person not in each.may], hides)
    return listing(islice(shown, page.one_more), page, lambda each: each.id)


def _all(
    c: Context, person: str, page: Page, nobodys: list[Stuck], hides: Unread
) -> Iterator[Waiting]:
    """Go through what waits for somebody, then through what waits for nobody."""
    ids = [each.id for each in nobodys]
    if page.after in ids:
        nobodys = nobodys[ids.index(page.after) + 1 :]
    else:
        yield from (each for each in _waiting(c, person, page, hides) if each.id not in ids)
    yield from (each.waiting for each in nobodys)


def _waiting(c: Context, person: str, page: Page, hides: Unread) -> Iterator[Waiting]:
    """Go through what may wait for somebody, as far as it is asked for, and judge it."""
    place = None if page.after is None else place_of(c, page.after)
    by_project, office = roles_near(c, gathered(c), person)
    some = None if page.one_more is None else max(page.one_more, FEWEST)
    while True:
        rows = c.uow.obligations.waiting_for(by_project, office, person, some, place)
        late = ended(c, rows)
        for case in cases(c, rows):
            shown = _shown(case, person, late.get(case.row.id, NOT_OVER))
            if shown is not None:
                hidden = hides(case.about.row) if case.about.name == A_RECORD else ""
                said = {"reasons": [hidden], "advice": ()} if hidden else _about(case)
                yield shown.model_copy(update=said)
        if some is None or len(rows) < some:
            return
        place = rows[-1].due_at, rows[-1].id


def _about(case: Case) -> dict[str, str]:
    """Say what is asked about, of whom, and by whom."""
    matter = in_short(case.c, case.row.project, (case.about.name, case.about.row))
    return {
        "about": matter.short,
        "project_title": matter.project,
        "asked_by": matter.asker,
        "what": asked_in_words(case.row, case.c.policy),
    }


def _shown(case: Case, person: str, late: Ended) -> Waiting | None:
    """Show what somebody may act on, or is told of; None where it is nothing to them."""
    mine = [each for each in case.standings(asker=person) if each.person == person and each.may]
    whys = [late.why(each.role) for each in mine]
    if not all(whys):
        voted = (each.choice for each in case.given if each.person == person)
        return waiting(case.row, voted=next(voted, ""))
    if whys:
        told = waiting(case.row, for_information=True)
        return told.model_copy(update={"reasons": [f"It is too late: {whys[0]}.", *told.reasons]})
    held = case.people.roles_of(person, case.row.project, case.c.today)
    if any(each.informed and each.role in held for each in case.waits):
        return waiting(case.row, for_information=True)
    return None


def _heads(c: Context, person: str) -> bool:
    heads = {head_of(c.policy), *(each.head for each in c.policy.offices.values())} - {None}
    return any(held.role in heads for held in c.uow.people.holdings(person, c.today))
