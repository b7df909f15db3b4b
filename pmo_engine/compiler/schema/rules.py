"""Rules and their effects."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag, model_validator

from pmo_engine.compiler.schema.located import (
    ActName,
    Approver,
    Day,
    EventNames,
    Expression,
    FactPath,
    FunctionalName,
    LadderName,
    Located,
    PackName,
    RoleName,
    Texts,
    TypeName,
    Words,
    text_or_mapping,
)
from pmo_engine.model.event_names import SUBMITTED, UPDATED
from pmo_engine.model.vocabulary import Binding, Rhythm, TimeUp
from pmo_engine.source.yaml_source import Text

MOST_SIGNERS = 12
"""In how many ways signatures may be put together grows with each who may sign."""


class ChosenEntry(Located):
    """Who approves, worked out for each case."""

    chosen_by: Expression = Field(
        description="An expression that gives a role, a list of roles or `nobody`: a table, as in "
        "`signer(change.cost)`."
    )


def _listed(written: Text | list[Text] | None) -> list[Text]:
    if written is None:
        return []
    return written if isinstance(written, list) else [written]


def _who(value: Any) -> str:
    """Say which way of naming who signs was meant."""
    return "list" if isinstance(value, list) else text_or_mapping(value)


Signer: TypeAlias = Annotated[
    Annotated[Approver, Tag("text")] | Annotated[ChosenEntry, Tag("mapping")],
    Discriminator(text_or_mapping),
]
Signers: TypeAlias = Annotated[list[Signer], Field(min_length=1, max_length=MOST_SIGNERS)]
SeveralSigners: TypeAlias = Annotated[
    Annotated[Signers, Tag("list")] | Annotated[ChosenEntry, Tag("mapping")], Discriminator(_who)
]
ONE_WHO: dict[str, JsonValue] = {
    "oneOf": [
        {"required": ["from"]},
        {"required": ["all"]},
        {"required": ["any"]},
        {"required": ["of"], "not": {"required": ["from"]}},
    ]
}


class ApprovalEffect(Located):
    """An approval that is needed, by one or by several."""

    model_config = ConfigDict(json_schema_extra=ONE_WHO)

    from_: (
        Annotated[
            Annotated[Approver, Tag("text")]
            | Annotated[ChosenEntry, Tag("mapping")]
            | Annotated[Signers, Tag("list")],
            Discriminator(_who),
        ]
        | None
    ) = Field(
        default=None,
        alias="from",
        description=(
            "The role that approves, `least_senior_with_authority`, a list of them, who all do, or"
            " `{chosen_by: ...}` with an expression that gives a role or a list of roles."
        ),
    )
    all_: SeveralSigners | None = Field(
        default=None,
        alias="all",
        description="Those who all have to, as in `[sponsor, 2 of treasury_board]`.",
    )
    any_: SeveralSigners | None = Field(
        default=None, alias="any", description="Those of whom one has to, whoever it is."
    )
    of: Text | None = Field(
        default=None,
        description=(
            "How many have to: `2 of treasury_board` (members of it), `2 of [cfo, cio, coo]`, a"
            " share as in `2/3 of treasury_board`; the number alone beside `from`."
        ),
    )
    in_: Literal["sequence", "parallel"] = Field(
        default="parallel",
        alias="in",
        description="Whether they are asked one after the other, in their order, or at once.",
    )
    distinct: bool = Field(
        default=True,
        description=(
            "Whether each signature is of another person, and of another one than those under the"
            " other approvals of the record."
        ),
    )
    within: Text | None = Field(
        default=None,
        description="The time allowed, as in `3 working days`; the policy's `default_within` "
        "if left out.",
    )
    ladder: LadderName | None = Field(
        default=None,
        description="The ladder of reminders and escalations; the policy's `default_ladder` "
        "if left out.",
    )
    when_time_is_up: TimeUp | None = Field(
        default=None,
        description=(
            "What becomes of it when the time allowed is up: it `lapses`, `goes up`, `counts as "
            "refused` or, with a `source`, `counts as given`; it waits on if left out."
        ),
    )
    source: Words | None = Field(
        default=None,
        description="Who decided that silence counts as an approval, and when.",
    )
    act: ActName | None = Field(
        default=None,
        description=(
            "What is done if it is not to approve the record itself, as in `fund purchase`: those"
            " are asked who hold that act, and it does what its kind of act says."
        ),
    )

    @model_validator(mode="after")
    def _one(self) -> ApprovalEffect:
        ways = [self.from_, self.all_, self.any_]
        named = sum(each is not None for each in ways)
        if named > 1 or (self.of is not None and (self.all_ or self.any_)):
            raise ValueError("an approval says once who signs: 'from', 'all', 'any' or 'of'")
        if not named and self.of is None:
            raise ValueError("an approval says who signs, as in 'from: pmo_head'")
        return self


class AssessmentEffect(Located):
    """An assessment that is needed."""

    from_: FunctionalName = Field(
        alias="from", description="The functional role that assesses, as in `risk`."
    )
    within: Text | None = Field(
        default=None, description="The time allowed, as in `3 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )


class InformationEffect(Located):
    """Facts that must be given."""

    facts: list[FactPath] = Field(
        min_length=1, description="The facts that must be given, as in `change.cost`."
    )
    from_: RoleName | None = Field(
        default=None,
        alias="from",
        description="The role that gives them; whoever submitted the record if left out.",
    )
    within: Text | None = Field(
        default=None, description="The time allowed, as in `3 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )


class EvidenceEffect(Located):
    """A document or record that must be there."""

    evidence: Words = Field(description="What must be there, as in `business_case`.")
    from_: RoleName | None = Field(
        default=None,
        alias="from",
        description="The role that provides it.",
    )
    max_age: Text | None = Field(default=None, description="How old it may be, as in `6 months`.")
    within: Text | None = Field(
        default=None, description="The time allowed, as in `3 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )


class ExceptionEffect(Located):
    """An exception report."""

    to: RoleName = Field(description="The role that gets the exception report.")
    reason: Words = Field(
        default_factory=lambda: Text(""), description="Why it is raised, in a sentence."
    )
    within: Text | None = Field(
        default=None, description="The time allowed, as in `3 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )


class NotifyEffect(Located):
    """A notice."""

    to: RoleName = Field(description="The role that is told.")
    message: Words = Field(default_factory=lambda: Text(""), description="What it is told.")


class AutoApproveEffect(Located):
    """What may pass by itself, and who said so."""

    source: Words = Field(
        description="Who decided that such a record may pass by itself, and when."
    )


class DeriveEffect(Located):
    """A fact for other rules."""

    fact: Text = Field(description="What the fact is called in the conditions of other rules.")
    label: Words | None = Field(
        default=None,
        description=(
            "What people call the fact; where it holds or not, a clause: `the order is major`."
        ),
    )
    value: Expression = Field(description="The expression that gives it.")


class EffectEntry(Located):
    """One effect: exactly one of its keys."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    require_approval: ApprovalEffect | None = Field(
        default=None, description="Somebody must approve the record."
    )
    require_assessment: AssessmentEffect | None = Field(
        default=None, description="A functional role must assess the record."
    )
    require_information: InformationEffect | None = Field(
        default=None,
        description="Facts must be given before it goes on: they are asked for while they are not "
        "known, and, where the rule's condition looks at them, as long as it holds.",
    )
    require_evidence: EvidenceEffect | None = Field(
        default=None, description="A document or record must be there."
    )
    raise_exception: ExceptionEffect | None = Field(
        default=None, description="An exception report goes to a role."
    )
    notify: NotifyEffect | None = Field(default=None, description="A role is told.")
    block: Words | None = Field(
        default=None, description="The record may not go on, for the reason given here."
    )
    auto_approve: AutoApproveEffect | None = Field(
        default=None,
        description="The record passes by itself, as somebody has decided that it may.",
    )
    derive: DeriveEffect | None = Field(
        default=None, description="A fact that other rules may look at."
    )
    finding: Words | None = Field(
        default=None, description="What is counted when a recorded history is replayed."
    )

    @model_validator(mode="after")
    def _one(self) -> EffectEntry:
        if len(self.model_fields_set) != 1:
            raise ValueError("an effect says exactly one thing; start a new '-' for the next")
        return self


