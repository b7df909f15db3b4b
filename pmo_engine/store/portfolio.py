"""Colours that somebody says instead of the figures, and cycles of reporting that are closed."""

from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, col

from pmo_engine.store.base import Identified, Table, always, one_of, only_one, refers_to
from pmo_engine.store.columns import Moment, Shaped
from pmo_engine.store.errors import NotFound
from pmo_engine.store.repository import IdRepository, Repository

Of: TypeAlias = Literal["project", "programme"]
Said: TypeAlias = Literal["green", "amber", "red"]


class ColourOverride(Identified, table=True):
    """Somebody says that a project or programme has another colour, up to a day, its last.

    `ended_at`: since when it does not hold any more, taken back or followed by another.
    """

    __tablename__ = "colour_overrides"
    __table_args__ = (
        one_of("colour", Said),
        always("one", "(project IS NULL) <> (programme IS NULL)"),
        always("reason_given", "reason <> ''"),
        only_one("uq_colour_overrides_project", "project", where="ended_at IS NULL"),
        only_one("uq_colour_overrides_programme", "programme", where="ended_at IS NULL"),
    )

    project: str | None = refers_to("projects.id", default=None)
    programme: str | None = refers_to("programmes.id", default=None)
    colour: str
    reason: str
    until: date
    author: str
    at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ColourOverrides(IdRepository[ColourOverride]):
    """All of them, those that hold no more as well."""

    model = ColourOverride
    noun = "override"

    def open(self) -> list[ColourOverride]:
        """Those that nobody took back; some may be past their last day."""
        open_ = select(ColourOverride).where(col(ColourOverride.ended_at).is_(None))
        return self._all(open_.order_by(col(ColourOverride.id)))

    def end(self, row: ColourOverride, at: datetime) -> None:
        """It holds no more from a moment on."""
        mine = update(ColourOverride).where(col(ColourOverride.id) == row.id)
        self._transaction.update(mine.values(ended_at=at))
        set_committed_value(row, "ended_at", at)


class Cycle(Table, table=True):
    """A cycle of reporting that is closed: the dashboard as it was, frozen.

    `digest`: SHA-256 of `board` as canonical JSON. `number`: the first cycle is 1.
    """

    __tablename__ = "cycles"
    __table_args__ = (always("number", "number >= 1"),)

    id: str = Field(primary_key=True)
    number: int = Field(unique=True)
    day: date
    closed_at: datetime = Field(sa_type=Moment)
    closed_by: str
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)
    digest: str
    board: dict[str, Any] = Field(sa_type=Shaped("cycle"))


class Cycles(Repository[Cycle]):
    """The cycles that were closed, in their order."""

    model = Cycle
    noun = "cycle"

    def add(self, cycle: Cycle) -> None:
        """Keep one; raises Duplicate where another command closed one at the same moment."""
        self._session.enter(cycle)
        self._session.flush()

    def count(self) -> int:
        """How many there are."""
        return self._session.scalars(select(func.count()).select_from(Cycle)).one()

    def find(self, id: str) -> Cycle | None:
        """The one with a name, if it was closed."""
        return self._session.get(Cycle, id)

    def get(self, id: str) -> Cycle:
        """Raises `NotFound`."""
        found = self.find(id)
        if found is None:
            raise NotFound("cycle", id)
        return found

    def all(self) -> list[Cycle]:
        """Every one, the first one first."""
        return list(self._session.scalars(select(Cycle).order_by(col(Cycle.number))))
