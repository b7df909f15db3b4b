"""The kinds of policy file, as pydantic models: what may be written, before it is bound."""

from __future__ import annotations

from pmo_engine.compiler.schema.calendar import Calendar, ClosureEntry, Holidays
from pmo_engine.compiler.schema.gates import CriterionEntry, EvidenceEntry, GateEntry, Gates
from pmo_engine.compiler.schema.header import DatedValue, DepartureEntry, PackUse, PolicyHeader
from pmo_engine.compiler.schema.located import Located
from pmo_engine.compiler.schema.notices import Notices, QuietHours, WordingEntry
from pmo_engine.compiler.schema.organisation import (
    FunctionalEntry,
    LadderEntry,
    Ladders,
    RoleEntry,
    Roles,
    RungEntry,
)
from pmo_engine.compiler.schema.registers import (
    AmountFormat,
    ExtensionEntry,
    FieldEntry,
    ImportEntry,
    RegisterEntry,
    Registers,
)
from pmo_engine.compiler.schema.rules import (
    ApprovalEffect,
    AssessmentEffect,
    AutoApproveEffect,
    ChosenEntry,
    DeriveEffect,
    EffectEntry,
    EvidenceEffect,
    ExceptionEffect,
    InformationEffect,
    NotifyEffect,
    ParameterEntry,
    RuleEntry,
    Rules,
)
from pmo_engine.compiler.schema.suites import ActivityEntry, CaseEntry, EventLogEntry, SuiteEntry
from pmo_engine.compiler.schema.tables import (
    TableEntry,
    TableInputEntry,
    TableOutputEntry,
    TableRowEntry,
)
from pmo_engine.compiler.schema.terms import (
    AuthorityEntry,
    CumulativeOver,
    DatedLimit,
    FieldName,
    QuorumEntry,
    ReservedAct,
    SeatEntry,
    Terms,
)
from pmo_engine.compiler.schema.tolerances import (
    KINDS,
    LEVELS,
    ToleranceCriterion,
    ToleranceEntry,
    Tolerances,
)

__all__ = [
    "KINDS",
    "LEVELS",
    "ActivityEntry",
    "AmountFormat",
    "ApprovalEffect",
    "AssessmentEffect",
    "AuthorityEntry",
    "AutoApproveEffect",
    "Calendar",
    "CaseEntry",
    "ChosenEntry",
    "ClosureEntry",
    "CriterionEntry",
    "CumulativeOver",
    "DatedLimit",
    "DatedValue",
    "DepartureEntry",
    "DeriveEffect",
    "EffectEntry",
    "EventLogEntry",
    "EvidenceEffect",
    "EvidenceEntry",
    "ExceptionEffect",
    "ExtensionEntry",
    "FieldEntry",
    "FieldName",
    "FunctionalEntry",
    "GateEntry",
    "Gates",
    "Holidays",
    "ImportEntry",
    "InformationEffect",
    "LadderEntry",
    "Ladders",
    "Located",
    "Notices",
    "NotifyEffect",
    "PackUse",
    "ParameterEntry",
    "PolicyHeader",
    "QuietHours",
    "QuorumEntry",
    "RegisterEntry",
    "Registers",
    "ReservedAct",
    "RoleEntry",
    "Roles",
    "RuleEntry",
    "Rules",
    "RungEntry",
    "SeatEntry",
    "SuiteEntry",
    "TableEntry",
    "TableInputEntry",
    "TableOutputEntry",
    "TableRowEntry",
    "Terms",
    "ToleranceCriterion",
    "ToleranceEntry",
    "Tolerances",
    "WordingEntry",
]