class RuleEntry(Located):
    """A rule."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [each]} for each in ("on", "every", "while")]}
    )

    id: Text = Field(
        description="What suites, reasons and findings call the rule, as in `change-approval`."
    )
    title: Text = Field(description="The rule in one sentence, as people would say it.")
    on: EventNames | None = Field(
        default=None,
        description=(
            "The event that the rule judges, as in `change_request.submitted`, or a list of them; "
            "beside `every` or `while`, or in place of them."
        ),
    )
    while_: Texts | None = Field(
        default=None,
        alias="while",
        description=(
            "The state of a record in which the rule holds, whatever happened to it: `risk.open`"
            " for all that are not over, a state as in `risk.treating`, or a list; beside `on` the"
            " state alone."
        ),
    )
    every: Rhythm | None = Field(
        default=None,
        description=(
            "How often time alone makes the rule judge: each working `day` of the office, its "
            "first in a `week` or a `month`, or when the project comes into another `stage`. What "
            "holds on one day and on the next is one matter, told once; a week, month or stage is "
            "an occasion of its own."
        ),
    )
    of: Text | None = Field(
        default=None,
        description=(
            "Beside `every`, what is judged each time: the open records of a register, by their "
            "noun as in `risk`, each `project` under way, or each `office`; what the rule is `on`, "
            "or the one record that its condition looks at, if left out."
        ),
    )
    binding: Binding = Field(
        description=(
            "How strongly it binds: `shall` holds, `should` is explained where it is "
            "departed from, `may` is advice, `trial` is recorded and binds nobody."
        )
    )
    when: Expression | None = Field(
        default=None,
        description='The condition, as in `change.cost > @"50000 GBP"`; always if left out.',
    )
    then: list[EffectEntry] = Field(
        min_length=1, description="What follows when the condition holds."
    )
    in_force_from: Day | None = Field(
        default=None, description="The first day on which the rule holds."
    )
    in_force_to: Day | None = Field(
        default=None, description="The first day on which the rule no longer holds."
    )
    clause: Text | None = Field(
        default=None,
        description="The clause of the terms of reference or framework that the rule carries out.",
    )
    source: Text | None = Field(default=None, description="Who decided on the rule, and when.")

    @model_validator(mode="after")
    def _judged_some_time(self) -> RuleEntry:
        if self.on is None and self.every is None and self.while_ is None:
            raise ValueError(
                "a rule says when it is judged: 'on' an event, 'every' day, or 'while' in a state"
            )
        if self.of is not None and self.every is None:
            raise ValueError("'of' says what 'every' is about; write 'every: day' beside it")
        return self

    @property
    def events(self) -> list[Text]:
        """Give the events that it names, and those on which a state that it names is looked at."""
        on, states = _listed(self.on), _listed(self.while_)
        of_states = (each.partition(".")[0] for each in states if "." in each)
        nouns = dict.fromkeys([*(each.partition(".")[0] for each in on), *of_states])
        judged = (SUBMITTED, UPDATED) if states else ()
        more = (Text(f"{noun}.{what}", states[0].mark) for noun in nouns for what in judged)
        return list({str(each): each for each in (*more, *on)}.values())


class ParameterEntry(Located):
    """A parameter of a pack; one without a default has to be set by the policy."""

    type: TypeName = Field(description="The type, written as that of a register's field.")
    default: Any = Field(
        default=None, description="The value that holds where a policy sets no other."
    )
    example: Any = Field(
        default=None,
        description="Where there is no default: the value with which the pack's suites are run.",
    )
    at_least: Any = Field(default=None, description="The lowest value that a policy may set.")
    at_most: Any = Field(default=None, description="The highest value that a policy may set.")
    about: Text | None = Field(
        default=None, description="What the parameter sets, for whoever binds it."
    )


class Rules(Located):
    """Rules, alone or as a pack."""

    kind: Literal["rules"]
    pack: Text | None = Field(
        default=None,
        description="The pack's name, where these rules are one that policies can use.",
    )
    beside: list[PackName] = Field(
        default_factory=list,
        description=(
            "Packs that these rules look at the registers of, as in `[planning]`; where a policy"
            " does not use them all, these rules are left out."
        ),
    )
    parameters: dict[str, ParameterEntry] = Field(
        default_factory=dict, description="What a policy that uses the pack may set, by name."
    )
    rules: list[RuleEntry] = Field(description="The rules.")
