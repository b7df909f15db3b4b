"""The portfolios and programmes, a tree of which projects are the leaves."""

from typing import Any

from sqlalchemy import String as Text
from sqlalchemy import literal, select
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import ProgrammeKind
from pmo_engine.store.base import Table, Versioned, always, one_of, refers_to
from pmo_engine.store.repository import VersionRepository


class Programme(Versioned, table=True):
    """A portfolio or a programme; `within`: the one that it is in. `office`: who serves it."""

    __tablename__ = "programmes"
    __table_args__ = (
        one_of("kind", ProgrammeKind),
        always("version", "version >= 1"),
        always("not_within_itself", "within <> id"),
    )

    id: str = Field(primary_key=True)
    name: str
    kind: str
    within: str | None = refers_to("programmes.id", default=None, index=True)
    office: str | None = None


_ONE = Table.metadata.tables["programmes"].c


class Programmes(VersionRepository[Programme]):
    """All of them."""

    model = Programme
    noun = "programme"

    def all(self) -> list[Programme]:
        return self._all(select(Programme).order_by(col(Programme.id)))

    def placed(self) -> list[Any]:
        """Where each programme and each project stands, in one statement.

        Each row: kind ("programme" or "project"), id, the programme it is in, its office.
        """
        projects = Table.metadata.tables["projects"].c
        each = select(literal("programme", Text), _ONE.id, _ONE.within, _ONE.office)
        found = each.union_all(
            select(literal("project", Text), projects.id, projects.programme, projects.office)
        )
        return list(self._session.execute(found).all())
