"""Schemas for editors: valid, right about every policy here, and they say what is wrong."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.schema.json_schema import schema_of, schema_of_any
from pmo_engine.compiler.schema.located import Located

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("policies", "rules", "tests/compile/base")
    for path in (ROOT / folder).rglob("*.yaml")
)
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Core(yaml.SafeLoader):
    """Reads scalars as YAML 1.2 does, and with it editors: days and ``on`` are texts."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def scalar(loader: Core, node: yaml.ScalarNode) -> Any:
    if node.style is not None:
        return node.value
    if node.value in WORDS:
        return WORDS[node.value]
    return float(node.value) if NUMBER.fullmatch(node.value) else node.value


Core.add_constructor("tag:yaml.org,2002:str", scalar)


def read(text: str) -> list[Any]:
    return [each for each in yaml.load_all(text, Core) if each is not None]


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema_of_any())


def wrong(document: Any) -> list[str]:
    return [error.json_path for error in validator().iter_errors(document)]


def models() -> Iterator[type[Located]]:
    """Every model that a kind is made of."""
    waiting: list[Any] = list(MODELS.values())
    seen: set[type[Located]] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, Located):
            if found not in seen:
                seen.add(found)
                waiting += [field.annotation for field in found.model_fields.values()]
                yield found
        else:
            waiting += get_args(found)


@pytest.mark.parametrize("kind", MODELS)
def test_each_kind_has_a_valid_schema(kind: str) -> None:
    made = schema_of(kind)
    Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (made["title"], made["properties"]["kind"]["const"]) == (kind, kind)
    assert made["additionalProperties"] is False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_policy_here_is_valid(path: Path) -> None:
    for document in read(path.read_text(encoding="utf-8")):
        assert wrong(document) == []
        assert not list(Draft202012Validator(schema_of(document["kind"])).iter_errors(document))


RULE = "kind: rules\nrules: [{id: a, title: A, on: b.c, binding: %s, then: [%s]}]"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kind: role\nroles: []", "$.kind"),
        ("roles: []", "$"),
        ("kind: roles", "$"),
        ("kind: roles\nroles: [{id: a, titel: b}]", "$.roles[0]"),
        ("kind: roles\nroles: [{id: }]", "$.roles[0].id"),
        ("kind: roles\nroles: [{id: a, body: maybe}]", "$.roles[0].body"),
        ("kind: roles\nroles: a", "$.roles"),
        ("kind: suite\ncases: []", "$.cases"),
        ("kind: rules\nrules: []\nparameters: {limit: {default: 5}}", "$.parameters.limit"),
        ("kind: ladders\nladders: [{id: a, rungs: [{at: 50 %}]}]", "$.ladders[0].rungs[0]"),
        (RULE % ("must", "{block: d}"), "$.rules[0].binding"),
        (RULE % ("may", "{block: d, finding: e}"), "$.rules[0].then[0]"),
        (
            "kind: registers\nregisters: [{register: a, noun: a, root: a, plural: b, fields: [c]}]",
            "$.registers[0].fields",
        ),
        (
            "kind: terms_of_reference\nfor: a\nauthority: [{id: b, may: c, up_to: much}]",
            "$.authority[0].up_to",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str, place: str) -> None:
    [document] = read(text)
    assert wrong(document) == [place]


def test_scalars_are_texts_however_they_look() -> None:
    assert wrong(*read("kind: policy\nname: 7\nversion: 2026.10\ncurrency: true")) == []
    assert wrong(*read("kind: policy\nname: a\nversion: [1]\ncurrency: GBP")) == ["$.version"]


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.__name__)
def test_every_field_says_what_it_is(model: type[Located]) -> None:
    for name, field in model.model_fields.items():
        if name != "kind":  # which every document's schema describes alike
            assert re.fullmatch(r"[A-Z`].*\.", field.description or ""), name
    assert model.__doc__
    assert model.__doc__.endswith(".")
