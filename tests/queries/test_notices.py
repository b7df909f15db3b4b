"""Notices that nothing more is tried for, and no others."""

from datetime import timedelta

from pmo_engine.queries.notices import Unsent, unsent
from pmo_engine.queries.paging import Page
from pmo_engine.store import tables
from pmo_engine.testing import START, World

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def handed_over(world: World, at: int, key: str, error: str | None, *, ok: bool = False) -> None:
    """Queue a message, and let it be tried; one whose key says so is tried again."""
    moment = START + at * SECOND
    with world.database.unit_of_work("sam", moment) as uow:
        uow.outbox.add(
            tables.Message(id=key, key=key, kind="notice", recipient="sam", due_at=moment)
        )
        [claimed] = uow.outbox.claim_due(moment, 1, HOUR)
        if ok:
            uow.outbox.succeeded(claimed, error)
        else:
            uow.outbox.failed(claimed, str(error), moment + HOUR if "again" in key else None)


def test_what_is_tried_again_or_was_taken_is_not_listed(world: World) -> None:
    handed_over(world, 4, "a-partly", "bo: 550", ok=True)
    handed_over(world, 1, "d-failed", "550")
    handed_over(world, 2, "c-again", "450")
    handed_over(world, 3, "b-taken", None, ok=True)
    with world.governance.reading() as c:
        found = unsent(c)
        assert found.next is None
        assert found.items == (
            Unsent(
                id="d-failed",
                kind="notice",
                recipient="sam",
                subject="",
                state="failed",
                attempts=1,
                error="550",
            ),
            Unsent(
                id="a-partly",
                kind="notice",
                recipient="sam",
                subject="",
                state="sent in part",
                attempts=1,
                error="bo: 550",
            ),
        )
        assert unsent(c, Page(limit=1)).next == "d-failed"
        assert [each.id for each in unsent(c, Page(after="d-f")).items] == ["a-partly"]
        assert unsent(c, Page(after="c-again")).items == found.items[1:]
