"""``pmo gate``: what one does with a review, and what is put to the body beside the question."""

from pmo_engine.cli.gates import gate, putting
from pmo_engine.cli.gates.group import gate_app

__all__ = ["gate", "gate_app", "putting"]
