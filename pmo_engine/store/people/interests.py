"""Which interests people have declared: in a project, in a record, or in somebody outside."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, col

from pmo_engine.store.base import Identified, Table, always, refers_to
from pmo_engine.store.columns import Moment
from pmo_engine.store.repository import IdRepository


class DeclaredInterest(Identified, table=True):
    """Somebody has an interest from one day to another, both included, in one of three things.

    `party`: in small letters and single spaces, as it is compared; `called`: as it was written.
    """

    __tablename__ = "declared_interests"
    __table_args__ = (
        always("dates", "to_date IS NULL OR to_date >= from_date"),
        always(
            "one",
            "(CASE WHEN project IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN subject_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN party IS NULL THEN 0 ELSE 1 END) = 1",
        ),
    )

    person: str = refers_to("people.id", index=True)
    project: str | None = refers_to("projects.id", default=None, index=True)
    subject_id: str | None = refers_to("subjects.id", default=None, index=True)
    party: str | None = Field(default=None, index=True)
    called: str
    why: str = ""
    from_date: date
    to_date: date | None = None
    declared_by: str
    declared_at: datetime = Field(sa_type=Moment)


_HAD = Table.metadata.tables["declared_interests"].c
_UNTIL = (
    select(*_HAD)
    .where(_HAD.from_date <= bindparam("day", type_=Date))
    .order_by(_HAD.person, _HAD.from_date, _HAD.id)
)


class DeclaredInterests(IdRepository[DeclaredInterest]):
    """Who has declared which interest."""

    model = DeclaredInterest
    noun = "declared interest"

    def end(self, interest: DeclaredInterest, on: date) -> bool:
        """It is had until that day, its last; False if it ends no later already."""
        to_date = col(DeclaredInterest.to_date)
        ends = update(DeclaredInterest).where(
            col(DeclaredInterest.id) == interest.id, or_(to_date.is_(None), to_date > on)
        )
        if not self._transaction.update(ends.values(to_date=on)):
            self._session.refresh(interest)  # somebody else ended it meanwhile
            return False
        set_committed_value(interest, "to_date", on)
        return True

    def until(self, day: date) -> list[Any]:
        """Those that were had, or still are, by a day: values alone, in a stable order."""
        return list(self._session.execute(_UNTIL, {"day": day}).all())

    def of(self, person: str | None = None) -> list[DeclaredInterest]:
        """Those of a person, or everybody's, whether or not they are over."""
        return self._listed(*(() if person is None else (col(DeclaredInterest.person) == person,)))

    def _listed(self, *conditions: Any) -> list[DeclaredInterest]:
        chosen = select(DeclaredInterest).where(*conditions)
        order = (DeclaredInterest.person, DeclaredInterest.from_date, DeclaredInterest.id)
        return self._all(chosen.order_by(*(col(each) for each in order)))
