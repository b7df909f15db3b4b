"""A record as it stands, and each of its versions as it was kept."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from pmo_engine.model.life_cycle import RECORD, LifeCycle
from pmo_engine.model.vocabulary import Standing
from pmo_engine.store.base import Table, Versioned, always, one_of, refers_to
from pmo_engine.store.columns import Moment, Shaped


class Entry(Versioned, table=True):
    """The record of a register as it stands now; `policy_digest`: of the version it is under.

    `status`: the state of its life, of those that its register declares; `standing`: how it stands
    to its decision, which is the same for all registers;
    `matter_version`: the version at which what it says was changed last; `document`: the fields
    that its register declares; `follows`: an earlier entry, refused and asked for again;
    `entered`: its place in the order in which all records of the store were entered, of those that
    were at once the `id` tells the order.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("project", "register_name", "key"),
        one_of("standing", Standing),
        always("version", "version >= 1"),
        always("matter_version", "matter_version BETWEEN 1 AND version"),
        Index("ix_entries_listed", "project", "register_name", "key_length", "key"),
        Index(
            "ix_entries_listed_by_status",
            *("project", "register_name", "status", "key_length", "key"),
        ),
        Index("ix_entries_counted", "register_name", "standing", "project", "entered"),
        Index("ix_entries_entered", "entered"),
    )

    life_cycle: ClassVar[LifeCycle] = RECORD
    state_in: ClassVar[str] = "standing"
    id: str = refers_to("subjects.id", default="", primary_key=True)
    project: str = refers_to("projects.id")
    register_name: str
    key: str
    status: str
    standing: str = "waiting"
    owner: str | None = Field(default=None, index=True)
    due: date | None = Field(default=None, index=True)
    document: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("record"))
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)
    matter_version: int = 1
    follows: str | None = refers_to("entries.id", default=None)
    key_length: int = 0  # shorter keys come first: CR-10 after CR-9
    entered: int = 0
    submitted_by: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class EntryVersion(Table, table=True):
    """An entry as it stood from `at` on; every version is kept. `reason`: why it came to this."""

    __tablename__ = "entry_versions"

    entry_id: str = refers_to("entries.id", primary_key=True)
    version: int = Field(primary_key=True)
    status: str
    standing: str = "waiting"
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    owner: str | None = None
    due: date | None = None
    document: dict[str, Any] = Field(sa_type=Shaped("record"))
    policy_digest: str | None = refers_to("policy_texts.digest", default=None)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    at: datetime = Field(sa_type=Moment)
    by: str
