"""The policy's versions: their texts, and how far each has come."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import String, bindparam, or_, select
from sqlmodel import Field, col

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import POLICY_VERSION, LifeCycle
from pmo_engine.model.vocabulary import A_VERSION, PolicyStatus
from pmo_engine.policy.changes import VersionEffect
from pmo_engine.store.base import Table, Versioned, always, one_of, only_one, refers_to
from pmo_engine.store.columns import Document, Modelled, Moment
from pmo_engine.store.repository import Repository
from pmo_engine.store.subjects import SubjectRepository


class PolicyText(Table, table=True):
    """A policy's files as they were read, those of its packs included; `digest` is theirs."""

    __tablename__ = "policy_texts"

    digest: str = Field(primary_key=True)
    name: str
    policy_version: str
    files: dict[str, str] = Field(sa_type=Document)


class PolicyVersion(Versioned, table=True):
    """A version of the policy, from its draft on. `binds_from` is set once it is adopted.

    `effect`: what it changes, as it was shown when it was put up for adoption.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (
        one_of("status", PolicyStatus),
        always(
            "binds_from",
            "(binds_from IS NULL AND status <> 'adopted')"
            " OR (binds_from IS NOT NULL AND status IN ('adopted', 'superseded'))",
        ),
        always("took_force_at", "took_force_at IS NULL OR binds_from IS NOT NULL"),
        always("version", "version >= 1"),
        only_one(
            "uq_policy_versions_live",
            *("name", "policy_version"),
            where="status IN ('draft', 'comment', 'submitted', 'adopted')",
        ),
    )

    life_cycle: ClassVar[LifeCycle] = POLICY_VERSION
    id: str = refers_to("subjects.id", default="", primary_key=True)
    name: str
    policy_version: str
    digest: str = refers_to("policy_texts.digest", index=True)
    in_force_from: date | None = None
    applies_to_open: bool = False
    status: PolicyStatus = Field(default="draft", sa_type=String)
    drafted_at: datetime = Field(sa_type=Moment)
    drafted_by: str
    comment_until: datetime | None = Field(default=None, sa_type=Moment)
    submitted_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    binds_from: datetime | None = Field(default=None, sa_type=Moment)
    took_force_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str = ""
    effect: VersionEffect | None = Field(
        default=None,
        nullable=False,
        sa_type=Modelled("policy version", VersionEffect, or_none=True),
    )


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """When a version binds: from a moment on; `took_force` once that was carried out.

    The order of terms is that in which they come.
    """

    binds_from: datetime
    decided_at: datetime
    stands: bool  # nothing has superseded it
    version_id: str
    digest: str
    took_force: bool


_KEPT = select(col(PolicyText.digest)).where(col(PolicyText.digest) == bindparam("digest"))


class PolicyTexts(Repository[PolicyText]):
    """The files of every policy that anything was decided by, by digest."""

    model = PolicyText
    noun = "policy text"

    def keep(self, row: PolicyText) -> None:
        """Keeps a text unless it is there already."""
        self._transaction.insert_unless_there([row], "digest")

    def is_kept(self, digest: str) -> bool:
        """Whether there is one with this digest."""
        return bool(self._session.ask(_KEPT, digest=digest))

    def get(self, digest: str) -> PolicyText:
        """Raises `NotFound`."""
        return self._one(
            digest, self._all(select(PolicyText).where(col(PolicyText.digest) == digest))
        )


_OLDEST_FIRST = (
    col(PolicyVersion.drafted_at),
    col(PolicyVersion.policy_version),
    col(PolicyVersion.id),
)


class PolicyVersions(SubjectRepository[PolicyVersion]):
    """Every version that was ever drafted."""

    model = PolicyVersion
    noun = "policy version"
    kind = A_VERSION

    def all(self) -> list[PolicyVersion]:
        """The oldest draft first."""
        return self._all(select(PolicyVersion).order_by(*_OLDEST_FIRST))

    def called(self, name: str) -> list[PolicyVersion]:
        """Those of this version, or whose digest or id begins so; the oldest draft first."""
        wanted = or_(
            col(PolicyVersion.policy_version) == name,
            col(PolicyVersion.digest).startswith(name, autoescape=True),
            col(PolicyVersion.id).startswith(name, autoescape=True),
        )
        return self._all(select(PolicyVersion).where(wanted).order_by(*_OLDEST_FIRST))
