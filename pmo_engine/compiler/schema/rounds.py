"""Collection rounds."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import LadderName, Located, RegisterName, RoleName
from pmo_engine.model.periods import Cycle
from pmo_engine.source.yaml_source import Text


class CollectedEntry(Located):
    """A register that is collected, and from whom."""

    register_name: RegisterName = Field(
        alias="register", description="The register of projects whose records are collected."
    )
    from_: RoleName = Field(
        alias="from", description="The role that answers for it in each project."
    )


class RoundEntry(Located):
    """A round: what is collected of each project, from whom, how often and by when."""

    id: Text = Field(description="What the round is called on the command line.")
    title: Text = Field(description="What people read in their notices, as in `Monthly status`.")
    every: Cycle = Field(
        description=(
            "How often: a round begins when the office opens for the first time after each whole"
            " `week`, `month`, `quarter` or `year`, and is about that one."
        )
    )
    collect: list[CollectedEntry] = Field(
        min_length=1, description="The registers that are collected, each from one role."
    )
    within: Text | None = Field(
        default=None,
        description="The time allowed, as in `5 working days`; else that of the policy.",
    )
    ladder: LadderName | None = Field(
        default=None,
        description="The ladder of reminders and escalations; else that of the policy.",
    )
    closed_by: RoleName = Field(
        description=(
            "The role that closes a round with a reason though not everybody has answered, and"
            " excuses a project from it; a role senior to it may, too. Records that it enters"
            " answer for whoever was asked."
        )
    )
    purpose: Text | None = Field(default=None, description="What it is for, in a sentence.")


class Rounds(Located):
    """Collection rounds."""

    kind: Literal["rounds"]
    rounds: list[RoundEntry] = Field(description="The rounds.")
