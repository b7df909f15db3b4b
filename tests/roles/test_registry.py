"""Functional roles come through the entry-point group, and one that fails fails alone."""

import sys
from importlib.metadata import EntryPoint, distribution

import pytest

from pmo_engine.compiler.pack_folders import ENTRY_POINTS
from pmo_engine.model.durations import Span
from pmo_engine.roles import registry
from pmo_engine.roles.base import Assessment, FunctionalRole, absent

GOOD = """
from pathlib import Path
from pmo_engine.roles.base import Assessment, FunctionalRole

class Good(FunctionalRole):
    id = "{id}"
    title = "Good"
    pack = Path({pack!r})

    def assess(self, review):
        {body}
"""


@pytest.fixture
def plug_in(tmp_path, monkeypatch):
    """Writes a module and gives the entry point that leads to its class."""
    monkeypatch.syspath_prepend(tmp_path)

    def written(module, source=None, *, name="good", role="good", pack=tmp_path, body="return 1"):
        text = source or GOOD.format(id=role, pack=str(pack), body=body)
        (tmp_path / f"{module}.py").write_text(text)
        monkeypatch.delitem(sys.modules, module, raising=False)
        return EntryPoint(name, f"{module}:Good", ENTRY_POINTS)

    return written


def test_the_fifteen_come_through_the_door_of_everybody():
    registered = {
        e.name for e in distribution("pmo-engine").entry_points.select(group=ENTRY_POINTS)
    }
    assert len(registered) == 15
    assert set(registry.roles()) == registered
    assert registry.load().failures == ()
    for name, role in registry.roles().items():
        assert role.id == name
        assert role.title
        assert isinstance(role, FunctionalRole)


def test_a_role_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(LookupError, match=r"no functional role 'rsik'; there are .*risk"):
        registry.role("rsik")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no licence\\nmore')", "RuntimeError: no licence"),
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def f(:", "SyntaxError: invalid syntax"),
        ("", "has no attribute 'Good'"),
        ("Good = dict", "failing:Good is no FunctionalRole"),
        ("class Good:\n    def __init__(self): raise ValueError", "ValueError"),
    ],
)
def test_a_plug_in_that_cannot_be_loaded_is_named_and_contained(plug_in, source, reason):
    entries = [plug_in("failing", source or "\n"), plug_in("fine", name="other", role="other")]
    loaded = registry.load_from(entries)
    assert list(loaded.roles) == ["other"]
    [failure] = loaded.failures
    assert failure.name == "good"
    assert reason in failure.reason
    assert "\n" not in str(failure)


def test_a_plug_in_says_who_it_is_and_carries_its_pack(plug_in, tmp_path):
    entries = [
        plug_in("alias", name="alias", role="good"),
        plug_in("bare", name="bare", role="bare", pack=tmp_path / "nowhere"),
    ]
    loaded = registry.load_from(entries)
    assert dict(loaded.roles) == {}
    alias, bare = loaded.failures
    assert "registered as 'alias' and calls itself 'good'" in alias.reason
    assert "nowhere is no folder" in bare.reason


def test_a_plug_in_without_a_title_is_refused(plug_in, tmp_path):
    text = GOOD.format(id="good", pack=str(tmp_path), body="return 1")
    loaded = registry.load_from([plug_in("untitled", text.replace('title = "Good"', "..."))])
    assert dict(loaded.roles) == {}
    assert "untitled:Good has no title" in loaded.failures[0].reason


def test_of_two_with_one_id_the_later_has_failed(plug_in):
    entries = [plug_in("second"), plug_in("first")]
    loaded = registry.load_from(entries)
    assert type(loaded.roles["good"]).__module__ == "first"
    [failure] = loaded.failures
    assert "another plug-in has the id 'good'" in failure.reason


def test_nobody_takes_the_place_of_our_own(plug_in):
    own = distribution("pmo-engine").entry_points.select(group=ENTRY_POINTS, name="risk")
    loaded = registry.load_from([plug_in("pretender", name="risk", role="risk"), *own])
    assert type(loaded.roles["risk"]).__module__ == "pmo_engine.roles.risk"
    assert [failure.name for failure in loaded.failures] == ["risk"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise KeyError('score')", "KeyError: 'score'"),
        ("assert False", "AssertionError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("return {'result': 'met'}", "gave dict, not an Assessment"),
        ("return Assessment.asked('sponsor', 'soon')", "'soon' is not a length of time"),
        ("return Assessment(result='perhaps')", "failed: ValidationError"),
        ("review.parameter('appetite')", "no parameter 'appetite': the policy does not use"),
    ],
)
def test_a_role_that_raises_cannot_tell(plug_in, review, body, reason):
    loaded = registry.load_from([plug_in("raising", body=body)])
    bare = review("risk", {})
    bare = type(bare)(
        project="P-1", gate="G1", stage="start", today=bare.today, now=bare.now, currency="GBP"
    )
    found = registry.assess(loaded.roles["good"], bare)
    assert found.result == "cannot_tell"
    assert "'good' failed: " in found.reason
    assert reason in found.reason


def test_an_assessment_says_what_it_is_made_of():
    entries = [{"key": "R-1", "title": "Flood"}, {"title": "Fire"}, {}]
    against = Assessment.not_met("above appetite", entries, {"open": 3})
    assert against.model_dump(mode="json") == {
        "result": "not_met",
        "reason": "above appetite",
        "findings": ["R-1 Flood", "Fire", "an entry without a key"],
        "missing": [],
        "figures": {"open": 3},
        "of": None,
        "within": None,
    }
    asked = Assessment.asked(of="sponsor", within="3 working days")
    assert (asked.result, asked.reason) == ("asked", "sponsor is asked")
    assert (asked.of, asked.within) == ("sponsor", Span(3, "working_day"))
    assert asked.model_dump(mode="json")["within"] == "3 working days"


def test_absent_names_each_field_that_is_not_given():
    entries = [{"key": "R-1", "score": 3, "due": None}, {"score": 3}]
    assert absent(entries, "score", "due") == ("R-1.due", "entry.due")
