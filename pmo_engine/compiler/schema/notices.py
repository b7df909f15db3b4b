"""Notices: in which words people are told, and when they are left in peace."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from pydantic import ConfigDict, Field, JsonValue, model_validator

from pmo_engine.compiler.schema.located import Located
from pmo_engine.source.yaml_source import Text

Occasion: TypeAlias = Literal["asked", "told", "reminded", "escalated", "decided"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
SOME_WORDS: dict[str, JsonValue] = {"anyOf": [{"required": ["subject"]}, {"required": ["body"]}]}


class QuietHours(Located):
    """Hours in which no notice is sent; what falls due in them is sent when they end."""

    from_: Text = Field(alias="from", description="When they begin, as in `19:00`.")
    to: Text = Field(description="When they end, on the next day if that is earlier.")


class WordingEntry(Located):
    """The words of notices on one occasion, in place of the engine's own."""

    model_config = ConfigDict(json_schema_extra=SOME_WORDS)
    on: Occasion = Field(
        description="When the notice is sent: somebody is asked for something, told something, "
        "reminded, hears of an escalation, or of what became of their record."
    )
    of: list[Literal["approval", "assessment", "information", "evidence", "exception"]] = Field(
        default_factory=list, description="What is asked for; anything if left out."
    )
    subject: Text | None = Field(
        default=None, description="The subject line, with placeholders as in `{title}`."
    )
    body: Text | None = Field(
        default=None, description="The text, with placeholders as in `{reasons}`."
    )

    @model_validator(mode="after")
    def _some_words(self) -> WordingEntry:
        if self.subject is None and self.body is None:
            raise ValueError("wording gives a subject, a body, or both")
        return self


class Notices(Located):
    """How people are told."""

    kind: Literal["notices"]
    quiet_hours: QuietHours | None = Field(
        default=None, description="Hours of every day, in the office's zone, without notices."
    )
    wording: list[WordingEntry] = Field(
        default_factory=list, description="Words in place of the engine's; the first that fits."
    )
