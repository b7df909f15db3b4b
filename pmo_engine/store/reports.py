"""Reports as they were made: what each said, and its digest."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func, select
from sqlmodel import Field, col

from pmo_engine.store.base import Identified, always
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.repository import IdRepository


class KeptReport(Identified, table=True):
    """An edition of a report, from one day to another; nothing of it is changed later.

    `place`: the project that it is about, or the office. `pages`: all that stands in it, of which
    `digest` is the SHA-256.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("report", "place", "starts_on", "ends_on", "edition"),
        always("edition", "edition >= 1"),
        always("dates", "ends_on >= starts_on"),
    )

    report: str
    place: str
    starts_on: date
    ends_on: date
    edition: int = 1
    at: datetime = Field(sa_type=Moment, index=True)
    by: str
    digest: str
    pages: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("report"))


class Reports(IdRepository[KeptReport]):
    """Which reports were made."""

    model = KeptReport
    noun = "report"

    def of(self, report: str, place: str) -> list[KeptReport]:
        """All editions of a report about one place, by their days, the oldest first."""
        mine = (col(KeptReport.report) == report, col(KeptReport.place) == place)
        return self._all(select(KeptReport).where(*mine).order_by(*_ORDER))

    def all(self) -> list[KeptReport]:
        """All reports, by their days."""
        return self._all(select(KeptReport).order_by(*_ORDER))

    def before(self, report: str, place: str, day: date, most: int) -> list[KeptReport]:
        """The latest editions that end before a day, at most so many, the oldest of them first."""
        mine = (col(KeptReport.report) == report, col(KeptReport.place) == place)
        wanted = select(KeptReport).where(*mine, col(KeptReport.ends_on) < day)
        latest = wanted.order_by(col(KeptReport.ends_on).desc(), col(KeptReport.edition).desc())
        return list(reversed(self._all(latest.limit(most))))

    def made(self, report: str) -> dict[tuple[str, date, date], datetime]:
        """When a report was made last, by its place and its days."""
        days = (col(KeptReport.starts_on), col(KeptReport.ends_on))
        by = (col(KeptReport.place), *days)
        last = select(*by, func.max(col(KeptReport.at))).where(col(KeptReport.report) == report)
        rows = self._session.execute(last.group_by(*by))
        return {(place, start, end): at for place, start, end, at in rows}


_ORDER = tuple(
    col(each)
    for each in (
        KeptReport.ends_on,
        KeptReport.report,
        KeptReport.place,
        KeptReport.starts_on,
        KeptReport.edition,
    )
)
