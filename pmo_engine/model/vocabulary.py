"""The words of which there are only so many: what the language, the store and the faces share."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

OFFICE = "office"
"""The journal's chain of the office itself; the other chains are called as their projects."""
MOTION = "motion"
"""What a body votes on about a project, and the name of it where no rule asks for it."""
MANDATE = "mandate"
"""What a proposal becomes for the body of its gate; the review keeps by it of which it is."""
A_RECORD, A_GATE, A_PLACE = "entry", "gate_review", "place"
A_VERSION, A_RETURN = "policy_version", "round_return"
"""What decisions and obligations are about, as the store calls its kinds."""
GATE_CLOSED = "gate.closed"
"""The line of the journal that a gate was decided; the order of such says which was last."""

MANAGER = "project_manager"
LEADS = (MANAGER, "sponsor")
"""Roles whose holders have a project for their own, wherever they hold them."""

Binding: TypeAlias = Literal["shall", "should", "may", "trial"]
ObligationKind: TypeAlias = Literal[
    "approval",
    "assessment",
    "information",
    "evidence",
    "exception",
    "notice",
    "block",
    "condition",
    "recommendation",
    "return",
]
ObligationStatus: TypeAlias = Literal["open", "met", "waived", "lapsed", "withdrawn"]
ReturnState: TypeAlias = Literal[
    "answered", "answered late", "waiting", "late", "excused", "missing"
]
"""How what a round asks of a project stands."""
DecisionStatus: TypeAlias = Literal["clear", "waiting", "blocked"]
Rhythm: TypeAlias = Literal["day", "week", "month", "stage"]
"""How often time by itself is an event: each working day, the first of a week or a month, or when
a project comes into another stage."""
PROPOSED, ACTIVE, ON_HOLD, CLOSED, STOPPED = "proposed", "active", "on_hold", "closed", "stopped"
"""How a project stands."""
Home: TypeAlias = Literal["project", "office"]
"""What has records of its own."""
Deciding: TypeAlias = Literal["always", "when asked"]
WHEN_ASKED = "when asked"
"""Which records of a register are decided about: each, or those about which a rule asks."""
CRITERION = "criterion"
"""What is asked of whoever judges a criterion of a gate, before the criterion's id."""
PARTS = ("cause", "consequences", "options", "recommendation", "lessons")
"""The parts of an exception report, in their order."""
OfficeKind: TypeAlias = Literal["portfolio", "programme", "project", "centre of excellence"]
"""What an office is for: a portfolio, a programme, projects, or the standards of others."""
ProgrammeKind: TypeAlias = Literal["portfolio", "programme"]
"""What projects are gathered in, and other programmes."""
OfficeForm: TypeAlias = Literal["single", "hub", "spoke", "virtual"]
"""How an office is made up: alone, the middle of others, one of these, or in line departments."""
Choice: TypeAlias = Literal["approve", "reject", "abstain", "recuse"]
"""How somebody answers an approval; whoever recuses themself has no vote on it."""
Capacity: TypeAlias = Literal["own role", "acting", "deputy", "delegate", "escalation", "chair"]
"""How somebody came to vote: by a role of their own, or in whose place."""
TimeUp: TypeAlias = Literal["lapses", "goes up", "counts as refused", "counts as given"]
"""What becomes of an approval when its time is up."""
RungAction: TypeAlias = Literal["remind", "escalate", "close"]
"""What is done at a moment: somebody is reminded, it goes up, or a vote or a time is over."""
RungState: TypeAlias = Literal["waiting", "fired", "cancelled"]
ReviewStatus: TypeAlias = Literal[
    "assessing", "awaiting_assessments", "awaiting_decision", "closed"
]
Outcome: TypeAlias = Literal["go", "conditional_go", "hold", "recycle", "stop"]
"""What a gate is decided to be."""
Result: TypeAlias = Literal["met", "not_met", "cannot_tell", "asked"]
"""What an assessment found."""
Judged: TypeAlias = Literal["yes", "no", "cannot_tell", "asked"]
"""How a criterion of a gate was judged; nobody has yet where somebody is asked."""
Grade: TypeAlias = Literal["critical", "essential", "recommended"]
"""How much hangs on what a review recommends: at once, before the next gate, or for the better."""
EvidenceKind: TypeAlias = Literal["entry", "file", "document"]
"""What is shown at a gate: an entry of a register, a file by its digest, or a document by name."""
Standing: TypeAlias = Literal[
    "waiting", "blocked", "approved", "rejected", "withdrawn", "rescinded", "ended"
]
"""How a record stands to its decision: nobody decided, a rule blocks it, or what was decided."""
LEFT_OUT: Final = ("blocked", "rejected", "withdrawn", "rescinded")
"""The standings of records that are in no sum."""
PolicyStatus: TypeAlias = Literal[
    "draft", "comment", "submitted", "adopted", "rejected", "withdrawn", "superseded"
]
MessageKind: TypeAlias = Literal["notice", "flow"]
MessageState: TypeAlias = Literal["waiting", "claimed", "sent", "failed"]
