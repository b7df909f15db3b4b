"""What plug-ins, flows and scripts may rely on; everything else may change."""

from __future__ import annotations

from pmo_engine.engines.engine import Engine
from pmo_engine.model.money import Money
from pmo_engine.policy.decision import Decision, Obligation
from pmo_engine.policy.diagnostics import Diagnostic, PolicyError
from pmo_engine.policy.events import Event, EventError
from pmo_engine.policy.loading import load_policy
from pmo_engine.roles.base import Assessment, FunctionalRole, Review

__all__ = [
    "Assessment",
    "Decision",
    "Diagnostic",
    "Engine",
    "Event",
    "EventError",
    "FunctionalRole",
    "Money",
    "Obligation",
    "PolicyError",
    "Review",
    "load_policy",
]
