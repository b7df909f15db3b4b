"""Rules and their effects."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from pmo_engine.policy.located import Day, Located, Texts
from pmo_engine.policy.source import Text


class ApprovalEffect(Located):
    """An approval that is needed."""

    from_: Text = Field(alias="from")
    within: Text | None = None
    ladder: Text | None = None
    act: Text | None = None


class AssessmentEffect(Located):
    """An assessment that is needed."""

    from_: Text = Field(alias="from")
    within: Text | None = None
    ladder: Text | None = None


class InformationEffect(Located):
    """Facts that must be given."""

    facts: list[Text]
    from_: Text | None = Field(default=None, alias="from")
    within: Text | None = None
    ladder: Text | None = None


class EvidenceEffect(Located):
    """A document or record that must be there."""

    evidence: Text
    from_: Text | None = Field(default=None, alias="from")
    max_age: Text | None = None
    within: Text | None = None


class ExceptionEffect(Located):
    """An exception report."""

    to: Text
    reason: Text = Field(default_factory=lambda: Text(""))
    within: Text | None = None
    ladder: Text | None = None


class NotifyEffect(Located):
    """A notice."""

    to: Text
    message: Text = Field(default_factory=lambda: Text(""))


class AutoApproveEffect(Located):
    """What may pass by itself, and who said so."""

    source: Text


class DeriveEffect(Located):
    """A fact for other rules."""

    fact: Text
    value: Text


class EffectEntry(Located):
    """One effect: exactly one of its keys."""

    require_approval: ApprovalEffect | None = None
    require_assessment: AssessmentEffect | None = None
    require_information: InformationEffect | None = None
    require_evidence: EvidenceEffect | None = None
    raise_exception: ExceptionEffect | None = None
    notify: NotifyEffect | None = None
    block: Text | None = None
    auto_approve: AutoApproveEffect | None = None
    derive: DeriveEffect | None = None
    finding: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> EffectEntry:
        if len(self.model_fields_set) != 1:
            raise ValueError("an effect says exactly one thing; start a new '-' for the next")
        return self


class RuleEntry(Located):
    """A rule."""

    id: Text
    title: Text
    on: Texts
    binding: Literal["shall", "should", "may", "trial"]
    when: Text | None = None
    then: list[EffectEntry] = Field(min_length=1)
    in_force_from: Day | None = None
    in_force_to: Day | None = None
    clause: Text | None = None
    source: Text | None = None


class ParameterEntry(Located):
    """A parameter of a pack."""

    type: Texts
    default: Any
    about: Text | None = None


class Rules(Located):
    """Rules, alone or as a pack."""

    kind: Literal["rules"]
    pack: Text | None = None
    parameters: dict[str, ParameterEntry] = Field(default_factory=dict)
    rules: list[RuleEntry]
