"""The demo's policy as a document, and a small one in which everything is there."""

from pathlib import Path

import pytest

from pmo_engine.documents import Document, build
from pmo_engine.documents.links import Places
from pmo_engine.policy import Policy
from tests.policies import kept

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def demo() -> Policy:
    return kept(ROOT / "policies/demo")


@pytest.fixture(scope="session")
def demo_document(demo: Policy) -> Document:
    places = Places(ROOT / "policies/demo", ROOT)
    return build(demo, places=places, check="pmo policy check policies/demo")
