"""What the schema of every kind of policy file is made of."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    Tag,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pmo_engine.compiler.names import What
from pmo_engine.source.diagnostics import NOWHERE, Mark
from pmo_engine.source.yaml_source import Mapping, Text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def text_or_mapping(value: Any) -> str:
    """Say which branch of a union was meant, so that only its errors are reported."""
    return "mapping" if isinstance(value, dict) else "text"


def text_or_list(value: Any) -> str:
    """Say the same for a text or a list."""
    return "list" if isinstance(value, list) else "text"


def dated_or_plain(value: Any) -> str:
    """Say whether a list of dated values was meant, or a value for all time."""
    dated = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    return "dated" if dated else "plain"


def keeping_keys(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Check the values of a mapping, and keep where its keys stand."""
    found = handler(value)
    if isinstance(value, Mapping):
        kept = Mapping(value.mark)
        kept.update(found)
        kept.keys_at = value.keys_at
        return kept
    return found


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "is not a day, as in 2026-03-31")


Day: TypeAlias = Annotated[date, BeforeValidator(_day)]


def _in_words(value: Text) -> Text:
    word = value.strip().casefold()
    if not word:
        raise PydanticCustomError("empty", "is empty")
    if word in NO_WORDS or not any(each.isalpha() for each in word):
        raise PydanticCustomError("no_words", "says nothing to whoever reads it")
    return value


NO_WORDS = frozenset(
    ["true", "false", "yes", "no", "on", "off", "null", "none", "nil", "nan", "n/a", "tbd"]
)
"""What a machine reads, or nobody."""
Words: TypeAlias = Annotated[Text, AfterValidator(_in_words)]
Texts: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[list[Text], Tag("list")],
    Discriminator(text_or_list),
]


class Names(NamedTuple):
    """What the value of a key names, and the words that it may be instead."""

    what: What
    words: tuple[str, ...] = ()


class Feel(NamedTuple):
    """That the value of a key is an expression, or the ``path`` of a fact."""

    is_path: bool = False


ADDRESSEES = ("addressee", "deputy", "senior")
FEEL = Feel()
ActName: TypeAlias = Annotated[Text, Names("act")]
Approver: TypeAlias = Annotated[Text, Names("role", ("least_senior_with_authority",))]
CalendarName: TypeAlias = Annotated[Text, Names("calendar")]
EscalatedTo: TypeAlias = Annotated[Text, Names("role", ADDRESSEES[1:])]
EventName: TypeAlias = Annotated[Text, Names("event")]
EventNames: TypeAlias = Annotated[Texts, Names("event")]
Expression: TypeAlias = Annotated[Text, FEEL]
FactPath: TypeAlias = Annotated[Text, Feel(is_path=True)]
FunctionalName: TypeAlias = Annotated[Text, Names("functional")]
HeldName: TypeAlias = Annotated[Text, Names("role")]
LadderName: TypeAlias = Annotated[Text, Names("ladder")]
OfficeName: TypeAlias = Annotated[Text, Names("office")]
PackName: TypeAlias = Annotated[Text, Names("pack")]
RegisterName: TypeAlias = Annotated[Text, Names("register")]
Reminded: TypeAlias = Annotated[Text, Names("role", ADDRESSEES)]
RoleName: TypeAlias = Annotated[Text, Names("role")]
RuleName: TypeAlias = Annotated[Text, Names("rule")]
StageName: TypeAlias = Annotated[Text, Names("stage")]
TypeName: TypeAlias = Annotated[
    Annotated[
        Annotated[Text, Tag("text")] | Annotated[list[Text], Field(min_length=1), Tag("list")],
        Discriminator(text_or_list),
    ],
    Names("type"),
]


class Located(BaseModel):
    """Something written in a file: no keys beyond those named, and its place is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    _mark: Mark = PrivateAttr(default_factory=lambda: NOWHERE)  # a plain default would be copied
    _bare: dict[str, Mark] | None = PrivateAttr(default=None)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_mark(cls, value: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        made = handler(value)
        if isinstance(value, Mapping):
            made._mark = value.mark  # noqa: SLF001 - of the instance just made
            if not all(value.values()):
                made._bare = _bare_in(value)  # noqa: SLF001 - the same
        return made

    @property
    def mark(self) -> Mark:
        """Give the place in the file."""
        return self._mark

    @property
    def bare(self) -> dict[str, Mark]:
        """Give where the keys stand under which an empty list or mapping is written."""
        return self._bare or {}


def _bare_in(value: Mapping) -> dict[str, Mark]:
    return {key: value.keys_at[key] for key, each in value.items() if each in ([], {})}
