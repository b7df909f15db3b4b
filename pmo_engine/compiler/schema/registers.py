"""Registers, their fields, and the tables that fill them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, WrapValidator

from pmo_engine.compiler.schema.located import (
    Expression,
    Located,
    PackName,
    RegisterName,
    RoleName,
    Texts,
    TypeName,
    keeping_keys,
)
from pmo_engine.model.vocabulary import Deciding, Home
from pmo_engine.source.yaml_source import Text


class FieldEntry(Located):
    """A field: its type by name, or the list of values that it may have."""

    label: Text | None = Field(
        default=None, description="What people call the field, where its name does not say it well."
    )
    type: TypeName = Field(
        description=(
            "`text`, `number`, `whole number`, `percent`, `money`, `boolean`, `date`, "
            "`date and time`, `duration`, `any`, a list as in `list<text>`, or the values that "
            "are allowed, as in `[low, high]`."
        )
    )
    from_: Any = Field(
        default=None,
        alias="from",
        description=("The lowest value that may be given, as in `1`; of money, `0` is nothing."),
    )
    to: Any = Field(default=None, description="The highest value that may be given, as in `5`.")
    one_of: list[Any] = Field(
        default_factory=list,
        description="The values that alone may be given, as in `[1, 2, 3, 5, 8]`.",
    )
    about: Text | None = Field(
        default=None, description="What the field holds, for those who fill it in."
    )
    derived: Expression | None = Field(
        default=None,
        description=(
            "How it is worked out from other fields of the record, as in"
            " `contract.original_value + contract.variations`: it is so whenever the record is"
            " entered or changed, and another value is refused."
        ),
    )
    set_by: RoleName | None = Field(
        default=None,
        description=(
            "The role whose holders alone may set the field, as in `change_control`: where none is"
            " there, who stands in or is above; whoever may change the record if left out."
        ),
    )
    required: bool = Field(default=False, description="Whether no record is complete without it.")
    names: Text | None = Field(
        default=None,
        description=(
            "As whom the field names a person, who has an interest in the record then: `owner`, "
            "`producer`, `reviewer` or `party`."
        ),
    )
    baseline_of: Text | None = Field(
        default=None,
        description=(
            "The field that it is the baseline of, as in `forecast`: once given it moves with"
            " `pmo rebaseline` alone, and its first value is kept beside it, as `first_baseline`."
        ),
    )
    moved_by: list[Text] = Field(
        default_factory=list,
        description=(
            "Of a baseline: the fields by which an approved record names whose baseline it moves,"
            " as in `changes.affects`; any text of the policy's changes or change requests if left"
            " out."
        ),
    )
    asks_anew: bool = Field(
        default=True,
        description=(
            "Whether a change of it, while the record waits, asks anew whoever was asked; what was"
            " given stands if `false`."
        ),
    )


class AmountFormat(Located):
    """How a table writes amounts and numbers: ``$1,234.50``."""

    sign: Text = Field(
        default_factory=lambda: Text(""), description="The sign that amounts carry, as in `$`."
    )
    thousands: Text = Field(
        default_factory=lambda: Text(""), description="What separates thousands, as in `,`."
    )
    decimal: Text | None = Field(
        default=None,
        description=(
            "What stands before decimal places: `.` or `,`; the comma where a point separates"
            " thousands, else the point, if left out."
        ),
    )


class ImportEntry(Located):
    """A table that can be imported: which column holds which field."""

    id: Text = Field(description="What the import is called on the command line.")
    key: Text | None = Field(
        default=None, description="The column that tells one record from another."
    )
    project: Text | None = Field(
        default=None, description="The column that names the record's project."
    )
    project_name: Text | None = Field(
        default=None, description="The column with the project's name in words."
    )
    columns: dict[str, Text] = Field(
        min_length=1, description="For each field of the record, the column that it is taken from."
    )
    first: dict[str, Text] = Field(
        default_factory=dict,
        description=(
            "For each field that only the first table fills, the column that it is taken from."
        ),
    )
    dates: Text | None = Field(
        default=None,
        description="How days are written, as in `%d/%m/%Y`; as in `2026-03-31` if left out.",
    )
    amounts: AmountFormat = Field(
        default_factory=AmountFormat, description="How amounts and numbers are written."
    )


class MoveEntry(Located):
    """A move from some states of a record to another."""

    from_: Texts = Field(
        alias="from", description="The state that it begins in, or a list of states."
    )
    to: Text = Field(description="The state that it leads to.")
    by: Texts | None = Field(
        default=None,
        description=(
            "The roles whose holders may make it, `owner` or `requester`; if left out whom terms of"
            " reference let `close`, `reopen` or `move` such a record, else whoever may change it."
        ),
    )
    needs: Texts | None = Field(
        default=None,
        description=(
            "What it takes: `reason`, a field of the record, `approval of ROLE`, or a list of them."
        ),
    )


class LifeCycleEntry(Located):
    """The life of a register's records: their states, and the moves between them."""

    states: list[Text] = Field(
        min_length=1,
        description=(
            "The states of a record, the one that it is entered in first; `approved`, `rejected`,"
            " `withdrawn` and `rescinded` are those of every record."
        ),
    )
    closed: Texts | None = Field(
        default=None,
        description="The states in which a record is over; `closed` if left out.",
    )
    moves: list[MoveEntry] = Field(
        default_factory=list, description="The moves between states, beside what is decided."
    )


