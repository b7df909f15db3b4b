"""The back-end in which durable_rules matches and fires.

``host`` is the library and the only module that imports it; ``encoding`` is values as it compares
them, ``conditions`` its branches, ``cases`` and ``attributes`` its facts; ``compile`` turns the
conditions of a stratum into passes, and ``backend`` runs them.
"""

from pmo_engine.engines.durable.backend import Durable, hoisted_terms
from pmo_engine.engines.durable.cases import EngineDisagreement
from pmo_engine.engines.durable.host import BackendUnavailable, HostError

__all__ = ["BackendUnavailable", "Durable", "EngineDisagreement", "HostError", "hoisted_terms"]
