"""What may be written at a place, by the schema of its kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.schema_errors import fields_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from pmo_engine.compiler.schema.located import Located
    from pmo_engine.editor.index import What
    from pmo_engine.editor.place import Place

ADDRESSEES = ("addressee", "deputy", "senior")
LEAST_SENIOR = ("least_senior_with_authority",)
EXPRESSIONS: frozenset[tuple[type, str]] = frozenset(
    {
        (s.RuleEntry, "when"),
        (s.DeriveEffect, "value"),
        (s.CriterionEntry, "when"),
        (s.ChosenEntry, "chosen_by"),
        (s.TableRowEntry, "when"),
        (s.TableRowEntry, "then"),
    }
)
PATHS: frozenset[tuple[type, str]] = frozenset(
    {
        (s.InformationEffect, "facts"),
        (s.CaseEntry, "without"),
        (s.CaseEntry, "vary"),
    }
)
"""Where the path of a fact is written."""
REFERENCES: Mapping[tuple[type, str], tuple[What, tuple[str, ...]]] = {
    (s.RoleEntry, "senior"): ("role", ()),
    (s.Terms, "for"): ("role", ()),
    (s.Terms, "deputy"): ("role", ()),
    (s.Terms, "deputies"): ("role", ()),
    (s.Terms, "chair"): ("role", ()),
    (s.Terms, "reports_to"): ("role", ()),
    (s.Terms, "escalates_to"): ("role", ()),
    (s.SeatEntry, "role"): ("role", ()),
    (s.SeatEntry, "appointed_by"): ("role", ()),
    (s.ReservedAct, "act"): ("act", ()),
    (s.ApprovalEffect, "from"): ("role", LEAST_SENIOR),
    (s.InformationEffect, "from"): ("role", ()),
    (s.EvidenceEffect, "from"): ("role", ()),
    (s.ExceptionEffect, "to"): ("role", ()),
    (s.NotifyEffect, "to"): ("role", ()),
    (s.RungEntry, "remind"): ("role", ADDRESSEES),
    (s.RungEntry, "escalate"): ("role", ADDRESSEES[1:]),
    (s.GateEntry, "decided_by"): ("role", ()),
    (s.GateEntry, "from_stage"): ("stage", ()),
    (s.GateEntry, "to_stage"): ("stage", ()),
    (s.GateEntry, "assessments"): ("functional", ()),
    (s.GateEntry, "ladder"): ("ladder", ()),
    (s.CriterionEntry, "role"): ("functional", ()),
    (s.AssessmentEffect, "from"): ("functional", ()),
    (s.FunctionalEntry, "role"): ("functional", ()),
    (s.ApprovalEffect, "ladder"): ("ladder", ()),
    (s.AssessmentEffect, "ladder"): ("ladder", ()),
    (s.InformationEffect, "ladder"): ("ladder", ()),
    (s.ExceptionEffect, "ladder"): ("ladder", ()),
    (s.RuleEntry, "on"): ("event", ()),
    (s.SuiteEntry, "event"): ("event", ()),
    (s.CaseEntry, "event"): ("event", ()),
    (s.ActivityEntry, "event"): ("event", ()),
    (s.EventLogEntry, "closed"): ("event", ()),
    (s.SuiteEntry, "about"): ("rule", ()),
    (s.DepartureEntry, "rule"): ("rule", ()),
    (s.DepartureEntry, "replaced_by"): ("rule", ()),
    (s.AuthorityEntry, "may"): ("act", ()),
    (s.ExtensionEntry, "extends"): ("register", ()),
    (s.ApprovalEffect, "act"): ("act", ()),
    (s.PackUse, "use"): ("pack", ()),
    (s.PolicyHeader, "calendar"): ("calendar", ()),
    (s.FieldEntry, "type"): ("type", ()),
    (s.ParameterEntry, "type"): ("type", ()),
    (s.TableInputEntry, "type"): ("type", ()),
    (s.TableOutputEntry, "type"): ("type", ()),
}
"""What a key names, and the words that it takes beside names."""
EXPECTED: Mapping[str, What] = {
    "approvals": "role",
    "assessments": "functional",
    "exceptions": "role",
    "notices": "role",
    "fired": "rule",
    "unknown": "rule",
}
"""What the keys of a case's ``expect`` name."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the schema has at a place.

    ``model`` is that whose keys can be written here, if any can; ``owner``, ``key`` and ``info``
    tell the field whose value is at hand; ``free`` are the keys below it that are not the schema's.
    """

    model: type[Located] | None
    owner: type[Located] | None = None
    key: str | None = None
    info: FieldInfo | None = None
    free: tuple[str, ...] = ()

    @property
    def is_expression(self) -> bool:
        """Say whether an expression, or the path of a fact, is written here."""
        return (self.owner, self.key) in EXPRESSIONS or self.is_path

    @property
    def is_path(self) -> bool:
        """Say whether the path of a fact is written here."""
        return (self.owner, self.key) in PATHS

    @property
    def reference(self) -> tuple[What, tuple[str, ...]] | None:
        """Say what is named here, and which words may stand beside names."""
        if self.owner is None or self.key is None or self.free:
            return None
        return REFERENCES.get((self.owner, self.key))

    @property
    def choices(self) -> tuple[str, ...]:
        """Give the words among which one is written here."""
        return _choices(self.info.annotation) if self.info is not None else ()


def meaning_of(place: Place) -> Meaning:
    """Find what the schema has at a place."""
    annotation: Any = s.Kinds.models.get(place.kind)
    found = Meaning(None)
    for step in place.path:
        core = _core(annotation)
        if isinstance(core, type):
            info = fields_at(core, ()).get(step)
            found = Meaning(None, core, step, info)
            annotation = info.annotation if info is not None else None
        else:
            found = replace(found, free=(*found.free, step))
            annotation = core.value if core is not None else None
    core = _core(annotation)
    if place.key is None and isinstance(core, type):
        return replace(found, model=core)
    return found


@dataclass(frozen=True, slots=True)
class _ByName:
    """A mapping from names of the writer's own to values of one form."""

    value: Any


def _core(annotation: Any) -> type[Located] | _ByName | None:
    """Find the mapping that an annotation speaks of, in a list or among other forms or not."""
    if isinstance(annotation, type) and issubclass(annotation, s.Located):
        return annotation
    if get_origin(annotation) is dict:
        return _ByName(get_args(annotation)[1])
    cores = (_core(each) for each in get_args(annotation))
    return next((each for each in cores if each is not None), None)


def _choices(annotation: Any) -> tuple[str, ...]:
    if annotation is bool:
        return ("true", "false")
    if get_origin(annotation) is Literal:
        return tuple(str(each) for each in get_args(annotation))
    return tuple(choice for each in get_args(annotation) for choice in _choices(each))