Relations: TypeAlias = Annotated[dict[str, Texts], WrapValidator(keeping_keys)]
MUST_BE = (
    "For each field what it must be: `not before start`, `after`, `before` or `not after` another,"
    " `not in the future`, `not in the past`, `at least`, `at most`, `more than` or `less than`"
    " another, `a person`, `a person of the project`, `a body`, `a project`, `another project`,"
    " `a record of` a register, by its key, `in no circle` of such; or a list of them."
)


DECIDED = (
    "Whether each record is decided about, or only those about which a rule asks somebody:"
    " `always`, or `when asked`. Of rules that ask for approvals, a record of the first kind about"
    " which nobody is asked is stuck; one of the second stands as it was entered."
)


class BecomesEntry(Located):
    """What of an approved record its project takes, by the names of fields."""

    id: Text = Field(
        description="The field with the id of the project; the record's key where it is not given."
    )
    name: Text = Field(description="The field with its name.")
    carries: list[Text] = Field(
        default_factory=list, description="The fields that become attributes of the project."
    )


class ChangesEntry(Located):
    """What an approved record does to a project, by the names of fields."""

    project: Text = Field(description="The field with the id of the project.")
    change: Text = Field(
        description="The field that says what: `start`, `hold`, `stop`, `close` or `reprioritise`."
    )
    priority: Text | None = Field(
        default=None, description="The field with the new priority, where that may change."
    )


class RegisterEntry(Located):
    """A register."""

    register_: Text = Field(
        alias="register", description="What the register is called, as in `change_requests`."
    )
    noun: Text = Field(description="What events call a record, as in `change_request`.")
    root: Text = Field(description="What conditions call the record in hand, as in `change`.")
    plural: Text = Field(
        description="What conditions call the project's records together, as in `changes`."
    )
    label: Text | None = Field(
        default=None, description="What people call a record, as in `change order`."
    )
    of: Home = Field(
        default="project",
        description="Whose records it holds: each `project` has its own, or each `office`.",
    )
    decided: Deciding = Field(default="always", description=DECIDED)
    becomes_project: BecomesEntry | None = Field(
        default=None,
        description=(
            "What an approved record of an office becomes a project by: proposed, before its first"
            " gate, which is opened."
        ),
    )
    changes_project: ChangesEntry | None = Field(
        default=None,
        description=(
            "What an approved record of an office does to a project of the portfolio: it is"
            " started, held, stopped, closed, or has another priority."
        ),
    )
    key_prefix: Text | None = Field(
        default=None, description="What the records' numbers begin with, as in `CR`."
    )
    value: Text | None = Field(
        default=None,
        description=(
            "The money field that authority is measured against; needed if there are several."
        ),
    )
    events: list[Text] = Field(
        default_factory=list,
        description=(
            "What happens to a record beside being submitted, updated, approved, rejected, closed."
        ),
    )
    life_cycle: LifeCycleEntry | None = Field(
        default=None,
        description=(
            "The states of a record and the moves between them; if left out, whoever may change a"
            " record may close it and open it again."
        ),
    )
    fields_: Annotated[dict[str, FieldEntry], WrapValidator(keeping_keys)] = Field(
        alias="fields", description="The fields of a record by name."
    )
    must_be: Relations = Field(default_factory=dict, description=MUST_BE)
    imports: list[ImportEntry] = Field(
        default_factory=list, description="Tables that can be brought into the register."
    )


class ExtensionEntry(Located):
    """What is added to a register that is declared elsewhere, as in a pack."""

    extends: RegisterName = Field(description="The register that is added to, as in `risks`.")
    fields_: Annotated[dict[str, FieldEntry], WrapValidator(keeping_keys)] = Field(
        default_factory=dict, alias="fields", description="Further fields of a record by name."
    )
    must_be: Relations = Field(default_factory=dict, description=MUST_BE)
    moved_by: Annotated[dict[str, list[Text]], WrapValidator(keeping_keys)] = Field(
        default_factory=dict,
        description=(
            "For each baseline of the register, what moves it beside what the register says, as in"
            " `baseline: [changes.affects]`."
        ),
    )
    events: list[Text] = Field(
        default_factory=list, description="What else happens to a record, as in `mitigated`."
    )
    imports: list[ImportEntry] = Field(
        default_factory=list, description="Tables that can be brought into the register."
    )
    decided: Deciding | None = Field(default=None, description=DECIDED)
    life_cycle: LifeCycleEntry | None = Field(
        default=None, description="The states and moves that take the place of the register's."
    )


def _register_or_extension(value: Any) -> str:
    return "added" if isinstance(value, dict) and "extends" in value else "declared"


class Registers(Located):
    """Registers and their fields."""

    kind: Literal["registers"]
    beside: list[PackName] = Field(
        default_factory=list,
        description=(
            "Packs that these registers name the registers of, as in `[planning]`; where a policy"
            " does not use them all, these registers are left out."
        ),
    )
    registers: list[
        Annotated[
            Annotated[RegisterEntry, Tag("declared")] | Annotated[ExtensionEntry, Tag("added")],
            Discriminator(_register_or_extension),
        ]
    ] = Field(description="Registers, or fields added to those of a pack.")

    @property
    def declared(self) -> list[RegisterEntry]:
        """Give the registers that are declared here."""
        return [each for each in self.registers if isinstance(each, RegisterEntry)]

    @property
    def extensions(self) -> list[ExtensionEntry]:
        """Give what is added here to registers of others."""
        return [each for each in self.registers if isinstance(each, ExtensionEntry)]
