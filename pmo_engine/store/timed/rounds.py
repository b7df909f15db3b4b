"""Collection rounds that were opened, and what each project is asked for in one."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, exists, select
from sqlmodel import Field, col

from pmo_engine.model.vocabulary import A_RETURN
from pmo_engine.store.base import Versioned, always, partial, refers_to
from pmo_engine.store.columns import Document, Moment
from pmo_engine.store.obligations import Obligation
from pmo_engine.store.repository import VersionRepository
from pmo_engine.store.subjects import SubjectRepository


class Round(Versioned, table=True):
    """A round of the policy for one period, of which the days are kept.

    `closer`: the role that closes it.
    `asked_at`: since when every project has been asked. `missed`: the periods since the round
    before it for which none was opened. `reason`: why it was closed.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("round", "period"),
        always("version", "version >= 1"),
        always("closed", "(closed_at IS NULL) = (closed_by IS NULL)"),
        always("dates", "ends_on >= starts_on"),
        partial("ix_rounds_open", "round", where="closed_at IS NULL"),
    )

    round: str
    title: str
    period: str
    closer: str
    starts_on: date
    ends_on: date
    opened_at: datetime = Field(sa_type=Moment)
    asked_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str | None = None
    reason: str = ""
    missed: list[str] = Field(default_factory=list, sa_type=Document)
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)


class Return(Versioned, table=True):
    """What one project is asked for in a round, each register by an obligation."""

    __tablename__ = "round_returns"
    __table_args__ = (
        UniqueConstraint("round_id", "project"),
        always("version", "version >= 1"),
        Index("ix_round_returns_project", "project"),
    )

    id: str = refers_to("subjects.id", default="", primary_key=True)
    round_id: str = refers_to("rounds.id")
    project: str = refers_to("projects.id")
    title: str
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)


class Rounds(VersionRepository[Round]):
    """The rounds that there were, each once for its period."""

    model = Round
    noun = "round"

    def find(self, name: str, period: str) -> Round | None:
        """The one of a period, if it was opened."""
        mine = select(Round).where(col(Round.round) == name, col(Round.period) == period)
        return next(iter(self._all(mine)), None)

    def latest(self, name: str) -> Round | None:
        """The last one of a round."""
        mine = select(Round).where(col(Round.round) == name)
        return next(iter(self._all(mine.order_by(col(Round.ends_on).desc()).limit(1))), None)

    def open(self) -> list[Round]:
        """Those that nobody closed, the oldest first."""
        return self._all(_in_order(col(Round.closed_at).is_(None)))

    def all(self, name: str | None = None) -> list[Round]:
        """Every one, or those of one round; the oldest first."""
        return self._all(_in_order(*(() if name is None else (col(Round.round) == name,))))


class Returns(SubjectRepository[Return]):
    """What projects were asked for, by round."""

    model = Return
    noun = "return"
    kind = A_RETURN

    def of_round(self, round_id: str) -> list[Return]:
        """Those of a round, by project."""
        mine = select(Return).where(col(Return.round_id) == round_id)
        return self._all(mine.order_by(col(Return.project)))

    def asked(self, round_id: str) -> list[str]:
        """The projects that were asked in a round."""
        mine = select(col(Return.project)).where(col(Return.round_id) == round_id)
        return list(self._session.scalars(mine.order_by(col(Return.project))))

    def is_waited_for(self, round_id: str) -> bool:
        """Whether anything that was asked for in a round is open still."""
        self._session.flush()
        waits = exists().where(
            col(Obligation.subject_id) == col(Return.id), col(Obligation.status) == "open"
        )
        mine = select(col(Return.id)).where(col(Return.round_id) == round_id, waits)
        return self._session.scalars(mine.limit(1)).first() is not None

    def waiting(self, registers: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
        """The returns, by project and id, of which any of these registers is waited for there."""
        waits = select(
            col(Obligation.project), col(Obligation.subject_id), col(Obligation.target)
        ).where(
            col(Obligation.project).in_(registers),
            col(Obligation.status) == "open",
            col(Obligation.kind) == "return",
        )
        found: dict[str, set[str]] = {}
        for project, subject, target in self._session.execute(waits):
            if target in registers[project]:
                found.setdefault(project, set()).add(subject)
        return {project: sorted(found[project]) for project in sorted(found)}

    def waiting_in(self, project: str) -> list[str]:
        """The returns of a project of which anything is waited for, by id."""
        waits = select(col(Obligation.subject_id)).where(
            col(Obligation.project) == project,
            col(Obligation.status) == "open",
            col(Obligation.kind) == "return",
        )
        return sorted(set(self._session.scalars(waits)))


def _in_order(*conditions: Any) -> Any:
    return select(Round).where(*conditions).order_by(col(Round.ends_on), col(Round.round))
