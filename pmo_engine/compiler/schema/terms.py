"""Terms of reference, with authority."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pmo_engine.compiler.schema.located import (
    ActName,
    Day,
    Located,
    RoleName,
    keeping_keys,
    text_or_list,
    text_or_mapping,
)
from pmo_engine.source.yaml_source import Text

_DEPENDENT = r"unlimited|(?:greater|lesser) of .+|.*% of .+"


def _unlimited(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_DEPENDENT, value, re.DOTALL):
        return value
    raise PydanticCustomError("up_to", "is neither 'unlimited' nor a list of limits")


HowFar: TypeAlias = Annotated[
    Text, BeforeValidator(_unlimited), WithJsonSchema({"type": "string", "pattern": _DEPENDENT})
]


class DatedLimit(Located):
    """A limit from a day on, with the source that set it."""

    from_: Day | None = Field(
        default=None,
        alias="from",
        description="The first day of this limit, as in `2026-01-01`; always if left out.",
    )
    value: Text = Field(
        description=(
            "The highest amount covered, itself included, as in `50000 GBP`; or `unlimited`. Of "
            "authority also in words: `greater of 10000 GBP and 10 % of change.contract_price`."
        )
    )
    source: Text = Field(
        default_factory=lambda: Text(""),
        description="Who set the limit, and when: a minute of the board, say.",
    )


class FieldName(Located):
    """A field of the register, by name."""

    field: Text = Field(description="The field, as in `supplier`.")


class CumulativeOver(Located):
    """What a cumulative limit adds up, and over which time."""

    by: (
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[FieldName, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
        | None
    ) = Field(
        default=None,
        description=(
            "What is added up together: `project` for all of the project, `requester` for what one "
            "person asked for, or a field of the register, as in `supplier`, for what agrees in it."
        ),
    )
    over: Text = Field(
        description=(
            "How far back amounts add up: as in `90 days` or `12 months`, `financial year`, "
            "`contract life` for all that agrees in the field under `by`, or `ever`."
        )
    )
    across: Text | None = Field(
        default=None,
        description="Where amounts add up: in one `project`, or in the whole `office`.",
    )


class AuthorityEntry(Located):
    """What a role may do, up to how much, reckoned how."""

    id: Text = Field(description="What clauses and reasons call this authority.")
    may: ActName = Field(
        description="What the role may do, as in `approve change_request` or `adopt policy`."
    )
    label: Text | None = Field(
        default=None, description="What people call the act, as in `eject a core member`."
    )
    cumulative: CumulativeOver | None = Field(
        default=None, description="Over what the limit adds up; for each case alone if left out."
    )
    of: Annotated[dict[str, Any], WrapValidator(keeping_keys)] = Field(
        default_factory=dict,
        description=(
            "Over which records alone, by field, as in `{category: [capital, lease]}`; under "
            "`requester`, over what those ask for who hold a role, or one below it."
        ),
    )
    in_absence_of: RoleName | None = Field(
        default=None,
        description="A role; it is there in the absence of all who hold that role, and then alone.",
    )
    while_vacant: RoleName | None = Field(
        default=None,
        description="A role; it is there while nobody holds that role, and then alone.",
    )
    basis: Text | None = Field(
        default=None, description="How amounts are reckoned, as in `excluding VAT`."
    )
    up_to: Annotated[
        Annotated[list[DatedLimit], Field(min_length=1), Tag("list")]
        | Annotated[HowFar, Tag("text")],
        Discriminator(text_or_list),
    ] = Field(
        description=(
            "How far it goes: `unlimited`, a share of a field or the greater or lesser of two "
            "amounts in words, or limits in the order of their days."
        )
    )


class ReservedAct(Located):
    """An act that nobody else may do, whatever their authority."""

    act: ActName = Field(description="The act, as in `approve change_request`.")


class QuorumEntry(Located):
    """How many members it takes to meet, and to decide."""

    meet: Text = Field(
        description=(
            "How many must be there to meet: a part, as in `1/2`, rounded up, or a number."
        )
    )
    vote: Text | None = Field(
        default=None,
        description=(
            "How many must vote alike to decide: a part, as in `2/3`, or a number; as the voting "
            "says if left out."
        ),
    )


class SeatEntry(Located):
    """Seats of a body: for a role or by name, how many, who appoints, whether they vote."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["role"]}, {"required": ["seat"]}]}
    )

    role: RoleName | None = Field(default=None, description="The role that the seat is for.")
    seat: Text | None = Field(
        default=None, description="What the seat is called, where it is for no role."
    )
    count: int = Field(default=1, ge=1, description="How many such seats there are.")
    appointed_by: RoleName | None = Field(
        default=None, description="Who appoints: a role, or somebody in words."
    )
    votes: bool = Field(default=True, description="Whether who sits there has a vote.")

    @model_validator(mode="after")
    def _for_somebody(self) -> SeatEntry:
        if self.role is None and self.seat is None:
            raise ValueError("a seat is for a 'role', or has a name under 'seat'")
        return self


class DespiteEntry(Located):
    """An interest despite which holders of a role may decide, and who said so."""

    interest: Text = Field(
        description="Which: `own`, `produced`, `reviewed`, `party` or `own project`."
    )
    source: Text = Field(description="The decision or document that says so.")


class WrittenEntry(Located):
    """A decision in writing, without a meeting."""

    within: Text = Field(description="How long the vote is open, as in `5 working days`.")
    count: Literal["cast", "present", "members"] = Field(
        default="members", description="Of what the share is taken then."
    )
    passes: Text | None = Field(
        default=None,
        alias="pass",
        description="How much of it passes a matter; as in a meeting if left out.",
    )


