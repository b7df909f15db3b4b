"""What plug-ins, flows and scripts may rely on; everything else may change."""

from __future__ import annotations

from pmo_engine.compiler.loading import load_policy
from pmo_engine.decisions.decision import Decision
from pmo_engine.engines.engine import Engine
from pmo_engine.model.money import Money
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.events import Event, EventError
from pmo_engine.roles.base import Assessment, FunctionalRole, Review
from pmo_engine.source.diagnostics import Diagnostic, PolicyError

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
