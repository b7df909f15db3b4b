"""JSON Schema (draft 2020-12) of policy files, for editors: of one kind, or of any document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from pmo_engine.compiler.kinds import MODELS

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_SUFFIX = re.compile(r"(?<=.)(Entry|Effect)$")


def schema_of(kind: str) -> dict[str, Any]:
    """Describe documents of one kind."""
    found: dict[str, Any] = MODELS[kind].model_json_schema(schema_generator=_Generator)
    return {"$schema": GenerateJsonSchema.schema_dialect, **found, "title": kind}


def schema_of_any() -> dict[str, Any]:
    """Describe documents of every kind: the value of ``kind`` says which keys go with it.

    The choice is made by conditions, so that an editor can tell what is wrong with this kind.
    """
    named = [(model, "validation") for model in MODELS.values()]
    places, found = models_json_schema(named, schema_generator=_Generator)  # type: ignore[arg-type]
    kinds = MODELS.items()
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "Policy document",
        "description": "A document of a policy file. Its kind says what else it may hold.",
        "type": "object",
        "properties": {"kind": {"enum": list(MODELS), "description": _KIND}},
        "required": ["kind"],
        "allOf": [_choice(name, places[model, "validation"]) for name, model in kinds],
        "$defs": found["$defs"],
    }


_KIND = "What this document is about."


def _choice(kind: str, then: JsonSchemaValue) -> dict[str, Any]:
    chosen = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
    return {"if": chosen, "then": then}


class _Generator(GenerateJsonSchema):
    """Says what may be written: a key without a value is an error, so ``null`` is left out."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if (key, value) != ("default", None)}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        words = _WORD.sub(" ", _SUFFIX.sub("", schema["cls"].__name__))
        kind = made["properties"].get("kind")
        if kind is not None:
            kind["description"] = _KIND
        about = made.get("description", "").replace("``", "`")
        return {**made, "title": words.capitalize(), "description": about}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Choose between what is declared and what is added by a condition, as between kinds."""
        if "added" not in schema["choices"]:
            return super().tagged_union_schema(schema)
        made = {name: self.generate_inner(each) for name, each in schema["choices"].items()}
        chosen = {"type": "object", "required": ["extends"]}
        return {"if": chosen, "then": made["added"], "else": made["declared"]}

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave fields without a title: an editor shows their name."""
        del schema
        return False