class SilenceEntry(Located):
    """A procedure in which a matter passes unless somebody objects."""

    means: Literal["consent"] = Field(description="What silence means.")
    within: Text = Field(description="How long members may object, as in `5 working days`.")
    source: Text = Field(description="Who decided that silence is consent, and when.")


class LateQuorumEntry(Located):
    """A vote that reaches its quorum late, and is open longer then."""

    by: Text = Field(description="How much longer it is open, as in `2 working days`.")
    reached_within: Text = Field(
        description="How late the quorum is reached: in the last `1 working day`, say."
    )


class VotingEntry(Located):
    """How a body decides."""

    count: Literal["cast", "present", "members"] = Field(
        default="cast",
        description="Of what the share is taken: of the votes cast, of those present, or of all "
        "members, vacant seats among them.",
    )
    passes: Text | None = Field(
        default=None,
        alias="pass",
        description="How much of it passes a matter: `more than half`, `at least half`, a part, "
        "as in `2/3`, rounded up, or a number; more than half if left out.",
    )
    abstentions: Literal["counted", "left out"] = Field(
        default="left out", description="Whether abstentions count among the votes cast."
    )
    casting_vote: Literal["chair"] | None = Field(
        default=None, description="Who decides at a tie, which is refused if left out."
    )
    recusal: Literal["keeps the quorum", "lowers the quorum"] = Field(
        default="keeps the quorum",
        description="Whether members who step aside are left out of the number that the quorum "
        "is taken of.",
    )
    written: WrittenEntry | None = Field(
        default=None, description="How the body decides in writing, where it has not met."
    )
    silence: SilenceEntry | None = Field(
        default=None, description="That a matter passes unless a member objects in time."
    )
    extended: LateQuorumEntry | None = Field(
        default=None, description="How a vote goes on that reaches its quorum late."
    )


class DelegationEntry(Located):
    """What whoever holds a role may let somebody else do for them."""

    acts: list[ActName] | None = Field(
        default=None,
        description=(
            "The acts that may be delegated, as in `approve change_request`, or a verb for all of "
            "its acts; everything that is not reserved if left out, nothing if empty."
        ),
    )
    to: list[RoleName] = Field(
        default_factory=list,
        description="A delegate holds one of these roles; anybody may be one if left out.",
    )
    chains: bool = Field(
        default=False, description="Whether a delegate may hand on what was delegated to them."
    )


class Terms(Located):
    """Terms of reference of a role or body, or of a functional role."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["deputy", "deputies"]}})

    kind: Literal["terms_of_reference"]
    for_: RoleName = Field(
        alias="for",
        description="The role or body whose terms these are, or a functional role.",
    )
    purpose: Text | None = Field(
        default=None, description="What the role or body is there for, in a sentence."
    )
    remit: list[Text] = Field(default_factory=list, description="What lies within its remit.")
    exclusions: list[Text] = Field(default_factory=list, description="What is not its business.")
    responsibilities: list[Text] = Field(
        default_factory=list, description="What it answers for, one sentence each."
    )
    authority: list[AuthorityEntry] = Field(
        default_factory=list, description="What it may do by itself, and how far."
    )
    reserved: list[
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[ReservedAct, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
    ] = Field(
        default_factory=list,
        description="Matters that nobody else may decide: in words, or as an `act`.",
    )
    members: int | None = Field(
        default=None, ge=1, description="How many members with a vote a body has."
    )
    membership: list[SeatEntry] = Field(
        default_factory=list, description="Who the members are, by seats."
    )
    quorum: QuorumEntry | None = Field(
        default=None, description="How many members a body needs to meet and to decide."
    )
    deputy: RoleName | None = Field(
        default=None, description="The role that acts when this one cannot."
    )
    deputies: list[RoleName] = Field(
        default_factory=list, description="Several deputies, in the order in which they stand in."
    )
    delegation: DelegationEntry | None = Field(
        default=None,
        description=(
            "What may be delegated, and to whom; if left out, all that is not reserved, without "
            "chains, and of a body nothing."
        ),
    )
    chair: RoleName | None = Field(default=None, description="The role that chairs the body.")
    voting: (
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[VotingEntry, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
        | None
    ) = Field(
        default=None,
        description="How the body votes; in a sentence it is text for people, which nothing keeps.",
    )
    cadence: Text | None = Field(default=None, description="How often the body meets, in words.")
    inputs: list[Text] = Field(default_factory=list, description="What it gets to work with.")
    outputs: list[Text] = Field(default_factory=list, description="What it gives out.")
    reports_to: RoleName | None = Field(
        default=None, description="The role or body that it reports to."
    )
    escalates_to: RoleName | None = Field(
        default=None,
        description="Where matters go that it may not settle; to whom it reports if left out.",
    )
    may_not: list[Text] = Field(
        default_factory=list,
        description=(
            "What whoever decides for this role may not decide besides what nobody may: their "
            "`own`, what they `produced` or `reviewed`, where they are a `party`, and their "
            "`own project`."
        ),
    )
    may_despite: list[DespiteEntry] = Field(
        default_factory=list,
        description="Interests despite which holders of this role may decide, with the source.",
    )
    conflicts: Text | None = Field(
        default=None, description="How conflicts of interest are dealt with."
    )
    review_on: Day | None = Field(
        default=None, description="The day on which these terms are looked at next."
    )
    review_every: Text | None = Field(
        default=None, description="How often these terms are looked at again, as in `12 months`."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Terms:
        if self.deputy is not None and self.deputies:
            raise ValueError("one deputy is written under 'deputy', several under 'deputies'")
        return self
