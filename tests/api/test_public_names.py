"""The published Python names and shapes, as contracts for scripts and plug-ins."""

from pathlib import Path

import pytest

from pmo_engine import api

CITY = Path(__file__).parents[1] / "stories" / "city.yaml"
EVENT = {
    "event": "change_request.submitted",
    "at": "2026-03-02T09:00:00Z",
    "project": "P-1",
    "facts": {"change": {"cost": "50000.01 GBP"}, "changes": []},
}


@pytest.mark.parametrize("backend", ["compiled", "durable", "tracing"])
def test_a_policy_is_loaded_and_decides(backend):
    policy = api.load_policy(CITY)
    engine = api.Engine(policy, backend=backend)
    decision = engine.decide(EVENT)
    assert decision.status == decision["status"] == "waiting"
    assert decision.fired == ("by-authority", "head-sees-large-changes")
    assert (decision.not_fired, decision.unknown, decision.faults, decision.derived) == (
        (),
        {},
        {},
        {},
    )
    [approval] = dict(decision)["obligations"]
    assert set(approval) == {
        "id", "kind", "rule", "binding", "from", "within", "ladder", "facts", "clause", "reasons",
    }  # fmt: skip
    assert approval["from"] == "pmo_head"
    assert decision["policy"] == {
        "name": "town-works",
        "version": "2026.1",
        "digest": policy.digest,
        "on": "2026-03-02",
    }
    engine.close()


def test_what_cannot_be_read_as_a_policy_says_where(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("kind: policy\nname: x\n", encoding="utf-8")
    with pytest.raises(api.PolicyError) as raised:
        api.load_policy(path)
    assert {item.code for item in raised.value.diagnostics} == {"PMO012"}
    assert all(isinstance(item, api.Diagnostic) for item in raised.value.diagnostics)
    with pytest.raises(FileNotFoundError, match="no such policy"):
        api.load_policy(tmp_path / "nowhere")


def test_an_event_that_cannot_be_judged_is_said():
    engine = api.Engine(api.load_policy(CITY))
    with pytest.raises(api.EventError, match="a time with its zone"):
        engine.decide({**EVENT, "at": "2026-03-02T09:00:00"})
    with pytest.raises(ValueError, match="no engine is called 'quick'"):
        api.Engine(engine.policy, backend="quick")
