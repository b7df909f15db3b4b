"""The bound policy: one frozen, typed tree that every back-end, check and text is a pass over.

It holds the policy's past and its announced future: dated values stay dated, and the moment
of an event selects among them (``selection.select``).
"""

from pmo_engine.policy.acts import DeclaredAct
from pmo_engine.policy.expressions import Expression, InForce
from pmo_engine.policy.gates import Criterion, Evidence, Gate
from pmo_engine.policy.notices import Notices, QuietHours, Wording, Words
from pmo_engine.policy.organisation import FunctionalAssignment, Incompatible, Ladder, Role, Rung
from pmo_engine.policy.packs import DatedValue, Departure, Parameter
from pmo_engine.policy.policy import Policy
from pmo_engine.policy.registers import Field, ImportLayout, Register
from pmo_engine.policy.rules import (
    CHOSEN,
    LEAST_SENIOR,
    NOBODY,
    Asked,
    AutoApprove,
    Block,
    Derive,
    Effect,
    Finding,
    Notify,
    RaiseException,
    RequireApproval,
    RequireAssessment,
    RequireEvidence,
    RequireInformation,
    Rule,
)
from pmo_engine.policy.suites import ActivityMapping, Case, EventLog, Suite
from pmo_engine.policy.tables import (
    AGGREGATING,
    LISTING,
    ORDERED_BY_OUTPUT,
    HitPolicy,
    Table,
    TableInput,
    TableOutput,
    TableRow,
)
from pmo_engine.policy.terms import (
    Authority,
    Cumulative,
    Despite,
    Extension,
    Limit,
    MayDelegate,
    Quorum,
    Seat,
    Silence,
    TermsOfReference,
    Voting,
    Written,
)
from pmo_engine.policy.time_up import WhenTimeIsUp
from pmo_engine.policy.tolerances import Allowance, Tolerance, ToleranceCriterion

__all__ = [
    "AGGREGATING",
    "CHOSEN",
    "LEAST_SENIOR",
    "LISTING",
    "NOBODY",
    "ORDERED_BY_OUTPUT",
    "ActivityMapping",
    "Allowance",
    "Asked",
    "Authority",
    "AutoApprove",
    "Block",
    "Case",
    "Criterion",
    "Cumulative",
    "DatedValue",
    "DeclaredAct",
    "Departure",
    "Derive",
    "Despite",
    "Effect",
    "EventLog",
    "Evidence",
    "Expression",
    "Extension",
    "Field",
    "Finding",
    "FunctionalAssignment",
    "Gate",
    "HitPolicy",
    "ImportLayout",
    "InForce",
    "Incompatible",
    "Ladder",
    "Limit",
    "MayDelegate",
    "Notices",
    "Notify",
    "Parameter",
    "Policy",
    "QuietHours",
    "Quorum",
    "RaiseException",
    "Register",
    "RequireApproval",
    "RequireAssessment",
    "RequireEvidence",
    "RequireInformation",
    "Role",
    "Rule",
    "Rung",
    "Seat",
    "Silence",
    "Suite",
    "Table",
    "TableInput",
    "TableOutput",
    "TableRow",
    "TermsOfReference",
    "Tolerance",
    "ToleranceCriterion",
    "Voting",
    "WhenTimeIsUp",
    "Wording",
    "Words",
    "Written",
]
