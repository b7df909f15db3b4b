"""All tables of the store, each in the file of what it belongs to, loaded when it is named."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pmo_engine.model.vocabulary import (
    OFFICE,
    Binding,
    Choice,
    MessageKind,
    MessageState,
    ObligationKind,
    ObligationStatus,
    Outcome,
    PolicyStatus,
    Result,
    ReviewStatus,
    RungAction,
    RungState,
)
from pmo_engine.store.base import Identified, Table, Versioned, refer

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy import MetaData

    from pmo_engine.store.addressees import Addressee
    from pmo_engine.store.decisions import Decision, ListingPart
    from pmo_engine.store.gates.judged import GivenEvidence, Judgement
    from pmo_engine.store.gates.reviews import Assessment, GateReview
    from pmo_engine.store.imports import Import, ImportRow
    from pmo_engine.store.journal import JournalEntry, JournalHead
    from pmo_engine.store.obligations import Obligation, Rung
    from pmo_engine.store.outbox import DeliveryAttempt, Message
    from pmo_engine.store.people.interests import DeclaredInterest
    from pmo_engine.store.people.programmes import Programme
    from pmo_engine.store.people.roles import Person, RoleHolding
    from pmo_engine.store.people.standing_in import Absence, Delegation, SamePerson
    from pmo_engine.store.policies.comments import PolicyComment
    from pmo_engine.store.policies.versions import PolicyText, PolicyVersion
    from pmo_engine.store.portfolio import ColourOverride, Cycle
    from pmo_engine.store.projects import Project
    from pmo_engine.store.records.rows import Entry, EntryVersion
    from pmo_engine.store.records.waits import Wait
    from pmo_engine.store.reports import KeptReport
    from pmo_engine.store.requests import Request
    from pmo_engine.store.settings import Counter, Setting
    from pmo_engine.store.subjects import Subject
    from pmo_engine.store.timed.rounds import Return, Round
    from pmo_engine.store.timed.watches import Watch
    from pmo_engine.store.votes import Vote

__all__ = [
    "OFFICE",
    "Absence",
    "Addressee",
    "Assessment",
    "Binding",
    "Choice",
    "ColourOverride",
    "Counter",
    "Cycle",
    "Decision",
    "DeclaredInterest",
    "Delegation",
    "DeliveryAttempt",
    "Entry",
    "EntryVersion",
    "GateReview",
    "GivenEvidence",
    "Identified",
    "Import",
    "ImportRow",
    "JournalEntry",
    "JournalHead",
    "Judgement",
    "KeptReport",
    "ListingPart",
    "Message",
    "MessageKind",
    "MessageState",
    "Obligation",
    "ObligationKind",
    "ObligationStatus",
    "Outcome",
    "Person",
    "PolicyComment",
    "PolicyStatus",
    "PolicyText",
    "PolicyVersion",
    "Programme",
    "Project",
    "Request",
    "Result",
    "Return",
    "ReviewStatus",
    "RoleHolding",
    "Round",
    "Rung",
    "RungAction",
    "RungState",
    "SamePerson",
    "Setting",
    "Subject",
    "Table",
    "Versioned",
    "Vote",
    "Wait",
    "Watch",
]

_TABLES = {
    "addressees": ("Addressee",),
    "decisions": ("Decision", "ListingPart"),
    "gates.judged": ("GivenEvidence", "Judgement"),
    "gates.reviews": ("Assessment", "GateReview"),
    "imports": ("Import", "ImportRow"),
    "people.interests": ("DeclaredInterest",),
    "journal": ("JournalEntry", "JournalHead"),
    "obligations": ("Obligation", "Rung"),
    "outbox": ("DeliveryAttempt", "Message"),
    "people.roles": ("Person", "RoleHolding"),
    "people.standing_in": ("Absence", "Delegation", "SamePerson"),
    "portfolio": ("ColourOverride", "Cycle"),
    "policies.comments": ("PolicyComment",),
    "policies.versions": ("PolicyText", "PolicyVersion"),
    "people.programmes": ("Programme",),
    "projects": ("Project",),
    "records.rows": ("Entry", "EntryVersion"),
    "reports": ("KeptReport",),
    "requests": ("Request",),
    "settings": ("Counter", "Setting"),
    "subjects": ("Subject",),
    "votes": ("Vote",),
    "records.waits": ("Wait",),
    "timed.rounds": ("Return", "Round"),
    "timed.watches": ("Watch",),
}
"""By the module under `pmo_engine.store`; one table takes milliseconds to declare."""

_HOMES = {name: home for home, names in _TABLES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A table, when it is asked for the first time."""
    if name not in _HOMES:
        raise AttributeError(f"the store has no table '{name}'")
    found = globals()[name] = getattr(_home(_HOMES[name]), name)
    return found


@cache
def whole() -> MetaData:
    """The metadata with every table, and what each refers to."""
    for home in _TABLES:
        _home(home)
    refer(Table.metadata)
    return Table.metadata


def _home(name: str) -> ModuleType:
    return import_module(f"pmo_engine.store.{name}")
