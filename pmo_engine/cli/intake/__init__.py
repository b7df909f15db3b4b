"""``pmo propose`` and ``pmo mandate``: what is asked for before it is a project."""

from pmo_engine.cli.intake.mandate import mandate_app
from pmo_engine.cli.intake.proposing import propose_app

__all__ = ["mandate_app", "propose_app"]
