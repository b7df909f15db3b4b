"""The declarations of kinds: every phase goes through them."""

from dataclasses import fields

import pytest

from pmo_engine import policy as tree
from pmo_engine.compiler.kinds import CHECKS, KINDS, PARTS
from pmo_engine.compiler.loading import _in_order
from pmo_engine.compiler.schema.located import Names
from pmo_engine.documents.building import SECTIONS, WITHOUT
from pmo_engine.editor.meaning import Meaning
from pmo_engine.source.codes import DECLARED

GIVEN = {"header", "uses", "policy"}


def test_a_kind_is_called_as_its_documents_begin() -> None:
    assert list(KINDS)[:3] == ["policy", "roles", "terms_of_reference"]
    assert all(kind.id == name for name, kind in KINDS.items())


def test_everything_in_the_tree_is_bound_by_one_part() -> None:
    given = [name for part in PARTS for name in part.gives]
    assert len(set(given)) == len(given)
    assert {each.name for each in fields(tree.Policy)} <= set(given)
    assert {name for part in PARTS for name in part.needs} <= {*given, *GIVEN}


def test_a_part_comes_after_those_that_it_needs() -> None:
    order = [*_in_order(whole=False), *_in_order(whole=True)]
    known = set(GIVEN)
    for part in order:
        assert set(part.needs) <= known
        known |= set(part.gives)
    assert len(order) == len(PARTS)


def test_every_kind_has_its_section_or_none_by_intent() -> None:
    assert {*SECTIONS} | WITHOUT == set(KINDS)
    assert not {*SECTIONS} & WITHOUT


def test_checks_have_codes_of_their_own() -> None:
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(DECLARED)


@pytest.mark.parametrize(
    ("kind", "key", "names"),
    [
        ("terms_of_reference", "for_", Names("role")),
        ("terms_of_reference", "deputies", Names("role")),
        ("suite", "event", Names("event")),
        ("policy", "name", None),
    ],
)
def test_a_key_says_what_is_named_there(kind: str, key: str, names: Names | None) -> None:
    model = KINDS[kind].model
    assert Meaning(None, model, key, model.model_fields[key]).reference == names
