"""All tables of the store, each in the file of what it belongs to."""

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
from pmo_engine.store.addressees import Addressee
from pmo_engine.store.base import Identified, Table, Versioned
from pmo_engine.store.decisions import Decision, ListingPart
from pmo_engine.store.entries import Entry, EntryVersion
from pmo_engine.store.gates import Assessment, GateReview
from pmo_engine.store.imports import Import, ImportRow
from pmo_engine.store.interests import DeclaredInterest
from pmo_engine.store.journal import JournalEntry, JournalHead
from pmo_engine.store.obligations import Obligation, Rung
from pmo_engine.store.outbox import DeliveryAttempt, Message
from pmo_engine.store.people.roles import Person, RoleHolding
from pmo_engine.store.people.standing_in import Absence, Delegation, SamePerson
from pmo_engine.store.policies import PolicyComment, PolicyText, PolicyVersion
from pmo_engine.store.projects import Project
from pmo_engine.store.settings import Counter, Request, Setting
from pmo_engine.store.subjects import Subject
from pmo_engine.store.votes import Vote

__all__ = [
    "OFFICE",
    "Absence",
    "Addressee",
    "Assessment",
    "Binding",
    "Choice",
    "Counter",
    "Decision",
    "DeclaredInterest",
    "Delegation",
    "DeliveryAttempt",
    "Entry",
    "EntryVersion",
    "GateReview",
    "Identified",
    "Import",
    "ImportRow",
    "JournalEntry",
    "JournalHead",
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
    "Project",
    "Request",
    "Result",
    "ReviewStatus",
    "RoleHolding",
    "Rung",
    "RungAction",
    "RungState",
    "SamePerson",
    "Setting",
    "Subject",
    "Table",
    "Versioned",
    "Vote",
]
