"""The queries behind every list and every page about one thing, as faces ask them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pmo_engine.queries.decisions import decision, decisions
from pmo_engine.queries.journal import Which, lines
from pmo_engine.queries.notices import unsent
from pmo_engine.queries.paging import Page
from pmo_engine.queries.people import people, projects
from pmo_engine.queries.portfolio import portfolio
from pmo_engine.queries.records import records, story
from pmo_engine.queries.reviews import reviews
from pmo_engine.queries.timeline import timeline
from pmo_engine.queries.versions import versions
from pmo_engine.questions.inbox import inbox
from pmo_engine.testing import START

PAGE = Page(limit=20)
QUERIES: dict[str, Callable[[Any], Any]] = {
    "chain": lambda c: lines(c.uow, Which(chain="P-1"), Page(limit=20, after="5")),
    "everything": lambda c: lines(c.uow, Which(), Page(limit=20, after="P-1:2")),
    "newest": lambda c: lines(c.uow, Which(newest=True), PAGE),
    "subject": lambda c: lines(c.uow, Which(subject="s-1"), PAGE),
    "actor": lambda c: lines(c.uow, Which(actor="sam"), PAGE),
    "kind": lambda c: lines(c.uow, Which(kind="obligation.opened"), PAGE),
    "group": lambda c: lines(c.uow, Which(kind="obligation."), PAGE),
    "kind of a chain": lambda c: lines(c.uow, Which(chain="P-1", kind="voted"), PAGE),
    "actor of a chain": lambda c: lines(c.uow, Which(chain="P-1", actor="sam"), PAGE),
    "days": lambda c: lines(c.uow, Which(since=START, until=START + timedelta(days=1)), PAGE),
    "inbox": lambda c: inbox(c, "petra", PAGE),
    "inbox after": lambda c: inbox(
        c, "petra", Page(limit=20, after=inbox(c, "petra", PAGE).items[0].id)
    ),
    "records": lambda c: records(c, "P-1", "change_requests", Page(limit=20, after="CR-1")),
    "by status": lambda c: records(c, "P-1", "change_requests", PAGE, status="submitted"),
    "story": lambda c: story(c, c.uow.entries.by_key("P-1", "change_requests", "CR-1")),
    "decisions": lambda c: decisions(c, PAGE),
    "of a project": lambda c: decisions(c, PAGE, project="P-1"),
    "decision": lambda c: decision(c, decisions(c, PAGE).items[0].id[:8]),
    "portfolio": lambda c: portfolio(c, page=PAGE),
    "reviews": lambda c: reviews(c, PAGE),
    "reviews of a gate": lambda c: reviews(c, PAGE, project="P-1", gate="G1"),
    "open reviews": lambda c: reviews(c, PAGE, status="open"),
    "people": lambda c: people(c, PAGE),
    "holders": lambda c: people(c, PAGE, role="pmo_head"),
    "projects": lambda c: projects(c, Page(limit=20, after="P-0")),
    "timeline": lambda c: timeline(c, Which(chain="P-1"), PAGE),
    "failed": lambda c: unsent(c, PAGE),
    "versions": lambda c: versions(c, PAGE),
}
