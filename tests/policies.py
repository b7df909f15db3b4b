"""Policies of this checkout, each loaded once by a test process: none of them is changed."""

from functools import lru_cache
from pathlib import Path

from pmo_engine.compiler.loading import load_policy
from pmo_engine.policy import Policy


@lru_cache(maxsize=16)
def kept(path: Path) -> Policy:
    """Load a policy of this checkout."""
    return load_policy(path)
